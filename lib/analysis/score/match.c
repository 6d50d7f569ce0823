/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The best chain of pairs: every possible pair once, the best end of a chain before it from a tree of prefix maxima. */
#include "analysis/score/score.h"

#include <string.h>

#include "base/base.h"

/*  A matching in order is a chain of pairs (i, j) that grows in both. Pairs are met by ascending i and, within one i, by
 *  descending j, so that what the tree holds below j is of smaller i. tree[k] is the best link that ends at any j of the
 *  k & -k ones before and with k (Fenwick 1994).                                                                       */

enum { NO_LINK = 0 };

/* The last pair of a chain, and what the chain is worth; link 0 is the empty chain. */
typedef struct link {
    size_t i, j, pairs;
    double distance;
    size_t before;
} link;

typedef struct chains {
    link *links;
    size_t n, room;
    size_t *tree; /* 1 to n_tree */
    size_t n_tree;
} chains;

static bool better(const link *a, const link *b)
{
    return a->pairs > b->pairs || (a->pairs == b->pairs && a->distance < b->distance);
}

/* The best link whose j is one of the first n. */
static size_t best_of_first(const chains *c, size_t n)
{
    size_t best = NO_LINK;
    for (size_t k = n; k > 0; k &= k - 1)
        if (better(&c->links[c->tree[k]], &c->links[best]))
            best = c->tree[k];
    return best;
}

/* Adds a pair behind the best chain that it can follow, unless a chain that ends no later is as good. */
static bool add_link(chains *c, size_t i, size_t j, double distance)
{
    size_t before = best_of_first(c, j);
    link now = { i, j, c->links[before].pairs + 1, c->links[before].distance + distance, before };
    if (!better(&now, &c->links[best_of_first(c, j + 1)]))
        return true;
    if (!emgp_reserve((void **)&c->links, &c->room, c->n, c->n + 1, sizeof *c->links))
        return false;
    c->links[c->n] = now;
    for (size_t k = j + 1; k <= c->n_tree; k += k & (~k + 1))
        if (better(&now, &c->links[c->tree[k]]))
            c->tree[k] = c->n;
    c->n++;
    return true;
}

static bool start(chains *c, size_t n, const emgp_match_range *range)
{
    for (size_t i = 0; i < n; i++)
        c->n_tree = range[i].to > c->n_tree ? range[i].to : c->n_tree;
    c->tree = emgp_alloc(c->n_tree + 1, sizeof *c->tree);
    if (!c->tree || !emgp_reserve((void **)&c->links, &c->room, 0, 1, sizeof *c->links))
        return false;
    memset(c->tree, 0, (c->n_tree + 1) * sizeof *c->tree);
    c->links[c->n++] = (link){ 0, 0, 0, 0, NO_LINK };
    return true;
}

emg_status emgp_match(size_t n, const emgp_match_range *range, emgp_match_pair *pair, const void *context,
                      ptrdiff_t *partner, emg_error *err)
{
    chains c = { 0 };
    bool ready = start(&c, n, range);
    for (size_t i = 0; ready && i < n; i++) {
        double distance;
        partner[i] = EMGP_UNMATCHED;
        for (size_t j = range[i].to; ready && j-- > range[i].from;)
            if (pair(context, i, j, &distance))
                ready = add_link(&c, i, j, distance);
    }
    for (size_t at = ready ? best_of_first(&c, c.n_tree) : NO_LINK; at != NO_LINK; at = c.links[at].before)
        partner[c.links[at].i] = (ptrdiff_t)c.links[at].j;
    emgp_free(c.links);
    emgp_free(c.tree);
    return ready ? EMG_OK : emgp_fail_memory(err);
}
