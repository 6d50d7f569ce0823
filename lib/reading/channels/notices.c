/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nothing vanishes in silence: what nobody asked to leave out is noted and said once, with the remedy. */
#include "reading/channels/channels.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"

static const char remedy[] = "; take them with -c LABEL, --muscles FILE or --all-channels";

/* --- unrecognised channels ----------------------------------------------------------------------------------- */

/* Whether a derived channel stands for it. */
static bool is_source(const emg_recording *rec, size_t channel)
{
    for (size_t i = 0; i < rec->derivations.n_terms; i++)
        if (rec->derivations.term[i].channel == channel)
            return true;
    return false;
}

/* Whether the caller leaves it out by name. */
static bool is_unwanted(const emg_recording *rec, const emg_channel *c)
{
    for (size_t i = 0; i < rec->reading.n_channels; i++)
        if (rec->reading.channels[i][0] == '!' && emgp_select_matches(c, rec->reading.channels[i] + 1))
            return true;
    return false;
}

static bool is_left_out(const emg_recording *rec, size_t channel)
{
    const emg_channel *c = &rec->channels[channel];
    return !c->selected && emgp_types_unrecognised(c, EMGP_LEAST_SAID_HZ) && !is_source(rec, channel) &&
           !is_unwanted(rec, c);
}

/* Names in a sentence: "'RAW', 'A1' to 'A32'". */
typedef struct names {
    const char *first, *last; /* of the run of numbered names that is not printed yet; NULL: none */
    size_t run;
    emgp_sink sink;
    bool any;
} names;

/* "A12" after "A11". */
static bool follows(const char *before, const char *name)
{
    size_t n = strlen(before), m = strlen(name), i = n, k = m;
    int64_t x, y;
    while (i > 0 && before[i - 1] >= '0' && before[i - 1] <= '9')
        i--;
    while (k > 0 && name[k - 1] >= '0' && name[k - 1] <= '9')
        k--;
    return i == k && memcmp(before, name, i) == 0 && emgp_integer_parse(before + i, n - i, &x) &&
           emgp_integer_parse(name + k, m - k, &y) && y - x == 1;
}

static void put_name(names *out, const char *before, const char *name)
{
    emgp_sink_text(&out->sink, out->any ? before : "");
    emgp_sink_text(&out->sink, "'");
    emgp_sink_text(&out->sink, name);
    emgp_sink_text(&out->sink, "'");
    out->any = true;
}

static void end_run(names *out)
{
    if (out->run > 0)
        put_name(out, ", ", out->first);
    if (out->run > 1)
        put_name(out, out->run > 2 ? " to " : ", ", out->last);
    out->run = 0;
}

static void add_name(names *out, const char *name)
{
    if (out->run > 0 && !follows(out->last, name))
        end_run(out);
    if (out->run++ == 0)
        out->first = name;
    out->last = name;
}

emg_status emgp_notice_channels(const emg_recording *rec, const bool *marked, const char *before, const char *after,
                                emg_error *err)
{
    emgp_collected sentence = { 0 };
    names out = { 0 };
    size_t n = 0;
    for (size_t i = 0; i < rec->facts.n_channels; i++)
        n += marked[i];
    if (n == 0 || !rec->reading.notice)
        return EMG_OK;
    emgp_sink_init(&out.sink, emgp_collect, &sentence, err);
    emgp_sink_text(&out.sink, before);
    emgp_sink_text(&out.sink, n > 1 ? ": channels " : ": channel ");
    for (size_t i = 0; i < rec->facts.n_channels; i++)
        if (marked[i])
            add_name(&out, rec->channels[i].name);
    end_run(&out);
    emgp_sink_text(&out.sink, after);
    emg_status status = emgp_sink_flush(&out.sink);
    if (status == EMG_OK)
        emgp_notice(rec, sentence.bytes);
    emgp_free(sentence.bytes);
    return status;
}

