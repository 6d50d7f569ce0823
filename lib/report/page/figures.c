/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each figure of a page as an SVG of its own: the page is written as ever, and its figures are cut out of the text. */
#include <emg/report_page.h>

#include <stdio.h>
#include <string.h>

#include "report/page/page.h"

enum { WIDTH = 900, SMALL_WIDTH = 340, SIDE = 48, AROUND = 8, NAME = 64 };

static const char begins[] = "<svg class=\"f ", opens[] = "<svg", closes[] = "</svg>", variable[] = "var(";

typedef struct cutter {
    emg_take_figure *take;
    void *context;
    emgp_collected figure; /* the one at hand, or the start of a tag that may begin one */
    size_t depth, number;
} cutter;

/* The light value of a variable of the style: what stands behind its first mention. */
static void put_value(emgp_sink *sink, const char *name, size_t n)
{
    for (const char *at = emgp_page_css; (at = strstr(at, "--")); at += 2)
        if (strncmp(at, name, n) == 0 && at[n] == ':') {
            emgp_sink_bytes(sink, at + n + 1, strcspn(at + n + 1, ";}"));
            return;
        }
}

/* The page's style with its variables resolved, as programs other than browsers want it. */
static void put_style(emgp_sink *sink)
{
    emgp_sink_text(sink, "<style>svg{font-family:sans-serif}");
    for (const char *from = emgp_page_css, *at; *from;) {
        at = strstr(from, variable);
        emgp_sink_bytes(sink, from, at ? (size_t)(at - from) : strlen(from));
        if (!at)
            break;
        at += sizeof variable - 1;
        const size_t n = strcspn(at, ")");
        put_value(sink, at, n);
        from = at + n + (at[n] == ')');
    }
    emgp_sink_text(sink, "</style>");
}

/* The number behind style="height: */
static double height_of(const char *figure)
{
    static const char before[] = "style=\"height:";
    double height = 0;
    const char *at = strstr(figure, before);
    if (at)
        (void)emgp_number_parse(at + sizeof before - 1, strcspn(at + sizeof before - 1, "p"), &height);
    return height;
}

static void put_attribute(emgp_sink *sink, const char *name, double value)
{
    emgp_sink_text(sink, name);
    emgp_html_place(sink, value);
    emgp_sink_text(sink, "\"");
}

static emg_status give(cutter *c, emg_error *err)
{
    char name[NAME];
    const char *inner = c->figure.bytes + sizeof begins - 1;
    const bool small = strncmp(inner, "sm", 2) == 0 || strncmp(inner, "sh", 2) == 0;
    const double width = small ? SMALL_WIDTH : WIDTH, height = height_of(inner);
    emgp_collected whole = { .n = 0 };
    emgp_sink sink;
    emgp_sink_init(&sink, emgp_collect, &whole, err);
    put_attribute(&sink, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"", width + 2 * SIDE);
    put_attribute(&sink, " height=\"", height + 2 * AROUND);
    emgp_sink_text(&sink, ">");
    put_style(&sink);
    emgp_sink_text(&sink, "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
    put_attribute(&sink, "<svg x=\"", SIDE);
    put_attribute(&sink, " y=\"", AROUND);
    put_attribute(&sink, " width=\"", width);
    put_attribute(&sink, " height=\"", height);
    emgp_sink_text(&sink, " overflow=\"visible\" class=\"");
    emgp_sink_text(&sink, inner);
    emgp_sink_text(&sink, "</svg>\n");
    emg_status status = emgp_sink_flush(&sink);
    snprintf(name, sizeof name, "figure_%03zu", ++c->number);
    if (status == EMG_OK)
        status = c->take(c->context, name, whole.bytes, whole.n, err);
    emgp_free(whole.bytes);
    return status;
}

static bool ends_with(const emgp_collected *text, const char *end, size_t n)
{
    return text->n >= n && memcmp(text->bytes + text->n - n, end, n) == 0;
}

/* Takes a byte of the page. What is kept is a figure, or as much of its beginning as has come. */
static emg_status take_byte(cutter *c, char byte, emg_error *err)
{
    if (c->depth == 0) {
        if (c->figure.n > 0 && byte == '<')
            c->figure.n = 0;
        if (byte != begins[c->figure.n])
            c->figure.n = 0;
        if (byte != begins[c->figure.n])
            return EMG_OK;
    }
    emg_status status = emgp_collect(&c->figure, &byte, 1, err);
    if (status)
        return status;
    if (c->depth == 0) {
        c->depth = c->figure.n == sizeof begins - 1;
        return EMG_OK;
    }
    c->depth += ends_with(&c->figure, opens, sizeof opens - 1);
    c->depth -= ends_with(&c->figure, closes, sizeof closes - 1);
    if (c->depth > 0)
        return EMG_OK;
    status = give(c, err);
    c->figure.n = 0;
    return status;
}

static emg_status take_text(void *context, const char *bytes, size_t n, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < n; i++)
        status = take_byte(context, bytes[i], err);
    return status;
}

emg_status emg_report_figures(emg_result *result, const emg_report_input *input, emg_take_figure *take, void *context,
                              emg_error *err)
{
    if (!take)
        return emgp_fail(err, EMG_EARG, "emg_report_figures needs a function that takes the figures");
    cutter c = { .take = take, .context = context };
    emg_status status = emg_report_page(result, input, take_text, &c, err);
    emgp_free(c.figure.bytes);
    return status;
}
