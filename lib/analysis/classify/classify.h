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
#include "analysis/detect/detect.h"
#include "base/base.h"

/* ---- across.c: The only stage that sees more than one channel: which muscles were active together. ---- */

/* What across says of one burst. */
typedef struct emgp_synchrony {
    float
        other_ended_s; /* time since the latest end of another muscle's bursts, negative while one lasts; NaN: none yet */
    uint16_t n_muscles; /* muscles whose bursts began within the synchrony window, its own included */
    uint16_t common;    /* 1 when they are nearly all muscles: a common artefact */
} emgp_synchrony;

/* Reads the bursts of n_channels streams and writes the synchrony of each into the same stream of `out`.
 * muscle_of[channel] < n_muscles: channels of one muscle count once. */
emg_status emgp_across(const emgp_spill *bursts, size_t n_channels, const uint32_t *muscle_of, size_t n_muscles,
                       const emg_config *config, emgp_spill *out, emg_error *err);

/* ---- burst_record: A burst on its way to a class: what it is, which muscles were active with it, which discharges it holds. */

enum { EMGP_MOST_POINTS = 6 }; /* discharges kept of a short burst; longer ones are interference */

typedef struct emgp_point {
    double peak_s;
    float before_s, after_s, peak, peak_to_peak, sigma;
    uint16_t flags;
    uint8_t unit; /* 0: none */
    bool ecg;     /* its unit fires as QRS complexes do */
} emgp_point;

