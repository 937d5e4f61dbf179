/* options - see options.h. */
#include "options.h"

#include <errno.h>
#include <ini.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_BYTES_MAX = 64 };

static enum err_code usage(struct err *err)
{
    (void)err_hint(err, "Ask for the options with --help.");
    return err_reason(err, "USAGE");
}

static const struct option_row *row_find(const struct option_set *set, const char *name,
                                         size_t name_len)
{
    for (size_t i = 0; i < set->row_count; i++) {
        const struct option_row *row = &set->rows[i];
        if (strlen(row->name) == name_len && memcmp(row->name, name, name_len) == 0) {
            return row;
        }
    }
    return NULL;
}

static enum err_code set_flag(const struct option_row *row, const char *value, bool *out,
                              struct err *err)
{
    static const char *const YES[] = {"yes", "true", "on", "1"};
    static const char *const NO[] = {"no", "false", "off", "0"};
    for (size_t i = 0; i < 4; i++) {
        if (strcmp(value, YES[i]) == 0 || strcmp(value, NO[i]) == 0) {
            *out = strcmp(value, YES[i]) == 0;
            return ERR_OK;
        }
    }
    (void)err_set(err, ERR_INVALID, "%s is yes or no, not \"%s\"", row->name, value);
    return usage(err);
}

static enum err_code set_number(const struct option_row *row, const char *value, int *out,
                                struct err *err)
{
    char *end = NULL;
    errno = 0;
    long number = strtol(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number < row->min || number > row->max) {
        (void)err_set(err, ERR_INVALID, "%s is a number from %d to %d, not \"%s\"", row->name,
                      row->min, row->max, value);
        return usage(err);
    }
    *out = (int)number;
    return ERR_OK;
}

static enum err_code set_text(const char *value, char **out, struct err *err)
{
    char *copy = strdup(value);
    if (copy == NULL) {
        return err_memory(err);
    }
    free(*out);
    *out = copy;
    return ERR_OK;
}

static enum err_code row_set(const struct option_row *row, const char *value, void *target,
                             struct err *err)
{
    void *field = (char *)target + row->offset;
    switch (row->kind) {
    case OPTION_TEXT:
        return set_text(value, field, err);
    case OPTION_NUMBER:
        return set_number(row, value, field, err);
    default:
        return set_flag(row, value, field, err);
    }
}

/* Reading a file: lines for this process are set in a second pass, over the common ones. */
struct file_reading {
    const struct option_set *set;
    void *target;
    bool for_process;
    struct err *err;
};

enum key_scope { KEY_UNKNOWN, KEY_COMMON, KEY_OWN, KEY_OF_OTHER };

static enum key_scope scope_of(const struct option_set *set, const char *process)
{
    if (strcmp(process, set->process) == 0) {
        return KEY_OWN;
    }
    for (const char *const *at = set->processes; at != NULL && *at != NULL; at++) {
        if (strcmp(process, *at) == 0) {
            return KEY_OF_OTHER;
        }
    }
    return KEY_UNKNOWN;
}

/* The row that a key of the file names, and for whom: `name` or `name-PROCESS`. */
static enum key_scope key_find(const struct option_set *set, const char *key,
                               const struct option_row **row)
{
    const char *dash = strrchr(key, '-');
    *row = row_find(set, key, strlen(key));
    if (*row != NULL) {
        return KEY_COMMON;
    }
    // The process's own name may have a dash, as enrol-code has.
    for (; dash != NULL && *row == NULL; dash = memrchr(key, '-', (size_t)(dash - key))) {
        *row = row_find(set, key, (size_t)(dash - key));
        if (*row != NULL) {
            return scope_of(set, dash + 1);
        }
    }
    return KEY_UNKNOWN;
}

/* inih's callback: 0 stops the reading. */
static int on_line(void *user, const char *section, const char *key, const char *value)
{
    struct file_reading *reading = user;
    const struct option_row *row = NULL;
    enum key_scope scope = key_find(reading->set, key, &row);
    if (section[0] != '\0' || scope == KEY_UNKNOWN) {
        (void)err_set(reading->err, ERR_INVALID, "unrecognized line \"%.*s\"", KEY_BYTES_MAX, key);
        (void)usage(reading->err);
        return 0;
    }
    if (scope != (reading->for_process ? KEY_OWN : KEY_COMMON)) {
        return 1;
    }
    return row_set(row, value, reading->target, reading->err) == ERR_OK;
}

static enum err_code read_file(const struct option_set *set, const char *path, void *target,
                               struct err *err)
{
    for (int pass = 0; pass < 2; pass++) {
        struct err line_err = ERR_INIT;
        struct file_reading reading = {set, target, pass == 1, &line_err};
        int rc = ini_parse(path, on_line, &reading);
        if (rc == -1) {
            return err_set(err, ERR_NOT_FOUND, "could not read configuration file \"%s\"", path);
        }
        if (rc != 0) {
            (void)err_set(err, ERR_INVALID, "configuration file \"%s\", line %d: %s", path, rc,
                          line_err.code == ERR_OK ? "not a line `name = value`" : line_err.message);
            return usage(err);
        }
    }
    return ERR_OK;
}

