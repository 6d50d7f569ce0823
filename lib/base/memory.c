/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Overflow-checked allocation, with a hook that fails the Nth in test builds. */
#include "base/base.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

#ifdef EMGP_FAULTS
static _Atomic long fault_at, fault_seen; /* several threads may allocate */
static _Atomic bool fault_persistent;

void emgp_fault_arm(long n, bool persistent)
{
    fault_at = n;
    fault_seen = 0;
    fault_persistent = persistent;
}

long emgp_fault_count(void)
{
    return fault_seen;
}

static bool fault_now(void)
{
    const long seen = ++fault_seen;
    return fault_at > 0 && (seen == fault_at || (fault_persistent && seen > fault_at));
}
#else
static bool fault_now(void)
{
    return false;
}
#endif

bool emgp_multiply(size_t a, size_t b, size_t *out)
{
    return !__builtin_mul_overflow(a, b, out);
}

bool emgp_samples_given(const double *x, size_t n_frames, size_t n_channels)
{
    size_t bytes;
    return emgp_multiply(n_frames, n_channels * sizeof *x, &bytes) && (x || n_frames == 0);
}

emg_status emgp_check_held(const char *what, size_t n, size_t n_channels, emg_error *err)
{
    size_t held;
    if (emgp_multiply(n, n_channels, &held) && held <= EMGP_MOST_HELD)
        return EMG_OK;
    return emgp_fail(err, EMG_ERANGE,
                     "%s holds %zu numbers a channel, for %zu channels more than %d in all; take fewer channels at a "
                     "time or fewer samples",
                     what, n, n_channels, EMGP_MOST_HELD);
}

/* Aligned by hand from malloc() or calloc(), whose address is kept before it: calloc() gives large blocks as fresh pages
 * that cost nothing until they are written, where aligned_alloc() and memset() would take them all. With AddressSanitizer
 * the system's aligned blocks, so that the first byte beyond one is seen. */
#if defined __has_feature
#if __has_feature(address_sanitizer)
#define EXACT_BLOCKS 1
#endif
#endif
#if defined EXACT_BLOCKS || defined __SANITIZE_ADDRESS__
static void *take(size_t bytes, bool zeroed)
{
    if (fault_now() || bytes > SIZE_MAX - ALIGNMENT)
        return NULL;
    const size_t n = bytes > 0 ? (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
    void *p = aligned_alloc(ALIGNMENT, n);
    return p && zeroed ? memset(p, 0, n) : p;
}

void emgp_free(void *p)
{
    free(p);
}
#else
static void *take(size_t bytes, bool zeroed)
{
    const size_t margin = ALIGNMENT + sizeof(void *);
    if (fault_now() || bytes > SIZE_MAX - margin)
        return NULL;
    char *block = zeroed ? calloc(bytes + margin, 1) : malloc(bytes + margin);
    if (!block)
        return NULL;
    char *p = block + margin - ((uintptr_t)block + margin) % ALIGNMENT;
    memcpy(p - sizeof block, &block, sizeof block);
    return p;
}

void emgp_free(void *p)
{
    char *block;
    if (!p)
        return;
    memcpy(&block, (char *)p - sizeof block, sizeof block);
    free(block);
}
#endif

void *emgp_alloc(size_t n, size_t size)
{
    size_t bytes;
    return emgp_multiply(n, size, &bytes) ? take(bytes, true) : NULL;
}

void *emgp_resize(void *array, size_t n_old, size_t n, size_t size)
{
    size_t bytes, old_bytes;
    if (!emgp_multiply(n, size, &bytes) || !emgp_multiply(n_old, size, &old_bytes))
        return NULL;
    void *p = take(bytes, false);
    if (!p)
        return NULL;
    if (array)
        memcpy(p, array, old_bytes < bytes ? old_bytes : bytes);
    emgp_free(array);
    return p;
}

bool emgp_reserve(void **array, size_t *room, size_t used, size_t need, size_t size)
{
    if (need <= *room)
        return true;
    size_t grown = *room < 16 ? 16 : *room + *room / 2;
    if (grown < need)
        grown = need;
    void *p = emgp_resize(*array, used, grown, size);
    if (!p)
        return false;
    *array = p;
    *room = grown;
    return true;
}

char *emgp_copy_text(const char *text, size_t n)
{
    if (n == SIZE_MAX)
        return NULL;
    char *copy = emgp_alloc(n + 1, 1);
    if (copy)
        memcpy(copy, text, n);
    return copy;
}
