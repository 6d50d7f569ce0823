/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The beats of one channel in time order, turned into events. */
#ifndef EMGP_EPISODE_H
#define EMGP_EPISODE_H

#include <emg/analysis.h>

#include "analysis/classify/segment.h"

typedef struct emgp_episodes emgp_episodes;

/* Kinds of events come in streams of their own, each in order of onset. */
typedef enum emgp_stream { EMGP_POINTS = 0, EMGP_EPISODES, EMGP_ARTIFACTS, EMGP_N_STREAMS } emgp_stream;

typedef emg_status emgp_event_take(void *context, emgp_stream stream, const emg_event *event, emg_error *err);

/* marks are borrowed for the object's life. */
emg_status emgp_episodes_new(emgp_episodes **out, const emg_config *config, const emg_mark *marks, size_t n_marks,
                             emgp_event_take *take, void *context, emg_error *err);
void emgp_episodes_free(emgp_episodes *episodes);

/* Begins a channel. */
void emgp_episodes_start(emgp_episodes *episodes, const emgp_channel_facts *facts);
emg_status emgp_episodes_push(emgp_episodes *episodes, const emgp_beat *beat, emg_error *err);
/* A gap in the recording, or the channel's end: everything open is closed. */
emg_status emgp_episodes_gap(emgp_episodes *episodes, emg_error *err);

#endif