typedef struct emgp_episode_burst {
    emgp_burst burst;
    emgp_synchrony synchrony;
    emgp_point point[EMGP_MOST_POINTS];
    unsigned n_points;
    bool taken; /* an event has it already, or a contraction */
    bool held;  /* a contraction has it: only a stimulus takes something out of it */
    bool near;  /* a contraction is so near that it is no discharge or jerk by itself */
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

/* Robust coefficient of variation, 1.4826 median |x - M| / M, about the median M of n values; overwrites x. */
double emgp_rcv(double *x, size_t n, double median);

/* ---- evidence: What is known of one burst or of a train of them when its class is decided. ---- */

/* Everything that a rule may look at, each a double so that a rule can name it by its place; a flag is 0 or 1. NaN: not known.
 * A new piece of evidence is a member here; a new rule is a row of a table (class_rules.c). */
typedef struct emgp_evidence {
    /* measured by train.c and partition.c */
    double n;                 /* bursts */
    double duration_s;        /* from the first onset to the last end */
    double observation_s;     /* of the recording */
    double rhythmic_s;        /* time of the channel around whose bursts the envelope is periodic */
    emgp_intervals intervals; /* between onsets */
    double rate_hz;           /* bursts per second: 1 / median interval of a train, local rate of isolated ones */
    double acf_height;        /* of the envelope's autocorrelation, median over the bursts */
    double lag_share;         /* share of bursts around which the envelope has the train's period */
    double glide_hz;          /* middle rate less the rate of the first and last bursts; NaN: not beyond its error */
    double core_s;            /* median time from 25 % to 75 % of a burst's energy */
    double burst_s;           /* median duration of a burst */
    double burst_rcv;         /* robust coefficient of variation of the bursts' durations */
    double background_hz;     /* rate of the bursts around the train that are not its own */
    double extra_share;       /* other bursts between its first and last burst, per burst */
    double single_share;      /* share of bursts that are one discharge of the train's commonest unit */
    double shape_share;       /* share of bursts whose largest discharge is of the train's commonest unit */
    double alternating_share; /* share of bursts that begin as another muscle's burst ends */
    double isolated_share;    /* share of bursts with silence on both sides */
    double discharge_hz;      /* discharges per second of its duration */
    double snr_db;            /* median */
    double n_muscles;         /* active at the same instant, its own included (median, rounded down) */
    double alone;             /* flag: one burst, judged by itself; else a train or a stretch */
    double sustained;         /* flag: one burst, or several nearly joined ones, without silence */
    double no_rest;           /* flag: the noise around it is as large as activity */
    double common, ecg, pop, motion, clipped; /* flags: marks of artefacts */
    double embedded; /* flag: cut out of other activity that goes right up to it or on right after it */
    double cut;      /* flag: by a gap or an end of the recording */
    double reflex_site, at_stretch, at_task, at_rest; /* flags */
    double at_stimulus, stimulus_artefact;            /* flags: begins with or after a marked stimulus; with it */
    double stimulus_share;                            /* share of a train's bursts that begin so */
    double used;                                      /* flag: the channel holds solid contractions */
    /* worked out from the above when a decision begins (rhythm.c) */
    double duty;             /* burst_s times rate_hz: share of a period that a burst fills */
    double rhythmic_share;   /* rhythmic_s / observation_s */
    double duration_share;   /* duration_s / observation_s */
    double isolation_excess; /* isolated_share less what chance leaves at least to a Poisson train of this rate */
    /* what sets of rules found (class_rules.c) */
    double slow, envelope, regular, bursts, continuous, clear; /* flags */
    double clonus_score;                                       /* sum of the votes for clonus and for tremor */
    double confidence;                                         /* of the word */
} emgp_evidence;

/* ---- judge.c: Rules as rows: a rule tests one piece of evidence, a set of rules gives a verdict. ---- */

/* What a rule does in its set. A rule and the `and` rows right after it hold together or not at all. */
typedef enum emgp_effect {
    EMGP_NEEDS,   /* the set fits only when it holds */
    EMGP_REFUSES, /* the set does not fit when it holds */
    EMGP_ONE_OF,  /* the set fits only when one of these holds */
    EMGP_ADDS,    /* its weight and reason count when it holds */
    EMGP_WEIGHS,  /* its margin counts on either side of the limit */
    EMGP_AND,     /* goes on with the rule above */
    EMGP_SETS,    /* a number of a stage: a step uses it as the sentence says */
    EMGP_N_EFFECTS
} emgp_effect;

typedef enum emgp_test {
    EMGP_ALWAYS, /* looks at no evidence */
    EMGP_IS,     /* a flag is set */
    EMGP_IS_NOT,
    EMGP_AT_LEAST,
    EMGP_ABOVE,
    EMGP_AT_MOST,
    EMGP_BELOW,
    EMGP_N_TESTS
} emgp_test;

typedef struct emgp_rule {
    const char *name; /* "set.rule", its own */
    emgp_effect effect;
    const char *evidence; /* its name, and its place in emgp_evidence (0 for what a stage looks at) */
    size_t evidence_at;
    emgp_test test;
    double limit; /* what is added to factor times the setting, when there is one */
    const char *setting;
    size_t setting_at; /* in emg_config */
    double factor;
    double spread;     /* as far beyond the limit the margin is 1; 0: the weight counts whole */
    double weight;     /* log odds of a margin of 1; 0: decides only */
    emg_reason reason; /* EMGP_NO_REASON: none */
    const char *source, *sentence;
} emgp_rule;

/* Columns of a row. */
#define EMGP_EVIDENCE(member) #member, offsetof(emgp_evidence, member)
#define EMGP_LIMIT(number) (number), NULL, 0, 0
#define EMGP_SETTING(key) EMGP_TIMES(1, key)
#define EMGP_TIMES(times, key) 0, #key, offsetof(emg_config, key), (times)
#define EMGP_PLUS(key, number) (number), #key, offsetof(emg_config, key), 1
#define EMGP_NO_REASON EMG_N_REASONS
#define EMGP_OURS "ours" /* chosen for this project */

/* The row of a number that a stage uses. */
#define EMGP_NUMBER(name, evidence, test, limit, source, sentence)                                                     \
    {                                                                                                                  \
        name, EMGP_SETS, evidence, 0, test, limit, 0, 0, EMGP_NO_REASON, source, sentence                              \
    }

typedef struct emgp_rules {
    const emgp_rule *rows;
    size_t n;
} emgp_rules;

#define EMGP_RULES(array)                                                                                              \
    {                                                                                                                  \
        (array), sizeof(array) / sizeof *(array)                                                                       \
    }

/* One rule before one piece of evidence: what is printed to say why. */
typedef struct emgp_rule_reading {
    double value, limit, margin; /* margin: in spreads beyond the limit, bounded; 1 for a rule without a spread */
    bool holds;
} emgp_rule_reading;

/* What a set of rules says: the sum over its rules that count of weight times margin, and their reasons. */
typedef struct emgp_verdict {
    bool fits;
    double score;
    uint64_t reasons; /* bits of emg_reason */
} emgp_verdict;

double emgp_rule_limit(const emgp_rule *rule, const emg_config *config);
emgp_rule_reading emgp_rule_read(const emgp_rule *rule, const emgp_evidence *evidence, const emg_config *config);
emgp_verdict emgp_judge(emgp_rules rules, const emgp_evidence *evidence, const emg_config *config);

/* The confidence that a sum of log odds is, kept below certainty. */
double emgp_confidence_of(double score);

/* ---- class_rules.c: The words and their rules: what is found first, and which sets of rules each word asks for. ---- */

/* The sets in the order in which they are judged: what is found, the words, what is said of each. 0: none. */
typedef enum emgp_rule_set {
    EMGP_SET_NONE = 0,
    EMGP_SET_SLOW,
    EMGP_SET_ENVELOPE,
    EMGP_SET_REGULAR,
    EMGP_SET_BURSTS,
    EMGP_SET_CONTINUOUS,
    EMGP_SET_CLEAR,
    EMGP_SET_BAND,
    EMGP_SET_ARTIFACT,
    EMGP_SET_EVOKED,
    EMGP_SET_MOTOR_UNIT,
    EMGP_SET_RHYTHMIC,
    EMGP_SET_FAST,
    EMGP_SET_CLONUS,
    EMGP_SET_TREMOR,
    EMGP_SET_UNRESOLVED,
    EMGP_SET_JERKS,
    EMGP_SET_TONIC,
    EMGP_SET_TASK,
    EMGP_SET_FASCICULATION,
    EMGP_SET_MYOCLONUS,
    EMGP_SET_UNDECIDED,
    EMGP_SET_DOUBT,
    EMGP_SET_MARKS,
    EMGP_N_SETS
} emgp_rule_set;

/* What becomes of a set's verdict besides a word. */
typedef enum emgp_finding {
    EMGP_FINDS_NOTHING, /* its score is log odds of the word */
    EMGP_FINDS_FLAG,    /* whether it fits is evidence */
    EMGP_FINDS_SUM      /* its score is evidence */
} emgp_finding;

typedef struct emgp_set {
    emgp_rules rules;
    emgp_finding finding;
    size_t finding_at; /* in emgp_evidence */
} emgp_set;

enum { EMGP_SETS_OF_WORD = 3 };

/* A word and the sets that must all fit. Of a set that finds something only the reasons count. */
typedef struct emgp_word {
    emg_class trial_type;
    emgp_rule_set sets[EMGP_SETS_OF_WORD];
} emgp_word;

const emgp_set *emgp_set_at(emgp_rule_set set);
/* In the order of the decision: the first word whose sets fit; NULL beyond the last. */
const emgp_word *emgp_word_at(size_t index);

/* ---- rhythm.c: The decision. ---- */

typedef struct emgp_decision {
    emg_class trial_type;
    double confidence;
    uint64_t reasons; /* bits of emg_reason */
} emgp_decision;

/* The first word that fits decides; below the least confidence the label is indeterminate. */
emgp_decision emgp_rhythm_decide(const emgp_evidence *evidence, const emg_config *config);

/* Whether the intervals alone are those of a rhythm: enough bursts, small rCV, large fold. */
bool emgp_rhythm_is_regular(const emgp_evidence *evidence, const emg_config *config);

/* ---- train.c: Trains of regularly spaced bursts, and the evidence that a set of bursts gives. ---- */

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

/* The train of one burst alone. */
void emgp_train_alone(emgp_train *train, size_t burst);

/* The evidence of a train with at least one member. What needs the channel or the recording is left at zero. */
emgp_evidence emgp_train_evidence(const emgp_episode_burst *bursts, size_t n, const emgp_train *train);

/* 20 log10 of peak over sigma. */
double emgp_snr_db(float peak, float sigma);

/* Median peak to peak over the members. */
double emgp_train_amplitude(const emgp_episode_burst *bursts, const emgp_train *train);

/* ---- marked.c: What annotations mark at a time, and those that nobody explained. ---- */

/* Marks by what they are for, each by onset. Borrowed. */
typedef struct emgp_marks_told {
    const emg_mark *stretches; /* of rest, task and stretch */
    size_t n_stretches;
    const emg_mark *stimuli;
    size_t n_stimuli;
} emgp_marks_told;

typedef enum emgp_after { EMGP_AFTER_NONE = 0, EMGP_AFTER_ARTEFACT, EMGP_AFTER_RESPONSE } emgp_after;

/* Whether a mark of that kind of stretch touches [from_s, to_s]; whether what begins at onset_s is at a marked stretch of the
 * muscle. */
bool emgp_marked(const emgp_marks_told *marks, emg_mark_kind kind, double from_s, double to_s);
bool emgp_marked_stretch(const emgp_marks_told *marks, double onset_s, const emg_config *config);

/* The latest time at which a stimulus may be marked that what begins at onset_s follows. */
double emgp_marked_latest(double onset_s, double peak_s, const emg_config *config);

/* What begins at onset_s, with its largest deflection at peak_s, to the latest stimulus before it, whose number goes to
 * *stimulus unless that is NULL. */
emgp_after emgp_marked_stimulus(const emgp_marks_told *marks, double onset_s, double peak_s, const emg_config *config,
                                size_t *stimulus);

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

/* ---- partition.c: A stretch of a channel's bursts, and the events that they are. ---- */

/* What is the same for all events of a channel. */
typedef struct emgp_channel_facts {
    uint32_t channel, muscle;
    bool reflex_site;
    bool used; /* it holds solid contractions */
    double observation_s;
    double rhythmic_s; /* of it, with bursts around which the envelope is periodic */
} emgp_channel_facts;

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
    emg_event *response; /* the last evoked one among the points; NULL: none yet */
    size_t stimulus;     /* whose response it is */
    emgp_train train;    /* being judged */
} emgp_partition;

