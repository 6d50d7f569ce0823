/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wave files and FLAC: values, sizes that lie, samples that are no numbers, and codecs that are refused by name. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sndfile.h>

#include "reading/bytes.h"
#include "reading/gather.h"

static emg_status open_bytes(emg_recording **rec, const bytes *b, const emg_reading *reading, emg_error *err)
{
    return emg_recording_open_memory(rec, b->at, b->n, "test", reading, err);
}

static gathered read_all(const bytes *b, const emg_reading *reading)
{
    emg_recording *rec;
    gathered all;
    assert_int_equal(open_bytes(&rec, b, reading, NULL), EMG_OK);
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    emg_recording_close(rec);
    return all;
}

/* n frames of channels of a known pattern in one of the sample formats; -1 for float. */
static bytes samples(int width, unsigned n_channels, unsigned n, double *value)
{
    bytes b = { 0 };
    for (unsigned i = 0; i < n * n_channels; i++) {
        int v = edf_digital(width == 3 || width == 4 ? 3 : 2, (int)(i % n_channels), i / n_channels);
        double x = 0;
        if (width == 1) {
            bytes_little(&b, (uint64_t)(v & 0xFF), 1);
            x = ((v & 0xFF) - 128) / 128.0;
        } else if (width == 2 || width == 3) {
            bytes_little(&b, (uint64_t)(int64_t)v, (size_t)width);
            x = v / (width == 2 ? 32768.0 : 8388608.0);
        } else if (width == 4) {
            bytes_little(&b, (uint64_t)(int64_t)(v * 256 + 77), 4);
            x = (v * 256.0 + 77) / 2147483648.0;
        } else if (width == -4) {
            float f = (float)v / 7.0f;
            bytes_add(&b, &f, sizeof f);
            x = (double)f;
        } else {
            x = v / 7.0;
            bytes_add(&b, &x, sizeof x);
        }
        value[i] = x;
    }
    return b;
}

static void all_widths_are_exact(void **state)
{
    (void)state;
    static const int widths[] = { 1, 2, 3, 4, -4, -8 };
    enum { FRAMES = 5000 };
    double *value = malloc(sizeof *value * FRAMES * 5);
    assert_non_null(value);
    for (size_t w = 0; w < sizeof widths / sizeof *widths; w++) {
        for (unsigned channels = 1; channels <= 5; channels += 2) {
            bytes raw = samples(widths[w], channels, FRAMES, value);
            bytes b = wave_build(widths[w] < 0 ? 3 : 1, channels, 2000, (unsigned)abs(widths[w]) * 8, raw.at, raw.n);
            emg_reading reading = emg_reading_defaults();
            reading.strict = true;
            gathered all = read_all(&b, &reading);
            for (unsigned c = 0; c < channels; c++) {
                assert_int_equal(all.channel[c].n, FRAMES);
                for (size_t i = 0; i < FRAMES; i++)
                    assert_true(fabs(all.channel[c].x[i] - value[i * channels + c]) <= 0);
            }
            gathered_free(&all);
            bytes_free(&raw);
            bytes_free(&b);
        }
    }
    free(value);
}

static void full_scale_makes_microvolts(void **state)
{
    (void)state;
    double value[100];
    bytes raw = samples(2, 1, 100, value), b = wave_build(1, 1, 2000, 16, raw.at, raw.n);
    emg_recording *rec;
    assert_int_equal(open_bytes(&rec, &b, NULL, NULL), EMG_OK);
    const emg_channel *c = emg_recording_channel(rec, 0);
    assert_true(c->to_uv <= 0 && c->type_assumed && c->is_muscle && c->selected);
    assert_string_equal(c->name, "#1");
    emg_recording_close(rec);
    emg_reading reading = emg_reading_defaults();
    reading.full_scale_uv = 5000;
    gathered all = read_all(&b, &reading);
    for (size_t i = 0; i < 100; i++)
        assert_true(fabs(all.channel[0].x[i] - 5000 * value[i]) < 1e-9);
    gathered_free(&all);
    bytes_free(&raw);
    bytes_free(&b);
}

