# Sourced by tests/run.sh: the library for other processors and C libraries, tested under qemu-user.
#
# Every target is built optimised for size, with mbedTLS linked statically, and its awsfetch is tried by the tests of the
# command line. All tests run on armv7 but those that are slow under qemu; on the others those below, which depend on the size
# of a word, on alignment, or on the C library, and over musl those of the C library and of the whole. checks/ are those of the archive and of programs linked without libstdc++.
cross_targets='armv7 arm64 armv5te mipsel riscv64 armv7-musl arm64-musl mipsel-musl'

cross_subset='writer_test hex_test percent_test datetime_test ini_test json_test xml_test url_test sha256_test hmac_test
  canonical_path_test canonical_query_test canonical_request_test signed_headers_test signer_test signer_key_test
  signer_url_test credentials_store_test credentials_cache_test request_head_test response_test exchange_test
  exchange_large_test connection_test api_call_clock_test retry_quota_test async_client_test async_client_deadlines_test
  client_storage_test port_posix_dns_message_test port_posix_resolver_test port_posix_tcp_test
  port_posix_platform_test port_posix_poller_test port_posix_files_test port_posix_reader_test
  port_posix_fork_test port_mbedtls_test threads_test
  c_status_test c_api_client_test c_api_async_test c_api_credentials_test c_api_sigv4_test c_api_system_test
  http_splits_test fault_test secrets_test
  tables_conformance endpoints_conformance sigv4_conformance profiles_conformance errors_conformance'

cross_subset_musl='datetime_test sha256_test hmac_test signer_test credentials_store_test connection_test async_client_test
  port_posix_dns_message_test port_posix_resolver_test threads_test
  c_api_client_test c_api_async_test c_api_credentials_test c_api_sigv4_test c_api_system_test secrets_test
  tables_conformance endpoints_conformance sigv4_conformance profiles_conformance errors_conformance'

# Not run, each with its reason. Fields: pattern of targets, test, reason.
cross_not_run=(
  '* port_mbedtls_fault_test minutes under qemu: a handshake for each allocation'
  '* port_mbedtls_memory_test minutes under qemu: a handshake for each allocation'
  '* port_mbedtls_sessions_test more than a minute under qemu: handshakes'
  '* port_mbedtls_sessions_end_test more than a minute under qemu: handshakes'
  '* port_mbedtls_sessions_fault_test minutes under qemu: a handshake for each allocation'
  '* port_mbedtls_quiet_test more than a minute under qemu: handshakes'
  '* port_mbedtls_certificate_test more than a minute under qemu: handshakes'
  '* port_mbedtls_time_test more than a minute under qemu: handshakes'
  '* failure_simulation_test minutes under qemu, and nothing in it depends on the processor'
  'riscv64 port_mbedtls_test the configuration for devices has no server'
)

# Sets toolchain, gcc (the triple of the compiler's tools) and musl (musl's triple, or nothing).
cross_target() {
  musl=''
  case $1 in
    armv7) toolchain=armv7-linux-gnueabihf gcc=arm-linux-gnueabihf ;;
    arm64) toolchain=aarch64-linux-gnu gcc=$toolchain ;;
    armv5te) toolchain=armv5te-linux-gnueabi gcc=arm-linux-gnueabi ;;
    mipsel) toolchain=mipsel-linux-gnu gcc=$toolchain ;;
    riscv64) toolchain=riscv64-linux-gnu gcc=$toolchain ;;
    armv7-musl) toolchain=armv7-linux-musleabihf gcc=arm-linux-gnueabihf musl=arm-linux-musleabihf ;;
    arm64-musl) toolchain=aarch64-linux-musl gcc=aarch64-linux-gnu musl=$toolchain ;;
    mipsel-musl) toolchain=mipsel-linux-musl gcc=mipsel-linux-gnu musl=$toolchain ;;
    *)
      echo "no such target: $1; there are: $cross_targets" >&2
      return 2
      ;;
  esac
}

# mbedTLS with the configuration for devices, CMocka and jsmn, for a target that Debian has no libraries for.
cross_dependencies() { # prefix, compiler
  say "Building mbedTLS and CMocka: $2"
  port/mbedtls/build_mbedtls.sh --cc "$2" --version 2.28 --out "$1"
  tests/cross/build_cmocka.sh --cc "$2" --out "$1"
  cp /usr/include/jsmn.h "$1/include/"
}

# The tests that are not run on a target: a pattern of their names.
cross_excluded() { # target
  local exclusion pattern test names=()
  for exclusion in "${cross_not_run[@]}"; do
    read -r pattern test _ <<<"$exclusion"
    # shellcheck disable=SC2053 # a pattern
    if [[ $1 == $pattern ]]; then names+=("$test"); fi
  done
  (IFS='|'; echo "${names[*]}")
}

# The tests of a target by the names of their programs; nothing: all.
cross_tests_of() { # target
  [ "$1" != armv7 ] || return 0
  local subset=$cross_subset
  case $1 in *-musl) subset=$cross_subset_musl ;; esac
  tr -s ' \n' '\n' <<<"$subset" | grep -vxE "$(cross_excluded "$1")"
}

