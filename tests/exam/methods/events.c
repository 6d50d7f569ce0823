/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of found events. */
#include <math.h>
#include <stdlib.h>

#include "methods/detector.h"

emg_status exam_no_memory(emg_error *err)
{
    if (err)
        *err = (emg_error){ .status = EMG_ENOMEM, .offset = -1, .channel = -1, .text = "out of memory" };
    return EMG_ENOMEM;
}

void exam_events_clear(exam_events *events)
{
    events->n = 0;
}

void exam_events_free(exam_events *events)
{
    free(events->event);
    *events = (exam_events){ NULL, 0, 0 };
}

bool exam_events_add(exam_events *events, const emg_event *event)
{
    if (events->n == events->room) {
        size_t room = events->room ? 2 * events->room : 256;
        emg_event *grown = realloc(events->event, room * sizeof *grown);
        if (!grown)
            return false;
        events->event = grown;
        events->room = room;
    }
    events->event[events->n++] = *event;
    return true;
}

bool exam_events_add_spike(exam_events *events, double rate_hz, size_t first, size_t peak, size_t last)
{
    emg_event event = { .trial_type = EMG_FASCICULATION,
                        .onset_s = (double)first / rate_hz,
                        .duration_s = (double)(last - first + 1) / rate_hz,
                        .peak_s = (double)peak / rate_hz,
                        .frequency_hz = NAN,
                        .confidence = NAN };
    return exam_events_add(events, &event);
}
