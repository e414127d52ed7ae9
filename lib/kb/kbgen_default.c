/* Default profiles. */
#include "kb/kbgen.h"

#include <inttypes.h>
#include <string.h>

struct counts {
    size_t maps;
    size_t rules;
    size_t args;
};

struct parts {
    struct sp_buf profiles;
    struct sp_buf rules;
    struct sp_buf args;
    struct sp_buf maps;
    struct counts counts;
};

/* The helpers of rows write to `out`; parts are collected by lending it. */
static void
lend(struct kbgen *gen, struct sp_buf *part)
{
    struct sp_buf kept = gen->out;

    gen->out = *part;
    *part = kept;
}

static void
write_arg(const struct kbgen_row *row)
{
    static const struct kbgen_field fields[] = {
        { .key = "index", .type = KBGEN_NUMBER, .required = true },
        { .key = "value", .type = KBGEN_NUMBER, .required = true },
        { .key = "value-two", .member = "value_two", .type = KBGEN_NUMBER },
        { .key = "op", .type = KBGEN_TEXT, .required = true },
        { .key = NULL },
    };

    kbgen_write_row(row, fields);
}

static void
write_rule_args(const struct kbgen_row *rule, struct parts *parts)
{
    const struct sp_node *args = sp_node_member(rule->node, "args");
    size_t first = parts->counts.args;

    if (args == NULL) {
        return;
    }
    lend(rule->gen, &parts->args);
    for sp_node_each(node, args) {
        struct kbgen_row row = { .gen = rule->gen, .file = rule->file, .node = node };
        write_arg(&row);
        parts->counts.args++;
    }
    lend(rule->gen, &parts->args);
    sp_buf_format(&parts->rules, "    .args = { %zu, %zu },\n", first, parts->counts.args - first);
}

static void
write_rule(const struct kbgen_row *rule, struct parts *parts)
{
    static const struct kbgen_field fields[] = {
        { .key = "calls", .type = KBGEN_CALLS, .required = true },
        { .key = "errno", .member = "error", .type = KBGEN_NUMBER },
        { .key = "comment", .type = KBGEN_TEXT },
        { .key = "caps", .type = KBGEN_TEXTS },
        { .key = "arches", .type = KBGEN_TEXTS },
        { .key = "min-kernel", .member = "min_kernel", .type = KBGEN_TEXT },
        { .key = "not-caps", .member = "not_caps", .type = KBGEN_TEXTS },
        { .key = "not-arches", .member = "not_arches", .type = KBGEN_TEXTS },
        { .key = "action", .type = KBGEN_CUSTOM },
        { .key = "args", .type = KBGEN_CUSTOM },
        { .key = NULL },
    };
    const char *action = kbgen_text(rule->gen, rule->file, rule->node, "action", false);

    lend(rule->gen, &parts->rules);
    kbgen_write_row(rule, fields);
    if (sp_str_has_suffix(sp_buf_view(&rule->gen->out), "},\n")) {
        sp_buf_cut(&rule->gen->out, rule->gen->out.len - 3);
    }
    lend(rule->gen, &parts->rules);
    sp_buf_format(&parts->rules, ".action = %" PRIu32 ",\n",
                  kbgen_intern(rule->gen, *action == '\0' ? "ALLOW" : action));
    write_rule_args(rule, parts);
    sp_buf_text(&parts->rules, "    },\n");
    parts->counts.rules++;
}

static int
arch_index(const struct kbgen_row *row, struct sp_str name)
{
    const char *copy = sp_arena_copy(&row->gen->arena, name);
    int index = copy == NULL ? -1
                             : kbgen_find(row->gen->arches.at, row->gen->arches.count, copy);
    if (index < 0) {
        kbgen_fail(row->gen, row->file, row->node, "no architecture is called '%.*s'",
                   SP_STR_ARG(name));
    }
    return index;
}

