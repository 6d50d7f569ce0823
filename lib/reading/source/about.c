/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Annotations about one channel alone, "text@@channel" as EDF+ has it; one that names no channel of the file is about all. */
#include "reading/source/source.h"

#include <stdio.h>
#include <string.h>

#include "base/base.h"

bool emgp_name_is(const emg_channel *channel, const char *text)
{
    char number[32];
    if (emgp_text_same(channel->label, text) || emgp_text_same(channel->name, text))
        return true;
    snprintf(number, sizeof number, "%zu", channel->number);
    return channel->label[0] == '\0' && strcmp(number, text) == 0;
}

/* The last "@@"; NULL: there is none. */
static const char *mark_of(const char *text)
{
    const char *mark = NULL;
    for (const char *at = text; (at = strstr(at, "@@")); at += 2)
        mark = at;
    return mark;
}

/* A sum is about what its channels are about. */
static bool is_about(const emg_recording *rec, size_t channel, const char *name)
{
    const emgp_derivations *d = &rec->derivations;
    bool about = emgp_name_is(&rec->channels[channel], name);
    if (!rec->channels[channel].derived)
        return about;
    const emgp_derivation *sum = &d->list[channel - d->first];
    for (size_t i = 0; i < sum->n; i++)
        about = about || emgp_name_is(&rec->channels[d->term[sum->first + i].channel], name);
    return about;
}

size_t emgp_about_next(const emg_recording *rec, const char *text, size_t from)
{
    const char *mark = mark_of(text);
    size_t i = from, n = rec->facts.n_channels;
    while (mark && i < n && !is_about(rec, i, mark + 2))
        i++;
    return mark ? i : n;
}

bool emgp_about_glob(const emg_recording *rec, const char *glob, const char *text)
{
    char before[sizeof((emg_annotation *)NULL)->text];
    const char *mark = mark_of(text);
    if (emgp_text_glob(glob, text))
        return true;
    if (!mark || emgp_about_next(rec, text, 0) == rec->facts.n_channels)
        return false;
    emgp_text_copy(before, sizeof before, text);
    before[mark - text] = '\0';
    return emgp_text_glob(glob, before);
}
