#include "lint/form_errno.h"
#include "lint/form_group.h"
#include "lint/form_numbers.h"
#include "lint/form_rules.h"
#include "lint/form_text.h"

#include <string.h>

/* ---- SP105: the value itself --------------------------------------------------------- */

static bool
is_kernel_version(struct sp_str text)
{
    size_t dots = 0;

    for (size_t i = 0; i < text.len; i++) {
        dots += text.ptr[i] == '.';
        if (text.ptr[i] != '.' && (text.ptr[i] < '0' || text.ptr[i] > '9')) {
            return false;
        }
    }
    return dots == 1;
}

/* A list is meant, and one element of it is given: "mkdir", {...}. */
static bool
is_single_element(const struct sp_field *field, const struct sp_node *node)
{
    if (field->type == SP_FIELD_STRINGS) {
        return node->kind == SP_NODE_STRING && node->text.len > 0
            && memchr(node->text.ptr, ' ', node->text.len) == NULL
            && memchr(node->text.ptr, ',', node->text.len) == NULL;
    }
    return field->type == SP_FIELD_OBJECTS && node->kind == SP_NODE_OBJECT && node->count > 0;
}

static void
wrap(const struct sp_lint *lint, struct sp_diag *diag, struct sp_span span)
{
    struct sp_span start = { .start = span.start, .end = span.start };
    struct sp_span end = { .start = span.end, .end = span.end };

    sp_report_edit(lint->report, diag, start, "[");
    sp_report_edit(lint->report, diag, end, "]");
}

/* What to write instead, where that is certain. */
static void
help_type(const struct sp_lint *lint, struct sp_diag *diag, const struct sp_field *field,
          const struct sp_node *node)
{
    const char *readers = sp_form_readers_text(field->readers & sp_form_readers(lint));

    if (is_single_element(field, node)) {
        sp_report_help(lint->report, diag,
                       "write it in brackets: a file without is refused by %s", readers);
        wrap(lint, diag, node->span);
    } else if (field->type == SP_FIELD_OBJECT && node->kind == SP_NODE_ARRAY
               && node->count == 0) {
        sp_report_help(lint->report, diag, "write {}, or leave it out: [] is refused by %s",
                       readers);
        sp_report_edit(lint->report, diag, node->span, "{}");
    } else if (strcmp(field->key, "minKernel") == 0 && node->kind == SP_NODE_NUMBER
               && is_kernel_version(node->text)) {
        sp_report_help(lint->report, diag,
                       "write it in quotes: a file without is refused by %s", readers);
        sp_report_edit(lint->report, diag, node->span, "\"%.*s\"", SP_STR_ARG(node->text));
    } else {
        sp_report_help(lint->report, diag, "write %s: this file is refused by %s",
                       sp_fields_type_text(field->type), readers);
    }
}

static void
tell_type(const struct sp_lint *lint, const struct sp_field *field, const struct sp_node *node)
{
    struct sp_diag *diag = sp_report_add(
        lint->report, 105, sp_at_node(lint->doc, node), "`%s` must be %s, not %s", field->key,
        sp_fields_type_text(field->type), sp_form_show_value(lint, node));

    help_type(lint, diag, field, node);
}

/* ---- SP105: the elements of a list --------------------------------------------------- */

/* Lists are told of once, however many of their elements are wrong. */
static void
check_elements(const struct sp_lint *lint, const struct sp_field *field,
               const struct sp_node *array, enum sp_node_kind wanted)
{
    const struct sp_node *first = NULL;
    size_t count = 0;

    for sp_node_each(element, array) {
        if (element->kind != wanted && element->kind != SP_NODE_NULL) {
            first = first == NULL ? element : first;
            count++;
        }
    }
    if (first == NULL) {
        return;
    }

    struct sp_diag *diag = sp_report_add(
        lint->report, 105, sp_at_node(lint->doc, first), "`%s` must be %s, but holds %s",
        field->key, sp_fields_type_text(field->type), sp_form_show_value(lint, first));
    if (count > 1) {
        sp_report_label(lint->report, diag, "%zu entries are of a wrong type", count);
    }
    sp_report_help(lint->report, diag, "write %s there: this file is refused by %s",
                   wanted == SP_NODE_STRING ? "a string" : "an object",
                   sp_form_readers_text(field->readers & sp_form_readers(lint)));
}

/* ---- SP105: one value ---------------------------------------------------------------- */

static void
check_list(const struct sp_lint *lint, const struct sp_field *field, const struct sp_node *node,
           enum sp_node_kind wanted)
{
    if (node->kind == SP_NODE_ARRAY) {
        check_elements(lint, field, node, wanted);
    } else {
        tell_type(lint, field, node);
    }
}

static void
check_kind(const struct sp_lint *lint, const struct sp_field *field, const struct sp_node *node,
           enum sp_node_kind wanted)
{
    if (node->kind != wanted) {
        tell_type(lint, field, node);
    }
}

