/* manifest - canonical JSON by jansson, signed. */
#include "publish/manifest.h"

#include "base/buf.h"

#include <inttypes.h>
#include <jansson.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void manifest_free(struct manifest *manifest)
{
    if (manifest != NULL) {
        free(manifest->text);
        free(manifest);
    }
}

static void cell_append(struct buf *text, const struct released_table *table, size_t index)
{
    struct released_cell cell = released_table_cell(table, index);
    int64_t value = 0;
    buf_append_format(text, "%s;%s;%s;%s;%s;", cell.period, cell.keys[0] ? cell.keys[0] : "",
                      cell.keys[1] ? cell.keys[1] : "", cell.outcome,
                      released_state_name(cell.state));
    if (released_table_value(table, index, &value)) {
        buf_append_format(text, "%" PRId64, value);
    }
    buf_append_byte(text, '\n');
}

/* The line of a cell in the text of all lines; it ends with '\n'. */
struct line {
    const char *text;
    size_t len;
};

static int line_compare(const void *one, const void *other)
{
    const struct line *a = one;
    const struct line *b = other;
    int order = memcmp(a->text, b->text, a->len < b->len ? a->len : b->len);
    return order != 0 ? order : (a->len > b->len) - (a->len < b->len);
}

/* The cells' lines in the order of their bytes: stored cells have no other order, and whoever
 * holds them must come to the same digest. */
static enum err_code cells_append(struct buf *text, const struct released_table *table,
                                  struct err *err)
{
    AUTO_BUF struct buf unsorted = BUF_INIT;
    const size_t count = released_table_cell_count(table);
    AUTO_HEAP struct line *lines = calloc(count + 1, sizeof *lines);
    if (lines == NULL) {
        return err_memory(err);
    }
    for (size_t i = 0; i < count; i++) {
        const size_t start = unsorted.len;
        cell_append(&unsorted, table, i);
        lines[i].len = unsorted.len - start;
    }
    enum err_code code = buf_check(&unsorted, err);
    const char *at = buf_text(&unsorted);
    for (size_t i = 0; i < count; at += lines[i].len, i++) {
        lines[i].text = at;
    }
    if (code == ERR_OK && count > 0) {
        qsort(lines, count, sizeof *lines, line_compare);
    }
    for (size_t i = 0; i < count && code == ERR_OK; i++) {
        buf_append(text, lines[i].text, lines[i].len);
    }
    return code == ERR_OK ? buf_check(text, err) : code;
}

enum err_code manifest_table_digest(const struct released_table *table,
                                    uint8_t out[MANIFEST_SHA256_BYTES], struct err *err)
{
    AUTO_BUF struct buf text = BUF_INIT;
    buf_append_format(&text, "%s;%s;%s", released_audience_name(released_table_audience(table)),
                      released_table_name(table), released_table_indicator(table));
    for (size_t i = 0; i < released_table_dimension_count(table); i++) {
        buf_append_format(&text, ";%s", released_table_dimension(table, i));
    }
    buf_append_byte(&text, '\n');
    enum err_code code = cells_append(&text, table, err);
    if (code == ERR_OK) {
        crypto_hash_sha256(out, text.data, text.len);
    }
    return code;
}

/* jansson takes the new value in every case; a NULL anywhere shows up as a failed set. */
static bool set_text(json_t *object, const char *key, const char *text)
{
    return json_object_set_new(object, key, json_string(text)) == 0;
}

static bool set_number(json_t *object, const char *key, uint64_t number)
{
    return json_object_set_new(object, key, json_integer((json_int_t)number)) == 0;
}

static bool policy_set(json_t *root, const struct manifest_source *source)
{
    json_t *policy = json_object();
    const struct policy *numbers = source->policy;
    return set_text(policy, "id", source->policy_id) && set_text(policy, "engine", "suppress") &&
           set_number(policy, "threshold", numbers->threshold) &&
           set_number(policy, "width", (uint64_t)numbers->width) &&
           set_number(policy, "contributors_min", numbers->contributors_min) &&
           set_number(policy, "rest_contributors_min", numbers->rest_contributors_min) &&
           set_number(policy, "rest_subjects_min", numbers->rest_subjects_min) &&
           set_number(policy, "dominance_n", numbers->dominance_n) &&
           set_number(policy, "dominance_percent", numbers->dominance_percent) &&
           set_number(policy, "p_percent", numbers->p_percent) &&
           json_object_set_new(root, "policy", policy) == 0;
}

