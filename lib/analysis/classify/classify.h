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
#include <emg/result.h>

#include "analysis/contraction/contraction.h"
#include "analysis/decide/decide.h"
#include "analysis/detect/detect.h"
#include "analysis/evidence/evidence.h"
#include "analysis/heart/heart.h"
#include "analysis/units/units.h"
#include "base/base.h"

/* ---- across.c: The only stage that sees more than one channel: which muscles were active together. ---- */

/* What across says of one burst. */
typedef struct emgp_synchrony {
    float
        other_ended_s; /* time since the latest end of another muscle's bursts, negative while one lasts; NaN: none yet */
    float other_used_s; /* the same of the latest one that is longer than a jerk */
    uint16_t n_muscles; /* muscles whose bursts began within the synchrony window, its own included */
    uint8_t common;     /* 1 when they are nearly all muscles: a common artefact */
    uint8_t n_facial;   /* of the muscles, those of the face; 0 for a burst of another muscle */
} emgp_synchrony;

/* Reads the bursts of n_channels streams, of those sources, and writes the synchrony of each into the same stream of `out`.
 * muscle_of[channel] < n_muscles: channels of one muscle count once. */
emg_status emgp_across(const emgp_spill *bursts, const emg_source *sources, size_t n_channels,
                       const uint32_t *muscle_of, size_t n_muscles, const emg_config *config, emgp_spill *out,
                       emg_error *err);

/* ---- antagonist.c: How much of a stretch the named antagonists of a muscle are active. ---- */

typedef struct emgp_antagonists emgp_antagonists;

/* Those of a channel among n sources, whose bursts are in streams of their numbers. *out is NULL when none is named. EMG_ENOMEM. */
emg_status emgp_antagonists_new(emgp_antagonists **out, const emg_source *sources, size_t n, size_t channel,
                                const emgp_spill *bursts, emg_error *err);
void emgp_antagonists_free(emgp_antagonists *antagonists);

/* The largest share of a stretch that bursts of one of them take up; stretches must not overlap, and come in order.
 * NaN without antagonists (NULL). EMG_EIO, EMG_ENOMEM. */
emg_status emgp_antagonists_share(emgp_antagonists *antagonists, double from_s, double to_s, double *share,
                                  emg_error *err);

/* ---- burst_record: A burst on its way to a class: what it is, which muscles were active with it, which discharges it holds. */

enum { EMGP_MOST_POINTS = 6 }; /* discharges kept of a short burst; longer ones are interference */

typedef struct emgp_point {
    double peak_s;
    float before_s, after_s, peak, peak_to_peak, sigma;
    uint16_t flags;
    emgp_unit_of of; /* which units' it is */
    bool ecg;        /* its unit fires as QRS complexes do */
} emgp_point;

typedef struct emgp_episode_burst {
    emgp_burst burst;
    emgp_synchrony synchrony;
    emgp_point point[EMGP_MOST_POINTS];
    unsigned n_points;
    emgp_kin kin; /* of one that is compared; else zero */
    bool taken;   /* an event has it already, or a contraction */
    bool firing;  /* a train of a unit has it, and no more of it than that */
    bool held;    /* a contraction has it: only a stimulus takes something out of it */
    bool near;    /* a contraction is so near that it is no discharge or jerk by itself */
} emgp_episode_burst;

/* The largest of a burst's points; NULL when it has none. */
static inline const emgp_point *emgp_episode_burst_main(const emgp_episode_burst *burst)
{
    const emgp_point *best = burst->n_points ? &burst->point[0] : 0;
    for (unsigned i = 1; i < burst->n_points; i++)
        if (burst->point[i].peak > best->peak)
            best = &burst->point[i];
    return best;
}

/* ---- train.c: Trains of regularly spaced bursts. ---- */

enum { EMGP_MOST_MEMBERS = 512 };

/* Bursts (by index) that may be one rhythm. */
typedef struct emgp_train {
    uint16_t member[EMGP_MOST_MEMBERS]; /* all its bursts */
    uint16_t pick[EMGP_MOST_MEMBERS];   /* one a cycle: their onsets are the rhythm's */
    size_t n_members, n_picks;
} emgp_train;

