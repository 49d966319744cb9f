#!/usr/bin/env bash
# Installs what the project needs on Debian 12, as root or through sudo, and only what is missing:
#
#   tests/install.sh build     what a build and the unit tests need
#   tests/install.sh tools     clang, valgrind and what the checks and benchmarks run
#   tests/install.sh lint      clang-format and clang-tidy
#   tests/install.sh servers   the real servers of tests/integration
#   tests/install.sh cross     cross compilers, libraries of their architectures, and qemu
#   tests/install.sh local-dynamodb   the part of them that examples/quickstart.sh starts
#
# Several names may follow one another. A script may source this file and call `tinyaws_install build` and so on.

# An entry `package=command` counts as installed when the command is there, whoever put it there: Node and its
# package manager often come from somewhere else than Debian, and Debian's packages conflict with those.
tinyaws_packages_build=(cmake g++ make pkg-config libmbedtls-dev libcmocka-dev libjsmn-dev ca-certificates)
tinyaws_packages_tools=(
  git clang libclang-rt-14-dev valgrind python3 python3-botocore libuv1-dev libcurl4-openssl-dev liblwip-dev dpkg-dev
  g++-arm-linux-gnueabihf
)
tinyaws_packages_lint=(clang-format clang-tidy)
tinyaws_packages_local_dynamodb=(nodejs=node npm=npm python3 python3-botocore curl ca-certificates)
tinyaws_packages_servers=(
  "${tinyaws_packages_local_dynamodb[@]}" openssl nginx-light
  ceph-mon ceph-osd ceph-common radosgw iproute2=ip faketime
  swift-proxy swift-account swift-container swift-object memcached
)
tinyaws_architectures=(armhf arm64 armel mipsel)
tinyaws_packages_cross=(
  cmake make pkg-config ca-certificates libjsmn-dev dpkg-dev python3 python3-botocore openssl qemu-user-static
  g++-arm-linux-gnueabihf g++-aarch64-linux-gnu g++-arm-linux-gnueabi g++-mipsel-linux-gnu g++-riscv64-linux-gnu
  "${tinyaws_architectures[@]/#/libmbedtls-dev:}" "${tinyaws_architectures[@]/#/libcmocka-dev:}"
  musl-dev:armhf musl-dev:arm64 musl-dev:mipsel
)

# The versions that tests and quickstart were written with. Both run on Debian's Node 18 and on Node 20.
tinyaws_npm_packages=(dynalite@3.2.2 kinesalite@3.3.3)

tinyaws_source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
: "${TINYAWS_NPM_DIR:=$tinyaws_source_dir/build/tests/npm}"

tinyaws_as_root() {
  if [ "$(id -u)" = 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    echo "tests/install.sh: run as root, or install sudo, to install packages" >&2
    return 1
  fi
}

tinyaws_is_installed() { # entry
  case $1 in
    *=*) command -v "${1#*=}" >/dev/null ;;
    *) dpkg-query -W -f '${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed ;; # a line an architecture
  esac
}

# Runs a command and shows what it printed only if it fails.
tinyaws_quietly() {
  local log status=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" != 0 ]; then
    echo "tests/install.sh: failed with status $status: $*" >&2
    cat "$log" >&2
  fi
  rm -f "$log"
  return "$status"
}

tinyaws_apt_get() {
  tinyaws_quietly tinyaws_as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y \
    -o DPkg::Lock::Timeout=300 "$@"
}

# apt-get update only when it is needed: the package lists are empty, or too old to know where a package is now.
tinyaws_apt_install() { # packages
  tinyaws_apt_get --no-install-recommends install "$@" 2>/dev/null ||
    { tinyaws_apt_get update && tinyaws_apt_get --no-install-recommends install "$@"; }
}

# Debian starts a service as soon as its package is installed, on its usual port. The tests start their own servers on
# ports of their own, so packages are told not to. A policy that is there already is the machine owner's: it stays.
tinyaws_policy_file=/usr/sbin/policy-rc.d

tinyaws_forbid_services() {
  [ ! -e "$tinyaws_policy_file" ] || return 1
  printf '#!/bin/sh\nexit 101\n' | tinyaws_as_root tee "$tinyaws_policy_file" >/dev/null
  tinyaws_as_root chmod 755 "$tinyaws_policy_file"
}

tinyaws_install_packages() { # entries
  local entry missing=()
  for entry in "$@"; do
    tinyaws_is_installed "$entry" || missing+=("${entry%%=*}")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  echo "tests/install.sh: installing ${missing[*]}" >&2
  (
    # A subshell of its own, so that the trap leaves the caller's alone and fires on every way out.
    if tinyaws_forbid_services; then
      trap 'tinyaws_as_root rm -f "$tinyaws_policy_file"' EXIT
      trap 'exit 130' INT TERM HUP
    fi
    tinyaws_apt_install "${missing[@]}"
  )
}

tinyaws_install_npm() {
  local package missing=()
  for package in "${tinyaws_npm_packages[@]}"; do
    local manifest="$TINYAWS_NPM_DIR/node_modules/${package%@*}/package.json"
    grep -q "\"version\": \"${package#*@}\"" "$manifest" 2>/dev/null || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  echo "tests/install.sh: installing ${missing[*]} into $TINYAWS_NPM_DIR" >&2
  mkdir -p "$TINYAWS_NPM_DIR"
  tinyaws_quietly npm install --prefix "$TINYAWS_NPM_DIR" --no-save --no-audit --no-fund --no-package-lock \
    "${tinyaws_npm_packages[@]}"
}

# The index of one suite may be wrong for one architecture; the others will do.
tinyaws_add_architectures() {
  local architecture added=no
  for architecture in "${tinyaws_architectures[@]}"; do
    if ! dpkg --print-foreign-architectures | grep -qx "$architecture"; then
      tinyaws_as_root dpkg --add-architecture "$architecture" && added=yes
    fi
  done
  [ "$added" = no ] || tinyaws_apt_get update || echo "tests/install.sh: goes on with the indexes that came" >&2
}

tinyaws_install() { # groups
  local group
  for group in "$@"; do
    tinyaws_install_group "$group" || return
  done
}

tinyaws_install_group() { # build | tools | lint | servers | cross | local-dynamodb
  case $1 in
    build) tinyaws_install_packages "${tinyaws_packages_build[@]}" ;;
    tools) tinyaws_install_packages "${tinyaws_packages_tools[@]}" ;;
    lint) tinyaws_install_packages "${tinyaws_packages_lint[@]}" ;;
    servers) tinyaws_install_packages "${tinyaws_packages_servers[@]}" && tinyaws_install_npm ;;
    cross) tinyaws_add_architectures && tinyaws_install_packages "${tinyaws_packages_cross[@]}" ;;
    local-dynamodb) tinyaws_install_packages "${tinyaws_packages_local_dynamodb[@]}" && tinyaws_install_npm ;;
    *)
      echo "tests/install.sh: unknown group '$1': build, tools, lint, servers, cross or local-dynamodb" >&2
      return 2
      ;;
  esac
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  set -eu
  [ $# -gt 0 ] || { sed -n '2,11s/^# \{0,1\}//p' "$0"; exit 2; }
  tinyaws_install "$@"
fi
