/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many disjoint segments would scatter as overlapping ones do. */
#include "base/base.h"
#include "dsp/spectrum/spectrum.h"

/* correlation[k]: sum over lags 1 to k of 2 r^2, r the correlation of the window with itself k hops on (Welch 1967). */
emg_status emgp_independence_start(emgp_independence *d, const emg_welch_plan *plan, const double *window,
                                   emg_error *err)
{
    const size_t n = plan->segment, hop = n - plan->overlap;
    *d = (emgp_independence){ .n_lags = (n - 1) / hop };
    d->correlation = emgp_alloc(d->n_lags + 1, sizeof *d->correlation);
    double *r = emgp_alloc(n, sizeof *r);
    emg_status status = d->correlation && r ? emgp_lag_sums(window, n, n, r, err) : emgp_fail_memory(err);
    for (size_t k = 1; status == EMG_OK && k <= d->n_lags; k++) {
        double share = r[k * hop] / r[0];
        d->correlation[k] = d->correlation[k - 1] + 2 * share * share;
    }
    emgp_free(r);
    return status;
}

void emgp_independence_add(emgp_independence *d, uint64_t before)
{
    d->count += 1;
    d->scatter += 1 + d->correlation[before < d->n_lags ? before : d->n_lags];
}

double emgp_independence_count(const emgp_independence *d)
{
    return d->count > 0 ? d->count * d->count / d->scatter : 0;
}

void emgp_independence_stop(emgp_independence *d)
{
    emgp_free(d->correlation);
    *d = (emgp_independence){ 0 };
}
