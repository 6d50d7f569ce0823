/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checked allocation: the only place in the library that asks the system for memory. */
#ifndef EMGP_MEMORY_H
#define EMGP_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/* n zeroed elements of `size` bytes, aligned to 64 bytes; NULL when n * size overflows or memory is out. n = 0 gives
 * a pointer that may be freed. */
void *emgp_alloc(size_t n, size_t size);

/* Grows or shrinks an array to n elements, new bytes undefined. NULL on failure: the old array is untouched. */
void *emgp_resize(void *array, size_t n_old, size_t n, size_t size);

/* Makes room for `need` elements in *array with geometric growth. False on failure: all is as it was. */
bool emgp_reserve(void **array, size_t *room, size_t used, size_t need, size_t size);

/* A copy of n bytes and a final NUL. */
char *emgp_copy_text(const char *text, size_t n);

/* Frees what these gave; NULL is allowed. */
void emgp_free(void *p);

/* *out = a * b; false on overflow. */
bool emgp_multiply(size_t a, size_t b, size_t *out);

#ifdef EMGP_FAULTS
/* Test builds only: let the n-th allocation from now fail (1 = the next), and all after it when `persistent`;
 * n = 0 switches it off. */
void emgp_fault_arm(long n, bool persistent);
/* How many allocations were asked for since the last arming. */
long emgp_fault_count(void);
#endif

#endif
