/* violation - the rule table as data and the growing list of broken rules. */
#include "rules/check.h"

#include <stdlib.h>
#include <string.h>

#define RULE(symbol, id, severity, en, da, fix_en, fix_da)                                         \
    {id, RULE_##severity, en, da, fix_en, fix_da},
static const struct rule_def rule_defs[] = {
#include "rules/rule_table.def"
};
#undef RULE

const struct rule_def *rule_get(enum rule rule)
{
    return &rule_defs[rule];
}

const char *rule_severity_name(enum rule_severity severity)
{
    static const char *const names[] = {"block", "fix", "confirm", "info"};
    return names[severity];
}

const char *received_name(enum received_class received, bool is_danish)
{
    static const char *const names[][2] = {
        [RECEIVED_EMPTY] = {"nothing", "intet"},
        [RECEIVED_UNREADABLE] = {"something else", "noget andet"},
        [RECEIVED_OUTSIDE] = {"a number outside it", "et tal udenfor"},
        [RECEIVED_EARLIER] = {"an earlier date", "en tidligere dato"},
        [RECEIVED_LATER] = {"a later date", "en senere dato"},
        [RECEIVED_OTHER_CODE] = {"another code", "en anden kode"},
        [RECEIVED_OTHER_TEXT] = {"another text", "en anden tekst"},
        [RECEIVED_REPEATED] = {"the same again", "det samme igen"},
        [RECEIVED_OTHER_CHILD] = {"another child", "et andet barn"},
        [RECEIVED_UNKNOWN_ID] = {"an unknown id", "et ukendt id"},
        [RECEIVED_VALUE] = {"a value", "en værdi"},
    };
    return names[received][is_danish ? 1 : 0];
}

void violation_list_add(struct violation_list *list, const struct violation *violation)
{
    if (list->count >= VIOLATIONS_MAX) {
        list->is_truncated = true;
        return;
    }
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 8 : list->capacity * 2;
        struct violation *items = realloc(list->items, capacity * sizeof(*items));
        if (items == NULL) {
            list->out_of_memory = true;
            return;
        }
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = *violation;
}

bool violation_list_blocks(const struct violation_list *list)
{
    if (list->is_truncated || list->out_of_memory) {
        return true; /* what was not kept may block */
    }
    for (size_t i = 0; i < list->count; i++) {
        if (rule_defs[list->items[i].rule].severity == RULE_BLOCK) {
            return true;
        }
    }
    return false;
}

void violation_list_clear(struct violation_list *list)
{
    free(list->items);
    *list = (struct violation_list)VIOLATION_LIST_INIT;
}