/* Grows a train from burst `start`: each next burst comes about one median interval after the last one, or about two (one
 * missed), and a single burst too early is stepped over. Bursts that are taken or last longest_s or more are not members. */
void emgp_train_by_bursts(emgp_train *train, const emgp_episode_burst *bursts, size_t n, size_t start,
                          double longest_s);

/* Grows a train by the envelope: bursts around which its autocorrelation peaks at the same lag, whatever they look like
 * one by one (fragments, or bursts grown together). Empty when the envelope around `start` has no period. */
void emgp_train_by_envelope(emgp_train *train, const emgp_episode_burst *bursts, size_t n, size_t start);

/* Whether the envelope around a burst has the period of a train. */
bool emgp_train_speaks_for(const emgp_burst *burst, double lag);

/* The train of one burst alone. */
void emgp_train_alone(emgp_train *train, size_t burst);

/* ---- marked.c: What annotations mark at a time, and those that nobody explained. ---- */

/* Marks by what they are for, each by onset. Borrowed. */
typedef struct emgp_marks_told {
    const emg_mark *stretches; /* of rest, task and stretch */
    size_t n_stretches;
    const emg_mark *stimuli;
    size_t n_stimuli;
} emgp_marks_told;

/* Those that are about a channel, in `room` for as many as there are in all. */
emgp_marks_told emgp_marked_about(const emgp_marks_told *marks, emg_mark *room, size_t channel);

typedef enum emgp_after { EMGP_AFTER_NONE = 0, EMGP_AFTER_ARTEFACT, EMGP_AFTER_RESPONSE } emgp_after;

/* Whether a mark of that kind of stretch touches [from_s, to_s]; whether what begins at onset_s is at a marked stretch of the
 * muscle. */
bool emgp_marked(const emgp_marks_told *marks, emg_mark_kind kind, double from_s, double to_s);
bool emgp_marked_stretch(const emgp_marks_told *marks, double onset_s, const emg_config *config);

/* The latest time at which a stimulus may be marked that what begins at onset_s follows. size: its largest deflection in
 * sigmas of the noise; 0: not known. */
double emgp_marked_latest(double onset_s, double peak_s, double size, const emg_config *config);

/* What begins at onset_s, with its largest deflection at peak_s, to the latest stimulus before it, whose number goes to
 * *stimulus unless that is NULL. */
emgp_after emgp_marked_stimulus(const emgp_marks_told *marks, double onset_s, double peak_s, double size,
                                const emg_config *config, size_t *stimulus);

/* Marks of EMG_MARK_UNKNOWN by onset, and which of their texts some channel's events follow. Zeroed but for the marks
 * (borrowed) it has seen no channel. */
typedef struct emgp_locked {
    const emg_mark *marks;
    size_t n;
    uint64_t n_followed[EMG_MARK_TEXTS]; /* marks of the text, when events follow them; 0: they do not */
} emgp_locked;

/* Looks at one channel's bursts, of a recording that was analysed from from_s to to_s, analysed_s of it. */
emg_status emgp_locked_look(emgp_locked *locked, const emgp_spill *bursts, size_t stream, double from_s, double to_s,
                            double analysed_s, const emg_config *config, emg_error *err);
emg_time_locked emgp_locked_sum(const emgp_locked *locked);

/* ---- measure.c: The evidence that a set of bursts gives. ---- */

/* The evidence of a train with at least one member. What needs the channel or the recording is left at zero. */
emgp_evidence emgp_train_evidence(const emgp_episode_burst *bursts, size_t n, const emgp_train *train);

/* Whether a burst's discharges are few, and each of a unit that is known. */
bool emgp_episode_burst_known(const emgp_episode_burst *burst);

/* Time from 25 % to 75 % of a burst's energy; of discharges with silence between them, of the longest. */
double emgp_episode_burst_core_s(const emgp_episode_burst *burst);

/* 20 log10 of peak over sigma. */
double emgp_snr_db(float peak, float sigma);

/* Whether a deflection stands out of the activity of a muscle that never rests. */
bool emgp_stands_out(float peak, float sigma);

/* One cycle of a train: its largest burst, with the fragments that go on with it. */
typedef struct emgp_cycle_span {
    double onset_s, end_s;
    const emgp_burst *largest;
} emgp_cycle_span;

