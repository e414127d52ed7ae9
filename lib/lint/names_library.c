/* SP207: names that the target's libseccomp does not know. */
#include "lint/names_arches.h"
#include "lint/names_find.h"
#include "lint/names_rules.h"

/* The oldest version that knows the call; NULL when none does. */
static const char *
first_version(const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < sp_kb_libseccomps_count; i++) {
        const char *version = sp_kb_text(sp_kb_libseccomps[i].version);
        if (sp_kb_libseccomp_knows(sp_str_of(version), call)) {
            return version;
        }
    }
    return NULL;
}

/* "`mseal` (2.5.6)" */
static void
add_version(const struct sp_lint *lint, struct sp_buf *buf, const void *finds_, size_t index)
{
    const struct sp_names_find *finds = finds_;
    const char *version = first_version(finds[index].call);

    (void)lint;
    sp_buf_format(buf, "`%s` (%s)", sp_kb_text(finds[index].call->name),
                  version == NULL ? "none" : version);
}

static void
tell(const struct sp_lint *lint, void *user, struct sp_names_slice slice)
{
    bool hole = sp_names_is_hole(lint, slice.at[0].rule);
    struct sp_str version = lint->target->libseccomp;
    struct sp_diag *diag = sp_report_add(
        lint->report, 207, sp_names_place(lint, &slice.at[0]),
        "libseccomp %.*s does not know %s: engines pass over %s, and %s", SP_STR_ARG(version),
        sp_names_list(lint, slice), slice.count == 1 ? "it" : "them",
        hole ? "what the rule should deny stays allowed" : "the default action applies");

    (void)user;
    if (hole) {
        diag->severity = SP_SEVERITY_ERROR;
    }
    sp_report_help(lint->report, diag, "first known to libseccomp: %s",
                   sp_names_join(lint, slice.at, slice.count, SP_NAMES_LISTED, add_version));
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
    struct sp_names_arches arches = sp_names_arches(lint);

    for (size_t i = 0; lint->target->libseccomp.len > 0 && i < lint->profile->rule_count; i++) {
        const struct sp_rule *rule = &lint->profile->rules[i];
        sp_arch_set set = sp_names_rule_arches(arches, rule).set;
        for (size_t j = 0; j < rule->names.count; j++) {
            const struct sp_word *word = &rule->names.at[j];
            const struct sp_kb_syscall *call = sp_kb_syscall_find(word->text);
            if (is_missed(lint, set, call)) {
                sp_names_add(&finds, (struct sp_names_find){
                    .rule = rule, .word = word, .call = call,
                });
            }
        }
    }
    sp_names_tell_rules(lint, &finds, tell, NULL);
}
