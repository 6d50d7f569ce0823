/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The JSON report and the column descriptions. */
#include <emg/report.h>
#include <emg/report_json.h>
#include <emg/result.h>
#include <emg/sketch.h>
#include <emg/software.h>

#include <math.h>
#include <string.h>
#include <jansson.h>

#include "report/report.h"

static void put_software(emgp_document *doc)
{
    json_t *libraries = json_object();
    const char *name, *version;
    for (size_t i = 0; emg_report_software(i, &name, &version); i++) {
        if (i == 0) {
            json_t *software = json_object();
            emgp_json_set(&software, "name", emgp_json_text(name));
            emgp_json_set(&software, "version", emgp_json_text(version));
            emgp_document_member(doc, "software", software);
        } else {
            emgp_json_set(&libraries, name, emgp_json_text(version));
        }
    }
    emgp_document_member(doc, "libraries", libraries);
}

static void put_settings(emgp_document *doc, const emg_config *config)
{
    json_t *settings = json_object();
    emg_setting row;
    for (size_t i = 0; emg_config_setting(i, &row); i++) {
        char value[32];
        emg_config_print(config, i, value);
        emgp_json_set(&settings, row.key, row.words ? emgp_json_text(value) : emgp_json_printed(value, strlen(value)));
    }
    emgp_document_member(doc, "settings", settings);
}

static void put_input(emgp_document *doc, const emg_report_input *input)
{
    json_t *facts = json_object();
    emgp_json_set(&facts, "recording", emgp_json_text(input->recording));
    emgp_json_set(&facts, "format", emgp_json_text(input->format));
    emgp_json_set(&facts, "content_hash_xxh3_128", emgp_json_text(input->content_hash));
    emgp_json_set(&facts, "file_bytes", emgp_json_count(input->file_bytes));
    emgp_json_set(&facts, "duration_s", emgp_json_seconds(input->duration_s));
    emgp_json_set(&facts, "span_s", emgp_json_seconds(input->span_s));
    emgp_json_set(&facts, "selected_s", emgp_json_seconds(input->selected_s));
    emgp_json_set(&facts, "power_line_hz",
                  input->power_line_hz > 0 ? emgp_json_real(input->power_line_hz) : json_null());
    emgp_document_member(doc, "input", facts);
    emgp_document_array(doc, "segments");
    for (size_t i = 0; i < input->n_segments; i++) {
        json_t *segment = json_object();
        emgp_json_set(&segment, "start_s", emgp_json_seconds(input->segments[i].start_s));
        emgp_json_set(&segment, "duration_s", emgp_json_seconds(input->segments[i].duration_s));
        emgp_document_element(doc, segment);
    }
    emgp_document_array_end(doc);
}

static void put_input_channels(emgp_document *doc, const emg_report_input *input)
{
    emgp_document_array(doc, "input_channels");
    for (size_t i = 0; i < input->n_channels; i++) {
        const emg_channel *channel = &input->channels[i];
        json_t *object = json_object();
        emgp_json_set(&object, "number", emgp_json_count(channel->number));
        emgp_json_set(&object, "label", emgp_json_text(channel->label));
        emgp_json_set(&object, "name", emgp_json_text(channel->name));
        emgp_json_set(&object, "target_muscle", emgp_json_text(channel->muscle));
        emgp_json_set(&object, "type", emgp_json_text(emg_channel_type_name(channel->type)));
        emgp_json_set(&object, "analysed", json_boolean(channel->selected && channel->usable));
        emgp_json_set(&object, "sampling_frequency", emgp_json_real(channel->rate_hz));
        emgp_json_set(&object, "unit", emgp_json_text(channel->unit));
        emgp_json_set(&object, "microvolts_per_unit",
                      channel->to_uv > 0 ? emgp_json_real(channel->to_uv) : json_null());
        emgp_json_set(&object, "physical_min", emgp_json_real(channel->physical_min));
        emgp_json_set(&object, "physical_max", emgp_json_real(channel->physical_max));
        emgp_json_set(&object, "digital_min", emgp_json_real(channel->digital_min));
        emgp_json_set(&object, "digital_max", emgp_json_real(channel->digital_max));
        emgp_json_set(&object, "prefilter", emgp_json_text(channel->prefilter));
        emgp_document_element(doc, object);
    }
    emgp_document_array_end(doc);
}

