/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many recordings into one folder: its journal, who has which stem, the workers, and the tables at the end. */
#ifndef EMGP_RUN_BATCH_BATCH_H
#define EMGP_RUN_BATCH_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/batch.h>
#include <emg/run.h>
#include <emg/status.h>

#include "base/base.h"
#include "run/report/report.h"

/* ---- entries.c: What is known of each input that was ever given to a folder. ---- */

/* Words of batch.tsv. */
typedef enum emgp_fate {
    EMGP_FATE_DONE,
    EMGP_FATE_NO_MUSCLES,
    EMGP_FATE_FAILED,
    EMGP_FATE_NOT_WRITTEN,
    EMGP_FATE_SKIPPED,
    EMGP_FATE_PLANNED, /* has its place and stem; a run that was to report it has not come to it */
    EMGP_FATES
} emgp_fate;

/* One input. Zeroed it is none; texts are its own. */
typedef struct emgp_entry {
    uint64_t key;      /* of where the input lies */
    uint64_t facts;    /* of size, time of change, and what was said of this input alone */
    uint64_t settings; /* of the settings and the version that reported it */
    uint64_t place;    /* in the tables */
    uint64_t number;   /* of its files while they were aside */
    emgp_fate fate;
    unsigned files;               /* that are in place, as in emgp_together */
    char hash[33];                /* of the content; "" unknown */
    char *input, *stem, *message; /* as typed or found; what the files are called; why not */
    uint64_t rows_at, n_rows;     /* bytes in the journal: its rows of the cohort table */
    uint64_t state_at;            /* where the journal has `pending` */
    bool pending;                 /* written aside, perhaps not in place yet */
} emgp_entry;

/* What became of it in words, as batch.tsv prints it; and the word's fate, EMGP_FATES for no such word. */
const char *emgp_fate_word(emgp_fate fate);
emgp_fate emgp_fate_of(const char *word, size_t n);

/* Entries by key, in the order in which they came first. Zeroed there are none. */
typedef struct emgp_entries {
    emgp_entry *list;
    size_t n, room;
    size_t *slots; /* open addressing: index + 1 by key */
    size_t n_slots;
} emgp_entries;

/* The entry of a key; NULL: there is none. Valid until the next is put. */
emgp_entry *emgp_entries_find(const emgp_entries *entries, uint64_t key);

/* Takes an entry over, in place of an older one of its key. EMG_ENOMEM: it is freed. */
emg_status emgp_entries_put(emgp_entries *entries, emgp_entry *entry, emg_error *err);
void emgp_entries_free(emgp_entries *entries);
void emgp_entry_free(emgp_entry *entry);

/* Whether it has a report. */
bool emgp_entry_is_done(const emgp_entry *entry);

/* The next place after all that are taken. */
uint64_t emgp_entries_places(const emgp_entries *entries);

/* Indices of the entries in the order of the tables: recordings by place, then what was skipped. *order is freed by
 * emgp_free(). EMG_ENOMEM. */
emg_status emgp_entries_order(const emgp_entries *entries, size_t **order, emg_error *err);

/* FNV-1a, 64 bits, of n bytes after what was hashed before; start with EMGP_FNV. */
#define EMGP_FNV 14695981039346656037u
uint64_t emgp_fnv(uint64_t before, const void *bytes, size_t n);

/* ---- journal.c: The folder's memory, on the disk: each input's entry once its files are in place. ---- */

typedef struct emgp_journal {
    int fd;       /* -1: none */
    bool changes; /* it may be written */
    char *path;
    uint64_t end;   /* after the last whole record */
    size_t n_older; /* records that newer ones replace */
    emgp_entries entries;
    struct emgp_journal_settings {
        uint64_t digest;
        char *text;
    } * settings; /* every set of settings that was ever used */
    size_t n_settings, settings_room;
    bool ended;      /* the run that wrote it came to its end */
    uint64_t latest; /* settings of the last entry */
} emgp_journal;

/* Opens FOLDER/.myogram/NAME and reads what is whole in it. When it `changes`, it is made and held, what is torn at its
 * end is cut off, and nobody else can open it so; else one that is not there is empty. Zeroed before.
 * EMG_EIO: cannot be made, read or held (another run works there); EMG_EFORMAT: no journal; EMG_ENOMEM.
 * emgp_journal_close() in any case. */
emg_status emgp_journal_open(emgp_journal *journal, const char *folder, const char *name, bool changes, emg_error *err);
void emgp_journal_close(emgp_journal *journal);

/* Adds an entry with its rows; texts are copied. With entry->pending it is on the disk before it returns, and counts for
 * nothing until emgp_journal_settle(). EMG_EIO: nothing was added; EMG_ENOMEM. */
emg_status emgp_journal_add(emgp_journal *journal, const emgp_entry *entry, const char *rows, emg_error *err);

/* The files of a pending entry are in place. EMG_EIO. */
emg_status emgp_journal_settle(emgp_journal *journal, uint64_t key, emg_error *err);

