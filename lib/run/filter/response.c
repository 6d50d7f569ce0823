/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a filter's response as a file that is whole or absent. */
#include <emg/conditioned.h>
#include <emg/response_picture.h>

#include "base/base.h"

emg_status emg_run_response_svg(const char *path, const emg_filter *const *filters, size_t n_filters,
                                emg_filter_direction direction, emg_error *err)
{
    if (!path || !filters)
        return emgp_fail(err, EMG_EARG, "emg_run_response_svg needs a path and filters");
    emgp_newfile *file;
    emg_status status = emgp_newfile_open(&file, path, err);
    if (status == EMG_OK)
        status = emg_report_response(filters, n_filters, direction, emgp_newfile_sink, file, err);
    if (status == EMG_OK)
        status = emgp_newfile_commit(file, err);
    emgp_newfile_free(file);
    return status;
}
