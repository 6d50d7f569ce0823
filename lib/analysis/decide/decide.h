/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From evidence to a word: rules as rows, the words that they make, and the decision between them. */
#ifndef EMGP_ANALYSIS_DECIDE_DECIDE_H
#define EMGP_ANALYSIS_DECIDE_DECIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <emg/config.h>
#include <emg/event.h>

#include "base/base.h"

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
    double off;  /* root mean square of their distances from whole medians / median */
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
    double cycle_s;           /* median duration of its cycles, fragments of each included */
    double burst_rcv;         /* robust coefficient of variation of the bursts' durations */
    double crowd_hz;          /* rate of the bursts within half a minute that are no clear train's; 0: not counted */
    double background_hz;     /* rate of the bursts around the train that are not its own */
    double extra_share;       /* other bursts between its first and last burst, per burst */
    double single_share;      /* share of bursts that are one discharge of the train's commonest unit */
    double shape_share;       /* share of bursts whose largest discharge is of the train's commonest unit */
    double alternating_share; /* share of bursts that begin as another muscle's burst ends */
    double
        around_hz; /* discharges per second before or after one that stands alone; a burst of a train or a contraction is one */
    double busy_share;       /* share of the time around one that stands alone with longer bursts */
    double n_gaps;           /* between it and its neighbours: from one burst's end to the next onset */
    double silent_share;     /* share of them that are long enough to isolate */
    double discharge_hz;     /* discharges per second of its duration */
    double snr_db;           /* median */
    double antagonist_share; /* share of a contraction in which a named antagonist is active; NaN: none is named */
    double facial_share;     /* share of a facial muscle's bursts that begin with another facial muscle's */
    double n_muscles;        /* active at the same instant, its own included (median, rounded down) */
    double alone;            /* flag: one burst, judged by itself; else a train or a stretch */
    double sustained;        /* flag: one burst, or several nearly joined ones, without silence */
    double no_rest;          /* flag: the muscle never rests */
    double common, ecg, pop, motion, clipped; /* flags: marks of artefacts */
    double embedded; /* flag: cut out of other activity that goes right up to it or on right after it */
    double cut;      /* flag: by a gap or an end of the recording */
    double reflex_site, at_stretch, at_task, at_rest; /* flags */
    double at_stimulus, stimulus_artefact;            /* flags: begins with or after a marked stimulus; with it */
    double stimulus_share;                            /* share of a train's bursts that begin so */
    double
        artifact_share; /* share of a train's bursts that step or swing with the baseline, or are in nearly all muscles */
    double heart_ratio; /* rate_hz / rate of the heart whose beats were removed from the channel; 0: none was */
    double used;        /* flag: there are solid contractions around */
    double pulling;     /* flag: one short pull follows the other around */
    /* of a short burst and those around it (evidence/kin.c) */
    double own_like;   /* how alike its largest discharge is to the second most alike one around it */
    double kin_n;      /* short bursts within a minute */
    double kin_like;   /* median of what own_like is to them */
    double kin_core_s; /* median of their cores */
    double all_known;  /* flag: its discharges are few, and each of a unit */
    /* of a stretch whose bursts are judged together (evidence/) */
    double n_groups;           /* groups of three discharges and more; 0: not looked for */
    double grouped_share;      /* share of discharges in them */
    double paired_share;       /* share of discharges that have another near */
    double inner_s, inner_rcv; /* usual interval within groups, and how it varies */
    double in_group;           /* discharges of a group, median */
    double like_next;          /* likeness of neighbours in groups, median */
    double like_best;          /* median over them of how each is to the most alike of the four before and after it */
    double repeat;             /* how much the waveform of bursts repeats 105 to 350 times a second, median */
    double repeat_sure;        /* that less what chance adds to a median of so few */
    double n_repeating;        /* places at which that was looked at */
    double tone;               /* how much the signal there is like a tone, median */
    double claimed;            /* flag: something else has the stretch as a whole already */
    /* of a train of one unit's discharges (units/train.c); n, rate_hz and intervals are theirs, cv that of the even ones */
    double of_unit;       /* flag */
    double even_share;    /* share of intervals near its period */
    double beyond_chance; /* how many standard errors that is above what a Poisson train has */
    double filled;        /* share of its time that intervals of its period make up */
    double trains_share;  /* share of the discharges there that are of regular trains of units */
    double others_hz;     /* discharges per second there that are of none */
    double beneath_db;    /* level between all discharges over the channel's floor; 0: not known */
    double beneath_share; /* power over the floor there / that of the whole stretch */
    /* of a train by its envelope, and of those of its rate in the channel (evidence/trains.c) */
    double cycles;        /* bursts of the train; 0: none was found by its envelope */
    double contrast;      /* peak of the envelope's autocorrelation over the trough before it */
    double depth_db;      /* level of its bursts over the lowest between them, median */
    double width_s;       /* SD of the times of a burst's energy, median */
    double n_sure;        /* trains of its rate that are clear by themselves, 5 bursts and more */
    double like_rate;     /* trains of its rate, 4 bursts and more */
    double sure_share;    /* n_sure / like_rate */
    double longest_s;     /* the longest of these */
    double like_cycles;   /* their bursts */
    double like_height;   /* of the autocorrelation of all their envelopes together, at their rate; 0: no peak there */
    double like_contrast; /* of that peak over the trough before it */
    double like_echo;     /* of the second peak, at twice the period, over the trough between; NaN: not known */
    double scatter;       /* SD of their rates / their mean */
    double gliding;       /* share by which intervals at their ends are longer than in their middle */
    double glide_errors;  /* that over its standard error */
    double other_s;       /* solid activity around it that is no train */
    double unit_like;     /* likeness of its discharges to the most alike one of those before, median */
    double cycle_discharges; /* its discharges for each cycle */
    double size_scatter;     /* SD of the logarithm of its bursts' peaks */
    double like_shape;       /* share of the bursts of all trains of its rate that repeat a shape */
    double like_unit;        /* unit_like of all trains of its rate, mean over their discharges; NaN: not known */
    double like_sizes;       /* size_scatter of all trains of its rate, mean over their bursts */
    double like_discharges;  /* cycle_discharges of all trains of its rate */
    /* of a contraction of some seconds (evidence/hold.c); NaN: not measured */
    double rise_s;    /* from its onset until it is near its usual level */
    double steady_db; /* SD of the levels of its seconds */
    double wane_db;   /* its usual level over that of its last second */
    double
        pulsing; /* how regular units fire in it: peak of the envelope's autocorrelation at their lags over the trough */
    double others_quiet; /* flag: of another muscle that was recorded nothing is active from its onset to its end */
    /* worked out from the above when a decision begins (rhythm.c) */
    double duty;             /* burst_s times rate_hz: share of a period that a burst fills */
    double rhythmic_share;   /* rhythmic_s / observation_s */
    double duration_share;   /* duration_s / observation_s */
    double isolation_excess; /* silent_share less what chance leaves at least to a Poisson train of this rate */
    /* what sets of rules found (class_rules.c) */
    double family, jerking, slow, envelope, regular, bursts, continuous, clear, kindred, train, firing; /* flags */
    double clonus_score;    /* sum of the votes for clonus and for tremor */
    double chance_per_hour; /* how many trains of so many bursts, as even, bursts at random would make in an hour */
    double cramp_score;     /* sum of the votes for a cramp and for a hold */
    double confidence;      /* of the word */
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
    bool together; /* while a set is judged: it holds, and so do all rows that hold together with it */
} emgp_rule_reading;

