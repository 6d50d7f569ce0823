/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From discharges and bursts to episodes with a class. */
#ifndef EMGP_ANALYSIS_CLASSIFY_CLASSIFY_H
#define EMGP_ANALYSIS_CLASSIFY_CLASSIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/analysis.h>
#include <emg/config.h>
#include <emg/event.h>

#include "analysis/detect/detect.h"
#include "base/base.h"

/* ---- across.c: The only stage that sees more than one channel: who was active together with whom. ---- */

/* What across says of one burst. */
typedef struct emgp_synchrony {
    float
        other_ended_s; /* time since the latest end of another muscle's bursts, negative while one lasts; NaN: none yet */
    uint16_t n_muscles; /* muscles whose bursts began within the synchrony window, its own included */
    uint16_t common;    /* 1 when they are nearly all muscles: a common artefact */
} emgp_synchrony;

/* Reads the bursts of n_channels streams and writes a company for each into the same stream of `out`.
 * muscle_of[channel] < n_muscles: channels of one muscle count once. */
emg_status emgp_across(const emgp_spill *bursts, size_t n_channels, const uint32_t *muscle_of, size_t n_muscles,
                       const emg_across_config *config, emgp_spill *out, emg_error *err);

/* ---- burst_record: A burst on its way to a class: what it is, who was active with it, which discharges it holds. */

enum { EMGP_MOST_POINTS = 6 }; /* discharges kept of a short burst; longer ones are interference */

typedef struct emgp_point {
    double peak_s;
    float before_s, after_s, peak, peak_to_peak, sigma;
    uint16_t flags;
    uint8_t unit; /* 0: none */
    bool ecg;     /* its unit beats like a heart */
} emgp_point;

typedef struct emgp_episode_burst {
    emgp_burst burst;
    emgp_synchrony synchrony;
    emgp_point point[EMGP_MOST_POINTS];
    unsigned n_points;
    bool taken; /* an event has it already */
} emgp_episode_burst;

/* The largest of a beat's points; NULL when it has none. */
static inline const emgp_point *emgp_episode_burst_main(const emgp_episode_burst *burst)
{
    const emgp_point *best = burst->n_points ? &burst->point[0] : 0;
    for (unsigned i = 1; i < burst->n_points; i++)
        if (burst->point[i].peak > best->peak)
            best = &burst->point[i];
    return best;
}

/* ---- intervals.c: Statistics of the intervals of a train: how regular it is, by measures that misses and extras do not wreck. */

typedef struct emgp_intervals {
    size_t n; /* intervals */
    double mean_s, median_s;
    double cv;   /* sd / mean; NaN below 2 intervals */
    double rcv;  /* 1.4826 median |I - M| / M */
    double cv2;  /* mean 2 |I' - I| / (I' + I) (Holt 1996) */
    double lv;   /* 3/(n-1) sum ((I - I')/(I + I'))^2 (Shinomoto 2003) */
    double lvr;  /* LV with each term times 1 + 4R/(I + I'), R = 5 ms (Shinomoto 2009) */
    double fold; /* share of intervals within 25 % of one, two or three medians */
} emgp_intervals;

enum { EMGP_MOST_INTERVALS = 1024 };

/* Over n intervals in seconds, all > 0; more than EMGP_MOST_INTERVALS are cut. Values that need more intervals are NaN. */
emgp_intervals emgp_intervals_of(const double *interval_s, size_t n);

/* ---- evidence: What is known of a run of bursts when its class is decided, and the decision. ---- */

/* Everything that the decision may look at. NaN: not known. */
typedef struct emgp_evidence {
    size_t n;                 /* beats (bursts) */
    double duration_s;        /* from the first onset to the last end */
    double observation_s;     /* of the recording */
    double rhythmic_s;        /* time of the channel around whose bursts the envelope is periodic */
    emgp_intervals intervals; /* between onsets */
    double rate_hz;           /* beats per second: 1 / median interval of a run, local rate of isolated ones */
    double acf_height;        /* median over the beats */
    double lag_share;         /* share of beats around which the envelope has the run's period */
    double glide_hz;          /* middle rate less the rate of the first and last beats; NaN: not beyond its error */
    double core_s;            /* median time from 25 % to 75 % of a beat's energy */
    double burst_s;           /* median duration of a beat */
    double burst_rcv;         /* robust coefficient of variation of the beats' durations */
    double background_hz;     /* rate of all bursts around the run */
    double extra_share;       /* other bursts between its first and last beat, per beat */
    double single_share;      /* share of beats that are one discharge of the run's commonest unit */
    double shape_share;       /* share of beats whose largest discharge is of the run's commonest unit */
    double alternating_share; /* share of beats that begin as another muscle's burst ends */
    double isolated_share;    /* share of beats with isolation_s of silence on both sides */
    double discharge_hz;      /* discharges per second of its duration */
    double snr_db;            /* median */
    size_t n_muscles;         /* active at the same instant, its own included (median) */
    bool alone;               /* one burst, judged by itself; else a run or a stretch */
    bool sustained;           /* one burst, or several nearly joined ones, without silence */
    bool no_rest;             /* the noise around it is as large as activity */
    bool common, ecg, pop, motion, clipped; /* marks of artefacts */
    bool embedded; /* cut out of other activity that goes right up to it or on right after it */
    bool cut;      /* by a gap or an end of the recording */
    bool reflex_site, at_stretch, at_task, at_rest;
} emgp_evidence;

