/*
 * attack - what one viewer of a release can work out about its hidden cells. The viewer
 * knows every published cell, and, if it is a member, its own joint cells; the unknowns are
 * the other joint cells, which are not negative.
 *
 *     AUTO(attack_free) struct attack *attack = NULL;
 *     attack_new(&spec, &attack, err);
 *     attack_widen(attack, cell, 5, &wide, err);
 *     if (!wide) { ... attack_lever(attack, i) ... }       // cells to withhold as well
 *
 * A cell counts as wide only when two populations are in hand that both agree with
 * everything published and whose numbers for that cell enclose `width` whole steps. They are
 * added up anew outside the solver: a solver that errs can make us withhold too much, not
 * too little.
 */
#ifndef FREMGANG_PROTECT_ATTACK_H
#define FREMGANG_PROTECT_ATTACK_H

#include "protect/population.h"

struct attack;

struct attack_spec {
    const struct block *block; /* sealed; borrowed as long as the attack lives */
    size_t viewer;             /* a member, or VIEWER_OUTSIDER */
    size_t quantity;
    struct population *population; /* of that quantity; borrowed, maybe shared */
    const bool *hidden;            /* per planned cell; read by attack_new only */
    double rise_max; /* steps a joint cell may rise; 0: 100 units, which can only hide room */
};

/** Gives the attack of one viewer on one quantity. ERR_INTERNAL. */
NODISCARD enum err_code attack_new(const struct attack_spec *spec, struct attack **out,
                                   struct err *err);
/** Wipes and takes. NULL ok. */
void attack_free(struct attack *attack);
DEFINE_AUTO(struct attack, attack_free);

/** From now on the cell is hidden; what was found wide stays wide. */
void attack_hide(struct attack *attack, size_t cell);
/** Whether the quantity is in the cell and some of it is unknown to the viewer. */
bool attack_concerns(const struct attack *attack, size_t cell);

/** Tries to move all hidden cells at once by `width` units; a head start for attack_widen.
 * ERR_INTERNAL when a linear program fails. */
NODISCARD enum err_code attack_explore(struct attack *attack, int64_t width, struct err *err);
/** Tries to show that the hidden cell may hold two numbers `width` units apart. `*wide` is
 * false when no two were found; the levers then tell which published cells narrow it.
 * ERR_INTERNAL when a linear program fails. */
NODISCARD enum err_code attack_widen(struct attack *attack, size_t cell, int64_t width, bool *wide,
                                     struct err *err);
/** Whether `cell` is published and bore on an optimum of the last attack_widen. */
bool attack_is_lever(const struct attack *attack, size_t cell);

/** How far the linear program can move a cell from its true number, in raw values; low <= 0 <=
 * high. ERR_INTERNAL. */
struct attack_interval {
    double low;
    double high;
};
NODISCARD enum err_code attack_bounds(struct attack *attack, size_t cell,
                                      struct attack_interval *out, struct err *err);

/** Linear programs solved so far. */
size_t attack_solve_count(const struct attack *attack);

#endif
