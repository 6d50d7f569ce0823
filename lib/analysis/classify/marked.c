/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What annotations mark at a time; and those that nobody explained, counted by text with what follows them, against chance. */
#include "analysis/classify/classify.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

static const emg_setting marks_rows[] = {
    { "marks.evoked_s", "s", 0.01, 1, 0.1, 0.1, NULL, offsetof(emg_marks_config, evoked_s),
      "short events that begin within this time after a marked stimulus are evoked" },
    { "marks.artefact_s", "s", 0, 0.1, 0.003, 0.003, NULL, offsetof(emg_marks_config, artefact_s),
      "so long its artefact lasts: it is bridged before filtering, and what begins and peaks within this time is no response; "
      "coils ring longer, and responses of the face begin near it" },
    { "marks.within_task", "", 0, 1, 0, 0, "no|yes", offsetof(emg_marks_config, within_task),
      "whether fasciculations and jerks are looked for within marked tasks too" },
};

emgp_settings emgp_marks_table(void)
{
    return EMGP_SETTINGS(marks_rows, marks);
}

enum { ARTEFACT, ARTEFACT_PEAK, EVOKED, LEAD, RINGING, STRONG, STRETCH_BEFORE, STRETCH_AFTER };

static const emgp_rule numbers[] = {
    [ARTEFACT] = EMGP_NUMBER("marked.artefact_s", "time from a stimulus to an onset", EMGP_AT_MOST,
                             EMGP_SETTING(marks.artefact_s), EMGP_OURS, "what begins then may be its artefact"),
    [ARTEFACT_PEAK] =
        EMGP_NUMBER("marked.artefact_peak_s", "time from a stimulus to the largest deflection", EMGP_AT_MOST,
                    EMGP_SETTING(marks.artefact_s), EMGP_OURS, "and is it when it is largest then, too"),
    [EVOKED] = EMGP_NUMBER("marked.evoked_s", "time from a stimulus to an onset", EMGP_AT_MOST,
                           EMGP_SETTING(marks.evoked_s), EMGP_OURS, "what begins then, and later, was evoked"),
    [LEAD] = EMGP_NUMBER("marked.lead_s", "time from an onset to a stimulus", EMGP_AT_MOST, EMGP_LIMIT(0.02), EMGP_OURS,
                         "the filters look both ways and spread what is large ahead of its time: where the largest "
                         "deflection does not lie before the stimulus, its time stands for the onset's"),
    [RINGING] = EMGP_NUMBER("marked.ringing_s", "time from an onset to a stimulus with the largest deflection",
                            EMGP_AT_MOST, EMGP_LIMIT(0.06), EMGP_OURS,
                            "a large artefact rings so long in the filters, on either side of its stimulus; so does "
                            "what is strong"),
    [STRONG] = EMGP_NUMBER("marked.strong_sigma", "largest deflection / sigma of the noise", EMGP_AT_LEAST,
                           EMGP_LIMIT(100), EMGP_OURS, "it rings ahead of itself beyond marked.lead_s"),
    [STRETCH_BEFORE] = EMGP_NUMBER("marked.stretch_before_s", "time from a marked stretch to an onset", EMGP_AT_MOST,
                                   EMGP_LIMIT(1), EMGP_OURS, "what begins then is at the stretch"),
    [STRETCH_AFTER] = EMGP_NUMBER("marked.stretch_after_s", "time from an onset to a marked stretch", EMGP_AT_MOST,
                                  EMGP_LIMIT(0.5), EMGP_OURS, "or begins shortly before it"),
};

emgp_rules emgp_marked_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

static double limit(int row, const emg_config *config)
{
    return emgp_rule_limit(&numbers[row], config);
}

static size_t about(emg_mark *to, const emg_mark *marks, size_t n, size_t channel)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (marks[i].channel == 0 || marks[i].channel == channel + 1)
            to[kept++] = marks[i];
    return kept;
}

emgp_marks_told emgp_marked_about(const emgp_marks_told *marks, emg_mark *room, size_t channel)
{
    emgp_marks_told own = { .stretches = room };
    own.n_stretches = about(room, marks->stretches, marks->n_stretches, channel);
    own.stimuli = room + own.n_stretches;
    own.n_stimuli = about(room + own.n_stretches, marks->stimuli, marks->n_stimuli, channel);
    return own;
}

