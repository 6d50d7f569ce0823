# SPDX-License-Identifier: GPL-3.0-or-later
# Real members of public structs whose unit stands neither in their name nor in a comment of their own.
function trimmed(text) {
    gsub(/^[ \t*]+|[ \t]+$/, "", text)
    return text
}

FNR == 1 { in_struct = 0; above = 0 }
/^typedef struct [a-z_0-9]+ \{/ { in_struct = 1 }
in_struct && /^}/ { in_struct = 0 }
in_struct && /^    \/\*/ { above = 1 } # a comment that stands over its member
in_struct && /^    (const )?double/ {
    text = $0
    while (text !~ /;/ && (getline line) > 0)
        text = text " " line
    commented = above || text ~ /\/\*/
    above = 0
    sub(/;.*$/, "", text)
    sub(/^ *(const )?double/, "", text)
    n = split(text, names, /,/)
    for (i = 1; i <= n; i++) {
        name = trimmed(names[i])
        sub(/\[.*$/, "", name)
        if (!commented && name !~ /_((s|hz|uv|db|per_min|per_s|rad|percent)(_low|_high)?|sigma|share|ratio|samples|cv)$/)
            print FILENAME ": " name
    }
    next
}
in_struct && /;/ && !/^     \*/ { above = 0 }
