/* System call numbers: a column for each table of numbers, and the way back. */
#include "kb/kbgen.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A real column has numbers for hundreds of calls. One that no architecture of arches.yaml has,
 * and few calls, is a misspelt one. */
enum { FEW = 10 };

static const char *const calls_name = "sp_kb_syscalls";
static const char *const columns_name = "sp_kb_tables";

static const struct sp_node *
numbers_of(const struct kbgen_source *call)
{
    const struct sp_node *numbers = sp_node_member(call->node, "numbers");

    return numbers != NULL && numbers->kind == SP_NODE_OBJECT ? numbers : NULL;
}

/* A call's number in a column; SP_KB_NO_NUMBER when it has none. */
static long
number_in(const struct kbgen_source *call, const char *column)
{
    const struct sp_node *numbers = numbers_of(call);
    const struct sp_node *node = numbers == NULL ? NULL : sp_node_member(numbers, column);
    uint64_t value;

    if (node == NULL || node->kind != SP_NODE_NUMBER
        || sp_node_u64(node, &value) != SP_NUMBER_OK) {
        return -1;
    }
    return (long)(value & INT32_MAX);
}

/* ---- columns ------------------------------------------------------------------------- */

static int
compare_texts(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* Rows are in byte order, so that a new call does not move them. */
void
kbgen_collect_columns(struct kbgen *gen)
{
    const struct kbgen_part *calls = kbgen_part_of(gen, calls_name);
    struct kbgen_part *columns = kbgen_part_of(gen, columns_name);
    SP_VEC(const char *) all = { .at = NULL };

    for (size_t i = 0; i < calls->rows.count; i++) {
        const struct sp_node *numbers = numbers_of(&calls->rows.at[i]);
        for (const struct sp_node *each = numbers == NULL ? NULL : numbers->first; each != NULL;
             each = each->next) {
            const char **place = sp_vec_push(&gen->arena, &all);
            if (place != NULL) {
                *place = each->key.ptr;
            }
        }
    }
    if (all.count > 0) {
        qsort(all.at, all.count, sizeof *all.at, compare_texts);
    }
    for (size_t i = 0; i < all.count; i++) {
        if (i == 0 || strcmp(all.at[i - 1], all.at[i]) != 0) {
            kbgen_add_name(gen, columns, all.at[i], columns->names.count);
        }
    }
}

static bool
has_arch(struct kbgen *gen, const char *column)
{
    const struct kbgen_part *arches = kbgen_part_of(gen, "sp_kb_arches");

    for (size_t i = 0; i < arches->rows.count; i++) {
        if (sp_node_is_string(sp_node_member(arches->rows.at[i].node, "numbers"), column)) {
            return true;
        }
    }
    return false;
}

static void
check_column(struct kbgen *gen, const char *column)
{
    const struct kbgen_part *calls = kbgen_part_of(gen, calls_name);
    const struct kbgen_source *last = NULL;
    size_t count = 0;

    for (size_t i = 0; i < calls->rows.count; i++) {
        if (number_in(&calls->rows.at[i], column) >= 0) {
            last = &calls->rows.at[i];
            count++;
        }
    }
    if (last != NULL && count < FEW && !has_arch(gen, column)) {
        kbgen_fail_key(gen, last->file, sp_node_member(numbers_of(last), column),
                       "no architecture has the numbers '%s', and hardly any call", column);
    }
}

KBGEN_FIELD(kbgen_columns)
{
    uint64_t value;

    (void)field;
    if (!kbgen_is_mapping(row, node)) {
        return;
    }
    for sp_node_each(each, node) {
        (void)kbgen_is_number(row, each, INT32_MAX, &value);
    }
}

/* ---- tables -------------------------------------------------------------------------- */

struct numbered {
    long number;
    uint32_t call;
};

static int
compare_numbers(const void *left, const void *right)
{
    const struct numbered *l = left;
    const struct numbered *r = right;

    if (l->number != r->number) {
        return (l->number > r->number) - (l->number < r->number);
    }
    return (l->call > r->call) - (l->call < r->call);
}

static void
check_same(struct kbgen *gen, const struct kbgen_part *calls, const char *column,
           const struct numbered *before, const struct numbered *now)
{
    const struct kbgen_source *call = &calls->rows.at[now->call];

    if (before->number == now->number) {
        kbgen_fail(gen, call->file, sp_node_member(numbers_of(call), column),
                   "number %ld is that of '%s', too", now->number,
                   calls->rows.at[before->call].name);
    }
}

/* The calls of a column in the order of their numbers. */
static void
add_by_number(struct kbgen *gen, const struct kbgen_part *calls, const char *column,
              struct kbgen_list *by_number)
{
    struct numbered *all = sp_arena_new_array(&gen->arena, calls->rows.count, struct numbered);
    size_t count = 0;

    for (size_t i = 0; i < calls->rows.count && all != NULL; i++) {
        long number = number_in(&calls->rows.at[i], column);
        if (number >= 0) {
            all[count++] = (struct numbered){ .number = number, .call = (uint32_t)i };
        }
    }
    if (count > 0) {
        qsort(all, count, sizeof *all, compare_numbers);
    }
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            check_same(gen, calls, column, &all[i - 1], &all[i]);
        }
        kbgen_add(gen, by_number, all[i].call);
    }
}

static void
print_column(struct kbgen *gen, const struct kbgen_part *calls, const char *column)
{
    for (size_t i = 0; i < calls->rows.count; i++) {
        sp_buf_format(&gen->lists, "%s%ld,", i % 12 == 0 ? "\n    " : " ",
                      number_in(&calls->rows.at[i], column));
    }
}

void
kbgen_write_numbers(struct kbgen *gen)
{
    const struct kbgen_part *calls = kbgen_part_of(gen, calls_name);
    struct kbgen_part *columns = kbgen_part_of(gen, columns_name);
    struct kbgen_list by_number = { .values = { .at = NULL } };
    SP_BUF(ranges);

    sp_buf_text(&gen->lists, "const int32_t sp_kb_numbers[] = {");
    for (size_t i = 0; i < columns->names.count; i++) {
        const char *column = columns->names.at[i].name;
        size_t first = by_number.values.count;
        check_column(gen, column);
        print_column(gen, calls, column);
        add_by_number(gen, calls, column, &by_number);
        sp_buf_format(&ranges, "    { %zu, %zu },\n", first, by_number.values.count - first);
        sp_buf_format(&columns->out, "    { .name = %" PRIu32 " },\n",
                      kbgen_intern(gen, column));
        columns->count++;
    }
    sp_buf_text(&gen->lists, "\n};\n\n");
    kbgen_print_list(&gen->lists, "uint16_t", "sp_kb_by_number", &by_number);
    sp_buf_text(&gen->lists, "const struct sp_kb_range sp_kb_number_ranges[] = {\n");
    sp_buf_add(&gen->lists, sp_buf_view(&ranges));
    sp_buf_text(&gen->lists, "};\n\n");
    gen->lists.failed |= ranges.failed;
}
