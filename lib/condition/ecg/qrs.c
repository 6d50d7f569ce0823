/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The QRS complexes of an ECG channel: peaks of its energy at 8-20 Hz that stand out, look alike and come evenly. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include <emg/ecg.h>
#include <emg/qrs.h>

#include "base/base.h"
#include "dsp/filter/filter.h"

static const double LOW_HZ = 8, HIGH_HZ = 20; /* where a QRS exceeds P, T, breath and muscle most (Elgendi 2013) */
static const double SHAPE_HZ = 40;            /* what separates a QRS from another wave lies below this */
static const double BIN_S = 0.004, CELL_S = 2;
static const double WIDTH_S = 0.1;                          /* of a QRS: energy is averaged over it */
static const double APART_S = 0.27, MOST_INTERVAL_S = 1.75; /* 34 to 222 a minute */
static const double STANDING_OUT = 25; /* energy of the usual QRS against the quiet energy: five times its size */
static const double LEAST_SIZE = 0.2;  /* energy of a QRS against the usual one's */
static const double LEAST_LIKENESS = 0.85, AROUND_S = 0.1, LEAST_SHARE = 0.6;
static const double MOST_SIZE = 1e30; /* the filters answer in float, which ends at 3e38 */
static const double LEAST_RATE_HZ = 100, MOST_RATE_HZ = 2e5;
enum {
    ORDER = 2,
    CELLS = 9,
    AROUND = CELLS / 2,
    SLIP = 3,
    LEAST_ALIKE = 5,
    MOST_BUMPS = 96,
    PIECE = 256,
    QUIET_STRIDE = 4
};

/* Bins of the cells held; the cell that is judged lies in the middle, but near a segment's ends.
 *
 *   |cell|cell|cell|cell|JUDGED|cell|cell|cell|cell|
 */
struct emg_qrs {
    emgp_zerophase *band, *low; /* one after the other; NULL: the rate is too low, nothing is looked for */
    emg_ecg_take_qrs *take;
    void *context;
    size_t bin, cell;           /* frames of a bin, bins of a cell */
    size_t half, around, apart; /* bins: half a QRS, what is compared, the refractory time */
    double bins_per_s;
    double sum; /* of the bin being filled */
    size_t in_bin;
    size_t n, n_waves, judged;      /* bins held, waves held (more: they come first), bins that are judged */
    uint64_t gone, total;           /* bins of this segment no longer held; frames of the segments before */
    uint64_t frames;                /* of this segment */
    double *wave, *energy, *smooth; /* CELLS cells each */
    double *sorted;
    double *usual; /* wave of 2 around + 1 bins */
    size_t bump[MOST_BUMPS];
};

static bool allocate(emg_qrs *l)
{
    size_t n = CELLS * l->cell;
    l->wave = emgp_alloc(n + emgp_zerophase_latency(l->low) + PIECE, sizeof *l->wave);
    l->energy = emgp_alloc(n, sizeof *l->energy);
    l->smooth = emgp_alloc(n, sizeof *l->smooth);
    l->sorted = emgp_alloc(n / QUIET_STRIDE + 1, sizeof *l->sorted);
    l->usual = emgp_alloc(2 * l->around + 1, sizeof *l->usual);
    return l->wave && l->energy && l->smooth && l->sorted && l->usual;
}

/* The mean energy over a QRS round each bin held. */
static void smooth(emg_qrs *l)
{
    double sum = 0;
    size_t from = 0, end = 0;
    for (size_t i = 0; i < l->n; i++) {
        for (; end < l->n && end <= i + l->half; end++)
            sum += l->energy[end];
        for (; from + l->half < i; from++)
            sum -= l->energy[from];
        l->smooth[i] = fmax(sum, 0) / (double)(end - from);
    }
}

