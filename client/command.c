/* command - see command.h. */
#include "command.h"

#include "base/auto.h"

#include <assert.h>
#include <string.h>

enum {
    VERB_BYTES_MAX = 32,     /* longest word compared; ours are at most 12 */
    NEAREST_DISTANCE_MAX = 2 /* two slips of the finger; more is another word */
};

#define OPTION(name, value, text) {name, value, text},
#define COMMAND(verb, summary, usage, words, help, options)                                        \
    static const struct command_option verb##_options[] = {options{NULL, NULL, NULL}};
#include "command_table.def"
#undef COMMAND
#undef OPTION

#define COMMAND(verb, summary, usage, words, help, options)                                        \
    {#verb, cmd_##verb, summary, usage, words, help, verb##_options},
static const struct command COMMANDS[] = {
#include "command_table.def"
};
#undef COMMAND

static const struct command_option GLOBAL_OPTIONS[] = {
    {"help", NULL, "Show help and end; also -h"},
    {"version", NULL, "Show the version and end"},
    {"format", "FORMAT", "How data are printed: table (default), csv or json"},
    {"lang", "LANGUAGE", "da or en; default from the environment"},
    {"profile", "NAME", "Whose keys and servers to use; default FREMGANG_PROFILE or \"default\""},
    {NULL, NULL, NULL},
};

size_t command_count(void)
{
    return ARRAY_COUNT(COMMANDS);
}

const struct command *command_at(size_t index)
{
    assert(index < ARRAY_COUNT(COMMANDS));
    return &COMMANDS[index];
}

const struct command *command_find(const char *verb)
{
    for (size_t i = 0; i < ARRAY_COUNT(COMMANDS); i++) {
        if (strcmp(COMMANDS[i].verb, verb) == 0) {
            return &COMMANDS[i];
        }
    }
    return NULL;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* Levenshtein distance of two words of at most VERB_BYTES_MAX bytes. */
static size_t word_distance(const char *a, const char *b)
{
    size_t row[VERB_BYTES_MAX + 1];
    size_t b_len = strlen(b);
    for (size_t j = 0; j <= b_len; j++) {
        row[j] = j;
    }
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_len; j++) {
            size_t above = row[j];
            size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = smallest(above + 1, row[j - 1] + 1, replaced);
            diagonal = above;
        }
    }
    return row[b_len];
}

const struct command *command_nearest(const char *verb)
{
    const struct command *nearest = NULL;
    size_t least = NEAREST_DISTANCE_MAX + 1;
    if (strlen(verb) > VERB_BYTES_MAX) {
        return NULL;
    }
    for (size_t i = 0; i < ARRAY_COUNT(COMMANDS); i++) {
        size_t distance = word_distance(verb, COMMANDS[i].verb);
        if (distance < least && distance < strlen(verb)) {
            least = distance;
            nearest = &COMMANDS[i];
        }
    }
    return nearest;
}

const struct command_option *command_global_options(void)
{
    return GLOBAL_OPTIONS;
}
