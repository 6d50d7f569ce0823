/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal: records that are whole or cut off, each an entry with its rows; the newest of an input counts. */
#include "run/batch/batch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* The file begins with a line that names its form. A record is a state, a line of cells and as many bytes as the line says:
 *     STATE TAB KIND TAB key TAB facts TAB settings TAB place TAB number TAB status TAB files TAB hash TAB input TAB stem
 *     TAB message TAB bytes TAB check LF bytes
 * Numbers are hexadecimal; `check` is FNV-1a of the line from KIND up to `check`, and of the bytes. The state is the one byte
 * that changes: from '-' (files are on their way) to '+' (they are in place). */
static const char first_line[] = "myogram journal 1\n";
enum { STATE_PENDING = '-', STATE_SETTLED = '+' };
enum { LINE_USUAL = 1024, LINE_ROOM = 64 * 1024, CELLS = 13 };
static const char KIND_ENTRY = 'e', KIND_SETTINGS = 's', KIND_END = 'x';

typedef struct record {
    char state, kind;
    emgp_entry entry;    /* its texts are NULL */
    const char *text[3]; /* input, stem, message, as written */
    size_t n_text[3];
    uint64_t check, line_check; /* as written; of the line */
} record;

static emg_status fail(const emgp_journal *journal, const char *what, emg_error *err)
{
    return emgp_fail(err, EMG_EIO, "%s: the journal cannot be %s: %s", journal->path, what, strerror(errno));
}

/* ---- texts, in which no byte ends a cell or a line ---- */

static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != 0x7F && c != '\\';
}

static void put_text(emgp_sink *sink, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    for (const char *c = text ? text : ""; *c; c++) {
        char code[] = { '\\', digits[(unsigned char)*c >> 4], digits[(unsigned char)*c & 15] };
        if (is_plain(*c))
            emgp_sink_bytes(sink, c, 1);
        else
            emgp_sink_bytes(sink, code, sizeof code);
    }
}

static unsigned digit_of(char c)
{
    return c >= 'a' ? (unsigned)(c - 'a') + 10 : (unsigned)(c - '0');
}

static char *text_of(const char *text, size_t n)
{
    char *out = emgp_copy_text(text, n);
    size_t used = 0;
    for (size_t i = 0; out && i < n; i++) {
        bool code = text[i] == '\\' && i + 2 < n;
        out[used++] = code ? (char)(digit_of(text[i + 1]) << 4 | digit_of(text[i + 2])) : text[i];
        i += code ? 2 : 0;
    }
    if (out)
        out[used] = '\0';
    return out;
}

/* ---- reading ---- */

static bool hex(const char *text, size_t n, uint64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        bool known = (text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f');
        if (!known)
            return false;
        *out = *out << 4 | digit_of(text[i]);
    }
    return n > 0 && n <= 16;
}

/* The cells of a line after state and kind. */
static bool split(const char *line, size_t n, const char *cell[CELLS], size_t length[CELLS])
{
    size_t k = 0, from = 0;
    for (size_t i = 0; i <= n; i++) {
        if (i < n && line[i] != '\t')
            continue;
        if (k == CELLS)
            return false;
        cell[k] = line + from;
        length[k++] = i - from;
        from = i + 1;
    }
    return k == CELLS;
}

/* A line without its LF. */
static bool read_line(record *r, const char *line, size_t n)
{
    const char *cell[CELLS];
    size_t length[CELLS];
    uint64_t files = 0;
    emgp_entry *e = &r->entry;
    if (n < 4 || line[1] != '\t' || line[3] != '\t' || !split(line + 4, n - 4, cell, length))
        return false;
    r->state = line[0];
    r->kind = line[2];
    bool good = (r->state == STATE_PENDING || r->state == STATE_SETTLED) && hex(cell[0], length[0], &e->key) &&
                hex(cell[1], length[1], &e->facts) && hex(cell[2], length[2], &e->settings) &&
                hex(cell[3], length[3], &e->place) && hex(cell[4], length[4], &e->number) &&
                hex(cell[6], length[6], &files) && hex(cell[11], length[11], &e->n_rows) &&
                hex(cell[12], length[12], &r->check) && length[7] < sizeof e->hash;
    e->fate = emgp_fate_of(cell[5], length[5]);
    if (!good || e->fate == EMGP_FATES)
        return false;
    e->files = (unsigned)files;
    memcpy(e->hash, cell[7], length[7]);
    e->hash[length[7]] = '\0';
    for (size_t k = 0; k < 3; k++) {
        r->text[k] = cell[8 + k];
        r->n_text[k] = length[8 + k];
    }
    e->pending = r->state == STATE_PENDING;
    r->line_check = emgp_fnv(EMGP_FNV, line + 2, (size_t)(cell[12] - line) - 2);
    return true;
}

