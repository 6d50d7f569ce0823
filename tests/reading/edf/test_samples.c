/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every set of sample loops gives the bits of the formula, for any number of signals, length and alignment. */
#include "support/test.h"

#include <stdlib.h>
#include <string.h>

#include "reading/edf/samples_sets.h"

enum { MOST_LANES = 19, MOST_FRAMES = 300, MOST_SHIFT = 7 };

typedef void decoder(double *out, emgp_edf_decoder *channels, size_t n_channels, unsigned sample_bytes, size_t shift,
                     size_t n);

/* The value of a sample by the format's text: little-endian two's complement. */
static double digital(const unsigned char *p, unsigned width)
{
    long value = p[0] + 256L * p[1] + (width == 3 ? 65536L * p[2] : 0), half = width == 3 ? 8388608 : 32768;
    return (double)(value < half ? value : value - 2 * half);
}

static void check(decoder *decode, const unsigned char *bytes, size_t room, unsigned width, size_t n_channels, size_t n)
{
    static double x[MOST_LANES * MOST_FRAMES + 1];
    emgp_edf_decoder channels[MOST_LANES];
    size_t shift = n % MOST_SHIFT * width;
    memset(x, 0x55, sizeof x);
    for (size_t k = 0; k < n_channels; k++) {
        int32_t low = k % 2 ? -1000 : width == 3 ? -8388608 : -32768, high = k % 2 ? 999 : -(low + 1);
        emgp_edf_decoder_calibrate(&channels[k], width, low, high, k % 3 ? -3.3 : 7.7, k % 3 ? 3.1 : -5.5,
                                   k % 4 ? 1000 : 1);
        channels[k].at = bytes + k * (room / MOST_LANES);
    }
    decode(x, channels, n_channels, width, shift, n);
    for (size_t k = 0; k < n_channels; k++) {
        uint64_t outside = 0;
        for (size_t i = 0; i < n; i++) {
            double d = digital(channels[k].at + shift + i * width, width), low = channels[k].low;
            double due = (d - low) * channels[k].scale + channels[k].least;
            outside += d < low || d > low + channels[k].span;
            if (memcmp(&x[i * n_channels + k], &due, sizeof due) != 0)
                fail_msg("%u bytes, %zu lanes, %zu frames: lane %zu, frame %zu: %.17g, not %.17g", width, n_channels, n,
                         k, i, x[i * n_channels + k], due);
        }
        assert_int_equal(channels[k].outside, outside);
    }
    static const unsigned char untouched[sizeof *x] = { 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55 };
    assert_memory_equal(&x[n * n_channels], untouched, sizeof *x);
}

static void check_set(decoder *decode)
{
    size_t room = (size_t)MOST_LANES * (MOST_FRAMES + MOST_SHIFT) * 3;
    unsigned char *bytes = malloc(room);
    assert_non_null(bytes);
    uint64_t state = 7;
    for (size_t i = 0; i < room; i++) {
        state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        bytes[i] = (unsigned char)(state >> 56);
    }
    for (unsigned width = 2; width <= 3; width++)
        for (size_t n_channels = 1; n_channels <= MOST_LANES; n_channels++)
            for (size_t n = 0; n <= MOST_FRAMES; n += n < 20 ? 1 : 35)
                check(decode, bytes, room, width, n_channels, n);
    free(bytes);
}

static void loops_for_any_machine(void **state)
{
    (void)state;
    check_set(emgp_samples_decode_base);
}

static void loops_for_this_machine(void **state)
{
    (void)state;
    check_set(emgp_samples_decode);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loops_for_any_machine),
        cmocka_unit_test(loops_for_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
