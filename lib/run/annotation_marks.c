/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotations whose texts match a glob become marks of what it stands for, the others unknown marks numbered by text. */
#include "run/run.h"

#include <string.h>

#include "base/base.h"
#include "reading/source/source.h"

enum { FEW = 10 }; /* marks below which a text may give way: too few for any statement */

/* The unknown marks of one text. */
typedef struct text_marks {
    char text[256];
    double *onset_s;
    size_t n, room;
    size_t latest;  /* number of its latest mark, of all unknown ones */
    size_t channel; /* that it is about, from 1; 0: all */
} text_marks;

enum { N_SINGLE = 3, N_KINDS = 4 }; /* kinds of one glob, and with the stimuli */

/* The globs of each kind of mark. */
typedef struct mark_globs {
    const char *const *glob;
    size_t n, first; /* first: its place among all globs */
    const char *option;
} mark_globs;

typedef struct search {
    emgp_marks *out;
    const emg_recording *recording;
    mark_globs kinds[N_KINDS]; /* by emg_mark_kind */
    bool *matched;             /* by the place of a glob among all */
    emgp_kinds count;
    text_marks *texts; /* EMG_MARK_TEXTS; NULL: unknown marks are not wanted */
    size_t n_texts, n_unknown;
} search;

static bool add(emgp_marks *out, const emg_mark *mark)
{
    void *marks = out->mark;
    if (!emgp_reserve(&marks, &out->room, out->n, out->n + 1, sizeof *out->mark))
        return false;
    out->mark = marks;
    out->mark[out->n++] = *mark;
    return true;
}

/* Whether an annotation is of a kind, by any of its globs; a glob that is NULL matches none. */
static bool matches(const search *s, size_t kind, const char *text)
{
    const mark_globs *globs = &s->kinds[kind];
    bool any = false;
    for (size_t i = 0; i < globs->n; i++) {
        bool here = globs->glob[i] && emgp_about_glob(s->recording, globs->glob[i], text);
        s->matched[globs->first + i] = s->matched[globs->first + i] || here;
        any = any || here;
    }
    return any;
}

/* The one channel that a text is about, from 1; 0: all, or more than one. */
static size_t only_channel(const search *s, const char *text)
{
    const size_t n = emg_recording_get_facts(s->recording)->n_channels;
    size_t first = emgp_about_next(s->recording, text, 0);
    return first < n && emgp_about_next(s->recording, text, first + 1) == n ? first + 1 : 0;
}

static bool gives_way(const text_marks *t, const text_marks *other)
{
    return t->n < other->n || (t->n == other->n && t->latest < other->latest);
}

/* The place of a text: its own, else a new one, else that of the text with fewest marks and longest without one, while
 * those are few. */
static text_marks *place_of(search *s, const char *text)
{
    text_marks *fewest = s->texts;
    for (size_t i = 0; i < s->n_texts; i++) {
        if (strcmp(s->texts[i].text, text) == 0)
            return &s->texts[i];
        fewest = gives_way(&s->texts[i], fewest) ? &s->texts[i] : fewest;
    }
    if (s->n_texts < EMG_MARK_TEXTS)
        fewest = &s->texts[s->n_texts++];
    else if (fewest->n >= FEW)
        return NULL;
    emgp_text_copy(fewest->text, sizeof fewest->text, text);
    fewest->n = 0;
    fewest->channel = only_channel(s, text);
    return fewest;
}

static bool take_unknown(search *s, const emg_annotation *annotation)
{
    text_marks *t = place_of(s, annotation->text);
    if (!t || t->n == EMGP_MARKS_OF_TEXT)
        return true;
    t->latest = s->n_unknown++;
    void *onsets = t->onset_s;
    if (!emgp_reserve(&onsets, &t->room, t->n, t->n + 1, sizeof *t->onset_s))
        return false;
    t->onset_s = onsets;
    t->onset_s[t->n++] = annotation->onset_s;
    return true;
}

