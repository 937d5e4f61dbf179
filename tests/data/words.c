/* Codes in a case system's own words (see words.h). */
#include "data/words.h"

#include "base/auto.h"

#include <string.h>

static const struct {
    const char *code;
    enum words from;
    const char *word;
} table[] = {
    {"NETWORK", WORDS_PLACES, "Netværkspleje"},
    {"FOSTER_GENERAL", WORDS_PLACES, "Plejefamilie"},
    {"FOSTER_MUNICIPAL", WORDS_PLACES, "Kommunal plejefamilie"},
    {"INSTITUTION", WORDS_PLACES, "Døgninstitution"},
    {"RESIDENTIAL_PLACE", WORDS_PLACES, "Opholdssted"},
    {"INFANT_FAMILY", WORDS_DANISH, "Familier med spædbørn i risiko"},
    {"VULNERABLE_YOUTH", WORDS_DANISH, "Udsatte unge"},
    {"PARENT_MENTAL_ILLNESS", WORDS_DANISH, "Børn i familier med psykisk sygdom"},
    {"COMPLEX_FAMILY", WORDS_DANISH, "Familier med komplekse problemer"},
    {"OTHER", WORDS_DANISH, "Anden målgruppe"},
    {"PLANNED_HOME", WORDS_DANISH, "Planlagt hjemgivelse"},
    {"PLANNED_MOVE", WORDS_DANISH, "Planlagt skift"},
    {"BREAKDOWN", WORDS_DANISH, "Sammenbrud"},
    {"PARENT", WORDS_DANISH, "Forælder"},
    {"CHILD", WORDS_DANISH, "Barnet"},
    {"NONE", WORDS_DANISH, "Nej"},
    {"LONG", WORDS_DANISH, "Ja"},
    {"SEL-11-3", WORDS_DANISH, "SEL § 11, stk. 3"},
    {"SEL-11-4", WORDS_DANISH, "SEL § 11, stk. 4"},
    {"SEL-11-6", WORDS_DANISH, "SEL § 11, stk. 6"},
    {"SEL-52-3-2", WORDS_DANISH, "SEL § 52, stk. 3, nr. 2"},
    {"SEL-52-3-3", WORDS_DANISH, "SEL § 52, stk. 3, nr. 3"},
    {"SEL-52-3-5", WORDS_DANISH, "SEL § 52, stk. 3, nr. 5"},
    {"SEL-52-3-6", WORDS_DANISH, "SEL § 52, stk. 3, nr. 6"},
    {"SEL-52-3-7", WORDS_DANISH, "SEL § 52, stk. 3, nr. 7"},
    {"SEL-52-3-9", WORDS_DANISH, "SEL § 52, stk. 3, nr. 9"},
    {"SEL-54", WORDS_DANISH, "SEL § 54"},
    {"SEL-58", WORDS_DANISH, "SEL § 58"},
};

const char *word_write(enum words words, const char *code)
{
    for (size_t i = 0; i < ARRAY_COUNT(table); i++) {
        if (words >= table[i].from && strcmp(table[i].code, code) == 0) {
            return table[i].word;
        }
    }
    return code;
}
