/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was found odd in a file, each kind once, as a sentence. */
#include <string.h>

#include "report/report.h"

enum { CODES_SHOWN = 12, VALUES_SHOWN = 32 };

static const emg_deviation *deviation_at(const emg_report_input *input, size_t i)
{
    return i < input->n_deviations ? &input->deviations[i] : &input->notes[i - input->n_deviations];
}

/* Whether both say the same of different signals or values. */
static bool same_finding(const emg_deviation *a, const emg_deviation *b)
{
    return strcmp(a->code, b->code) == 0 && strcmp(a->field, b->field) == 0 && strcmp(a->action, b->action) == 0;
}

/* Deviations that say the same as number `first`: what was found, and in which signals. */
static void put_values(emgp_sink *sink, const emg_report_input *input, size_t first)
{
    size_t n = input->n_deviations + input->n_notes, n_values = 0, n_signals = 0;
    const emg_deviation *a = deviation_at(input, first), *last = a;
    for (size_t i = first; i < n; i++) {
        const emg_deviation *d = deviation_at(input, i);
        bool again = !d->value[0] || (i > first && strcmp(d->value, last->value) == 0);
        if (!same_finding(a, d) || again || n_values++ >= VALUES_SHOWN)
            continue;
        emgp_sink_text(sink, n_values > 1 ? ", '" : " '");
        emgp_sink_text(sink, d->value);
        emgp_sink_text(sink, "'");
        last = d;
    }
    for (size_t i = first; i < n; i++) {
        const emg_deviation *d = deviation_at(input, i);
        if (!same_finding(a, d) || d->channel < 1 || n_signals++ >= VALUES_SHOWN)
            continue;
        emgp_sink_text(sink, n_signals > 1 ? ", " : " of signal ");
        emgp_sink_count(sink, (uint64_t)d->channel);
    }
    if (n_signals > VALUES_SHOWN || n_values > VALUES_SHOWN)
        emgp_sink_text(sink, " and more");
}

/* "Sampling rate '250 Hz' of signal 1: too low for EMG spectra (W_RATE_LOW)." */
static void put_sentence(emgp_sink *sink, const emg_report_input *input, size_t index)
{
    const emg_deviation *d = deviation_at(input, index);
    const bool small = d->field[0] >= 'a' && d->field[0] <= 'z';
    const char first = (char)(small ? d->field[0] - 'a' + 'A' : d->field[0]);
    emgp_sink_text(sink, "  ");
    if (first) {
        emgp_sink_bytes(sink, &first, 1);
        emgp_sink_text(sink, d->field + 1);
    }
    put_values(sink, input, index);
    emgp_sink_text(sink, ": ");
    emgp_sink_text(sink, d->action);
    emgp_sink_text(sink, " (");
    emgp_sink_text(sink, d->code);
    emgp_sink_text(sink, ").\n");
}

/* Each kind of deviation once, with its sentence. */
void emgp_words_deviations(emgp_sink *sink, const emg_report_input *input, const char *title)
{
    size_t n = input->n_deviations + input->n_notes, n_shown = 0, n_more = 0;
    for (size_t i = 0; i < n; i++) {
        const emg_deviation *d = deviation_at(input, i);
        bool before = false;
        for (size_t k = 0; k < i && !before; k++)
            before = same_finding(deviation_at(input, k), d);
        if (before)
            continue;
        if (n_shown++ == 0)
            emgp_sink_text(sink, title);
        n_more += n_shown > CODES_SHOWN;
        if (n_shown > CODES_SHOWN)
            continue;
        put_sentence(sink, input, i);
    }
    if (n_more == 0)
        return;
    emgp_sink_text(sink, "  and ");
    emgp_sink_count(sink, n_more);
    emgp_sink_text(sink, " more\n");
}
