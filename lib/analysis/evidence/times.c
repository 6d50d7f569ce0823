/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When the bursts of a train are: kept in files as trains are found, and handed on once it has its word. */
#include "analysis/evidence/evidence.h"

#include <string.h>

emg_status emgp_times_push(const emgp_times *times, const emgp_burst_time *time, emg_error *err)
{
    return times->spill ? emgp_spill_push(times->spill, times->stream, time, err) : EMG_OK;
}

emg_status emgp_times_move(emgp_times_reader *from, uint32_t train, const emgp_times *to, emg_error *err)
{
    for (;;) {
        const void *record = NULL;
        emg_status status = EMG_OK;
        if (!from->there) {
            status = emgp_spill_next(&from->cursor, &record, err);
            if (status || !record)
                return status;
            memcpy(&from->time, record, sizeof from->time);
            from->there = true;
        }
        if (from->time.train > train)
            return EMG_OK;
        from->there = false;
        if (from->time.train == train)
            status = emgp_times_push(to, &from->time, err);
        if (status)
            return status;
    }
}
