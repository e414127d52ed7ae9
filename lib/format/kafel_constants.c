#include "format/kafel_reader.h"

#include "format/list_names.h"

#include <inttypes.h>

const struct sp_kafel_constant *
sp_kafel_constant(const struct sp_kafel *kafel, struct sp_str name)
{
    for (size_t i = 0; i < kafel->constants.count; i++) {
        if (sp_str_equal(kafel->constants.at[i].name, name)) {
            return &kafel->constants.at[i];
        }
    }
    return NULL;
}

static bool
add_constant(struct sp_kafel *kafel, struct sp_span span, uint64_t value)
{
    struct sp_str name = sp_kafel_text(kafel, span);
    const struct sp_kafel_constant *known = sp_kafel_constant(kafel, name);
    struct sp_kafel_constant *constant;

    if (known != NULL) {
        return known->value == value
            || sp_list_fail(kafel->report, kafel->source, span, "give it another name",
                            "`%.*s` was %" PRIu64 " before", SP_LIST_SHOWN(name), known->value);
    }
    if (kafel->constants.count == SP_KAFEL_MANY) {
        return sp_list_fail(kafel->report, kafel->source, span, "is this the right file?",
                            "the text defines more than %d constants", SP_KAFEL_MANY);
    }
    constant = sp_vec_push(kafel->arena, &kafel->constants);
    if (constant == NULL) {
        kafel->failed = true;
        return false;
    }
    *constant = (struct sp_kafel_constant){ .name = name, .value = value };
    return true;
}

bool
sp_kafel_define(struct sp_kafel *kafel)
{
    struct sp_span name;
    uint64_t value;

    if (!sp_kafel_take(kafel, SP_KAFEL_DEFINE, "`define`")) {
        return false;
    }
    name = kafel->token.span;
    if (!sp_kafel_take(kafel, SP_KAFEL_NAME, "the name of a constant")) {
        return false;
    }
    value = kafel->token.number;
    return sp_kafel_take(kafel, SP_KAFEL_NUMBER, "a number")
        && add_constant(kafel, name, value);
}
