/* cli - see cli.h. Parses with getopt_long, which mingw-w64 has too. */
#include "cli.h"

#include "base/auto.h"
#include "command.h"

#include <assert.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    GETOPT_HELP = 'h',
    GETOPT_FIRST = 256, /* long options are GETOPT_FIRST + their place */
    GETOPT_ROWS_MAX = 48,
};

/* The getopt_long rows of a run: the global options, then the verb's. */
struct parser {
    struct option rows[GETOPT_ROWS_MAX];
    const struct command_option *options[GETOPT_ROWS_MAX];
    size_t count;
    size_t global_count;
};

/* What a step of the parse decided. */
enum parse_step { PARSE_GO_ON, PARSE_DONE, PARSE_WRONG };

static bool text_is_set(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static enum cli_lang language_of_environment(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        const char *value = getenv(names[i]);
        if (text_is_set(value)) {
            return strncmp(value, "da", 2) == 0 ? CLI_LANG_DA : CLI_LANG_EN;
        }
    }
    return CLI_LANG_EN;
}

void cli_init(struct cli *cli, FILE *out, FILE *talk)
{
    const char *profile = getenv("FREMGANG_PROFILE");
    *cli = (struct cli){
        .format = CLI_FORMAT_TABLE,
        .lang = language_of_environment(),
        .profile = text_is_set(profile) ? profile : "default",
        .color = !text_is_set(getenv("NO_COLOR")) && isatty(fileno(talk)),
        .out = out,
        .talk = talk,
    };
}

static void parser_add(struct parser *parser, const struct command_option *options)
{
    for (; options->name != NULL; options++) {
        assert(parser->count + 1 < GETOPT_ROWS_MAX);
        parser->options[parser->count] = options;
        parser->rows[parser->count] = (struct option){
            .name = options->name,
            .has_arg = options->value != NULL ? required_argument : no_argument,
            .val = GETOPT_FIRST + (int)parser->count,
        };
        parser->count++;
    }
}

static void parser_init(struct parser *parser, const struct command *command)
{
    *parser = (struct parser){.count = 0};
    parser_add(parser, command_global_options());
    parser->global_count = parser->count;
    if (command != NULL) {
        parser_add(parser, command->options);
    }
    optind = 0; // the value that makes getopt start afresh
    opterr = 0;
}

static enum parse_step set_format(struct cli *cli, const char *value)
{
    static const char *const names[] = {"table", "csv", "json"};
    for (size_t i = 0; i < ARRAY_COUNT(names); i++) {
        if (strcmp(value, names[i]) == 0) {
            cli->format = (enum cli_format)i;
            return PARSE_GO_ON;
        }
    }
    (void)cli_usage(cli, "--format must be table, csv or json, not \"%s\"", value);
    return PARSE_WRONG;
}

static enum parse_step set_language(struct cli *cli, const char *value)
{
    if (strcmp(value, "da") != 0 && strcmp(value, "en") != 0) {
        (void)cli_usage(cli, "--lang must be da or en, not \"%s\"", value);
        return PARSE_WRONG;
    }
    cli->lang = value[0] == 'd' ? CLI_LANG_DA : CLI_LANG_EN;
    return PARSE_GO_ON;
}

static void print_help(const struct cli *cli)
{
    if (cli->command != NULL) {
        command_print_help(cli->command, cli->out);
    } else {
        command_print_overview(cli->out);
    }
}

static enum parse_step take_global(struct cli *cli, const char *name, const char *value)
{
    if (strcmp(name, "help") == 0) {
        print_help(cli);
        return PARSE_DONE;
    }
    if (strcmp(name, "version") == 0) {
        fputs("fremgang " FREMGANG_VERSION "\n", cli->out);
        return PARSE_DONE;
    }
    if (strcmp(name, "format") == 0) {
        return set_format(cli, value);
    }
    if (strcmp(name, "lang") == 0) {
        return set_language(cli, value);
    }
    assert(strcmp(name, "profile") == 0);
    cli->profile = value;
    return PARSE_GO_ON;
}

static enum parse_step take_own(struct cli *cli, const char *name, const char *value)
{
    if (cli->value_count == CLI_OPTIONS_MAX) {
        (void)cli_usage(cli, "more than %d options", CLI_OPTIONS_MAX);
        return PARSE_WRONG;
    }
    cli->values[cli->value_count++] = (struct cli_value){name, value != NULL ? value : ""};
    return PARSE_GO_ON;
}

static enum parse_step take(struct cli *cli, const struct parser *parser, int found, char **argv)
{
    if (found == GETOPT_HELP) {
        print_help(cli);
        return PARSE_DONE;
    }
    if (found == ':') {
        (void)cli_usage(cli, "option \"%s\" needs a value", argv[optind - 1]);
        return PARSE_WRONG;
    }
    if (found < GETOPT_FIRST) {
        (void)cli_usage(cli, "unrecognized option \"%s\"", argv[optind - 1]);
        return PARSE_WRONG;
    }
    size_t place = (size_t)(found - GETOPT_FIRST);
    const char *name = parser->options[place]->name;
    return place < parser->global_count ? take_global(cli, name, optarg)
                                        : take_own(cli, name, optarg);
}

