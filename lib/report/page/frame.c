/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a page and an index share: how they begin and end, the legend, and the sentence about all muscles. */
#include "report/page/page.h"

#include <string.h>

#include "report/report.h"

enum { NAMES_SHOWN = 4 };

static void put(emgp_view *view, const char *text)
{
    emgp_sink_text(view->sink, text);
}

void emgp_page_head(emgp_sink *sink, const char *title, const char *kind)
{
    emgp_sink_text(sink, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
                         "content=\"width=device-width, initial-scale=1\"><meta name=\"color-scheme\" content=\"light "
                         "dark\"><meta name=\"generator\" content=\"Myogram\"><title>");
    emgp_html_text(sink, title);
    emgp_sink_text(sink, "</title><style>");
    emgp_sink_text(sink, emgp_page_css);
    emgp_sink_text(sink, "</style></head><body><a class=\"skip\" href=\"#main\">Skip to the findings</a>");
    emgp_put_sprite(sink);
    emgp_sink_text(sink, "<header class=\"top\" id=\"top\"><p class=\"brand\">Myogram <span>");
    emgp_sink_text(sink, kind);
    emgp_sink_text(sink, "</span></p><h1>");
    emgp_html_text(sink, title);
    emgp_sink_text(sink, "</h1><p class=\"disc\">" EMG_DISCLAIMER "</p>");
}

void emgp_page_foot(emgp_sink *sink)
{
    emgp_sink_text(sink, "</main><footer><p>" EMG_DISCLAIMER "</p></footer><script>");
    emgp_sink_text(sink, emgp_page_js);
    emgp_sink_text(sink, "</script></body></html>\n");
}

static bool is_dead(const emgp_shown_muscle *m)
{
    return !(m->summary->signal.analysed_s > 0);
}

/* "Clonus in L Soleus, R Soleus." for one pattern; nothing when no muscle has it. */
static void put_muscles_with(emgp_view *view, emg_class pattern, bool dead, bool *any)
{
    size_t n = 0;
    for (size_t i = 0; i < view->n; i++) {
        const emgp_shown_muscle *m = &view->muscles[i];
        if (is_dead(m) != dead || (!dead && m->summary->counts.pattern != pattern))
            continue;
        if (n++ == 0) {
            put(view, *any ? "; " : "");
            put(view, dead ? "not analysed" : emgp_words_class(pattern));
            put(view, dead ? ": " : " in ");
        } else if (n <= NAMES_SHOWN) {
            put(view, ", ");
        }
        if (n <= NAMES_SHOWN)
            emgp_html_short(view->sink, m->summary->name);
    }
    if (n > NAMES_SHOWN) {
        put(view, " and ");
        emgp_sink_count(view->sink, n - NAMES_SHOWN);
        put(view, " more");
    }
    *any = *any || n > 0;
}

void emgp_page_lead(emgp_view *view)
{
    bool any = false;
    for (size_t i = 0; emgp_class_at(i) != EMG_UNCLASSIFIED; i++)
        put_muscles_with(view, emgp_class_at(i), false, &any);
    put_muscles_with(view, EMG_UNCLASSIFIED, false, &any);
    put_muscles_with(view, EMG_UNCLASSIFIED, true, &any);
    put(view, any ? "." : "No muscle channel with samples: nothing was analysed.");
}

/* A class's sentence without the word that it may begin with, "word: ", and that stands before it already. */
static const char *sentence_after(const char *word, const char *sentence)
{
    const size_t n = strlen(word);
    return strncmp(sentence, word, n) == 0 && strncmp(sentence + n, ": ", 2) == 0 ? sentence + n + 2 : sentence;
}

void emgp_page_legend(emgp_sink *sink, const bool used[EMG_N_CLASSES])
{
    bool any = false;
    for (size_t i = 0; emgp_class_at(i) != EMG_UNCLASSIFIED; i++) {
        const emg_class c = emgp_class_at(i);
        if (!used[c])
            continue;
        emgp_sink_text(sink, any ? "<li>" : "<ul class=\"legend\"><li>");
        any = true;
        emgp_put_swatch(sink, c);
        emgp_sink_text(sink, "<b>");
        emgp_sink_text(sink, emgp_words_class(c));
        emgp_sink_text(sink, "</b> ");
        emgp_sink_text(sink, sentence_after(emgp_words_class(c), emgp_class_sentence(c)));
        emgp_sink_text(sink, "</li>");
    }
    emgp_sink_text(sink, any ? "</ul>" : "");
}
