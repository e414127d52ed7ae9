#include "format/spo_read.h"

#include "text/json_read.h"
#include "text/yaml_read.h"

#include <string.h>

/* ---- one document of several ----------------------------------------------------------- */

/* The part of a text up to the next line that begins a document; `rest` loses it. */
static struct sp_str
next_document(struct sp_str *rest)
{
    struct sp_str all = *rest;
    struct sp_str line;

    while (sp_str_next(rest, "\n", &line)) {
        if (line.ptr != all.ptr && sp_str_has_prefix(line, "---")) {
            *rest = (struct sp_str){
                .ptr = line.ptr, .len = (size_t)(all.ptr + all.len - line.ptr),
            };
            return sp_str_slice(all, 0, (size_t)(line.ptr - all.ptr));
        }
    }
    return all;
}

static bool
is_spo(struct sp_str document)
{
    struct sp_str line;

    while (sp_str_next(&document, "\n", &line)) {
        if (sp_str_is(sp_str_trim(line), "kind: SeccompProfile")
            && sp_str_has_prefix(line, "kind")) {
            return true;
        }
    }
    return false;
}

/* The one document with a profile among several; empty when there is none to choose. */
static struct sp_str
find_document(struct sp_str text)
{
    struct sp_str rest = text;
    struct sp_str found = SP_STR("");
    unsigned profiles = 0;
    unsigned documents = 0;

    while (rest.len > 0) {
        struct sp_str document = next_document(&rest);
        if (is_spo(document)) {
            found = document;
            profiles++;
        }
        documents++;
    }
    return documents > 1 && profiles == 1 ? found : SP_STR("");
}

/* The text with spaces for all but one document: every place stays where it is. */
static const struct sp_source *
blanked(struct sp_arena *arena, const struct sp_source *source, struct sp_str document)
{
    struct sp_source *copy = sp_arena_new(arena, struct sp_source);
    char *text = sp_arena_copy(arena, source->text);
    size_t start = (size_t)(document.ptr - source->text.ptr);

    if (copy == NULL || text == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < source->text.len; i++) {
        if ((i < start || i >= start + document.len) && text[i] != '\n') {
            text[i] = ' ';
        }
    }
    *copy = *source;
    copy->text.ptr = text;
    return copy;
}

static void
put_back(struct sp_report *report, const struct sp_source *copy, const struct sp_source *source)
{
    for (size_t i = 0; i < report->diags.count; i++) {
        if (report->diags.at[i]->place.source == copy) {
            report->diags.at[i]->place.source = source;
        }
    }
}

bool
sp_spo_read_yaml(struct sp_arena *arena, const struct sp_source *source,
                 const struct sp_doc_limits *limits, struct sp_report *report,
                 struct sp_doc *ret_doc)
{
    struct sp_str document = find_document(source->text);

    if (document.len == 0) {
        return sp_yaml_read(arena, source, limits, report, ret_doc);
    }
    const struct sp_source *copy = blanked(arena, source, document);
    if (copy == NULL) {
        report->failed = true;
        return false;
    }
    bool is_read = sp_yaml_read(arena, copy, limits, report, ret_doc);
    put_back(report, copy, source);
    if (is_read) {
        ret_doc->source = source;
    }
    return is_read;
}

/* ---- the profile in the object --------------------------------------------------------- */

/* Source: api/profilebase/v1/ and api/profilebase/v1alpha1/ (SpecBase).  Kubernetes drops
 * what the schema does not have, such as the number of the default action. */
static bool
is_operators(struct sp_str key)
{
    static const char *const keys[] = { "baseProfileName", "defaultErrnoRet", "disabled", "state" };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (sp_str_is(key, keys[i])) {
            return true;
        }
    }
    return false;
}

static void
remove_keys(struct sp_node *spec)
{
    struct sp_node **place = &spec->first;
    uint32_t count = 0;

    for (struct sp_node *member = spec->first; member != NULL; member = member->next) {
        if (!is_operators(member->key)) {
            member->index = count++;
            *place = member;
            place = &member->next;
        }
    }
    *place = NULL;
    spec->count = count;
}

