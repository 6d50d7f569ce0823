/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sentences about a muscle and about a file, which summary, page and JSON share. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/report.h"

/* How a class that comes in episodes is put into words; the offsets of NaN-able members are 0 where it has none. */
typedef struct episode_words {
    emg_class trial_type;
    const char *title, *none;
    size_t total, longest, rate, beats;
} episode_words;

#define AT(member) offsetof(emg_summary, member)

static const episode_words episodes[] = {
    { EMG_CLONUS, "Clonus", "clonus", AT(counts.clonus_total_s), AT(counts.clonus_longest_s), AT(counts.clonus_hz),
      AT(counts.clonus_beats) },
    { EMG_TREMOR, "Tremor", "tremor", AT(counts.tremor_total_s), AT(counts.tremor_longest_s), AT(counts.tremor_hz), 0 },
    { EMG_RHYTHMIC, "Rhythmic bursts (clonus or tremor, unresolved)", NULL, AT(counts.rhythmic_total_s), 0,
      AT(counts.rhythmic_hz), 0 },
    { EMG_MYOKYMIA, "Myokymia", NULL, AT(counts.myokymia_total_s), 0, 0, 0 },
    { EMG_NEUROMYOTONIA, "Neuromyotonia", NULL, AT(counts.neuromyotonia_total_s), 0, 0, 0 },
    { EMG_SPASM, "Cramp or spasm", NULL, AT(counts.spasm_total_s), AT(counts.spasm_longest_s), 0, 0 },
    { EMG_TONIC, "Tonic or voluntary activity", NULL, AT(counts.tonic_total_s), AT(counts.tonic_longest_s), 0, 0 },
    { EMG_MOTOR_UNIT, "Regular single motor unit", NULL, AT(counts.motor_unit_total_s), 0, AT(counts.motor_unit_hz),
      0 },
    { EMG_INDETERMINATE, "Indeterminate activity", NULL, AT(counts.indeterminate_total_s), 0, 0, 0 },
    { EMG_ARTIFACT, "Artefact", NULL, AT(counts.artifact_total_s), 0, 0, 0 },
};
enum { N_EPISODE_CLASSES = sizeof episodes / sizeof *episodes };

double emgp_words_total(const emg_summary *summary, emg_class trial_type)
{
    double value = NAN;
    for (size_t i = 0; i < N_EPISODE_CLASSES; i++)
        if (episodes[i].trial_type == trial_type)
            memcpy(&value, (const char *)summary + episodes[i].total, sizeof value);
    return value;
}

static double real_at(const emg_summary *summary, size_t offset)
{
    double value = NAN;
    if (offset > 0)
        memcpy(&value, (const char *)summary + offset, sizeof value);
    return value;
}

static uint64_t count_at(const emg_summary *summary, size_t offset)
{
    uint64_t value = 0;
    if (offset > 0)
        memcpy(&value, (const char *)summary + offset, sizeof value);
    return value;
}

/* A number a person reads: 3 significant digits, but never less than whole units. */
void emgp_words_number(emgp_sink *sink, double value)
{
    double magnitude = fabs(value);
    if (magnitude > 0 && isfinite(value)) {
        double digits = 2 - floor(log10(magnitude));
        double scale = pow(10, digits < 0 ? 0 : digits);
        value = rint(value * scale) / scale;
    }
    emgp_sink_number(sink, value);
}

/* Seconds, to a tenth. */
static void put_tenths(emgp_sink *sink, double seconds)
{
    emgp_sink_number(sink, rint(seconds * 10) / 10);
}

/* From an hour on, a length is told in hours and minutes, and a place as h:mm:ss.t, which --from and --to take too. */
static const double long_s = 3600;

