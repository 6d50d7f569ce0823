/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers, times and hostile text as the page shows them, whatever the locale. */
#include "report/page/page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/report.h"

static void put_escaped(emgp_sink *sink, const char *text)
{
    for (size_t n; *text; text += n) {
        n = strcspn(text, "&<>\"'");
        emgp_sink_bytes(sink, text, n);
        if (!text[n])
            return;
        char code[12];
        snprintf(code, sizeof code, "&#%d;", text[n]);
        emgp_sink_text(sink, code);
        n++;
    }
}

void emgp_html_text(emgp_sink *sink, const char *text)
{
    char printable[1024];
    (void)emgp_text_printable_string(printable, sizeof printable, text ? text : "");
    put_escaped(sink, printable);
}

void emgp_html_short(emgp_sink *sink, const char *text)
{
    char printable[512], cut[40];
    (void)emgp_text_printable_string(printable, sizeof printable, text ? text : "");
    emgp_text_copy(cut, sizeof cut, printable);
    put_escaped(sink, cut);
    if (strlen(printable) > strlen(cut))
        emgp_sink_text(sink, "\xE2\x80\xA6");
}

void emgp_html_number(emgp_sink *sink, double value)
{
    if (isfinite(value))
        emgp_words_number(sink, value);
    else
        emgp_sink_text(sink, "\xE2\x80\x93");
}

/* Two digits, and a tenth when asked. */
static void put_digits(emgp_sink *sink, double value, bool tenths)
{
    char text[48];
    const long all = lround(value * (tenths ? 10 : 1));
    if (tenths)
        snprintf(text, sizeof text, "%02ld.%ld", all / 10, all % 10);
    else
        snprintf(text, sizeof text, "%02ld", all);
    emgp_sink_text(sink, text);
}

void emgp_html_clock(emgp_sink *sink, double at_s, double span_s)
{
    char text[80];
    if (span_s < 60) {
        emgp_sink_number(sink, rint(at_s * 10) / 10);
        emgp_sink_text(sink, " s");
        return;
    }
    const bool tenths = span_s < 3600;
    const double at = tenths ? rint(at_s * 10) / 10 : rint(at_s);
    const double minutes = floor(at / 60), hours = floor(at / 3600);
    if (tenths)
        snprintf(text, sizeof text, "%.0f:", minutes);
    else
        snprintf(text, sizeof text, "%.0f:%02.0f:", hours, minutes - 60 * hours);
    emgp_sink_text(sink, text);
    put_digits(sink, at - 60 * minutes, tenths);
}

static void put_two(emgp_sink *sink, double large, const char *large_unit, double small, const char *small_unit)
{
    emgp_sink_number(sink, large);
    emgp_sink_text(sink, large_unit);
    if (small > 0) {
        emgp_sink_text(sink, " ");
        emgp_sink_number(sink, small);
        emgp_sink_text(sink, small_unit);
    }
}

void emgp_html_seconds(emgp_sink *sink, double seconds)
{
    if (!isfinite(seconds)) {
        emgp_sink_text(sink, "\xE2\x80\x93");
    } else if (seconds > 0 && seconds < 1) {
        emgp_sink_number(sink, rint(seconds * 1000));
        emgp_sink_text(sink, " ms");
    } else if (seconds < 120) {
        emgp_sink_number(sink, seconds < 10 ? rint(seconds * 10) / 10 : rint(seconds));
        emgp_sink_text(sink, " s");
    } else if (seconds < 5400) {
        const double minutes = floor(rint(seconds) / 60);
        put_two(sink, minutes, " min", rint(seconds) - 60 * minutes, " s");
    } else {
        const double minutes = rint(seconds / 60), hours = floor(minutes / 60);
        put_two(sink, hours, " h", minutes - 60 * hours, " min");
    }
}

void emgp_html_share(emgp_sink *sink, double share)
{
    if (!isfinite(share)) {
        emgp_sink_text(sink, "\xE2\x80\x93");
        return;
    }
    emgp_sink_number(sink, share < 0.1 ? rint(share * 1000) / 10 : rint(share * 100));
    emgp_sink_text(sink, " %");
}

void emgp_html_place(emgp_sink *sink, double value)
{
    emgp_sink_number(sink, rint(value * 100) / 100);
}

const char *emgp_html_unit(const emg_summary *summary)
{
    return summary->calibrated ? "\xC2\xB5V" : "rel.";
}