static void not_finite_samples_are_gaps_whatever_the_cut(void **state)
{
    (void)state;
    enum { FRAMES = 300000, CHANNELS = 3 }; /* several slices */
    float *x = calloc(FRAMES * CHANNELS, sizeof *x);
    assert_non_null(x);
    for (int i = 0; i < FRAMES * CHANNELS; i++)
        x[i] = (float)edf_digital(2, 1, (uint64_t)i);
    x[0] = NAN; /* at the very start */
    x[CHANNELS * 1000 + 1] = INFINITY;
    x[CHANNELS * 1001 + 2] = -INFINITY;
    for (int i = 40000; i < 60000; i++) /* across a slice boundary */
        x[CHANNELS * i] = NAN;
    x[CHANNELS * 70000] = 3e30f; /* finite, but its square is not, in single precision */
    x[CHANNELS * (FRAMES - 1)] = NAN;
    bytes b = wave_build(3, CHANNELS, 2000, 32, x, (size_t)FRAMES * CHANNELS * sizeof *x);
    static const size_t frames[] = { 0, 1000, 77 }, groups[] = { 16, 1, 2 };
    gathered first = { 0 };
    for (size_t k = 0; k < 3; k++) {
        emg_reading reading = emg_reading_defaults();
        reading.block_frames = frames[k];
        reading.group_size = groups[k];
        emg_recording *rec;
        gathered all;
        assert_int_equal(open_bytes(&rec, &b, &reading, NULL), EMG_OK);
        assert_int_equal(gather(&all, rec, NULL), EMG_OK);
        assert_int_equal(all.channel[0].n, FRAMES - 1 - 2 - 20000 - 1 - 1);
        assert_int_equal(all.channel[0].n_starts, 4);
        assert_int_equal(emg_recording_n_segments(rec), 4);
        assert_true(fabs(emg_recording_segment(rec, 1)->start_s - 1002 / 2000.0) < 1e-9);
        assert_true(fabs(emg_recording_segment(rec, 3)->duration_s - (FRAMES - 1 - 70001) / 2000.0) < 1e-9);
        assert_true(fabs(emg_recording_get_facts(rec)->duration_s - (double)all.channel[0].n / 2000) < 1e-6);
        assert_int_equal(emg_recording_n_deviations(rec), 4); /* channel 1 not finite and huge, 2 and 3 not finite */
        if (k > 0)
            assert_memory_equal(first.channel[2].x, all.channel[2].x, all.channel[2].n * sizeof(double));
        emg_recording_close(rec);
        if (k == 0)
            first = all;
        else
            gathered_free(&all);
    }
    gathered_free(&first);
    emg_reading strict = emg_reading_defaults();
    strict.strict = true;
    emg_recording *rec;
    gathered all;
    assert_int_equal(open_bytes(&rec, &b, &strict, NULL), EMG_OK);
    assert_int_equal(gather(&all, rec, NULL), EMG_EFORMAT);
    gathered_free(&all);
    emg_recording_close(rec);
    bytes_free(&b);
    free(x);
}

static void a_time_window_takes_exactly_its_frames(void **state)
{
    (void)state;
    double value[1000];
    bytes raw = samples(2, 1, 1000, value), b = wave_build(1, 1, 1000, 16, raw.at, raw.n);
    static const struct {
        double from, to;
        size_t first, n;
    } cases[] = {
        { 0, 0.001, 0, 1 }, { 0.1, 0.25, 100, 150 }, { 0.0995, 0.1005, 100, 1 }, { 0.9, 9, 900, 100 }, { 5, 6, 0, 0 }
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        emg_reading reading = emg_reading_defaults();
        reading.from_s = cases[i].from;
        reading.to_s = cases[i].to;
        gathered all = read_all(&b, &reading);
        assert_int_equal(all.channel[0].n, cases[i].n);
        for (size_t k = 0; k < cases[i].n; k++) {
            assert_true(fabs(all.channel[0].x[k] - value[cases[i].first + k]) <= 0);
            assert_true(fabs(all.channel[0].time_s[k] - (double)(cases[i].first + k) / 1000) < 1e-9);
        }
        gathered_free(&all);
    }
    bytes_free(&raw);
    bytes_free(&b);
}

static bytes with_chunks(const char *riff, const char *before, size_t n_before, uint32_t data_size, const bytes *raw,
                         const char *after, size_t n_after)
{
    bytes b = { 0 };
    bytes_add(&b, riff, 4);
    bytes_little(&b, 0, 4);
    bytes_add(&b, "WAVE", 4);
    bytes_add(&b, before, n_before);
    bytes_add(&b, "fmt ", 4);
    bytes_little(&b, 16, 4);
    bytes_add(&b, "\x01\0\x01\0\xd0\x07\0\0\xa0\x0f\0\0\x02\0\x10\0", 16);
    bytes_add(&b, "data", 4);
    bytes_little(&b, data_size, 4);
    bytes_add(&b, raw->at, raw->n);
    bytes_add(&b, after, n_after);
    return b;
}

