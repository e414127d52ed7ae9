/* Changes of numbers that are no call's: those in between, and those of calls to come. */
#include "ops/diff_work.h"

/* Numbers of one architecture that both sides answer alike. */
struct numbers {
    enum sp_diff_kind kind;
    size_t host;
    const struct sp_kb_arch *arch;
    uint32_t first;
    uint32_t last;
};

static struct sp_diff_change *
find_change(struct sp_diff_making *making, enum sp_diff_kind kind,
            const struct sp_diff_delta *delta)
{
    for (size_t i = 0; i < making->changes.count; i++) {
        struct sp_diff_change *change = making->changes.at[i];
        if (change->kind == kind && change->from == delta->from && change->to == delta->to
            && sp_diff_whens_equal(&change->when, &delta->when)) {
            return change;
        }
    }
    return NULL;
}

static struct sp_diff_change *
make_change(struct sp_diff_making *making, const struct numbers *numbers,
            const struct sp_diff_delta *delta)
{
    struct sp_diff *diff = making->diff;
    struct sp_diff_change *change = sp_diff_change_new(making, numbers->kind);

    if (change == NULL) {
        return NULL;
    }
    sp_diff_change_verdicts(change, delta->from, delta->to);
    change->nr = numbers->first;
    change->condition = delta->condition;
    change->when = delta->when;
    change->has_witness = true;
    change->witness = (struct sp_diff_witness){
        .from = diff->from, .to = diff->to,
        .call = {
            .environment = sp_diff_side_environment(diff->to, delta->environment),
            .arch = numbers->arch, .nr = numbers->first, .when = delta->when.any.at[0],
            .got = delta->to, .has_instead = true, .instead = delta->from,
        },
    };
    return change;
}

static bool
add_delta(struct sp_diff_making *making, const struct numbers *numbers,
          const struct sp_diff_delta *delta)
{
    struct sp_diff_change *change = find_change(making, numbers->kind, delta);

    if (change == NULL) {
        change = make_change(making, numbers, delta);
    }
    const struct sp_kb_arch *host = making->diff->hosts.at[numbers->host];
    if (change == NULL || !SP_DIFF_ADD_ARCH(making->arena, &change->arches, numbers->arch)
        || !SP_DIFF_ADD_ARCH(making->arena, &change->hosts, host)) {
        return false;
    }
    /* How many there are is told of the architecture of the witness. */
    if (numbers->kind == SP_DIFF_NOBODY && change->witness.call.arch == numbers->arch
        && change->witness.call.environment.host == host) {
        change->numbers += numbers->last - numbers->first + 1;
    }
    return true;
}

static bool
add_unknown(struct sp_diff_making *making, const struct numbers *numbers, const char *why)
{
    const struct sp_diff_undecided undecided = {
        .arch = numbers->arch, .host = making->diff->hosts.at[numbers->host],
        .nr = numbers->first, .why = why,
    };

    return sp_diff_add_undecided(making, &undecided);
}

static bool
compare_numbers(struct sp_diff_making *making, const struct numbers *numbers,
                const struct sp_diff_record *from, const struct sp_diff_record *to)
{
    if (from == to && !from->is_undecided && !from->too_many) {
        return true;
    }
    const struct sp_diff_deltas *deltas = sp_diff_deltas_of(making->sides, from, to);
    if (deltas == NULL) {
        return false;
    }
    if (deltas->too_many) {
        return add_unknown(making, numbers, "there are more environments than could be looked at");
    }
    for (size_t i = 0; i < deltas->calls.count; i++) {
        if (!add_delta(making, numbers, &deltas->calls.at[i])) {
            return false;
        }
    }
    return deltas->undecided.count == 0
        || add_unknown(making, numbers, "what the filter answers could not be found out");
}

static uint32_t
smaller(uint32_t left, uint32_t right)
{
    return left < right ? left : right;
}

/* Both sides have gaps at the same numbers, but may have split them at others. */
static bool
compare_blocks(struct sp_diff_making *making, size_t host, const struct sp_diff_block *from,
               const struct sp_diff_block *to)
{
    struct numbers numbers = { .host = host, .arch = from->arch };
    size_t i = 0;
    size_t j = 0;

    while (i < from->gaps.count && j < to->gaps.count) {
        const struct sp_diff_gap *left = &from->gaps.at[i];
        const struct sp_diff_gap *right = &to->gaps.at[j];
        numbers.kind = i + 1 == from->gaps.count ? SP_DIFF_NEWER : SP_DIFF_NOBODY;
        numbers.first = numbers.first < left->first ? left->first : numbers.first;
        numbers.last = smaller(left->last, right->last);
        if (!compare_numbers(making, &numbers, left->record, right->record)) {
            return false;
        }
        i += left->last == numbers.last;
        j += right->last == numbers.last;
        numbers.first = numbers.last + 1;
    }
    return true;
}

/* On all architectures where there is something to compare. */
static void
settle_everywhere(struct sp_diff_making *making)
{
    const struct sp_diff *diff = making->diff;

    for (size_t i = 0; i < making->changes.count; i++) {
        struct sp_diff_change *change = making->changes.at[i];
        if (change->kind == SP_DIFF_NOBODY || change->kind == SP_DIFF_NEWER) {
            change->everywhere = change->arches.count == diff->arches.count
                && change->hosts.count == diff->hosts.count;
            sp_diff_sort_arches(change->arches.at, change->arches.count);
        }
    }
}

bool
sp_diff_add_numbers(struct sp_diff_making *making)
{
    for (size_t i = 0; i < making->diff->hosts.count; i++) {
        const struct sp_diff_host *from = making->from.at[i];
        for (size_t j = 0; sp_diff_is_compared(making, i) && j < from->blocks.count; j++) {
            const struct sp_diff_block *block = &from->blocks.at[j];
            const struct sp_diff_block *other = sp_diff_block_of(making->to.at[i], block->arch);
            if (other != NULL && !compare_blocks(making, i, block, other)) {
                return false;
            }
        }
    }
    settle_everywhere(making);
    return true;
}
