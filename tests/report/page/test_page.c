/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The page: hostile names are text, every muscle is there, nothing is fetched, memory that runs out is told. */
#include "support/test.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <emg/report_page.h>

#include "base/base.h"
#include "support/collect.h"
#include "support/fake_result.h"
#include "support/sweep.h"

static emg_config config;

static emg_report_input input_of(const char *recording)
{
    config = emg_config_defaults(EMG_PRESET_SURFACE);
    return (emg_report_input){ .recording = recording,
                               .format = "EDF+C",
                               .content_hash = "00112233445566778899aabbccddeeff",
                               .duration_s = 120,
                               .span_s = 120,
                               .config = &config };
}

static collected page(emg_result *result, const emg_report_input *input)
{
    collected got = { 0 };
    assert_int_equal(emg_report_page(result, input, collect, &got, NULL), EMG_OK);
    return got;
}

static void assert_holds(const collected *page, const char *text)
{
    if (!strstr(page->text, text))
        fail_msg("the page does not hold %s", text);
}

static void assert_lacks(const collected *page, const char *text)
{
    if (strstr(page->text, text))
        fail_msg("the page holds %s", text);
}

static void hostile_names_are_text(void **state)
{
    static const char name[] = "</h2><script>alert(1)</script>&\"'\x1b[31m--></template>";
    (void)state;
    emg_result result = { .n_muscles = 1, .n_channels = 1 };
    emg_report_input input = input_of(name);
    result.muscle[0] = result.channel[0] = fake_summary(name, name, true);
    collected got = page(&result, &input);
    assert_lacks(&got, "<script>alert");
    assert_lacks(&got, "\x1b");
    assert_lacks(&got, "&\"'");
    assert_holds(&got, "&#60;script&#62;alert(1)");
    assert_holds(&got, "href=\"%3C/h2%3E%3Cscript%3E");
    collected_free(&got);
}

static void muscles_and_classes_are_there(void **state)
{
    (void)state;
    emg_event events[4];
    emg_result result = { .n_muscles = 2, .n_channels = 2, .muscle_of = { 0, 1 }, .events = events, .n_events = 4 };
    emg_report_input input = input_of("knee");
    for (uint32_t m = 0; m < 2; m++)
        result.muscle[m] = result.channel[m] = fake_summary(m ? "Biceps" : "Soleus", m ? "Biceps" : "Soleus", true);
    result.muscle[0].signal.dead_s = 54.2;
    result.muscle[1].signal.analysed_s = 0;
    for (size_t i = 0; i < 4; i++) {
        events[i] = fake_event((double)i, i == 3 ? EMG_CLONUS : EMG_FASCICULATION, 0, 0);
        events[i].duration_s = i == 3 ? 8 : 0.01;
    }
    collected got = page(&result, &input);
    assert_holds(&got, ">Soleus</a>");
    assert_holds(&got, ">Biceps</a>");
    assert_holds(&got, "Not analysed");
    assert_holds(&got, "not analysed: Biceps.");
    assert_holds(&got, "no signal in 54.2 s</small>");
    assert_holds(&got, EMG_DISCLAIMER);
    assert_lacks(&got, "http");
    collected_free(&got);
}

static emg_status take_figure(void *context, const char *name, const char *svg, size_t n, emg_error *err)
{
    size_t *number = context;
    char expected[16];
    (void)err;
    snprintf(expected, sizeof expected, "figure_%03zu", ++*number);
    assert_string_equal(name, expected);
    assert_true(n > 100 && strncmp(svg, "<svg xmlns=", 11) == 0 && strcmp(svg + n - 7, "</svg>\n") == 0);
    assert_null(strstr(svg, "var("));
    assert_true(strstr(svg, "Soleus") || strstr(svg, "Time axis"));
    return *number < 3 ? EMG_OK : EMG_ECANCELLED;
}

/* As many as the page has; one that cannot be taken ends them. */
static void figures_by_themselves(void **state)
{
    (void)state;
    emg_result result = { .n_muscles = 1, .n_channels = 1 };
    emg_report_input input = input_of("Soleus");
    size_t n = 0;
    result.muscle[0] = result.channel[0] = fake_summary("Soleus", "Soleus", true);
    assert_int_equal(emg_report_figures(&result, &input, NULL, NULL, NULL), EMG_EARG);
    collected got = page(&result, &input);
    size_t on_page = 0;
    for (const char *at = got.text; (at = strstr(at, "<svg class=\"f ")); at++)
        on_page++;
    collected_free(&got);
    assert_int_equal(on_page, 3); /* the axis, the muscle's row, its strip of the card */
    assert_int_equal(emg_report_figures(&result, &input, take_figure, &n, NULL), EMG_ECANCELLED);
    assert_int_equal(n, 3);
}

