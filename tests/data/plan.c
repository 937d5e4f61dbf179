/* The calibrated plan (see plan.h): tables only, README.md holds the sources. */
#include "data/plan.h"

#include "base/auto.h"

/* Sverigesprogrammet: institution 15 of 60 -> 8 of 60 is calibrated on the published
 * 25 % -> 13 % (KORA, final evaluation of Herning's Sverigesprogram); the rest is ours. */
static const int sverige_targets[QUARTERS][RUNG_COUNT] = {
    {40, 92, 10, 35, 15}, {41, 91, 10, 35, 15}, {42, 90, 11, 35, 14}, {44, 88, 12, 35, 13},
    {45, 87, 12, 35, 13}, {46, 86, 13, 35, 12}, {48, 84, 14, 35, 11}, {50, 82, 15, 34, 11},
    {51, 81, 16, 34, 10}, {53, 79, 17, 34, 9},  {54, 78, 18, 33, 9},  {56, 76, 19, 33, 8},
};

static const struct population_plan herning_sverige = {
    .name = "herning sverigesprogrammet",
    .municipality = 657,
    .programme = PROGRAMME_SVERIGE,
    .stream = 1,
    .first_year = 2013,
    .targets = sverige_targets,
    .closings = 13,
    .ups = 6,
    .downs = 8,
    .workers = {{"R657-01", QUARTER_HIRED_BEFORE, 100, 0, 0, false},
                {"R657-02", QUARTER_HIRED_BEFORE, 100, 0, 0, false},
                {"R657-03", QUARTER_HIRED_BEFORE, 100, 0, 0, false},
                {"R657-04", QUARTER_HIRED_BEFORE, 100, 0, 0, false},
                {"R657-05", 1, 100, 0, 0, false},
                {"R657-06", 2, 100, 0, 0, false},
                {"R657-07", 3, 100, 0, 0, false},
                {"R657-08", 4, 100, 0, 0, false}},
    .sites = {"Distrikt 1", "Distrikt 2", "Distrikt 3", "Distrikt 4"},
    .followups = {.on_time_permille = {{800, 820, 830, 840, 840, 840, 850, 850, 840, 850, 850, 850},
                                       {130, 130, 140, 130, 140, 140, 140, 150, 150, 150, 160,
                                        160}},
                  .late_days_low = {95, 154},
                  .late_days_high = {120, 181}},
};

/* Forebyggelsespakken: direction and shape only, each municipality at its own pace. */
#define PAKKEN_LATE .late_days_low = {94, 94}, .late_days_high = {175, 175}

static const struct population_plan haderslev_pakken = {
    .name = "haderslev forebyggelsespakken",
    .municipality = 510,
    .programme = PROGRAMME_PAKKEN,
    .stream = 2,
    .first_year = 2015,
    .first = {26, 57, 8, 22, 17},
    .last = {38, 53, 12, 18, 9},
    .closings = 6,
    .ups = 6,
    .downs = 9,
    .is_measured = true,
    .workers = {{"R510-01", QUARTER_HIRED_BEFORE, 100, 0, 0, false},
                {"R510-02", QUARTER_HIRED_BEFORE, 80, 0, 0, false},
                {"R510-03", QUARTER_HIRED_BEFORE, 100, 0, 0, false},
                {"R510-04", QUARTER_HIRED_BEFORE, 100, 0, 0, false},
                {"R510-05", QUARTER_HIRED_BEFORE, 100, 0, 0, false},
                {"R510-06", 5, 100, 0, 0, false}},
    .sites = {"Afdeling 1", "Afdeling 2"},
    .followups = {.on_time_permille = {{450, 490, 540, 590, 630, 660, 690, 710, 730, 740, 750, 760},
                                       {450, 490, 540, 590, 630, 660, 690, 710, 730, 740, 750,
                                        760}},
                  PAKKEN_LATE},
};

static const struct population_plan hvidovre_pakken = {
    .name = "hvidovre forebyggelsespakken",
    .municipality = 167,
    .programme = PROGRAMME_PAKKEN,
    .stream = 3,
    .first_year = 2015,
    .first = {24, 52, 8, 20, 16},
    .last = {35, 48, 12, 17, 8},
    .closings = 6,
    .ups = 6,
    .downs = 9,
    .is_measured = true,
    .workers = {{"R167-01", QUARTER_HIRED_BEFORE, 100, 0, 0, false},
                {"R167-02", QUARTER_HIRED_BEFORE, 100, 5, 7, false},
                {"R167-03", QUARTER_HIRED_BEFORE, 100, 0, 0, false},
                {"R167-04", QUARTER_HIRED_BEFORE, 75, 0, 0, false},
                {"R167-05", QUARTER_HIRED_BEFORE, 100, 0, 0, false},
                {"R167-06", 3, 100, 0, 0, false}},
    .sites = {"Team A", "Team B"},
    .followups = {.on_time_permille = {{440, 460, 490, 510, 540, 570, 600, 630, 660, 690, 720, 740},
                                       {440, 460, 490, 510, 540, 570, 600, 630, 660, 690, 720,
                                        740}},
                  PAKKEN_LATE},
};

