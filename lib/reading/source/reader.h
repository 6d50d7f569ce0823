/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every kind of recording file shares, and the vtable that tells them apart. */
#ifndef EMGP_READER_H
#define EMGP_READER_H

#include <emg/recording.h>

#include "reading/channels/derive.h"
#include "reading/source/deviation.h"
#include "reading/source/groups.h"
#include "reading/source/io.h"
#include "reading/source/windows.h"

/* A kind of file. */
typedef struct emgp_reader {
    /* Whether the first n bytes (12 or more, unless the file is shorter) begin such a file. */
    bool (*sniff)(const unsigned char *head, size_t n);
    /* Fills state, facts, channels (without names and types), segments and deviations. */
    emg_status (*open)(emg_recording *rec, emg_error *err);
    /* The next block of the selected channels; n_frames 0 at the end. */
    emg_status (*next)(emg_recording *rec, emg_block *block, emg_error *err);
    /* NULL: the kind holds no annotations. */
    emg_status (*annotations)(emg_recording *rec, emg_annotation_take *take, void *context, emg_error *err);
    /* Frees the state, also a half-built one. */
    void (*close)(emg_recording *rec);
} emgp_reader;

struct emg_recording {
    const emgp_reader *reader;
    void *state; /* the reader's own */
    emgp_io *io;
    emg_reading reading; /* texts it points to are used while opening only */
    emg_recording_facts facts;
    emg_channel *channels;
    emgp_deviations deviations;
    emg_segment *segments;
    size_t segments_room;
    emgp_groups groups;
    emgp_derivations derivations;
    emgp_windows windows;
    emg_status failed; /* of an earlier emg_recording_next: stays */
    bool settled;      /* the end was reached and the file's size compared */
};

/* EDF, EDF+, BDF, BDF+. */
extern const emgp_reader emgp_edf_reader;

/* WAV, RF64, W64, FLAC. */
extern const emgp_reader emgp_wav_reader;

/* Opens over a source, which it takes over. `path` names the file for sidecars; NULL: there are none. */
emg_status emgp_recording_open_source(emg_recording **out, emgp_source source, const char *path,
                                      const emg_reading *reading, emg_error *err);

#endif