void emgp_words_span(emgp_sink *sink, double seconds)
{
    const double minutes = rint(seconds / 60);
    if (!(seconds >= long_s)) {
        put_tenths(sink, seconds);
        emgp_sink_text(sink, " s");
        return;
    }
    emgp_sink_count(sink, (uint64_t)(minutes / 60));
    emgp_sink_text(sink, " h");
    if (fmod(minutes, 60) > 0) {
        emgp_sink_text(sink, " ");
        emgp_sink_count(sink, (uint64_t)fmod(minutes, 60));
        emgp_sink_text(sink, " min");
    }
}

/* A sum of seconds to three digits, or as a span. */
static void put_total(emgp_sink *sink, double seconds)
{
    if (seconds >= long_s) {
        emgp_words_span(sink, seconds);
        return;
    }
    emgp_words_number(sink, seconds);
    emgp_sink_text(sink, " s");
}

static void put_clock(emgp_sink *sink, double seconds)
{
    char text[40];
    const double tenths = rint(seconds * 10), minutes = floor(tenths / 600);
    const unsigned left = (unsigned)(tenths - 600 * minutes);
    snprintf(text, sizeof text, "%.0f:%02u:%02u.%u", floor(minutes / 60), (unsigned)fmod(minutes, 60), left / 10,
             left % 10);
    emgp_sink_text(sink, text);
}

/* Places in time that belong together: "4, 15.1 s", or all as clock times where the last is an hour or more after the
 * start. Between two stands one or the other text. */
static void put_places(emgp_sink *sink, const double *at_s, size_t n, const char *between, const char *between_clocks)
{
    const bool clock = n > 0 && at_s[n - 1] >= long_s;
    for (size_t i = 0; i < n; i++) {
        emgp_sink_text(sink, i == 0 ? "" : clock ? between_clocks : between);
        if (clock)
            put_clock(sink, at_s[i]);
        else
            put_tenths(sink, at_s[i]);
    }
    emgp_sink_text(sink, clock || n == 0 ? "" : " s");
}

void emgp_words_amplitude(emgp_sink *sink, const emg_summary *summary, double value)
{
    emgp_words_number(sink, value);
    emgp_sink_text(sink, summary->calibrated ? " uV" : " (relative)");
}

/* Rest was looked for, and there was none. */
static bool never_rests(const emg_summary *summary)
{
    return !(summary->signal.rest_s > 0) && summary->signal.threshold > 0;
}

/* What a rate of fasciculations would be of, where there was none. */
static void put_restless(emgp_sink *sink, const emg_summary *summary)
{
    if (!never_rests(summary))
        return;
    emgp_sink_text(sink, "  Never at rest in ");
    emgp_words_span(sink, summary->signal.analysed_s);
    emgp_sink_text(sink, "; discharges below ");
    emgp_words_amplitude(sink, summary, summary->signal.threshold);
    emgp_sink_text(sink, " cannot be seen.\n");
}

static void put_small_potentials(emgp_sink *sink, const emg_summary *summary)
{
    const uint64_t n = summary->counts.small_potential_count;
    if (n == 0 || n == EMG_NO_COUNT)
        return;
    emgp_sink_text(sink, "  Small potentials, no fasciculations or jerks by their size: ");
    emgp_sink_count(sink, n);
    emgp_sink_text(sink, ", ");
    emgp_words_number(sink, summary->counts.small_potential_per_min);
    emgp_sink_text(sink, " per minute at rest.\n");
}

static void put_scraps(emgp_sink *sink, const emg_summary *summary)
{
    if (summary->counts.scrap_count == 0)
        return;
    emgp_sink_text(sink, "  Scraps that no pattern fits, each below 20 ms: ");
    emgp_sink_count(sink, summary->counts.scrap_count);
    emgp_sink_text(sink, "; they count as nothing.\n");
}

static bool has_fasciculations(const emg_summary *summary)
{
    return summary->counts.fasciculation_count > 0 && summary->counts.fasciculation_count != EMG_NO_COUNT;
}

