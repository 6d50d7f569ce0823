/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a call may answer, and the caller-owned sentence that explains a failure. */
#ifndef EMG_STATUS_H
#define EMG_STATUS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define EMG_API __attribute__((visibility("default")))
#define EMG_MUST_USE __attribute__((warn_unused_result))
#else
#define EMG_API
#define EMG_MUST_USE
#endif

/* Every fallible call returns one of these. Detail lives in emg_error.text.
 *
 * A pointer that is NULL is answered with EMG_EARG and a sentence; a function that answers no status gives 0, NaN, false
 * or NULL then, or does nothing. What frees takes NULL, every `err` and every `context` may be NULL, and so may a
 * parameter of which a function's comment says "may be NULL". */
typedef enum emg_status {
    EMG_OK = 0,
    EMG_ENOMEM = 1,       /* an allocation of the library's own failed */
    EMG_EARG = 2,         /* an argument breaks the call's contract; e.g. NULL handle, unknown setting */
    EMG_EIO = 3,          /* the system refused to read or write; e.g. no such file, disk full */
    EMG_EFORMAT = 4,      /* the bytes are not what they claim to be; e.g. a record count 'x' */
    EMG_EUNSUPPORTED = 5, /* a valid input that the library does not handle; e.g. an ADPCM wave file */
    EMG_ERANGE = 6,       /* a number outside its stated range; e.g. a 600 Hz corner at 1000 Hz sampling */
    EMG_ESHORT = 7,       /* too little data for an answer */
    EMG_ECANCELLED = 8    /* a callback of the caller's asked to stop */
} emg_status;

/* One failure, owned by the caller, fixed in size, never allocated. Start it with EMG_ERROR_NONE; the first
 * failure wins: a call leaves an error alone that already holds one. Every `emg_error *` parameter may be NULL. */
typedef struct emg_error {
    emg_status status; /* EMG_OK: nothing has failed yet */
    int64_t offset;    /* byte in the input that the sentence speaks of, or -1 */
    int64_t channel;   /* signal number from 1 that it speaks of, or -1 */
    char text[512]; /* one sentence without a final stop, printable UTF-8, or ""; after "FILE: " where there is one */
    size_t n_name;  /* bytes of "FILE: ": the sentence alone is text + n_name; 0: no file, or one named within it */
} emg_error;

#define EMG_ERROR_NONE                                                                                                 \
    {                                                                                                                  \
        EMG_OK, -1, -1, "", 0                                                                                          \
    }

/* A short English phrase for a status ("out of memory"); never NULL. */
EMG_API const char *emg_status_phrase(emg_status status);

/* Makes `err` as EMG_ERROR_NONE again; NULL is allowed. */
EMG_API void emg_error_clear(emg_error *err);

#ifdef __cplusplus
}
#endif
#endif
