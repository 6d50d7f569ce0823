/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seeds, scenarios and fingerprint of the ground. Whoever changes a number of it changes the fingerprint. */
#include "ground/script.h"

/* Distinct for every record of every cell; splits lie a billion apart. */
static uint64_t seed_of(exam_split split, const exam_cell *cell, size_t record)
{
    static const uint64_t first[EXAM_N_SPLITS] = { 1000000000, 2000000000, 9000000000, 11000000000 };
    uint64_t hash = UINT64_C(14695981039346656037);
    for (const char *c = cell->name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    return first[split] + hash % 9999991 * 100 + record;
}

void exam_scenario(exam_split split, const exam_cell *cell, size_t record, char out[EXAM_SCENARIO_ROOM], uint64_t *seed)
{
    static void (*const write[EXAM_N_PARTS])(exam_script *, const exam_cell *) = { exam_write_detection,
                                                                                   exam_write_rhythm, exam_write_quiet,
                                                                                   exam_write_rows };
    exam_script s = { .text = out, .split = split };
    out[0] = '\0';
    s.state = *seed = seed_of(split, cell, record);
    write[cell->part](&s, cell);
}

uint64_t exam_fingerprint(exam_split split)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (int part = 0; part < EXAM_N_PARTS; part++) {
        exam_cell cell;
        for (size_t i = 0; exam_cell_at((exam_part)part, i, &cell); i++) {
            for (size_t record = 0; record < exam_records(&cell); record++) {
                char text[EXAM_SCENARIO_ROOM];
                uint64_t seed;
                exam_scenario(split, &cell, record, text, &seed);
                for (const char *c = text; *c; c++)
                    hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
                hash = (hash ^ seed) * UINT64_C(1099511628211);
            }
        }
    }
    return hash;
}
