/* The measuring process (see wellbeing.h). */
#include "data/wellbeing.h"

enum { TAKES_PART_PERMILLE = 800, HALF_YEAR_DAYS_LOW = 170, HALF_YEAR_DAYS_HIGH = 190 };

struct instrument {
    const char *code;
    const char *informant;
    int age_first;
    int age_last;
    int max;
    int step; /* scores are multiples of it */
    int baseline_mean;
    int baseline_sd;
    int drift_tenths; /* a half-year, in tenths of a point */
    int noise_sd;
};

/* Baselines: SDQ where the UK "high" band begins (17), WHO-5 below the cut-off for poor
 * well-being (50; the Danish mean is 68). Drift and noise are calibration. */
static const struct instrument instruments[] = {
    {"SDQ_TOTAL", "PARENT", 4, 17, 40, 1, 18, 5, -10, 4},
    {"WHO5", "CHILD", 9, 17, 100, 4, 46, 14, 36, 11},
};

static int score_clip(const struct instrument *instrument, int score)
{
    int clipped = score < 0 ? 0 : score > instrument->max ? instrument->max : score;
    return clipped / instrument->step * instrument->step;
}

static void child_measure(struct population *population, struct child *child, date_t from,
                          const struct instrument *instrument)
{
    struct dice *dice = &population->dice;
    date_t end = child->enrolments[PROGRAMME_PAKKEN].to;
    int level = dice_bell(dice, instrument->baseline_mean, instrument->baseline_sd);
    date_t day = workday_after(from + dice_below(dice, 20));
    for (int n = 0; day < end && day < plan_extract_day(); n++) {
        int age = date_age_years(child->birth, day);
        if (age > instrument->age_last || child->measurement_count == MEASUREMENTS_MAX) {
            return;
        }
        int score =
            dice_bell(dice, level + n * instrument->drift_tenths / 10, instrument->noise_sd);
        if (age >= instrument->age_first) {
            child->measurements[child->measurement_count++] = (struct measurement){
                .instrument = instrument->code,
                .informant = instrument->informant,
                .measured = day,
                .score = score_clip(instrument, score),
            };
        }
        day = workday_after(day + dice_between(dice, HALF_YEAR_DAYS_LOW, HALF_YEAR_DAYS_HIGH));
    }
}

void wellbeing_measure(struct population *population)
{
    for (int i = 0; i < population->count; i++) {
        struct child *child = &population->children[i];
        date_t from = child->enrolments[PROGRAMME_PAKKEN].from;
        if (from == DATE_NONE || !dice_chance(&population->dice, TAKES_PART_PERMILLE)) {
            continue;
        }
        for (size_t k = 0; k < ARRAY_COUNT(instruments); k++) {
            child_measure(population, child, from, &instruments[k]);
        }
    }
}
