/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formulas to terms: a name, then signals of the file with signs and factors; names are read against those there. */
#include "reading/channels/channels.h"

#include <math.h>
#include <string.h>

#include "base/base.h"
#include "reading/source/source.h"

enum { MOST_DERIVED = 1024, MOST_TERMS = 64, SHOWN_ROOM = 64 };

static const double largest_weight = 1000; /* sums of credible samples stay credible */

/* --- terms --------------------------------------------------------------------------------------------------- */

size_t emgp_terms_count(const emgp_derivations *derivations, size_t channel)
{
    return channel < derivations->first ? 1 : derivations->list[channel - derivations->first].n;
}

emgp_term emgp_terms_at(const emgp_derivations *derivations, size_t channel, size_t k)
{
    if (channel < derivations->first)
        return (emgp_term){ channel, 1.0 };
    return derivations->term[derivations->list[channel - derivations->first].first + k];
}

void emgp_derivations_free(emgp_derivations *derivations)
{
    emgp_free(derivations->list);
    emgp_free(derivations->term);
    *derivations = (emgp_derivations){ 0 };
}

/* --- formulas ------------------------------------------------------------------------------------------------ */

/* A formula being read. */
typedef struct formula {
    emg_recording *rec;
    const char *text, *at;
    emg_error *err;
} formula;

static const char *skip_spaces(const char *at)
{
    return at + strspn(at, " \t");
}

static emg_status refuse(const formula *f, const char *what)
{
    char shown[SHOWN_ROOM];
    emgp_text_printable_string(shown, sizeof shown, f->text);
    return emgp_fail(f->err, EMG_EARG, "derivation '%s': %s", shown, what);
}

/* Bytes of `text` that spell out `name`, and then end or go on with a sign; 0: they do not. */
static size_t spelled(const char *text, const char *name)
{
    char head[sizeof((emg_channel *)0)->name];
    size_t n = strlen(name);
    if (n == 0 || strlen(text) < n)
        return 0;
    memcpy(head, text, n);
    head[n] = '\0';
    const char *rest = skip_spaces(text + n);
    return emgp_text_same(head, name) && (*rest == '\0' || *rest == '+' || *rest == '-') ? n : 0;
}

/* "#12", in the same way. */
static size_t spelled_number(const char *text, size_t number)
{
    char name[EMGP_NUMBER_ROOM + 1] = "#";
    emgp_count_print(name + 1, number);
    return spelled(text, name);
}

/* The channel that the text begins with: of all that fit, the longest. */
static emg_status find_channel(formula *f, const char *text, size_t *length, size_t *channel)
{
    const emg_recording *rec = f->rec;
    bool twice = false;
    *length = 0;
    for (size_t i = 0; i < rec->derivations.first; i++) {
        const emg_channel *c = &rec->channels[i];
        size_t by_label = spelled(text, c->label), by_name = spelled(text, c->name);
        size_t n = by_label > by_name ? by_label : by_name, by_number = spelled_number(text, c->number);
        if (by_number > n)
            n = by_number;
        if (n > 0 && n == *length)
            twice = true;
        if (n <= *length)
            continue;
        twice = false;
        *length = n;
        *channel = i;
    }
    if (twice)
        return refuse(f, "several channels are called so: give their signal numbers, such as #1");
    return EMG_OK;
}

/* The text of a term for a sentence, as far as it is known without the channels. */
static emg_status refuse_channel(const formula *f, const char *text)
{
    char name[SHOWN_ROOM];
    size_t n = strcspn(text, "+"), first = strspn(text, "-"), dash = first + strcspn(text + first, "-");
    if (dash < n)
        n = dash;
    if (n >= sizeof name)
        n = sizeof name - 1;
    memcpy(name, text, n);
    while (n > 0 && name[n - 1] == ' ')
        n--;
    name[n] = '\0';
    return n > 0 ? emgp_select_unknown(f->rec, name, f->err) : refuse(f, "a channel is missing");
}

/* A name in quotation marks, which may hold signs. */
static emg_status quoted_channel(formula *f, size_t *channel)
{
    char name[sizeof((emg_channel *)0)->name];
    const char *end = strchr(f->at + 1, *f->at);
    if (!end || (size_t)(end - f->at) > sizeof name)
        return refuse(f, "a quotation mark is missing");
    size_t n = (size_t)(end - f->at) - 1, length;
    memcpy(name, f->at + 1, n);
    name[n] = '\0';
    emg_status status = find_channel(f, name, &length, channel);
    if (status == EMG_OK && (n == 0 || length < n))
        return emgp_select_unknown(f->rec, name, f->err);
    f->at = end + 1;
    return status;
}