/* The usual QRS complex's energy: the median of the cells' largest; a cell is longer than the longest interval. */
static double usual_energy(const emg_qrs *l)
{
    double largest[CELLS];
    size_t n = 0;
    for (size_t from = 0; from < l->n; from += l->cell, n++) {
        largest[n] = 0;
        for (size_t i = from; i < from + l->cell && i < l->n; i++)
            largest[n] = fmax(largest[n], l->smooth[i]);
    }
    return gsl_stats_median(largest, 1, n);
}

/* The lower quartile: QRS complexes at a high rate fill more than half of the time. */
static double quiet_energy(emg_qrs *l)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n; i += QUIET_STRIDE)
        l->sorted[n++] = l->smooth[i];
    return gsl_stats_select(l->sorted, 1, n, n / 4);
}

static bool is_bump(const emg_qrs *l, size_t i, double least)
{
    const double *s = l->smooth;
    if (!(s[i] >= least))
        return false;
    for (size_t k = 1; k <= l->apart; k++)
        if ((i >= k && s[i - k] >= s[i]) || (i + k < l->n && s[i + k] > s[i]))
            return false;
    return true;
}

/* Where the energy round a bump has its middle: steadier than its highest place. */
static double middle(const emg_qrs *l, size_t bump)
{
    size_t from = bump > l->half ? bump - l->half : 0;
    double sum = 0, moment = 0;
    for (size_t i = from; i <= bump + l->half && i < l->n; i++) {
        sum += l->energy[i];
        moment += l->energy[i] * ((double)i - (double)bump);
    }
    return (double)bump + (sum > 0 ? moment / sum : 0);
}

/* Adds the wave round a bump, of size 1, to the usual wave; beyond the bins held it is zero. */
static void add_wave(emg_qrs *l, size_t bump)
{
    double squares = 0;
    size_t from = bump > l->around ? bump - l->around : 0, end = bump + l->around + 1;
    end = end < l->n ? end : l->n;
    for (size_t i = from; i < end; i++)
        squares += l->wave[i] * l->wave[i];
    for (size_t i = from; i < end && squares > 0; i++)
        l->usual[i + l->around - bump] += l->wave[i] / sqrt(squares);
}

/* The largest correlation of the wave round a bump with the usual one, moved by some bins. */
static double likeness(const emg_qrs *l, size_t bump)
{
    double best = -1;
    long n = (long)l->n, around = (long)l->around;
    for (long slip = -SLIP; slip <= SLIP; slip++) {
        double both = 0, own = 0, usual = 0;
        long first = (long)bump + slip - around;
        for (long k = first < 0 ? -first : 0; k <= 2 * around && first + k < n; k++) {
            both += l->usual[k] * l->wave[first + k];
            own += l->wave[first + k] * l->wave[first + k];
            usual += l->usual[k] * l->usual[k];
        }
        if (own > 0 && usual > 0)
            best = fmax(best, both / sqrt(own * usual));
    }
    return best;
}

/* Of n bumps those that look like the mean of all; returns how many. */
static size_t keep_alike(emg_qrs *l, size_t n)
{
    size_t kept = 0;
    memset(l->usual, 0, (2 * l->around + 1) * sizeof *l->usual);
    for (size_t i = 0; i < n; i++)
        add_wave(l, l->bump[i]);
    for (size_t i = 0; i < n; i++)
        if (likeness(l, l->bump[i]) >= LEAST_LIKENESS)
            l->bump[kept++] = l->bump[i];
    return kept;
}

static bool at_ecg_rate(const emg_qrs *l, size_t n)
{
    double interval[MOST_BUMPS];
    for (size_t i = 1; i < n; i++)
        interval[i - 1] = (double)(l->bump[i] - l->bump[i - 1]);
    double usual = gsl_stats_median(interval, 1, n - 1);
    return usual >= APART_S * l->bins_per_s && usual <= MOST_INTERVAL_S * l->bins_per_s;
}