static void sizes_that_lie_yield_to_the_file(void **state)
{
    (void)state;
    double value[300];
    bytes raw = samples(2, 1, 300, value);
    static const struct {
        const char *riff, *before;
        size_t n_before;
        uint32_t size;
        const char *after;
        size_t n_after, n;
        const char *code;
    } cases[] = {
        { "RIFF", "", 0, 600, "", 0, 300, NULL },
        { "RIFF", "LIST\x03\0\0\0abc\0", 12, 600, "junk\xff\xff", 6, 300, NULL },
        { "RIFF", "", 0, 0xFFFFFFFF, "", 0, 300, "W_DATA_SIZE" },
        { "RIFF", "", 0, 601, "", 0, 300, "W_DATA_SIZE" },
        { "RIFF", "", 0, 599, "", 0, 299, "W_PARTIAL_FRAME" },
        { "RIFF", "", 0, 400, "", 0, 200, NULL },
        { "RIFF", "", 0, 0, "", 0, 300, "W_DATA_SIZE" },
        { "RF64", "ds64\x1c\0\0\0\0\0\0\0\0\0\0\0\x58\x02\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 36, 0xFFFFFFFF, "", 0,
          300, NULL },
        { "RF64", "ds64\x1c\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0\0\0\0\0\0", 36, 0xFFFFFFFF, "", 0,
          300, "W_DATA_SIZE" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bytes b = with_chunks(cases[i].riff, cases[i].before, cases[i].n_before, cases[i].size, &raw, cases[i].after,
                              cases[i].n_after);
        emg_recording *rec;
        gathered all;
        assert_int_equal(open_bytes(&rec, &b, NULL, NULL), EMG_OK);
        assert_int_equal(emg_recording_get_facts(rec)->format,
                         cases[i].riff[1] == 'F' ? EMG_FORMAT_RF64 : EMG_FORMAT_WAV);
        assert_int_equal(gather(&all, rec, NULL), EMG_OK);
        assert_int_equal(all.channel[0].n, cases[i].n);
        for (size_t k = 0; k < cases[i].n; k++)
            assert_true(fabs(all.channel[0].x[k] - value[k]) <= 0);
        assert_int_equal(emg_recording_n_deviations(rec), cases[i].code != NULL);
        if (cases[i].code)
            assert_string_equal(emg_recording_deviation(rec, 0)->code, cases[i].code);
        gathered_free(&all);
        emg_recording_close(rec);
        bytes_free(&b);
    }
    bytes_free(&raw);
}

static void wave64_is_read(void **state)
{
    (void)state;
    static const char tail[] = "\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E\xDB\x8A";
    double value[300];
    bytes raw = samples(2, 1, 300, value), b = { 0 };
    bytes_add(&b, "riff\x2E\x91\xCF\x11\xA5\xD6\x28\xDB\x04\xC1\x00\x00", 16);
    bytes_little(&b, 104 + 24 + 600, 8);
    bytes_add(&b, "wave", 4);
    bytes_add(&b, tail, 12);
    bytes_add(&b, "fmt ", 4);
    bytes_add(&b, tail, 12);
    bytes_little(&b, 24 + 16, 8);
    bytes_add(&b, "\x01\0\x01\0\xd0\x07\0\0\xa0\x0f\0\0\x02\0\x10\0", 16);
    bytes_add(&b, "data", 4);
    bytes_add(&b, tail, 12);
    bytes_little(&b, 24 + 600, 8);
    bytes_add(&b, raw.at, raw.n);
    emg_recording *rec;
    gathered all;
    assert_int_equal(open_bytes(&rec, &b, NULL, NULL), EMG_OK);
    assert_int_equal(emg_recording_get_facts(rec)->format, EMG_FORMAT_W64);
    assert_int_equal(gather(&all, rec, NULL), EMG_OK);
    assert_int_equal(emg_recording_n_deviations(rec), 0);
    assert_int_equal(all.channel[0].n, 300);
    assert_true(fabs(all.channel[0].x[299] - value[299]) <= 0);
    gathered_free(&all);
    emg_recording_close(rec);
    bytes_free(&raw);
    bytes_free(&b);
}

/* A wrong block align is called one, whatever the samples are. */
static void a_wrong_block_align_is_named(void **state)
{
    (void)state;
    static const struct {
        unsigned tag, channels, bits;
        unsigned char align;
    } cases[] = {
        { 1, 1, 16, 8 }, { 1, 2, 16, 3 }, { 1, 2, 16, 0 }, { 1, 1, 16, 1 }, { 3, 1, 32, 8 }, { 3, 2, 64, 8 }
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char samples[64] = { 0 };
        bytes b = wave_build(cases[i].tag, cases[i].channels, 2000, cases[i].bits, samples, sizeof samples);
        b.at[32] = cases[i].align;
        emg_recording *rec;
        emg_error err = EMG_ERROR_NONE;
        assert_int_equal(open_bytes(&rec, &b, NULL, &err), EMG_EFORMAT);
        assert_non_null(strstr(err.text, "block align"));
        assert_int_equal(err.offset, 32);
        bytes_free(&b);
    }
}

/* 24 bits in 4 bytes, at the top as the format asks or at the bottom as some write. */
static void padded_samples_are_read_where_they_stand(void **state)
{
    (void)state;
    for (int low = 0; low < 3; low++) { /* 2: with the sign in the unused byte */
        bytes raw = { 0 };
        for (unsigned i = 0; i < 400; i++) {
            uint64_t v = (uint64_t)(int64_t)edf_digital(3, 0, i);
            bytes_little(&raw, low == 2 ? v : low ? v & 0xFFFFFF : v << 8, 4);
        }
        bytes b = wave_build(1, 2, 2000, 24, raw.at, raw.n);
        b.at[32] = 8; /* block align: four bytes a sample */
        emg_recording *rec;
        gathered all;
        assert_int_equal(open_bytes(&rec, &b, NULL, NULL), EMG_OK);
        assert_int_equal(gather(&all, rec, NULL), EMG_OK);
        assert_int_equal(emg_recording_n_deviations(rec), low > 0);
        for (unsigned i = 0; i < 400; i++)
            assert_true(fabs(all.channel[i % 2].x[i / 2] - edf_digital(3, 0, i) / 8388608.0) <= 0);
        gathered_free(&all);
        emg_recording_close(rec);
        bytes_free(&raw);
        bytes_free(&b);
    }
}

static void refuse(const bytes *b, emg_status status, int64_t offset, const char *word)
{
    emg_recording *rec;
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(open_bytes(&rec, b, NULL, &err), status);
    assert_null(rec);
    assert_int_equal(err.offset, offset);
    assert_non_null(strstr(err.text, word));
}

static void what_is_not_pcm_or_float_is_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        unsigned tag, channels;
        uint32_t rate;
        unsigned bits;
        emg_status status;
        int64_t offset;
        const char *word;
    } cases[] = {
        { 2, 1, 2000, 4, EMG_EUNSUPPORTED, 20, "Microsoft ADPCM" },
        { 6, 1, 2000, 8, EMG_EUNSUPPORTED, 20, "A-law" },
        { 7, 1, 2000, 8, EMG_EUNSUPPORTED, 20, "mu-law" },
        { 17, 1, 2000, 4, EMG_EUNSUPPORTED, 20, "IMA ADPCM" },
        { 0xABCD, 1, 2000, 16, EMG_EUNSUPPORTED, 20, "0xABCD" },
        { 1, 0, 2000, 16, EMG_EFORMAT, 22, "channel" },
        { 1, 1025, 2000, 16, EMG_EFORMAT, 22, "channel" },
        { 1, 1, 1, 16, EMG_EFORMAT, 24, "sampling rate" },
        { 1, 1, 0xFFFFFFFF, 16, EMG_EFORMAT, 24, "sampling rate" },
        { 1, 1, 2000, 0, EMG_EFORMAT, 34, "bits" },
        { 1, 1, 2000, 64, EMG_EUNSUPPORTED, 34, "64-bit" },
        { 3, 1, 2000, 16, EMG_EFORMAT, 34, "bits" },
        { 0xFFFE, 1, 2000, 16, EMG_EFORMAT, 16, "extensible" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bytes b = wave_build(cases[i].tag, cases[i].channels, cases[i].rate, cases[i].bits, "0123456789abcdef", 16);
        refuse(&b, cases[i].status, cases[i].offset, cases[i].word);
        bytes_free(&b);
    }
    bytes b = wave_build(1, 1, 2000, 16, "", 0);
    memcpy(b.at, "RIFX", 4);
    refuse(&b, EMG_EFORMAT, 0, "RIFX");
    bytes_free(&b);
}