static bool periods_set(json_t *root, const struct periods *periods)
{
    json_t *chosen = json_array();
    json_t *left_out = json_array();
    bool ok = true;
    for (size_t i = 0; i < periods->count && ok; i++) {
        ok = json_array_append_new(chosen, json_string(periods->chosen[i].text)) == 0;
    }
    for (size_t i = 0; i < periods->left_out_count && ok; i++) {
        json_t *mark = json_object();
        ok = set_text(mark, "period", periods->left_out[i].period) &&
             set_number(mark, "municipality", (uint64_t)periods->left_out[i].municipality_code);
        ok = json_array_append_new(left_out, mark) == 0 && ok;
    }
    ok = json_object_set_new(root, "periods", chosen) == 0 && ok;
    return json_object_set_new(root, "left_out", left_out) == 0 && ok;
}

static enum err_code table_describe(const struct released_table *table, json_t *out,
                                    struct err *err)
{
    uint8_t digest[MANIFEST_SHA256_BYTES];
    char hex[2 * MANIFEST_SHA256_BYTES + 1];
    enum err_code code = manifest_table_digest(table, digest, err);
    if (code != ERR_OK) {
        return code;
    }
    uint64_t shown = 0;
    for (size_t i = 0; i < released_table_cell_count(table); i++) {
        shown += released_table_cell(table, i).state == RELEASED_EXACT ? 1 : 0;
    }
    bool ok = set_text(out, "audience", released_audience_name(released_table_audience(table))) &&
              set_text(out, "name", released_table_name(table)) &&
              set_number(out, "cells", released_table_cell_count(table)) &&
              set_number(out, "shown", shown) &&
              set_text(out, "sha256", sodium_bin2hex(hex, sizeof hex, digest, sizeof digest));
    return ok ? ERR_OK : err_memory(err);
}

static enum err_code tables_set(json_t *root, const struct manifest_source *source, struct err *err)
{
    json_t *tables = json_array();
    enum err_code code = ERR_OK;
    for (size_t i = 0; i < source->table_count && code == ERR_OK; i++) {
        json_t *table = json_object();
        code = table_describe(source->tables[i], table, err);
        if (json_array_append_new(tables, table) != 0 && code == ERR_OK) {
            code = err_memory(err);
        }
    }
    if (json_object_set_new(root, "tables", tables) != 0 && code == ERR_OK) {
        code = err_memory(err);
    }
    return code;
}

static bool figures_set(json_t *root, const char *audience, const struct manifest_figures *figures)
{
    json_t *object = json_object();
    bool ok = set_number(object, "shown", figures->shown) &&
              set_number(object, "withheld", figures->withheld);
    return json_object_set_new(root, audience, object) == 0 && ok;
}

static enum err_code root_fill(json_t *root, const struct manifest_source *source, struct err *err)
{
    bool ok = set_text(root, "format", "fremgang-manifest-1") &&
              set_text(root, "program", FREMGANG_VERSION) &&
              set_text(root, "release", source->release_id) &&
              set_text(root, "partnership", source->partnership) &&
              set_text(root, "plan_sha256", source->plan->plan_version) &&
              set_text(root, "catalogue_sha256", source->plan->catalogue_version) &&
              json_object_set_new(root, "synthetic", json_boolean(source->synthetic)) == 0 &&
              set_number(root, "blocks", source->block_count) &&
              set_number(root, "linear_programs", source->solved) &&
              figures_set(root, "named", &source->named) &&
              figures_set(root, "pooled", &source->pooled) && policy_set(root, source) &&
              periods_set(root, source->periods);
    return ok ? tables_set(root, source, err) : err_memory(err);
}

static void json_clear(json_t **root)
{
    json_decref(*root);
}

enum err_code manifest_make(const struct manifest_source *source, const struct secret *key,
                            struct manifest **out, struct err *err)
{
    __attribute__((cleanup(json_clear))) json_t *root = json_object();
    AUTO(manifest_free) struct manifest *manifest = calloc(1, sizeof *manifest);
    if (root == NULL || manifest == NULL) {
        return err_memory(err);
    }
    enum err_code code = root_fill(root, source, err);
    if (code != ERR_OK) {
        return code;
    }
    manifest->text = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS);
    if (manifest->text == NULL) {
        return err_memory(err);
    }
    manifest->len = strlen(manifest->text);
    crypto_hash_sha256(manifest->sha256, (const unsigned char *)manifest->text, manifest->len);
    code = sign_make_one(key, SIGN_MANIFEST, (struct sign_field){manifest->text, manifest->len},
                         manifest->signature, err);
    if (code == ERR_OK) {
        *out = STEAL(manifest);
    }
    return code;
}
