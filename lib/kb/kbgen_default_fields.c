/* The fields of default profiles and of their series. */
#include "kb/kbgen.h"

#include "base/release.h"

#include <inttypes.h>
#include <stdlib.h>

KBGEN_FIELD(kbgen_date)
{
    if (!kbgen_is_text(row, node)) {
        return;
    }
    if (!kbgen_is_date(node->text.ptr)) {
        kbgen_fail(row->gen, row->file, node, "'%s' is no date such as \"2026-11-25\"",
                   node->text.ptr);
    }
    kbgen_text(row, field, node);
}

KBGEN_FIELD(kbgen_told)
{
    (void)field;
    if (node->kind != SP_NODE_ARRAY) {
        (void)kbgen_is_text(row, node);
    } else if (kbgen_is_list(row, node, false)) {
        for sp_node_each(each, node) {
            (void)kbgen_is_text(row, each);
        }
    }
}

static bool
stands_before(const struct sp_node *node)
{
    for (const struct sp_node *each = node->parent->first; each != node; each = each->next) {
        if (sp_str_equal(each->text, node->text) && each->next != node) {
            return true;
        }
    }
    return false;
}

/* Neighbours may be the same call: moby wrote `alarm` like that for a year, which is a fact. */
KBGEN_FIELD(kbgen_calls)
{
    (void)field;
    if (!kbgen_is_list(row, node, false)) {
        return;
    }
    for sp_node_each(each, node) {
        if (!kbgen_is_text(row, each)
            || kbgen_find(row, "sp_kb_syscalls", each, each->text) < 0) {
            continue;
        }
        if (stands_before(each)) {
            kbgen_fail(row->gen, row->file, each, "'%s' stands twice in this list",
                       each->text.ptr);
        }
    }
}

/* ---- lists that many share ----------------------------------------------------------- */

static bool
is_same(const struct sp_node *left, const struct sp_node *right)
{
    if (left->kind != right->kind || left->count != right->count
        || !sp_str_equal(left->text, right->text)) {
        return false;
    }
    const struct sp_node *other = right->first;
    for sp_node_each(each, left) {
        if (!sp_str_equal(each->key, other->key) || !is_same(each, other)) {
            return false;
        }
        other = other->next;
    }
    return true;
}

static const struct kbgen_shared *
find_shared(const struct kbgen *gen, const struct kbgen_part *part, const struct sp_node *list)
{
    for (size_t i = 0; i < gen->shared.count; i++) {
        const struct kbgen_shared *each = &gen->shared.at[i];
        if (each->part == part && is_same(each->list, list)) {
            return each;
        }
    }
    return NULL;
}

/* Has the rows of a list written unless an equal one was. */
static void
share(const struct kbgen_row *row, const struct kbgen_field *field, const struct sp_node *list,
      void (*write)(const struct kbgen_row *row, const struct sp_node *each))
{
    struct kbgen_part *part = kbgen_part_of(row->gen, field->to);
    const struct kbgen_shared *known = find_shared(row->gen, part, list);
    struct kbgen_range range = { .first = part->count };

    if (known != NULL) {
        kbgen_set_range(row, field, known->range);
        return;
    }
    for sp_node_each(each, list) {
        write(&(struct kbgen_row){ .gen = row->gen, .file = row->file, .node = each,
                                   .part = part, .index = part->count }, each);
    }
    range.count = part->count - range.first;
    struct kbgen_shared *place = sp_vec_push(&row->gen->arena, &row->gen->shared);
    if (place != NULL) {
        *place = (struct kbgen_shared){ .part = part, .list = list, .range = range };
    }
    kbgen_set_range(row, field, range);
}

static void
write_shared_row(const struct kbgen_row *row, const struct sp_node *each)
{
    (void)each;
    kbgen_write_row(row);
}

KBGEN_FIELD(kbgen_shared)
{
    if (kbgen_is_list(row, node, false)) {
        share(row, field, node, write_shared_row);
    }
}