static void
check_value(const struct sp_lint *lint, const struct sp_field *field,
            const struct sp_node *node)
{
    switch (field->type) {
    case SP_FIELD_STRING:
        check_kind(lint, field, node, SP_NODE_STRING);
        break;
    case SP_FIELD_U32:
    case SP_FIELD_U64:
        sp_form_check_number(lint, field, node);
        break;
    case SP_FIELD_STRINGS:
        check_list(lint, field, node, SP_NODE_STRING);
        break;
    case SP_FIELD_OBJECT:
        check_kind(lint, field, node, SP_NODE_OBJECT);
        break;
    case SP_FIELD_OBJECTS:
        check_list(lint, field, node, SP_NODE_OBJECT);
        break;
    case SP_FIELD_ANY:
        break;
    }
}

/* The field of a member that somebody reads; NULL when nobody does. */
static const struct sp_field *
read_field(const struct sp_lint *lint, enum sp_object object, const struct sp_node *member)
{
    const struct sp_field *field = sp_field_find(object, member->key);

    return field != NULL && (field->readers & sp_form_readers(lint)) != 0 ? field : NULL;
}

static void
visit_types(void *user, enum sp_object object, const struct sp_node *node)
{
    const struct sp_lint *lint = *(const struct sp_lint *const *)user;

    for sp_node_each(member, node) {
        const struct sp_field *field = read_field(lint, object, member);
        if (field != NULL && member->kind != SP_NODE_NULL) {
            check_value(lint, field, member);
        }
    }
}

/* ---- SP105: null as a value ---------------------------------------------------------- */

/* Go writes an empty list as null, and so do Docker's and Podman's own default profiles. */
static bool
is_usual_null(const struct sp_field *field)
{
    return strcmp(field->key, "args") == 0 || strcmp(field->key, "subArchitectures") == 0;
}

/* Null where a key is required is told by the rule that misses the key. */
static void
visit_nulls(void *user, enum sp_object object, const struct sp_node *node)
{
    struct sp_form_finds *finds = user;

    for sp_node_each(member, node) {
        const struct sp_field *field = read_field(finds->lint, object, member);
        if (field != NULL && member->kind == SP_NODE_NULL && field->type != SP_FIELD_ANY
            && !sp_form_is_required(object, member->key) && !is_usual_null(field)) {
            sp_form_add(finds, object, member);
        }
    }
}

static void
tell_null(const struct sp_lint *lint, const struct sp_form_group *group)
{
    const struct sp_node *first = group->at[0].node;
    const struct sp_field *field = sp_field_find(group->object, first->key);
    bool counts = group->object == SP_OBJECT_ARG;
    struct sp_diag *diag = sp_report_add(
        lint->report, 105, sp_at_node(lint->doc, first), "`%s` is null%s: %s", field->key,
        sp_form_times(lint, group), counts ? "engines count it as 0"
                                           : "for engines the key is not there");

    diag->severity = counts ? SP_SEVERITY_WARNING : SP_SEVERITY_INFO;
    sp_report_help(lint->report, diag, "leave it out, or write %s", sp_fields_type_text(field->type));
    sp_form_relate(lint, diag, group);
}

void
sp_form_wrong_types(const struct sp_lint *lint)
{
    sp_fields_walk(lint->profile->node, visit_types, &lint);
    sp_form_gather(lint, visit_nulls, tell_null);
    sp_form_errno_words(lint);
}

/* ---- SP118 --------------------------------------------------------------------------- */

/* What comes of null in a list; measured with Docker's and containers-common's packages and
 * with dockerd 20.10. */
static const char *
null_text(const char *key)
{
    static const struct {
        const char *key;
        const char *text;
    } texts[] = {
        { "args", "Podman crashes on it" },
        { "names", "runc takes it as an empty name and does not start" },
        { "syscalls", "Docker crashes on it, and its client waits for ever" },
    };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(key, texts[i].key) == 0) {
            return texts[i].text;
        }
    }
    return "engines take it as an empty word";
}

static void
check_nulls(const struct sp_lint *lint, const struct sp_field *field,
            const struct sp_node *array)
{
    const struct sp_node *first = NULL;
    size_t count = 0;

    for sp_node_each(element, array) {
        if (element->kind == SP_NODE_NULL) {
            first = first == NULL ? element : first;
            count++;
        }
    }
    if (first == NULL) {
        return;
    }

    struct sp_diag *diag = sp_report_add(lint->report, 118, sp_at_node(lint->doc, first),
                                         "`%s` holds null: %s", field->key,
                                         null_text(field->key));
    if (count > 1) {
        sp_report_help(lint->report, diag, "remove it, and %zu more", count - 1);
    } else {
        sp_report_help(lint->report, diag, "remove it");
    }
}

static void
visit_lists(void *user, enum sp_object object, const struct sp_node *node)
{
    const struct sp_lint *lint = *(const struct sp_lint *const *)user;

    for sp_node_each(member, node) {
        const struct sp_field *field = read_field(lint, object, member);
        if (field != NULL && member->kind == SP_NODE_ARRAY && field->type != SP_FIELD_ANY) {
            check_nulls(lint, field, member);
        }
    }
}

void
sp_form_null_entries(const struct sp_lint *lint)
{
    sp_fields_walk(lint->profile->node, visit_lists, &lint);
}
