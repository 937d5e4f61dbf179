/*
 * model - the invented children that the generator follows: plain data, filled step by step
 * (population.c, followups.c, wellbeing.c), then written (export.c) and counted (expected.c).
 * Nobody in it exists: every person number is a replacement number (day + 60).
 */
#ifndef FREMGANG_TESTS_DATA_MODEL_H
#define FREMGANG_TESTS_DATA_MODEL_H

#include "base/date.h"
#include "data/dice.h"

#include <stdbool.h>

enum {
    SPELLS_MAX = 48,       /* at most one move a quarter for 8 years, and side measures */
    FOLLOWUPS_MAX = 160,   /* 8 years, every 60 days, and short spells */
    MEASUREMENTS_MAX = 24, /* two instruments each half-year for 3 years */
    LINKS_MAX = 3,         /* interventions one follow-up covers */
    CPR_TEXT_BYTES = 12,   /* "DDMMYY-SSSS" and NUL */
    QUARTERS = 12,         /* both demo partnerships ran three years */
};

/** Where a child lives or what it gets, from least to most intrusive (indsatstrappen). */
enum rung {
    RUNG_PREVENTIVE,  /* step 2 */
    RUNG_HOME,        /* step 3 */
    RUNG_NETWORK,     /* step 4 */
    RUNG_FOSTER,      /* step 5 */
    RUNG_INSTITUTION, /* step 6 */
    RUNG_COUNT,
};

enum programme { PROGRAMME_SVERIGE, PROGRAMME_PAKKEN, PROGRAMME_COUNT };

/** What makes a case wrong on purpose. */
enum fault {
    FAULT_NONE,
    FAULT_END_BEFORE_START,     /* an intervention ends before it starts */
    FAULT_UNKNOWN_PARAGRAPH,    /* a paragraph that no law has */
    FAULT_LOST_FOLLOWUP,        /* a follow-up of an intervention that is not there */
    FAULT_SCORE_OUT_OF_RANGE,   /* a score above the instrument's highest */
    FAULT_BAD_PERSON_NUMBER,    /* a person number with month 13 */
    FAULT_PLACEMENT_NO_PLACE,   /* a placement without a type of place */
    FAULT_CLOSED_BEFORE_OPENED, /* a case closed before it was opened */
    FAULT_COUNT,
};

/** One intervention, [start, end). */
struct spell {
    enum rung rung;
    bool is_side;          /* beside the measure that holds the rung */
    bool is_accessory;     /* for the parents: no follow-up is owed */
    const char *paragraph; /* code of the paragraph list */
    const char *place;     /* code of the place list; "" unless placed */
    const char *end_reason;
    date_t decided;
    date_t start;
    date_t end; /* DATE_NONE while running */
};

struct followup {
    date_t held;
    int spells[LINKS_MAX]; /* indices into the child's spells */
    int spell_count;
};

struct measurement {
    const char *instrument;
    const char *informant;
    date_t measured;
    int score;
};

/** One child's case. */
struct child {
    int number; /* 1.. within the municipality: the local ids hold it */
    char cpr[CPR_TEXT_BYTES];
    date_t birth;
    bool is_boy;
    int worker; /* index into the population's workers; -1 unassigned */
    int site;   /* index into the population's sites */
    const char *target_group;
    int acting_municipality; /* 0: the sender */
    date_t opened;
    date_t closed; /* DATE_NONE while open */
    struct {
        date_t from; /* DATE_NONE: not in this programme */
        date_t to;   /* DATE_NONE while running */
    } enrolments[PROGRAMME_COUNT];
    bool is_aftercare; /* 18-22 years: in no indicator of children */
    enum fault fault;
    int moved_quarter; /* last quarter in which it entered, moved or left */
    struct spell spells[SPELLS_MAX];
    int spell_count;
    struct followup followups[FOLLOWUPS_MAX];
    int followup_count;
    struct measurement measurements[MEASUREMENTS_MAX];
    int measurement_count;
};

/** The measure that holds the child's rung on `day`, or NULL. Borrowed. */
const struct spell *child_spell_at(const struct child *child, date_t day);
/** The latest measure that holds a rung; the child has one. Borrowed. */
struct spell *child_last_spell(struct child *child);
/** Whether the case is open and enrolled in the programme on `day`. */
bool child_is_enrolled(const struct child *child, enum programme programme, date_t day);
/** First day of quarter `index` counted from January of `year`; index may be negative. */
date_t quarter_start(int year, int index);
/** The working day on or before `day`. */
date_t workday_before(date_t day);
/** The working day on or after `day`. */
date_t workday_after(date_t day);

#endif