static emg_status read_channel(formula *f, size_t *channel)
{
    if (*f->at == '"' || *f->at == '\'')
        return quoted_channel(f, channel);
    size_t length;
    emg_status status = find_channel(f, f->at, &length, channel);
    if (status == EMG_OK && length == 0)
        return refuse_channel(f, f->at);
    f->at += length;
    return status;
}

/* "0.5 *": what stands before a star is a factor only when it is a number, and not part of a name. */
static emg_status read_factor(formula *f, double *weight)
{
    size_t length, channel;
    emg_status status = find_channel(f, f->at, &length, &channel);
    if (status != EMG_OK || length > 0)
        return status;
    const char *star = strchr(f->at, '*');
    size_t n = star ? (size_t)(star - f->at) : 0;
    while (n > 0 && f->at[n - 1] == ' ')
        n--;
    double factor;
    if (n == 0 || !emgp_number_parse(f->at, n, &factor))
        return EMG_OK;
    if (!(fabs(factor) > 0) || !(fabs(factor) <= largest_weight))
        return refuse(f, "factors are numbers from 0 to 1000, and not 0");
    *weight *= factor;
    f->at = skip_spaces(star + 1);
    return EMG_OK;
}

static emg_status add_term(formula *f, emgp_derivation *d, emgp_term term)
{
    emgp_derivations *all = &f->rec->derivations;
    if (d->n == MOST_TERMS)
        return refuse(f, "more than 64 terms");
    void *list = all->term;
    if (!emgp_reserve(&list, &all->room, all->n_terms, all->n_terms + 1, sizeof *all->term))
        return emgp_fail_memory(f->err);
    all->term = list;
    all->term[all->n_terms++] = term;
    d->n++;
    return EMG_OK;
}

/* [sign] [factor *] channel, then sign [factor *] channel, ... */
static emg_status read_terms(formula *f, emgp_derivation *d)
{
    f->at = skip_spaces(f->at);
    do {
        emgp_term term = { 0, *f->at == '-' ? -1.0 : 1.0 };
        if (*f->at == '+' || *f->at == '-')
            f->at = skip_spaces(f->at + 1);
        emg_status status = read_factor(f, &term.weight);
        if (status == EMG_OK)
            status = read_channel(f, &term.channel);
        if (status == EMG_OK)
            status = add_term(f, d, term);
        if (status != EMG_OK)
            return status;
        f->at = skip_spaces(f->at);
        if (*f->at && *f->at != '+' && *f->at != '-')
            return refuse(f, "channels are joined by + or -");
    } while (*f->at);
    return EMG_OK;
}

