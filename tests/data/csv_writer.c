/* CSV as case systems write it (see csv_writer.h). */
#include "data/csv_writer.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

enum { PATH_BYTES = 1024, CELL_BYTES = 64 };

enum err_code csv_open(struct csv_file *file, const char *dir, const char *name,
                       const struct dialect *dialect, struct err *err)
{
    char path[PATH_BYTES];
    int len = snprintf(path, sizeof(path), "%s/%s", dir, name);
    if (len < 0 || (size_t)len >= sizeof(path)) {
        return err_set(err, ERR_LIMIT, "path of \"%s\" is longer than %d bytes", name, PATH_BYTES);
    }
    FILE *stream = fopen(path, "wb");
    if (stream == NULL) {
        return err_set(err, ERR_UNAVAILABLE, "could not write \"%s\": %s", path, strerror(errno));
    }
    *file = (struct csv_file){.stream = stream, .dialect = dialect};
    if (dialect->has_bom) {
        (void)fputs("\xef\xbb\xbf", stream);
    }
    return ERR_OK;
}

enum err_code csv_close(struct csv_file *file, struct err *err)
{
    if (file->stream == NULL) {
        return ERR_OK;
    }
    bool failed = ferror(file->stream) != 0;
    failed = fclose(file->stream) != 0 || failed;
    file->stream = NULL;
    return failed ? err_set(err, ERR_UNAVAILABLE, "could not write a CSV file: %s", strerror(errno))
                  : ERR_OK;
}

/* Latin-1 letters, which are all that our words hold, have the same number in CP1252. */
static void csv_put(struct csv_file *file, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c != '\0'; c++) {
        unsigned char byte = *c;
        if (file->dialect->is_cp1252 && byte >= 0x80) {
            assert(byte == 0xc2 || byte == 0xc3);
            byte = (unsigned char)(((byte & 0x03) << 6) | (*++c & 0x3f));
        }
        (void)fputc(byte, file->stream);
    }
}

void csv_begin_row(struct csv_file *file)
{
    file->has_cells = false;
}

void csv_text(struct csv_file *file, const char *text)
{
    if (file->has_cells) {
        (void)fputc(file->dialect->separator, file->stream);
    }
    file->has_cells = true;
    bool is_quoted = file->dialect->has_quotes || strchr(text, file->dialect->separator) != NULL;
    csv_put(file, is_quoted ? "\"" : "");
    csv_put(file, text);
    csv_put(file, is_quoted ? "\"" : "");
}

void csv_code(struct csv_file *file, const char *code)
{
    csv_text(file, word_write(file->dialect->words, code));
}

void csv_date(struct csv_file *file, date_t date)
{
    char text[CELL_BYTES] = "";
    if (date != DATE_NONE && file->dialect->date_separator == 0) {
        date_format(date, text);
    } else if (date != DATE_NONE) {
        struct date_parts parts = date_to_parts(date);
        char between = file->dialect->date_separator;
        (void)snprintf(text, sizeof(text), "%02d%c%02d%c%d", parts.day, between, parts.month,
                       between, parts.year);
    }
    csv_text(file, text);
}

void csv_month(struct csv_file *file, date_t month)
{
    if (file->dialect->date_separator == '.') {
        csv_date(file, month);
        return;
    }
    char text[CELL_BYTES];
    struct date_parts parts = date_to_parts(month);
    (void)snprintf(text, sizeof(text), "%d-%02d", parts.year, parts.month);
    csv_text(file, text);
}

void csv_hundredths(struct csv_file *file, int hundredths)
{
    char text[CELL_BYTES];
    (void)snprintf(text, sizeof(text), "%d%c%02d", hundredths / 100, file->dialect->decimal,
                   hundredths % 100);
    csv_text(file, text);
}

void csv_number(struct csv_file *file, int number)
{
    char text[CELL_BYTES];
    (void)snprintf(text, sizeof(text), "%d", number);
    csv_text(file, text);
}

void csv_end_row(struct csv_file *file)
{
    csv_put(file, file->dialect->newline);
}
