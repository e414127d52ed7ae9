#include "report/diff_tell.h"

#include "ops/answer.h"
#include "sem/words.h"

#include <inttypes.h>
#include <string.h>

const char *
sp_diff_tell_direction(enum sp_diff_direction direction)
{
    static const char *const words[] = {
        [SP_DIFF_LOOSER] = "looser", [SP_DIFF_TIGHTER] = "tighter", [SP_DIFF_CHANGED] = "changed",
    };

    return words[direction];
}

void
sp_diff_tell_call(const struct sp_kb_syscall *call, uint32_t nr, struct sp_buf *buf)
{
    if (call == NULL) {
        sp_buf_format(buf, "number %" PRIu32, nr);
    } else {
        sp_buf_text(buf, sp_kb_text(call->name));
    }
}

/* ---- where ----------------------------------------------------------------------------------- */

static bool
is_capability(const struct sp_when *when)
{
    return when->caps != 0 && (when->caps & (when->caps - 1)) == 0 && when->without_caps == 0
        && when->from.major == 0 && when->before.major == 0;
}

/* "with CAP_BPF or CAP_SYS_ADMIN, or without CAP_A": cases of one capability are told together. */
static void
tell_whens(const struct sp_diff_whens *whens, struct sp_buf *buf)
{
    const char *between = " ";
    uint64_t caps = 0;

    for (size_t i = 0; i < whens->any.count; i++) {
        caps |= is_capability(&whens->any.at[i]) ? whens->any.at[i].caps : 0;
    }
    if (caps != 0) {
        sp_buf_text(buf, " with ");
        sp_answer_caps(caps, " or ", buf);
        between = ", or ";
    }
    for (size_t i = 0; i < whens->any.count; i++) {
        size_t before = buf->len;
        if (!is_capability(&whens->any.at[i])) {
            sp_answer_when(&whens->any.at[i], between, buf);
            between = buf->len > before ? ", or " : between;
        }
    }
}

static void
tell_arches(const struct sp_kb_arch *const *arches, size_t count, struct sp_buf *buf)
{
    for (size_t i = 0; i < count; i++) {
        sp_buf_format(buf, "%s%s", i == 0 ? "" : ", ", sp_kb_text(arches[i]->name));
    }
}

static bool
has_arch(const struct sp_kb_arch *const *arches, size_t count, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < count; i++) {
        if (arches[i] == arch) {
            return true;
        }
    }
    return false;
}

/* Is a machine, or one of its architectures, told of as a whole? Its calls are not compared then. */
static bool
is_told_apart(const struct sp_diff *diff, const struct sp_kb_arch *host, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < diff->groups.count; i++) {
        const struct sp_diff_group *group = &diff->groups.at[i];
        bool is_of_host = has_arch(group->hosts.at, group->hosts.count, host);
        if (is_of_host && group->first->kind == SP_DIFF_START) {
            return true;
        }
        if (is_of_host && group->first->kind == SP_DIFF_ARCH
            && has_arch(group->arches.at, group->arches.count, arch)) {
            return true;
        }
    }
    return false;
}

/* Could it be true on a machine?  That runs programs of one of its architectures. */
static bool
is_possible(const struct sp_diff *diff, const struct sp_diff_group *group,
            const struct sp_kb_arch *host)
{
    for (size_t i = 0; i < group->arches.count; i++) {
        const struct sp_kb_arch *arch = group->arches.at[i];
        bool runs = host == arch || sp_kb_arch_serves(host, arch);
        if (runs && (sp_diff_tell_is_sentence(group) || !is_told_apart(diff, host, arch))) {
            return true;
        }
    }
    return group->first->kind == SP_DIFF_START;
}

/* Is it true on every machine where it could be? */
static bool
is_on_all_hosts(const struct sp_diff *diff, const struct sp_diff_group *group)
{
    for (size_t i = 0; i < diff->hosts.count; i++) {
        const struct sp_kb_arch *host = diff->hosts.at[i];
        if (!has_arch(group->hosts.at, group->hosts.count, host) && is_possible(diff, group, host)) {
            return false;
        }
    }
    return true;
}

/* Might it be true on an architecture?  Some member has a number there. */
static bool
has_number(const struct sp_diff_group *group, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < group->all.count; i++) {
        const struct sp_kb_syscall *call = group->all.at[i]->call;
        if (call == NULL || sp_kb_number(arch, call) != SP_KB_NO_NUMBER) {
            return true;
        }
    }
    return false;
}

/* "x86_64, x86", or where that is shorter "all architectures but s390".  A group whose members are on
 * different ones tells what is missing for all. */