static void put_deviations(emgp_document *doc, const emg_deviation *deviations, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const emg_deviation *deviation = &deviations[i];
        json_t *object = json_object();
        emgp_json_set(&object, "code", emgp_json_text(deviation->code));
        emgp_json_set(&object, "field", emgp_json_text(deviation->field));
        emgp_json_set(&object, "value", emgp_json_text(deviation->value));
        emgp_json_set(&object, "action", emgp_json_text(deviation->action));
        emgp_json_set(&object, "byte", deviation->offset < 0 ? json_null() : json_integer(deviation->offset));
        emgp_json_set(&object, "signal", deviation->channel < 0 ? json_null() : json_integer(deviation->channel));
        emgp_document_element(doc, object);
    }
}

static json_t *histogram_object(const emg_summary *summary)
{
    json_t *counts = json_array();
    for (size_t i = 0; i < EMG_HISTOGRAM_BINS; i++)
        emgp_json_append(&counts, emgp_json_count(summary->counts.interval_histogram[i]));
    json_t *object = json_object();
    emgp_json_set(&object, "first_edge_s", emgp_json_real(0.01));
    emgp_json_set(&object, "bins_per_decade", json_integer(16));
    emgp_json_set(&object, "counts", counts);
    return object;
}

static json_t *psd_object(const emg_summary *summary)
{
    json_t *density = json_array();
    for (size_t i = 0; i < EMG_PSD_BINS; i++)
        emgp_json_append(&density, emgp_json_real(summary->signal.psd[i]));
    json_t *object = json_object();
    emgp_json_set(&object, "step_hz", emgp_json_real(summary->signal.psd_step_hz));
    emgp_json_set(&object, "unit", emgp_json_text(summary->calibrated ? "uV^2/Hz" : "relative^2/Hz"));
    emgp_json_set(&object, "density", density);
    return object;
}

/* Windows and seconds of each kind of fault. */
static json_t *quality_object(const emg_quality_sums *sums)
{
    json_t *object = json_object();
    emgp_json_set(&object, "windows", emgp_json_count(sums->n_windows));
    emgp_json_set(&object, "seconds", emgp_json_seconds(sums->seconds));
    emgp_json_set(&object, "usable_s", emgp_json_seconds(sums->usable_s));
    for (unsigned k = 0; k < EMG_QUALITY_KINDS; k++) {
        json_t *flagged = json_object();
        emgp_json_set(&flagged, "windows", emgp_json_count(sums->n_flagged[k]));
        emgp_json_set(&flagged, "seconds", emgp_json_seconds(sums->flagged_s[k]));
        emgp_json_set(&object, emg_quality_name((emg_quality_kind)k), flagged);
    }
    return object;
}

/* The ECG that was removed; null when none was. */
static json_t *ecg_object(const emg_summary *summary)
{
    const emg_removed_ecg *ecg = &summary->signal.ecg;
    if (ecg->n_qrs == 0)
        return json_null();
    json_t *values = json_array(), *wave = json_object(), *object = json_object();
    for (size_t i = 0; i < EMG_ECG_POINTS; i++)
        emgp_json_append(&values, emgp_json_real(ecg->wave[i]));
    emgp_json_set(&wave, "first_s", emgp_json_real(-0.12));
    emgp_json_set(&wave, "step_s", emgp_json_real(0.002));
    emgp_json_set(&wave, "unit", emgp_json_text(summary->calibrated ? "uV" : "relative"));
    emgp_json_set(&wave, "values", values);
    emgp_json_set(&object, "beats", emgp_json_count(ecg->n_qrs));
    emgp_json_set(&object, "beats_by_ecg_channel", emgp_json_count(ecg->n_led));
    emgp_json_set(&object, "per_min", emgp_json_real(ecg->per_min));
    emgp_json_set(&object, "interval_cv", emgp_json_real(ecg->interval_cv));
    emgp_json_set(&object, summary->calibrated ? "amplitude_uv" : "amplitude_rel", emgp_json_real(ecg->amplitude));
    emgp_json_set(&object, "removed_s", emgp_json_seconds(ecg->removed_s));
    emgp_json_set(&object, "wave", wave);
    return object;
}

static json_t *wave_array(const float *wave)
{
    json_t *array = json_array();
    for (size_t i = 0; i < EMG_SKETCH_POINTS; i++)
        emgp_json_append(&array, emgp_json_real((double)wave[i]));
    return array;
}