static void
write_map(const struct kbgen_row *row, const struct sp_node *each)
{
    static const struct kbgen_field subs = {
        .key = "subs", .to = "sp_kb_arches", .may_be_empty = true,
    };
    long arch = kbgen_find(row, "sp_kb_arches", each, each->key);

    sp_buf_format(&row->part->out, "    { .arch = %ld, ", arch);
    kbgen_refs(row, &subs, each);
    sp_buf_text(&row->part->out, "},\n");
    row->part->count++;
}

KBGEN_FIELD(kbgen_archmap)
{
    if (kbgen_is_mapping(row, node)) {
        kbgen_check_twice(row->gen, row->file, node);
        share(row, field, node, write_map);
    }
}

/* ---- releases ------------------------------------------------------------------------ */

KBGEN_FIELD(kbgen_releases)
{
    (void)field;
    if (!kbgen_is_mapping(row, node)) {
        return;
    }
    if (node->count == 0) {
        kbgen_fail(row->gen, row->file, node, "no release has this content");
    }
    kbgen_check_twice(row->gen, row->file, node);
    for sp_node_each(series, node) {
        (void)kbgen_find(row, "sp_kb_all_series", series, series->key);
        if (!kbgen_is_list(row, series, false)) {
            continue;
        }
        for sp_node_each(each, series) {
            (void)kbgen_is_text(row, each);
        }
    }
}

struct release {
    const struct kbgen_file *file;
    const struct sp_node *version;
    size_t content;
};

struct releases {
    SP_VEC(struct release) all;
};

/* Equal ones as they were read, so that it is the later one that is refused. */
static int
compare_releases(const void *left, const void *right)
{
    const struct release *l = left;
    const struct release *r = right;
    int order = sp_release_compare(l->version->text, r->version->text);

    return order != 0 ? order : (l->content > r->content) - (l->content < r->content);
}

static void
find_releases(struct kbgen *gen, const char *series, struct releases *ret_releases)
{
    const struct kbgen_part *contents = kbgen_part_of(gen, "default contents");

    for (size_t i = 0; i < contents->rows.count; i++) {
        const struct sp_node *versions =
            sp_node_member(sp_node_member(contents->rows.at[i].node, "releases"), series);
        if (versions == NULL || versions->kind != SP_NODE_ARRAY) {
            continue;
        }
        for sp_node_each(each, versions) {
            struct release *place = sp_vec_push(&gen->arena, &ret_releases->all);
            if (place != NULL) {
                *place = (struct release){ contents->rows.at[i].file, each, i };
            }
        }
    }
}

static void
write_release(struct kbgen *gen, const struct release *release)
{
    struct kbgen_part *part = kbgen_part_of(gen, "sp_kb_releases");

    sp_buf_format(&part->out, "    { .version = %" PRIu32 ", .content = %zu },\n",
                  kbgen_intern(gen, release->version->text.ptr), release->content);
    part->count++;
}

KBGEN_FIELD(kbgen_released)
{
    const char *name = row->part->rows.at[row->index].name;
    struct kbgen_range range = { .first = kbgen_part_of(row->gen, "sp_kb_releases")->count };
    struct releases found = { .all = { .at = NULL } };

    (void)node;
    find_releases(row->gen, name, &found);
    if (found.all.count == 0) {
        kbgen_fail(row->gen, row->file, row->node, "no content lists a release of '%s'", name);
        return;
    }
    if (row->gen->arena.failed) {
        return;
    }
    qsort(found.all.at, found.all.count, sizeof *found.all.at, compare_releases);
    for (size_t i = 0; i < found.all.count; i++) {
        const struct release *each = &found.all.at[i];
        if (i > 0 && sp_release_compare(each[-1].version->text, each->version->text) == 0) {
            kbgen_fail(row->gen, each->file, each->version, "'%s' of %s stands twice",
                       each->version->text.ptr, name);
        }
        write_release(row->gen, each);
    }
    range.count = found.all.count;
    kbgen_set_range(row, field, range);
}
