# SPDX-License-Identifier: GPL-3.0-or-later
# Numbers other than 0, 1 and 2 that stand in C sources anywhere but in an enum or a table of rules or settings at file level:
# "file:line: number", one a line. For sources in this project's layout: what stands at file level begins in column one.
function plain(line,   out, i, c, quote) { # without comments, strings and characters
    out = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (comment) {
            if (c == "*" && substr(line, i + 1, 1) == "/") { comment = 0; i++ }
        } else if (quote != "") {
            if (c == "\\") i++
            else if (c == quote) quote = ""
        } else if (c == "\"" || c == "'") {
            quote = c
            out = out " "
        } else if (c == "/" && substr(line, i + 1, 1) == "*") {
            comment = 1
            i++
            out = out " "
        } else
            out = out c
    }
    return out
}
FNR == 1 { comment = table = 0 }
{
    code = plain($0)
    if (code ~ /^(typedef )?enum/ || code ~ /^static const (emgp_rule|emg_setting) /) table = 1
    rest = table || code ~ /^#include/ ? "" : code
    while (match(rest, /[A-Za-z_][A-Za-z0-9_]*|([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?[A-Za-z0-9_]*/)) {
        word = substr(rest, RSTART, RLENGTH)
        rest = substr(rest, RSTART + RLENGTH)
        if (word !~ /^[A-Za-z_]/ && word !~ /^[012](\.0*)?[uUlLfF]*$/) print FILENAME ":" FNR ": " word
    }
    if (code ~ /;[ ]*$/) table = 0
}