static void
tell_group_arches(const struct sp_diff *diff, const struct sp_diff_group *group, struct sp_buf *buf)
{
    const struct sp_kb_arch *missing[SP_TARGET_ARCHES];
    size_t count = 0;

    for (size_t i = 0; i < diff->arches.count && count < SP_TARGET_ARCHES; i++) {
        const struct sp_kb_arch *arch = diff->arches.at[i];
        if (!has_arch(group->arches.at, group->arches.count, arch) && has_number(group, arch)) {
            missing[count++] = arch;
        }
    }
    if (count == 0 && group->arches_vary) {
        return;
    }
    bool is_shorter = count > 0 && count * 2 < group->arches.count;
    sp_buf_text(buf, is_shorter ? " on all architectures but " : " on ");
    if (is_shorter) {
        tell_arches(missing, count, buf);
    } else {
        tell_arches(group->arches.at, group->arches.count, buf);
    }
}

static void
tell_machines(const struct sp_diff *diff, const struct sp_diff_group *group, struct sp_buf *buf)
{
    const struct sp_diff_change *first = group->first;
    bool names_arches = first->kind != SP_DIFF_START && first->kind != SP_DIFF_ARCH;

    if (group->everywhere) {
        return;
    }
    if (names_arches && group->arches.count > 0) {
        tell_group_arches(diff, group, buf);
    }
    if (!is_on_all_hosts(diff, group)) {
        sp_buf_text(buf, " on ");
        tell_arches(group->hosts.at, group->hosts.count, buf);
        sp_buf_text(buf, " machines");
    }
}

void
sp_diff_tell_where(const struct sp_diff *diff, const struct sp_diff_group *group,
                   struct sp_buf *buf)
{
    if (group->when_varies || group->conditions_vary) {
        sp_buf_text(buf, " (where no rule says more)");
    }
    if (!group->when_varies) {
        tell_whens(&group->first->when, buf);
    }
    tell_machines(diff, group, buf);
}

/* ---- what ------------------------------------------------------------------------------------ */

bool
sp_diff_tell_is_sentence(const struct sp_diff_group *group)
{
    return group->first->kind == SP_DIFF_START || group->first->kind == SP_DIFF_ARCH;
}

static const char *const past_starts[] = {
    [SP_START_FILTER] = "started under its filter",
    [SP_START_UNCONFINED] = "started without any filter",
    [SP_START_REFUSED] = "was refused",
    [SP_START_ENDLESS] = "never came to start",
};

static const char *const present_starts[] = {
    [SP_START_FILTER] = "starts under its filter",
    [SP_START_UNCONFINED] = "starts without any filter",
    [SP_START_REFUSED] = "is refused",
    [SP_START_ENDLESS] = "never comes to start",
};

static void
tell_start(const struct sp_diff *diff, const struct sp_diff_group *group, struct sp_buf *buf)
{
    const struct sp_diff_state *from = &group->first->from_state;
    const struct sp_diff_state *to = &group->first->to_state;

    sp_buf_format(buf, "a container that %s", past_starts[from->start]);
    if (from->why != NULL) {
        sp_buf_format(buf, " (%s)", from->why);
    }
    sp_buf_format(buf, " %s", present_starts[to->start]);
    sp_diff_tell_where(diff, group, buf);
    if (to->why != NULL) {
        sp_buf_format(buf, ": %s", to->why);
    }
}

/* The architectures themselves are named in front, not where it is true. */
static void
tell_arch(const struct sp_diff *diff, const struct sp_diff_group *group, struct sp_buf *buf)
{
    bool is_one = group->arches.count == 1;
    bool is_new = group->first->to_state.has_arch;

    sp_buf_text(buf, is_one ? "architecture " : "architectures ");
    tell_arches(group->arches.at, group->arches.count, buf);
    sp_buf_format(buf, " %s %s", is_one ? "is" : "are", is_new ? "new" : "gone");
    sp_diff_tell_where(diff, group, buf);
    sp_buf_format(buf, ": all calls of %s %s killed", is_one ? "it" : "them",
                  is_new ? "were" : "are");
}

void
sp_diff_tell_sentence(const struct sp_diff *diff, const struct sp_diff_group *group,
                      struct sp_buf *buf)
{
    if (group->first->kind == SP_DIFF_START) {
        tell_start(diff, group, buf);
    } else {
        tell_arch(diff, group, buf);
    }
}

static size_t
most_numbers(const struct sp_diff_group *group)
{
    size_t most = 0;

    for (size_t i = 0; i < group->all.count; i++) {
        most = group->all.at[i]->numbers > most ? group->all.at[i]->numbers : most;
    }
    return most;
}

void
sp_diff_tell_subject(const struct sp_diff_group *group, struct sp_buf *buf)
{
    size_t numbers = most_numbers(group);

    switch (group->first->kind) {
    case SP_DIFF_DEFAULT:
        sp_buf_format(buf, "%zu %s left to the default", group->calls,
                      group->calls == 1 ? "call" : "calls");
        break;
    case SP_DIFF_NOBODY:
        sp_buf_format(buf, "%zu %s that no call has", numbers, numbers == 1 ? "number" : "numbers");
        break;
    case SP_DIFF_NEWER:
        sp_buf_format(buf, "calls newer than any that is known (numbers from %" PRIu32 ")",
                      group->first->nr);
        break;
    case SP_DIFF_START:
    case SP_DIFF_ARCH:
    case SP_DIFF_CALL:
        break;
    }
}

