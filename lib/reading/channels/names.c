/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unique names: sorted once, numbered where two are the same. */
#include "reading/channels/channels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"

/* A number that was added may make a name equal to another label ("EMG #2"): then numbers are added again. */
enum { MOST_ROUNDS = 4 };

static int by_name(const void *a, const void *b)
{
    const emg_channel *x = *(emg_channel *const *)a, *y = *(emg_channel *const *)b;
    int order = strcmp(x->name, y->name);
    return order ? order : (x->number > y->number) - (x->number < y->number);
}

static void add_number(emg_channel *c)
{
    char suffix[32], name[sizeof c->name];
    snprintf(suffix, sizeof suffix, "%s#%zu", c->name[0] ? " " : "", c->number);
    emgp_text_copy(name, sizeof name - strlen(suffix), c->name);
    emgp_text_copy(c->name, sizeof c->name, name);
    memcpy(c->name + strlen(c->name), suffix, strlen(suffix) + 1);
}

static emg_status note(emg_recording *rec, const emg_channel *c, emg_error *err)
{
    bool blank = c->label[0] == '\0';
    emgp_finding finding = { .code = blank ? "W_LABEL_BLANK" : "W_LABEL_DUPLICATE",
                             .field = "label",
                             .offset = 256 + 16 * ((int64_t)c->number - 1),
                             .channel = (int64_t)c->number,
                             .value = c->label,
                             .n_value = strlen(c->label) };
    return rec->facts.format <= EMG_FORMAT_BDF_D ? emgp_deviate(&rec->deviations, &finding, err) : EMG_OK;
}

/* Numbers every blank name and every name that occurs twice; *again when there was one. */
static emg_status number_round(emg_recording *rec, emg_channel **sorted, bool first, bool *again, emg_error *err)
{
    size_t n = rec->facts.n_channels;
    emg_status status = EMG_OK;
    qsort(sorted, n, sizeof *sorted, by_name);
    *again = false;
    for (size_t i = 0; i < n && status == EMG_OK;) {
        size_t end = i + 1;
        while (end < n && strcmp(sorted[i]->name, sorted[end]->name) == 0)
            end++;
        bool numbered = end - i > 1 || sorted[i]->name[0] == '\0';
        for (; i < end && status == EMG_OK; i++) {
            if (!numbered)
                continue;
            *again = true;
            add_number(sorted[i]);
            status = first ? note(rec, sorted[i], err) : EMG_OK;
        }
    }
    return status;
}

emg_status emgp_names_assign(emg_recording *rec, emg_error *err)
{
    size_t n = rec->facts.n_channels;
    emg_channel **sorted = emgp_alloc(n, sizeof *sorted);
    if (!sorted)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < n; i++) {
        sorted[i] = &rec->channels[i];
        emgp_text_copy(sorted[i]->name, sizeof sorted[i]->name, sorted[i]->label);
    }
    emg_status status = EMG_OK;
    bool again = true;
    for (int round = 0; round < MOST_ROUNDS && again && status == EMG_OK; round++)
        status = number_round(rec, sorted, round == 0, &again, err);
    emgp_free(sorted);
    return status;
}
