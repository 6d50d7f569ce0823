/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The evidence of many events, rule by rule: how many, and between which values. */
#include <math.h>
#include <string.h>

#include "report/report.h"

static emgp_pooled *row_of(emgp_pool *pool, const emg_evidence *evidence)
{
    for (size_t i = 0; i < pool->n; i++)
        if (pool->rows[i].first.rule == evidence->rule)
            return &pool->rows[i];
    void *rows = pool->rows;
    if (!emgp_reserve(&rows, &pool->room, pool->n, pool->n + 1, sizeof *pool->rows))
        return NULL;
    pool->rows = rows;
    pool->rows[pool->n] = (emgp_pooled){ .first = *evidence, .least = INFINITY, .most = -INFINITY };
    return &pool->rows[pool->n++];
}

bool emgp_pool_add(emgp_pool *pool, const emg_event *event)
{
    for (uint32_t i = 0; i < event->n_evidence && i < EMG_EVENT_EVIDENCE; i++) {
        emgp_pooled *row = row_of(pool, &event->evidence[i]);
        const double value = (double)event->evidence[i].value;
        if (!row)
            return false;
        row->n++;
        if (!isfinite(value))
            continue;
        row->n_known++;
        row->sum += value;
        row->least = fmin(row->least, value);
        row->most = fmax(row->most, value);
    }
    return true;
}

void emgp_pool_free(emgp_pool *pool)
{
    emgp_free(pool->rows);
    *pool = (emgp_pool){ .n = 0 };
}

bool emgp_rule_is_flag(const emg_rule *rule)
{
    return strcmp(rule->test, "is") == 0 || strcmp(rule->test, "is not") == 0;
}

void emgp_words_asked(emgp_sink *sink, const emg_rule *rule, double limit)
{
    static const struct {
        const char *test, *words;
    } words[] = { { ">=", "at least " }, { ">", "above " }, { "<=", "at most " },
                  { "<", "below " },     { "is", "yes" },   { "is not", "no" } };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(rule->test, words[i].test) == 0)
            emgp_sink_text(sink, words[i].words);
    if (emgp_rule_is_flag(rule) || isnan(limit))
        return;
    emgp_words_number(sink, limit);
    emgp_sink_text(sink, *rule->unit ? " " : "");
    emgp_sink_text(sink, rule->unit);
}
