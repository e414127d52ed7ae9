/* All verdicts of a call, for people: what the default capabilities and the newest kernel give, then
 * what has to change for another answer. */
#include "report/explain_verdict.h"

#include "report/glyph.h"
#include "sem/verdict.h"

#include <string.h>

/* So many lines are told; JSON has all. */
enum { LINES_MAX = 12 };

static const struct sp_version no_version = { .major = 0 };

/* What is told of one architecture on one machine; architectures with the same text are told
 * together. */
struct group {
    const struct sp_kb_arch *host;
    const struct sp_kb_arch *arch;
    size_t first;  /* its first scene */
    struct sp_buf arches;
    struct sp_buf text;
};

enum { GROUPS_MAX = 64 };

struct groups {
    const struct sp_call_verdicts *verdicts;
    uint64_t relevant;
    struct group at[GROUPS_MAX];
    size_t count;
    bool failed;
};

static void
free_groups(struct groups *groups)
{
    for (size_t i = 0; i < groups->count; i++) {
        sp_buf_free(&groups->at[i].arches);
        sp_buf_free(&groups->at[i].text);
    }
}

/* ---- one architecture ---------------------------------------------------------------- */

static const struct sp_environment *
environment_of(const struct sp_call_scene *scene)
{
    return &scene->scene->meaning->environment;
}

static bool
is_of(const struct group *group, const struct sp_call_scene *scene)
{
    return scene->arch == group->arch && environment_of(scene)->host == group->host;
}

static bool
has_kernel_of(const struct sp_call_scene *left, const struct sp_call_scene *right)
{
    return sp_version_compare(environment_of(left)->kernel, environment_of(right)->kernel) == 0;
}

/* The first scene of a kernel: the one with the default capabilities. */
static bool
is_first_of_kernel(const struct groups *groups, const struct group *group, size_t index)
{
    const struct sp_call_scene *all = groups->verdicts->all.at;

    for (size_t i = 0; i < index; i++) {
        if (is_of(group, &all[i]) && has_kernel_of(&all[i], &all[index])) {
            return false;
        }
    }
    return true;
}

/* Was this answer told for an earlier scene of the kernel? */
static bool
is_told(const struct groups *groups, const struct group *group, size_t base, size_t index)
{
    const struct sp_call_scene *all = groups->verdicts->all.at;

    for (size_t i = base; i < index; i++) {
        if (is_of(group, &all[i]) && has_kernel_of(&all[i], &all[index])
            && strcmp(all[i].parts.summary, all[index].parts.summary) == 0) {
            return true;
        }
    }
    return false;
}

/* All changes of capabilities that lead from the kernel's first scene to the answer of another. */
static void
write_changes(struct groups *groups, const struct group *group, size_t base, size_t index,
              struct sp_buf *buf)
{
    const struct sp_call_scene *all = groups->verdicts->all.at;
    bool is_first = base == group->first;
    struct sp_version from = is_first ? no_version : all[base].scene->when.from;
    struct sp_version before = is_first ? no_version : all[base].scene->when.before;
    struct sp_call_changes changes = { .all = { .at = NULL } };
    SP_SCRATCH(scratch);

    for (size_t i = index; i < groups->verdicts->all.count; i++) {
        if (!is_of(group, &all[i]) || !has_kernel_of(&all[i], &all[index])
            || strcmp(all[i].parts.summary, all[index].parts.summary) != 0) {
            continue;
        }
        struct sp_call_change change = sp_call_change_to(environment_of(&all[base]), all[i].scene,
                                                         groups->relevant);
        change.from = from;
        change.before = before;
        groups->failed |= !sp_call_changes_add(&scratch, &changes, change);
    }
    sp_call_changes_write(&changes, buf);
}

/* "ERRNO(EPERM); with CAP_SYS_ADMIN: ALLOW". */
static void
write_kernel(struct groups *groups, struct group *group, size_t base)
{
    const struct sp_call_scene *all = groups->verdicts->all.at;
    const struct sp_when *when = &all[base].scene->when;
    struct sp_buf *buf = &group->text;
    size_t start = buf->len;

    sp_buf_text(buf, start > 0 ? "; " : "");
    size_t before = buf->len;
    if (start > 0) {
        sp_call_change_write_kernel(when->from, when->before, buf);
        sp_buf_text(buf, buf->len > before ? ": " : "");
    }
    sp_buf_text(buf, all[base].parts.summary);
    for (size_t i = base + 1; i < groups->verdicts->all.count; i++) {
        if (is_of(group, &all[i]) && has_kernel_of(&all[i], &all[base])
            && !is_told(groups, group, base, i)) {
            sp_buf_text(buf, "; ");
            write_changes(groups, group, base, i, buf);
            sp_buf_format(buf, ": %s", all[i].parts.summary);
        }
    }
}