static emg_status note_unrecognised(emg_recording *rec, const emg_channel *c, emg_error *err)
{
    emgp_finding finding = { .code = "W_UNRECOGNISED",
                             .field = "label",
                             .offset = -1,
                             .channel = (int64_t)c->number,
                             .value = c->name,
                             .n_value = strlen(c->name) };
    return emgp_remark(&rec->deviations, &finding, err);
}

/* An EMG whose limits give no scale. */
static bool is_without_scale(const emg_recording *rec, size_t channel)
{
    const emg_channel *c = &rec->channels[channel];
    return c->type == EMG_TYPE_EMG && !c->usable && !c->bad && !is_source(rec, channel) && !is_unwanted(rec, c);
}

/* An EMG that its label, unit or prefilter call an envelope. */
static bool is_called_envelope(const emg_recording *rec, size_t channel)
{
    const emg_channel *c = &rec->channels[channel];
    return c->type == EMG_TYPE_EMG && c->usable && c->envelope && !c->bad && !c->selected && !is_source(rec, channel) &&
           !is_unwanted(rec, c);
}

/* Says once which channels are left out for what `why` asks. */
static emg_status say_left_out(const emg_recording *rec, bool (*why)(const emg_recording *, size_t), const char *before,
                               const char *after, emg_error *err)
{
    bool *marked = emgp_alloc(rec->facts.n_channels, sizeof *marked);
    if (!marked)
        return emgp_fail_memory(err);
    for (size_t i = 0; i < rec->facts.n_channels; i++)
        marked[i] = why(rec, i);
    emg_status status = emgp_notice_channels(rec, marked, before, after, err);
    emgp_free(marked);
    return status;
}

emg_status emgp_notices_unrecognised(emg_recording *rec, emg_error *err)
{
    emg_status status = EMG_OK;
    if (rec->facts.n_channels == 0 && rec->facts.n_annotation_signals > 0)
        emgp_notice(rec, "holds annotations only: --marks FILE gives them to the recording that they belong to");
    if (emgp_select_named(&rec->reading))
        return EMG_OK;
    status = say_left_out(rec, is_without_scale, "left out, as the limits in the header give no scale",
                          "; mend the header", err);
    if (status != EMG_OK || rec->reading.all_channels)
        return status;
    for (size_t i = 0; status == EMG_OK && i < rec->facts.n_channels; i++)
        if (is_left_out(rec, i))
            status = note_unrecognised(rec, &rec->channels[i], err);
    if (status == EMG_OK)
        status = say_left_out(rec, is_left_out, "left out, as nothing names them muscles", remedy, err);
    return status ? status
                  : say_left_out(rec, is_called_envelope, "left out, as an envelope by what the header says",
                                 "; --all-channels takes such signals", err);
}

/* --- rows of the muscle map ---------------------------------------------------------------------------------- */

emg_status emgp_notices_map(emg_recording *rec, const char *first, size_t n, emg_error *err)
{
    char value[128], action[320], sentence[512], nearest[EMGP_NEAREST_ROOM];
    if (n > 1)
        snprintf(value, sizeof value, "%.40s and %zu more", first, n - 1);
    else
        snprintf(value, sizeof value, "%.60s", first);
    emgp_select_nearest(rec, first, nearest);
    const char *one = n > 1 ? "the first" : "it";
    if (nearest[0])
        snprintf(action, sizeof action, "ignored: no channel is called so; nearest to %s %s", one, nearest);
    else
        snprintf(action, sizeof action, "ignored: the recording has no channels");
    snprintf(sentence, sizeof sentence, "%s of the muscle map (%s) %s", n > 1 ? "rows" : "a row", value, action);
    emgp_finding finding = { .code = "W_MAP_ROW",
                             .field = "muscle map",
                             .offset = -1,
                             .value = value,
                             .n_value = strlen(value),
                             .action = action };
    emgp_notice(rec, sentence);
    return emgp_remark(&rec->deviations, &finding, err);
}
