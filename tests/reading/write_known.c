/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a recording whose every digital sample, annotation and record time is known: write_known edf|bdf contiguous|gaps PATH. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "reading/edf/edf.h"

enum { N_SIGNALS = 3, PER_RECORD = 200, N_RECORDS = 12, GAP_AT = 5 };
static const double gap_s = 7.25;

/* Sample i of signal s, over the whole digital range. */
static long digital(long s, long i, long low, long high)
{
    return low + (i * 7919 + s * 104729 + i * i % 101) % (high - low + 1);
}

static emg_status write_records(emgp_edf_writer *w, const emgp_edf_written *signals, int gaps, emg_error *err)
{
    for (long r = 0; r < N_RECORDS; r++) {
        for (long s = 0; s < N_SIGNALS; s++) {
            const emgp_edf_written *known = &signals[s];
            double gain = (known->physical_max - known->physical_min) / (known->digital_max - known->digital_min);
            double x[PER_RECORD];
            for (long i = 0; i < PER_RECORD; i++) {
                long d = digital(s, r * PER_RECORD + i, known->digital_min, known->digital_max);
                x[i] = (double)(d - known->digital_min) * gain + known->physical_min;
            }
            emgp_edf_writer_signal(w, (size_t)s, x, 1);
        }
        emg_status status = emgp_edf_writer_end_record(w, 0.2 * (double)r + (gaps && r >= GAP_AT ? gap_s : 0), err);
        if (status)
            return status;
    }
    return EMG_OK;
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    int bdf = strcmp(argv[1], "bdf") == 0, gaps = strcmp(argv[2], "gaps") == 0;
    int low = bdf ? -8388608 : -32768, high = bdf ? 8388607 : 32767;
    emgp_edf_written signals[N_SIGNALS] = {
        { "EMG TA", "surface", "uV", "HP:10Hz", -3276.8, 3276.7, low, high, PER_RECORD },
        { "EMG Soleus", "surface", "uV", "HP:10Hz", 1000, -1000, low, high, PER_RECORD },
        { "EMG VL", "needle", "uV", "", -0.5, 99.5, -1000, 1000, PER_RECORD },
    };
    emgp_edf_plan plan = {
        .bdf = bdf, .gaps = gaps, .record_s = 0.2, .annotation_bytes = 90, .signals = signals, .n_signals = N_SIGNALS
    };
    emg_error err = EMG_ERROR_NONE;
    emgp_edf_writer *w = NULL;
    emg_status status = emgp_edf_writer_open(&w, argv[3], &plan, &err);
    if (status == EMG_OK)
        status = emgp_edf_writer_annotate(w, 0.5, 0.25, "stretch", &err);
    if (status == EMG_OK)
        status = emgp_edf_writer_annotate(w, 1.125, NAN, "Dehnung \xC3\xBC", &err);
    if (status == EMG_OK)
        status = write_records(w, signals, gaps, &err);
    if (status == EMG_OK)
        status = emgp_edf_writer_finish(w, &err);
    if (status)
        fprintf(stderr, "%s\n", err.text);
    emgp_edf_writer_free(w);
    return status != EMG_OK;
}
