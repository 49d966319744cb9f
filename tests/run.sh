#!/usr/bin/env bash
# The one test command. On a bare Debian 12, as root or with sudo:
#
#   tests/run.sh         installs what is missing, builds, and runs everything; under 20 minutes on two cores
#   tests/run.sh unit    only what needs no server: unit, property and conformance tests, with sanitizers
#
# TINYAWS_INSTALL=no leaves the system as it is. The last lines are CTest's own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/install.sh

jobs=$(nproc)
without_servers='unit|properties|conformance'

say() { printf '\n==== %s (%s s)\n' "$*" "$SECONDS"; }

install() {
  if [ "${TINYAWS_INSTALL:-yes}" = yes ]; then
    say "Installing what is missing: $*"
    tinyaws_install "$@"
  fi
}

build() { # preset [configure options...]
  local preset=$1
  shift
  say "Building: $preset"
  cmake --preset "$preset" "$@" >"build-$preset.log" 2>&1 && cmake --build --preset "$preset" --parallel "$jobs" >>"build-$preset.log" 2>&1 || {
    cat "build-$preset.log"
    return 1
  }
  rm -f "build-$preset.log"
}

run() { # preset label-pattern
  say "Testing: $1, $2"
  ctest --test-dir "build/$1" --output-on-failure --no-tests=error --parallel "$jobs" -L "$2"
}

unit() {
  install build tools
  build sanitizers
  run sanitizers "$without_servers"
}

everything() {
  install build tools lint servers
  build clang
  run clang "$without_servers"
  build thread-sanitizer
  run thread-sanitizer threads
  build psa
  run psa "$without_servers"
  build release -DTINYAWS_BUILD_TESTS=ON -DTINYAWS_BUILD_BENCH=ON -DTINYAWS_WERROR=ON
  run release 'checks|bench'
  build sanitizers -DTINYAWS_BUILD_INTEGRATION=ON -DTINYAWS_RELEASE_AWSFETCH="$PWD/build/release/examples/awsfetch"
  run sanitizers "$without_servers|integration"
}

case ${1:-all} in
  all) everything ;;
  unit) unit ;;
  *)
    sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
