/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streams of several rates that arrive in any mixture leave as the same slices. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/filter/filter.h"

/* Two sources, 20 and 5 samples a second, one and two channels; segments of 2.5 s, 1 s and 0.2 s. */
enum { N_SEGMENTS = 3, MOST = 64 };
static const double starts[N_SEGMENTS] = { 0, 4, 7.5 }, lengths[N_SEGMENTS] = { 2.5, 1, 0.2 };
static const emgp_slice_source sources[] = { { 1, 20, 20 }, { 2, 5, 5 } };

/* What came of it, as text. */
typedef struct course {
    char text[4096];
    size_t n;
} course;

static emg_status take(void *context, const emgp_slice *slice, emg_error *err)
{
    (void)err;
    course *c = context;
    c->n += (size_t)snprintf(c->text + c->n, sizeof c->text - c->n, "%g%s%s", slice->segment_s,
                             slice->begins ? " begins" : "", slice->partial ? " partial" : "");
    if (slice->partial)
        c->n += (size_t)snprintf(c->text + c->n, sizeof c->text - c->n, " next %g end %g %g", slice->next_s,
                                 slice->end[0] ? slice->end[0][0] : NAN, slice->end[1] ? slice->end[1][1] : NAN);
    for (size_t s = 0; s < 2; s++)
        c->n +=
            (size_t)snprintf(c->text + c->n, sizeof c->text - c->n, " | %zu: %g..%g", slice->n_frames[s],
                             slice->n_frames[s] ? slice->x[s][0] : NAN,
                             slice->n_frames[s] ? slice->x[s][slice->n_frames[s] * sources[s].n_channels - 1] : NAN);
    c->n += (size_t)snprintf(c->text + c->n, sizeof c->text - c->n, "\n");
    return EMG_OK;
}

/* Frame k of a segment is 1000 * segment + k, its second channel half more. */
static void push(emgp_slices *r, size_t source, size_t segment, size_t from, size_t n)
{
    double x[2 * MOST];
    size_t width = sources[source].n_channels;
    for (size_t i = 0; i < n * width; i++)
        x[i] = 1000.0 * (double)segment + (double)(from + i / width) + 0.5 * (double)(i % width);
    assert_int_equal(emgp_slices_push(r, source, x, n, NULL), EMG_OK);
}

/* One source after another in steps of `step` frames; source `ahead` runs `lead` steps before the other. */
static void run(course *c, size_t step, size_t ahead, size_t ecg_channel)
{
    emgp_slices *r;
    size_t segment[2] = { 0, 0 }, frame[2] = { 0, 0 };
    memset(c, 0, sizeof *c);
    assert_int_equal(emgp_slices_new(&r, sources, 2, take, c, NULL), EMG_OK);
    for (size_t turn = 0; segment[0] < N_SEGMENTS || segment[1] < N_SEGMENTS; turn++) {
        for (size_t s = 0; s < 2; s++) {
            size_t k = segment[s];
            if ((s != ahead && turn < ecg_channel) || k == N_SEGMENTS)
                continue;
            size_t total = (size_t)rint(lengths[k] * sources[s].rate_hz), n = total - frame[s];
            n = n < step ? n : step;
            if (frame[s] == 0)
                assert_int_equal(emgp_slices_begin(r, s, starts[k], NULL), EMG_OK);
            push(r, s, k, frame[s], n);
            frame[s] += n;
            if (frame[s] == total) {
                segment[s]++;
                frame[s] = 0;
            }
        }
    }
    assert_int_equal(emgp_slices_end(r, NULL), EMG_OK);
    assert_int_equal(emgp_slices_n_segments(r), N_SEGMENTS);
    assert_int_equal(emgp_slices_divisor(r, 0), 2); /* 50, 20, 4 */
    assert_int_equal(emgp_slices_divisor(r, 1), 1); /* 12, 5, 1 */
    emgp_slices_free(r);
}

static void rounds_do_not_depend_on_what_comes_first(void **state)
{
    (void)state;
    static const char expected[] = "0 begins | 20: 0..19 | 5: 0..4.5\n"
                                   "0 | 20: 20..39 | 5: 5..9.5\n"
                                   "0 partial next 4 end 49 11.5 | 10: 40..49 | 2: 10..11.5\n"
                                   "4 begins | 20: 1000..1019 | 5: 1000..1004.5\n"
                                   "7.5 begins partial next inf end 2003 2000.5 | 4: 2000..2003 | 1: 2000..2000.5\n";
    course c;
    for (size_t step = 1; step <= 50; step += 7)
        for (size_t ahead = 0; ahead < 2; ahead++)
            for (size_t ecg_channel = 0; ecg_channel < 100; ecg_channel += 9) {
                run(&c, step, ahead, ecg_channel);
                if (strcmp(c.text, expected) != 0)
                    fail_msg("step %zu, source %zu %zu steps ahead:\n%s", step, ahead, ecg_channel, c.text);
            }
}

static void segments_that_do_not_belong_together_are_refused(void **state)
{
    (void)state;
    emgp_slices *r;
    course c = { "", 0 };
    emg_error err = EMG_ERROR_NONE;
    assert_int_equal(emgp_slices_new(&r, sources, 2, take, &c, NULL), EMG_OK);
    assert_int_equal(emgp_slices_begin(r, 0, 0, NULL), EMG_OK);
    push(r, 0, 0, 0, 20);
    assert_int_equal(emgp_slices_begin(r, 1, 0.21, NULL), EMG_OK); /* more than a sample of the slower one */
    double x[10] = { 0 };
    assert_int_equal(emgp_slices_push(r, 1, x, 5, &err), EMG_EUNSUPPORTED);
    assert_non_null(strstr(err.text, "one rate"));
    emgp_slices_free(r);
    emgp_slices_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rounds_do_not_depend_on_what_comes_first),
        cmocka_unit_test(segments_that_do_not_belong_together_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