static void every_cut_of_a_header_is_refused_or_empty(void **state)
{
    (void)state;
    bytes b = wave_build(1, 1, 2000, 16, "01234567", 8);
    for (size_t n = 0; n <= b.n; n++) {
        emg_recording *rec;
        emg_error err = EMG_ERROR_NONE;
        emg_status status = emg_recording_open_memory(&rec, b.at, n, "test", NULL, &err);
        assert_int_equal(status, n < 44 ? EMG_EFORMAT : EMG_OK);
        if (status == EMG_OK)
            assert_int_equal(emg_recording_channel(rec, 0)->n_samples, (n - 44) / 2);
        emg_recording_close(rec);
    }
    bytes_free(&b);
}

static void flac_is_decoded(void **state)
{
    (void)state;
    char path[256];
    snprintf(path, sizeof path, "%s/test_wave.flac", EMG_BUILD_DIR);
    enum { FRAMES = 100000 };
    int *x = malloc(sizeof *x * FRAMES * 2);
    assert_non_null(x);
    for (int i = 0; i < FRAMES * 2; i++)
        x[i] = edf_digital(2, i % 2, (uint64_t)(i / 2)) * 65536;
    SF_INFO info = { .samplerate = 2000, .channels = 2, .format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16 };
    SNDFILE *file = sf_open(path, SFM_WRITE, &info);
    assert_non_null(file);
    assert_int_equal(sf_writef_int(file, x, FRAMES), FRAMES);
    sf_close(file);
    emg_recording *rec;
    gathered all;
    emg_reading reading = emg_reading_defaults();
    reading.from_s = 10;
    for (int windowed = 0; windowed < 2; windowed++) {
        assert_int_equal(emg_recording_open(&rec, path, windowed ? &reading : NULL, NULL), EMG_OK);
        assert_int_equal(emg_recording_get_facts(rec)->format, EMG_FORMAT_FLAC);
        assert_int_equal(gather(&all, rec, NULL), EMG_OK);
        size_t first = windowed ? 20000 : 0;
        assert_int_equal(all.channel[1].n, FRAMES - first);
        for (size_t i = 0; i < all.channel[1].n; i++)
            assert_true(fabs(all.channel[1].x[i] - edf_digital(2, 1, first + i) / 32768.0) <= 0);
        gathered_free(&all);
        emg_recording_close(rec);
    }
    free(x);
    remove(path);
}

