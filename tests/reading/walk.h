/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The EDF and BDF files below a folder. */
#ifndef TEST_WALK_H
#define TEST_WALK_H

/* Calls `each` with every regular file named .edf or .bdf, in either case, in the order of names. A folder that is not there
 * has none. */
void walk(const char *folder, void (*each)(const char *path, void *context), void *context);

#endif
