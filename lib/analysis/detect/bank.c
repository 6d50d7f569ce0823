/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bank of potentials' shapes over a page: how large what fits one of them is, in deviations of the noise in the same shape. */
#include "analysis/detect/detect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "dsp/kernels/kernels.h"

enum { SCALES = EMGP_BANK_SCALES, FILTERS = 2 * SCALES, BLOCK = EMGP_PAIR_BLOCK, TAPS = 16 /* of the interpolation */ };

/* Hermite-Rodriguez functions of first and second order (Lo Conte 1994): u exp(-u^2) and (2 u^2 - 1) exp(-u^2), u = t / lambda,
 * with lambda from 1 to 4 ms, cut off where they have vanished. */
static const double shortest_s = 0.001, longest_s = 0.004, extent = 3.2;
/* The bank sees at least so many samples a second, and so many times the band's upper end; it interpolates or thins. */
static const double least_rate_hz = 2000, least_oversampling = 2.2;
/* Noise is measured where the signal's RMS over 20 ms exceeds it no more than so many times, since there is no discharge,
 * and is no less than so much of it, since nothing is recorded there. Squares
 * count up to those of CLIP deviations; of Gaussian noise so much is left of the variance then. */
static const double quiet_s = 0.01, quiet_ratio = 1.6, dead_ratio = 0.25, clip = 4, clipped_variance = 0.9205;
/* From page to page the noise falls to no less than this share: an estimate of few samples may. */
static const double least_fall = 0.8;
enum { LEAST_PROBES = 64, FIRST_ROUNDS = 6, MEMORY = 15 /* pages over which a filter's gain is averaged */ };

struct emgp_bank {
    const emgp_lanes *set;
    double rate_hz, high_hz, lambda[SCALES]; /* of the bank's samples; where the signal ends; in samples */
    size_t up, down, half[SCALES], pad;
    float *filter[FILTERS]; /* odd and even of each scale: half + 1 values from the middle on */
    double white[FILTERS];  /* variance of its output in noise that fills the band, of variance 1 */
    float *memory;          /* of the filters */
    float *phase;           /* up x TAPS: interpolation */
    float *x, *power;       /* pad + room + pad samples; room */
    float *probe;           /* FILTERS / 2 rows of 2 a block */
    size_t room, n, first; /* n samples of the page now held, the first at frame `first` of the page, margin included */
    uint8_t *quiet;        /* a flag a probe */
};

static const emgp_lanes *widest(void)
{
    const emgp_lanes *set = emgp_lanes_at(0), *next;
    for (size_t i = 1; (next = emgp_lanes_at(i)) != NULL; i++)
        set = next;
    return set;
}

static void draw_filters(emgp_bank *b)
{
    float *at = b->memory;
    for (size_t s = 0; s < SCALES; s++) {
        double sum[2] = { 0, 0 };
        for (size_t kind = 0; kind < 2; kind++, at += b->half[s] + 1)
            b->filter[2 * s + kind] = at;
        float *odd = b->filter[2 * s], *even = b->filter[2 * s + 1];
        for (size_t k = 0; k <= b->half[s]; k++) {
            const double u = (double)k / b->lambda[s], g = exp(-u * u);
            odd[k] = (float)(u * g);
            even[k] = (float)((2 * u * u - 1) * g);
            sum[0] += (k ? 2 : 1) * (double)odd[k] * (double)odd[k];
            sum[1] += (k ? 2 : 1) * (double)even[k] * (double)even[k];
        }
        for (size_t k = 0; k <= b->half[s]; k++) {
            odd[k] /= (float)sqrt(sum[0]);
            even[k] /= (float)sqrt(sum[1]);
        }
    }
}

/* Value of a filter at any place from its middle; sign: -1 for the odd one. */
static double tap(const float *filter, size_t half, long k, double sign)
{
    const size_t away = (size_t)labs(k);
    if (away > half)
        return 0;
    return k < 0 ? sign * (double)filter[away] : (double)filter[away];
}