/* How sure a class is, in a word and in a number. */
static void put_sure(emgp_sink *sink, const emg_summary *summary, emg_class trial_type)
{
    static const double high = 0.9, moderate = 0.7;
    const double confidence = rint(summary->counts.confidence[trial_type] * 100) / 100; /* as it is printed */
    if (!(confidence > 0))
        return;
    emgp_sink_text(sink, confidence >= high       ? "; confidence high ("
                         : confidence >= moderate ? "; confidence moderate ("
                                                  : "; confidence low (");
    emgp_sink_number(sink, confidence);
    emgp_sink_text(sink, ")");
}

static void put_onsets(emgp_sink *sink, const emgp_occurrence *when)
{
    emgp_sink_text(sink, when->n_kept > 0 ? " at " : "");
    put_places(sink, when->onset_s, when->n_kept, ", ", ", ");
    emgp_sink_text(sink, when->n > when->n_kept ? " and later" : "");
}

static void put_fasciculations(emgp_sink *sink, const emg_summary *summary, const emgp_occurrence *when)
{
    bool one = summary->counts.fasciculation_count == 1;
    emgp_sink_text(sink, "  Fasciculations: ");
    emgp_sink_count(sink, summary->counts.fasciculation_count);
    if (summary->signal.rest_s > 0) {
        emgp_sink_text(sink, " in ");
        emgp_words_span(sink, summary->signal.rest_s);
        emgp_sink_text(sink, " at rest");
    }
    emgp_sink_text(sink, ", ");
    if (isfinite(summary->counts.fasciculation_per_min)) {
        emgp_words_number(sink, summary->counts.fasciculation_per_min);
        emgp_sink_text(sink, " per minute (95 % interval ");
        emgp_words_number(sink, summary->counts.fasciculation_per_min_low);
        emgp_sink_text(sink, " to ");
        emgp_words_number(sink, summary->counts.fasciculation_per_min_high);
        emgp_sink_text(sink, "), ");
    }
    emgp_sink_text(sink, one ? "at " : "from ");
    const double ends_s[] = { summary->counts.fasciculation_first_s, summary->counts.fasciculation_last_s };
    put_places(sink, ends_s, one ? 1 : 2, " s to ", " to ");
    emgp_sink_text(sink, "; amplitude ");
    emgp_words_amplitude(sink, summary, summary->counts.fasciculation_amplitude);
    if (isfinite(summary->counts.fasciculation_interval_median_s)) {
        emgp_sink_text(sink, "; median interval ");
        emgp_words_number(sink, summary->counts.fasciculation_interval_median_s);
        emgp_sink_text(sink, " s");
    }
    if (isfinite(summary->counts.fasciculation_interval_cv)) {
        emgp_sink_text(sink, ", variation ");
        emgp_words_number(sink, summary->counts.fasciculation_interval_cv);
        emgp_sink_text(sink, " (0 regular, 1 random)");
    }
    if (summary->counts.fasciculation_units > 0) {
        emgp_sink_text(sink, "; ");
        emgp_sink_count(sink, summary->counts.fasciculation_units);
        emgp_sink_text(sink, summary->counts.fasciculation_units == 1 ? " shape" : " shapes");
    }
    put_sure(sink, summary, EMG_FASCICULATION);
    if (when->every) {
        emgp_sink_text(sink, ";");
        put_onsets(sink, when);
    }
    emgp_sink_text(sink, ".\n");
}

static void put_myoclonus(emgp_sink *sink, const emg_summary *summary, const emgp_occurrence *when)
{
    emgp_sink_text(sink, "  Myoclonic jerks: ");
    emgp_sink_count(sink, summary->counts.myoclonus_count);
    if (isfinite(summary->counts.myoclonus_per_min)) {
        emgp_sink_text(sink, ", ");
        emgp_words_number(sink, summary->counts.myoclonus_per_min);
        emgp_sink_text(sink, " per minute");
    }
    emgp_sink_text(sink, ",");
    put_onsets(sink, when);
    put_sure(sink, summary, EMG_MYOCLONUS);
    emgp_sink_text(sink, ".\n");
}