/* What a set of rules says: the sum over its rules that count of weight times margin, and their reasons; of a set that
   does not fit, those up to the rule that refused it. */
typedef struct emgp_verdict {
    bool fits;
    double score;
    uint64_t reasons; /* bits of emg_reason */
} emgp_verdict;

double emgp_rule_limit(const emgp_rule *rule, const emg_config *config);
emgp_rule_reading emgp_rule_read(const emgp_rule *rule, const emgp_evidence *evidence, const emg_config *config);
emgp_verdict emgp_judge(emgp_rules rules, const emgp_evidence *evidence, const emg_config *config);

/* Whom each row of a set is told to, in order, as it is judged; counts: its weight and its reason do. */
typedef void emgp_judge_tell(void *context, size_t row, const emgp_rule_reading *reading, bool counts);
/* The same with somebody who listens (NULL: nobody). */
emgp_verdict emgp_judge_telling(emgp_rules rules, const emgp_evidence *evidence, const emg_config *config,
                                emgp_judge_tell *tell, void *context);

/* The confidence that a sum of log odds is, kept below certainty. */
double emgp_confidence_of(double score);

/* ---- class_rules.c: The rules of each word, and of what is found first. ---- */

/* The sets in the order in which they are judged: what is found, the words, what is said of each. 0: none. */
typedef enum emgp_rule_set {
    EMGP_SET_NONE = 0,
    EMGP_SET_FAMILY,
    EMGP_SET_JERKING,
    EMGP_SET_SLOW,
    EMGP_SET_ENVELOPE,
    EMGP_SET_REGULAR,
    EMGP_SET_BURSTS,
    EMGP_SET_CONTINUOUS,
    EMGP_SET_CLEAR,
    EMGP_SET_FIRING,
    EMGP_SET_KINDRED,
    EMGP_SET_TRAIN,
    EMGP_SET_BAND,
    EMGP_SET_CRAMPING,
    EMGP_SET_ARTIFACT,
    EMGP_SET_EVOKED,
    EMGP_SET_NEUROMYOTONIA,
    EMGP_SET_MYOKYMIA,
    EMGP_SET_CYCLIC,
    EMGP_SET_SWIFT,
    EMGP_SET_LONE,
    EMGP_SET_UNIT_TRAIN,
    EMGP_SET_MOTOR_UNIT,
    EMGP_SET_RHYTHMIC,
    EMGP_SET_FAST,
    EMGP_SET_CLONUS,
    EMGP_SET_TREMOR,
    EMGP_SET_UNRESOLVED,
    EMGP_SET_JERKS,
    EMGP_SET_REPEATED,
    EMGP_SET_SPASM,
    EMGP_SET_TONIC,
    EMGP_SET_TASK,
    EMGP_SET_FASCICULATION,
    EMGP_SET_MYOCLONUS,
    EMGP_SET_BRIEF,
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

/* The row that emg_rule_at() has for a row of a set. */
uint16_t emgp_rule_number(emgp_rule_set set, size_t row);

/* ---- words.c: The words in the order of the decision. ---- */

/* The first word whose sets fit is the one; NULL beyond the last. */
const emgp_word *emgp_word_at(size_t index);

/* ---- fact_rules.c: What is found first: flags and a sum. ---- */

/* The rules that find it; NULL: the set is one of a word. */
const emgp_set *emgp_fact_set_at(emgp_rule_set set);

/* ---- rhythm.c: The decision. ---- */

/* What a rule that gave a reason compared. */
typedef struct emgp_proof {
    emgp_rule_set set;
    uint16_t row;
    float value, limit; /* limit NaN: a flag */
} emgp_proof;

typedef struct emgp_decision {
    emg_class trial_type;
    double confidence;
    uint64_t reasons; /* bits of emg_reason */
    uint32_t n_proofs;
    emgp_proof proof[EMG_EVENT_EVIDENCE]; /* of the reasons, in the order of the judging; of more the first */
} emgp_decision;

/* The first word that fits decides; below the least confidence the label is indeterminate. */
emgp_decision emgp_rhythm_decide(const emgp_evidence *evidence, const emg_config *config);

/* A row of a set as a decision comes to it. */
typedef struct emgp_step {
    const emgp_word *word; /* whose set it is; NULL: of what is found first, or said in the end */
    emgp_rule_set set;
    bool fits; /* the set as a whole */
    size_t row;
    emgp_rule_reading reading;
    bool counts; /* its weight and its reason do */
} emgp_step;

typedef void emgp_step_take(void *context, const emgp_step *step);

/* Goes through a decision again, row by row: what is found first, the words up to the one that fits, each up to its first
 * set that does not, and what is said in the end. */
void emgp_rhythm_retrace(const emgp_evidence *evidence, const emg_config *config, emgp_step_take *take, void *context);

/* Whether the intervals alone are those of a rhythm: enough bursts, small rCV, large fold. */
bool emgp_rhythm_is_regular(const emgp_evidence *evidence, const emg_config *config);

/* Whether one unit's discharges are a train of it that fires regularly. */
bool emgp_rhythm_is_firing(const emgp_evidence *evidence, const emg_config *config);

/* ---- watch.c: Decisions about one moment, kept to say why. ---- */

enum { EMGP_WATCHED = 64 };

typedef struct emgp_watched {
    uint32_t channel;
    double onset_s, duration_s;
    emg_class trial_type;
    double confidence;
    emgp_evidence evidence;
} emgp_watched;

typedef struct emgp_watch {
    double from_s, to_s; /* what touches this is kept, */
    emg_config config;   /* with the settings it was decided by */
    size_t n;
    emgp_watched list[EMGP_WATCHED]; /* the first */
} emgp_watch;

/* Keeps the decision about what begins at onset_s when it is asked for; watch NULL: nothing is. */
void emgp_watch_note(emgp_watch *watch, uint32_t channel, double onset_s, const emgp_evidence *evidence,
                     const emgp_decision *decision);

/* ---- Settings and rules of this folder, as the configuration and ../rules.c join them. ---- */

emgp_settings emgp_rhythm_table(void);
emgp_rules emgp_intervals_rules(void);
emgp_rules emgp_judge_rules(void);
emgp_rules emgp_decision_rules(void);

#endif