emgp_cycle_span emgp_train_cycle(const emgp_episode_burst *bursts, const emgp_train *train, size_t cycle);

/* Whether a burst begins just when another muscle has ended its own, in a rhythm of that period. */
bool emgp_train_in_turn(const emgp_synchrony *synchrony, double period_s);

/* Median peak to peak over the members. */
double emgp_train_amplitude(const emgp_episode_burst *bursts, const emgp_train *train);

enum { EMGP_LATEST = 8, EMGP_MOST_ALIKE = 512 };
/* A channel's bursts in order, each with what is known of it, while trains by their envelope are looked at. */
typedef struct emgp_train_walk {
    emgp_spill_cursor bursts, synchrony, kin, discharges;
    emgp_burst burst; /* the next, when there is one */
    emgp_synchrony now;
    bool there;
    double like;
    emgp_outline latest[EMGP_LATEST]; /* discharges of the train at hand */
    double alike[EMGP_MOST_ALIKE];    /* how each is to the most alike one of those before it */
    size_t n_latest, n_alike;
} emgp_train_walk;

void emgp_train_walk_start(emgp_train_walk *walk, size_t stream, const emgp_spill *bursts, const emgp_spill *synchrony,
                           const emgp_spill *kin, const emgp_spill *discharges);
void emgp_train_walk_stop(emgp_train_walk *walk);
/* Adds what the bursts of a train tell to its evidence; trains are asked for by onset. EMG_EIO, EMG_ENOMEM. */
emg_status emgp_train_walk_look(emgp_train_walk *walk, const emg_config *config, const emgp_marks_told *marks,
                                emgp_stretch_found *train, emg_error *err);

/* ---- partition.c: A stretch of a channel's bursts, and the events that they are. ---- */

/* What is the same for all events of a channel. */
typedef struct emgp_channel_facts {
    uint32_t channel, muscle;
    bool reflex_site;
    bool calibrated;
    bool sized;            /* sampled fast enough for the size of a jerk to be known */
    const emgp_used *used; /* when it holds solid contractions; borrowed; NULL: they were not sought */
    size_t n_muscles;      /* of the recording */
    bool never_rests;      /* it is one contraction */
    bool moved;            /* it holds several bursts that are longer than jerks */
    bool final; /* else what stands alone is sought for the contractions' sake: whatever the task, without reasons */
    double observation_s;
    emgp_heart heart;  /* whose beats were removed */
    double rhythmic_s; /* of it, with bursts around which the envelope is periodic */
    emgp_watch *watch; /* keeps the final decisions about the moment that is asked for; NULL: none is */
    emgp_spill *times; /* EMGP_N_TIMES streams a channel, of emgp_burst_time; NULL: they are not kept */
} emgp_channel_facts;

/* The stream that takes times of one sort of a channel's bursts. */
static inline emgp_times emgp_channel_times(const emgp_channel_facts *facts, emgp_times_of of)
{
    return (emgp_times){ facts->times, (size_t)facts->channel * EMGP_N_TIMES + (size_t)of };
}

enum { EMGP_MOST_BURSTS = EMGP_MOST_MEMBERS };

typedef struct emgp_partition {
    const emg_config *config;
    emgp_marks_told marks;
    emgp_channel_facts facts;
    size_t n;
    emgp_episode_burst bursts[EMGP_MOST_BURSTS];
    /* what was found: a burst is a member of one episode or artefact at most, its discharges are points at most once */
    emg_event points[EMGP_MOST_BURSTS * EMGP_MOST_POINTS], episodes[EMGP_MOST_BURSTS];
    emg_event artifacts[2 * EMGP_MOST_BURSTS]; /* a QRS complex is one by itself and may be so again in its train */
    size_t n_points, n_episodes, n_artifacts;
    emg_event *response;                     /* the last evoked one among the points; NULL: none yet */
    size_t stimulus;                         /* whose response it is */
    emgp_train train;                        /* being judged */
    emgp_burst_time times[EMGP_MOST_BURSTS]; /* of the bursts of the episodes, as they were found */
    size_t n_times;
} emgp_partition;

/* Whether a word names a rhythm: an episode with a rate. */
bool emgp_partition_is_rhythm(emg_class trial_type);