const struct population_plan plan_herning_pakken = {
    .name = "herning forebyggelsespakken",
    .municipality = 657,
    .programme = PROGRAMME_PAKKEN,
    .stream = 4,
    .first_year = 2015,
    .first = {18, 38, 7, 15, 12},
    .last = {26, 36, 9, 12, 7},
    .closings = 4,
    .ups = 6,
    .downs = 8,
    .is_measured = true,
    .workers = {{"R657-09", QUARTER_HIRED_BEFORE, 100, 0, 0, false},
                {"R657-10", QUARTER_HIRED_BEFORE, 100, 0, 0, false},
                {"R657-11", QUARTER_HIRED_BEFORE, 100, 0, 0, false},
                {"R657-12", 4, 100, 0, 0, false},
                {"R657-07", 4, 100, 0, 0, true},
                {"R657-08", 4, 100, 0, 0, true}},
    .sites = {"Distrikt 5", "Distrikt 6"},
    /* Until 2016 a third of the children here follow Sverigesprogrammet's clock (specials.c): the
     * others make up for its preventive measures, so that the municipality as a whole rises. */
    .followups = {.on_time_permille = {{480, 520, 560, 600, 540, 570, 610, 650, 680, 710, 740, 760},
                                       {480, 520, 560, 600, 540, 570, 610, 650, 680, 710, 740,
                                        760}},
                  PAKKEN_LATE},
};

const struct municipality_plan plan_municipalities[] = {
    {.code = 657,
     .folder = "herning",
     .dialect = {';', ',', true, false, false, "\r\n", '-', WORDS_DANISH},
     .populations = {&herning_sverige, &plan_herning_pakken},
     .faulty_cases = 7},
    {.code = 510,
     .folder = "haderslev",
     .dialect = {';', ',', false, true, true, "\n", '.', WORDS_PLACES},
     .populations = {&haderslev_pakken},
     .faulty_cases = 5,
     .aftercare_cases = 4},
    {.code = 167,
     .folder = "hvidovre",
     .dialect = {'\t', '.', false, false, false, "\n", 0, WORDS_CODES},
     .populations = {&hvidovre_pakken},
     .faulty_cases = 6,
     .elsewhere_cases = 2},
};
const size_t plan_municipality_count = ARRAY_COUNT(plan_municipalities);

static const struct {
    const char *slug;
    int first_year;
} programmes[PROGRAMME_COUNT] = {
    [PROGRAMME_SVERIGE] = {"sverigesprogrammet", 2013},
    [PROGRAMME_PAKKEN] = {"forebyggelsespakken", 2015},
};

const char *programme_slug(enum programme programme)
{
    return programmes[programme].slug;
}

date_t programme_first_day(enum programme programme)
{
    return quarter_start(programmes[programme].first_year, 0);
}

date_t programme_end_day(enum programme programme)
{
    return quarter_start(programmes[programme].first_year, QUARTERS);
}

date_t plan_extract_day(void)
{
    return date_from_parts((struct date_parts){2018, 1, 15});
}

static int quarter_clamp(int quarter)
{
    return quarter < 0 ? 0 : quarter >= QUARTERS ? QUARTERS - 1 : quarter;
}

void plan_targets(const struct population_plan *plan, int quarter, int out[RUNG_COUNT])
{
    int q = quarter_clamp(quarter);
    if (plan->targets != NULL) {
        for (int rung = 0; rung < RUNG_COUNT; rung++) {
            out[rung] = plan->targets[q][rung];
        }
        return;
    }
    int rest = 0;
    for (int rung = 0; rung < RUNG_COUNT; rung++) {
        rest += plan->first[rung];
    }
    for (int rung = RUNG_COUNT - 1; rung > 0; rung--) {
        int span = QUARTERS - 1;
        // Rounded to nearest; the preventive rung takes the rest, so the total stays.
        out[rung] =
            (2 * (plan->first[rung] * (span - q) + plan->last[rung] * q) + span) / (2 * span);
        rest -= out[rung];
    }
    out[RUNG_PREVENTIVE] = rest;
}

int plan_quarter_of(const struct population_plan *plan, date_t day)
{
    struct date_parts parts = date_to_parts(day);
    return (parts.year - plan->first_year) * 4 + (parts.month - 1) / 3;
}
