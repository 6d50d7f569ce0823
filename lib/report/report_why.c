/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why a moment got its word: per muscle the event there, its evidence, and every rule in order. */
#include <emg/report_why.h>
#include <emg/why.h>

#include <math.h>
#include <string.h>

#include "report/report.h"

enum { SETS_SHOWN = 64 };

typedef struct teller {
    emgp_sink *sink;
    const emg_config *config;
    char shown[SETS_SHOWN][32]; /* sets whose rows were printed */
    size_t n_shown;
    char set[32]; /* whose rows come */
    const char *word;
    bool again;   /* they were printed before */
    bool against; /* the rule, or the one that an `and` goes on with, refuses */
} teller;

static const char asked_for[] = ", asked for ";

static double end_of(const emg_event *event)
{
    return event->onset_s + event->duration_s;
}

static void put_seconds(emgp_sink *sink, double seconds)
{
    emgp_sink_number(sink, rint(seconds * 1e3) / 1e3);
    emgp_sink_text(sink, " s");
}

/* "0.3 s", or "yes" and "no" of a flag. */
static void put_value(emgp_sink *sink, const emg_rule *rule, double value)
{
    if (emgp_rule_is_flag(rule)) {
        emgp_sink_text(sink, value > 0 ? "yes" : "no");
    } else if (isnan(value)) {
        emgp_sink_text(sink, "not known");
    } else {
        emgp_words_number(sink, value);
        emgp_sink_text(sink, *rule->unit ? " " : "");
        emgp_sink_text(sink, rule->unit);
    }
}

static void put_compared(emgp_sink *sink, const emg_rule *rule, double value, double limit, const char *asked)
{
    if (*rule->evidence) {
        emgp_sink_text(sink, rule->evidence);
        emgp_sink_text(sink, " = ");
        put_value(sink, rule, value);
        emgp_sink_text(sink, asked);
        emgp_words_asked(sink, rule, limit);
        emgp_sink_text(sink, ": ");
    }
    emgp_sink_text(sink, rule->sentence);
}

/* ---- rules ---- */

static bool is_effect(const emg_step *step, const char *effect)
{
    return strcmp(step->rule.effect, effect) == 0;
}

/* A rule that refuses is passed when it does not hold with all that belongs to it. */
static bool passed(const emg_step *step)
{
    if (is_effect(step, "and") || is_effect(step, "weighs"))
        return step->holds;
    return is_effect(step, "refuses") ? !step->together : step->together;
}

static void begin_set(teller *t, const emg_step *step, const char *set)
{
    t->again = false;
    for (size_t i = 0; i < t->n_shown; i++)
        t->again = t->again || strcmp(t->shown[i], set) == 0;
    if (!t->again && t->n_shown < SETS_SHOWN)
        emgp_text_copy(t->shown[t->n_shown++], sizeof *t->shown, set);
    emgp_text_copy(t->set, sizeof t->set, set);
    t->word = step->word;
    emgp_sink_text(t->sink, "  ");
    emgp_sink_text(t->sink, *step->word ? step->word : "found");
    emgp_sink_text(t->sink, ", rules ");
    emgp_sink_text(t->sink, set);
    emgp_sink_text(t->sink, step->set_fits ? ": fits" : ": does not fit");
    emgp_sink_text(t->sink, t->again ? " (as above)\n" : "\n");
}

static bool put_step(void *context, const emg_step *step)
{
    teller *t = context;
    char set[sizeof t->set];
    emgp_text_copy(set, sizeof set, step->rule.name);
    set[strcspn(set, ".")] = '\0';
    if (strcmp(set, t->set) != 0 || !t->word || strcmp(t->word, step->word) != 0)
        begin_set(t, step, set);
    if (t->again)
        return true;
    emgp_sink_text(t->sink, is_effect(step, "and") ? "      " : "    ");
    emgp_sink_text(t->sink, passed(step) ? "passed  " : "failed  ");
    emgp_sink_text(t->sink, step->rule.effect);
    emgp_sink_text(t->sink, "  ");
    t->against = is_effect(step, "refuses") || (t->against && is_effect(step, "and"));
    put_compared(t->sink, &step->rule, step->value, step->rule.limit, t->against ? ", refused if " : asked_for);
    if (step->rule.reason < EMG_N_REASONS) {
        emgp_sink_text(t->sink, step->counts ? " -> " : " (");
        emgp_sink_text(t->sink, emg_reason_code(step->rule.reason));
        emgp_sink_text(t->sink, step->counts ? "" : ")");
    }
    emgp_sink_text(t->sink, "\n");
    return t->sink->status == EMG_OK;
}

