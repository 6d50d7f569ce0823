/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When each class occurred in each muscle: how often, and the onsets that a sentence names. */
#include "report/report.h"

/* Whether all events are fasciculations, whose first and last onset the summaries hold: then no pass is needed. */
static bool only_fasciculations(const emg_result *result)
{
    for (size_t m = 0; m < emg_result_n_muscles(result); m++) {
        const emg_summary *summary = emg_result_muscle(result, m);
        if (summary->counts.n_events != summary->counts.fasciculation_count)
            return false;
    }
    return true;
}

static emg_status note(emgp_occurrence *when, double onset_s, bool every, emg_error *err)
{
    void *onsets = when->onset_s;
    when->n++;
    when->every = every;
    if (!every && when->n_kept == EMGP_ONSETS_SHOWN)
        return EMG_OK;
    if (!emgp_reserve(&onsets, &when->room, when->n_kept, when->n_kept + 1, sizeof *when->onset_s))
        return emgp_fail_memory(err);
    when->onset_s = onsets;
    when->onset_s[when->n_kept++] = onset_s;
    return EMG_OK;
}

static emg_status gather(emg_result *result, emgp_occurrence *all, bool every, emg_error *err)
{
    if (!every && only_fasciculations(result))
        return EMG_OK;
    emg_result_rewind(result);
    for (;;) {
        emg_event event;
        bool found = false;
        emg_status status = emg_result_next(result, &event, &found, err);
        if (status || !found)
            return status;
        if (event.muscle >= emg_result_n_muscles(result) || (size_t)event.trial_type >= EMG_N_CLASSES)
            return emgp_fail(err, EMG_EARG, "an event names a muscle or a class that the result does not have");
        emgp_occurrence *when = &all[(size_t)event.muscle * EMG_N_CLASSES + (size_t)event.trial_type];
        status = note(when, event.onset_s, every, err);
        if (status)
            return status;
    }
}

emg_status emgp_occurrences(emgp_occurrence **out, emg_result *result, bool every, emg_error *err)
{
    size_t n_muscles = result ? emg_result_n_muscles(result) : 0, n;
    *out = emgp_multiply(n_muscles, EMG_N_CLASSES, &n) ? emgp_alloc(n, sizeof **out) : NULL;
    if (!*out)
        return emgp_fail_memory(err);
    return result ? gather(result, *out, every, err) : EMG_OK;
}

void emgp_occurrences_free(emgp_occurrence *all, const emg_result *result)
{
    const size_t n = all && result ? emg_result_n_muscles(result) * EMG_N_CLASSES : 0;
    for (size_t i = 0; i < n; i++)
        emgp_free(all[i].onset_s);
    emgp_free(all);
}
