/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a scenario to samples and truth. */
#include "ground/record.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/filter.h>
#include <emg/filter_stream.h>
#include <emg/simulate.h>
#include <emg/simulation.h>

static const double LOW_HZ = 20, HIGH_HZ = 450; /* of the analysis */
static const double WAV_FULL_SCALE_UV = 5000;

void exam_record_free(exam_record *record)
{
    free(record->raw);
    free(record->x);
    free(record->marks);
    exam_events_free(&record->truth);
    *record = (exam_record){ 0 };
}

exam_signal exam_record_signal(const exam_record *record, size_t channel)
{
    const size_t at = channel * record->n;
    return (exam_signal){ record->raw + at, record->x + at, record->n, record->rate_hz };
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
                            .channel = (uint32_t)t->channel,
                            .unit = t->unit,
                            .confidence = NAN };
        if (!exam_events_add(&r->truth, &event))
            return false;
    }
    return true;
}

/* What the annotations say, as the options --rest, --task, --stretch and --stimulus would give it. */
static bool take_marks(exam_record *r, const emg_simulation *simulation)
{
    static const struct {
        const char *word;
        emg_mark_kind kind;
    } kinds[] = { { "rest", EMG_MARK_REST },
                  { "task: hold", EMG_MARK_TASK },
                  { "stretch", EMG_MARK_STRETCH },
                  { "stimulus", EMG_MARK_STIMULUS } };
    const size_t n = emg_simulation_n_annotations(simulation);
    r->marks = malloc((n + 1) * sizeof *r->marks);
    for (size_t i = 0; r->marks && i < n; i++) {
        const emg_simulated_annotation *a = emg_simulation_annotation(simulation, i);
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
            if (strcmp(a->text, kinds[k].word) == 0)
                r->marks[r->n_marks++] =
                    (emg_mark){ .onset_s = a->onset_s, .duration_s = a->duration_s, .kind = kinds[k].kind };
    }
    return r->marks != NULL;
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
    for (size_t c = 0; status == EMG_OK && c < r->n_channels; c++)
        status = emg_filter_apply(filter, EMG_FILTER_ZERO_PHASE, r->raw + c * r->n, r->n, r->x + c * r->n, err);
    emg_filter_free(filter);
    return status;
}

/* All samples, channel after channel. */
static emg_status play(exam_record *r, emg_simulation *simulation, emg_error *err)
{
    const size_t n = r->n * r->n_channels;
    r->raw = malloc(n * sizeof *r->raw);
    r->x = malloc(n * sizeof *r->x);
    if (!r->raw || !r->x)
        return exam_no_memory(err);
    emg_status status = emg_simulation_next(simulation, r->x, r->n, err);
    for (size_t c = 0; status == EMG_OK && c < r->n_channels; c++)
        for (size_t i = 0; i < r->n; i++)
            r->raw[c * r->n + i] = r->x[i * r->n_channels + c];
    return status;
}

static emg_status fill(exam_record *r, emg_simulation *simulation, exam_format format, emg_error *err)
{
    r->rate_hz = emg_simulation_rate_hz(simulation);
    r->n = (size_t)(r->rate_hz * emg_simulation_duration_s(simulation));
    r->n_channels = emg_simulation_n_channels(simulation);
    for (size_t c = 0; c < r->n_channels && c < EXAM_CHANNELS; c++)
        snprintf(r->label[c], sizeof r->label[c], "%s", emg_simulation_channel(simulation, c)->label);
    if (!take_truth(r, simulation) || !take_marks(r, simulation))
        return exam_no_memory(err);
    emg_status status = play(r, simulation, err);
    if (status == EMG_OK) {
        quantise(r->raw, r->n * r->n_channels, format);
        status = filter_record(r, err);
    }
    r->uncalibrated = format == EXAM_WAV;
    for (size_t i = 0; status == EMG_OK && r->uncalibrated && i < r->n; i++)
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
    out->told = exam_scenario_told(text);
    out->context = exam_scenario_context(text);
    out->needle = strstr(text, "electrode = needle") != NULL;
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

emg_status exam_record_write(exam_split split, const exam_cell *cell, size_t record, const char *path, emg_error *err)
{
    char text[EXAM_SCENARIO_ROOM], beside[1024];
    uint64_t seed;
    const char *dot = strrchr(path, '.');
    exam_scenario(split, cell, record, text, &seed);
    snprintf(beside, sizeof beside, "%s%.*s.txt", strchr(path, '/') ? "" : "./",
             (int)(dot ? dot - path : (long)strlen(path)), path);
    FILE *file = fopen(beside, "w");
    bool written = file && fputs(text, file) >= 0;
    written = file && fclose(file) == 0 && written;
    if (!written) {
        if (err)
            *err =
                (emg_error){ .status = EMG_EIO, .offset = -1, .channel = -1, .text = "the scenario cannot be written" };
        return EMG_EIO;
    }
    emg_simulation_job job = { .scenario = beside, .path = path, .seed = seed };
    return emg_run_simulation_job(&job, err);
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
            for (size_t k = 0; k < r.n * r.n_channels * sizeof *r.raw; k++)
                hash = (hash ^ bytes[k]) * UINT64_C(1099511628211);
            exam_record_free(&r);
        }
    }
    return hash;
}