/* A mark for each channel that the annotation is about, one for all when it is about none of its own. */
static bool take_known(search *s, const emg_annotation *a, size_t kind)
{
    const size_t n = emg_recording_get_facts(s->recording)->n_channels;
    emg_mark mark = { .onset_s = a->onset_s, .duration_s = a->duration_s, .kind = (emg_mark_kind)kind };
    size_t channel = emgp_about_next(s->recording, a->text, 0);
    bool whole = channel < n || add(s->out, &mark);
    for (; whole && channel < n; channel = emgp_about_next(s->recording, a->text, channel + 1)) {
        mark.channel = channel + 1;
        whole = add(s->out, &mark);
    }
    return whole;
}

static bool take_annotation(void *context, const emg_annotation *annotation)
{
    search *s = context;
    bool known = false, whole = true;
    emgp_kinds_take(&s->count, annotation->text);
    for (size_t kind = 0; whole && kind < N_KINDS; kind++) {
        if (!matches(s, kind, annotation->text))
            continue;
        known = true;
        whole = take_known(s, annotation, kind);
    }
    return whole && (known || !s->texts || take_unknown(s, annotation));
}

/* Says which globs matched nothing. */
static emg_status say_unmatched(const search *s, emg_recording *recording, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t kind = 0; kind < N_KINDS; kind++) {
        const mark_globs *globs = &s->kinds[kind];
        for (size_t i = 0; i < globs->n && status == EMG_OK; i++)
            if (globs->glob[i] && !s->matched[globs->first + i])
                status =
                    emgp_kinds_unmatched(recording, &s->count, "W_MARK_UNMATCHED", globs->option, globs->glob[i], err);
    }
    return status;
}

static emg_status search_all(search *s, emg_recording *recording, const emg_run_config *c, emg_error *err)
{
    s->recording = recording;
    s->kinds[EMG_MARK_REST] = (mark_globs){ &c->rest_glob, 1, 0, "rest" };
    s->kinds[EMG_MARK_TASK] = (mark_globs){ &c->task_glob, 1, 1, "task" };
    s->kinds[EMG_MARK_STRETCH] = (mark_globs){ &c->stretch_glob, 1, 2, "stretch" };
    s->kinds[EMG_MARK_STIMULUS] = (mark_globs){ c->stimulus_globs, c->n_stimulus_globs, N_SINGLE, "stimulus" };
    s->matched = emgp_alloc(N_SINGLE + c->n_stimulus_globs, sizeof *s->matched);
    emg_status status = s->matched ? emgp_kinds_open(&s->count, err) : emgp_fail_memory(err);
    if (status == EMG_OK)
        status = emg_recording_annotations(recording, take_annotation, s, err);
    if (status == EMG_ECANCELLED)
        status = emgp_fail_memory(err);
    if (status == EMG_OK)
        status = say_unmatched(s, recording, err);
    emgp_kinds_free(&s->count);
    emgp_free(s->matched);
    return status;
}

emg_status emgp_marks_read(emgp_marks *out, emg_recording *recording, const emg_run_config *config, emg_error *err)
{
    if (!config->rest_glob && !config->task_glob && !config->stretch_glob && config->n_stimulus_globs == 0)
        return EMG_OK;
    search s = { .out = out };
    return search_all(&s, recording, config, err);
}

static emg_status add_unknown(search *s, emg_error *err)
{
    for (size_t t = 0; t < s->n_texts; t++)
        for (size_t i = 0; i < s->texts[t].n; i++)
            if (!add(s->out, &(emg_mark){ .onset_s = s->texts[t].onset_s[i],
                                          .kind = EMG_MARK_UNKNOWN,
                                          .text = (unsigned)t,
                                          .channel = s->texts[t].channel }))
                return emgp_fail_memory(err);
    return EMG_OK;
}

emg_status emgp_marks_read_all(emgp_marks *out, emg_recording *recording, const emg_run_config *config, emg_error *err)
{
    search s = { .out = out, .texts = emgp_alloc(EMG_MARK_TEXTS, sizeof *s.texts) };
    if (!s.texts)
        return emgp_fail_memory(err);
    emg_status status = search_all(&s, recording, config, err);
    if (status == EMG_OK)
        status = add_unknown(&s, err);
    for (size_t t = 0; t < EMG_MARK_TEXTS; t++)
        emgp_free(s.texts[t].onset_s);
    emgp_free(s.texts);
    return status;
}
