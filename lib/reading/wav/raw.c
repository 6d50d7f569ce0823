/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What headerless samples are said to be: "f32le,4ch,2000Hz". */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sndfile.h>

#include "base/base.h"
#include "reading/wav/wav.h"

static const struct {
    const char *name;
    int format;
    unsigned bytes;
} kinds[] = {
    { "s8", SF_FORMAT_PCM_S8, 1 },
    { "u8", SF_FORMAT_PCM_U8, 1 },
    { "s16le", SF_FORMAT_PCM_16 | SF_ENDIAN_LITTLE, 2 },
    { "s16be", SF_FORMAT_PCM_16 | SF_ENDIAN_BIG, 2 },
    { "s24le", SF_FORMAT_PCM_24 | SF_ENDIAN_LITTLE, 3 },
    { "s24be", SF_FORMAT_PCM_24 | SF_ENDIAN_BIG, 3 },
    { "s32le", SF_FORMAT_PCM_32 | SF_ENDIAN_LITTLE, 4 },
    { "s32be", SF_FORMAT_PCM_32 | SF_ENDIAN_BIG, 4 },
    { "f32le", SF_FORMAT_FLOAT | SF_ENDIAN_LITTLE, 4 },
    { "f32be", SF_FORMAT_FLOAT | SF_ENDIAN_BIG, 4 },
    { "f64le", SF_FORMAT_DOUBLE | SF_ENDIAN_LITTLE, 8 },
    { "f64be", SF_FORMAT_DOUBLE | SF_ENDIAN_BIG, 8 },
};

/* A number and its unit, all of the part; NaN: not so. */
static double number_with(const char *part, const char *unit)
{
    size_t n = strlen(part), n_unit = strlen(unit);
    char digits[32];
    double value;
    if (n <= n_unit || n - n_unit >= sizeof digits || !emgp_text_same(part + n - n_unit, unit))
        return NAN;
    memcpy(digits, part, n - n_unit);
    digits[n - n_unit] = '\0';
    return emgp_number_parse(digits, strlen(digits), &value) ? value : NAN;
}

static bool read_part(const char *part, emgp_raw *out)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (emgp_text_same(part, kinds[i].name)) {
            out->format = SF_FORMAT_RAW | kinds[i].format;
            out->sample_bytes = kinds[i].bytes;
            return true;
        }
    const double channels = number_with(part, "ch"), rate = number_with(part, "Hz");
    if (channels >= 1 && channels <= EMGP_WAVE_MOST_CHANNELS && channels <= floor(channels))
        out->n_channels = (unsigned)channels;
    else if (rate > 0 && rate <= EMGP_WAVE_MOST_HZ)
        out->rate_hz = rate;
    else
        return false;
    return true;
}

emg_status emgp_raw_read(const char *text, emgp_raw *out, emg_error *err)
{
    *out = (emgp_raw){ .n_channels = 0 };
    bool sound = true;
    for (const char *at = text; sound && at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL) {
        const size_t n = strcspn(at, ",");
        char part[32] = "";
        sound = n < sizeof part;
        if (sound)
            memcpy(part, at, n);
        sound = sound && read_part(part, out);
    }
    if (sound && out->sample_bytes > 0 && out->n_channels > 0 && out->rate_hz > 0)
        return EMG_OK;
    return emgp_fail(
        err, EMG_EARG,
        "'%.60s' does not say what raw samples are: their kind (s8, u8, s16le, s24le, s32le, f32le, f64le, or be), "
        "channels and rate, such as f32le,4ch,2000Hz",
        text);
}