static void
write_group(struct groups *groups, struct group *group)
{
    for (size_t i = 0; i < groups->verdicts->all.count; i++) {
        if (is_of(group, &groups->verdicts->all.at[i])
            && is_first_of_kernel(groups, group, i)) {
            write_kernel(groups, group, i);
        }
    }
}

/* ---- all of them --------------------------------------------------------------------- */

static bool
has_group(const struct groups *groups, const struct sp_call_scene *scene)
{
    for (size_t i = 0; i < groups->count; i++) {
        if (is_of(&groups->at[i], scene)) {
            return true;
        }
    }
    return false;
}

/* An architecture whose text was told before, for itself or for another, joins that group. */
static void
join(struct groups *groups, struct group *added)
{
    const char *name = sp_kb_text(added->arch->name);

    for (size_t i = 0; i < groups->count; i++) {
        struct group *known = &groups->at[i];
        if (known->text.failed || added->text.failed || known->arches.len == 0
            || !sp_str_equal(sp_buf_view(&known->text), sp_buf_view(&added->text))) {
            continue;
        }
        if (known->arch != added->arch) {
            sp_buf_format(&known->arches, ", %s", name);
        }
        return;
    }
    sp_buf_text(&added->arches, name);
}

static void
make_groups(struct groups *groups)
{
    for (size_t i = 0; i < groups->verdicts->all.count && groups->count < GROUPS_MAX; i++) {
        const struct sp_call_scene *scene = &groups->verdicts->all.at[i];
        struct group added = {
            .host = environment_of(scene)->host, .arch = scene->arch, .first = i,
        };
        if (has_group(groups, scene)) {
            continue;
        }
        write_group(groups, &added);
        join(groups, &added);
        groups->at[groups->count++] = added;
    }
}

static void
write_groups(struct groups *groups, const struct sp_explain_profile *profile,
             struct sp_page *page)
{
    size_t lines = 0;
    SP_BUF(name);

    sp_explain_profile_name(profile, &name);
    for (size_t i = 0; i < groups->count; i++) {
        struct group *group = &groups->at[i];
        page->out->failed |= group->text.failed || group->arches.failed;
        if (group->arches.len == 0 || page->out->failed || lines++ >= LINES_MAX) {
            continue;
        }
        sp_page_format(page, "%s%son %s: %s",
                       lines == 1 ? sp_buf_part(&name, &page->out->failed).ptr : "",
                       lines == 1 ? " " : "", group->arches.data, group->text.data);
    }
    if (lines > LINES_MAX) {
        sp_page_format(page, "and %zu more; --format json lists all", lines - LINES_MAX);
    }
}

void
sp_explain_verdicts_text(const struct sp_call_verdicts *verdicts,
                         const struct sp_explain_profile *profile,
                         const struct sp_kb_syscall *call, struct sp_page *page)
{
    struct groups groups = {
        .verdicts = verdicts, .relevant = sp_call_change_caps(profile->profile, call),
    };

    sp_page_label(page, "verdicts");
    make_groups(&groups);
    page->out->failed |= groups.failed;
    write_groups(&groups, profile, page);
    if (groups.count == 0) {
        sp_page_text(page, SP_STR("no architecture that is asked about has a number for it"));
    }
    if (verdicts->undecided) {
        sp_page_text(page, SP_STR("there are more environments than could be looked at"));
    }
    free_groups(&groups);
}

void
sp_explain_verdicts_answer(const struct sp_call_verdicts *verdicts,
                           const struct sp_explain_profile *profile, struct sp_buf *buf)
{
    const struct sp_call_scene *first = verdicts->all.count > 0 ? &verdicts->all.at[0] : NULL;
    const struct sp_call_part *part = first != NULL && first->parts.all.count > 0
        ? &first->parts.all.at[0] : NULL;

    sp_glyph_add(buf, sp_str_of(profile->name));
    if (first == NULL) {
        sp_buf_text(buf, " is for no architecture that has a number for it");
    } else if (part == NULL) {
        sp_buf_text(buf, " starts no container");
    } else if (!part->decided) {
        sp_buf_text(buf, " could not be decided");
    } else if (!sp_verdict_runs(part->verdict)) {
        sp_buf_text(buf, " answers ");
        sp_verdict_write(part->verdict, buf);
    } else {
        sp_buf_text(buf, first->parts.all.count > 1 ? " allows it for some arguments"
                                                    : " allows it");
    }
}
