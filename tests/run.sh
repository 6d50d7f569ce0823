#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds and tests: plain and under AddressSanitizer and UndefinedBehaviorSanitizer. With "full" also the long tests,
# clang, the loops for any processor alone, ThreadSanitizer, format and static analysis, valgrind and a round of fuzzing.
set -u
cd "$(dirname "$0")/.." || exit 1
full=${1:-}
sh examples/install.sh "$full" || exit 1
jobs=$(nproc)
n_failed=0
logs=build/logs
mkdir -p "$logs"

step() { # NAME COMMAND...: runs a step; its output goes to a log and is shown when it fails
    name=$1
    shift
    start=$(date +%s)
    if "$@" >"$logs/$name.log" 2>&1; then
        echo "passed: $name ($(($(date +%s) - start)) s)"
    else
        echo "FAILED: $name"
        tail -n 60 "$logs/$name.log"
        n_failed=$((n_failed + 1))
    fi
}

build() { # FOLDER CMAKE-ARGUMENTS...
    folder=$1
    shift
    cmake -S . -B "$folder" -DMYOGRAM_WERROR=ON "$@" && cmake --build "$folder" -j "$jobs"
}

tests() { # FOLDER NAME CTEST-ARGUMENTS...: runs tests and shows ctest's closing lines
    folder=$1
    name=tests-$(basename "$1")-$2
    shift 2
    before=$n_failed
    step "$name" ctest --test-dir "$folder" --output-on-failure --no-tests=error -j "$jobs" "$@"
    [ "$n_failed" -gt "$before" ] || sed -n '/tests passed/,$p' "$logs/$name.log"
}

export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1

# A locale with a decimal comma, so that the tests which need one are not skipped.
if command -v localedef >/dev/null && [ -f /usr/share/i18n/locales/de_DE ]; then
    mkdir -p build/locale
    localedef -i de_DE -f UTF-8 "$PWD/build/locale/de_DE.UTF-8" && export LOCPATH="$PWD/build/locale"
fi

step build-plain build build/plain -DCMAKE_BUILD_TYPE=Release
tests build/plain core -L core
step build-sanitized build build/sanitized -DCMAKE_BUILD_TYPE=RelWithDebInfo -DMYOGRAM_SANITIZE=address,undefined
tests build/sanitized core -L core

if [ "$full" = full ]; then
    tests build/plain long -L long
    step build-clang build build/clang -DCMAKE_BUILD_TYPE=Release -DCMAKE_C_COMPILER=clang
    tests build/clang core -L core
    step build-base build build/base -DCMAKE_BUILD_TYPE=Release -DMYOGRAM_LANES=base
    tests build/base core -L core
    step build-threads build build/threads -DCMAKE_BUILD_TYPE=RelWithDebInfo -DMYOGRAM_SANITIZE=thread
    tests build/threads some -L core -R 'batch|cli_outputs|planner|team'
    step format sh tests/support/format.sh
    step cppcheck cppcheck -q --std=c11 --enable=warning,performance,portability --inline-suppr --error-exitcode=1 \
        --suppress=missingIncludeSystem --suppress=cppcheckError:lib/base/number.c --suppress=normalCheckLevelMaxBranches -Iinclude -Ilib lib cli
    step clang-tidy sh tests/support/tidy.sh build/clang
    step valgrind sh tests/support/valgrind.sh build/plain
    if [ -d tests/fuzz ]; then
        step build-fuzz build build/fuzz -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_C_COMPILER=clang \
            -DMYOGRAM_FUZZ=ON -DMYOGRAM_SANITIZE=fuzzer-no-link,address,undefined
        step fuzz sh tests/support/fuzz.sh build/fuzz
    fi
fi

[ "$n_failed" -eq 0 ] || {
    echo "$n_failed steps failed; their logs are in $logs"
    exit 1
}
echo "All steps passed."