/* A byte of a compressed frame changed: the frames before it may come, silence in its place must not. */
static void damaged_flac_is_refused(void **state)
{
    (void)state;
    char path[256];
    snprintf(path, sizeof path, "%s/test_wave_damaged.flac", EMG_BUILD_DIR);
    SF_INFO info = { .samplerate = 2000, .channels = 1, .format = SF_FORMAT_FLAC | SF_FORMAT_PCM_16 };
    SNDFILE *out = sf_open(path, SFM_WRITE, &info);
    assert_non_null(out);
    for (int i = 0; i < 50000; i++) {
        short x = (short)edf_digital(2, 0, (uint64_t)i);
        assert_int_equal(sf_write_short(out, &x, 1), 1);
    }
    sf_close(out);
    bytes b = { 0 };
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (int c = fgetc(file); c != EOF; c = fgetc(file))
        bytes_little(&b, (uint64_t)c, 1);
    fclose(file);
    remove(path);
    for (size_t at = b.n / 2; at < b.n / 2 + 40; at++) {
        emg_recording *rec;
        gathered all;
        b.at[at] ^= 0x55;
        assert_int_equal(open_bytes(&rec, &b, NULL, NULL), EMG_OK);
        emg_status status = gather(&all, rec, NULL);
        assert_int_equal(status, EMG_EFORMAT);
        for (size_t i = 0; i < all.channel[0].n; i++)
            assert_true(fabs(all.channel[0].x[i] - edf_digital(2, 0, i) / 32768.0) <= 0);
        gathered_free(&all);
        emg_recording_close(rec);
        b.at[at] ^= 0x55;
    }
    bytes_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_widths_are_exact),
        cmocka_unit_test(full_scale_makes_microvolts),
        cmocka_unit_test(not_finite_samples_are_gaps_whatever_the_cut),
        cmocka_unit_test(a_time_window_takes_exactly_its_frames),
        cmocka_unit_test(sizes_that_lie_yield_to_the_file),
        cmocka_unit_test(wave64_is_read),
        cmocka_unit_test(a_wrong_block_align_is_named),
        cmocka_unit_test(padded_samples_are_read_where_they_stand),
        cmocka_unit_test(what_is_not_pcm_or_float_is_refused_by_name),
        cmocka_unit_test(every_cut_of_a_header_is_refused_or_empty),
        cmocka_unit_test(flac_is_decoded),
        cmocka_unit_test(damaged_flac_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