/* Turns the bursts into events, each kind in the order it was found, and forgets them. */
void emgp_partition_bursts(emgp_partition *partition);

/* ---- stimulus.c: What marks tell of a partition's bursts: evidence, artefacts of stimuli, and one evoked response a channel. ---- */

/* What a burst is to the latest stimulus before it. */
emgp_after emgp_evidence_stimulus(const emgp_partition *partition, size_t burst);

/* Marked stimuli in a stretch, for each of its bursts or groups. */
double emgp_evidence_stimuli(const emgp_partition *partition, double onset_s, double end_s, double n_bursts);

/* Adds what the channel and the marks tell of what begins at onset_s and lasts as long as the evidence says. */
void emgp_evidence_place(const emgp_partition *partition, emgp_evidence *evidence, double onset_s);

/* The same of partition->train, and what the stimulus before its first burst tells. */
void emgp_evidence_complete(const emgp_partition *partition, emgp_evidence *evidence, double onset_s);

/* All evidence of one burst by itself, which becomes partition->train. */
emgp_evidence emgp_evidence_alone(emgp_partition *partition, size_t burst, double onset_s);

/* Decides about what begins at onset_s. */
emgp_decision emgp_evidence_decide(const emgp_partition *partition, const emgp_evidence *evidence, double onset_s);

/* The event, but for its onset, peak, amplitude and rate. */
emg_event emgp_evidence_event(const emgp_partition *partition, const emgp_evidence *evidence,
                              const emgp_decision *decision);

/* The discharges of a short burst that belong to a marked stimulus: those of its artefact become artefacts, the others
 * one evoked event with those that came before them. The burst keeps what is left, or is taken. */
void emgp_stimulus_take(emgp_partition *partition, size_t burst);

/* ---- sustained.c: A channel's contractions, each made an event with what its bursts tell of it. ---- */

/* Contractions in order, and when there are solid ones. */
typedef struct emgp_contractions {
    const emgp_spill *rows;        /* one stream of emgp_contraction; NULL: none were sought */
    const emgp_used *used;         /* when the muscle is being used; NULL: never */
    bool never_rests;              /* the channel does not */
    emgp_antagonists *antagonists; /* of the channel; NULL: none is named */
} emgp_contractions;

typedef emg_status emgp_sustained_take(void *context, const emg_event *event, emg_error *err);

typedef struct emgp_sustained {
    const emgp_partition *about; /* whose facts and marks hold */
    emgp_contractions contractions;
    emgp_spill_cursor cursor;
    bool there;                   /* a contraction that is not given yet */
    bool told;                    /* it is one event; else its bursts are judged one by one */
    bool beside;                  /* it is only because a longer one is near */
    emgp_contraction row, coming; /* and the one after it, when there is more */
    bool more;
    double clear_s;     /* time from which on the ones before are no longer near */
    double other_end_s; /* the latest end of another muscle's bursts, as far as it is known */
    bool waits;         /* a contraction is not given yet: as what, others tell */
    emg_event waiting, if_quiet;
    /* of the bursts in it, each weighted by its time within */
    double weight, heights, highest, lag_s, amplitudes, n_discharges, snr_db, most_s, n_muscles, n_facial;
    double peak, peak_s; /* of the largest of them */
    uint32_t flags;
    emgp_sustained_take *take;
    void *context;
} emgp_sustained;

/* Begins a channel. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_sustained_start(emgp_sustained *sustained, const emgp_partition *about,
                                const emgp_contractions *contractions, emgp_sustained_take *take, void *context,
                                emg_error *err);

/* Sees how other muscles are by the channel's next burst, or the mark of an end. */
emg_status emgp_sustained_see(emgp_sustained *sustained, const emgp_episode_burst *burst, emg_error *err);

/* Takes the channel's next burst and sets whether it is a contraction's, or near one. Gives the contractions that end
 * before it does. */
emg_status emgp_sustained_push(emgp_sustained *sustained, emgp_episode_burst *burst, emg_error *err);

/* Gives those that are left. */
emg_status emgp_sustained_finish(emgp_sustained *sustained, emg_error *err);

void emgp_sustained_stop(emgp_sustained *sustained);

/* ---- episode.c: The bursts of one channel in time order, turned into events. ---- */

typedef struct emgp_episodes emgp_episodes;

