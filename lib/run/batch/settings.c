/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that a report depends on besides its recording, as lines of text that can be compared. */
#include "run/batch/batch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <emg/version.h>

/* A line "key<TAB>value"; line ends in a value would end the line. */
static void put(emgp_sink *sink, const char *key, const char *value)
{
    emgp_sink_text(sink, key);
    emgp_sink_bytes(sink, "\t", 1);
    emgp_sink_cell(sink, value, false);
    emgp_sink_bytes(sink, "\n", 1);
}

static void put_number(emgp_sink *sink, const char *key, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.17g", value);
    put(sink, key, text);
}

static void put_list(emgp_sink *sink, const char *key, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        put(sink, key, texts[i]);
}

/* Hashes what a file holds on. */
static bool hash_file(const char *path, uint64_t *hash)
{
    char piece[4096];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? -1 : 1;
    while (got > 0 || (got < 0 && fd >= 0 && errno == EINTR)) {
        got = read(fd, piece, sizeof piece);
        if (got > 0)
            *hash = emgp_fnv(*hash, piece, (size_t)got);
    }
    if (fd >= 0)
        (void)close(fd);
    return got == 0;
}

/* A file that is read beside every recording: what it holds counts, not where it lies. That it cannot be read is said by
 * whoever needs it. */
static void put_file(emgp_sink *sink, const char *key, const char *path)
{
    uint64_t hash = EMGP_FNV;
    char text[20] = "unreadable";
    if (path && hash_file(path, &hash))
        snprintf(text, sizeof text, "%016llx", (unsigned long long)hash);
    if (path)
        put(sink, key, text);
}

static void put_reading(emgp_sink *sink, const emg_reading *r)
{
    put(sink, "strict", r->strict ? "yes" : "no");
    put(sink, "all channels", r->all_channels ? "yes" : "no");
    put(sink, "sidecars", r->no_sidecar ? "no" : "yes");
    if (r->unit)
        put(sink, "unit", r->unit);
    if (r->raw)
        put(sink, "raw samples", r->raw);
    if (r->columns)
        put(sink, "columns", r->columns);
    put_number(sink, "rate", r->rate_hz);
    put_number(sink, "scale", r->scale);
    put_number(sink, "full scale", r->full_scale_uv);
    put_number(sink, r->from_clock ? "from clock" : "from", r->from_s);
    put_number(sink, r->to_clock ? "to clock" : "to", r->to_s);
    put_list(sink, "channel", r->channels, r->n_channels);
    put_list(sink, "within", r->within, r->n_within);
    put_list(sink, "without", r->without, r->n_without);
    put_list(sink, "derive", r->derive, r->n_derive);
    put_list(sink, "invert", r->invert, r->n_invert);
    put_file(sink, "marks", r->marks_path);
    put_file(sink, "muscles", r->muscles_path);
}

static void put_marks(emgp_sink *sink, const emg_run_config *config)
{
    const char *const *one[] = { &config->ecg_channel, &config->rest_glob, &config->task_glob, &config->stretch_glob };
    static const char *const keys[] = { "ECG channel", "rest", "task", "stretch" };
    for (size_t i = 0; i < sizeof one / sizeof *one; i++)
        if (*one[i])
            put(sink, keys[i], *one[i]);
    put_list(sink, "stimulus", config->stimulus_globs, config->n_stimulus_globs);
}

emg_status emgp_settings_text(const emg_run_config *config, emgp_collected *text, emg_error *err)
{
    emgp_sink *sink = emgp_alloc(1, sizeof *sink);
    if (!sink)
        return emgp_fail_memory(err);
    emgp_sink_init(sink, emgp_collect, text, err);
    put(sink, "version", emg_version());
    emg_setting row;
    char value[EMGP_NUMBER_ROOM];
    for (size_t i = 0; emg_config_setting(i, &row); i++) {
        emg_config_print(&config->analysis, i, value);
        put(sink, row.key, value);
    }
    put_reading(sink, &config->reading);
    put_marks(sink, config);
    put(sink, "tsv", config->write_tsv ? "yes" : "no");
    put(sink, "json", config->write_json ? "yes" : "no");
    put(sink, "html", config->write_html ? "yes" : "no");
    emg_status status = emgp_sink_flush(sink);
    emgp_free(sink);
    return status;
}

/* The line at a text: key and value without tab and line end. Empty at the end. */
typedef struct line {
    const char *key, *value;
    size_t n_key, n_value, n;
} line;

static line line_at(const char *text)
{
    size_t n = strcspn(text, "\n"), k = strcspn(text, "\t\n");
    bool has_value = k < n;
    return (line){ text, text + k + has_value, k, n - k - has_value, n + (text[n] == '\n') };
}

void emgp_settings_difference(const char *now, const char *then, char *out, size_t room)
{
    line a = line_at(now), b = line_at(then);
    while (a.n > 0 && a.n == b.n && memcmp(now, then, a.n) == 0) {
        now += a.n;
        then += b.n;
        a = line_at(now);
        b = line_at(then);
    }
    if (a.n_key == b.n_key && memcmp(a.key, b.key, a.n_key) == 0)
        snprintf(out, room, "%.*s is %.*s here and %.*s there", (int)a.n_key, a.key, (int)a.n_value, a.value,
                 (int)b.n_value, b.value);
    else
        snprintf(out, room, "%.*s is given %s only", (int)(a.n > 0 ? a.n_key : b.n_key), a.n > 0 ? a.key : b.key,
                 a.n > 0 ? "here" : "there");
}

/* Hashes a file's size and time of change on; false when there is none. */
static bool hash_facts(const char *path, uint64_t *hash)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return false;
    char text[96];
    int n = snprintf(text, sizeof text, "%lld %lld.%09ld", (long long)info.st_size, (long long)info.st_mtim.tv_sec,
                     info.st_mtim.tv_nsec);
    *hash = emgp_fnv(*hash, text, (size_t)n);
    return true;
}

uint64_t emgp_input_facts(const emgp_input *input)
{
    uint64_t hash = EMGP_FNV;
    char text[80];
    if (!hash_facts(input->opened, &hash) || (input->muscles && !hash_facts(input->muscles, &hash)) ||
        (input->marks && !hash_facts(input->marks, &hash)))
        return 0;
    if (input->has_range) {
        int n = snprintf(text, sizeof text, " %.17g %.17g", input->from_s, input->to_s);
        hash = emgp_fnv(hash, text, (size_t)n);
    }
    return hash;
}