/* Shapes of the channel's fasciculations and regular units. */
static json_t *units_array(const emg_sketch *sketch, bool calibrated)
{
    enum { EXAMPLES = 4 };
    json_t *array = json_array();
    for (size_t u = 0; sketch && u < sketch->n_shapes; u++) {
        const emg_sketch_shape *shape = sketch->shapes[u];
        json_t *object = json_object(), *examples = json_array();
        const double step_s = sketch->shape_s / EMG_SKETCH_POINTS;
        const size_t each = shape->n_waves > EXAMPLES ? shape->n_waves / EXAMPLES : 1;
        for (size_t k = 0; k < EXAMPLES && k * each < shape->n_waves; k++)
            emgp_json_append(&examples, wave_array(shape->waves[k * each]));
        emgp_json_set(&object, "number", emgp_json_count(shape->unit));
        emgp_json_set(&object, "discharges", emgp_json_count(shape->n));
        emgp_json_set(&object, "first_s", emgp_json_real(-step_s * (EMG_SKETCH_POINTS / 2)));
        emgp_json_set(&object, "step_s", emgp_json_real(step_s));
        emgp_json_set(&object, "unit", emgp_json_text(calibrated ? "uV" : "relative"));
        emgp_json_set(&object, "median", wave_array(shape->median));
        emgp_json_set(&object, "low_10", wave_array(shape->low));
        emgp_json_set(&object, "high_90", wave_array(shape->high));
        emgp_json_set(&object, "examples", examples);
        emgp_json_append(&array, object);
    }
    return array;
}

static json_t *channel_names(const emg_result *result, size_t muscle)
{
    json_t *names = json_array();
    for (size_t c = 0; c < emg_result_n_channels(result); c++)
        if (emg_result_muscle_of(result, c) == muscle)
            emgp_json_append(&names, emgp_json_text(emg_result_channel(result, c)->name));
    return names;
}

static json_t *summary_value(const emgp_column *column, const emg_summary *summary)
{
    if (column->cell == EMGP_CELL_CLASS)
        return summary->counts.pattern == EMG_UNCLASSIFIED ? json_null()
                                                           : emgp_json_text(emg_class_name(summary->counts.pattern));
    if (column->cell == EMGP_CELL_COUNT) {
        uint64_t count = emgp_summary_count(column, summary);
        return count == EMG_NO_COUNT ? json_null() : emgp_json_count(count);
    }
    double value = emgp_summary_real(column, summary);
    return column->cell == EMGP_CELL_TIME ? emgp_json_seconds(value) : emgp_json_real(value);
}

/* How sure each class is that has events. */
static json_t *confidence_object(const emg_summary_counts *counts)
{
    json_t *object = json_object();
    for (size_t c = 0; c < EMG_UNCLASSIFIED; c++)
        if (isfinite(counts->confidence[c]))
            emgp_json_set(&object, emg_class_name((emg_class)c), emgp_json_real(counts->confidence[c]));
    return object;
}

/* The columns of the tables as members, then what the tables have no room for. */
static json_t *summary_object(const emg_summary *summary, json_t *channels)
{
    json_t *object = json_object();
    emgp_json_set(&object, "target_muscle", emgp_json_text(summary->muscle));
    emgp_json_set(&object, "channels", channels);
    const emgp_column *column;
    for (size_t i = 0; (column = emgp_summary_column(i)); i++)
        if (column->cell > EMGP_CELL_CHANNELS)
            emgp_json_set(&object, column->name, summary_value(column, summary));
    emgp_json_set(&object, "n_events", emgp_json_count(summary->counts.n_events));
    emgp_json_set(&object, "confidence", confidence_object(&summary->counts));
    emgp_json_set(&object, "scrap_count", emgp_json_count(summary->counts.scrap_count));
    emgp_json_set(&object, "fasciculation_interval_histogram", histogram_object(summary));
    emgp_json_set(&object, "psd", psd_object(summary));
    emgp_json_set(&object, "signal_quality", quality_object(&summary->signal.windows));
    return object;
}

/* What the summary and the page say of a muscle, a sentence an element. */
static json_t *sentences(const emg_summary *summary, const emg_config *config, const emgp_occurrence *when)
{
    emgp_collected text = { .n = 0 };
    emgp_sink sink;
    json_t *array = json_array();
    emgp_sink_init(&sink, emgp_collect, &text, NULL);
    emgp_words_muscle(&sink, summary, config, when);
    if (emgp_sink_flush(&sink)) {
        json_decref(array);
        array = NULL;
    }
    for (char *line = text.bytes, *end; array && line && *line; line = end) {
        end = strchr(line, '\n');
        if (end)
            *end++ = '\0';
        emgp_json_append(&array, emgp_json_text(line + strspn(line, " ")));
    }
    emgp_free(text.bytes);
    return array;
}