/* The tree is the caller's own: what the reader gives away as constant may be changed here. */
static struct sp_node *
child_with(struct sp_node *object, const char *key)
{
    struct sp_node *found = NULL;

    for (struct sp_node *member = object->first; member != NULL; member = member->next) {
        if (sp_str_is(member->key, key)) {
            found = member;
        }
    }
    return found;
}

static void
read_errno(struct sp_node *rule)
{
    struct sp_node *error = child_with(rule, "errnoRet");
    uint64_t value;

    if (error != NULL && error->kind == SP_NODE_STRING && sp_str_to_decimal(error->text, &value)) {
        error->kind = SP_NODE_NUMBER;
    }
}

static void
read_errnos(struct sp_node *spec)
{
    struct sp_node *rules = child_with(spec, "syscalls");

    if (rules == NULL || rules->kind != SP_NODE_ARRAY) {
        return;
    }
    for (struct sp_node *rule = rules->first; rule != NULL; rule = rule->next) {
        if (rule->kind == SP_NODE_OBJECT) {
            read_errno(rule);
        }
    }
}

static bool
is_version_one(const struct sp_node *root)
{
    const struct sp_node *version = sp_node_member(root, "apiVersion");

    return version != NULL && sp_str_has_suffix(version->text, "/v1");
}

/* The rules of another profile are added to those of the spec. */
static bool
check_base(const struct sp_doc *doc, const struct sp_node *spec, struct sp_report *report)
{
    const struct sp_node *base = sp_node_member(spec, "baseProfileName");

    if (base == NULL || base->kind == SP_NODE_NULL || sp_node_is_string(base, "")) {
        return true;
    }
    struct sp_diag *diag = sp_report_add(
        report, SP_CODE_SYNTAX, sp_at_node(doc, base),
        "the operator adds the rules of another profile, `%.*s`: this text alone does not say what it "
        "means", SP_STR_ARG(base->text));
    sp_report_help(report, diag, "write the rules of both into one profile without baseProfileName");
    return false;
}

/* What engines read and the operator's schema has not. */
static void
tell_dropped(const struct sp_doc *doc, const struct sp_node *spec, struct sp_report *report)
{
    enum { UNKNOWN_KEY = 103 };
    const struct sp_node *error = sp_node_member(spec, "defaultErrnoRet");

    if (error != NULL) {
        struct sp_diag *diag = sp_report_add(
            report, UNKNOWN_KEY, sp_at_key(doc, error),
            "the operator has no key `defaultErrnoRet`: Kubernetes drops it, and calls that no rule "
            "names get EPERM");
        sp_report_help(report, diag, "name the calls that are to get another number in a rule");
    }
}

static void
check_arches(const struct sp_doc *doc, const struct sp_node *spec, struct sp_report *report)
{
    enum { UNKNOWN_ARCHITECTURE = 111 };
    static const char *const missing[] = { "SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K", "SCMP_ARCH_SH",
                                           "SCMP_ARCH_SHEB" };
    const struct sp_node *list = sp_node_member(spec, "architectures");

    if (list == NULL || list->kind != SP_NODE_ARRAY) {
        return;
    }
    for sp_node_each(word, list) {
        for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
            if (sp_node_is_string(word, missing[i])) {
                struct sp_diag *diag = sp_report_add(
                    report, UNKNOWN_ARCHITECTURE, sp_at_node(doc, word),
                    "the operator knows no architecture `%s`: Kubernetes refuses the object",
                    missing[i]);
                sp_report_help(report, diag, "a machine's own architecture need not be named");
            }
        }
    }
}

bool
sp_spo_read(struct sp_doc *doc, const struct sp_detected *detected, struct sp_report *report)
{
    struct sp_node *spec = child_with(doc->root, "spec");

    if (spec == NULL || spec != detected->profile || !check_base(doc, spec, report)) {
        return spec == NULL || spec != detected->profile;
    }
    tell_dropped(doc, spec, report);
    check_arches(doc, spec, report);
    remove_keys(spec);
    if (!is_version_one(doc->root)) {
        read_errnos(spec);
    }
    return true;
}
