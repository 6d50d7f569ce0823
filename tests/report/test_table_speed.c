/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A day of ten discharges per second on 16 channels is 13 million rows: they take seconds, and no memory. */
#include "support/test.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include <emg/report_tables.h>

#include "support/collect.h"
#include "support/fake_result.h"

static emg_status drop(void *context, const char *bytes, size_t n, emg_error *err)
{
    (void)bytes;
    (void)err;
    *(size_t *)context += n;
    return EMG_OK;
}

static long peak_kib(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static void a_million_rows(void **state)
{
    (void)state;
    emg_result result = { .n_muscles = 1, .n_channels = 1, .repeat = 1000 };
    result.muscle[0] = fake_summary("Soleus", "Soleus", true);
    result.channel[0] = fake_summary("EMG Sol", "Soleus", true);
    enum { N = 1000 };
    emg_event *events = calloc(N, sizeof *events);
    assert_non_null(events);
    for (size_t i = 0; i < N; i++) {
        events[i] = fake_event((double)i * 12.3456789, EMG_FASCICULATION, 0, 0);
        events[i].amplitude = 100 + (double)i / 7;
        events[i].snr_db = 20.0 / (double)(i + 1);
        events[i].confidence = 0.9;
        events[i].count = events[i].unit = events[i].n_channels = 1;
        events[i].reasons = UINT64_C(1) << EMG_D_SPIKE | UINT64_C(1) << EMG_R_IRREG | UINT64_C(1) << EMG_S_LOCAL;
    }
    result.events = events;
    result.n_events = N;
    long before = peak_kib();
    size_t bytes = 0;
    clock_t start = clock();
    assert_int_equal(emg_report_events(&result, drop, &bytes, NULL), EMG_OK);
    double elapsed = (double)(clock() - start) / CLOCKS_PER_SEC;
    print_message("%.0f ns a row, %.0f bytes a row\n", elapsed * 1e3, (double)bytes / 1e6);
    assert_true(bytes > 90u * 1000 * 1000);
    assert_true(elapsed < 20); /* generous: sanitizers and busy machines; about 1 s a million is the aim */
    assert_true(EMG_SANITIZED || peak_kib() - before < 1024);
    free(events);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(a_million_rows) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
