/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Muscles whose bursts keep one phase share one rhythm: it has one word in them, and one rate where they have it together. */
#include "analysis/evidence/evidence.h"

#include <math.h>
#include <string.h>

enum { RATE, BURSTS, LOCKED, BEYOND, TOGETHER, ALL };

static const emgp_rule numbers[] = {
    [RATE] = EMGP_NUMBER("shared.rate", "difference of the rates of two muscles / rate", EMGP_AT_MOST, EMGP_LIMIT(0.08),
                         EMGP_OURS, "they may share one rhythm"),
    [BURSTS] = EMGP_NUMBER("shared.bursts", "bursts that are compared, from where both go on", EMGP_AT_MOST,
                           EMGP_LIMIT(256), EMGP_OURS, "the phase of each burst in the cycles of the other muscle"),
    [LOCKED] = EMGP_NUMBER("shared.locked", "length of the mean of the phases", EMGP_AT_LEAST, EMGP_LIMIT(0.5),
                           EMGP_OURS, "bursts of one muscle keep their phase in the cycles of the other"),
    [BEYOND] = EMGP_NUMBER("shared.beyond", "bursts times the square of that length", EMGP_AT_LEAST, EMGP_LIMIT(7),
                           "Rayleigh test: probability exp(-7)", "and not by chance"),
    [TOGETHER] = EMGP_NUMBER("shared.together", "time that both go on / duration of the shorter one", EMGP_AT_LEAST,
                             EMGP_LIMIT(0.5), EMGP_OURS, "they have one word"),
    [ALL] = EMGP_NUMBER("shared.all", "time that both go on / time that either does", EMGP_AT_LEAST, EMGP_LIMIT(0.8),
                        EMGP_OURS, "they have one rate"),
};

emgp_rules emgp_shared_rules(void)
{
    return (emgp_rules)EMGP_RULES(numbers);
}

enum { MOST_BURSTS = 256, MOST_BESIDE = 8 };

static const double turn = 6.283185307179586;

typedef struct bursts {
    double at_s[MOST_BURSTS];
    size_t n;
} bursts;

static double end_of(const emg_event *event)
{
    return event->onset_s + event->duration_s;
}

/* The event's first bursts from a moment on. */
static emg_status read_bursts(const emgp_spill *times, const emg_event *event, double from_s, bursts *out,
                              emg_error *err)
{
    emgp_merge *merge = NULL;
    const void *record = NULL;
    size_t stream;
    out->n = 0;
    emg_status status = emgp_merge_new(&merge, times, event->channel * EMGP_N_TIMES, EMGP_N_TIMES, err);
    if (status == EMG_OK)
        status = emgp_merge_seek(merge, from_s, err);
    while (status == EMG_OK && (double)out->n < numbers[BURSTS].limit && out->n < MOST_BURSTS &&
           (status = emgp_merge_next(merge, &stream, &record, err)) == EMG_OK && record) {
        emgp_burst_time time;
        memcpy(&time, record, sizeof time);
        if (time.at_s > end_of(event))
            break;
        if (time.unit == 0)
            out->at_s[out->n++] = time.at_s;
    }
    emgp_merge_free(merge);
    return status;
}

/* Whether the bursts of a keep their phase in the cycles of b; cycles in which b misses a burst do not count. */
static bool is_locked(const bursts *a, const bursts *b, double period_s)
{
    double c = 0, s = 0, n = 0;
    for (size_t i = 0, k = 0; i < a->n && b->n > 1; i++) {
        while (k + 2 < b->n && b->at_s[k + 1] <= a->at_s[i])
            k++;
        const double cycle_s = b->at_s[k + 1] - b->at_s[k], phase = (a->at_s[i] - b->at_s[k]) / cycle_s;
        if (phase < 0 || phase >= 1 || cycle_s > 2 * period_s)
            continue;
        c += cos(turn * phase);
        s += sin(turn * phase);
        n++;
    }
    const double length = n > 0 ? hypot(c, s) / n : 0;
    return length >= numbers[LOCKED].limit && n * length * length >= numbers[BEYOND].limit;
}

/* Time that two events go on together. */
static double together(const emg_event *a, const emg_event *b)
{
    return fmin(end_of(a), end_of(b)) - fmax(a->onset_s, b->onset_s);
}

static bool have_one_word(const emg_event *a, const emg_event *b)
{
    return a->muscle != b->muscle && fabs(a->frequency_hz - b->frequency_hz) <= numbers[RATE].limit * a->frequency_hz &&
           together(a, b) >= numbers[TOGETHER].limit * fmin(a->duration_s, b->duration_s);
}

