/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Compares the rates of two series of counts, each "COUNT,COUNT,..." a minute: rates 3,9,1,14,2 11,4,22,9 */
#include <stdio.h>
#include <stdlib.h>

#include <emg/emg.h>

enum { MOST = 1440 };

static size_t read_counts(const char *text, uint64_t counts[MOST])
{
    size_t n = 0;
    for (char *end; n < MOST && *text; text = *end ? end + 1 : end) {
        counts[n] = strtoull(text, &end, 10);
        if (end == text || (*end && *end != ','))
            return 0;
        n++;
    }
    return n;
}

static void print(const char *what, emg_interval i)
{
    printf("%-12s %8.3f  (%.3f to %.3f)\n", what, i.value, i.low, i.high);
}

int main(int argc, char **argv)
{
    static uint64_t counts[2][MOST];
    if (argc != 3) {
        fprintf(stderr, "usage: rates COUNT,COUNT,... COUNT,COUNT,...\n");
        return 2;
    }
    emg_minutes side[2] = { { counts[0], 0, 0 }, { counts[1], 0, 0 } };
    emg_rates rates;
    emg_error err = EMG_ERROR_NONE;
    for (int s = 0; s < 2; s++) {
        side[s].n = read_counts(argv[s + 1], counts[s]);
        side[s].time_s = 60 * (double)side[s].n;
    }
    if (emg_rates_compare(&side[0], &side[1], &rates, &err) != EMG_OK) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    print("first, /min", rates.a);
    print("second, /min", rates.b);
    print("difference", rates.difference);
    print("ratio", rates.ratio);
    printf("counts scatter %.3g times as much as by chance: the rates %s\n", rates.widened_by,
           rates.differ ? "differ" : "do not differ beyond that");
    return 0;
}