bool emgp_marked(const emgp_marks_told *marks, emg_mark_kind kind, double from_s, double to_s)
{
    for (size_t i = 0; i < marks->n_stretches; i++) {
        const emg_mark *m = &marks->stretches[i];
        double end_s = m->onset_s + (m->duration_s > 0 ? m->duration_s : 0);
        if (m->kind == kind && m->onset_s <= to_s && end_s >= from_s)
            return true;
    }
    return false;
}

bool emgp_marked_stretch(const emgp_marks_told *marks, double onset_s, const emg_config *config)
{
    return emgp_marked(marks, EMG_MARK_STRETCH, onset_s - limit(STRETCH_BEFORE, config),
                       onset_s + limit(STRETCH_AFTER, config));
}

double emgp_marked_latest(double onset_s, double peak_s, double size, const emg_config *config)
{
    const double lead_s = limit(size >= limit(STRONG, config) ? RINGING : LEAD, config);
    return fmax(onset_s, fmin(onset_s + lead_s, peak_s + limit(ARTEFACT, config)));
}

/* How many stimuli are marked up to a time. */
static size_t stimuli_until(const emgp_marks_told *marks, double latest_s)
{
    size_t low = 0, high = marks->n_stimuli; /* the first that is later lies among them */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (marks->stimuli[middle].onset_s <= latest_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Whether the largest deflection comes with the latest of n stimuli, whose artefact then rings before and after it. */
static bool rings(const emgp_marks_told *marks, size_t n, double onset_s, double peak_s, const emg_config *config)
{
    const double at_s = n > 0 ? marks->stimuli[n - 1].onset_s : -INFINITY;
    return fabs(peak_s - at_s) <= limit(ARTEFACT, config) && at_s - onset_s <= limit(RINGING, config);
}

emgp_after emgp_marked_stimulus(const emgp_marks_told *marks, double onset_s, double peak_s, double size,
                                const emg_config *config, size_t *stimulus)
{
    const size_t at_peak = stimuli_until(marks, peak_s + limit(ARTEFACT, config));
    const bool ringing = rings(marks, at_peak, onset_s, peak_s, config);
    const size_t n = ringing ? at_peak : stimuli_until(marks, emgp_marked_latest(onset_s, peak_s, size, config));
    if (n == 0)
        return EMGP_AFTER_NONE;
    double at_s = marks->stimuli[n - 1].onset_s, begins_s = (at_s > onset_s ? peak_s : onset_s) - at_s;
    if (stimulus)
        *stimulus = n - 1;
    if (begins_s <= limit(ARTEFACT, config) && peak_s - at_s <= limit(ARTEFACT_PEAK, config))
        return EMGP_AFTER_ARTEFACT;
    return begins_s <= limit(EVOKED, config) ? EMGP_AFTER_RESPONSE : EMGP_AFTER_NONE;
}

/* --- marks that nobody explained ------------------------------------------------------------------------------- */

enum { SHORT, WITHIN, MARKS, SHARE, CHANCE };

static const emgp_rule unknown[] = {
    [SHORT] = EMGP_NUMBER("locked.short_s", "duration of a burst", EMGP_BELOW, EMGP_SETTING(episode.tonic_least_s),
                          EMGP_OURS, "it is a short event that may follow a mark nobody explained"),
    [WITHIN] = EMGP_NUMBER("locked.within_s", "time from such a mark to an onset", EMGP_AT_MOST,
                           EMGP_SETTING(marks.evoked_s), EMGP_OURS, "it does"),
    [MARKS] = EMGP_NUMBER("locked.marks", "marks of one text", EMGP_AT_LEAST, EMGP_LIMIT(10), EMGP_OURS,
                          "there are enough to look at"),
    [SHARE] = EMGP_NUMBER("locked.share", "share of them that a short event follows", EMGP_AT_LEAST, EMGP_LIMIT(0.5),
                          EMGP_OURS, "the channel may be time-locked to them"),
    [CHANCE] = EMGP_NUMBER("locked.chance", "probability of so many at the channel's rate of short events (Poisson)",
                           EMGP_BELOW, EMGP_LIMIT(1e-6), EMGP_OURS, "and is: the report says so"),
};

emgp_rules emgp_locked_rules(void)
{
    return (emgp_rules)EMGP_RULES(unknown);
}

/* One channel's marks, while its bursts go by. */
typedef struct count {
    const emgp_locked *locked;
    const emg_config *config;
    size_t channel;
    size_t next; /* the first mark that no event has passed yet */
    uint64_t n_events, n_marks[EMG_MARK_TEXTS], n_followed[EMG_MARK_TEXTS];
    double from_s, to_s;
} count;

/* Whether a mark is about the channel and lies in what was analysed of it. */
static bool inside(const count *c, const emg_mark *mark)
{
    bool about = mark->channel == 0 || mark->channel == c->channel + 1;
    return about && mark->onset_s >= c->from_s && mark->onset_s <= c->to_s;
}

/* The marks up to the event that none before it has passed, as far as it follows them. */
static void take(count *c, const emgp_burst *burst)
{
    double latest_s = emgp_marked_latest(burst->onset_s, burst->peak_s, 0, c->config);
    double first_s = burst->onset_s - emgp_rule_limit(&unknown[WITHIN], c->config);
    c->n_events++;
    for (; c->next < c->locked->n && c->locked->marks[c->next].onset_s <= latest_s; c->next++) {
        const emg_mark *mark = &c->locked->marks[c->next];
        if (mark->onset_s >= first_s && inside(c, mark))
            c->n_followed[mark->text]++;
    }
}

static emg_status go_through(count *c, const emgp_spill *bursts, size_t stream, emg_error *err)
{
    emgp_spill_cursor cursor;
    emgp_spill_start(&cursor, bursts, stream);
    emgp_burst burst;
    bool there;
    emg_status status;
    while ((status = emgp_spill_copy(&cursor, &burst, sizeof burst, &there, err)) == EMG_OK && there) {
        if (!(burst.flags & EMGP_SEGMENT_END) && burst.n_discharges > 0 &&
            burst.end_s - burst.onset_s < emgp_rule_limit(&unknown[SHORT], c->config))
            take(c, &burst);
    }
    emgp_spill_stop(&cursor);
    return status;
}

static bool beyond_chance(uint64_t n_marks, uint64_t n_followed, double rate_hz, double within_s)
{
    if ((double)n_marks < unknown[MARKS].limit || (double)n_followed < unknown[SHARE].limit * (double)n_marks)
        return false;
    double expected = (double)n_marks * -expm1(-rate_hz * within_s);
    return gsl_cdf_poisson_Q((unsigned)(n_followed - 1), expected) < unknown[CHANCE].limit;
}

emg_status emgp_locked_look(emgp_locked *locked, const emgp_spill *bursts, size_t stream, double from_s, double to_s,
                            double analysed_s, const emg_config *config, emg_error *err)
{
    count c = { .locked = locked, .config = config, .channel = stream, .from_s = from_s, .to_s = to_s };
    if (locked->n == 0 || !(analysed_s > 0))
        return EMG_OK;
    for (size_t i = 0; i < locked->n; i++)
        c.n_marks[locked->marks[i].text] += inside(&c, &locked->marks[i]);
    emg_status status = go_through(&c, bursts, stream, err);
    /* an event may begin as long before a mark as it is spread ahead */
    double within_s = emgp_rule_limit(&unknown[WITHIN], config) + emgp_marked_latest(0, INFINITY, 0, config);
    for (size_t t = 0; status == EMG_OK && t < EMG_MARK_TEXTS; t++)
        if (c.n_marks[t] > locked->n_followed[t] &&
            beyond_chance(c.n_marks[t], c.n_followed[t], (double)c.n_events / analysed_s, within_s))
            locked->n_followed[t] = c.n_marks[t];
    return status;
}

emg_time_locked emgp_locked_sum(const emgp_locked *locked)
{
    emg_time_locked sum = { 0, 0 };
    for (size_t t = 0; t < EMG_MARK_TEXTS; t++) {
        sum.n_kinds += locked->n_followed[t] > 0;
        sum.n_marks += locked->n_followed[t];
    }
    return sum;
}
