/* SP207: names that the target's libseccomp does not know. */
#include "lint/names_arches.h"
#include "lint/names_find.h"
#include "lint/names_rules.h"

/* ---- which version knows it ---------------------------------------------------------- */

static struct sp_version
version_of(size_t row)
{
    struct sp_version version = { 0 };

    sp_version_parse(sp_str_of(sp_kb_text(sp_kb_libseccomps[row].version)), &version);
    return version;
}

/* The row of the oldest version that knows the call; the number of rows when none does. */
static size_t
first_row(const struct sp_kb_syscall *call)
{
    size_t row = 0;

    while (row < sp_kb_libseccomps_count
           && !sp_kb_libseccomp_knows(version_of(row), call)) {
        row++;
    }
    return row;
}

/* "; 2.5.6 `mseal` and `statmount`" */
static void
add_row(const struct sp_lint *lint, struct sp_buf *buf, struct sp_names_slice slice, size_t row)
{
    SP_SCRATCH(scratch);
    struct sp_names_finds finds = { .arena = &scratch };

    for (size_t i = 0; i < slice.count; i++) {
        if (first_row(slice.at[i].call) == row) {
            sp_names_add(&finds, slice.at[i]);
        }
    }
    struct sp_names_slice some = { .at = finds.list.at, .count = finds.list.count };
    if (sp_names_complete(lint, &scratch) && some.count > 0) {
        sp_buf_format(buf, "%s%s knows %s", buf->len > 0 ? "; " : "",
                      row == sp_kb_libseccomps_count
                          ? "none" : sp_kb_text(sp_kb_libseccomps[row].version),
                      sp_names_list(lint, some));
    }
}

static const char *
versions(const struct sp_lint *lint, struct sp_names_slice slice)
{
    SP_BUF(buf);

    sp_buf_text(&buf, "");
    for (size_t row = 0; row <= sp_kb_libseccomps_count; row++) {
        add_row(lint, &buf, slice, row);
    }
    return sp_names_take(lint, &buf);
}

/* ---- findings ------------------------------------------------------------------------ */

static void
tell(const struct sp_lint *lint, void *user, struct sp_names_slice slice)
{
    bool hole = sp_names_is_hole(lint, slice.at[0].rule);
    struct sp_version version = lint->target->libseccomp;
    struct sp_diag *diag = sp_report_add(
        lint->report, 207, sp_names_place(lint, &slice.at[0]),
        "libseccomp %u.%u.%u does not know %s: engines pass over %s, and %s", version.major,
        version.minor, version.patch,
        sp_names_list(lint, slice), slice.count == 1 ? "it" : "them",
        !hole ? "the default action applies"
              : slice.count == 1 ? "what it should deny stays allowed"
                                 : "what they should deny stays allowed");

    (void)user;
    if (hole) {
        diag->severity = SP_SEVERITY_ERROR;
    }
    sp_report_help(lint->report, diag, "use a newer libseccomp: %s", versions(lint, slice));
    sp_names_relate_rules(lint, diag, slice);
}

/* What exists on no architecture of the profile is not missed. */
static bool
is_missed(const struct sp_lint *lint, sp_arch_set set, const struct sp_kb_syscall *call)
{
    return call != NULL && !sp_kb_libseccomp_knows(lint->target->libseccomp, call)
        && sp_names_exists(set, call);
}

void
sp_check_target_libseccomp(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_names_finds finds = { .arena = &scratch };
    struct sp_names_arches arches;

    if (lint->target->libseccomp.major == 0) {
        return;
    }
    arches = sp_names_arches(lint);
    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        const struct sp_rule *rule = &lint->profile->rules[i];
        sp_arch_set set = sp_names_rule_arches(arches, rule).set;
        for (size_t j = 0; j < rule->names.count; j++) {
            const struct sp_word *word = &rule->names.at[j];
            const struct sp_kb_syscall *call = sp_kb_syscall_find(word->text);
            if (is_missed(lint, set, call)) {
                sp_names_add(&finds, (struct sp_names_find){
                    .rule = rule, .word = word, .call = call,
                    .class = sp_names_is_hole(lint, rule),
                });
            }
        }
    }
    sp_names_tell_rules(lint, &finds, tell, NULL);
}
