/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A score over recordings: adding them whole or not at all, and its plain figures. */
#include "analysis/score/score.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

enum { MOST_RESAMPLES = 100000 };

emg_score_config emg_score_defaults(void)
{
    return (emg_score_config){ .tolerance_s = 0.010,
                               .least_overlap = 0.5,
                               .frequency_within_hz = 0.25,
                               .n_resamples = 1000,
                               .seed = 1,
                               .fiducial = EMG_FIDUCIAL_ONSET };
}

static emg_status check(const emg_score_config *c, emg_error *err)
{
    if (!(c->tolerance_s >= 0) || !isfinite(c->tolerance_s))
        return emgp_fail(err, EMG_ERANGE, "a tolerance of %g s is not 0 or more", c->tolerance_s);
    if (!(c->least_overlap > 0 && c->least_overlap <= 1))
        return emgp_fail(err, EMG_ERANGE, "an overlap of %g is not above 0 and at most 1", c->least_overlap);
    if (!(c->frequency_within_hz >= 0))
        return emgp_fail(err, EMG_ERANGE, "a frequency limit of %g Hz is not 0 or more", c->frequency_within_hz);
    if (!(c->least_confidence >= 0 && c->least_confidence <= 1))
        return emgp_fail(err, EMG_ERANGE, "a confidence of %g is not within 0 to 1", c->least_confidence);
    if (c->n_resamples > MOST_RESAMPLES)
        return emgp_fail(err, EMG_ERANGE, "%zu resamples are more than %d", c->n_resamples, MOST_RESAMPLES);
    return EMG_OK;
}

static bool reserve_scratch(emg_score *s, size_t n)
{
    return emgp_reserve((void **)&s->scratch, &s->scratch_room, 0, n, sizeof *s->scratch);
}

emg_status emg_score_new(emg_score **out, const emg_score_config *config, emg_error *err)
{
    if (!out || !config)
        return emgp_fail(err, EMG_EARG, "a score needs its settings and a place to go");
    *out = NULL;
    emg_status status = check(config, err);
    if (status)
        return status;
    emg_score *s = emgp_alloc(1, sizeof *s);
    if (!s)
        return emgp_fail_memory(err);
    s->config = *config;
    if (!reserve_scratch(s, 3 * config->n_resamples)) {
        emg_score_free(s);
        return emgp_fail_memory(err);
    }
    *out = s;
    return EMG_OK;
}

void emg_score_free(emg_score *s)
{
    if (!s)
        return;
    emgp_free(s->counts);
    emgp_free(s->pairs);
    emgp_free(s->claims);
    emgp_free(s->scratch);
    emgp_free(s);
}

static emg_status check_events(const emg_event *events, size_t n, const char *which, emg_error *err)
{
    if (!events && n > 0)
        return emgp_fail(err, EMG_EARG, "no %s events where %zu were announced", which, n);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(events[i].onset_s))
            return emgp_fail(err, EMG_EARG, "%s event %zu has no finite onset", which, i + 1);
        if ((unsigned)events[i].trial_type >= EMG_N_CLASSES)
            return emgp_fail(err, EMG_EARG, "%s event %zu is of no class that exists", which, i + 1);
    }
    return EMG_OK;
}

emg_status emg_score_add(emg_score *s, const emg_event *truth, size_t n_truth, const emg_event *found, size_t n_found,
                         double observed_s, emg_error *err)
{
    if (!s)
        return emgp_fail(err, EMG_EARG, "no score to add to");
    emg_status status = check_events(truth, n_truth, "true", err);
    if (status == EMG_OK)
        status = check_events(found, n_found, "found", err);
    if (status)
        return status;
    if (!emgp_reserve((void **)&s->counts, &s->recordings_room, s->n_recordings, s->n_recordings + 1,
                      sizeof *s->counts))
        return emgp_fail_memory(err);
    const size_t n_pairs = s->n_pairs, n_claims = s->n_claims;
    uint64_t label[EMG_SCORE_LABELS][EMG_SCORE_LABELS];
    memcpy(label, s->label, sizeof label);
    memset(s->counts[s->n_recordings], 0, sizeof *s->counts);
    status = emgp_score_recording(s, truth, n_truth, found, n_found, s->counts[s->n_recordings], err);
    if (status == EMG_OK && !reserve_scratch(s, s->n_pairs))
        status = emgp_fail_memory(err);
    if (status) {
        s->n_pairs = n_pairs;
        s->n_claims = n_claims;
        memcpy(s->label, label, sizeof label);
        return status;
    }
    s->n_recordings++;
    s->observed_s += observed_s;
    return EMG_OK;
}

const emg_score_config *emg_score_settings(const emg_score *s)
{
    return s ? &s->config : NULL;
}

size_t emg_score_n_recordings(const emg_score *s)
{
    return s ? s->n_recordings : 0;
}

double emg_score_observed_s(const emg_score *s)
{
    return s && s->n_recordings > 0 ? s->observed_s : NAN;
}

uint64_t emg_score_label(const emg_score *s, size_t row, size_t column)
{
    return s && row < EMG_SCORE_LABELS && column < EMG_SCORE_LABELS ? s->label[row][column] : 0;
}

emg_score_bin emg_score_reliability(const emg_score *s, size_t bin)
{
    double confidence = 0, correct = 0;
    uint64_t n = 0;
    for (size_t i = 0; s && i < s->n_claims; i++) {
        double at = s->claims[i].confidence * EMG_SCORE_BINS;
        size_t of = at < 0 ? 0 : at >= EMG_SCORE_BINS ? EMG_SCORE_BINS - 1 : (size_t)at;
        if (of != bin)
            continue;
        n++;
        confidence += s->claims[i].confidence;
        correct += s->claims[i].correct;
    }
    double count = n > 0 ? (double)n : NAN;
    return (emg_score_bin){ n, confidence / count, correct / count };
}

double emg_score_calibration_error(const emg_score *s)
{
    double sum = 0;
    for (size_t bin = 0; bin < EMG_SCORE_BINS; bin++) {
        emg_score_bin b = emg_score_reliability(s, bin);
        if (b.n > 0)
            sum += (double)b.n * fabs(b.correct - b.confidence);
    }
    return s && s->n_claims > 0 ? sum / (double)s->n_claims : NAN;
}

emg_score_coverage emg_score_covered(const emg_score *s, double least_confidence)
{
    double kept = 0, correct = 0;
    for (size_t i = 0; s && i < s->n_claims; i++) {
        bool keep = s->claims[i].confidence >= least_confidence;
        kept += keep;
        correct += keep && s->claims[i].correct;
    }
    return (emg_score_coverage){ least_confidence, s && s->n_claims > 0 ? kept / (double)s->n_claims : NAN,
                                 kept > 0 ? correct / kept : NAN };
}

uint64_t emg_score_errors(const emg_score *s, size_t bin)
{
    uint64_t n = 0;
    if (!s)
        return 0;
    const double width = 2 * s->config.tolerance_s / EMG_SCORE_ERROR_BINS;
    for (size_t i = 0; i < s->n_pairs; i++) {
        const emgp_score_pair *p = &s->pairs[i];
        if (p->row == EMGP_SCORE_BLIND || p->episode)
            continue;
        double at = width > 0 ? floor((p->onset_error_s + s->config.tolerance_s) / width) : EMG_SCORE_ERROR_BINS / 2;
        n += (size_t)fmin(fmax(at, 0), EMG_SCORE_ERROR_BINS - 1) == bin;
    }
    return n;
}