/* The variance of noise that fills low to high hertz, after a filter. */
static double variance_in_band(const emgp_bank *b, size_t f, double low_hz, double high_hz)
{
    const long half = (long)b->half[f / 2];
    const double sign = f % 2 ? 1 : -1;
    double sum = 0;
    for (long lag = 0; lag <= 2 * half; lag++) {
        double own = 0;
        for (long k = -half; k + lag <= half; k++)
            own += tap(b->filter[f], b->half[f / 2], k, sign) * tap(b->filter[f], b->half[f / 2], k + lag, sign);
        const double w = 2 * PI * (double)lag / b->rate_hz;
        const double r = lag ? (sin(high_hz * w) - sin(low_hz * w)) / ((high_hz - low_hz) * w) : 1;
        sum += (lag ? 2 : 1) * r * own;
    }
    return fmax(sum, 1e-6);
}

/* A windowed sinc for each of the places between two samples. */
static void draw_phases(emgp_bank *b)
{
    for (size_t p = 0; p < b->up; p++) {
        double sum = 0;
        for (int k = 0; k < TAPS; k++) {
            const double t = k - TAPS / 2 + 1 - (double)p / (double)b->up;
            const double sinc = fabs(t) > 1e-12 ? sin(PI * t) / (PI * t) : 1;
            const double window = 0.5 + 0.5 * cos(PI * t / (TAPS / 2 + 0.5));
            b->phase[p * TAPS + (size_t)k] = (float)(sinc * window);
            sum += sinc * window;
        }
        for (size_t k = 0; k < TAPS; k++)
            b->phase[p * TAPS + k] /= (float)sum;
    }
}

static emg_status allocate(emgp_bank *b, emg_error *err)
{
    size_t values = 0;
    for (size_t s = 0; s < SCALES; s++)
        values += 2 * (b->half[s] + 1);
    const size_t blocks = b->room / BLOCK;
    b->memory = emgp_alloc(values, sizeof(float));
    b->phase = emgp_alloc(b->up * TAPS, sizeof(float));
    b->x = emgp_alloc(b->room + 2 * b->pad, sizeof(float));
    b->power = emgp_alloc(b->room, sizeof(float));
    b->probe = emgp_alloc(blocks * FILTERS, sizeof(float));
    b->quiet = emgp_alloc(blocks, 1);
    return b->memory && b->phase && b->x && b->power && b->probe && b->quiet ? EMG_OK : emgp_fail_memory(err);
}

emg_status emgp_bank_new(emgp_bank **out, double rate_hz, double low_hz, double high_hz, size_t page_frames,
                         emg_error *err)
{
    *out = NULL;
    emgp_bank *b = emgp_alloc(1, sizeof *b);
    if (!b)
        return emgp_fail_memory(err);
    high_hz = fmin(high_hz, rate_hz / 2);
    const double least = fmax(least_rate_hz, least_oversampling * high_hz);
    b->set = widest();
    b->high_hz = high_hz;
    b->up = rate_hz < 0.95 * least_rate_hz ? (size_t)ceil(0.95 * least_rate_hz / rate_hz) : 1;
    b->down = rate_hz >= 2 * least ? (size_t)(rate_hz / least) : 1;
    b->rate_hz = rate_hz * (double)b->up / (double)b->down;
    for (size_t s = 0; s < SCALES; s++) {
        b->lambda[s] = shortest_s * pow(longest_s / shortest_s, (double)s / (SCALES - 1)) * b->rate_hz;
        b->half[s] = (size_t)ceil(extent * b->lambda[s]);
    }
    b->pad = (b->half[SCALES - 1] / BLOCK + 2) * BLOCK;
    b->room = (page_frames * b->up / b->down / BLOCK + 2) * BLOCK;
    emg_status status = allocate(b, err);
    if (status) {
        emgp_bank_free(b);
        return status;
    }
    draw_filters(b);
    draw_phases(b);
    for (size_t f = 0; f < FILTERS; f++)
        b->white[f] = variance_in_band(b, f, low_hz, high_hz);
    *out = b;
    return EMG_OK;
}

