#include "api/context.h"
#include "api/profile.h"
#include "api/target.h"
#include "api/text.h"
#include "base/names.h"
#include "report/diff_text.h"

#include <stdlib.h>

enum format { FORMAT_JSON, FORMAT_MARKDOWN, FORMAT_TEXT };

static const struct sp_name format_rows[] = {
    { .name = "json", .value = FORMAT_JSON },
    { .name = "markdown", .value = FORMAT_MARKDOWN },
    { .name = "text", .value = FORMAT_TEXT },
};

struct secprof_diff {
    struct sp_arena arena;
    struct sp_target targets[2];  /* of the earlier side and of the later one */
    const char *names[2];
    struct sp_diff_sides *sides;
    struct sp_diff diff;
};

void
secprof_diff_free(struct secprof_diff *diff)
{
    if (diff != NULL) {
        if (diff->sides != NULL) {
            sp_diff_sides_free(diff->sides);
        }
        sp_arena_free(&diff->arena);
        free(diff);
    }
}

/* ---- making ---------------------------------------------------------------------------- */

/* One side's target and name. */
static enum secprof_status
begin_side(struct secprof_diff *diff, size_t side, const struct secprof_profile *profile,
           const struct secprof_target *target, struct sp_buf *why)
{
    enum secprof_status status = sp_api_target(target, &diff->targets[side], why);

    if (status != SECPROF_OK) {
        return status;
    }
    sp_api_choose_engine(profile, &diff->targets[side]);
    diff->names[side] = sp_arena_copy(&diff->arena, sp_str_of(profile->name));
    return diff->names[side] == NULL ? SECPROF_NO_MEMORY : SECPROF_OK;
}

static bool
have_same_arches(const struct sp_target *left, const struct sp_target *right)
{
    for (size_t i = 0; i < left->arch_count && i < right->arch_count; i++) {
        if (left->arches[i] != right->arches[i]) {
            return false;
        }
    }
    return left->arch_count == right->arch_count;
}

/* Sides may have engines, runtimes and libraries of their own; machine and container are the same. */
static enum secprof_status
check_targets(const struct secprof_diff *diff, struct sp_buf *why)
{
    const struct sp_target *from = &diff->targets[0];
    const struct sp_target *to = &diff->targets[1];

    if (sp_version_compare(from->kernel, to->kernel) != 0 || from->caps_given != to->caps_given
        || from->caps != to->caps || from->caps_add != to->caps_add
        || from->caps_drop != to->caps_drop || !have_same_arches(from, to)) {
        sp_buf_text(why, "kernel, capabilities and architectures must be the same on both sides");
        return SECPROF_BAD_ARGUMENT;
    }
    return SECPROF_OK;
}

static enum secprof_status
compare(struct secprof_diff *diff, const struct secprof_profile *const profiles[2])
{
    struct sp_diff_side *sides[2] = { NULL, NULL };

    diff->sides = sp_diff_sides_new(&diff->arena);
    for (size_t i = 0; i < 2 && diff->sides != NULL; i++) {
        sides[i] = sp_diff_side_new(diff->sides, profiles[i]->profile, &diff->targets[i]);
    }
    return sides[0] != NULL && sides[1] != NULL
            && sp_diff_make(&diff->arena, sides[0], sides[1], &diff->diff)
        ? SECPROF_OK : SECPROF_NO_MEMORY;
}

static enum secprof_status
make(struct secprof_diff *diff, const struct secprof_profile *const profiles[2],
     const struct secprof_target *const targets[2], struct sp_buf *why)
{
    enum secprof_status status = SECPROF_OK;

    for (size_t i = 0; i < 2 && status == SECPROF_OK; i++) {
        status = begin_side(diff, i, profiles[i], targets[i], why);
    }
    status = status != SECPROF_OK ? status : check_targets(diff, why);
    return status != SECPROF_OK ? status : compare(diff, profiles);
}

enum secprof_status
secprof_diff_new(const struct secprof_profile *from, const struct secprof_target *from_target,
                 const struct secprof_profile *to, const struct secprof_target *to_target,
                 struct secprof_diff **ret_diff, char **ret_why)
{
    const struct secprof_profile *const profiles[2] = { from, to };
    const struct secprof_target *const targets[2] = { from_target, to_target };
    SP_BUF(why);

    if (from == NULL || to == NULL || ret_diff == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    struct secprof_diff *diff = calloc(1, sizeof *diff);
    if (diff == NULL) {
        return SECPROF_NO_MEMORY;
    }
    enum secprof_status status = make(diff, profiles, targets, &why);
    if (status == SECPROF_OK) {
        *ret_diff = diff;
        return SECPROF_OK;
    }
    secprof_diff_free(diff);
    return status != SECPROF_NO_MEMORY && why.len > 0 && ret_why != NULL
        ? sp_api_give(&why, status, ret_why) : status;
}

/* ---- asking ---------------------------------------------------------------------------- */

unsigned
secprof_diff_answer(const struct secprof_diff *diff)
{
    if (diff == NULL) {
        return SECPROF_DIFF_UNDECIDED;
    }
    const struct sp_diff_counts *counts = &diff->diff.counts;
    return (counts->looser > 0 ? (unsigned)SECPROF_DIFF_LOOSER : 0)
        | (counts->tighter > 0 ? (unsigned)SECPROF_DIFF_TIGHTER : 0)
        | (counts->changed > 0 ? (unsigned)SECPROF_DIFF_CHANGED : 0)
        | (diff->diff.undecided.count > 0 ? (unsigned)SECPROF_DIFF_UNDECIDED : 0);
}

enum secprof_status
secprof_diff_write(const struct secprof_diff *diff, const char *format,
                   const struct secprof_style *style, int summary, char **ret_text)
{
    struct sp_style look = sp_api_style(style);
    SP_BUF(out);
    int wanted;

    if (diff == NULL || format == NULL || ret_text == NULL
        || !sp_names_find(SP_NAMES(format_rows), sp_str_of(format), &wanted)) {
        return SECPROF_BAD_ARGUMENT;
    }
    const struct sp_diff_page page = {
        .diff = &diff->diff,
        .from = { .name = diff->names[0], .target = &diff->targets[0] },
        .to = { .name = diff->names[1], .target = &diff->targets[1] },
        .summary = summary != 0,
    };
    switch ((enum format)wanted) {
    case FORMAT_JSON:
        sp_diff_json(&page, &out);
        break;
    case FORMAT_MARKDOWN:
        sp_diff_markdown(&page, &out);
        break;
    case FORMAT_TEXT:
        sp_diff_text(&page, &look, &out);
        break;
    }
    return sp_api_give(&out, SECPROF_OK, ret_text);
}