static json_t *rule_object(const emgp_pooled *pooled, const emg_rule *rule)
{
    const double limit = (double)pooled->first.limit;
    json_t *object = json_object();
    emgp_json_set(&object, "reason", emgp_json_text(emg_reason_code(rule->reason)));
    emgp_json_set(&object, "rule", emgp_json_text(rule->name));
    emgp_json_set(&object, "evidence", emgp_json_text(rule->evidence));
    emgp_json_set(&object, "unit", *rule->unit ? emgp_json_text(rule->unit) : json_null());
    emgp_json_set(&object, "test", emgp_json_text(rule->test));
    emgp_json_set(&object, "limit", emgp_json_real(limit));
    emgp_json_set(&object, "events", emgp_json_count(pooled->n));
    emgp_json_set(&object, "mean", emgp_json_real(pooled->sum / (double)pooled->n_known));
    emgp_json_set(&object, "least", emgp_json_real(pooled->n_known > 0 ? pooled->least : NAN));
    emgp_json_set(&object, "most", emgp_json_real(pooled->n_known > 0 ? pooled->most : NAN));
    return object;
}

/* Per pattern what the rules behind its reasons compared, over its events in one muscle. */
static json_t *evidence_object(const emgp_pool *pools, const emg_config *config)
{
    json_t *object = json_object();
    for (size_t c = 0; c < EMG_UNCLASSIFIED; c++) {
        emg_rule rule;
        if (pools[c].n == 0)
            continue;
        json_t *rows = json_array();
        for (size_t i = 0; i < pools[c].n; i++)
            if (emg_rule_at(pools[c].rows[i].first.rule, config, &rule))
                emgp_json_append(&rows, rule_object(&pools[c].rows[i], &rule));
        emgp_json_set(&object, emg_class_name((emg_class)c), rows);
    }
    return object;
}

static emg_status pool_all(emgp_pool *pools, emg_result *result, emg_error *err)
{
    const size_t n = emg_result_n_muscles(result);
    emg_result_rewind(result);
    for (bool found = true;;) {
        emg_event event;
        emg_status status = emg_result_next(result, &event, &found, err);
        if (status || !found)
            return status;
        if (event.muscle >= n || (size_t)event.trial_type >= EMG_N_CLASSES)
            return emgp_fail(err, EMG_EARG, "an event names a muscle or a class that the result does not have");
        if (!emgp_pool_add(&pools[(size_t)event.muscle * EMG_N_CLASSES + (size_t)event.trial_type], &event))
            return emgp_fail_memory(err);
    }
}

/* A pool for every class of every muscle. EMG_ENOMEM, EMG_EARG, or what the events answer. */
static emg_status gather_pools(emgp_pool **out, size_t *n, emg_result *result, emg_error *err)
{
    *n = 0;
    const bool fits = emgp_multiply(result ? emg_result_n_muscles(result) : 0, EMG_N_CLASSES, n);
    *out = fits ? emgp_alloc(*n, sizeof **out) : NULL;
    if (!*out)
        return emgp_fail_memory(err);
    return result ? pool_all(*out, result, err) : EMG_OK;
}

static void free_pools(emgp_pool *pools, size_t n)
{
    for (size_t i = 0; pools && i < n; i++)
        emgp_pool_free(&pools[i]);
    emgp_free(pools);
}

static void put_results(emgp_document *doc, const emg_result *result, const emg_config *config,
                        const emgp_occurrence *when, const emgp_pool *pools)
{
    emgp_document_array(doc, "muscles");
    for (size_t m = 0; result && m < emg_result_n_muscles(result); m++) {
        const emg_summary *summary = emg_result_muscle(result, m);
        const emg_summary *strongest = emg_result_channel(result, summary->strongest_channel);
        json_t *object = summary_object(summary, channel_names(result, m));
        emgp_json_set(&object, "strongest_channel", emgp_json_text(strongest ? strongest->name : NULL));
        emgp_json_set(&object, "sentences", sentences(summary, config, when + m * EMG_N_CLASSES));
        emgp_json_set(&object, "evidence", evidence_object(pools + m * EMG_N_CLASSES, config));
        emgp_document_element(doc, object);
    }
    emgp_document_array_end(doc);
    emgp_document_array(doc, "channels");
    for (size_t c = 0; result && c < emg_result_n_channels(result); c++) {
        const emg_summary *summary = emg_result_channel(result, c);
        json_t *names = json_array();
        emgp_json_append(&names, emgp_json_text(summary->name));
        json_t *object = summary_object(summary, names);
        emgp_json_set(&object, "heart", ecg_object(summary));
        emgp_json_set(&object, "units", units_array(emg_result_sketch(result, c), summary->calibrated));
        emgp_document_element(doc, object);
    }
    emgp_document_array_end(doc);
}