size_t emgp_bank_room(const emgp_bank *b)
{
    return b->room;
}

void emgp_bank_free(emgp_bank *b)
{
    if (!b)
        return;
    emgp_free(b->memory);
    emgp_free(b->phase);
    emgp_free(b->x);
    emgp_free(b->power);
    emgp_free(b->probe);
    emgp_free(b->quiet);
    emgp_free(b);
}

static float between(const float *x, size_t n, size_t at, const float *phase)
{
    float sum = 0;
    for (size_t k = 0; k < TAPS; k++) {
        const size_t i = at + k;
        if (i + 1 >= TAPS / 2 && i + 1 - TAPS / 2 < n)
            sum += phase[k] * x[i + 1 - TAPS / 2];
    }
    return sum;
}

/* The page's samples at the bank's rate. Thinned ones lie at whole multiples of `down` from the segment's start, so that
 * pages agree. */
static void take_samples(emgp_bank *b, const emgp_page *page)
{
    const size_t n = 2 * page->margin + page->n_frames, d = b->down;
    float *to = b->x + b->pad;
    b->first = (d - ((size_t)(page->first % d) + d - page->margin % d) % d) % d;
    b->n = b->up > 1 ? n * b->up : (n - b->first + d - 1) / d;
    if (b->up > 1)
        for (size_t i = 0; i < b->n; i++)
            to[i] = between(page->x, n, i / b->up, b->phase + i % b->up * TAPS);
    else
        for (size_t i = 0; i < b->n; i++)
            to[i] = page->x[b->first + i * d];
    memset(to + b->n, 0, (b->room + b->pad - b->n) * sizeof *to);
}

static size_t frame_of(const emgp_bank *b, size_t i)
{
    return b->up > 1 ? i / b->up : b->first + i * b->down;
}

/* Marks the probes in quiet stretches of the page itself; gives their number. */
static size_t mark_quiet(emgp_bank *b, const emgp_page *page, double sigma)
{
    const size_t n_bins = (2 * page->margin + page->n_frames) / page->bin;
    const size_t reach = (size_t)(quiet_s * page->rate_hz / (double)page->bin) + 1;
    const size_t first = page->margin / page->bin, end = (page->margin + page->n_frames) / page->bin;
    const double usual = sigma * sigma * (double)((2 * reach + 1) * page->bin);
    const double most = quiet_ratio * quiet_ratio * usual, least = dead_ratio * dead_ratio * usual;
    const size_t blocks = b->n / BLOCK;
    size_t n = 0;
    for (size_t k = 0; k < blocks; k++) {
        const size_t bin = frame_of(b, k * BLOCK) / page->bin;
        double sum = 0;
        b->quiet[k] = 0;
        if (bin < first + reach || bin + reach >= end || bin + reach >= n_bins)
            continue;
        for (size_t i = bin - reach; i <= bin + reach; i++)
            sum += (double)page->energy[i];
        b->quiet[k] = sum > least && sum < most;
        n += b->quiet[k];
    }
    return n;
}

static void run(emgp_bank *b, const emgp_bank_track *track, double sigma)
{
    const size_t n = (b->n + BLOCK - 1) / BLOCK * BLOCK;
    memset(b->power, 0, n * sizeof *b->power);
    for (size_t s = 0; s < SCALES; s++) {
        const double odd = 1 / (sigma * sigma * track->variance[2 * s]);
        const double even = 1 / (sigma * sigma * track->variance[2 * s + 1]);
        b->set->pair_power(b->x + b->pad, n, b->filter[2 * s], b->filter[2 * s + 1], b->half[s], (float)odd,
                           (float)even, b->power, b->probe + s * 2 * (b->room / BLOCK));
    }
}

