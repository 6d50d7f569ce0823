/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tells the windows of recordings in which something is wrong with a channel; "-" is a recording on standard input. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <emg/emg.h>

/* A group of channels that come in the same blocks. */
typedef struct group {
    const emg_recording *recording;
    size_t channel;
    double start_s;
} group;

static emg_status print(void *context, size_t channel, const emg_quality_window *window, emg_error *err)
{
    const group *g = context;
    (void)channel;
    (void)err;
    for (int kind = EMG_QUALITY_FLAT; kind <= EMG_QUALITY_POWERLINE; kind++) {
        if (window->flags >> kind & 1)
            printf("%9.3f s  %-12s %s\n", g->start_s + window->start_s, emg_quality_name((emg_quality_kind)kind),
                   emg_recording_channel(g->recording, g->channel)->name);
    }
    return EMG_OK;
}

/* Channel after channel: reading.group_size is 1. */
static emg_status look(emg_recording *recording, emg_error *err)
{
    const emg_config config = emg_config_defaults(EMG_PRESET_SURFACE);
    emg_quality *quality = NULL;
    emg_status status = EMG_OK;
    group g = { recording, 0, 0 };
    for (emg_block block; status == EMG_OK;) {
        status = emg_recording_next(recording, &block, err);
        if (status != EMG_OK || block.n_frames == 0)
            break;
        if (quality && (block.new_segment || block.channel[0] != g.channel))
            status = emg_quality_finish(quality, err);
        if (quality && block.channel[0] != g.channel) {
            emg_quality_free(quality);
            quality = NULL;
        }
        g.channel = block.channel[0];
        if (block.new_segment)
            g.start_s = block.start_s;
        const emg_channel *c = emg_recording_channel(recording, g.channel);
        const emg_quality_channel known = { c->to_uv > 0, -INFINITY, INFINITY };
        if (status == EMG_OK && !quality)
            status = emg_quality_new(&quality, &config.quality, &known, 1, block.rate_hz, print, &g, err);
        if (status == EMG_OK)
            status = emg_quality_push(quality, block.x, block.n_frames, err);
    }
    if (status == EMG_OK && quality)
        status = emg_quality_finish(quality, err);
    emg_quality_free(quality);
    return status;
}

/* All bytes of standard input. */
static char *slurp(size_t *n)
{
    size_t room = 1 << 20;
    char *bytes = malloc(room);
    *n = 0;
    for (size_t got; bytes && (got = fread(bytes + *n, 1, room - *n, stdin)) > 0;) {
        *n += got;
        if (*n < room)
            continue;
        char *more = realloc(bytes, room *= 2);
        if (!more)
            free(bytes);
        bytes = more;
    }
    return bytes;
}

int main(int argc, char **argv)
{
    emg_reading reading = emg_reading_defaults();
    emg_error err = EMG_ERROR_NONE;
    int failed = 0;
    if (argc < 2)
        return fprintf(stderr, "usage: quality RECORDING... (Myogram %s)\n", emg_version()), 2;
    reading.group_size = 1;
    for (int i = 1; i < argc; i++) {
        const int piped = strcmp(argv[i], "-") == 0;
        emg_recording *recording = NULL;
        size_t n = 0;
        char *bytes = piped ? slurp(&n) : NULL;
        emg_status status = piped ? emg_recording_open_memory(&recording, bytes, n, "standard input", &reading, &err)
                                  : emg_recording_open(&recording, argv[i], &reading, &err);
        if (status == EMG_OK)
            status = look(recording, &err);
        if (status != EMG_OK) {
            fprintf(stderr, "%s\n", err.text);
            emg_error_clear(&err); /* an error that holds a sentence keeps it: the next file begins without */
            failed = 1;
        }
        emg_recording_close(recording); /* before the bytes that it reads from */
        free(bytes);
    }
    return failed;
}