typedef struct emgp_decision {
    emg_class trial_type;
    double confidence;
    uint64_t reasons; /* bits of emg_reason */
} emgp_decision;

/* The decision flow: the first row that fits decides; below the least confidence the label is indeterminate. */
emgp_decision emgp_rhythm_decide(const emgp_evidence *evidence, const emg_rhythm_config *config);

/* Whether the intervals alone are those of a rhythm: enough beats, small rCV, large fold. */
bool emgp_rhythm_is_regular(const emgp_evidence *evidence, const emg_rhythm_config *config);

/* ---- train.c: Trains of regularly spaced beats, and the evidence that a set of beats gives. ---- */

enum { EMGP_MOST_MEMBERS = 512 };

/* Beats (by index) that may be one rhythm. */
typedef struct emgp_train {
    uint16_t member[EMGP_MOST_MEMBERS]; /* all its beats */
    uint16_t pick[EMGP_MOST_MEMBERS];   /* one a cycle: their onsets are the rhythm's */
    size_t n_members, n_picks;
} emgp_train;

/* Grows a run from beat `start`: each next beat comes about one median interval after the last one, or about two (one
 * missed), and a single beat too early is stepped over. Beats that are taken or last longest_s or more are not members. */
void emgp_train_by_bursts(emgp_train *train, const emgp_episode_burst *bursts, size_t n, size_t start,
                          double longest_s);

/* Grows a run by the envelope: beats around which its autocorrelation peaks at the same lag, whatever they look like
 * one by one (fragments, or bursts grown together). Empty when the envelope around `start` has no period. */
void emgp_train_by_envelope(emgp_train *train, const emgp_episode_burst *bursts, size_t n, size_t start);

/* The run of one beat alone. */
void emgp_train_alone(emgp_train *train, size_t burst);

/* The evidence of a run with at least one member. What needs the channel or the recording is left at zero. */
emgp_evidence emgp_train_evidence(const emgp_episode_burst *bursts, size_t n, const emgp_train *train);

/* Median peak to peak over the members. */
double emgp_train_amplitude(const emgp_episode_burst *bursts, const emgp_train *train);

/* ---- partition.c: A stretch of a channel's beats, and the events that they are. ---- */

/* What is the same for all events of a channel. */
typedef struct emgp_channel_facts {
    uint32_t channel, muscle;
    bool reflex_site;
    double observation_s;
    double rhythmic_s; /* of it, with bursts around which the envelope is periodic */
} emgp_channel_facts;

enum { EMGP_MOST_BEATS = EMGP_MOST_MEMBERS };

typedef struct emgp_partition {
    const emg_config *config;
    const emg_mark *marks;
    size_t n_marks;
    emgp_channel_facts facts;
    size_t n;
    emgp_episode_burst bursts[EMGP_MOST_BEATS];
    /* what was found: a beat is a member of one episode or artefact at most, its discharges are points at most once */
    emg_event points[EMGP_MOST_BEATS * EMGP_MOST_POINTS], episodes[EMGP_MOST_BEATS];
    emg_event artifacts[2 * EMGP_MOST_BEATS]; /* a heart beat is one by itself and may be so again in its train */
    size_t n_points, n_episodes, n_artifacts;
    emgp_train train; /* being judged */
} emgp_partition;

/* Turns the beats into events, each kind in the order it was found, and forgets them. */
void emgp_partition_bursts(emgp_partition *partition);

/* ---- episode.c: The beats of one channel in time order, turned into events. ---- */

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
emg_status emgp_episodes_push(emgp_episodes *episodes, const emgp_episode_burst *burst, emg_error *err);
/* A gap in the recording, or the channel's end: everything open is closed. */
emg_status emgp_episodes_gap(emgp_episodes *episodes, emg_error *err);

/* ---- channel.c: One channel's spilled discharges and bursts, read back: units learned, beats put together, events found. */

typedef struct emgp_channel_streams {
    const emgp_spill *discharges, *bursts, *synchrony;
    size_t stream;
    const char *directory; /* for a temporary file; NULL: as emgp_spill_new() chooses */
} emgp_channel_streams;

/* Runs the sparse stages over one channel; events go to whom `episodes` was made for. facts->rhythmic_s is found here. */
emg_status emgp_channel_events(const emgp_channel_streams *streams, emgp_units *units, emgp_episodes *episodes,
                               const emgp_channel_facts *facts, emg_error *err);

/* ---- joiner.c: Episodes of one class that follow each other closely are one episode. ---- */

/* Holds the last episode back until it is known that none joins it. Zeroed it is empty. */
typedef struct emgp_joiner {
    bool open;
    emg_event held;
} emgp_joiner;

/* Takes the next episode; *done is set and *out filled when the one held before is complete. */
void emgp_joiner_push(emgp_joiner *joiner, const emg_event *event, bool *done, emg_event *out);

/* The episode still held, if any. */
void emgp_joiner_finish(emgp_joiner *joiner, bool *done, emg_event *out);

/* ---- Settings of this room, as the configuration joins them. ---- */

emgp_settings emgp_across_table(void);
emgp_settings emgp_episode_table(void);
emgp_settings emgp_rhythm_table(void);

#endif
