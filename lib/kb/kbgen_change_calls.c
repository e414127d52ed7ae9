/* Default profiles: calls that come to a rule, go, or change places. */
#include "kb/kbgen_defaults.h"

#include <string.h>

static const char *
call_name(const struct kbgen_change *change, uint32_t call)
{
    return kbgen_part_of(change->gen, "sp_kb_syscalls")->rows.at[call].name;
}

uint32_t
kbgen_call_row(const struct kbgen_change *change, const struct sp_node *name)
{
    return (uint32_t)kbgen_peek(change->gen, "sp_kb_syscalls", name->text);
}

/* Past the last place of that call; 0 when it is not there. */
static size_t
behind_call(const struct kbgen_list *calls, uint32_t call)
{
    for (size_t i = calls->values.count; i > 0; i--) {
        if (calls->values.at[i - 1] == call) {
            return i;
        }
    }
    return 0;
}

static void
insert_call(const struct kbgen_change *change, struct kbgen_list *calls, size_t at,
            uint32_t call)
{
    kbgen_add(change->gen, calls, call);
    if (change->gen->arena.failed) {
        return;
    }
    uint32_t *place = &calls->values.at[at];
    memmove(place + 1, place, (calls->values.count - 1 - at) * sizeof *place);
    *place = call;
}

bool
kbgen_drop_calls(const struct kbgen_change *change, struct kbgen_list *calls,
                 const struct sp_node *names)
{
    bool were_there = true;

    for sp_node_each(each, names) {
        size_t behind = behind_call(calls, kbgen_call_row(change, each));
        if (behind == 0) {
            kbgen_fail(change->gen, change->content->file, each, "'%s' is not there",
                       each->text.ptr);
            were_there = false;
            continue;
        }
        uint32_t *place = &calls->values.at[behind - 1];
        memmove(place, place + 1, (calls->values.count - behind) * sizeof *place);
        calls->values.count--;
    }
    return were_there;
}

/* Byte order, where `_` counts nothing when `is_loose`. */
static int
compare_calls(const char *left, const char *right, bool is_loose)
{
    for (;; left++, right++) {
        left += is_loose ? strspn(left, "_") : 0;
        right += is_loose ? strspn(right, "_") : 0;
        if (*left != *right || *left == '\0') {
            return (unsigned char)*left - (unsigned char)*right;
        }
    }
}

static size_t
count_disorder(const struct kbgen_change *change, const struct kbgen_list *calls, bool is_loose)
{
    size_t count = 0;

    for (size_t i = 1; i < calls->values.count; i++) {
        count += compare_calls(call_name(change, calls->values.at[i - 1]),
                               call_name(change, calls->values.at[i]), is_loose) > 0;
    }
    return count;
}

/* In front of the first call that sorts behind it. */
static size_t
place_in_order(const struct kbgen_change *change, const struct kbgen_list *calls, uint32_t call,
               bool is_loose)
{
    size_t at = 0;

    while (at < calls->values.count
           && compare_calls(call_name(change, calls->values.at[at]), call_name(change, call),
                            is_loose) <= 0) {
        at++;
    }
    return at;
}

/* The place that `after` or `before` names; -1 when it is not there, which has been said. */
static long
place_by_name(const struct kbgen_change *change, const struct kbgen_list *calls,
              const struct sp_node *name, bool is_before)
{
    long call = kbgen_peek(change->gen, "sp_kb_syscalls", name->text);
    size_t behind = call < 0 ? 0 : behind_call(calls, (uint32_t)call);

    if (behind == 0) {
        kbgen_fail(change->gen, change->content->file, name, "'%s' is not there",
                   name->text.ptr);
        return -1;
    }
    return (long)(is_before ? behind - 1 : behind);
}

/* moby sorts names without regard to `_`, containers-common by bytes; the list tells by its own
 * order which of them it is. */
void
kbgen_add_calls(const struct kbgen_change *change, struct kbgen_list *calls,
                const struct sp_node *names)
{
    const struct sp_node *after = sp_node_member(change->node, "after");
    const struct sp_node *before = sp_node_member(change->node, "before");
    const struct sp_node *mark = after != NULL ? after : before;
    bool is_loose = count_disorder(change, calls, true) <= count_disorder(change, calls, false);
    long at = mark == NULL ? 0 : place_by_name(change, calls, mark, after == NULL);

    for sp_node_each(each, names) {
        uint32_t call = kbgen_call_row(change, each);
        bool is_double = after != NULL && sp_str_equal(after->text, each->text);
        if (behind_call(calls, call) > 0 && !is_double) {
            kbgen_fail(change->gen, change->content->file, each, "'%s' is there already",
                       each->text.ptr);
        } else if (mark == NULL) {
            insert_call(change, calls, place_in_order(change, calls, call, is_loose), call);
        } else if (at >= 0) {
            insert_call(change, calls, (size_t)at++, call);
        }
    }
}