cross_build() { # target; leaves the program in build/cross/TARGET
  local dir=build/cross/$1 options=() tests
  if [ -r "/usr/lib/$gcc/libmbedtls.a" ] && [ -z "$musl" ]; then
    options+=("-DMBEDTLS_TLS_LIBRARY=/usr/lib/$gcc/libmbedtls.a" "-DMBEDTLS_X509_LIBRARY=/usr/lib/$gcc/libmbedx509.a"
      "-DMBEDTLS_CRYPTO_LIBRARY=/usr/lib/$gcc/libmbedcrypto.a")
  else
    cross_dependencies "build/cross/$1-deps" "${musl:-$gcc}-gcc"
    options+=("-DCMAKE_PREFIX_PATH=$PWD/build/cross/$1-deps")
  fi
  say "Building: $1"
  tests=$(cross_tests_of "$1")
  # shellcheck disable=SC2086 # each test is a word
  tinyaws_quietly cmake -B "$dir" "-DCMAKE_TOOLCHAIN_FILE=toolchains/$toolchain.cmake" -DCMAKE_BUILD_TYPE=MinSizeRel \
    -DTINYAWS_BUILD_TESTS=ON -DTINYAWS_WERROR=ON "${options[@]}" ${TINYAWS_CONFORMANCE:+-DTINYAWS_CONFORMANCE_DIR=$TINYAWS_CONFORMANCE} &&
    tinyaws_quietly cmake --build "$dir" --parallel "$jobs" ${tests:+--target awsfetch sign_only tinyaws_c $tests}
}

cross_run() { # target
  local tests pattern='^(unit|properties|conformance)/'
  tests=$(cross_tests_of "$1" | paste -sd '|')
  [ -z "$tests" ] || pattern="^((unit|properties|conformance)/($tests)|conformance/(sigv4|sigv4-extra|profiles))\$"
  say "Testing: $1"
  ctest --test-dir "build/cross/$1" --output-on-failure --no-tests=error --parallel "$jobs" \
    -R "$pattern|^cross/|^checks/check_(symbols|no_libstdcxx)\$" -E "/($(cross_excluded "$1"))\$" | tee "build/cross/$1-tests.log"
}

# awsfetch as small as it gets, everything in it but words; of at most so many bytes of text. With tests that ask for no
# words: over TLS with a client certificate, bodies of all kinds.
cross_smallest_limit=184320
cross_smallest_tests='test_cli.SignOnly test_cli.Answers.test_body_from_a_pipe test_cli.Answers.test_body_from_a_file
  test_cli.Answers.test_many_at_once test_cli.Network.test_rare_but_right test_cli_certificates.Certificates.test_iot'
cross_smallest() {
  local deps=$PWD/build/cross/smallest-deps dir=build/smallest text
  say 'Building: awsfetch, armv7-musl, as small as it gets'
  port/mbedtls/build_mbedtls.sh --cc arm-linux-musleabihf-gcc --ar arm-linux-gnueabihf-gcc-ar --version 2.28 --out "$deps" \
    --cflags '-Os -fno-pic -flto -ffunction-sections -fdata-sections' &&
    tinyaws_quietly cmake --preset smallest -DCMAKE_TOOLCHAIN_FILE=toolchains/armv7-linux-musleabihf.cmake \
      "-DCMAKE_PREFIX_PATH=$deps" -DTINYAWS_WITH_WORDS=OFF -DAWSFETCH_SMALL_MALLOC=ON &&
    tinyaws_quietly cmake --build "$dir" --parallel "$jobs" --target awsfetch || return
  printf '#!/bin/sh\nexec qemu-arm-static %s "$@"\n' "$PWD/$dir/examples/awsfetch" >"$dir/awsfetch"
  chmod +x "$dir/awsfetch"
  # shellcheck disable=SC2086 # each test is a word
  (cd tests/integration && AWSFETCH=$OLDPWD/$dir/awsfetch TINYAWS_EMULATED=1 python3 -m unittest $cross_smallest_tests) || return
  text=$(arm-linux-gnueabihf-size "$dir/examples/awsfetch" | awk 'NR == 2 { print $1 }')
  echo "awsfetch has $text bytes of text; the limit is $cross_smallest_limit"
  [ "$text" -le "$cross_smallest_limit" ]
}

# What was promised of the RAM of a TLS connection is the figure of 32 bits, with the mbedTLS that armv7-musl was built with.
cross_ram_bill() {
  local dir=build/cross/armv7-musl
  say 'RAM of one TLS connection: armv7-musl'
  tinyaws_quietly cmake "$dir" -DTINYAWS_BUILD_BENCH=ON &&
    tinyaws_quietly cmake --build "$dir" --parallel "$jobs" --target tls_ram_bill &&
    /usr/bin/python3 tests/bench/tls_ram_bill.py "$dir/tests/bench/tls_ram_bill" qemu-arm-static
}

# A line of the table at the end.
cross_row() { # target
  local stripped=build/cross/$1-awsfetch
  "$gcc-strip" -o "$stripped" "build/cross/$1/examples/awsfetch"
  printf '%-12s %8s %8s %8s %8s   %s\n' "$1" $("$gcc-size" "$stripped" | awk 'NR == 2 { print $1, $2, $3 }') \
    "$(wc -c <"$stripped")" "$(sed -n 's/.*% tests passed.* out of \([0-9]*\)/\1 passed/p' "build/cross/$1-tests.log")"
}

cross() { # targets; none: all, and the one for SDKs
  local target rows=()
  install cross
  for target in ${*:-$cross_targets}; do
    cross_target "$target"
    cross_build "$target"
    cross_run "$target"
    rows+=("$(cross_row "$target")")
  done
  if [ $# -eq 0 ]; then
    say 'A toolchain file for SDKs'
    tests/cross/try_sdk.sh
    cross_ram_bill
    cross_smallest
  fi
  say 'awsfetch, stripped: bytes; and tests'
  printf '%-12s %8s %8s %8s %8s   %s\n' target text data bss file tests
  printf '%s\n' "${rows[@]}"
}
