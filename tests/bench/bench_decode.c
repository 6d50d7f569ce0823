/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decoding an EDF file against the least any reader must do: bench_decode [CHANNELS [SECONDS [MOST_RATIO]]]. */
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <emg/recording.h>

enum { RATE_HZ = 2048, ROUNDS = 41, SLICE = 1 << 16 };

static const double scale = 0.1, least = -3276.8; /* microvolts per step, and at the least sample */

typedef struct bench {
    char path[64];
    unsigned n_channels, n_records;
    size_t header_bytes, record_bytes;
} bench;

static double now_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(bool done, const char *what)
{
    if (!done) {
        fprintf(stderr, "bench_decode: %s\n", what);
        exit(2);
    }
}

/* --- the file: records of a second, noise of a generator ------------------------------------------------------ */

static void put_column(FILE *to, unsigned n, int width, const char *text)
{
    for (unsigned i = 0; i < n; i++)
        fprintf(to, "%-*s", width, text);
}

static void put_header(FILE *to, const bench *b)
{
    static const struct {
        int width;
        const char *text;
    } columns[] = { { 16, "EMG TA" }, { 80, "" },     { 8, "uV" }, { 8, "-3276.8" }, { 8, "3276.7" },
                    { 8, "-32768" },  { 8, "32767" }, { 80, "" },  { 8, "2048" },    { 32, "" } };
    fprintf(to, "%-8s%-80s%-80s%-8s%-8s%-8zu%-44s%-8u%-8s%-4u", "0", "X X X X", "", "01.01.85", "00.00.00",
            b->header_bytes, "", b->n_records, "1", b->n_channels);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        put_column(to, b->n_channels, columns[i].width, columns[i].text);
}

static void make_file(bench *b)
{
    const char *folder = getenv("TMPDIR");
    snprintf(b->path, sizeof b->path, "%.40s/bench_decode_XXXXXX", folder ? folder : "/tmp");
    int descriptor = mkstemp(b->path);
    FILE *to = descriptor < 0 ? NULL : fdopen(descriptor, "wb");
    unsigned char *record = malloc(b->record_bytes);
    must(to && record, "no room for the file");
    put_header(to, b);
    uint64_t state = 1;
    for (unsigned r = 0; r < b->n_records; r++) {
        for (size_t i = 0; i < b->record_bytes; i++) {
            state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            record[i] = (unsigned char)(state >> 56);
        }
        must(fwrite(record, b->record_bytes, 1, to) == 1, "the file cannot be written");
    }
    must(fclose(to) == 0, "the file cannot be written");
    free(record);
}

/* --- two ways to read it ------------------------------------------------------------------------------------- */

/* read() and convert, signal by signal as they lie in the file: no header, no checks, no blocks. */
static double read_bare(const bench *b)
{
    static unsigned char raw[SLICE];
    static double x[SLICE / 2];
    double last = 0;
    int file = open(b->path, O_RDONLY);
    must(file >= 0 && lseek(file, (off_t)b->header_bytes, SEEK_SET) > 0, "the file cannot be read");
    for (ssize_t n; (n = read(file, raw, sizeof raw)) > 0;) {
        size_t n_samples = (size_t)n / 2;
        for (size_t i = 0; i < n_samples; i++) {
            int16_t digital;
            memcpy(&digital, raw + 2 * i, sizeof digital);
            x[i] = (digital + 32768) * scale + least;
        }
        last = x[n_samples - 1];
    }
    close(file);
    return last;
}

static double read_recording(const bench *b)
{
    emg_recording *rec;
    emg_block block;
    double last = 0;
    must(emg_recording_open(&rec, b->path, NULL, NULL) == EMG_OK, "the file cannot be opened");
    for (;;) {
        must(emg_recording_next(rec, &block, NULL) == EMG_OK, "the file cannot be decoded");
        if (block.n_frames == 0)
            break;
        last = block.x[block.n_frames * block.n_channels - 1];
    }
    emg_recording_close(rec);
    return last;
}

/* --- figures ------------------------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void print_row(const char *name, double *x)
{
    qsort(x, ROUNDS, sizeof *x, by_size);
    printf("%s\t%.6g\t%.6g\t%.6g\n", name, x[0], x[ROUNDS / 2], x[ROUNDS - 1]);
}

/* Both in turn, so that whatever else the machine does falls on both. */
static double measure(const bench *b)
{
    double bare[ROUNDS], library[ROUNDS], ratio[ROUNDS];
    double megabytes = (double)b->record_bytes * b->n_records * 1e-6, sum = read_bare(b) + read_recording(b);
    for (int i = 0; i < ROUNDS; i++) {
        double start = now_s();
        sum += read_bare(b);
        double between = now_s();
        sum += read_recording(b);
        double end = now_s();
        bare[i] = megabytes / (between - start);
        library[i] = megabytes / (end - between);
        ratio[i] = (end - between) / (between - start);
    }
    must(sum < 1e9, "impossible samples");
    puts("what\tleast\tmedian\tmost");
    print_row("bare_mb_per_s", bare);
    print_row("library_mb_per_s", library);
    print_row("time_ratio", ratio);
    return ratio[ROUNDS / 2];
}

int main(int argc, char **argv)
{
    long n_channels = argc > 1 ? strtol(argv[1], NULL, 10) : 16, seconds = argc > 2 ? strtol(argv[2], NULL, 10) : 600;
    double most_ratio = argc > 3 ? strtod(argv[3], NULL) : 0;
    must(n_channels >= 1 && n_channels <= 256 && seconds >= 10 && seconds <= 100000, "1 to 256 channels, 10 s or more");
    bench b = { .n_channels = (unsigned)n_channels, .n_records = (unsigned)seconds };
    b.header_bytes = 256 * (b.n_channels + (size_t)1);
    b.record_bytes = 2 * (size_t)RATE_HZ * b.n_channels;
    make_file(&b);
    double ratio = measure(&b);
    unlink(b.path);
    if (most_ratio > 0 && ratio > most_ratio) {
        fprintf(stderr, "bench_decode: %.3g times the bare loop, more than %.3g\n", ratio, most_ratio);
        return 1;
    }
    return 0;
}