static void put_rules(emgp_sink *sink, const emg_config *config, const emg_result *result, size_t index)
{
    emg_decision decision;
    if (!emg_result_decision(result, index, &decision))
        return;
    emgp_sink_text(sink, " Rules in order, for what was judged from ");
    put_seconds(sink, decision.onset_s);
    emgp_sink_text(sink, " to ");
    put_seconds(sink, decision.onset_s + decision.duration_s);
    emgp_sink_text(sink, " (");
    emgp_sink_text(sink, decision.trial_type == EMG_UNCLASSIFIED ? "no word" : emg_class_name(decision.trial_type));
    emgp_sink_text(sink, ", confidence ");
    emgp_sink_number(sink, rint(decision.confidence * 100) / 100);
    emgp_sink_text(sink, "):\n");
    teller t = { .sink = sink, .config = config };
    emg_result_why(result, index, put_step, &t);
}

/* ---- an event ---- */

static void put_evidence(emgp_sink *sink, const emg_event *event, const emg_config *config)
{
    emg_rule rule;
    emgp_sink_text(sink, event->n_evidence > 0 ? " Evidence of its reasons:\n" : "");
    for (uint32_t i = 0; i < event->n_evidence && i < EMG_EVENT_EVIDENCE; i++) {
        const emg_evidence *e = &event->evidence[i];
        if (!emg_rule_at(e->rule, config, &rule))
            continue;
        emgp_sink_text(sink, "    ");
        emgp_sink_text(sink, emg_reason_code(rule.reason));
        emgp_sink_text(sink, "  ");
        put_compared(sink, &rule, (double)e->value, (double)e->limit, asked_for);
        emgp_sink_text(sink, "\n");
    }
}

/* The decision that made an event or a part of it. */
static bool decision_of(const emg_result *result, const emg_event *event, size_t *index)
{
    emg_decision d;
    for (size_t i = 0; emg_result_decision(result, i, &d); i++) {
        *index = i;
        if (d.channel == event->channel && d.trial_type == event->trial_type && d.onset_s <= end_of(event) &&
            d.onset_s + d.duration_s >= event->onset_s)
            return true;
    }
    return false;
}

static void put_event(emgp_sink *sink, const emg_result *result, const emg_event *event, const emg_config *config)
{
    size_t index;
    emgp_sink_text(sink, ": ");
    emgp_sink_text(sink, emg_class_name(event->trial_type));
    emgp_sink_text(sink, " from ");
    put_seconds(sink, event->onset_s);
    emgp_sink_text(sink, " to ");
    put_seconds(sink, end_of(event));
    emgp_sink_text(sink, ", confidence ");
    emgp_sink_number(sink, rint(event->confidence * 100) / 100);
    emgp_sink_text(sink, "\n");
    put_evidence(sink, event, config);
    if (decision_of(result, event, &index))
        put_rules(sink, config, result, index);
    else
        emgp_sink_text(sink,
                       " The event was joined across this time, at which nothing was judged: ask at its begin.\n");
}

/* ---- a muscle ---- */

/* What the events have of a muscle: one in the time that is asked for, and the nearest one. */
typedef struct place {
    bool any;
    emg_event nearest;
    double away_s;
    size_t n_there;
} place;

static void put_name(emgp_sink *sink, const emg_result *result, size_t muscle, double from_s, double to_s)
{
    emgp_sink_cell(sink, emg_result_muscle(result, muscle)->name, false);
    emgp_sink_text(sink, " at ");
    put_seconds(sink, (from_s + to_s) / 2);
}

