# SPDX-License-Identifier: GPL-3.0-or-later
# From the public headers and a table of valid arguments (the first file), a C test that calls every public function
# with one pointer after the other NULL. A parameter may be NULL when a sentence of the function's comment, or of one
# that says "everywhere below", names it and says "may be NULL" (a lone pointer: "NULL is allowed").
function trimmed(text) {
    gsub(/[ \t\n]+/, " ", text)
    sub(/^ /, "", text)
    sub(/ $/, "", text)
    return text
}

function says(text, name,    sentences, n, i) { # whether a sentence of text allows NULL for the parameter
    n = split(text, sentences, /[.;:()]/)
    for (i = 1; i <= n; i++)
        if (sentences[i] ~ /may( each)? be NULL/ && (" " sentences[i] " ") ~ ("[^a-z_0-9]" name "[^a-z_0-9]"))
            return 1
    return 0
}

function allowed(fun, name, type) {
    return type == "emg_error *" || type == "void *" || says(doc, name) || says(below, name) ||
           (doc ~ /NULL is allowed/ && fun ~ /_(free|close|clear)$/)
}

function argument(fun, type, name) { # the table's expression, the most particular row first
    if ((fun "(" name ")") in valid)
        return valid[fun "(" name ")"]
    if ((type " " name) in valid)
        return valid[type " " name]
    if (type in valid)
        return valid[type]
    if (type !~ /\*/)
        return "0"
    if (type ~ /^[^*]*\*$/ && type !~ /^const / && name ~ /^(out|row)$/)
        return "given_room()"
    print "no valid argument for \"" type " " name "\" of " fun "()" >"/dev/stderr"
    failed = 1
    return "0"
}

function checker(type) {
    if (type == "emg_status") return "answer_status"
    if (type == "bool") return "answer_bool"
    if (type == "double") return "answer_number"
    if (type == "size_t" || type == "uint64_t") return "answer_count"
    if (type ~ /\*$/) return "answer_pointer"
    return ""
}

function declaration(text,    open, head, fun, type, list, n, i, name, kind, call, pointers, check) {
    text = trimmed(text)
    gsub(/EMG_API |EMG_MUST_USE /, "", text)
    open = index(text, "(")
    head = substr(text, 1, open - 1)
    match(head, /[a-z_0-9]+$/)
    fun = substr(head, RSTART)
    type = trimmed(substr(head, 1, RSTART - 1))
    list = substr(text, open + 1)
    sub(/\);.*$/, "", list)
    n_functions++
    n = split(list, parts, /,/)
    pointers = 0
    call = ""
    for (i = 1; i <= n; i++) {
        parts[i] = trimmed(parts[i])
        if (parts[i] == "void")
            continue
        match(parts[i], /[a-z_0-9]+(\[[0-9]*\])?$/)
        name = substr(parts[i], RSTART)
        kind = trimmed(substr(parts[i], 1, RSTART - 1))
        if (sub(/\[.*$/, "", name))
            kind = kind " *"
        call = call (i > 1 ? ",\n        " : "")
        if (kind ~ /\*$/) {
            rows = rows sprintf("    { \"%s\", \"%s\", %d, %d, %s, call_%s },\n", fun, name, i, text ~ /\*err\)/ ? n : 0,
                                allowed(fun, name, kind) ? "true" : "false", fun)
            call = call "null & 1u << " i " ? NULL : " argument(fun, kind, name)
            pointers++
        } else {
            call = call argument(fun, kind, name)
        }
    }
    if (!pointers)
        return
    check = checker(type)
    calls = calls "static void call_" fun "(unsigned null)\n{\n    " \
            (check == "" ? (type == "void" ? "" : "(void)") fun "(" call ")" : \
             check "(" fun "(" call "))") ";\n}\n\n"
    if (type == "emg_status")
        rows = rows sprintf("    { \"%s\", \"\", 0, 0, true, call_%s },\n", fun, fun)
}

FNR == 1 { n_files++; below = ""; doc = "" }

n_files == 1 {
    at = index($0, " = ")
    if (at && $0 !~ /^#/)
        valid[trimmed(substr($0, 1, at))] = substr($0, at + 3)
    next
}

/^\/\*/ { doc = ""; in_doc = 1 }
in_doc {
    line = $0
    gsub(/^\/\*|^ \*|\*\/.*$/, "", line)
    doc = doc " " line
    if (/\*\//) {
        in_doc = 0
        if (doc ~ /everywhere below/)
            below = below " " doc
    }
    next
}
/^EMG_API/ { in_declaration = 1; text = "" }
in_declaration {
    text = text " " $0
    if (/;/) {
        in_declaration = 0
        declaration(text)
    }
}

END {
    if (failed || n_functions < 100)
        exit 1
    printf "/* Made from the public headers. */\n%s", calls
    printf "static const null_case cases[] = {\n%s};\n", rows
}