/* With "+" getopt stops at the first word, the verb; without, options may follow words. */
static enum parse_step parse(struct cli *cli, const char *short_options, int argc, char **argv)
{
    struct parser parser;
    enum parse_step step = PARSE_GO_ON;
    parser_init(&parser, cli->command);
    while (step == PARSE_GO_ON) {
        int found = getopt_long(argc, argv, short_options, parser.rows, NULL);
        if (found == -1) {
            break;
        }
        step = take(cli, &parser, found, argv);
    }
    return step;
}

static int fail_verb(const struct cli *cli, const char *verb)
{
    const struct command *nearest = command_nearest(verb);
    fprintf(cli->talk, "fremgang: unrecognized verb \"%s\"\n", verb);
    if (nearest != NULL) {
        fprintf(cli->talk, "Did you mean \"%s\"?\n", nearest->verb);
    } else {
        fputs("`fremgang --help` lists the verbs.\n", cli->talk);
    }
    return CLI_EXIT_USAGE;
}

static int run_verb(struct cli *cli, int argc, char **argv)
{
    cli->command = command_find(argv[0]);
    if (cli->command == NULL) {
        return fail_verb(cli, argv[0]);
    }
    enum parse_step step = parse(cli, ":h", argc, argv);
    if (step != PARSE_GO_ON) {
        return step == PARSE_DONE ? CLI_EXIT_OK : CLI_EXIT_USAGE;
    }
    argv[optind - 1] = argv[0];
    return cli->command->run(cli, argc - optind + 1, argv + optind - 1);
}

int cli_run(struct cli *cli, int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--help-man") == 0) {
        command_print_man(cli->out);
        return CLI_EXIT_OK;
    }
    enum parse_step step = parse(cli, "+:h", argc, argv);
    if (step != PARSE_GO_ON) {
        return step == PARSE_DONE ? CLI_EXIT_OK : CLI_EXIT_USAGE;
    }
    if (optind >= argc) {
        command_print_overview(cli->talk);
        return CLI_EXIT_USAGE;
    }
    return run_verb(cli, argc - optind, argv + optind);
}

const char *cli_option_at(const struct cli *cli, const char *name, size_t index)
{
    for (size_t i = 0; i < cli->value_count; i++) {
        if (strcmp(cli->values[i].name, name) == 0 && index-- == 0) {
            return cli->values[i].value;
        }
    }
    return NULL;
}

size_t cli_option_count(const struct cli *cli, const char *name)
{
    size_t count = 0;
    while (cli_option_at(cli, name, count) != NULL) {
        count++;
    }
    return count;
}

const char *cli_option(const struct cli *cli, const char *name)
{
    size_t count = cli_option_count(cli, name);
    return count == 0 ? NULL : cli_option_at(cli, name, count - 1);
}

enum cli_exit cli_exit_of(enum err_code code)
{
    switch (code) {
    case ERR_OK:
        return CLI_EXIT_OK;
    case ERR_UNAVAILABLE:
    case ERR_TIMEOUT:
        return CLI_EXIT_UNAVAILABLE;
    default:
        return CLI_EXIT_FAILED;
    }
}

int cli_fail(const struct cli *cli, const struct err *err)
{
    const char *red = cli->color ? "\033[31m" : "";
    const char *plain = cli->color ? "\033[0m" : "";
    fprintf(cli->talk, "fremgang: %s%s%s\n", red, err->message, plain);
    if (err->detail[0] != '\0') {
        fprintf(cli->talk, "  %s\n", err->detail);
    }
    if (err->hint[0] != '\0') {
        fprintf(cli->talk, "%s\n", err->hint);
    }
    return (int)cli_exit_of(err->code);
}

int cli_usage(const struct cli *cli, const char *format, ...)
{
    va_list args;
    fputs("fremgang", cli->talk);
    if (cli->command != NULL) {
        fprintf(cli->talk, " %s", cli->command->verb);
    }
    fputs(": ", cli->talk);
    va_start(args, format);
    vfprintf(cli->talk, format, args);
    va_end(args);
    fprintf(cli->talk, "\n`fremgang%s%s --help` tells how to use it.\n",
            cli->command != NULL ? " " : "", cli->command != NULL ? cli->command->verb : "");
    return CLI_EXIT_USAGE;
}

void cli_say(const struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(cli->talk, format, args);
    va_end(args);
    fputc('\n', cli->talk);
}

const char *cli_text(const struct cli *cli, const char *english, const char *danish)
{
    return cli->lang == CLI_LANG_DA ? danish : english;
}
