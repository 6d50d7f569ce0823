/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cmocka with what it needs included first. */
#ifndef EMG_TEST_H
#define EMG_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