static void
write_map(const struct kbgen_row *row, struct parts *parts)
{
    const struct sp_node *subs = sp_node_member(row->node, "subs");
    size_t first = row->gen->indices.count;
    struct sp_str arch = sp_str_of(kbgen_text(row->gen, row->file, row->node, "arch", true));

    if (subs != NULL) {
        for sp_node_each(sub, subs) {
            uint16_t *place = sp_vec_push(&row->gen->arena, &row->gen->indices);
            if (place != NULL) {
                *place = (uint16_t)arch_index(row, sub->text);
            }
        }
    }
    sp_buf_format(&parts->maps, "    { .arch = %d, .subs = { %zu, %zu } },\n",
                  arch_index(row, arch), first, row->gen->indices.count - first);
    parts->counts.maps++;
}

static void
write_profile(struct kbgen *gen, const struct kbgen_file *file, struct parts *parts)
{
    static const char *const texts[] = { "family", "release", "since", "sha256" };
    const struct sp_node *root = file->doc.root;
    const struct sp_node *fallback = sp_node_member(root, "default");
    struct counts before = parts->counts;

    for sp_node_each(node, kbgen_list(gen, file, "archmap")) {
        write_map(&(struct kbgen_row){ .gen = gen, .file = file, .node = node }, parts);
    }
    for sp_node_each(node, kbgen_list(gen, file, "rules")) {
        write_rule(&(struct kbgen_row){ .gen = gen, .file = file, .node = node }, parts);
    }
    sp_buf_text(&parts->profiles, "    { ");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        sp_buf_format(&parts->profiles, ".%s = %" PRIu32 ", ", texts[i],
                      kbgen_intern(gen, kbgen_text(gen, file, root, texts[i], true)));
    }
    sp_buf_format(&parts->profiles,
                  ".action = %" PRIu32 ", .error = %" PRIu64
                  ", .maps = { %zu, %zu }, .rules = { %zu, %zu } },\n",
                  kbgen_intern(gen, kbgen_text(gen, file, fallback, "action", true)),
                  kbgen_number(gen, file, fallback, "errno", false, 0), before.maps,
                  parts->counts.maps - before.maps, before.rules,
                  parts->counts.rules - before.rules);
}

static void
append(struct kbgen *gen, const char *head, struct sp_buf *part)
{
    sp_buf_text(&gen->out, head);
    sp_buf_add(&gen->out, sp_buf_view(part));
    sp_buf_text(&gen->out, "};\n\n");
    gen->out.failed |= part->failed;
    sp_buf_free(part);
}

static void
collect_arches(struct kbgen *gen)
{
    struct kbgen_files files = kbgen_load(gen, "arches.yaml");

    for (size_t i = 0; i < files.list.count; i++) {
        for sp_node_each(node, kbgen_list(gen, &files.list.at[i], "arches")) {
            const char **place = sp_vec_push(&gen->arena, &gen->arches);
            if (place != NULL) {
                *place = kbgen_text(gen, &files.list.at[i], node, "name", true);
            }
        }
    }
}

void
kbgen_write_defaults(struct kbgen *gen)
{
    struct kbgen_files files = kbgen_load(gen, "defaults/");
    struct parts parts = { .counts = { 0 } };

    collect_arches(gen);
    for (size_t i = 0; i < files.list.count; i++) {
        write_profile(gen, &files.list.at[i], &parts);
    }
    append(gen, "const struct sp_kb_default_map sp_kb_default_maps[] = {\n", &parts.maps);
    append(gen, "const struct sp_kb_default_arg sp_kb_default_args[] = {\n", &parts.args);
    append(gen, "const struct sp_kb_default_rule sp_kb_default_rules[] = {\n", &parts.rules);
    append(gen, "const struct sp_kb_default sp_kb_defaults[] = {\n", &parts.profiles);
    sp_buf_format(&gen->out, "const size_t sp_kb_defaults_count = %zu;\n\n", files.list.count);
}
