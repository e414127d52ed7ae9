/* What differs, counted. */
#include "report/diff_tell.h"

/* Which calls were counted already, and for what. */
enum { SEEN = 1, SEEN_DANGER = 2, SEEN_ALLOWED = 4, SEEN_DENIED = 8 };

struct counting {
    uint8_t *seen;       /* by row of sp_kb_syscalls */
    uint64_t arches;     /* seen so far, by row of sp_kb_arches */
    struct sp_diff_tally tally;
};

static unsigned
marks_of(const struct sp_diff_change *change)
{
    return SEEN | (change->danger != NULL ? SEEN_DANGER : 0)
        | (change->effect == SP_DIFF_ALLOWED ? SEEN_ALLOWED : 0)
        | (change->effect == SP_DIFF_DENIED ? SEEN_DENIED : 0);
}

static void
add_marks(struct sp_diff_tally *tally, unsigned marks)
{
    tally->calls += (marks & SEEN) != 0;
    tally->dangerous += (marks & SEEN_DANGER) != 0;
    tally->allowed += (marks & SEEN_ALLOWED) != 0;
    tally->denied += (marks & SEEN_DENIED) != 0;
}

static bool
has_number_before(const struct sp_diff_group *group, size_t index)
{
    for (size_t i = 0; i < index; i++) {
        if (group->all.at[i]->call == NULL && group->all.at[i]->nr == group->all.at[index]->nr) {
            return true;
        }
    }
    return false;
}

static void
count_calls(struct counting *counting, const struct sp_diff_group *group)
{
    for (size_t i = 0; i < group->all.count; i++) {
        const struct sp_diff_change *change = group->all.at[i];
        unsigned marks = marks_of(change);
        if (change->call == NULL) {
            add_marks(&counting->tally, has_number_before(group, i) ? 0 : marks);
            continue;
        }
        uint8_t *seen = &counting->seen[sp_kb_syscall_index(change->call)];
        add_marks(&counting->tally, marks & ~(unsigned)*seen);
        *seen |= (uint8_t)marks;
    }
}

static void
count_arches(struct counting *counting, const struct sp_diff_group *group)
{
    for (size_t i = 0; i < group->arches.count; i++) {
        uint64_t bit = UINT64_C(1) << (group->arches.at[i] - sp_kb_arches);
        counting->tally.arches += (counting->arches & bit) == 0;
        counting->arches |= bit;
    }
}

static void
count_group(struct counting *counting, const struct sp_diff_group *group)
{
    struct sp_diff_tally *tally = &counting->tally;

    tally->groups++;
    switch (group->first->kind) {
    case SP_DIFF_START:
        tally->starts++;
        break;
    case SP_DIFF_ARCH:
        count_arches(counting, group);
        break;
    case SP_DIFF_NOBODY:
        tally->nobody++;
        break;
    case SP_DIFF_NEWER:
        tally->newer++;
        break;
    case SP_DIFF_CALL:
    case SP_DIFF_DEFAULT:
        count_calls(counting, group);
        break;
    }
}

bool
sp_diff_tell_count(const struct sp_diff *diff, enum sp_diff_direction direction,
                   struct sp_diff_tally *ret_tally)
{
    SP_SCRATCH(scratch);
    struct counting counting = {
        .seen = sp_arena_new_array(&scratch, sp_kb_syscalls_count, uint8_t),
    };

    if (counting.seen == NULL) {
        return false;
    }
    for (size_t i = 0; i < diff->groups.count; i++) {
        if (diff->groups.at[i].first->direction == direction) {
            count_group(&counting, &diff->groups.at[i]);
        }
    }
    *ret_tally = counting.tally;
    return true;
}

/* ---- in words -------------------------------------------------------------------------------- */

enum { ITEMS_MAX = 5 };

/* "31 calls" and what else a direction is about. */
struct items {
    struct sp_buf at[ITEMS_MAX];
    size_t count;
};

static void
free_items(struct items *items)
{
    for (size_t i = 0; i < items->count; i++) {
        sp_buf_free(&items->at[i]);
    }
}

