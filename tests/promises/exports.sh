# SPDX-License-Identifier: GPL-3.0-or-later
# The shared library exports emg_ names only, calls nothing that ends or talks, opens no socket, and writes no globals
# but the mutex round FFTW's planner.
. "$EMG_SOURCE/tests/support/shell.sh"
shared=$EMG_BUILD/lib/libmyogram.so
static=$EMG_BUILD/lib/libmyogram.a
[ -f "$shared" ] && [ -f "$static" ] || exit 1

nm -D --defined-only "$shared" | awk '$2 ~ /^[A-Z]$/ { print $3 }' | grep -v '^emg_' >"$work/out"
[ ! -s "$work/out" ] || wrong "names that are exported but not emg_"
[ "$(nm -D --defined-only "$shared" | grep -c ' T emg_')" -gt 50 ] || wrong "too few names are exported"
sed -n 's/^.*[ *]\(emg_[a-z0-9_]*\)(.*$/\1/p' "$EMG_SOURCE"/include/emg/*.h | sort -u >"$work/declared"
grep -h 'EMG_API' "$EMG_SOURCE"/include/emg/*.h | sed -n 's/^EMG_API.*[ *]\(emg_[a-z0-9_]*\)(.*$/\1/p' | sort -u >"$work/api"
nm -D --defined-only "$shared" | awk '$2 == "T" { print $3 }' | sort -u >"$work/exported"
comm -23 "$work/api" "$work/exported" >"$work/out"
[ ! -s "$work/out" ] || wrong "declared in a header, not in the library"
comm -13 "$work/declared" "$work/exported" >"$work/out"
[ ! -s "$work/out" ] || wrong "in the library, declared in no header"

# Sanitizers bring symbols of their own.
grep -q '^MYOGRAM_SANITIZE:.*=$' "$EMG_BUILD/CMakeCache.txt" || finish

nm -D --undefined-only "$shared" | awk '{ print $2 }' | sed 's/@.*//' |
    grep -xE 'v?f?printf|__f?printf_chk|puts|putchar|perror|exit|_exit|abort|socket|connect|getaddrinfo|system|popen|setlocale|signal|rand|srand|atoi|atof|strtok|longjmp' >"$work/out"
[ ! -s "$work/out" ] || wrong "calls that a library must not make"

# Tables of pointers are read-only once loaded: they lie in .data.rel.ro and count as constants.
objdump -t "$static" | awk '/ (\.data|\.bss|\*COM\*)\t/ && $NF !~ /^\./ { print $NF }' |
    sort -u | grep -vx 'planner' >"$work/out"
[ ! -s "$work/out" ] || wrong "data that the library writes"
finish
