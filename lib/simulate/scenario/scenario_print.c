/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Printing a scenario: every section with the keys that were given, as it could be read again. */
#include "simulate/scenario/scenario.h"

#include <math.h>
#include <string.h>

#include "base/base.h"

/* A text that grows; NULL and `failed` when memory is out. */
typedef struct growing {
    char *text;
    size_t n, room;
    bool failed;
} growing;

static void put(growing *g, const char *text)
{
    size_t n = strlen(text);
    void *array = g->text;
    if (g->failed || !emgp_reserve(&array, &g->room, g->n, g->n + n + 1, 1)) {
        g->failed = true;
        return;
    }
    g->text = array;
    memcpy(g->text + g->n, text, n + 1);
    g->n += n;
}

static void put_pair(growing *g, const char *key, const char *value)
{
    put(g, key);
    put(g, " = ");
    put(g, value);
    put(g, "\n");
}

static void put_value(growing *g, const emg_setting *key, const emgp_plan *plan, size_t place)
{
    char number[EMGP_NUMBER_ROOM];
    emg_setting row = *key;
    row.offset += place * sizeof(double);
    if (isnan(emgp_setting_get(&row, plan))) {
        put(g, "none");
        return;
    }
    emgp_setting_print(&row, plan, number);
    put(g, number);
}

static void put_key(growing *g, const emgp_scenario_section *s, const emg_setting *key)
{
    put(g, key->key);
    put(g, " = ");
    for (size_t i = 0; i < (emgp_key_is_list(key) ? s->n_on : 1); i++) {
        put(g, i ? ", " : "");
        put_value(g, key, &s->plan, i);
    }
    put(g, "\n");
}

static void put_section(growing *g, const emgp_scenario *scenario, const emgp_scenario_section *s)
{
    const emgp_kind_row *kind = emgp_kind_of(s->kind);
    put(g, g->n ? "\n[" : "[");
    put(g, kind->word);
    put(g, s->kind == EMGP_CHANNEL ? " " : "");
    put(g, s->label);
    put(g, "]\n");
    if (s->kind == EMGP_RECORDING) {
        put_pair(g, "name", scenario->name);
        if (*scenario->sentence)
            put_pair(g, "sentence", scenario->sentence);
    }
    if (s->on_given) {
        put(g, "on = ");
        for (size_t i = 0; i < s->n_on; i++) {
            put(g, i ? ", " : "");
            put(g, emgp_scenario_label(scenario, s->on[i]));
        }
        put(g, "\n");
    }
    for (size_t k = 0; k < kind->n_keys; k++)
        if (s->given >> k & 1)
            put_key(g, s, &kind->keys[k]);
    if (s->mark_given)
        put_pair(g, "mark", *s->mark ? s->mark : "none");
}

char *emgp_scenario_print(const emgp_scenario *scenario)
{
    growing g = { .n = 0 };
    for (size_t i = 0; i < scenario->n; i++)
        put_section(&g, scenario, &scenario->section[i]);
    if (g.failed) {
        emgp_free(g.text);
        return NULL;
    }
    return g.text;
}