static void
add_counted(struct items *items, size_t count, const char *one, const char *many)
{
    if (count > 0) {
        sp_buf_format(&items->at[items->count++], "%zu %s", count, count == 1 ? one : many);
    }
}

static void
add_named(struct items *items, size_t count, const char *name)
{
    if (count > 0) {
        sp_buf_text(&items->at[items->count++], name);
    }
}

static void
list_items(const struct sp_diff_tally *tally, struct items *items)
{
    add_named(items, tally->starts, "the start of containers");
    add_counted(items, tally->arches, "architecture", "architectures");
    add_counted(items, tally->calls, "call", "calls");
    add_named(items, tally->newer, "newer calls");
    add_named(items, tally->nobody, "unused numbers");
}

static void
join_items(const struct items *items, struct sp_buf *buf)
{
    for (size_t i = 0; i < items->count; i++) {
        const struct sp_buf *item = &items->at[i];
        sp_buf_text(buf, i == 0 ? "" : i + 1 == items->count ? " and " : ", ");
        sp_buf_text(buf, sp_buf_part(item, &buf->failed).ptr);
    }
}

static size_t
kinds_of(const struct sp_diff_tally *tally)
{
    return (size_t)(tally->starts > 0) + (tally->arches > 0) + (tally->calls > 0)
        + (tally->newer > 0) + (tally->nobody > 0);
}

enum { DIRECTIONS = SP_DIFF_CHANGED + 1 };

/* Are calls all that any direction is about?  Then the first says "calls" for the others. */
static bool
is_of_calls(const struct sp_diff_tally tallies[DIRECTIONS])
{
    for (size_t i = 0; i < DIRECTIONS; i++) {
        if (kinds_of(&tallies[i]) > (size_t)(tallies[i].calls > 0)) {
            return false;
        }
    }
    return true;
}

static void
answer_direction(const struct sp_diff_tally *tally, enum sp_diff_direction direction, bool is_short,
                 struct sp_buf *buf)
{
    struct items items = { .count = 0 };

    sp_buf_format(buf, "%s for ", sp_diff_tell_direction(direction));
    if (is_short) {
        sp_buf_format(buf, "%zu", tally->calls);
        return;
    }
    list_items(tally, &items);
    join_items(&items, buf);
    free_items(&items);
}

static void
answer_changes(const struct sp_diff_tally tallies[DIRECTIONS], struct sp_buf *buf)
{
    bool of_calls = is_of_calls(tallies);
    bool started = false;

    for (size_t i = 0; i < DIRECTIONS; i++) {
        if (tallies[i].groups > 0) {
            sp_buf_text(buf, !started ? "" : of_calls ? ", " : "; ");
            answer_direction(&tallies[i], (enum sp_diff_direction)i, started && of_calls, buf);
            started = true;
        }
    }
}

void
sp_diff_tell_answer(const struct sp_diff *diff, struct sp_buf *buf)
{
    struct sp_diff_tally tallies[DIRECTIONS];

    for (size_t i = 0; i < DIRECTIONS; i++) {
        buf->failed |= !sp_diff_tell_count(diff, (enum sp_diff_direction)i, &tallies[i]);
    }
    if (buf->failed) {
        return;
    }
    if (diff->equal) {
        sp_buf_text(buf, "equal: no container can tell them apart");
    } else if (diff->groups.count == 0) {
        sp_buf_text(buf, "undecided: no difference was found, but not everything could be compared");
    } else {
        answer_changes(tallies, buf);
        sp_buf_text(buf, diff->undecided.count > 0 ? "; not everything could be compared" : "");
    }
}

static void
add_count(size_t count, const char *what, const char **between, struct sp_buf *buf)
{
    if (count > 0) {
        sp_buf_format(buf, "%s%zu %s", *between, count, what);
        *between = ", ";
    }
}

void
sp_diff_tell_tally(const struct sp_diff_tally *tally, struct sp_buf *buf)
{
    struct items items = { .count = 0 };
    const char *between = ": ";

    list_items(tally, &items);
    join_items(&items, buf);
    free_items(&items);
    add_count(tally->dangerous, "dangerous", &between, buf);
    add_count(tally->allowed, "newly allowed", &between, buf);
    add_count(tally->denied, "newly denied", &between, buf);
}