static emg_status read_name(formula *f, emg_channel *c)
{
    const char *equals = strchr(f->text, '='), *end = equals;
    const char *name = skip_spaces(f->text);
    while (end && end > name && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    if (!end || end == name)
        return refuse(f, "not of the form NAME = A - B");
    if (!emgp_text_printable(c->label, sizeof c->label, name, (size_t)(end - name)))
        return refuse(f, "the name is too long, or cannot be printed");
    for (size_t i = 0; i < f->rec->facts.n_channels; i++)
        if (emgp_name_is(&f->rec->channels[i], c->label))
            return refuse(f, "there is a channel of this name: choose another");
    emgp_text_copy(c->name, sizeof c->name, c->label);
    f->at = equals + 1;
    return EMG_OK;
}

/* One formula to a channel at the end of the list. */
static emg_status parse(emg_recording *rec, const char *text, size_t number, emg_error *err)
{
    formula f = { .rec = rec, .text = text, .err = err };
    emgp_derivation *d = &rec->derivations.list[rec->derivations.n];
    emg_channel *c = &rec->channels[rec->facts.n_channels];
    memset(c, 0, sizeof *c);
    *d = (emgp_derivation){ rec->derivations.n_terms, 0 };
    emg_status status = read_name(&f, c);
    if (status == EMG_OK)
        status = read_terms(&f, d);
    if (status != EMG_OK)
        return status;
    c->number = number;
    c->derived = c->usable = true;
    rec->facts.n_channels++;
    rec->derivations.n++;
    return EMG_OK;
}

emg_status emgp_derive_parse(emg_recording *rec, emg_error *err)
{
    size_t n = rec->reading.n_derive, n_file = rec->facts.n_channels;
    rec->derivations.first = n_file;
    if (n == 0)
        return EMG_OK;
    if (n > MOST_DERIVED)
        return emgp_fail(err, EMG_EARG, "more than %d derivations", MOST_DERIVED);
    emg_channel *channels = emgp_resize(rec->channels, n_file, n_file + n, sizeof *channels);
    if (!channels)
        return emgp_fail_memory(err);
    rec->channels = channels;
    rec->derivations.list = emgp_alloc(n, sizeof *rec->derivations.list);
    if (!rec->derivations.list)
        return emgp_fail_memory(err);
    emg_status status = EMG_OK;
    size_t number = n_file + rec->facts.n_annotation_signals;
    for (size_t i = 0; i < n && status == EMG_OK; i++)
        status = parse(rec, rec->reading.derive[i], ++number, err);
    return status;
}

/* --- what the sources say ------------------------------------------------------------------------------------ */

static bool differ(double a, double b)
{
    return a < b || a > b;
}

/* A voltage may be spelled in several ways; other units are compared by their text. */
static bool same_unit(const emg_channel *a, const emg_channel *b)
{
    return a->to_uv > 0 || b->to_uv > 0 ? !differ(a->to_uv, b->to_uv) : strcmp(a->unit, b->unit) == 0;
}

static emg_status refuse_pair(const emg_channel *c, const emg_channel *a, const emg_channel *b, const char *what,
                              emg_error *err)
{
    char name[3][SHOWN_ROOM];
    emgp_text_copy(name[0], SHOWN_ROOM, c->name);
    emgp_text_copy(name[1], SHOWN_ROOM, a->name);
    emgp_text_copy(name[2], SHOWN_ROOM, b->name);
    return emgp_fail(err, EMG_EARG, "'%s' cannot be derived: '%s' and '%s' differ in %s", name[0], name[1], name[2],
                     what);
}

static emg_status check_source(const emg_channel *c, const emg_channel *first, const emg_channel *source,
                               emg_error *err)
{
    char name[SHOWN_ROOM];
    emgp_text_copy(name, sizeof name, source->name);
    if (!source->usable)
        return emgp_fail(err, EMG_EARG, "channel '%s' cannot be read, so nothing can be derived from it", name);
    if (differ(source->rate_hz, first->rate_hz))
        return refuse_pair(c, first, source, "sampling rate", err);
    if (!same_unit(source, first))
        return refuse_pair(c, first, source, "unit", err);
    return EMG_OK;
}

static void add_source(emg_channel *c, const emg_channel *source, double weight)
{
    double a = weight * source->physical_min, b = weight * source->physical_max;
    c->physical_min += fmin(a, b);
    c->physical_max += fmax(a, b);
    c->bad = c->bad || source->bad;
    if (strcmp(c->prefilter, source->prefilter) != 0)
        c->prefilter[0] = '\0';
    if (strcmp(c->transducer, source->transducer) != 0)
        c->transducer[0] = '\0';
}

/* Takes over what all sources have in common. */
static emg_status settle(emg_recording *rec, size_t channel, emg_error *err)
{
    const emgp_derivations *all = &rec->derivations;
    emg_channel *c = &rec->channels[channel];
    const emg_channel *first = &rec->channels[emgp_terms_at(all, channel, 0).channel];
    bool muscles = true, assumed = false, envelope = false;
    c->rate_hz = first->rate_hz;
    c->n_samples = first->n_samples;
    c->to_uv = first->to_uv;
    emgp_text_copy(c->unit, sizeof c->unit, first->unit);
    emgp_text_copy(c->prefilter, sizeof c->prefilter, first->prefilter);
    emgp_text_copy(c->transducer, sizeof c->transducer, first->transducer);
    for (size_t k = 0; k < emgp_terms_count(all, channel); k++) {
        emgp_term term = emgp_terms_at(all, channel, k);
        const emg_channel *source = &rec->channels[term.channel];
        emg_status status = check_source(c, first, source, err);
        if (status != EMG_OK)
            return status;
        muscles = muscles && source->is_muscle;
        assumed = assumed || source->type_assumed;
        envelope = envelope || source->envelope;
        add_source(c, source, term.weight);
    }
    emgp_types_describe(c);
    if (c->type == EMG_TYPE_UNKNOWN && muscles) {
        c->type = assumed ? EMG_TYPE_UNKNOWN : EMG_TYPE_EMG;
        c->type_assumed = assumed;
        c->is_muscle = true;
    }
    c->envelope = c->envelope || envelope;
    c->is_muscle = c->is_muscle && !c->envelope;
    return EMG_OK;
}

emg_status emgp_derive_settle(emg_recording *rec, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = rec->derivations.first; i < rec->facts.n_channels && status == EMG_OK; i++)
        status = settle(rec, i, err);
    return status;
}
