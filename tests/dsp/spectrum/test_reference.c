/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RMS, mean and median frequency of real recordings, against figures that NumPy and SciPy gave. */
#include "support/test.h"

#include <stdbool.h>
#include <stdio.h>

#include <emg/raw.h>

#include "dsp/signal.h"

enum { WINDOW = 4096, MOST_CHANNELS = 64, CELLS = 16 };

/* Columns of REFERENCE.tsv. */
enum {
    FILE_NAME,
    CHANNEL,
    UNIT,
    RATE,
    SAMPLES,
    DURATION,
    MEAN,
    RMS_RAW,
    RMS,
    RMS_RAW_UV,
    RMS_UV,
    RMS_FULL_SCALE,
    BAND,
    MNF,
    MDF,
    DOMINANT
};

typedef struct description_of_file {
    char name[128];
    size_t n;
    emg_description d[MOST_CHANNELS];
    emg_channel channel[MOST_CHANNELS];
} description_of_file;

static bool take_row(void *context, const emg_raw_row *row)
{
    description_of_file *f = context;
    assert_true(row->index < MOST_CHANNELS);
    f->d[row->index] = *row->description;
    f->channel[row->index] = *row->channel;
    return true;
}

/* Describes all channels of a recording over 20 to 1500 Hz, as emg-spectrum --raw does. */
static void describe_file(const char *name, description_of_file *f)
{
    char path[512];
    emg_error err = EMG_ERROR_NONE;
    emg_run_config config = emg_run_defaults();
    config.reading.all_channels = true;
    memset(f, 0, sizeof *f);
    snprintf(path, sizeof path, "%s/data/real/%s", EMG_SHARED_DIR, name);
    if (emg_run_raw(path, &config, WINDOW, 20, 1500, take_row, f, &f->n, &err) != EMG_OK)
        fail_msg("%s: %s", name, err.text);
    snprintf(f->name, sizeof f->name, "%s", name);
    assert_true(f->n > 0);
}

/* Cuts a line at its tabs. */
static size_t split(char *line, char *cell[CELLS])
{
    size_t n = 0;
    for (char *at = line; n < CELLS; at++) {
        cell[n++] = at;
        at += strcspn(at, "\t\r\n");
        bool more = *at == '\t';
        *at = '\0';
        if (!more)
            break;
    }
    return n;
}

static void near_share(const char *what, char *const cell[CELLS], double found, double expected, double share)
{
    if (!(fabs(found - expected) <= share * fabs(expected)))
        fail_msg("%s, %s: %s %.8g, reference %.8g", cell[FILE_NAME], cell[CHANNEL], what, found, expected);
}

/* The channel of a row: by its label, or by its number where labels are blank (audio). */
static size_t channel_of(const description_of_file *f, const char *label)
{
    for (size_t c = 0; c < MOST_CHANNELS; c++) {
        if (f->channel[c].rate_hz > 0 && strcmp(f->channel[c].label, label) == 0)
            return c;
    }
    long number = strtol(label, NULL, 10);
    if (number < 1 || (size_t)number > f->n)
        fail_msg("%s has no channel '%s'", f->name, label);
    return (size_t)number - 1;
}

/* RMS and mean frequency within 0.5 %, median frequency within one bin. True when there were spectral values. */
static bool compare_row(const description_of_file *f, char *const cell[CELLS])
{
    size_t c = channel_of(f, cell[CHANNEL]);
    const emg_description *d = &f->d[c];
    const emg_channel *channel = &f->channel[c];
    double unit = channel->to_uv > 0 ? channel->to_uv : 1;
    if (*cell[RMS_FULL_SCALE]) {
        near_share("RMS of full scale", cell, d->rms_mean_removed, strtod(cell[RMS_FULL_SCALE], NULL), 0.005);
    } else {
        near_share("RMS", cell, d->rms / unit, strtod(cell[RMS_RAW], NULL), 0.005);
        near_share("RMS about the mean", cell, d->rms_mean_removed / unit, strtod(cell[RMS], NULL), 0.005);
    }
    if (*cell[RMS_UV])
        near_share("RMS in uV", cell, d->rms_mean_removed, strtod(cell[RMS_UV], NULL), 0.005);
    if (!*cell[MNF])
        return false;
    double bin = strtod(cell[RATE], NULL) / WINDOW, expected = strtod(cell[MDF], NULL);
    near_share("mean frequency", cell, d->moments.mean_frequency_hz, strtod(cell[MNF], NULL), 0.005);
    near_share("median frequency (bin)", cell, d->moments.median_frequency_bin_hz, expected, 0.01 / expected);
    near_share("median frequency", cell, d->moments.median_frequency_hz, expected, bin / expected);
    return true;
}

static void figures_agree_with_the_reference(void **state)
{
    (void)state;
    char line[1024], *cell[CELLS];
    static description_of_file f;
    size_t n_rows = 0, n_spectra = 0;
    FILE *table = fopen(EMG_SHARED_DIR "/data/real/REFERENCE.tsv", "r");
    if (!table) {
        print_message("SKIPPED: %s/data/real/REFERENCE.tsv is not there; nothing was compared\n", EMG_SHARED_DIR);
        skip();
    }
    assert_non_null(fgets(line, sizeof line, table));
    while (fgets(line, sizeof line, table)) {
        assert_int_equal(split(line, cell), CELLS);
        if (strcmp(f.name, cell[FILE_NAME]) != 0)
            describe_file(cell[FILE_NAME], &f);
        n_spectra += compare_row(&f, cell);
        n_rows++;
    }
    fclose(table);
    print_message("%zu channels compared, %zu with spectra\n", n_rows, n_spectra);
    assert_true(n_rows >= 50 && n_spectra >= 45);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(figures_agree_with_the_reference) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
