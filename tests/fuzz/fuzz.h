/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one function of a fuzz target. */
#ifndef EMG_FUZZ_H
#define EMG_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#endif
