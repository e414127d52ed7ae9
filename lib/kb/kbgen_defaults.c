/* Default profiles: a content is written in whole, or as changes to another one.  The fields of
 * all were checked when this begins; what is left to find are changes that do not fit. */
#include "kb/kbgen_defaults.h"

#include "base/closest.h"

#include <inttypes.h>
#include <string.h>

struct contents {
    struct kbgen_content *at;
    size_t count;
};

long
kbgen_field_index(const struct kbgen_field *fields, struct sp_str key)
{
    for (size_t i = 0; fields[i].write != NULL; i++) {
        if (sp_str_is(key, fields[i].key)) {
            return (long)i;
        }
    }
    return -1;
}

/* ---- contents ------------------------------------------------------------------------ */

/* "moby" of "data/defaults/moby.yaml" */
static struct sp_str
line_of(const struct kbgen_file *file)
{
    const char *name = strrchr(file->path, '/') + 1;

    return sp_str_slice(sp_str_of(name), 0, strlen(name) - strlen(".yaml"));
}

static bool
is_content(const struct kbgen_content *content, struct sp_str line, struct sp_str id)
{
    return sp_str_equal(content->line, line) && sp_str_equal(content->id, id);
}

static struct kbgen_content *
find_content(const struct contents *all, struct sp_str line, struct sp_str id)
{
    for (size_t i = 0; i < all->count; i++) {
        if (is_content(&all->at[i], line, id)) {
            return &all->at[i];
        }
    }
    return NULL;
}

static struct contents
collect(struct kbgen *gen)
{
    const struct kbgen_part *part = kbgen_part_of(gen, "default contents");
    struct contents all = {
        .at = sp_arena_new_array(&gen->arena, part->rows.count, struct kbgen_content),
    };

    for (size_t i = 0; i < part->rows.count && all.at != NULL; i++) {
        const struct kbgen_source *source = &part->rows.at[i];
        struct sp_str id = sp_node_member(source->node, "id")->text;
        struct sp_str line = line_of(source->file);
        if (find_content(&all, line, id) != NULL) {
            kbgen_fail(gen, source->file, sp_node_member(source->node, "id"),
                       "'%s' stands twice", id.ptr);
        }
        all.at[all.count++] = (struct kbgen_content){
            .file = source->file, .node = source->node, .line = line, .id = id,
        };
    }
    return all;
}

/* ---- rules --------------------------------------------------------------------------- */

static void
take_values(const struct kbgen_content *content, const struct kbgen_field *fields,
            const struct sp_node *node, struct kbgen_setting *values)
{
    for (size_t i = 0; fields[i].write != NULL; i++) {
        const struct sp_node *value = sp_node_member(node, fields[i].key);
        if (value != NULL) {
            values[i] = (struct kbgen_setting){ .file = content->file, .node = value };
        }
    }
}

bool
kbgen_insert_rule(struct kbgen *gen, struct kbgen_content *content, size_t at,
                  struct sp_str id, const struct sp_node *node)
{
    if (sp_vec_push(&gen->arena, &content->rules) == NULL) {
        return false;
    }
    struct kbgen_rule *rule = &content->rules.at[at];
    memmove(rule + 1, rule, (content->rules.count - 1 - at) * sizeof *rule);
    *rule = (struct kbgen_rule){ .id = id };
    for sp_node_each(each, sp_node_member(node, "calls")) {
        kbgen_add(gen, &rule->calls, (size_t)kbgen_peek(gen, "sp_kb_syscalls", each->text));
    }
    take_values(content, kbgen_rule_fields, node, rule->values);
    return !gen->arena.failed;
}

static void
take_rules(struct kbgen *gen, struct kbgen_content *content, const struct sp_node *rules)
{
    for sp_node_each(each, rules) {
        if (!kbgen_insert_rule(gen, content, content->rules.count,
                               sp_node_member(each, "id")->text, each)) {
            return;
        }
    }
}

static void
take_over(struct kbgen *gen, struct kbgen_content *content, const struct kbgen_content *from)
{
    memcpy(content->shape, from->shape, sizeof content->shape);
    for (size_t i = 0; i < from->rules.count; i++) {
        const struct kbgen_list *calls = &from->rules.at[i].calls;
        struct kbgen_rule *rule = sp_vec_push(&gen->arena, &content->rules);
        if (rule == NULL) {
            return;
        }
        *rule = from->rules.at[i];
        rule->calls = (struct kbgen_list){ .values = { .at = NULL } };
        for (size_t n = 0; n < calls->values.count; n++) {
            kbgen_add(gen, &rule->calls, calls->values.at[n]);
        }
    }
}

/* ---- from one to the next ------------------------------------------------------------ */

static void
fail_from(struct kbgen *gen, const struct contents *all, const struct kbgen_content *content,
          const struct sp_node *from, struct sp_str line, struct sp_str id)
{
    struct sp_closest closest = sp_closest_to(id);

    for (size_t i = 0; i < all->count; i++) {
        if (sp_str_equal(all->at[i].line, line)) {
            sp_closest_offer(&closest, all->at[i].id.ptr);
        }
    }
    if (closest.count > 0) {
        kbgen_fail(gen, content->file, from, "no content of %.*s is called '%.*s'; '%s' is",
                   SP_STR_ARG(line), SP_STR_ARG(id), closest.best[0].name);
    } else {
        kbgen_fail(gen, content->file, from, "no content of %.*s is called '%.*s'",
                   SP_STR_ARG(line), SP_STR_ARG(id));
    }
}