/* The QRS complexes among the bins held; none when they are too few, too unlike, or not at the rate of an ECG. */
static size_t find(emg_qrs *l, double usual)
{
    size_t n = 0;
    for (size_t i = 0; i < l->n && n < MOST_BUMPS; i++)
        if (is_bump(l, i, LEAST_SIZE * usual))
            l->bump[n++] = i;
    size_t alike = keep_alike(l, n);
    bool a_train = alike >= LEAST_ALIKE && (double)alike >= LEAST_SHARE * (double)n;
    return a_train && at_ecg_rate(l, alike) ? alike : 0;
}

/* Reports the QRS complexes between the bins judged and `end`. */
static emg_status judge(emg_qrs *l, size_t end, emg_error *err)
{
    smooth(l);
    double usual = usual_energy(l), quiet = quiet_energy(l);
    size_t n = usual > 0 && usual >= STANDING_OUT * quiet ? find(l, usual) : 0;
    emg_status status = EMG_OK;
    for (size_t i = 0; i < n && status == EMG_OK; i++) {
        if (l->bump[i] < l->judged || l->bump[i] >= end)
            continue;
        double bins = (double)l->gone + middle(l, l->bump[i]) + 0.5;
        emg_ecg_qrs qrs = { 0, (double)l->total + bins * (double)l->bin - 0.5, sqrt(l->smooth[l->bump[i]] / usual) };
        status = l->take(l->context, &qrs, err);
    }
    l->judged = end;
    return status;
}

static void drop_cell(emg_qrs *l)
{
    l->n -= l->cell;
    l->n_waves -= l->cell;
    l->judged -= l->cell;
    l->gone += l->cell;
    memmove(l->wave, l->wave + l->cell, l->n_waves * sizeof *l->wave);
    memmove(l->energy, l->energy + l->cell, l->n * sizeof *l->energy);
}

/* What lies within 8-40 Hz: the waves, kept until their energy comes. */
static emg_status take_waves(void *context, const float *x, size_t n, emg_error *err)
{
    emg_qrs *l = context;
    double piece[PIECE];
    emg_status status = EMG_OK;
    for (size_t done = 0; done < n && status == EMG_OK;) {
        size_t k = 0;
        for (; k < PIECE && done < n; k++, done++)
            l->wave[l->n_waves++] = piece[k] = (double)x[done];
        status = emgp_zerophase_push(l->low, piece, k, err);
    }
    return status;
}

/* What lies within 8-20 Hz. */
static emg_status take_energy(void *context, const float *x, size_t n, emg_error *err)
{
    emg_qrs *l = context;
    emg_status status = EMG_OK;
    for (size_t i = 0; i < n && status == EMG_OK; i++) {
        l->energy[l->n++] = (double)x[i] * (double)x[i];
        if (l->n < CELLS * l->cell)
            continue;
        status = judge(l, (AROUND + 1) * l->cell, err);
        drop_cell(l);
    }
    return status;
}

/* Samples to means of bins, and these to the filter. */
static emg_status push_bins(emg_qrs *l, const double *x, size_t n_frames, emg_error *err)
{
    double mean[PIECE];
    size_t n = 0;
    emg_status status = EMG_OK;
    for (size_t i = 0; i < n_frames && status == EMG_OK; i++) {
        l->sum += x[i];
        if (++l->in_bin < l->bin)
            continue;
        mean[n++] = fmin(fmax(l->sum / (double)l->bin, -MOST_SIZE), MOST_SIZE);
        l->sum = 0;
        l->in_bin = 0;
        if (n == PIECE) {
            status = emgp_zerophase_push(l->band, mean, n, err);
            n = 0;
        }
    }
    return status ? status : emgp_zerophase_push(l->band, mean, n, err);
}