/* Whether a word names a rhythm: an episode with a rate. */
bool emgp_partition_is_rhythm(emg_class trial_type);

/* Turns the bursts into events, each kind in the order it was found, and forgets them. */
void emgp_partition_bursts(emgp_partition *partition);

/* ---- stimulus.c: What marks tell of a partition's bursts: evidence, artefacts of stimuli, and one evoked response a channel. ---- */

/* What a burst is to the latest stimulus before it. */
emgp_after emgp_evidence_stimulus(const emgp_partition *partition, size_t burst);

/* Adds what the channel and the marks tell of what begins at onset_s and lasts as long as the evidence says. */
void emgp_evidence_place(const emgp_partition *partition, emgp_evidence *evidence, double onset_s);

/* The same of partition->train, and what the stimulus before its first burst tells. */
void emgp_evidence_complete(const emgp_partition *partition, emgp_evidence *evidence, double onset_s);

/* All evidence of one burst by itself, which becomes partition->train. */
emgp_evidence emgp_evidence_alone(emgp_partition *partition, size_t burst, double onset_s);

/* The event, but for its onset, peak, amplitude and rate. */
emg_event emgp_evidence_event(const emgp_partition *partition, const emgp_evidence *evidence,
                              const emgp_decision *decision);

/* The discharges of a short burst that belong to a marked stimulus: those of its artefact become artefacts, the others
 * one evoked event with those that came before them. The burst keeps what is left, or is taken. */
