# SPDX-License-Identifier: GPL-3.0-or-later
# The same seed gives the same bits: no mathematics of the C library and no fused multiply-add in what makes a sample,
# and equal checksums under other instruction sets, optimisations and compilers.
# Usage: same_bytes.sh GOLDEN symbols|compilers    (the program made from golden.c)
. "$EMG_SOURCE/tests/support/shell.sh"
golden=$1
part=$2
"$golden" >"$work/sums" || wrong "golden does not run"

if [ "$part" = symbols ]; then
    # What the objects of the room ask the mathematics library for: exact functions only.
    library=$(ldd "$golden" | sed -n 's/.*libm\.so[^>]*> \([^ ]*\) .*/\1/p' | head -1)
    [ -n "$library" ] || library=$(ls /lib/*-linux-*/libm.so.6 2>/dev/null | head -1)
    objects=$(find "$EMG_BUILD/lib/simulate" -name "*.o")
    [ -n "$objects" ] || wrong "no objects of lib/simulate"
    nm -D --defined-only "$library" | sed 's/.* //; s/@.*//' | sort -u >"$work/mathematics"
    nm -u $objects | sed -n 's/^ *U //p' | sort -u >"$work/asked"
    exact='ceil fabs floor fmax fmin frexp ldexp sqrt'
    for symbol in $(comm -12 "$work/mathematics" "$work/asked"); do
        case " $exact " in
        *" $symbol "*) ;;
        *) wrong "lib/simulate calls $symbol of the mathematics library" ;;
        esac
    done
    if command -v objdump >/dev/null; then
        objdump -d --no-show-raw-insn $objects | grep -qE '\bv?fn?m(add|sub)[0-9]*[sp][sd]\b|\bfmadd\b|\bfmla\b' &&
            wrong "a fused multiply-add in lib/simulate"
    fi

    for mask in '-AVX2,-AVX512F,-FMA,-AVX' '-SSE4_1,-SSE4_2,-AVX,-AVX2,-FMA'; do
        GLIBC_TUNABLES="glibc.cpu.hwcaps=$mask" "$golden" >"$work/masked" || wrong "golden does not run with $mask"
        cmp -s "$work/sums" "$work/masked" || wrong "other bits with $mask"
    done
else
    # Other compilers and flags, of the rooms that make samples alone.
    sources=$(find "$EMG_SOURCE/lib/simulate" "$EMG_SOURCE/lib/base" -name "*.c")
    for compiler in gcc clang; do
        can "the bits from $compiler" command -v $compiler || continue
        for flags in '-O3 -march=native' '-O1'; do
            $compiler -std=c11 -D_POSIX_C_SOURCE=200809L -D_FILE_OFFSET_BITS=64 $flags -ffp-contract=off -w \
                -I"$EMG_SOURCE/include" -I"$EMG_SOURCE/lib" -o "$work/other" "$EMG_SOURCE/tests/simulate/golden.c" $sources -lgsl -lgslcblas -lm 2>"$work/err" || {
                wrong "$compiler $flags does not build"
                continue
            }
            "$work/other" >"$work/others"
            cmp -s "$work/sums" "$work/others" || wrong "other bits from $compiler $flags"
        done
    done
fi
finish
