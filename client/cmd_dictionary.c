/* cmd_dictionary - `fremgang dictionary [RECORD|LIST]`: every field, or the codes of a list. */
#include "command.h"
#include "import/finding.h"
#include "output.h"
#include "rules/code_list.h"
#include "rules/record.h"

#include <string.h>

static const struct output_column field_columns[] = {
    {"record", "Record", "Record", OUTPUT_TEXT},
    {"field", "Field", "Felt", OUTPUT_TEXT},
    {"header_da", "Danish header", "Overskrift", OUTPUT_TEXT},
    {"presence", "Presence", "Krav", OUTPUT_TEXT},
    {"code_list", "Code list", "Kodeliste", OUTPUT_TEXT},
    {"cell", "A cell holds", "En celle rummer", OUTPUT_TEXT},
    {"text", "Meaning", "Betydning", OUTPUT_TEXT},
};

static const struct output_column code_columns[] = {
    {"code", "Code", "Kode", OUTPUT_TEXT},
    {"name_da", "Danish name", "Navn", OUTPUT_TEXT},
    {"name_en", "English name", "Engelsk navn", OUTPUT_TEXT},
    {"version", "Version", "Version", OUTPUT_TEXT},
    {"valid_from", "Valid from", "Gyldig fra", OUTPUT_TEXT},
    {"valid_to", "Valid until", "Gyldig til", OUTPUT_TEXT},
    {"aliases", "Also understood", "Forstås også", OUTPUT_TEXT},
};

static const char *presence_word(const struct cli *cli, enum field_presence presence)
{
    static const char *const words[][2] = {
        [FIELD_REQUIRED] = {"required", "skal"},
        [FIELD_OPTIONAL] = {"optional", "kan"},
        [FIELD_DERIVED] = {"from CPR", "fra CPR"},
    };
    return cli_text(cli, words[presence][0], words[presence][1]);
}

static void record_add(struct output *output, const struct cli *cli, enum record_type type)
{
    const struct record_def *def = record_def_get(type);
    for (size_t i = 0; i < def->field_count; i++) {
        const struct field_def *field = &def->fields[i];
        output_add(output,
                   (const char *const[]){cli_text(cli, def->name, def->name_da), field->name,
                                         field->header_da, presence_word(cli, field->presence),
                                         field->code_list,
                                         finding_kind_text(field->kind, cli->lang == CLI_LANG_DA),
                                         cli_text(cli, field->text_en, field->text_da)});
    }
    if (type == RECORD_ENROLMENT) {
        output_add(output, (const char *const[]){
                               cli_text(cli, def->name, def->name_da), "partnership", "Partnerskab",
                               presence_word(cli, FIELD_OPTIONAL), "",
                               cli_text(cli, "a partnership's slug", "et partnerskabs korte navn"),
                               cli_text(cli, "The partnership; never sent as a field",
                                        "Partnerskabet; sendes ikke som felt")});
    }
}

static int fields_print(const struct cli *cli, const char *name)
{
    struct err err = ERR_INIT;
    AUTO(output_free) struct output *output = output_new(field_columns, ARRAY_COUNT(field_columns));
    enum record_type only = RECORD_TYPE_COUNT;
    if (name != NULL && !record_type_find(name, &only)) {
        return cli_usage(cli,
                         "there is no record or code list \"%s\"; `fremgang dictionary` without "
                         "a word shows all",
                         name);
    }
    for (int type = 0; type < RECORD_TYPE_COUNT; type++) {
        if (only == RECORD_TYPE_COUNT || (int)only == type) {
            record_add(output, cli, (enum record_type)type);
        }
    }
    return output_print(output, cli, &err) == ERR_OK ? CLI_EXIT_OK : cli_fail(cli, &err);
}

static const char *date_text(date_t date, char out[DATE_TEXT_BYTES])
{
    if (date == DATE_NONE) {
        return NULL;
    }
    date_format(date, out);
    return out;
}

static int codes_print(const struct cli *cli, const struct code *codes, size_t count)
{
    struct err err = ERR_INIT;
    AUTO(output_free) struct output *output = output_new(code_columns, ARRAY_COUNT(code_columns));
    for (size_t i = 0; i < count; i++) {
        char from[DATE_TEXT_BYTES];
        char to[DATE_TEXT_BYTES];
        output_add(output,
                   (const char *const[]){codes[i].code, codes[i].name_da, codes[i].name_en,
                                         code_attribute(&codes[i], "version"),
                                         date_text(codes[i].valid_from, from),
                                         date_text(codes[i].valid_to, to), codes[i].aliases});
    }
    return output_print(output, cli, &err) == ERR_OK ? CLI_EXIT_OK : cli_fail(cli, &err);
}

int cmd_dictionary(struct cli *cli, int argc, char **argv)
{
    struct err err = ERR_INIT;
    AUTO(code_lists_free) struct code_lists *lists = NULL;
    if (argc > 2) {
        return cli_usage(cli, "name one record or one code list");
    }
    if (code_lists_load(&lists, &err) != ERR_OK) {
        return cli_fail(cli, &err);
    }
    size_t count = 0;
    const struct code *codes = argc == 2 ? code_lists_get(lists, argv[1], &count) : NULL;
    return codes != NULL ? codes_print(cli, codes, count)
                         : fields_print(cli, argc == 2 ? argv[1] : NULL);
}