static void put_evoked(emgp_sink *sink, const emg_summary *summary, const emgp_occurrence *when)
{
    emgp_sink_text(sink, "  Evoked responses: ");
    emgp_sink_count(sink, summary->counts.evoked_count);
    emgp_sink_text(sink, ",");
    put_onsets(sink, when);
    emgp_sink_text(sink, ".\n");
}

static void put_episodes(emgp_sink *sink, const emg_summary *summary, const episode_words *words,
                         const emgp_occurrence *when)
{
    emgp_sink_text(sink, "  ");
    emgp_sink_text(sink, words->title);
    emgp_sink_text(sink, ": ");
    emgp_sink_count(sink, when->n);
    emgp_sink_text(sink, when->n == 1 ? " episode" : " episodes");
    put_onsets(sink, when);
    emgp_sink_text(sink, "; ");
    put_total(sink, real_at(summary, words->total));
    emgp_sink_text(sink, " in all");
    if (when->n > 1 && isfinite(real_at(summary, words->longest))) {
        emgp_sink_text(sink, ", longest ");
        put_total(sink, real_at(summary, words->longest));
    }
    if (isfinite(real_at(summary, words->rate))) {
        emgp_sink_text(sink, "; ");
        emgp_words_number(sink, real_at(summary, words->rate));
        emgp_sink_text(sink, " Hz");
    }
    if (count_at(summary, words->beats) > 0) {
        emgp_sink_text(sink, ", ");
        emgp_sink_count(sink, count_at(summary, words->beats));
        emgp_sink_text(sink, " beats");
    }
    put_sure(sink, summary, words->trial_type);
    emgp_sink_text(sink, ".\n");
}

/* "No fasciculations, clonus or tremor found in 120 s." for those of the three that were not. */
static void put_none_found(emgp_sink *sink, const emg_summary *summary, const emgp_occurrence *when)
{
    const char *missing[1 + N_EPISODE_CLASSES];
    size_t n = 0;
    if (summary->counts.fasciculation_count == 0)
        missing[n++] = "fasciculations";
    for (size_t i = 0; i < N_EPISODE_CLASSES; i++)
        if (episodes[i].none && when[episodes[i].trial_type].n == 0)
            missing[n++] = episodes[i].none;
    for (size_t i = 0; i < n; i++) {
        emgp_sink_text(sink, i == 0 ? "  No " : i + 1 == n ? " or " : ", ");
        emgp_sink_text(sink, missing[i]);
    }
    if (n > 0) {
        emgp_sink_text(sink, " found in ");
        emgp_words_span(sink, summary->signal.analysed_s);
        if (summary->signal.threshold > 0 && !never_rests(summary)) {
            emgp_sink_text(sink, "; what is below ");
            emgp_words_amplitude(sink, summary, summary->signal.threshold);
            emgp_sink_text(sink, " cannot be seen");
        }
        emgp_sink_text(sink, ".\n");
    }
}

/* The ECG that conditioning removed, in the muscle's channel where it was strongest. */
static void put_ecg(emgp_sink *sink, const emg_summary *summary)
{
    const emg_removed_ecg *ecg = &summary->signal.ecg;
    if (ecg->n_qrs == 0)
        return;
    emgp_sink_text(sink, "  Heart taken out: ");
    emgp_sink_count(sink, ecg->n_qrs);
    emgp_sink_text(sink, " beats of ");
    emgp_words_amplitude(sink, summary, ecg->amplitude);
    emgp_sink_text(sink, ", ");
    emgp_words_number(sink, rint(ecg->per_min));
    emgp_sink_text(sink, " per minute.\n");
}

static void put_dead(emgp_sink *sink, const emg_summary *summary)
{
    if (!(summary->signal.dead_s > 0))
        return;
    emgp_sink_text(sink, "  No signal in ");
    emgp_words_span(sink, summary->signal.dead_s);
    emgp_sink_text(sink, ": railed, constant or unplugged.\n");
}