/* Notes settings under their digest, once; and that the run came to its end. EMG_EIO, EMG_ENOMEM. */
emg_status emgp_journal_add_settings(emgp_journal *journal, uint64_t digest, const char *text, emg_error *err);
emg_status emgp_journal_add_end(emgp_journal *journal, emg_error *err);

/* The text of settings; NULL: not known. */
const char *emgp_journal_settings(const emgp_journal *journal, uint64_t digest);

/* Hands the rows of an entry on. EMG_EIO. */
emg_status emgp_journal_rows(const emgp_journal *journal, const emgp_entry *entry, emgp_sink *sink, emg_error *err);

/* ---- compact.c: Journals written anew. ---- */

/* Adds an entry of another journal with its rows. EMG_EIO, EMG_ENOMEM. */
emg_status emgp_journal_take_over(emgp_journal *to, const emgp_journal *from, const emgp_entry *entry, emg_error *err);

/* Writes the journal anew without what newer records replace, when there is any. The file that is
 * held is the old one then: close it. EMG_EIO, EMG_ENOMEM. */
emg_status emgp_journal_compact(emgp_journal *journal, const char *aside, emg_error *err);

/* ---- place.c: The hidden part of an output folder. ---- */

/* FOLDER/.myogram/NAME; freed by emgp_free(); NULL without memory. */
char *emgp_hidden(const char *folder, const char *name);

/* Makes the folder and those above it. EMG_EIO, EMG_ENOMEM. */
emg_status emgp_make_folders(const char *path, emg_error *err);

/* Makes the empty folder `path`: what is in it goes. Folders in it stay. EMG_EIO. */
emg_status emgp_empty_folder(const char *path, emg_error *err);

/* ---- folder.c: An output folder while a run has it. ---- */

typedef struct emgp_folder {
    const char *path;
    emgp_journal journal;
    char *aside; /* for files on their way; NULL: only looked at */
} emgp_folder;

/* Opens the journal of the whole (slice 0) or of a slice; when it `changes`, also ends what a run that was killed had begun to
 * put in place, and sweeps what it had not. Zeroed before; emgp_folder_close() in any case. As emgp_journal_open(). */
emg_status emgp_folder_open(emgp_folder *folder, const char *path, size_t slice, size_t n_slices, bool changes,
                            emg_error *err);
void emgp_folder_close(emgp_folder *folder);

/* ---- settings.c: What settings and which version a report came from, and what is known of one input. ---- */

/* Lines "key<TAB>value" of all that the outputs depend on, input by input the same. EMG_ENOMEM. text->bytes is freed by emgp_free(). */
emg_status emgp_settings_text(const emg_run_config *config, emgp_collected *text, emg_error *err);

/* A sentence part: the first setting in which two texts differ, with both values. */
void emgp_settings_difference(const char *now, const char *then, char *out, size_t room);

/* Of the input's size and time of change, and of what was said of it alone; 0 when there is no such file. */
uint64_t emgp_input_facts(const emgp_input *input);

/* ---- stems.c: Which input is which, and what its files are called. ---- */

/* One input of this run. */
typedef struct emgp_task {
    const emgp_input *input;
    uint64_t key, place;
    char *stem;  /* its own */
    bool before; /* done by an earlier run, which this one relies on */
} emgp_task;

/* A task for each input, one for those that lead to one place: the stem and the place in the tables that it has in the
 * folder, else new ones: no stem of another input is taken. Freed with emgp_tasks_free() in any case. EMG_EARG: one recording twice, with other
 * muscles, marks or times; EMG_ENOMEM. */
emg_status emgp_tasks_make(emgp_task **tasks, size_t *n, const emgp_inputs *inputs, const emgp_entries *known,
                           emg_error *err);
void emgp_tasks_free(emgp_task *tasks, size_t n);

/* Of where a path leads: its folder, links followed, and its name. EMG_ENOMEM. */
emg_status emgp_path_key(const char *path, uint64_t *key, emg_error *err);

/* ---- work.c: The tasks, by one worker or several. ---- */

typedef struct emgp_work {
    const char *folder, *aside;
    const emg_run_config *config;
    uint64_t settings;
    emgp_task *tasks;
    size_t n;
    size_t slice, n_slices; /* which tasks are this run's: index % n_slices == slice */
    emgp_journal *journal;
    emg_batch_step *step;
    void *context;
    emg_batch_totals *totals;
} emgp_work;

/* Does them. EMG_ECANCELLED: step or go_on said so; EMG_EIO: the journal cannot be written; EMG_ENOMEM. */
emg_status emgp_work_do(const emgp_work *work, emg_error *err);

/* ---- tables.c: The tables of all recordings in a folder. ---- */

/* Writes muscles.tsv (none without a recording that is done), batch.tsv and, where recordings have pages, index.html from the
 * entries of these settings. EMG_EIO,
 * EMG_ENOMEM. */
emg_status emgp_tables_write(const emgp_journal *journal, uint64_t settings, const char *folder, const char *aside,
                             emg_error *err);

/* Whether there are tables; removes them. */
bool emgp_tables_there(const char *folder);
void emgp_tables_remove(const char *folder);

#endif
