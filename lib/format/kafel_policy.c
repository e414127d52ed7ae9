#include "format/kafel_reader.h"

#include "base/closest.h"
#include "format/list_names.h"

#include <stdio.h>

/* ---- entries ------------------------------------------------------------------------- */

static bool
add_entry(struct sp_kafel *kafel, struct sp_kafel_policy *policy, struct sp_kafel_entry entry)
{
    struct sp_kafel_entry *place = sp_vec_push(kafel->arena, &policy->entries);

    if (place == NULL) {
        kafel->failed = true;
        return false;
    }
    *place = entry;
    return true;
}

/* "call", "call(args)", "call { expressions }". */
static bool
take_rule(struct sp_kafel *kafel, struct sp_kafel_policy *policy, sp_verdict verdict)
{
    struct sp_kafel_entry entry = { .verdict = verdict };

    if (!sp_kafel_call(kafel, &entry.span)) {
        return false;
    }
    entry.call = kafel->call;
    entry.condition = sp_dd_leaf(kafel->store, 1);
    if (kafel->token.kind == '{') {
        if (!sp_kafel_next(kafel)
            || (kafel->token.kind != '}' && !sp_kafel_expression(kafel, &entry.condition))) {
            return false;
        }
        entry.span.end = kafel->token.span.end;
        if (!sp_kafel_take(kafel, '}', "an operator or `}`")) {
            return false;
        }
    }
    return entry.call == NULL || add_entry(kafel, policy, entry);
}

static bool
take_block(struct sp_kafel *kafel, struct sp_kafel_policy *policy)
{
    sp_verdict verdict;

    if (!sp_kafel_take_action(kafel, &verdict) || !sp_kafel_take(kafel, '{', "`{`")) {
        return false;
    }
    if (kafel->token.kind == '}') {
        return sp_kafel_next(kafel);
    }
    for (;;) {
        if (!take_rule(kafel, policy, verdict)) {
            return false;
        }
        if (kafel->token.kind != ',') {
            return sp_kafel_take(kafel, '}', "`,` or `}`");
        }
        if (!sp_kafel_next(kafel)) {
            return false;
        }
    }
}

static struct sp_kafel_policy *
find_policy(const struct sp_kafel *kafel, struct sp_str name)
{
    for (size_t i = 0; i < kafel->policies.count; i++) {
        if (sp_str_equal(kafel->policies.at[i]->name, name)) {
            return kafel->policies.at[i];
        }
    }
    return NULL;
}

static bool
fail_policy(struct sp_kafel *kafel, struct sp_span span)
{
    struct sp_str name = sp_kafel_text(kafel, span);
    struct sp_closest closest = sp_closest_to(name);
    char help[96];

    for (size_t i = 0; i < kafel->policies.count; i++) {
        const char *copy = sp_arena_copy(kafel->arena, kafel->policies.at[i]->name);
        if (copy != NULL) {
            sp_closest_offer(&closest, copy);
        }
    }
    (void)snprintf(help, sizeof help, "is it `%.64s`?",
                   closest.count > 0 ? closest.best[0].name : "");
    return sp_list_fail(kafel->report, kafel->source, span,
                        closest.count > 0 ? help : "define it before it is used",
                        "there is no policy `%.*s` up to here", SP_LIST_SHOWN(name));
}

/* "USE name", of which the first word is the token. */
static bool
take_use(struct sp_kafel *kafel, struct sp_kafel_policy *policy)
{
    struct sp_span span;
    struct sp_kafel_policy *used;

    if (!sp_kafel_next(kafel)) {
        return false;
    }
    span = kafel->token.span;
    if (!sp_kafel_take(kafel, SP_KAFEL_NAME, "the name of a policy")) {
        return false;
    }
    used = find_policy(kafel, sp_kafel_text(kafel, span));
    return used == NULL
        ? fail_policy(kafel, span)
        : add_entry(kafel, policy, (struct sp_kafel_entry){ .used = used, .span = span });
}

