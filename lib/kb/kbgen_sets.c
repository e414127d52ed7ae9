/* Which argument takes which set of constants: told by the sets, looked up by call. */
#include "kb/kbgen.h"

#include <inttypes.h>
#include <stdlib.h>

/* Does the call have such an argument? A call whose arguments are not known may. */
static bool
has_arg(struct kbgen *gen, size_t call, uint64_t arg)
{
    const struct kbgen_part *calls = kbgen_part_of(gen, "sp_kb_syscalls");
    const struct sp_node *args = sp_node_member(calls->rows.at[call].node, "args");

    return args == NULL || arg < args->count;
}

/* "socket.0" */
static bool
read_use(const struct kbgen_row *row, const struct sp_node *node, struct kbgen_use *ret_use)
{
    struct sp_str rest = node->text;
    struct sp_str name;
    uint64_t arg = 0;

    if (!kbgen_is_text(row, node)) {
        return false;
    }
    if (!sp_str_next(&rest, ".", &name) || !sp_str_to_u64(rest, &arg) || arg > 5) {
        kbgen_fail(row->gen, row->file, node, "'%s' is no argument such as socket.0",
                   node->text.ptr);
        return false;
    }
    long call = kbgen_find(row, "sp_kb_syscalls", node, name);
    if (call < 0) {
        return false;
    }
    if (!has_arg(row->gen, (size_t)call, arg)) {
        kbgen_fail(row->gen, row->file, node, "'%.*s' has no argument %" PRIu64,
                   SP_STR_ARG(name), arg);
        return false;
    }
    *ret_use = (struct kbgen_use){ .call = (size_t)call, .arg = arg, .set = row->index };
    return true;
}

KBGEN_FIELD(kbgen_takers)
{
    struct kbgen_use use;

    if (!kbgen_is_list(row, node, field->may_be_empty)) {
        return;
    }
    for sp_node_each(each, node) {
        struct kbgen_use *place =
            read_use(row, each, &use) ? sp_vec_push(&row->gen->arena, &row->gen->uses) : NULL;
        if (place != NULL) {
            *place = use;
        }
    }
}

static int
compare_uses(const void *left, const void *right)
{
    const struct kbgen_use *l = left;
    const struct kbgen_use *r = right;

    if (l->call != r->call) {
        return (l->call > r->call) - (l->call < r->call);
    }
    if (l->arg != r->arg) {
        return (l->arg > r->arg) - (l->arg < r->arg);
    }
    return (l->set > r->set) - (l->set < r->set);
}

void
kbgen_write_set_uses(struct kbgen *gen)
{
    struct kbgen_part *part = kbgen_part_of(gen, "sp_kb_set_uses");

    if (gen->uses.count > 0) {
        qsort(gen->uses.at, gen->uses.count, sizeof *gen->uses.at, compare_uses);
    }
    for (size_t i = 0; i < gen->uses.count; i++) {
        const struct kbgen_use *use = &gen->uses.at[i];
        sp_buf_format(&part->out, "    { .syscall = %zu, .arg = %" PRIu64 ", .set = %zu },\n",
                      use->call, use->arg, use->set);
        part->count++;
    }
}