void emgp_stimulus_take(emgp_partition *partition, size_t burst);

/* ---- sustained.c: A channel's contractions, each made an event with what its bursts tell of it. ---- */

/* Contractions in order, and how long the longest is. */
typedef struct emgp_contractions {
    const emgp_spill *rows; /* one stream of emgp_contraction; NULL: none were sought */
    double longest_s;
    bool never_rests; /* the channel does not */
} emgp_contractions;

typedef emg_status emgp_sustained_take(void *context, const emg_event *event, emg_error *err);

typedef struct emgp_sustained {
    const emgp_partition *about; /* whose facts and marks hold */
    emgp_contractions contractions;
    emgp_spill_cursor cursor;
    bool there; /* a contraction that is not given yet */
    emgp_contraction row;
    double clear_s; /* time from which on the ones before are no longer near */
    /* of the bursts in it, each weighted by its time within */
    double weight, heights, highest, lag_s, amplitudes, n_discharges, snr_db, most_s, n_muscles;
    double peak, peak_s; /* of the largest of them */
    uint32_t flags;
    emgp_sustained_take *take;
    void *context;
} emgp_sustained;

/* Begins a channel. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_sustained_start(emgp_sustained *sustained, const emgp_partition *about,
                                const emgp_contractions *contractions, emgp_sustained_take *take, void *context,
                                emg_error *err);

/* Takes the channel's next burst and sets whether it is a contraction's, or near one. Gives the contractions that end
 * before it does. */