/* Blocks and uses, separated by comma. */
static bool
take_entries(struct sp_kafel *kafel, struct sp_kafel_policy *policy)
{
    for (;;) {
        bool is_read = kafel->token.kind == SP_KAFEL_USE ? take_use(kafel, policy)
                                                         : take_block(kafel, policy);
        if (!is_read) {
            return false;
        }
        if (kafel->token.kind != ',') {
            return true;
        }
        if (!sp_kafel_next(kafel)) {
            return false;
        }
    }
}

/* ---- statements ---------------------------------------------------------------------- */

static struct sp_kafel_policy *
new_policy(struct sp_kafel *kafel, struct sp_span name)
{
    struct sp_kafel_policy *policy = sp_arena_new(kafel->arena, struct sp_kafel_policy);
    struct sp_kafel_policy **place = sp_vec_push(kafel->arena, &kafel->policies);

    if (policy == NULL || place == NULL) {
        kafel->failed = true;
        return NULL;
    }
    *policy = (struct sp_kafel_policy){ .name = { .ptr = "" } };
    *place = policy;
    policy->name = sp_kafel_text(kafel, name);
    return policy;
}

/* "POLICY name { entries }", of which the first word is the token.  It cannot use itself:
 * its name is known behind it only. */
static bool
take_policy(struct sp_kafel *kafel)
{
    struct sp_kafel_policy body = { .name = { .ptr = "" } };
    struct sp_kafel_policy *policy;
    struct sp_span name;

    if (!sp_kafel_next(kafel)) {
        return false;
    }
    name = kafel->token.span;
    if (!sp_kafel_take(kafel, SP_KAFEL_NAME, "the name of the policy")
        || !sp_kafel_take(kafel, '{', "`{`")) {
        return false;
    }
    if (kafel->token.kind != '}' && !take_entries(kafel, &body)) {
        return false;
    }
    if (!sp_kafel_take(kafel, '}', "`,` or `}`")) {
        return false;
    }
    if (find_policy(kafel, sp_kafel_text(kafel, name)) != NULL) {
        return sp_list_fail(kafel->report, kafel->source, name, "give it another name",
                            "the policy `%.*s` stands there twice",
                            SP_LIST_SHOWN(sp_kafel_text(kafel, name)));
    }
    if (kafel->policies.count == SP_KAFEL_MANY) {
        return sp_list_fail(kafel->report, kafel->source, name, "is this the right file?",
                            "the text has more than %d policies", SP_KAFEL_MANY);
    }
    policy = new_policy(kafel, name);
    if (policy != NULL) {
        body.name = policy->name;
        *policy = body;
    }
    return policy != NULL;
}

static bool
take_default(struct sp_kafel *kafel)
{
    struct sp_span span = kafel->token.span;

    if (kafel->has_default) {
        return sp_list_fail(kafel->report, kafel->source, span, "remove one of them",
                            "there are two defaults");
    }
    kafel->has_default = true;
    return sp_kafel_next(kafel) && sp_kafel_take_action(kafel, &kafel->by_default);
}

static bool
take_statement(struct sp_kafel *kafel)
{
    switch (kafel->token.kind) {
    case '#':
        return sp_kafel_next(kafel) && sp_kafel_define(kafel);
    case SP_KAFEL_POLICY:
        return take_policy(kafel);
    case SP_KAFEL_DEFAULT:
        return take_default(kafel);
    case SP_KAFEL_INCLUDE:
        return sp_list_fail(kafel->report, kafel->source, kafel->token.span,
                            "put the text of the file in its place",
                            "another file is included, which is not read");
    default:
        break;
    }
    if (kafel->token.kind != SP_KAFEL_USE && !sp_kafel_is_action(kafel)) {
        return sp_kafel_unexpected(kafel, "POLICY, USE, DEFAULT, #define or an action");
    }
    return take_entries(kafel, &kafel->main);
}

bool
sp_kafel_statements(struct sp_kafel *kafel)
{
    if (!sp_kafel_next(kafel)) {
        return false;
    }
    do {
        if (!take_statement(kafel)) {
            return false;
        }
    } while (kafel->token.kind != SP_KAFEL_END);
    return true;
}
