/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Spectra made and freed in several threads while the program plans with FFTW under the lock: one plans at a time. */
#include "support/test.h"

#include <fftw3.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

#include <emg/multitaper.h>
#include <emg/spectrum.h>
#include <emg/welch.h>

#include "dsp/spectrum/spectrum.h"
#include "dsp/signal.h"

enum { SAMPLES = 600, ROUNDS = 200, BINS = 129 };

/* `planning` is nobody's but the planner's lock's: the thread sanitizer sees every use of it without the lock. */
static int planning;
static atomic_int meetings;

static void enter(void)
{
    if (++planning != 1)
        atomic_fetch_add(&meetings, 1);
}

static void leave(void)
{
    planning--;
}

/* The linker leads every call of a planner function here (--wrap). */
#define WRAP(result, name, parameters, arguments)                                                                      \
    result __real_##name parameters;                                                                                   \
    result __wrap_##name parameters;                                                                                   \
    result __wrap_##name parameters                                                                                    \
    {                                                                                                                  \
        enter();                                                                                                       \
        result made = __real_##name arguments;                                                                         \
        leave();                                                                                                       \
        return made;                                                                                                   \
    }

WRAP(fftw_plan, fftw_plan_dft_1d, (int n, fftw_complex *in, fftw_complex *out, int sign, unsigned flags),
     (n, in, out, sign, flags))
WRAP(fftw_plan, fftw_plan_dft_r2c_1d, (int n, double *in, fftw_complex *out, unsigned flags), (n, in, out, flags))
WRAP(fftw_plan, fftw_plan_dft_c2r_1d, (int n, fftw_complex *in, double *out, unsigned flags), (n, in, out, flags))
WRAP(fftwf_plan, fftwf_plan_dft_1d, (int n, fftwf_complex *in, fftwf_complex *out, int sign, unsigned flags),
     (n, in, out, sign, flags))

void __real_fftw_destroy_plan(fftw_plan plan);
void __wrap_fftw_destroy_plan(fftw_plan plan);
void __wrap_fftw_destroy_plan(fftw_plan plan)
{
    enter();
    __real_fftw_destroy_plan(plan);
    leave();
}

void __real_fftwf_destroy_plan(fftwf_plan plan);
void __wrap_fftwf_destroy_plan(fftwf_plan plan);
void __wrap_fftwf_destroy_plan(fftwf_plan plan)
{
    enter();
    __real_fftwf_destroy_plan(plan);
    leave();
}

static bool psd_of(const double *x, double *psd)
{
    const emg_welch_plan plan = emg_welch_defaults(1000, 256);
    return emg_psd(&plan, x, SAMPLES, psd, NULL, NULL) == EMG_OK;
}

/* Makes, runs and frees spectra of every kind; NULL when all went well and came out as expected. */
static void *work(void *context)
{
    const double *x = context;
    double expected[BINS], psd[BINS];
    bool good = psd_of(x, expected);
    for (int round = 0; round < ROUNDS && good; round++) {
        emg_multitaper_plan taper_plan = emg_multitaper_defaults(1000, 64 + (size_t)round % 32);
        const emg_welch_plan welch_plan = emg_welch_defaults(1000, 100 + (size_t)round);
        emg_multitaper *m = NULL;
        emg_spectrum *s = NULL;
        emg_welch *w = NULL;
        good = psd_of(x, psd) && memcmp(psd, expected, sizeof psd) == 0 &&
               emg_multitaper_new(&m, &taper_plan, NULL) == EMG_OK &&
               emg_spectrum_new(&s, 1000, 100 + (size_t)round, 2, NULL) == EMG_OK &&
               emgp_welch_new(&w, &welch_plan, 1, NULL, 0, true, NULL) == EMG_OK;
        emg_multitaper_free(m);
        emg_spectrum_free(s);
        emg_welch_free(w);
    }
    return good ? NULL : context;
}

static void one_plans_at_a_time(void **state)
{
    (void)state;
    double *x = signal_new(SAMPLES);
    uint64_t seed = 1;
    for (size_t i = 0; i < SAMPLES; i++)
        x[i] = signal_noise(&seed);
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, x), 0);
    double *in = fftw_alloc_real(512);
    fftw_complex *out = fftw_alloc_complex(257);
    for (int round = 0; round < ROUNDS; round++) {
        emg_fftw_lock();
        fftw_plan plan = fftw_plan_dft_r2c_1d(256 + round, in, out, FFTW_ESTIMATE);
        emg_fftw_unlock();
        assert_non_null(plan);
        emg_fftw_lock();
        fftw_destroy_plan(plan);
        emg_fftw_unlock();
    }
    for (size_t i = 0; i < 2; i++) {
        void *answer;
        assert_int_equal(pthread_join(threads[i], &answer), 0);
        assert_null(answer);
    }
    assert_int_equal(atomic_load(&meetings), 0);
    fftw_free(in);
    fftw_free(out);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_plans_at_a_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
