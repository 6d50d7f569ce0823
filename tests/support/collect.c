/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing text that can be told to fail. */
#include "support/collect.h"

#include <stdlib.h>
#include <string.h>

#include "base/base.h"

emg_status collect(void *context, const char *bytes, size_t n, emg_error *err)
{
    collected *all = context;
    if (all->fail_after > 0 && all->n + n > all->fail_after)
        return emgp_fail(err, EMG_EIO, "the test's disk is full");
    if (all->n + n + 1 > all->room) {
        all->room = 2 * (all->n + n + 1);
        all->text = realloc(all->text, all->room);
        if (!all->text)
            abort();
    }
    memcpy(all->text + all->n, bytes, n);
    all->n += n;
    all->text[all->n] = '\0';
    return EMG_OK;
}

void collected_free(collected *all)
{
    free(all->text);
    *all = (collected){ 0 };
}
