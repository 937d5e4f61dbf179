/* command - see command.h. */
#include "command.h"

#include "base/auto.h"
#include "base/nearest.h"

#include <assert.h>
#include <string.h>

enum { NEAREST_EDITS_MAX = 2 /* two slips of the finger; more is another word */ };

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

const struct command *command_nearest(const char *verb)
{
    const struct command *nearest = NULL;
    size_t least = NEAREST_EDITS_MAX + 1;
    for (size_t i = 0; i < ARRAY_COUNT(COMMANDS); i++) {
        size_t edits = nearest_edits(verb, COMMANDS[i].verb);
        if (edits < least && edits < strlen(verb)) {
            least = edits;
            nearest = &COMMANDS[i];
        }
    }
    return nearest;
}

const struct command_option *command_global_options(void)
{
    return GLOBAL_OPTIONS;
}
