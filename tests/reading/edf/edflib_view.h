/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A recording as EDFlib sees it, taken in a child process: on hostile files a foreign library may crash or hang. */
#ifndef TEST_EDFLIB_VIEW_H
#define TEST_EDFLIB_VIEW_H

#include <stddef.h>

#include <edflib.h>

typedef enum edflib_answer {
    EDFLIB_OPENED,
    EDFLIB_REFUSED, /* header.filetype tells why */
    EDFLIB_FELL     /* crashed or took too long */
} edflib_answer;

typedef struct edflib_view {
    edflib_answer answer;
    struct edf_hdr_struct header;
    struct edf_annotation_struct *annotations; /* header.annotations_in_file */
    int *digital[EDFLIB_MAXSIGNALS];           /* header.signalparam[i].smp_in_file each, unless samples_failed */
    int samples_failed;                        /* it could not read a sample that its header promises */
} edflib_view;

/* Fills a zeroed view; free it with edflib_view_free. */
void edflib_look(edflib_view *view, const char *path);
void edflib_view_free(edflib_view *view);

#endif