/* How many annotations, never which. */
static void put_time_locked(emgp_document *doc, const emg_result *result)
{
    emg_time_locked locked = result ? emg_result_time_locked(result) : (emg_time_locked){ 0, 0 };
    json_t *object = json_object();
    emgp_json_set(&object, "kinds", emgp_json_count(locked.n_kinds));
    emgp_json_set(&object, "marks", emgp_json_count(locked.n_marks));
    emgp_document_member(doc, "time_locked", object);
}

static json_t *class_levels(void)
{
    json_t *levels = json_object();
    for (size_t i = 0; i < EMG_UNCLASSIFIED; i++)
        emgp_json_set(&levels, emg_class_name((emg_class)i), emgp_json_text(emgp_class_sentence((emg_class)i)));
    return levels;
}

static json_t *reason_sentences(void)
{
    json_t *codes = json_object();
    for (size_t i = 0; i < EMG_N_REASONS; i++)
        emgp_json_set(&codes, emg_reason_code((emg_reason)i), emgp_json_text(emg_reason_sentence((emg_reason)i)));
    return codes;
}

static void put_legend(emgp_document *doc)
{
    json_t *columns = json_object();
    const emgp_column *column;
    for (size_t i = 0; (column = emgp_summary_column(i)); i++) {
        json_t *object = json_object();
        emgp_json_set(&object, "units", *column->units ? emgp_json_text(column->units) : json_null());
        emgp_json_set(&object, "description", emgp_json_text(column->description));
        emgp_json_set(&columns, column->name, object);
    }
    emgp_document_member(doc, "columns", columns);
    emgp_document_member(doc, "patterns", class_levels());
    emgp_document_member(doc, "reasons", reason_sentences());
}

emg_status emg_report_json(emg_result *result, const emg_report_input *input, emg_write *write, void *context,
                           emg_error *err)
{
    if (!input || !write)
        return emgp_fail(err, EMG_EARG, "emg_report_json needs an input and a function that takes the text");
    emgp_occurrence *when = NULL;
    emgp_pool *pools = NULL;
    size_t n_pools = 0;
    emg_status status = emgp_occurrences(&when, result, false, err);
    if (status == EMG_OK)
        status = gather_pools(&pools, &n_pools, result, err);
    if (status) {
        free_pools(pools, n_pools);
        emgp_occurrences_free(when, result);
        return status;
    }
    emgp_document doc;
    emgp_document_start(&doc, write, context, err);
    emgp_document_member(&doc, "schema", emgp_json_text("myogram-report"));
    emgp_document_member(&doc, "schema_version", json_integer(1));
    put_software(&doc);
    emgp_document_member(&doc, "disclaimer", emgp_json_text(EMG_DISCLAIMER));
    put_input(&doc, input);
    put_input_channels(&doc, input);
    emgp_document_array(&doc, "deviations");
    put_deviations(&doc, input->deviations, input->n_deviations);
    put_deviations(&doc, input->notes, input->n_notes);
    emgp_document_array_end(&doc);
    put_settings(&doc, input->config);
    put_time_locked(&doc, result);
    put_results(&doc, result, input->config, when, pools);
    status = emgp_document_episodes(&doc, result, err);
    put_legend(&doc);
    free_pools(pools, n_pools);
    emgp_occurrences_free(when, result);
    const emg_status ended = emgp_document_end(&doc, status ? NULL : err);
    return status ? status : ended;
}

emg_status emg_report_events_json(emg_write *write, void *context, emg_error *err)
{
    if (!write)
        return emgp_fail(err, EMG_EARG, "emg_report_events_json needs a function that takes the text");
    emgp_document doc;
    emgp_document_start(&doc, write, context, err);
    const emgp_event_column *column;
    for (size_t i = 0; (column = emgp_event_columns(i)); i++) {
        json_t *object = json_object();
        emgp_json_set(&object, "LongName", emgp_json_text(column->long_name));
        emgp_json_set(&object, "Description", emgp_json_text(column->description));
        if (*column->units)
            emgp_json_set(&object, "Units", emgp_json_text(column->units));
        if (strcmp(column->name, "trial_type") == 0)
            emgp_json_set(&object, "Levels", class_levels());
        if (strcmp(column->name, "reasons") == 0)
            emgp_json_set(&object, "Codes", reason_sentences());
        emgp_document_member(&doc, column->name, object);
    }
    return emgp_document_end(&doc, err);
}