/* As many of n bytes at an offset as the file has; less than 0: a failure. */
static ssize_t read_at(int fd, void *out, size_t n, uint64_t offset)
{
    size_t done = 0;
    while (done < n) {
        ssize_t got = pread(fd, (char *)out + done, n - done, (off_t)(offset + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

/* Hashes bytes of the file on; false when they are not all there. */
static bool hash_bytes(int fd, uint64_t at, uint64_t n, uint64_t *check)
{
    char piece[16 * 1024];
    while (n > 0) {
        size_t want = n < sizeof piece ? (size_t)n : sizeof piece;
        if (read_at(fd, piece, want, at) != (ssize_t)want)
            return false;
        *check = emgp_fnv(*check, piece, want);
        at += want;
        n -= want;
    }
    return true;
}

static emg_status keep_settings(emgp_journal *journal, uint64_t digest, char *text, emg_error *err)
{
    void *list = journal->settings;
    if (!text || !emgp_reserve(&list, &journal->settings_room, journal->n_settings, journal->n_settings + 1,
                               sizeof *journal->settings)) {
        emgp_free(text);
        return emgp_fail_memory(err);
    }
    journal->settings = list;
    journal->settings[journal->n_settings].digest = digest;
    journal->settings[journal->n_settings++].text = text;
    return EMG_OK;
}

static emg_status take_settings(emgp_journal *journal, const record *r, emg_error *err)
{
    char *text = emgp_alloc((size_t)r->entry.n_rows + 1, 1);
    if (text && read_at(journal->fd, text, (size_t)r->entry.n_rows, r->entry.rows_at) < 0) {
        emgp_free(text);
        return fail(journal, "read", err);
    }
    return keep_settings(journal, r->entry.key, text, err);
}

static emg_status take_entry(emgp_journal *journal, record *r, emg_error *err)
{
    emgp_entry *e = &r->entry;
    journal->n_older += emgp_entries_find(&journal->entries, e->key) != NULL;
    e->input = text_of(r->text[0], r->n_text[0]);
    e->stem = text_of(r->text[1], r->n_text[1]);
    e->message = text_of(r->text[2], r->n_text[2]);
    if (!e->input || !e->stem || !e->message) {
        emgp_entry_free(e);
        return emgp_fail_memory(err);
    }
    return emgp_entries_put(&journal->entries, e, err);
}

static emg_status take(emgp_journal *journal, record *r, emg_error *err)
{
    if (r->kind == KIND_SETTINGS)
        return take_settings(journal, r, err);
    journal->latest = r->entry.settings;
    journal->ended = r->kind == KIND_END;
    return r->kind == KIND_ENTRY ? take_entry(journal, r, err) : EMG_OK;
}

/* The record at journal->end; *more: it is whole. What is not ends the journal. */
static emg_status read_record(emgp_journal *journal, char *line, bool *more, emg_error *err)
{
    record r = { .state = 0 };
    const char *end = NULL;
    ssize_t got = 0;
    *more = false;
    for (size_t room = LINE_USUAL; !end && got >= 0 && room <= LINE_ROOM; room *= LINE_ROOM / LINE_USUAL) {
        got = read_at(journal->fd, line, room, journal->end);
        end = got > 0 ? memchr(line, '\n', (size_t)got) : NULL;
    }
    if (got < 0)
        return fail(journal, "read", err);
    if (!end || !read_line(&r, line, (size_t)(end - line)))
        return EMG_OK;
    r.entry.rows_at = journal->end + (uint64_t)(end - line) + 1;
    if (!hash_bytes(journal->fd, r.entry.rows_at, r.entry.n_rows, &r.line_check) || r.line_check != r.check)
        return EMG_OK;
    r.entry.state_at = journal->end;
    *more = true;
    journal->end = r.entry.rows_at + r.entry.n_rows;
    return take(journal, &r, err);
}

static emg_status read_all(emgp_journal *journal, emg_error *err)
{
    char *line = emgp_alloc(LINE_ROOM, 1);
    if (!line)
        return emgp_fail_memory(err);
    emg_status status = EMG_OK;
    ssize_t got = read_at(journal->fd, line, sizeof first_line - 1, 0);
    bool more = got == sizeof first_line - 1 && memcmp(line, first_line, sizeof first_line - 1) == 0;
    if (got < 0)
        status = fail(journal, "read", err);
    else if (!more && got > 0 && memcmp(line, first_line, (size_t)got) != 0)
        status = emgp_fail(err, EMG_EFORMAT, "%s: is no journal of this version: choose another output folder",
                           journal->path);
    journal->end = more ? sizeof first_line - 1 : 0;
    while (status == EMG_OK && more)
        status = read_record(journal, line, &more, err);
    emgp_free(line);
    return status;
}

/* ---- writing ---- */

static emg_status append(emgp_journal *journal, const char *bytes, size_t n, emg_error *err)
{
    for (size_t done = 0; done < n;) {
        ssize_t put = pwrite(journal->fd, bytes + done, n - done, (off_t)(journal->end + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            emg_status status = fail(journal, "written", err);
            (void)!ftruncate(journal->fd, (off_t)journal->end);
            return status;
        }
        done += (size_t)put;
    }
    journal->end += n;
    return EMG_OK;
}

static void put_cell(emgp_sink *sink, uint64_t value)
{
    char text[20];
    snprintf(text, sizeof text, "%llx\t", (unsigned long long)value);
    emgp_sink_text(sink, text);
}

static void put_line(emgp_sink *sink, char kind, const emgp_entry *e)
{
    const char start[] = { kind, '\t' };
    emgp_sink_bytes(sink, start, sizeof start);
    put_cell(sink, e->key);
    put_cell(sink, e->facts);
    put_cell(sink, e->settings);
    put_cell(sink, e->place);
    put_cell(sink, e->number);
    emgp_sink_text(sink, emgp_fate_word(e->fate));
    emgp_sink_text(sink, "\t");
    put_cell(sink, e->files);
    emgp_sink_text(sink, e->hash);
    const char *const texts[] = { e->input, e->stem, e->message };
    for (size_t k = 0; k < 3; k++) {
        emgp_sink_text(sink, "\t");
        put_text(sink, texts[k]);
    }
    emgp_sink_text(sink, "\t");
    put_cell(sink, e->n_rows);
}

/* The whole record as text. */
static emg_status compose(char kind, const emgp_entry *e, const char *rows, emgp_collected *out, size_t *n_line,
                          emg_error *err)
{
    emgp_sink *sink = emgp_alloc(1, sizeof *sink);
    if (!sink)
        return emgp_fail_memory(err);
    emgp_sink_init(sink, emgp_collect, out, err);
    emgp_sink_text(sink, e->pending ? "-\t" : "+\t");
    put_line(sink, kind, e);
    emg_status status = emgp_sink_flush(sink);
    if (status == EMG_OK) {
        uint64_t check = emgp_fnv(emgp_fnv(EMGP_FNV, out->bytes + 2, out->n - 2), rows, (size_t)e->n_rows);
        char text[24];
        snprintf(text, sizeof text, "%llx\n", (unsigned long long)check);
        emgp_sink_text(sink, text);
        status = emgp_sink_flush(sink);
        *n_line = out->n;
        emgp_sink_bytes(sink, rows, (size_t)e->n_rows);
    }
    if (status == EMG_OK)
        status = emgp_sink_flush(sink);
    emgp_free(sink);
    return status;
}

static emg_status add(emgp_journal *journal, char kind, emgp_entry *e, const char *rows, emg_error *err)
{
    emgp_collected text = { .n = 0 };
    size_t n_line = 0;
    emg_status status = journal->end > 0 ? EMG_OK : append(journal, first_line, sizeof first_line - 1, err);
    if (status == EMG_OK)
        status = compose(kind, e, rows, &text, &n_line, err);
    uint64_t at = journal->end;
    if (status == EMG_OK)
        status = append(journal, text.bytes, text.n, err);
    e->state_at = at;
    e->rows_at = at + n_line;
    emgp_free(text.bytes);
    return status;
}

emg_status emgp_journal_add(emgp_journal *journal, const emgp_entry *entry, const char *rows, emg_error *err)
{
    emgp_entry e = *entry;
    e.input = emgp_copy_text(entry->input, strlen(entry->input));
    e.stem = emgp_copy_text(entry->stem, strlen(entry->stem));
    e.message = emgp_copy_text(entry->message ? entry->message : "", entry->message ? strlen(entry->message) : 0);
    emg_status status = e.input && e.stem && e.message ? EMG_OK : emgp_fail_memory(err);
    const uint64_t before = journal->end;
    if (status == EMG_OK)
        status = add(journal, KIND_ENTRY, &e, rows, err);
    if (status == EMG_OK && e.pending && fdatasync(journal->fd) != 0 && errno != EINVAL)
        status = fail(journal, "written", err);
    journal->ended = false;
    journal->latest = e.settings;
    journal->n_older += emgp_entries_find(&journal->entries, e.key) != NULL;
    if (status == EMG_OK)
        status = emgp_entries_put(&journal->entries, &e, err); /* frees it on failure */
    else
        emgp_entry_free(&e);
    if (status && ftruncate(journal->fd, (off_t)before) == 0) /* it counts for nothing */
        journal->end = before;
    return status;
}

emg_status emgp_journal_settle(emgp_journal *journal, uint64_t key, emg_error *err)
{
    emgp_entry *e = emgp_entries_find(&journal->entries, key);
    const char state = STATE_SETTLED;
    ssize_t put;
    while ((put = pwrite(journal->fd, &state, 1, (off_t)e->state_at)) < 0 && errno == EINTR)
        continue;
    if (put != 1)
        return fail(journal, "written", err);
    e->pending = false;
    return EMG_OK;
}

emg_status emgp_journal_add_settings(emgp_journal *journal, uint64_t digest, const char *text, emg_error *err)
{
    if (emgp_journal_settings(journal, digest))
        return EMG_OK;
    emgp_entry e = { .key = digest, .n_rows = strlen(text) };
    emg_status status = add(journal, KIND_SETTINGS, &e, text, err);
    return status ? status : keep_settings(journal, digest, emgp_copy_text(text, strlen(text)), err);
}

emg_status emgp_journal_add_end(emgp_journal *journal, emg_error *err)
{
    emgp_entry e = { .settings = journal->latest };
    journal->ended = true;
    return add(journal, KIND_END, &e, "", err);
}

const char *emgp_journal_settings(const emgp_journal *journal, uint64_t digest)
{
    for (size_t i = 0; i < journal->n_settings; i++)
        if (journal->settings[i].digest == digest)
            return journal->settings[i].text;
    return NULL;
}

emg_status emgp_journal_rows(const emgp_journal *journal, const emgp_entry *entry, emgp_sink *sink, emg_error *err)
{
    char piece[4096];
    for (uint64_t done = 0; done < entry->n_rows;) {
        uint64_t left = entry->n_rows - done;
        size_t want = left < sizeof piece ? (size_t)left : sizeof piece;
        if (read_at(journal->fd, piece, want, entry->rows_at + done) != (ssize_t)want)
            return fail(journal, "read", err);
        emgp_sink_bytes(sink, piece, want);
        done += want;
    }
    return EMG_OK;
}

/* ---- opening and closing ---- */

static emg_status open_file(emgp_journal *journal, emg_error *err)
{
    int flags = journal->changes ? O_RDWR | O_CREAT : O_RDONLY;
    journal->fd = open(journal->path, flags | O_CLOEXEC | O_NOFOLLOW, 0666);
    if (journal->fd < 0)
        return errno == ENOENT && !journal->changes ? EMG_OK : fail(journal, "opened", err);
    if (!journal->changes || flock(journal->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK)
        return EMG_OK; /* where locks do not work, nobody is kept out */
    return emgp_fail(err, EMG_EIO, "%s: another run is writing into this folder: wait for its end", journal->path);
}

emg_status emgp_journal_open(emgp_journal *journal, const char *folder, const char *name, bool changes, emg_error *err)
{
    journal->fd = -1;
    journal->changes = changes;
    journal->path = emgp_hidden(folder, name);
    if (!journal->path)
        return emgp_fail_memory(err);
    emg_status status = open_file(journal, err);
    if (status == EMG_OK && journal->fd >= 0)
        status = read_all(journal, err);
    if (status == EMG_OK && changes && ftruncate(journal->fd, (off_t)journal->end) != 0)
        status = fail(journal, "written", err);
    return status;
}

void emgp_journal_close(emgp_journal *journal)
{
    if (journal->path && journal->fd >= 0)
        (void)close(journal->fd);
    for (size_t i = 0; i < journal->n_settings; i++)
        emgp_free(journal->settings[i].text);
    emgp_free(journal->settings);
    emgp_free(journal->path);
    emgp_entries_free(&journal->entries);
    *journal = (emgp_journal){ .fd = -1 };
}
