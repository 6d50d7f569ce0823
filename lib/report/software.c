/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What software made a report: the project's version and those of the libraries that it was built with. */
#include <emg/software.h>
#include <emg/version.h>

static const struct {
    const char *name, *version;
} software[] = {
    { "Myogram", EMG_VERSION },     { "FFTW", MYOGRAM_FFTW_VERSION },       { "libsndfile", MYOGRAM_SNDFILE_VERSION },
    { "GSL", MYOGRAM_GSL_VERSION }, { "jansson", MYOGRAM_JANSSON_VERSION }, { "xxHash", MYOGRAM_XXHASH_VERSION },
};

bool emg_report_software(size_t index, const char **name, const char **version)
{
    if (!name || !version || index >= sizeof software / sizeof *software)
        return false;
    *name = software[index].name;
    *version = software[index].version;
    return true;
}
