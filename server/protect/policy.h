/*
 * policy - the numbers of the protection, as an agreement sets them. Plain data; publish
 * fills it, the engine reads it, the manifest names it.
 *
 *     struct policy policy = POLICY_DEFAULT;
 *     policy.threshold = 10;
 */
#ifndef FREMGANG_PROTECT_POLICY_H
#define FREMGANG_PROTECT_POLICY_H

#include <stdint.h>

struct policy {
    uint32_t threshold; /* fewest distinct subjects of a shown cell that is not zero */
    int64_t width;      /* narrowest interval, in whole units, that a hidden cell may leave */

    /* over municipalities, for the pooled audience */
    uint32_t contributors_min;      /* members that contribute to a shown cell */
    uint32_t rest_contributors_min; /* the same, without any one member */
    uint32_t rest_subjects_min;     /* subjects left without any one member */
    uint32_t dominance_n;           /* the n largest members ... */
    uint32_t dominance_percent;     /* ... may hold at most this share of a cell */
    uint32_t p_percent; /* the largest member must stay unknown by this share to the second */
};

/* Thresholds 5: the partnership programmes' agreements; dominance and p% are the usual
 * (n,k) and p% rules of Hundepool et al., Statistical Disclosure Control (2012), ch. 4. */
#define POLICY_DEFAULT                                                                             \
    {                                                                                              \
        .threshold = 5, .width = 5, .contributors_min = 3, .rest_contributors_min = 2,             \
        .rest_subjects_min = 5, .dominance_n = 1, .dominance_percent = 85, .p_percent = 10         \
    }

#endif
