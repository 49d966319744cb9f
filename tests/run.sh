#!/usr/bin/env bash
# The one test command. On a bare Debian 12, as root or with sudo:
#
#   tests/run.sh         installs what is missing, builds, and runs everything; under 20 minutes on two cores
#   tests/run.sh unit    only what needs no server: unit, property and conformance tests, with sanitizers
#   tests/run.sh lint    the linter and the formatter
#   tests/run.sh fuzz    each fuzzer for a minute (TINYAWS_FUZZ_SECONDS), beginning with its corpus
#   tests/run.sh device  what concerns building for devices: mbedTLS's configuration, options, packages, sizes
#   tests/run.sh cross [TARGET...]   for other processors and C libraries, under qemu: tests/cross/cross.sh
#
# TINYAWS_INSTALL=no leaves the system as it is. The last lines are CTest's own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/install.sh
. tests/cross/cross.sh

# Nothing asks for the metadata of whatever machine this is.
export AWS_EC2_METADATA_DISABLED=true

jobs=$(nproc)
without_servers='unit|properties|conformance'
with_mbedtls='sha256_test hmac_test signer_test signer_key_test signer_url_test signer_fault_test sigv4_conformance'
with_mbedtls+=' port_mbedtls_test port_mbedtls_certificate_test port_mbedtls_fault_test port_mbedtls_settings_test'
with_mbedtls+=' port_mbedtls_session_store_test port_mbedtls_sessions_test port_mbedtls_sessions_end_test'
with_mbedtls+=' port_mbedtls_sessions_fault_test port_mbedtls_quiet_test port_mbedtls_suites_test tls_resumption'
with_mbedtls+=' port_mbedtls_shift_l_mod_test port_mbedtls_time_test port_mbedtls_memory_test port_mbedtls_arena_test'
with_mbedtls+=' port_posix_lookup_system_test port_posix_tcp_test port_posix_race_test'
with_mbedtls+=' threads_test awsfetch mutual_tls credentials_session'
on_devices='port_mbedtls_test port_mbedtls_arena_test port_mbedtls_certificate_test port_mbedtls_settings_test'
on_devices+=' port_mbedtls_shift_l_mod_test port_mbedtls_time_test port_mbedtls_sessions_test port_mbedtls_quiet_test'
on_devices+=' port_mbedtls_suites_test'
without_tests='tinyaws_none tinyaws_system_c awsfetch sign_only describe_table describe_table_c s3_object'
without_tests+=' bench_sign bench_memory bench_credentials bench_requests tls_ram_bill fleet failure_simulation_test'
# What meets an option, where it still has something to do without all of them.
with_options='credentials_test credentials_chain_test container_credentials_test instance_metadata_test iot_credentials_test'
with_options+=' destination_test client_test error_info_test port_posix_poller_test port_posix_fork_test port_posix_tcp_test'
with_options+=' port_posix_lookup_system_test port_posix_files_test port_posix_reader_test port_posix_addresses_test'

say() { printf '\n==== %s (%s s)\n' "$*" "$SECONDS"; }

install() {
  if [ "${TINYAWS_INSTALL:-yes}" = yes ]; then
    say "Installing what is missing: $*"
    tinyaws_install "$@"
  fi
}

build() { # preset "targets" [configure options...]; no targets: everything
  local preset=$1 targets=$2
  shift 2
  say "Building: $preset"
  # shellcheck disable=SC2086 # each target is a word
  cmake --preset "$preset" "$@" >"build-$preset.log" 2>&1 &&
    cmake --build --preset "$preset" --parallel "$jobs" ${targets:+--target $targets} >>"build-$preset.log" 2>&1 || {
    cat "build-$preset.log"
    return 1
  }
  rm -f "build-$preset.log"
}

run() { # preset label-pattern
  say "Testing: $1, $2"
  ctest --test-dir "build/$1" --output-on-failure --no-tests=error --parallel "$jobs" -L "$2"
}

# What touches mbedTLS, with that of the next Debian, which speaks TLS 1.3; and names looked up by the C library.
# Nothing of it is installed.
newer_mbedtls() {
  local root=$PWD/build/mbedtls-3.6
  say 'Fetching mbedTLS 3.6'
  if [ ! -d "$root/usr" ] && ! tests/fetch_mbedtls36.sh "$root"; then
    echo 'SKIPPED: TLS 1.3 and mbedTLS 3.6, which could not be fetched'
    return 0
  fi
  build mbedtls-3.6 "$with_mbedtls" -DCMAKE_PREFIX_PATH="$root/usr" -DTINYAWS_TLS13=ON \
    -DTINYAWS_RESOLVER=getaddrinfo
  say 'Testing: mbedtls-3.6'
  ctest --test-dir build/mbedtls-3.6 --output-on-failure --no-tests=error --parallel "$jobs" \
    -R "^(unit/(${with_mbedtls// /|})|conformance/sigv4.*|integration/test_(tls|mutual_tls|tls_resumption|credentials_iot))\$"
}