/* Kinds of events come in streams of their own, each in order of onset. */
typedef enum emgp_stream {
    EMGP_POINTS = 0,
    EMGP_EPISODES,
    EMGP_ARTIFACTS,
    EMGP_CONTRACTIONS,
    EMGP_CLAIMS,  /* stretches that are one thing as a whole */
    EMGP_RHYTHMS, /* episodes and claims that several muscles may share; the route gathers them */
    EMGP_N_STREAMS
} emgp_stream;

typedef emg_status emgp_event_take(void *context, emgp_stream stream, const emg_event *event, emg_error *err);

/* The configuration is borrowed for the object's life. EMG_ENOMEM. */
emg_status emgp_episodes_new(emgp_episodes **out, const emg_config *config, emg_error *err);

/* The marks that are about the channel to come, none unless this is called; their arrays are borrowed until it has ended. */
void emgp_episodes_mark(emgp_episodes *episodes, const emgp_marks_told *marks);
void emgp_episodes_free(emgp_episodes *episodes);

/* What will be judged by, for a channel that is about to begin. */
const emgp_partition *emgp_episodes_about(emgp_episodes *episodes, const emgp_channel_facts *facts);

/* Begins a channel, whose contractions are known. take: whom its events go to. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_episodes_start(emgp_episodes *episodes, const emgp_channel_facts *facts,
                               const emgp_contractions *contractions, emgp_event_take *take, void *context,
                               emg_error *err);
emg_status emgp_episodes_push(emgp_episodes *episodes, const emgp_episode_burst *burst, emg_error *err);
/* A gap in the recording, or its end, as the mark says: everything open is closed. */
emg_status emgp_episodes_gap(emgp_episodes *episodes, const emgp_episode_burst *mark, emg_error *err);
/* The channel's end. */
emg_status emgp_episodes_finish(emgp_episodes *episodes, emg_error *err);

/* ---- owned.c: What a contraction is not made of: trains, artefacts, responses, and discharges that stand alone. ---- */

enum { EMGP_OWNED_ROOM = 64, EMGP_OWNED_BEATS = EMGP_N_STREAMS, EMGP_N_OWNED };

typedef struct emgp_owned_point {
    double onset_s, end_s;
    bool owns;     /* if it stands alone; */
    bool crowded;  /* or in any crowd; */
    bool whatever; /* or whatever lies beneath it */
    bool rings;    /* the filters spread it far */
} emgp_owned_point;

typedef struct emgp_owned {
    emgp_spill *stretches; /* EMGP_N_OWNED streams of emgp_stretch, each by onset */
    emgp_owned_point point[EMGP_OWNED_ROOM];
    size_t n, n_decided;   /* the first n_decided points are only kept as neighbours of the others */
    emgp_beneath *beneath; /* borrowed; NULL: what lies beneath points is not known */
    double floor_db;
} emgp_owned;

/* memory, directory: as for emgp_spill_new(). EMG_ENOMEM, EMG_EIO. */
emg_status emgp_owned_new(emgp_owned **out, size_t memory, const char *directory, emg_error *err);

/* From now on nothing stands alone where the level between discharges lies over the channel's floor. beneath: borrowed. */
void emgp_owned_look_beneath(emgp_owned *owned, emgp_beneath *beneath, double floor_db);
void emgp_owned_free(emgp_owned *owned);

/* Takes an event of a pass that knew no contractions, as an emgp_event_take. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_owned_take(void *owned, emgp_stream stream, const emg_event *event, emg_error *err);

/* No more events will come: `stretches` is complete with those of a stream of beats. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_owned_finish(emgp_owned *owned, const emgp_spill *beats, size_t stream, emg_error *err);

/* ---- bridge.c: Two trains of one rhythm with nothing but a contraction between them are one. ---- */

typedef struct emgp_bridge emgp_bridge;

/* directory: as for emgp_spill_new(). take: whom the events go to. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_bridge_new(emgp_bridge **out, const char *directory, emgp_event_take *take, void *context,
                           emg_error *err);
void emgp_bridge_free(emgp_bridge *bridge);

/* Takes an event, as an emgp_event_take; episodes, contractions and claims are held back. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_bridge_take(void *bridge, emgp_stream stream, const emg_event *event, emg_error *err);

/* No more will come: hands on what was held back, each stream in its order. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_bridge_finish(emgp_bridge *bridge, emg_error *err);

/* ---- channel.c: One channel's spilled records, read back: units learned, contractions and events found. ---- */

