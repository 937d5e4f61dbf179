/* command_help - the texts made from the command table: help, man page, completion. */
#include "command.h"

enum { OPTION_COLUMN = 26 };

static void print_option(const struct command_option *option, FILE *out)
{
    int width = fprintf(out, "  --%s%s%s", option->name, option->value != NULL ? " " : "",
                        option->value != NULL ? option->value : "");
    fprintf(out, "%*s%s\n", width < OPTION_COLUMN ? OPTION_COLUMN - width : 2, "", option->text);
}

static void print_options(const struct command_option *options, FILE *out)
{
    for (; options->name != NULL; options++) {
        print_option(options, out);
    }
}

void command_print_overview(FILE *out)
{
    fputs("Usage: fremgang VERB [WORDS] [OPTIONS]\n\n"
          "Sends a municipality's cases, protected by pseudonyms, and reads shared figures.\n\n"
          "Verbs:\n",
          out);
    for (size_t i = 0; i < command_count(); i++) {
        const struct command *command = command_at(i);
        fprintf(out, "  %-12s %s\n", command->verb, command->summary);
    }
    fputs("\nOptions of every verb:\n", out);
    print_options(command_global_options(), out);
    fputs("\nExit codes: 0 ok, 1 refused or failed, 2 usage, 3 unavailable.\n"
          "`fremgang VERB --help` tells more about one verb.\n",
          out);
}

void command_print_help(const struct command *command, FILE *out)
{
    fprintf(out, "Usage: fremgang %s%s%s\n\n%s.\n", command->verb,
            command->usage[0] != '\0' ? " " : "", command->usage, command->summary);
    if (command->help[0] != '\0') {
        fprintf(out, "\n%s\n", command->help);
    }
    if (command->options[0].name != NULL) {
        fputs("\nOptions:\n", out);
        print_options(command->options, out);
    }
    fputs("\nOptions of every verb:\n", out);
    print_options(command_global_options(), out);
}

/* roff reads a backslash and a leading dot or quote as its own. */
static void print_roff(const char *text, FILE *out)
{
    bool line_start = true;
    for (; *text != '\0'; text++) {
        if (line_start && (*text == '.' || *text == '\'')) {
            fputs("\\&", out);
        }
        if (*text == '\\') {
            fputs("\\e", out);
        } else if (*text == '-') {
            fputs("\\-", out);
        } else {
            fputc(*text, out);
        }
        line_start = *text == '\n';
    }
}

static void print_roff_option(const struct command_option *option, FILE *out)
{
    fputs(".TP\n\\fB\\-\\-", out);
    print_roff(option->name, out);
    fputs("\\fR", out);
    if (option->value != NULL) {
        fprintf(out, " \\fI%s\\fR", option->value);
    }
    fputc('\n', out);
    print_roff(option->text, out);
    fputc('\n', out);
}

static void print_roff_command(const struct command *command, FILE *out)
{
    fprintf(out, ".SS %s\n.B fremgang %s\n", command->verb, command->verb);
    print_roff(command->usage, out);
    fputs("\n.PP\n", out);
    print_roff(command->summary, out);
    fputs(".\n", out);
    if (command->help[0] != '\0') {
        fputs(".PP\n", out);
        print_roff(command->help, out);
        fputc('\n', out);
    }
    for (const struct command_option *option = command->options; option->name != NULL; option++) {
        print_roff_option(option, out);
    }
}

void command_print_man(FILE *out)
{
    fputs(".TH FREMGANG 1 \"\" \"fremgang " FREMGANG_VERSION "\" \"Fremgang\"\n"
          ".SH NAME\nfremgang \\- share anonymised progression data on children's cases\n"
          ".SH SYNOPSIS\n.B fremgang\n.I VERB\n[WORDS] [OPTIONS]\n"
          ".SH OPTIONS OF EVERY VERB\n",
          out);
    for (const struct command_option *option = command_global_options(); option->name != NULL;
         option++) {
        print_roff_option(option, out);
    }
    fputs(".SH VERBS\n", out);
    for (size_t i = 0; i < command_count(); i++) {
        print_roff_command(command_at(i), out);
    }
    fputs(".SH EXIT STATUS\n0 ok, 1 refused or failed, 2 usage, 3 unavailable.\n"
          ".SH ENVIRONMENT\n"
          ".TP\n.B FREMGANG_HOME\nWhere profiles are kept; default ~/.config/fremgang.\n"
          ".TP\n.B FREMGANG_PROFILE\nThe profile used without \\-\\-profile.\n"
          ".TP\n.B NO_COLOR\nWhen set, nothing is coloured.\n",
          out);
}

static void print_completion_words(const struct command *command, FILE *out)
{
    fprintf(out, "    %s) words=\"%s", command->verb, command->words);
    for (const struct command_option *option = command->options; option->name != NULL; option++) {
        fprintf(out, " --%s", option->name);
    }
    fputs("\" ;;\n", out);
}

void command_print_completion(FILE *out)
{
    fputs("# bash completion of fremgang: source <(fremgang completion bash)\n"
          "_fremgang() {\n"
          "  local current=\"${COMP_WORDS[COMP_CWORD]}\" words=\"\" shared=\"\"\n"
          "  case \"${COMP_WORDS[COMP_CWORD-1]}\" in\n"
          "    --format) words=\"table csv json\" ;;\n"
          "    --lang) words=\"da en\" ;;\n"
          "  esac\n"
          "  if [ -n \"$words\" ]; then\n"
          "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
          "    return\n"
          "  fi\n"
          "  shared=\"",
          out);
    for (const struct command_option *option = command_global_options(); option->name != NULL;
         option++) {
        fprintf(out, "--%s ", option->name);
    }
    fputs("\"\n  case \"${COMP_WORDS[1]}\" in\n", out);
    for (size_t i = 0; i < command_count(); i++) {
        print_completion_words(command_at(i), out);
    }
    fputs("  esac\n  if [ \"$COMP_CWORD\" -eq 1 ]; then\n    words=\"", out);
    for (size_t i = 0; i < command_count(); i++) {
        fprintf(out, "%s ", command_at(i)->verb);
    }
    fputs("\"\n  fi\n"
          "  COMPREPLY=($(compgen -W \"$words $shared\" -- \"$current\"))\n"
          "}\n"
          "complete -o default -F _fremgang fremgang\n",
          out);
}