/* One argument: `--name value`, `--name=value`, or `--flag`. */
struct argument {
    const char *name;
    size_t name_len;
    const char *value; /* NULL when it takes none */
    int taken;         /* words used */
};

static bool is_word(const struct argument *argument, const char *word)
{
    return strlen(word) == argument->name_len &&
           memcmp(argument->name, word, argument->name_len) == 0;
}

static enum err_code read_argument(const struct option_set *set, char *const *args,
                                   struct argument *out, struct err *err)
{
    const char *word = args[0];
    if (strcmp(word, "-h") == 0) {
        word = "--help";
    }
    if (strncmp(word, "--", 2) != 0) {
        (void)err_set(err, ERR_INVALID, "unrecognized argument \"%s\"", word);
        return usage(err);
    }
    const char *name = word + 2;
    const char *equals = strchr(name, '=');
    struct argument argument = {.name = name,
                                .name_len = equals == NULL ? strlen(name) : (size_t)(equals - name),
                                .value = equals == NULL ? NULL : equals + 1,
                                .taken = 1};
    const struct option_row *row = row_find(set, name, argument.name_len);
    bool is_bare = is_word(&argument, "help") || is_word(&argument, "version") ||
                   (row != NULL && row->kind == OPTION_FLAG);
    if (row == NULL && !is_bare && !is_word(&argument, "config")) {
        (void)err_set(err, ERR_INVALID, "unrecognized option \"%s\"", word);
        return usage(err);
    }
    if (!is_bare && argument.value == NULL) {
        argument.value = args[1];
        argument.taken = 2;
    }
    if (!is_bare && argument.value == NULL) {
        (void)err_set(err, ERR_INVALID, "option \"%s\" wants a value", word);
        return usage(err);
    }
    *out = argument;
    return ERR_OK;
}

/* First pass: what to do, and which file to read. Second: the values, over the file's. */
static enum err_code read_arguments(const struct option_set *set, char *const *args, bool values,
                                    void *target, struct err *err)
{
    struct argument argument;
    for (char *const *at = args; *at != NULL; at += argument.taken) {
        enum err_code code = read_argument(set, at, &argument, err);
        if (code != ERR_OK) {
            return code;
        }
        const struct option_row *row = row_find(set, argument.name, argument.name_len);
        if (!values && is_word(&argument, "config")) {
            code = read_file(set, argument.value, target, err);
        } else if (values && row != NULL) {
            code = row_set(row, argument.value == NULL ? "yes" : argument.value, target, err);
        }
        if (code != ERR_OK) {
            return code;
        }
    }
    return ERR_OK;
}

static enum option_action find_action(char *const *args)
{
    for (; *args != NULL; args++) {
        if (strcmp(*args, "--help") == 0 || strcmp(*args, "-h") == 0) {
            return OPTIONS_HELP;
        }
        if (strcmp(*args, "--version") == 0) {
            return OPTIONS_VERSION;
        }
    }
    return OPTIONS_RUN;
}

enum err_code options_read(const struct option_set *set, char *const *args, void *target,
                           enum option_action *action, struct err *err)
{
    enum option_action asked = find_action(args);
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < set->row_count && code == ERR_OK; i++) {
        const char *fallback = set->rows[i].fallback;
        code = row_set(&set->rows[i], fallback == NULL ? "" : fallback, target, err);
    }
    if (code == ERR_OK && asked == OPTIONS_RUN) {
        code = read_arguments(set, args, false, target, err);
    }
    if (code == ERR_OK && asked == OPTIONS_RUN) {
        code = read_arguments(set, args, true, target, err);
    }
    if (code == ERR_OK) {
        *action = asked;
    }
    return code;
}

static void help_row(const struct option_row *row, FILE *out)
{
    char left[KEY_BYTES_MAX];
    (void)snprintf(left, sizeof(left), "--%s %s", row->name,
                   row->kind == OPTION_FLAG ? "" : row->value);
    (void)fprintf(out, "  %-26s %s", left, row->help);
    if (row->kind != OPTION_FLAG && row->fallback != NULL && row->fallback[0] != '\0') {
        (void)fprintf(out, " [%s]", row->fallback);
    }
    (void)fputc('\n', out);
}

void options_help(const struct option_set *set, FILE *out)
{
    (void)fprintf(out, "%s\nOptions:\n", set->summary);
    for (size_t i = 0; i < set->row_count; i++) {
        if (!set->rows[i].is_hidden) {
            help_row(&set->rows[i], out);
        }
    }
    (void)fprintf(out, "  %-26s %s\n", "--config FILE",
                  "lines `name = value`; `name-PROCESS = value` for one process");
    (void)fprintf(out, "  %-26s %s\n", "-h, --help", "this text");
    (void)fprintf(out, "  %-26s %s\n\n%s", "--version", "the version", set->example);
}

void options_clear(const struct option_set *set, void *target)
{
    for (size_t i = 0; i < set->row_count; i++) {
        if (set->rows[i].kind == OPTION_TEXT) {
            char **text = (char **)(void *)((char *)target + set->rows[i].offset);
            free(*text);
            *text = NULL;
        }
    }
}
