/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of power over time and frequency, one below the other. */
#ifndef EMGP_SPECTROGRAM_H
#define EMGP_SPECTROGRAM_H

#include <stdbool.h>

#include <emg/report.h>

/* One channel's picture. */
typedef struct emgp_spectrogram_panel {
    const char *channel, *muscle; /* muscle "": none */
    bool calibrated;              /* power in uV^2 / Hz, else in the recording's own unit */
    double start_s, column_s;     /* time of the first column's begin, width of a column */
    double high_hz;               /* rows lie evenly from 0 to here */
    size_t n_columns, n_rows;
    const double *power; /* [column][row] mean density; NaN where there is no signal */
} emgp_spectrogram_panel;

/* A whole SVG file. EMG_ENOMEM, or what `write` answered. */
emg_status emgp_spectrogram_write(const emgp_spectrogram_panel *panels, size_t n, emg_write *write, void *context,
                                  emg_error *err);

#endif