const char *
sp_diff_tell_conditions(const struct sp_diff_group *group)
{
    return group->conditions_vary ? NULL : group->first->conditions;
}

bool
sp_diff_tell_is_next_call(const struct sp_diff_group *group, size_t index)
{
    const struct sp_diff_change *change = group->all.at[index];
    const struct sp_diff_change *before = index == 0 ? NULL : group->all.at[index - 1];

    return before == NULL || before->call != change->call
        || (change->call == NULL && before->nr != change->nr);
}

size_t
sp_diff_tell_dangerous(const struct sp_diff_group *group)
{
    size_t count = 0;

    for (size_t i = 0; i < group->all.count; i++) {
        count += group->all.at[i]->danger != NULL && sp_diff_tell_is_next_call(group, i);
    }
    return count;
}

void
sp_diff_tell_danger(const struct sp_diff_group *group, struct sp_buf *buf)
{
    if (group->danger == NULL || group->first->kind != SP_DIFF_DEFAULT || group->calls == 1) {
        sp_buf_text(buf, group->danger == NULL ? "" : group->danger);
        return;
    }
    size_t count = sp_diff_tell_dangerous(group);
    if (count == 1) {
        sp_buf_format(buf, "the first of them: %s", group->danger);
    } else {
        sp_buf_format(buf, "the first %zu of them are known to be dangerous", count);
    }
}

void
sp_diff_tell_witness(const struct sp_diff *diff, const struct sp_diff_group *group,
                     struct sp_buf *buf)
{
    const struct sp_diff_change *first = group->first;
    const struct sp_witness *call = &first->witness.call;

    if (!first->has_witness || sp_diff_tell_conditions(group) == NULL) {
        return;
    }
    if (call->syscall == NULL) {
        sp_buf_format(buf, "number %" PRIu32 "(0x%" PRIx64 ", ...)", call->nr, call->args[0]);
    } else {
        sp_words_call(call->syscall, call->args, buf);
    }
    if (diff->arches.count > 1) {
        sp_buf_format(buf, " on %s", sp_kb_text(call->arch->name));
    }
}

void
sp_diff_tell_readers(const struct sp_diff_page *page, struct sp_buf *buf)
{
    const struct sp_target *from = page->from.target;
    const struct sp_target *to = page->to.target;

    if (from->engine != to->engine || from->runtime != to->runtime) {
        sp_buf_format(buf, "%s by %s with %s, %s by %s with %s", page->from.name,
                      sp_engine_text(from->engine), sp_runtime_text(from->runtime), page->to.name,
                      sp_engine_text(to->engine), sp_runtime_text(to->runtime));
    }
}

/* ---- undecided ------------------------------------------------------------------------------- */

void
sp_diff_tell_open_call(const struct sp_diff_undecided *one, struct sp_buf *buf)
{
    if (one->call == NULL && one->nr == 0) {
        sp_buf_text(buf, "everything");
    } else {
        sp_diff_tell_call(one->call, one->nr, buf);
    }
}

static struct sp_diff_open *
open_of(struct sp_arena *arena, struct sp_diff_opens *opens, const struct sp_diff_undecided *one)
{
    for (size_t i = 0; i < opens->all.count; i++) {
        struct sp_diff_open *open = &opens->all.at[i];
        if (open->arch == one->arch && strcmp(open->why, one->why) == 0) {
            return open;
        }
    }
    struct sp_diff_open *added = sp_vec_push(arena, &opens->all);
    if (added != NULL) {
        added->arch = one->arch;
        added->why = one->why;
    }
    return added;
}

static bool
is_same_call(const struct sp_diff_undecided *left, const struct sp_diff_undecided *right)
{
    return left->call == right->call && (left->call != NULL || left->nr == right->nr);
}

/* Another machine of the same architecture adds no name: one call's rows follow each other or not, and
 * there are as many as there are calls. */
static bool
has_call(const struct sp_diff_open *open, const struct sp_diff_undecided *one)
{
    for (size_t i = 0; i < open->all.count; i++) {
        if (is_same_call(open->all.at[i], one)) {
            return true;
        }
    }
    return false;
}

bool
sp_diff_tell_open(struct sp_arena *arena, const struct sp_diff *diff,
                  struct sp_diff_opens *ret_opens)
{
    for (size_t i = 0; i < diff->undecided.count; i++) {
        const struct sp_diff_undecided *one = &diff->undecided.at[i];
        struct sp_diff_open *open = open_of(arena, ret_opens, one);
        if (open == NULL) {
            return false;
        }
        if (has_call(open, one)) {
            continue;
        }
        const struct sp_diff_undecided **added = sp_vec_push(arena, &open->all);
        if (added == NULL) {
            return false;
        }
        *added = one;
    }
    return true;
}