/* "20.10.4" of the same file, or "moby/20.10.4". */
static struct kbgen_content *
find_from(struct kbgen *gen, const struct contents *all, const struct kbgen_content *content,
          const struct sp_node *from)
{
    struct sp_str line = content->line;
    struct sp_str id = from->text;
    const char *slash = strchr(from->text.ptr, '/');

    if (slash != NULL) {
        (void)sp_str_next(&id, "/", &line);
    }
    struct kbgen_content *found = find_content(all, line, id);
    if (found == NULL) {
        fail_from(gen, all, content, from, line, id);
    } else if (found->progress == KBGEN_UNDERWAY) {
        kbgen_fail(gen, content->file, from, "'%s' is made of this content in turn",
                   from->text.ptr);
        return NULL;
    }
    return found;
}

static void
check_whole(struct kbgen *gen, const struct kbgen_content *content)
{
    static const char *const needed[] = { "style", "default" };

    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        long field = kbgen_field_index(kbgen_shape_fields, sp_str_of(needed[i]));
        if (content->shape[field].node == NULL) {
            kbgen_fail(gen, content->file, content->node, "'%s' is missing", needed[i]);
        }
    }
}

/* Its rules and values, and those of the contents that it is made of before. */
static void
make_content(struct kbgen *gen, struct contents *all, struct kbgen_content *content)
{
    const struct sp_node *from = sp_node_member(content->node, "from");
    const struct sp_node *rules = sp_node_member(content->node, "rules");
    const struct sp_node *changes = sp_node_member(content->node, "changes");

    if (content->progress == KBGEN_DONE) {
        return;
    }
    content->progress = KBGEN_UNDERWAY;
    if ((from == NULL) == (rules == NULL) || (from == NULL && changes != NULL)) {
        kbgen_fail(gen, content->file, content->node,
                   "'%s' has neither 'rules' alone nor 'from' with 'changes'", content->id.ptr);
    } else if (rules != NULL) {
        take_rules(gen, content, rules);
    } else {
        struct kbgen_content *before = find_from(gen, all, content, from);
        if (before != NULL) {
            make_content(gen, all, before);
            take_over(gen, content, before);
        }
    }
    take_values(content, kbgen_shape_fields, content->node, content->shape);
    if (!gen->failed && !gen->arena.failed) {
        kbgen_make_changes(gen, content);
        check_whole(gen, content);
    }
    content->progress = KBGEN_DONE;
}

/* ---- rows ---------------------------------------------------------------------------- */

static void
write_values(const struct kbgen_row *row, const struct kbgen_field *fields,
             const struct kbgen_setting *values)
{
    struct kbgen_row value_row = *row;

    for (size_t i = 0; fields[i].write != NULL; i++) {
        value_row.file = values[i].node == NULL ? row->file : values[i].file;
        if (values[i].node != NULL || fields[i].fallback != NULL) {
            fields[i].write(&value_row, &fields[i], values[i].node);
        }
    }
}

static void
write_rule(const struct kbgen_row *row, const struct kbgen_rule *rule)
{
    static const struct kbgen_field calls = { .key = "calls" };

    sp_buf_text(&row->part->out, "    { ");
    kbgen_set_range(row, &calls, kbgen_put(row->gen, &row->gen->indices, &rule->calls));
    write_values(row, kbgen_rule_fields, rule->values);
    sp_buf_text(&row->part->out, "},\n");
    row->part->count++;
}

static struct kbgen_range
write_rules(struct kbgen *gen, const struct kbgen_content *content)
{
    struct kbgen_part *part = kbgen_part_of(gen, "sp_kb_default_rules");
    struct kbgen_range range = { .first = part->count, .count = content->rules.count };

    for (size_t i = 0; i < content->rules.count; i++) {
        write_rule(&(struct kbgen_row){ .gen = gen, .file = content->file,
                                        .node = content->node, .part = part },
                   &content->rules.at[i]);
    }
    return range;
}

static void
write_content(struct kbgen *gen, const struct kbgen_content *content)
{
    static const struct kbgen_field line = { .key = "line" };
    static const struct kbgen_field rules = { .key = "rules" };
    const char *name = sp_arena_copy(&gen->arena, content->line);
    struct kbgen_row row = {
        .gen = gen, .file = content->file, .node = content->node,
        .part = kbgen_part_of(gen, "sp_kb_defaults"),
    };

    sp_buf_text(&row.part->out, "    { ");
    kbgen_set(&row, &line, "%" PRIu32, kbgen_intern(gen, name));
    kbgen_write_fields(&row, kbgen_content_fields);
    write_values(&row, kbgen_shape_fields, content->shape);
    kbgen_set_range(&row, &rules, write_rules(gen, content));
    sp_buf_text(&row.part->out, "},\n");
    row.part->count++;
}

void
kbgen_write_defaults(struct kbgen *gen)
{
    struct contents all = collect(gen);

    for (size_t i = 0; i < all.count && !gen->failed && !gen->arena.failed; i++) {
        make_content(gen, &all, &all.at[i]);
    }
    for (size_t i = 0; i < all.count && !gen->failed && !gen->arena.failed; i++) {
        write_content(gen, &all.at[i]);
    }
}