/* The first decision of the muscle that made no row. */
static bool scrap_of(const emg_result *result, size_t muscle, size_t *index)
{
    emg_decision d;
    for (*index = 0; emg_result_decision(result, *index, &d); ++*index)
        if (emg_result_muscle_of(result, d.channel) == muscle)
            return true;
    return false;
}

static void put_quiet(emgp_sink *sink, const emg_result *result, size_t muscle, const place *p,
                      const emg_config *config)
{
    const emg_summary *summary = emg_result_muscle(result, muscle);
    size_t scrap;
    emgp_sink_text(sink, ": no event");
    if (summary->signal.threshold > 0) {
        emgp_sink_text(sink, "; noise ");
        emgp_words_amplitude(sink, summary, summary->signal.noise);
        emgp_sink_text(sink, ", what is below ");
        emgp_words_amplitude(sink, summary, summary->signal.threshold);
        emgp_sink_text(sink, " cannot be seen");
    }
    emgp_sink_text(sink, p->any ? "; the nearest is " : "; there is none in the recording.\n");
    if (p->any) {
        emgp_sink_text(sink, emg_class_name(p->nearest.trial_type));
        emgp_sink_text(sink, " from ");
        put_seconds(sink, p->nearest.onset_s);
        emgp_sink_text(sink, " to ");
        put_seconds(sink, end_of(&p->nearest));
        emgp_sink_text(sink, ".\n");
    }
    if (scrap_of(result, muscle, &scrap))
        put_rules(sink, config, result, scrap);
}

typedef struct asking {
    emgp_sink *sink;
    emg_result *result;
    double from_s, to_s;
    const emg_config *config;
    place *places; /* a muscle */
    size_t n;
} asking;

static void take_event(asking *a, const emg_event *event)
{
    place *p = &a->places[event->muscle];
    const double away_s = fmax(fmax(event->onset_s - a->to_s, a->from_s - end_of(event)), 0);
    if (!p->any || away_s < p->away_s) {
        p->any = true;
        p->nearest = *event;
        p->away_s = away_s;
    }
    if (away_s > 0)
        return;
    p->n_there++;
    put_name(a->sink, a->result, event->muscle, a->from_s, a->to_s);
    put_event(a->sink, a->result, event, a->config);
}

static emg_status go_through(asking *a, emg_error *err)
{
    emg_result_rewind(a->result);
    for (bool found = true; a->sink->status == EMG_OK;) {
        emg_event event;
        emg_status status = emg_result_next(a->result, &event, &found, err);
        if (status || !found)
            return status;
        if (event.muscle >= a->n)
            return emgp_fail(err, EMG_EARG, "an event names a muscle that the result does not have");
        take_event(a, &event);
    }
    return EMG_OK;
}

static emg_status put_all(asking *a, emg_error *err)
{
    a->n = emg_result_n_muscles(a->result);
    a->places = emgp_alloc(a->n, sizeof *a->places);
    emg_status status = a->places ? go_through(a, err) : emgp_fail_memory(err);
    for (size_t m = 0; status == EMG_OK && m < a->n; m++) {
        if (a->places[m].n_there > 0)
            continue;
        put_name(a->sink, a->result, m, a->from_s, a->to_s);
        put_quiet(a->sink, a->result, m, &a->places[m], a->config);
    }
    emgp_free(a->places);
    return status;
}

emg_status emg_report_why(emg_result *result, double from_s, double to_s, emg_write *write, void *context,
                          emg_error *err)
{
    if (!write || !isfinite(from_s) || !isfinite(to_s))
        return emgp_fail(err, EMG_EARG, "emg_report_why needs a finite time and a function that takes the text");
    emgp_sink sink;
    emgp_sink_init(&sink, write, context, err);
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE); /* limits come with events and steps */
    asking a = { .sink = &sink, .result = result, .from_s = from_s, .to_s = to_s, .config = &config };
    emg_status status = result ? put_all(&a, err) : EMG_OK;
    const emg_status written = emgp_sink_flush(&sink);
    return status ? status : written;
}
