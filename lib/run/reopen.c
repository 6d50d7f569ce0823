/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording opened once more for another pass: the same bytes, and nothing that was said is said again. */
#include "run/run.h"

#include "base/base.h"
#include "reading/source/source.h"

emg_status emgp_reopen(emg_recording **recording, const char *path, const emg_reading *reading, emg_error *err)
{
    emg_reading quiet = *reading;
    quiet.notice = NULL;
    const emgp_stamp before = emgp_io_stamp((*recording)->io);
    emg_recording_close(*recording);
    *recording = NULL;
    emg_status status = emg_recording_open(recording, path, &quiet, err);
    if (status != EMG_OK)
        return status;
    const emgp_stamp now = emgp_io_stamp((*recording)->io);
    if (now.bytes != before.bytes || now.written_ns != before.written_ns)
        return emgp_fail(err, EMG_EIO, "%.160s changed while it was read: copy it and read the copy", path);
    (*recording)->reading.notice = reading->notice; /* for what comes to light at the end */
    return EMG_OK;
}
