/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contractions of a recording's muscles as an events table: contractions RECORDING EVENTS.tsv [BLOCK_FRAMES] */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <emg/recording.h>
#include <emg/run.h>

#include "analysis/contraction/contraction.h"
#include "run/run.h"

enum { BUDGET = 1 << 22 };

typedef struct muscles {
    emgp_spill *spill;
    emgp_levels *levels[EMGP_PASS_CHANNELS];
    float *one; /* a channel's samples of a block */
    size_t room;
} muscles;

typedef struct job {
    emgp_pass pass;
    FILE *out;
    double seconds_in, seconds_out, analysed_s;
} job;

typedef struct row {
    job *job;
    const char *channel;
} row;

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static emg_status make(emgp_pass_group *group, emg_error *err)
{
    muscles *m = calloc(1, sizeof *m);
    group->state = m;
    emg_status status = emgp_spill_new(&m->spill, group->n_channels, sizeof(emgp_level_record), BUDGET, NULL, err);
    for (size_t i = 0; status == EMG_OK && i < group->n_channels; i++)
        status = emgp_levels_new(&m->levels[i], group->rate_hz, group->low_hz, group->high_hz, m->spill, i, err);
    return status;
}

static emg_status take(job *j, emgp_pass_group *group, const float *x, size_t n_frames, emg_error *err)
{
    muscles *m = group->state;
    if (n_frames > m->room) {
        m->one = realloc(m->one, n_frames * sizeof *m->one);
        m->room = n_frames;
    }
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < group->n_channels; i++) {
        for (size_t k = 0; k < n_frames; k++)
            m->one[k] = x[k * group->n_channels + i];
        const double before = now_s();
        status = emgp_levels_push(m->levels[i], m->one, n_frames, err);
        j->seconds_in += now_s() - before;
    }
    j->analysed_s += (double)n_frames / group->rate_hz;
    return status;
}

static emg_status take_item(job *j, const emgp_pass_item *item, emg_error *err)
{
    emgp_pass_group *group = item->group;
    emg_status status = group->state ? EMG_OK : make(group, err);
    muscles *m = group->state;
    if (item->event == EMGP_PASS_FRAMES)
        return take(j, group, item->x, item->n_frames, err);
    for (size_t i = 0; status == EMG_OK && i < group->n_channels; i++) {
        if (item->event == EMGP_PASS_BEGINS)
            emgp_levels_start(m->levels[i], item->time_s);
        else
            status = emgp_levels_end(m->levels[i], err);
    }
    return status;
}

static emg_status print(void *context, const emgp_contraction *c, emg_error *err)
{
    (void)err;
    const row *r = context;
    fprintf(r->job->out, "%.6f\t%.6f\ttonic\t%s\t%.6g\tn/a\t%.1f\t%u\n", c->onset_s, c->end_s - c->onset_s, r->channel,
            c->level, 20 * log10(c->level / c->floor), c->flags);
    return EMG_OK;
}

static emg_status end(job *j, emg_error *err)
{
    emg_status status = EMG_OK;
    const double before = now_s();
    for (size_t g = 0; g < j->pass.n_groups; g++) {
        const emgp_pass_group *group = j->pass.groups[g];
        muscles *m = group->state;
        for (size_t i = 0; m && status == EMG_OK && i < group->n_channels; i++) {
            row r = { j, emg_recording_channel(j->pass.recording, group->index[i])->name };
            emgp_floor level;
            status = emgp_floor_settle(m->levels[i], &level, err);
            if (getenv("FLOOR"))
                fprintf(stderr, "%s floor %.2f dB jitter %.2f never_rests %d\n", r.channel, level.level_db,
                        level.jitter_db, level.never_rests);
            if (status == EMG_OK)
                status = emgp_contractions_find(m->spill, i, emgp_levels_step_s(m->levels[i]), &level, NULL, 0, NULL,
                                                print, &r, err);
        }
    }
    j->seconds_out = now_s() - before;
    return status;
}

static void free_group(emgp_pass_group *group)
{
    muscles *m = group->state;
    if (!m)
        return;
    for (size_t i = 0; i < group->n_channels; i++)
        emgp_levels_free(m->levels[i]);
    emgp_spill_free(m->spill);
    free(m->one);
    free(m);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return fputs("contractions RECORDING EVENTS.tsv [BLOCK_FRAMES]\n", stderr), 2;
    emg_error err = EMG_ERROR_NONE;
    emg_run_config config = emg_run_defaults();
    if (argc > 3)
        config.reading.block_frames = (size_t)strtoul(argv[3], NULL, 10);
    job j = { .out = fopen(argv[2], "w") };
    if (!j.out)
        return perror(argv[2]), 1;
    fputs("onset\tduration\ttrial_type\tchannel\tamplitude\tfrequency_hz\tsnr_db\tflags\n", j.out);
    const double before = now_s();
    emgp_pass_item item;
    emg_status status = emgp_pass_open(&j.pass, argv[1], &config.reading, &config, &err);
    while (status == EMG_OK && emgp_pass_next(&j.pass, &item))
        status = take_item(&j, &item, &err);
    status = status ? status : j.pass.status;
    if (status == EMG_OK)
        status = end(&j, &err);
    for (size_t g = 0; g < j.pass.n_groups; g++)
        free_group(j.pass.groups[g]);
    emgp_pass_close(&j.pass);
    fclose(j.out);
    if (status)
        return fprintf(stderr, "%s: %s\n", argv[1], err.text), 1;
    if (getenv("TIMES"))
        printf("in %.3f s, out %.3f s, all %.3f s, signal %.0f s\n", j.seconds_in, j.seconds_out, now_s() - before,
               j.analysed_s);
    return 0;
}