typedef struct emgp_channel_streams {
    const emgp_spill *discharges, *bursts, *synchrony, *levels, *beats;
    size_t stream;
    emgp_spill *unit_of; /* of one stream of emgp_unit_of, empty: takes the unit of each discharge */
    double level_step_s; /* of its levels */
    emgp_floor floor;
    const emg_source *sources; /* of all n_sources streams; NULL: no antagonists are sought */
    size_t n_sources;
    const char *directory; /* for a temporary file; NULL: as emgp_spill_new() chooses */
} emgp_channel_streams;

/* Runs the sparse stages over one channel; its events go to `take`. facts->rhythmic_s is found here. */
emg_status emgp_channel_events(const emgp_channel_streams *streams, emgp_units *units, emgp_episodes *episodes,
                               const emgp_channel_facts *facts, emgp_event_take *take, void *context, emg_error *err);

/* ---- claims.c: Stretches of a channel that are one thing as a whole: their bursts are nobody else's. ---- */

typedef struct emgp_claims emgp_claims;

/* Finds a channel's, whose units are known. about: borrowed, and needed by this call only, and so are kin, of its bursts, of
 * one stream, and what lies beneath its discharges. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_claims_new(emgp_claims **out, const emgp_partition *about, const emgp_channel_streams *streams,
                           const emgp_spill *kin, emgp_beneath *beneath, emg_error *err);
void emgp_claims_free(emgp_claims *claims);

/* Gives them as events of EMGP_CLAIMS, by onset. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_claims_give(emgp_claims *claims, emgp_event_take *take, void *context, emg_error *err);

/* Begins at the first; then, burst by burst in their order, sets whether a claim has it (taken): all that lies in a stretch,
 * of a unit's train its discharges (firing); what others a burst holds becomes all of it. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_claims_start(emgp_claims *claims, emg_error *err);
emg_status emgp_claims_mark(emgp_claims *claims, emgp_episode_burst *burst, emg_error *err);

/* ---- joiner.c: Episodes of one class that follow each other closely are one episode. ---- */

/* Holds the last episode back until it is known that none joins it. Zeroed it is empty. */
typedef struct emgp_joiner {
    bool open;
    emg_event held;
} emgp_joiner;

/* Whether two episodes are of one class, and of about one rate where they have one; artefacts are, whatever their rate. */
bool emgp_joiner_alike(const emg_event *a, const emg_event *b);

/* Makes the evidence of a's reasons that of b's too; a weight each for values that both have, equal ones when neither has one. */
void emgp_joiner_evidence(emg_event *a, const emg_event *b, double weight_a, double weight_b);
/* Makes a, which begins first, both of them. */
void emgp_joiner_join(emg_event *a, const emg_event *b);

/* Takes the next episode; *done is set and *out filled when the one held before is complete. */
void emgp_joiner_push(emgp_joiner *joiner, const emg_event *event, bool *done, emg_event *out);
/* The episode still held, if any. */
void emgp_joiner_finish(emgp_joiner *joiner, bool *done, emg_event *out);

/* ---- Settings of this room, as the configuration joins them. ---- */
emgp_settings emgp_across_table(void);
emgp_settings emgp_episode_table(void);
emgp_settings emgp_fasciculation_table(void);
emgp_settings emgp_marks_table(void);

/* ---- Rules of this room, each table at the top of its file, as ../rules.c joins them. ---- */
emgp_rules emgp_across_rules(void);
emgp_rules emgp_bridge_rules(void);
emgp_rules emgp_channel_rules(void);
emgp_rules emgp_claims_rules(void);
emgp_rules emgp_train_rules(void);
emgp_rules emgp_measure_rules(void);
emgp_rules emgp_episode_rules(void);
emgp_rules emgp_marked_rules(void);
emgp_rules emgp_locked_rules(void);
emgp_rules emgp_partition_rules(void);
emgp_rules emgp_sustained_rules(void);
emgp_rules emgp_joiner_rules(void);
emgp_rules emgp_owned_rules(void);

#endif