build_device() { # mbedtls directory "targets" options...
  local mbedtls=$1 directory=$2 targets=$3
  shift 3
  # shellcheck disable=SC2086 # each target is a word
  cmake -B "$directory" -DTINYAWS_WERROR=ON -DTINYAWS_BUILD_EXAMPLES=OFF -DCMAKE_PREFIX_PATH="$mbedtls" "$@" >/dev/null &&
    tinyaws_quietly cmake --build "$directory" --parallel "$jobs" --target $targets
}

# With the configuration for devices, of both versions of mbedTLS: what a TLS connection takes in RAM, and the tests of the
# port. Natively.
device_mbedtls() {
  local version client server
  for version in 2.28 3.6; do
    client=$PWD/build/mbedtls-device-$version server=$PWD/build/mbedtls-device-$version-server
    say "Building mbedTLS $version for devices"
    port/mbedtls/build_mbedtls.sh --cc gcc --version "$version" --out "$client" || {
      echo "SKIPPED: mbedTLS $version with the configuration for devices, which could not be built"
      continue
    }
    port/mbedtls/build_mbedtls.sh --cc gcc --version "$version" --before tests/unit/mbedtls_test_config.h --out "$server"
    say "Testing: mbedTLS $version for devices"
    build_device "$client" "build/device-$version-bill" tls_ram_bill -DCMAKE_BUILD_TYPE=MinSizeRel \
      -DTINYAWS_BUILD_BENCH=ON
    tests/bench/tls_ram_bill.py "build/device-$version-bill/tests/bench/tls_ram_bill"
    build_device "$server" "build/device-$version" "$on_devices" -DCMAKE_BUILD_TYPE=Debug -DTINYAWS_BUILD_TESTS=ON
    ctest --test-dir "build/device-$version" --output-on-failure --no-tests=error --parallel "$jobs" \
      -R "^unit/(${on_devices// /|})\$"
  done
}

lint() {
  install build tools lint
  say 'Linting'
  cmake --preset clang -DCMAKE_EXPORT_COMPILE_COMMANDS=ON -DTINYAWS_PORT_LWIP=ON >/dev/null
  cmake --build --preset clang --parallel "$jobs" --target tinyaws_c_sizes_header tinyaws_system_c_sizes_header >/dev/null
  find include src port examples tests -name '*.h' -o -name '*.cpp' -o -name '*.c' | xargs clang-format --dry-run -Werror
  # Only what the build directory knows how to compile: it was configured with one SHA-256, one resolver, and the
  # system's malloc.
  find src port examples -name '*.cpp' ! -name sha256_psa.cpp ! -path 'port/none/sha256.cpp' ! -name lookup_system.cpp \
    ! -name small_malloc.cpp |
    xargs -P "$jobs" -n 8 clang-tidy --quiet -p build/clang
}

unit() {
  install build tools
  build sanitizers ""
  run sanitizers "$without_servers"
}

fuzz() {
  install build tools
  build clang fuzz_targets -DTINYAWS_BUILD_FUZZ=ON
  local program name
  for program in build/clang/tests/fuzz/fuzz_*; do
    [ -x "$program" ] && [ -f "$program" ] || continue
    name=${program##*/fuzz_}
    say "Fuzzing: $name"
    mkdir -p "build/fuzz/$name"
    "$program" -max_total_time="${TINYAWS_FUZZ_SECONDS:-60}" -timeout=10 -print_final_stats=1 -verbosity=0 \
      -artifact_prefix="build/fuzz/$name-" "build/fuzz/$name" "tests/fuzz/corpus/$name"
  done
}

# What concerns building for devices: mbedTLS's configuration, options, packages, sizes.
device() {
  install build tools servers
  device_mbedtls
  build minimal "awsfetch tinyaws_system_c $with_options"
  say 'Testing: minimal'
  ctest --test-dir build/minimal --output-on-failure --no-tests=error --parallel "$jobs" -R "^unit/(${with_options// /|})\$"
  build release tinyaws_none -DTINYAWS_BUILD_TESTS=ON -DTINYAWS_BUILD_BENCH=ON -DTINYAWS_WERROR=ON
  run release 'packages|budget'
}

everything() {
  install build tools servers
  build clang ""
  run clang "$without_servers"
  build thread-sanitizer threads_test
  run thread-sanitizer threads
  newer_mbedtls
  build release "$without_tests" -DTINYAWS_BUILD_TESTS=ON -DTINYAWS_BUILD_BENCH=ON -DTINYAWS_WERROR=ON
  run release 'checks|bench|simulation'
  build sanitizers "" -DTINYAWS_BUILD_INTEGRATION=ON -DTINYAWS_PORT_LWIP=ON -DTINYAWS_RELEASE_AWSFETCH="$PWD/build/release/examples/awsfetch"
  run sanitizers "$without_servers|integration"
}

case ${1:-all} in
  all) everything ;;
  unit) unit ;;
  lint) lint ;;
  fuzz) fuzz ;;
  device) device ;;
  cross) cross "${@:2}" ;;
  *)
    sed -n '2,11s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