static emg_status make_filters(emg_qrs *l, emg_error *err)
{
    emgp_section band[EMGP_MOST_ORDER], low[EMGP_MOST_ORDER];
    size_t n_band, n_low;
    double rate = l->bins_per_s;
    emg_status status = emgp_butterworth(band, &n_band, EMGP_BAND_PASS, ORDER, LOW_HZ, SHAPE_HZ, rate, err);
    if (status == EMG_OK)
        status = emgp_butterworth(low, &n_low, EMGP_BAND_LOW, ORDER, 0, HIGH_HZ, rate, err);
    if (status == EMG_OK)
        status = emgp_zerophase_new(&l->low, low, n_low, rate, 1, false, take_energy, l, err);
    if (status == EMG_OK)
        status = emgp_zerophase_new(&l->band, band, n_band, rate, 1, false, take_waves, l, err);
    return status;
}

static emg_status make(emg_qrs *l, double rate_hz, emg_error *err)
{
    l->bin = (size_t)fmax(1, floor(BIN_S * rate_hz + 0.5));
    l->bins_per_s = rate_hz / (double)l->bin;
    l->cell = (size_t)ceil(CELL_S * l->bins_per_s);
    l->half = (size_t)(WIDTH_S / 2 * l->bins_per_s);
    l->around = (size_t)(AROUND_S * l->bins_per_s);
    l->apart = (size_t)(APART_S * l->bins_per_s);
    emg_status status = make_filters(l, err);
    return status || allocate(l) ? status : emgp_fail_memory(err);
}

emg_status emg_qrs_new(emg_qrs **out, double rate_hz, emg_ecg_take_qrs *take, void *context, emg_error *err)
{
    if (out)
        *out = NULL;
    if (!out || !take)
        return emgp_fail(err, EMG_EARG, "emg_qrs_new needs a place for the stream and a taker of beats");
    if (!(rate_hz > 0) || rate_hz > MOST_RATE_HZ)
        return emgp_fail(err, EMG_ERANGE, "sampling rate %g Hz is not above 0 and at most %g Hz", rate_hz,
                         MOST_RATE_HZ);
    emg_qrs *l = emgp_alloc(1, sizeof *l);
    if (!l)
        return emgp_fail_memory(err);
    l->take = take;
    l->context = context;
    emg_status status = rate_hz >= LEAST_RATE_HZ ? make(l, rate_hz, err) : EMG_OK;
    if (status) {
        emg_qrs_free(l);
        return status;
    }
    *out = l;
    return EMG_OK;
}

emg_status emg_qrs_push(emg_qrs *l, const double *x, size_t n_frames, emg_error *err)
{
    if (!l || !emgp_samples_given(x, n_frames, 1))
        return emgp_fail(err, EMG_EARG, "emg_qrs_push needs a stream and samples");
    int bad = 0;
    for (size_t i = 0; i < n_frames; i++)
        bad |= !isfinite(x[i]);
    if (bad)
        return emgp_fail(err, EMG_EARG, "a sample is not finite: such stretches must be left out as gaps");
    l->frames += n_frames;
    return l->band ? push_bins(l, x, n_frames, err) : EMG_OK;
}

emg_status emg_qrs_finish(emg_qrs *l, emg_error *err)
{
    if (!l)
        return emgp_fail(err, EMG_EARG, "emg_qrs_finish needs a stream");
    emg_status status = l->band ? emgp_zerophase_finish(l->band, err) : EMG_OK;
    if (status == EMG_OK && l->band)
        status = emgp_zerophase_finish(l->low, err);
    if (status == EMG_OK && l->n > l->judged)
        status = judge(l, l->n, err);
    l->total += l->frames;
    l->sum = 0;
    l->n = l->n_waves = l->judged = l->in_bin = 0;
    l->gone = l->frames = 0;
    return status;
}

void emg_qrs_free(emg_qrs *l)
{
    if (!l)
        return;
    emgp_zerophase_free(l->band);
    emgp_zerophase_free(l->low);
    emgp_free(l->wave);
    emgp_free(l->energy);
    emgp_free(l->smooth);
    emgp_free(l->sorted);
    emgp_free(l->usual);
    emgp_free(l);
}