/* Why nothing was analysed, and what setting decides. */
static void put_not_analysed(emgp_sink *sink, const emg_summary_signal *signal, const emg_config *config)
{
    const bool dead = signal->dead_s > 0;
    if (signal->kind != EMG_SIGNAL_RAW) {
        emgp_sink_text(sink, signal->kind == EMG_SIGNAL_ENVELOPE ? "  Not analysed: an envelope"
                                                                 : "  Not analysed: rectified");
        emgp_sink_text(
            sink, ", no value lies below zero; discharges and spectra of it mean nothing (--all-channels takes it).\n");
        return;
    }
    emgp_sink_text(sink, dead ? "  No signal: railed, constant or unplugged throughout; " : "  Not analysed: ");
    put_total(sink, signal->excluded_s);
    emgp_sink_text(sink, dead ? " were left out" : " were left out and nothing remained");
    if (signal->short_s > 0 && config) {
        emgp_sink_text(sink, "; ");
        emgp_words_number(sink, signal->short_s);
        emgp_sink_text(sink, " s lie in stretches shorter than ");
        emgp_words_number(sink, config->episode.segment_least_s);
        emgp_sink_text(sink, " s, see --set episode.segment_least_s");
    }
    emgp_sink_text(sink, ".\n");
}

const char *emgp_words_class(emg_class trial_type)
{
    static const char *const words[EMG_N_CLASSES] = { [EMG_INDETERMINATE] = "indeterminate",
                                                      [EMG_FASCICULATION] = "fasciculations",
                                                      [EMG_MYOCLONUS] = "myoclonus",
                                                      [EMG_EVOKED] = "evoked responses",
                                                      [EMG_CLONUS] = "clonus",
                                                      [EMG_TREMOR] = "tremor",
                                                      [EMG_RHYTHMIC] = "rhythmic (clonus or tremor)",
                                                      [EMG_MYOKYMIA] = "myokymia",
                                                      [EMG_NEUROMYOTONIA] = "neuromyotonia",
                                                      [EMG_SPASM] = "cramp or spasm",
                                                      [EMG_TONIC] = "sustained activity",
                                                      [EMG_MOTOR_UNIT] = "regular single unit",
                                                      [EMG_ARTIFACT] = "artefact",
                                                      [EMG_UNCLASSIFIED] = "none found" };
    return words[trial_type];
}

/* First what a reader asks first. */
static void put_pattern(emgp_sink *sink, const emg_summary *summary)
{
    if (summary->counts.pattern == EMG_UNCLASSIFIED)
        return;
    if (summary->counts.pattern == EMG_INDETERMINATE) {
        emgp_sink_text(sink, "  No leading pattern: what was found fits no word for sure.\n");
        return;
    }
    emgp_sink_text(sink, "  Leading pattern: ");
    emgp_sink_text(sink, emgp_words_class(summary->counts.pattern));
    emgp_sink_text(sink, ".\n");
}

void emgp_words_muscle(emgp_sink *sink, const emg_summary *summary, const emg_config *config,
                       const emgp_occurrence when[EMG_N_CLASSES])
{
    if (!(summary->signal.analysed_s > 0)) {
        put_not_analysed(sink, &summary->signal, config);
        return;
    }
    put_pattern(sink, summary);
    put_restless(sink, summary);
    if (has_fasciculations(summary))
        put_fasciculations(sink, summary, &when[EMG_FASCICULATION]);
    put_small_potentials(sink, summary);
    if (summary->counts.myoclonus_count > 0)
        put_myoclonus(sink, summary, &when[EMG_MYOCLONUS]);
    if (summary->counts.evoked_count > 0)
        put_evoked(sink, summary, &when[EMG_EVOKED]);
    for (size_t i = 0; i < N_EPISODE_CLASSES; i++)
        if (when[episodes[i].trial_type].n > 0)
            put_episodes(sink, summary, &episodes[i], &when[episodes[i].trial_type]);
    put_scraps(sink, summary);
    put_none_found(sink, summary, when);
    put_ecg(sink, summary);
    put_dead(sink, summary);
}
