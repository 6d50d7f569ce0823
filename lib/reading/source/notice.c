/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sentences to the caller about what matches nothing; of annotations only how many of how many kinds: their texts are private. */
#include "reading/source/source.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

enum { MOST_KINDS = 4096, SLOTS = 2 * MOST_KINDS };

void emgp_notice(const emg_recording *rec, const char *sentence)
{
    if (rec->reading.notice)
        rec->reading.notice(rec->reading.notice_context, rec->name, sentence);
}

emg_status emgp_kinds_open(emgp_kinds *kinds, emg_error *err)
{
    *kinds = (emgp_kinds){ .slot = emgp_alloc(SLOTS, sizeof *kinds->slot) };
    return kinds->slot ? EMG_OK : emgp_fail_memory(err);
}

void emgp_kinds_free(emgp_kinds *kinds)
{
    emgp_free(kinds->slot);
    *kinds = (emgp_kinds){ 0 };
}

/* FNV-1a of 64 bits: of 4096 texts two are taken for one in less than one of 10^12 recordings. 0 is an empty slot. */
static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *c = text; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    return hash ? hash : 1;
}

void emgp_kinds_take(emgp_kinds *kinds, const char *text)
{
    uint64_t hash = hash_of(text);
    size_t at = (size_t)(hash % SLOTS);
    kinds->n_marks++;
    while (kinds->slot[at] && kinds->slot[at] != hash)
        at = (at + 1) % SLOTS;
    if (kinds->slot[at])
        return;
    kinds->more = kinds->n_kinds == MOST_KINDS;
    if (kinds->more)
        return;
    kinds->slot[at] = hash;
    kinds->n_kinds++;
}

emg_status emgp_kinds_unmatched(emg_recording *rec, const emgp_kinds *kinds, const char *code, const char *what,
                                const char *glob, emg_error *err)
{
    char there[80], shown[64], action[160], sentence[256];
    if (kinds->n_marks == 0)
        snprintf(there, sizeof there, "the recording has none");
    else
        snprintf(there, sizeof there, "the recording has %" PRIu64 " of %s%zu kind%s", kinds->n_marks,
                 kinds->more ? "more than " : "", kinds->n_kinds, kinds->n_kinds == 1 ? "" : "s");
    emgp_text_printable_string(shown, sizeof shown, glob);
    snprintf(sentence, sizeof sentence, "--%s '%s' matches no annotation: %s", what, shown, there);
    emgp_notice(rec, sentence);
    snprintf(action, sizeof action, "a pattern of --%s matches no annotation: %s", what, there);
    emgp_finding finding = { .code = code, .field = "annotations", .offset = -1, .action = action };
    return emgp_remark(&rec->deviations, &finding, err);
}
