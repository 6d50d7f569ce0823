# SPDX-License-Identifier: GPL-3.0-or-later
# What the shell tests share: a folder of their own, expectations that are counted, samples made once.
set -u
LC_ALL=C
export LC_ALL
tools=$EMG_BUILD/cli
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
n_failed=0
n_left_out=0

wrong() { # SENTENCE: notes a failure and shows what the last command printed
    echo "FAILED: $1"
    sed 's/^/    stdout: /' "$work/out" 2>/dev/null | head -5
    sed 's/^/    stderr: /' "$work/err" 2>/dev/null | head -5
    n_failed=$((n_failed + 1))
}

run() { # COMMAND...: runs it, its streams in $work/out and $work/err, its exit code in $code
    "$@" >"$work/out" 2>"$work/err"
    code=$?
}

exits() { # CODE COMMAND...: the command must end with this code
    wanted=$1
    shift
    run "$@"
    [ "$code" -eq "$wanted" ] || wrong "exit $code instead of $wanted: $*"
}

says() { # TEXT: the last command's standard error must hold it
    grep -qF -- "$1" "$work/err" || wrong "standard error lacks: $1"
}

prints() { # TEXT: the last command's standard output must hold it
    grep -qF -- "$1" "$work/out" || wrong "standard output lacks: $1"
}

silent() { # the last command must have left standard error empty
    [ ! -s "$work/err" ] || wrong "standard error is not empty"
}

holds() { # SENTENCE COMMAND...: the command must succeed
    what=$1
    shift
    "$@" >"$work/out" 2>"$work/err" || wrong "$what"
}

sample() { # PRESET: path of a simulated recording of 20 s, made once a build
    folder=$EMG_BUILD/tests/samples
    if [ ! -f "$folder/$1.edf" ]; then
        mkdir -p "$folder" &&
            "$tools/emg-simulate" "$1" -o "$work/$1.edf" --seed 7 --duration 20 >/dev/null &&
            mv "$work/$1.edf" "$folder/$1.edf" || exit 1
    fi
    echo "$folder/$1.edf"
}

can() { # WHAT COMMAND...: whether the command works; where it does not, WHAT is left out, and the test ends as skipped
    what=$1
    shift
    "$@" >/dev/null 2>&1 && return
    echo "SKIPPED: $what; this does not work here: $*" >&2
    n_left_out=$((n_left_out + 1))
    return 1
}

finish() {
    [ "$n_failed" -eq 0 ] || {
        echo "$n_failed expectations were not met"
        exit 1
    }
    [ "$n_left_out" -eq 0 ] || exit 77
    exit 0
}
