/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a scenario to samples and truth. */
#include "record.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <emg/filter.h>
#include <emg/filter_stream.h>
#include <emg/simulate.h>

static const double LOW_HZ = 20, HIGH_HZ = 450; /* of the analysis */
static const double WAV_FULL_SCALE_UV = 5000;

void exam_record_free(exam_record *record)
{
    free(record->raw);
    free(record->x);
    exam_events_free(&record->truth);
    *record = (exam_record){ 0 };
}

exam_signal exam_record_signal(const exam_record *record)
{
    return (exam_signal){ record->raw, record->x, record->n, record->rate_hz };
}

/* Steps of a file: 16 bits over the simulator's range, 24 bits over it, 16 bits of a sound file. */
static void quantise(double *x, size_t n, exam_format format)
{
    static const double steps[] = { [EXAM_EDF] = 0.1, [EXAM_BDF] = 0.1 / 256, [EXAM_WAV] = 5000.0 / 32768 };
    for (size_t i = 0; i < n; i++)
        x[i] = round(x[i] / steps[format]) * steps[format];
}

static bool take_truth(exam_record *r, const emg_simulation *simulation)
{
    for (size_t i = 0; i < emg_simulation_n_events(simulation); i++) {
        const emg_truth *t = emg_simulation_event(simulation, i);
        emg_event event = { .trial_type = t->trial_type,
                            .onset_s = t->onset_s,
                            .duration_s = t->duration_s,
                            .peak_s = t->peak_s,
                            .amplitude = t->amplitude_uv,
                            .frequency_hz = t->frequency_hz,
                            .count = t->count,
                            .unit = t->unit,
                            .confidence = NAN };
        if (!exam_events_add(&r->truth, &event))
            return false;
    }
    return true;
}

static emg_status filter_record(exam_record *r, emg_error *err)
{
    emg_filter_plan plan = { .family = EMG_FILTER_BUTTERWORTH,
                             .kind = EMG_FILTER_PASS,
                             .order = 4,
                             .low_hz = LOW_HZ,
                             .high_hz = fmin(HIGH_HZ, 0.45 * r->rate_hz),
                             .rate_hz = r->rate_hz };
    emg_filter *filter = NULL;
    emg_status status = emg_filter_design(&filter, &plan, err);
    if (status == EMG_OK)
        status = emg_filter_apply(filter, EMG_FILTER_ZERO_PHASE, r->raw, r->n, r->x, err);
    emg_filter_free(filter);
    return status;
}

static emg_status fill(exam_record *r, emg_simulation *simulation, exam_format format, emg_error *err)
{
    r->rate_hz = emg_simulation_rate_hz(simulation);
    r->n = (size_t)(r->rate_hz * emg_simulation_duration_s(simulation));
    r->raw = malloc(r->n * sizeof *r->raw);
    r->x = malloc(r->n * sizeof *r->x);
    if (!r->raw || !r->x || !take_truth(r, simulation))
        return exam_no_memory(err);
    emg_status status = emg_simulation_next(simulation, r->raw, r->n, err);
    if (status)
        return status;
    quantise(r->raw, r->n, format);
    status = filter_record(r, err);
    r->uncalibrated = format == EXAM_WAV;
    for (size_t i = 0; r->uncalibrated && i < r->n; i++)
        r->raw[i] /= WAV_FULL_SCALE_UV;
    return status;
}

static emg_status make(exam_record *out, exam_split split, const exam_cell *cell, size_t record, exam_format format,
                       emg_error *err)
{
    char text[EXAM_SCENARIO_ROOM];
    uint64_t seed;
    emg_simulation *simulation = NULL;
    *out = (exam_record){ 0 };
    exam_scenario(split, cell, record, text, &seed);
    emg_status status = emg_simulation_read(&simulation, text, strlen(text), cell->name, seed, 0, 0, err);
    if (status == EMG_OK)
        status = fill(out, simulation, format, err);
    emg_simulation_free(simulation);
    return status;
}

emg_status exam_record_make(exam_record *out, exam_split split, const exam_cell *cell, size_t record, emg_error *err)
{
    return make(out, split, cell, record, cell->format, err);
}

/* The name, and with it the seed, stays. */
static exam_cell bare_of(const exam_cell *cell)
{
    exam_cell bare = *cell;
    bare.extra = cell->extra == EXAM_PAIRS ? EXAM_PAIRS : EXAM_PLAIN;
    return bare;
}

emg_status exam_record_make_bare(exam_record *out, exam_split split, const exam_cell *cell, size_t record,
                                 emg_error *err)
{
    const exam_cell bare = bare_of(cell);
    return make(out, split, &bare, record, EXAM_BDF, err);
}

emg_status exam_record_make_loud(exam_record *out, exam_split split, const exam_cell *cell, size_t record,
                                 emg_error *err)
{
    exam_cell loud = bare_of(cell);
    loud.snr_db = 50;
    return make(out, split, &loud, record, EXAM_BDF, err);
}

uint64_t exam_samples_fingerprint(exam_split split)
{
    enum { STEP = 16 };
    uint64_t hash = UINT64_C(14695981039346656037);
    for (int part = 0; part < EXAM_N_PARTS; part++) {
        exam_cell cell;
        for (size_t i = 0; exam_cell_at((exam_part)part, i, &cell); i += STEP) {
            exam_record r;
            if (exam_record_make(&r, split, &cell, 0, NULL)) {
                exam_record_free(&r);
                return 0;
            }
            const unsigned char *bytes = (const unsigned char *)r.raw;
            for (size_t k = 0; k < r.n * sizeof *r.raw; k++)
                hash = (hash ^ bytes[k]) * UINT64_C(1099511628211);
            exam_record_free(&r);
        }
    }
    return hash;
}
