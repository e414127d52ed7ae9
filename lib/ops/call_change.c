#include "ops/call_change.h"

#include "ops/answer.h"

/* ---- making -------------------------------------------------------------------------- */

static bool
names_call(const struct sp_rule *rule, const struct sp_kb_syscall *call)
{
    return sp_profile_has_word(&rule->names, sp_kb_text(call->name));
}

static uint64_t
caps_of(const struct sp_words *words)
{
    uint64_t caps = 0;

    for (size_t i = 0; i < words->count; i++) {
        const struct sp_kb_cap *cap = sp_kb_cap_find(words->at[i].text);
        caps |= cap == NULL ? 0 : UINT64_C(1) << (cap - sp_kb_caps);
    }
    return caps;
}

uint64_t
sp_call_change_caps(const struct sp_profile *profile, const struct sp_kb_syscall *call)
{
    uint64_t caps = 0;

    for (size_t i = 0; call != NULL && i < profile->rule_count; i++) {
        const struct sp_rule *rule = &profile->rules[i];
        if (names_call(rule, call)) {
            caps |= caps_of(&rule->includes.caps) | caps_of(&rule->excludes.caps);
        }
    }
    return caps;
}

static bool
is_within(struct sp_version kernel, const struct sp_when *when)
{
    return sp_version_compare(kernel, when->from) >= 0
        && (when->before.major == 0 || sp_version_compare(kernel, when->before) < 0);
}

struct sp_call_change
sp_call_change_to(const struct sp_environment *base, const struct sp_scene *scene,
                  uint64_t relevant)
{
    uint64_t caps = scene->meaning->environment.caps;
    struct sp_call_change change = {
        .more = caps & ~base->caps & relevant,
        .less = base->caps & ~caps & relevant,
    };

    if (!is_within(base->kernel, &scene->when)) {
        change.from = scene->when.from;
        change.before = scene->when.before;
    }
    return change;
}

static bool
has_kernel(const struct sp_call_change *change)
{
    return change->from.major != 0 || change->before.major != 0;
}

bool
sp_call_change_is_none(const struct sp_call_change *change)
{
    return change->more == 0 && change->less == 0 && !has_kernel(change);
}

/* ---- the least ----------------------------------------------------------------------- */

static bool
has_same_kernel(const struct sp_call_change *left, const struct sp_call_change *right)
{
    return sp_version_compare(left->from, right->from) == 0
        && sp_version_compare(left->before, right->before) == 0;
}

/* Does `left` ask for nothing that `right` does not ask for, too? */
static bool
asks_for_less(const struct sp_call_change *left, const struct sp_call_change *right)
{
    return (left->more & ~right->more) == 0 && (left->less & ~right->less) == 0
        && (!has_kernel(left) || has_same_kernel(left, right));
}

bool
sp_call_changes_add(struct sp_arena *arena, struct sp_call_changes *changes,
                    struct sp_call_change change)
{
    size_t kept = 0;

    for (size_t i = 0; i < changes->all.count; i++) {
        if (asks_for_less(&changes->all.at[i], &change)) {
            return true;
        }
    }
    for (size_t i = 0; i < changes->all.count; i++) {
        if (!asks_for_less(&change, &changes->all.at[i])) {
            changes->all.at[kept++] = changes->all.at[i];
        }
    }
    changes->all.count = kept;

    struct sp_call_change *added = sp_vec_push(arena, &changes->all);
    if (added == NULL) {
        return false;
    }
    *added = change;
    return true;
}

/* ---- words --------------------------------------------------------------------------- */

static void
write_version(struct sp_version version, struct sp_buf *buf)
{
    sp_buf_format(buf, "%u.%u", version.major, version.minor);
}

void
sp_call_change_write_kernel(struct sp_version from, struct sp_version before, struct sp_buf *buf)
{
    if (from.major != 0 && before.major != 0) {
        sp_buf_text(buf, "from Linux ");
        write_version(from, buf);
        sp_buf_text(buf, " to before ");
        write_version(before, buf);
    } else if (from.major != 0) {
        sp_buf_text(buf, "from Linux ");
        write_version(from, buf);
        sp_buf_text(buf, " on");
    } else if (before.major != 0) {
        sp_buf_text(buf, "before Linux ");
        write_version(before, buf);
    }
}

/* One capability more and nothing else: such changes are told together. */
static bool
is_single(const struct sp_call_change *change)
{
    return change->more != 0 && (change->more & (change->more - 1)) == 0 && change->less == 0
        && !has_kernel(change);
}

static uint64_t
singles(const struct sp_call_changes *changes)
{
    uint64_t caps = 0;

    for (size_t i = 0; i < changes->all.count; i++) {
        caps |= is_single(&changes->all.at[i]) ? changes->all.at[i].more : 0;
    }
    return caps;
}

static void
write_change(const struct sp_call_change *change, struct sp_buf *buf)
{
    size_t start = buf->len;

    sp_call_change_write_kernel(change->from, change->before, buf);
    if (change->more != 0) {
        sp_buf_text(buf, buf->len > start ? " with " : "with ");
        sp_answer_caps(change->more, " and ", buf);
    }
    if (change->less != 0) {
        sp_buf_text(buf, change->more != 0 ? " and " : buf->len > start ? " " : "");
        sp_buf_text(buf, "without ");
        sp_answer_caps(change->less, " and ", buf);
    }
    if (buf->len == start) {
        sp_buf_text(buf, "here");
    }
}

void
sp_call_changes_write(const struct sp_call_changes *changes, struct sp_buf *buf)
{
    uint64_t caps = singles(changes);
    bool started = caps != 0;

    if (started) {
        sp_buf_text(buf, "with ");
        sp_answer_caps(caps, " or ", buf);
    }
    for (size_t i = 0; i < changes->all.count; i++) {
        if (!is_single(&changes->all.at[i])) {
            sp_buf_text(buf, started ? ", or " : "");
            write_change(&changes->all.at[i], buf);
            started = true;
        }
    }
}