emg_status emgp_sustained_push(emgp_sustained *sustained, emgp_episode_burst *burst, emg_error *err);

/* Whether the channel's muscle is being used: it holds a solid contraction. */
bool emgp_sustained_used(const emgp_contractions *contractions);

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
    EMGP_N_STREAMS
} emgp_stream;

typedef emg_status emgp_event_take(void *context, emgp_stream stream, const emg_event *event, emg_error *err);

/* The marks' arrays are borrowed for the object's life. */
emg_status emgp_episodes_new(emgp_episodes **out, const emg_config *config, const emgp_marks_told *marks,
                             emg_error *err);
void emgp_episodes_free(emgp_episodes *episodes);

/* Begins a channel, whose contractions are known. take: whom its events go to. EMG_ENOMEM, EMG_EIO. */
emg_status emgp_episodes_start(emgp_episodes *episodes, const emgp_channel_facts *facts,
                               const emgp_contractions *contractions, emgp_event_take *take, void *context,
                               emg_error *err);
emg_status emgp_episodes_push(emgp_episodes *episodes, const emgp_episode_burst *burst, emg_error *err);
/* A gap in the recording: everything open is closed. */
emg_status emgp_episodes_gap(emgp_episodes *episodes, emg_error *err);
/* The channel's end. */
emg_status emgp_episodes_finish(emgp_episodes *episodes, emg_error *err);

/* ---- channel.c: One channel's spilled records, read back: units learned, contractions and events found. ---- */

typedef struct emgp_channel_streams {
    const emgp_spill *discharges, *bursts, *synchrony, *levels;
    size_t stream;
    double level_step_s; /* of its levels */
    emgp_floor floor;
    const char *directory; /* for a temporary file; NULL: as emgp_spill_new() chooses */
} emgp_channel_streams;

/* Runs the sparse stages over one channel; its events go to `take`. facts->rhythmic_s is found here. */
emg_status emgp_channel_events(const emgp_channel_streams *streams, emgp_units *units, emgp_episodes *episodes,
                               const emgp_channel_facts *facts, emgp_event_take *take, void *context, emg_error *err);

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
emgp_settings emgp_marks_table(void);
emgp_settings emgp_rhythm_table(void);

/* ---- Rules of this room, each table at the top of its file, as rules.c joins them. ---- */

emgp_rules emgp_across_rules(void);
emgp_rules emgp_channel_rules(void);
emgp_rules emgp_intervals_rules(void);
emgp_rules emgp_train_rules(void);
emgp_rules emgp_episode_rules(void);
emgp_rules emgp_marked_rules(void);
emgp_rules emgp_locked_rules(void);
emgp_rules emgp_partition_rules(void);
emgp_rules emgp_sustained_rules(void);
emgp_rules emgp_decision_rules(void);
emgp_rules emgp_judge_rules(void);
emgp_rules emgp_joiner_rules(void);

#endif