static bool have_one_rate(const emg_event *a, const emg_event *b)
{
    const double either_s = fmax(end_of(a), end_of(b)) - fmin(a->onset_s, b->onset_s);
    return together(a, b) >= numbers[ALL].limit * either_s;
}

static emg_status look(const emgp_spill *times, const emg_event *a, const emg_event *b, bool *locked, emg_error *err)
{
    const double from_s = fmax(a->onset_s, b->onset_s) - 1 / a->frequency_hz;
    bursts of_a, of_b;
    emg_status status = read_bursts(times, a, from_s, &of_a, err);
    if (status == EMG_OK)
        status = read_bursts(times, b, from_s, &of_b, err);
    *locked = status == EMG_OK && is_locked(&of_a, &of_b, 1 / b->frequency_hz);
    return status;
}

static size_t head_of(const size_t *head, size_t i)
{
    while (head[i] != i)
        i = head[i];
    return i;
}

/* Each event is compared with a few before it that go on meanwhile; one that shares a rhythm with it has its head. */
static emg_status find_heads(const emg_event *events, size_t n, const emgp_spill *times, size_t *head, emg_error *err)
{
    for (size_t i = 0; i < n; i++) {
        size_t n_beside = 0;
        head[i] = i;
        for (size_t k = i; k-- > 0 && n_beside < MOST_BESIDE;) {
            bool locked = false;
            if (head_of(head, k) == head_of(head, i) || !have_one_word(&events[k], &events[i]))
                continue;
            n_beside++;
            emg_status status = look(times, &events[k], &events[i], &locked, err);
            if (status)
                return status;
            if (locked)
                head[head_of(head, i)] = head_of(head, k);
        }
    }
    return EMG_OK;
}

/* Of the events of a head the word that weighs most; `rhythmic` only where none was told apart. */
static emg_class word_of(const emg_event *events, size_t n, const size_t *head, size_t at)
{
    const size_t of = head_of(head, at);
    double clonus = 0, tremor = 0;
    for (size_t i = of; i < n; i++) {
        if (head_of(head, i) != of)
            continue;
        const double weight = events[i].confidence * events[i].duration_s;
        clonus += events[i].trial_type == EMG_CLONUS ? weight : 0;
        tremor += events[i].trial_type == EMG_TREMOR ? weight : 0;
    }
    if (clonus > 0 || tremor > 0)
        return clonus > tremor ? EMG_CLONUS : EMG_TREMOR;
    return events[at].trial_type;
}

/* The mean of those that go on with it, the more even the bursts of one and the more they are the more it weighs. */
static double rate_of(const emg_event *events, size_t n, const size_t *head, size_t at)
{
    double sum = 0, weights = 0, members = 0;
    for (size_t i = head_of(head, at); i < n; i++) {
        const double scatter = events[i].interval_cv;
        if (head_of(head, i) != head_of(head, at) || !have_one_rate(&events[i], &events[at]) || !(scatter > 0))
            continue;
        const double weight = (double)events[i].count / (scatter * scatter);
        members++;
        weights += weight;
        sum += weight * events[i].frequency_hz;
    }
    return members > 1 ? sum / weights : events[at].frequency_hz;
}

bool emgp_shared_may(const emg_event *event)
{
    const emg_class c = event->trial_type;
    return (c == EMG_CLONUS || c == EMG_TREMOR || c == EMG_RHYTHMIC) && event->frequency_hz > 0 && event->count > 1;
}

emg_status emgp_shared_settle(emg_event *events, size_t n, const emgp_spill *times, emg_error *err)
{
    size_t *head = emgp_alloc(n, sizeof *head);
    double *rate_hz = emgp_alloc(n, sizeof *rate_hz);
    emg_class *word = emgp_alloc(n, sizeof *word);
    emg_status status = head && rate_hz && word ? find_heads(events, n, times, head, err) : emgp_fail_memory(err);
    for (size_t i = 0; status == EMG_OK && i < n; i++) {
        word[i] = word_of(events, n, head, i);
        rate_hz[i] = rate_of(events, n, head, i);
    }
    for (size_t i = 0; status == EMG_OK && i < n; i++) {
        events[i].trial_type = word[i];
        events[i].frequency_hz = rate_hz[i];
    }
    emgp_free(head);
    emgp_free(rate_hz);
    emgp_free(word);
    return status;
}