static void nothing_to_analyse(void **state)
{
    (void)state;
    emg_report_input input = input_of("empty");
    collected got = page(NULL, &input);
    assert_holds(&got, "nothing was analysed");
    collected_free(&got);
    assert_int_equal(emg_report_page(NULL, NULL, collect, &got, NULL), EMG_EARG);
    assert_int_equal(emg_report_page(NULL, &input, NULL, NULL, NULL), EMG_EARG);
}

static void an_event_of_no_muscle_is_refused(void **state)
{
    (void)state;
    const emg_event stray = fake_event(1, EMG_CLONUS, 0, 7);
    emg_result result = { .n_muscles = 1, .n_channels = 1, .events = &stray, .n_events = 1 };
    emg_report_input input = input_of("stray");
    collected got = { 0 };
    result.muscle[0] = result.channel[0] = fake_summary("M", "M", true);
    assert_int_equal(emg_report_page(&result, &input, collect, &got, NULL), EMG_EARG);
    collected_free(&got);
}

static size_t n_of(const collected *page, const char *text)
{
    size_t n = 0;
    for (const char *at = page->text; (at = strstr(at, text)); at++)
        n++;
    return n;
}

/* Two units that fire at once lie one above the other; the threshold is drawn in every piece, however short. */
static void what_a_timeline_shows(void **state)
{
    (void)state;
    enum { COLUMNS = 480, PIECES = 12, PIECE = COLUMNS / PIECES };
    emg_sketch_column columns[COLUMNS];
    const emg_sketch sketch = { .column_s = 0.25, .n_columns = COLUMNS, .columns = columns };
    for (size_t i = 0; i < COLUMNS; i++) {
        const bool there = i % PIECE < 6; /* 1.5 s of every 10 */
        columns[i] = (emg_sketch_column){ there ? -20 : 1, there ? 20 : -1, there ? 2 : 0, there ? 0.25F : 0, 0, 0 };
    }
    emg_event events[] = { fake_event(10, EMG_MOTOR_UNIT, 0, 0), fake_event(40, EMG_MOTOR_UNIT, 0, 0) };
    emg_result result = { .n_muscles = 1, .n_channels = 1, .events = events, .n_events = 2, .sketch = &sketch };
    emg_report_input input = input_of("pieces");
    result.muscle[0] = result.channel[0] = fake_summary("M", "M", true);
    result.muscle[0].signal.noise = 2;
    result.muscle[0].signal.threshold = 10;
    events[0].duration_s = events[1].duration_s = 20;
    collected apart = page(&result, &input);
    assert_holds(&apart, "\" stroke-width=\"11\"/>");
    assert_lacks(&apart, "\" stroke-width=\"4.5\"/>");
    const char *line = strstr(apart.text, "class=\"thr ln thin\"");
    assert_non_null(line);
    size_t n_moves = 0;
    for (const char *at = line + 21; *at && *at != '>'; at++)
        n_moves += *at == 'M';
    assert_int_equal(n_moves, 2 * PIECES);
    collected_free(&apart);
    events[1].onset_s = 15;
    result.at = 0;
    collected together = page(&result, &input);
    assert_int_equal(n_of(&together, "\" stroke-width=\"4.5\"/>"), 2);
    collected_free(&together);
}

static emg_status drop(void *context, const char *bytes, size_t n, emg_error *err)
{
    (void)context;
    (void)bytes;
    (void)n;
    (void)err;
    return EMG_OK;
}

static void memory_that_runs_out_is_told(void **state)
{
    (void)state;
    const emg_event one = fake_event(1, EMG_CLONUS, 0, 0);
    emg_result result = { .n_muscles = 1, .n_channels = 1, .events = &one, .n_events = 1 };
    emg_report_input input = input_of("memory");
    result.muscle[0] = result.channel[0] = fake_summary("M", "M", true);
    emg_status status = EMG_ENOMEM;
    long n = 0;
    while (status == EMG_ENOMEM && n < 1000) {
        result.at = 0;
        emgp_fault_arm(++n, true);
        status = emg_report_page(&result, &input, drop, NULL, NULL);
        emgp_fault_arm(0, false);
    }
    assert_int_equal(status, EMG_OK);
    assert_true(n > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_names_are_text),
        cmocka_unit_test(muscles_and_classes_are_there),
        cmocka_unit_test(figures_by_themselves),
        cmocka_unit_test(nothing_to_analyse),
        cmocka_unit_test(an_event_of_no_muscle_is_refused),
        cmocka_unit_test(what_a_timeline_shows),
        cmocka_unit_test(memory_that_runs_out_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
