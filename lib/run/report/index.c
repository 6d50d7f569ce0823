/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The index of a batch, made of what each recording's page says of itself, so that pages of earlier runs are in it too. */
#include "run/report/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "report/page/page.h"

enum { CHUNK = 16 * 1024, MARK = 64 };

void emgp_index_free(emgp_index *index)
{
    for (size_t i = 0; i < index->n; i++) {
        emgp_free(index->list[i].name);
        emgp_free(index->list[i].message);
    }
    emgp_free(index->list);
}

emg_status emgp_index_add(emgp_index *index, const char *name, const char *message, emg_error *err)
{
    void *list = index->list;
    if (!emgp_reserve(&list, &index->room, index->n, index->n + 1, sizeof *index->list))
        return emgp_fail_memory(err);
    index->list = list;
    emgp_index_item *item = &index->list[index->n];
    item->name = emgp_copy_text(name, strlen(name));
    item->message = message ? emgp_copy_text(message, strlen(message)) : NULL;
    index->n++;
    index->n_failed += message != NULL;
    return item->name && (item->message || !message) ? EMG_OK : emgp_fail_memory(err);
}

/* Copies what stands between two marks of a file; nothing when it does not hold them. */
typedef struct excerpt {
    const char *from, *to;
    emgp_sink *sink;
    char held[MARK]; /* the bytes before, as far as the mark begins so */
    size_t n_held;
    bool inside, done;
} excerpt;

static const char *mark_of(const excerpt *e)
{
    return e->inside ? e->to : e->from;
}

static void give(const excerpt *e, const char *bytes, size_t n)
{
    if (e->inside)
        emgp_sink_bytes(e->sink, bytes, n);
}

static void take_byte(excerpt *e, char byte)
{
    const char *mark = mark_of(e);
    e->held[e->n_held++] = byte;
    while (e->n_held > 0 && memcmp(e->held, mark, e->n_held) != 0) {
        give(e, e->held, 1);
        memmove(e->held, e->held + 1, --e->n_held);
    }
    if (e->n_held < strlen(mark))
        return;
    e->n_held = 0;
    e->done = e->inside;
    e->inside = !e->inside;
}

/* Pages are long and marks are few: what cannot begin one is passed over at once. */
static void take_bytes(excerpt *e, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n && !e->done; i++) {
        if (e->n_held == 0) {
            const char *next = memchr(bytes + i, *mark_of(e), n - i);
            const size_t end = next ? (size_t)(next - bytes) : n;
            give(e, bytes + i, end - i);
            i = end;
        }
        if (i < n)
            take_byte(e, bytes[i]);
    }
}

static emg_status copy_excerpt(excerpt *e, const char *path, emg_error *err)
{
    FILE *file = fopen(path, "rb");
    if (!file && errno == ENOENT)
        return EMG_OK; /* somebody removed that page */
    if (!file)
        return emgp_fail(err, EMG_EIO, "%s: cannot be read for the index: %s", path, strerror(errno));
    char chunk[CHUNK];
    for (size_t n; !e->done && (n = fread(chunk, 1, sizeof chunk, file)) > 0;)
        take_bytes(e, chunk, n);
    const bool failed = ferror(file) != 0;
    fclose(file);
    return failed ? emgp_fail(err, EMG_EIO, "%s: cannot be read for the index", path) : EMG_OK;
}

/* The same part of every page that was written. */
static emg_status copy_parts(const emgp_index *index, const char *folder, const char *from, const char *to,
                             emgp_sink *sink, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < index->n; i++) {
        if (index->list[i].message)
            continue;
        const size_t n = strlen(folder) + strlen(index->list[i].name) + sizeof "/_report.html";
        char *path = emgp_alloc(n, 1);
        if (!path)
            return emgp_fail_memory(err);
        snprintf(path, n, "%s/%s_report.html", folder, index->list[i].name);
        excerpt e = { .from = from, .to = to, .sink = sink };
        status = copy_excerpt(&e, path, err);
        emgp_free(path);
    }
    return status;
}

static emg_status put_index(const emgp_index *index, const char *folder, emgp_sink *sink, emg_error *err)
{
    emgp_index_open(sink, index->n - index->n_failed, index->n_failed);
    for (size_t i = 0; i < index->n; i++)
        if (index->list[i].message)
            emgp_index_failure(sink, index->list[i].name, index->list[i].message);
    emgp_index_cards(sink, index->n_failed > 0);
    emg_status status = copy_parts(index, folder, "<template id=\"card\">", "</template>", sink, err);
    emgp_index_rows(sink);
    if (status == EMG_OK)
        status =
            copy_parts(index, folder, "<template id=\"rows\"><table><tbody>", "</tbody></table></template>", sink, err);
    emgp_index_close(sink);
    return status;
}

emg_status emgp_index_write(const emgp_index *index, const char *folder, const char *aside, emg_error *err)
{
    const size_t n = strlen(folder) + sizeof "/index.html";
    char *path = emgp_alloc(n, 1);
    if (!path)
        return emgp_fail_memory(err);
    snprintf(path, n, "%s/index.html", folder);
    emgp_newfile *file = NULL;
    emg_status status = emgp_newfile_open_apart(&file, path, aside, err);
    if (status == EMG_OK) {
        emgp_sink sink;
        emgp_sink_init(&sink, emgp_newfile_sink, file, err);
        status = put_index(index, folder, &sink, err);
        const emg_status written = emgp_sink_flush(&sink);
        status = status ? status : written;
    }
    if (status == EMG_OK)
        status = emgp_newfile_commit(file, err);
    emgp_newfile_free(file);
    emgp_free(path);
    return status;
}
