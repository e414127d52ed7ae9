#include "lint/lint.h"

#include <stdio.h>

/* Room for "SP65535". */
enum { CODE_TEXT = 8 };

/* "SP1", "SP10" and "SP101" all start the code "SP101"; "SP" alone and "SP1x" start none. */
static bool
starts_code(struct sp_str word, unsigned code)
{
    char text[CODE_TEXT];
    int len = snprintf(text, sizeof text, "SP%u", code);

    return word.len > 2 && word.len <= (size_t)len
        && sp_str_equal(word, sp_str_slice(sp_str_of(text), 0, word.len));
}

static bool
names_rule(struct sp_str word, const struct sp_kb_rule *rule)
{
    return sp_str_is(word, "all") || sp_str_is(word, sp_kb_text(rule->slug))
        || starts_code(word, rule->code);
}

bool
sp_selection_set(struct sp_selection *selection, struct sp_str word, bool on)
{
    bool found = false;

    for (size_t i = 0; i < sp_kb_rules_count; i++) {
        if (names_rule(word, &sp_kb_rules[i])) {
            selection->on[i] = on;
            found = true;
        }
    }
    return found;
}
