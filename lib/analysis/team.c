/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work on several items at once, by the caller's thread and others that wait for it. */
#include "analysis/analysis.h"

#include <pthread.h>

#include "base/base.h"

/* One call of emgp_team_do(). */
typedef struct errand {
    emgp_team_work *work;
    void *context;
    size_t n_items, next; /* next: item that nobody has taken */
    size_t n_running;     /* items that somebody is at */
    size_t failed;        /* the first item that failed; n_items: none */
    emg_status status;    /* its */
    emg_error error;
} errand;

typedef struct member {
    emgp_team *team;
    size_t number;
    pthread_t thread;
} member;

struct emgp_team {
    size_t n; /* members, the caller's thread among them as number 0 */
    member *members;
    pthread_mutex_t lock; /* guards all below it */
    pthread_cond_t begun, ended;
    errand errand;
    uint64_t number; /* of the errand */
    bool over;
};

/* Takes items until none is left, or one has failed; with the lock held on both sides. */
static void take_part(emgp_team *t, size_t number)
{
    errand *e = &t->errand;
    while (e->failed == e->n_items && e->next < e->n_items) {
        const size_t item = e->next++;
        emg_error err = EMG_ERROR_NONE;
        e->n_running++;
        pthread_mutex_unlock(&t->lock);
        const emg_status status = e->work(e->context, item, number, &err);
        pthread_mutex_lock(&t->lock);
        if (--e->n_running == 0)
            (void)pthread_cond_signal(&t->ended);
        if (!status || item > e->failed)
            continue;
        e->failed = item;
        e->status = status;
        e->error = err;
    }
}

static void *wait_for_errands(void *context)
{
    member *m = context;
    emgp_team *t = m->team;
    uint64_t done = 0;
    pthread_mutex_lock(&t->lock);
    for (;;) {
        while (!t->over && t->number == done)
            pthread_cond_wait(&t->begun, &t->lock);
        if (t->over)
            break;
        done = t->number;
        take_part(t, m->number);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

static bool make_signals(emgp_team *t)
{
    if (pthread_mutex_init(&t->lock, NULL) != 0)
        return false;
    if (pthread_cond_init(&t->begun, NULL) == 0) {
        if (pthread_cond_init(&t->ended, NULL) == 0)
            return true;
        (void)pthread_cond_destroy(&t->begun);
    }
    (void)pthread_mutex_destroy(&t->lock);
    return false;
}

emg_status emgp_team_new(emgp_team **out, size_t n, emg_error *err)
{
    *out = NULL;
    emgp_team *t = emgp_alloc(1, sizeof *t);
    member *members = t ? emgp_alloc(n, sizeof *members) : NULL;
    if (!members || !make_signals(t)) {
        emgp_free(members);
        emgp_free(t);
        return emgp_fail_memory(err);
    }
    t->members = members;
    for (t->n = 1; t->n < n; t->n++) {
        members[t->n] = (member){ .team = t, .number = t->n };
        if (pthread_create(&members[t->n].thread, NULL, wait_for_errands, &members[t->n]) != 0)
            break; /* those that are do all */
    }
    *out = t;
    return EMG_OK;
}

void emgp_team_free(emgp_team *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    t->over = true;
    pthread_cond_broadcast(&t->begun);
    pthread_mutex_unlock(&t->lock);
    for (size_t i = 1; i < t->n; i++)
        (void)pthread_join(t->members[i].thread, NULL);
    (void)pthread_cond_destroy(&t->begun);
    (void)pthread_cond_destroy(&t->ended);
    (void)pthread_mutex_destroy(&t->lock);
    emgp_free(t->members);
    emgp_free(t);
}

size_t emgp_team_size(const emgp_team *t)
{
    return t ? t->n : 1;
}

static emg_status do_alone(size_t n_items, emgp_team_work *work, void *context, emg_error *err)
{
    emg_status status = EMG_OK;
    for (size_t i = 0; status == EMG_OK && i < n_items; i++)
        status = work(context, i, 0, err);
    return status;
}

emg_status emgp_team_do(emgp_team *t, size_t n_items, emgp_team_work *work, void *context, emg_error *err)
{
    if (emgp_team_size(t) == 1 || n_items < 2)
        return do_alone(n_items, work, context, err);
    pthread_mutex_lock(&t->lock);
    t->errand = (errand){ .work = work, .context = context, .n_items = n_items, .failed = n_items };
    t->number++;
    pthread_cond_broadcast(&t->begun);
    take_part(t, 0);
    while (t->errand.n_running > 0)
        pthread_cond_wait(&t->ended, &t->lock);
    const errand done = t->errand;
    pthread_mutex_unlock(&t->lock);
    if (done.status && err && err->status == EMG_OK)
        *err = done.error;
    return done.status;
}