/* How the variance of a filter's output in quiet stretches compares with what its track says. */
static double measured(const emgp_bank *b, const emgp_bank_track *track, size_t f, double sigma, size_t n)
{
    const float *probe = b->probe + f / 2 * 2 * (b->room / BLOCK) + f % 2;
    const double scale = 1 / (sigma * sigma * track->variance[f]);
    double sum = 0;
    for (size_t k = 0; k < b->n / BLOCK; k++) {
        const double y = (double)probe[2 * k];
        sum += b->quiet[k] ? fmin(y * y * scale, clip) : 0;
    }
    return sum / (double)n / clipped_variance;
}

/* From the first page all is learned that is there to be learned. */
static void begin(emgp_bank *b, emgp_bank_track *track, double sigma, size_t n)
{
    memcpy(track->variance, b->white, sizeof track->variance);
    run(b, track, sigma);
    for (size_t f = 0; n >= LEAST_PROBES && f < FILTERS; f++)
        for (int round = 0; round < FIRST_ROUNDS; round++)
            track->variance[f] *= fmax(measured(b, track, f, sigma, n), 1e-3);
    run(b, track, sigma);
    track->n_pages = 1;
}

/* Later ones move the filters' gains a little; what they have in common is the noise of this page. */
static double follow(const emgp_bank *b, emgp_bank_track *track, double sigma, size_t n)
{
    double common = 0;
    if (n < LEAST_PROBES)
        return 1;
    track->n_pages += track->n_pages < MEMORY;
    for (size_t f = 0; f < FILTERS; f++) {
        const double ratio = measured(b, track, f, sigma, n);
        common += ratio / FILTERS;
        track->variance[f] *= 1 + (ratio - 1) / (double)track->n_pages;
    }
    return fmax(common, 1e-3);
}

emgp_bank_output emgp_bank_page(emgp_bank *b, emgp_bank_track *track, const emgp_page *page)
{
    const double sigma = fmax(page->sigma, least_fall * track->sigma);
    take_samples(b, page);
    const size_t n = mark_quiet(b, page, sigma);
    double common = 1;
    if (track->n_pages == 0) {
        begin(b, track, sigma, n);
    } else {
        run(b, track, sigma);
        common = follow(b, track, sigma, n);
    }
    if (n >= LEAST_PROBES || track->sigma <= 0)
        track->sigma = sigma * sqrt(common);
    else if (sigma < track->sigma) /* nothing is quiet by what a loud hold has left: what it left is given up */
        track->sigma = page->sigma;
    return (emgp_bank_output){ .x = b->x + b->pad,
                               .power = b->power,
                               .n = b->n,
                               .rate_hz = b->rate_hz,
                               .high_hz = b->high_hz,
                               .unit = common,
                               .first = b->up > 1 ? 0 : (double)b->first,
                               .step = (double)b->down / (double)b->up };
}

emgp_bank_fit emgp_bank_fit_at(const emgp_bank *b, const emgp_bank_track *track, size_t at)
{
    emgp_bank_fit best = { 0 };
    double most = -1;
    for (size_t s = 0; s < SCALES; s++) {
        const float *odd = b->filter[2 * s], *even = b->filter[2 * s + 1], *c = b->x + b->pad + at;
        double p = 0, q = (double)(even[0] * c[0]);
        for (size_t k = 1; k <= b->half[s]; k++) {
            p += (double)odd[k] * ((double)c[k] - (double)c[-(ptrdiff_t)k]);
            q += (double)even[k] * ((double)c[k] + (double)c[-(ptrdiff_t)k]);
        }
        const double power = p * p / track->variance[2 * s] + q * q / track->variance[2 * s + 1];
        if (!(power > most))
            continue;
        most = power;
        double largest = 0;
        for (long k = -(long)b->half[s]; k <= (long)b->half[s]; k++) {
            const double r = fabs(p * tap(odd, b->half[s], k, -1) + q * tap(even, b->half[s], k, 1));
            if (r > largest) {
                largest = r;
                best.peak = (ptrdiff_t)k;
            }
        }
        best.lambda = b->lambda[s];
    }
    return best;
}
