/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deviations: noted with code, field, byte and value, or refused at once in strict reading. */
#include "reading/source/source.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"

enum { MOST_BY_DEFAULT = 1024 };

static emg_deviation describe(const emgp_finding *finding)
{
    emg_deviation d = { .offset = finding->offset, .channel = finding->channel > 0 ? finding->channel : -1 };
    const emg_code *known = emgp_code_find(finding->code);
    assert(known);
    emgp_text_copy(d.code, sizeof d.code, finding->code);
    emgp_text_copy(d.field, sizeof d.field, finding->field);
    emgp_text_copy(d.action, sizeof d.action, finding->action ? finding->action : known->done);
    if (finding->value)
        emgp_text_printable(d.value, sizeof d.value, finding->value, finding->n_value);
    return d;
}

static emg_status refuse(const emg_deviation *d, emg_error *err)
{
    char place[48] = "", signal[48] = "";
    if (d->offset >= 0)
        snprintf(place, sizeof place, "byte %lld: ", (long long)d->offset);
    if (d->channel >= 0)
        snprintf(signal, sizeof signal, " of signal %lld", (long long)d->channel);
    return emgp_fail_at(err, EMG_EFORMAT, d->offset, d->channel, "%s%s%s '%s' (%s): refused by strict reading", place,
                        d->field, signal, d->value, d->code);
}

/* The full list's last entry counts what no longer fits. */
static void overflow(emgp_deviations *deviations)
{
    deviations->unlisted++;
    emg_deviation *last = &deviations->list[deviations->n - 1];
    char count[EMGP_NUMBER_ROOM + 16];
    emgp_count_print(count, deviations->unlisted + 1);
    strcat(count, " deviations");
    emgp_finding more = {
        .code = "W_MORE", .field = "deviations", .offset = -1, .value = count, .n_value = strlen(count)
    };
    *last = describe(&more);
}

emg_status emgp_deviate(emgp_deviations *deviations, const emgp_finding *finding, emg_error *err)
{
    emg_deviation d = describe(finding);
    if (deviations->strict)
        return refuse(&d, err);
    if (deviations->n >= (deviations->most ? deviations->most : (size_t)MOST_BY_DEFAULT)) {
        overflow(deviations);
        return EMG_OK;
    }
    void *list = deviations->list;
    if (!emgp_reserve(&list, &deviations->room, deviations->n, deviations->n + 1, sizeof d))
        return emgp_fail_memory(err);
    deviations->list = list;
    deviations->list[deviations->n++] = d;
    return EMG_OK;
}

emg_status emgp_deviate_count(emgp_deviations *deviations, const emgp_finding *finding, uint64_t count, emg_error *err)
{
    char text[2 * EMGP_NUMBER_ROOM];
    size_t n = emgp_count_print(text, count);
    assert(finding->things);
    n += (size_t)snprintf(text + n, sizeof text - n, " %.20s%s", finding->things, count == 1 ? "" : "s");
    int64_t channel = finding->channel > 0 ? finding->channel : -1;
    for (size_t i = 0; i < deviations->n; i++) {
        emg_deviation *d = &deviations->list[i];
        if (d->channel == channel && strcmp(d->code, finding->code) == 0) {
            emgp_text_copy(d->value, sizeof d->value, text);
            return EMG_OK;
        }
    }
    emgp_finding counted = *finding;
    counted.value = text;
    counted.n_value = n;
    return emgp_deviate(deviations, &counted, err);
}

emg_status emgp_remark(emgp_deviations *deviations, const emgp_finding *finding, emg_error *err)
{
    bool strict = deviations->strict;
    deviations->strict = false;
    emg_status status = emgp_deviate(deviations, finding, err);
    deviations->strict = strict;
    return status;
}

emg_status emgp_remark_count(emgp_deviations *deviations, const emgp_finding *finding, uint64_t count, emg_error *err)
{
    bool strict = deviations->strict;
    deviations->strict = false;
    emg_status status = emgp_deviate_count(deviations, finding, count, err);
    deviations->strict = strict;
    return status;
}

void emgp_deviations_free(emgp_deviations *deviations)
{
    emgp_free(deviations->list);
    *deviations = (emgp_deviations){ 0 };
}
