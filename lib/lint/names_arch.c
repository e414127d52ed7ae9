/* SP202: names of calls that the profile's architectures do not have. */
#include "lint/form_text.h"
#include "lint/names_arches.h"
#include "lint/names_denied.h"
#include "lint/names_find.h"
#include "lint/names_rules.h"

#include <string.h>

/* What is shown: architectures of the profile and of a call, calls that are found elsewhere. */
enum { ARCHES_SHOWN = 4, WHERE_SHOWN = 3, FOUND_SHOWN = 4 };

struct state {
    struct sp_names_arches arches;
    struct sp_names_denied denied;
};

/* ---- a hole: what does the same under another name is open ----------------------------------- */

/* `umount2` of umount, `mkdirat` of mkdir, `stat` of stat64: of one family, called nearly so. */
static bool
is_twin(const struct sp_kb_syscall *call, const struct sp_kb_syscall *other)
{
    const char *name = sp_kb_text(call->name);
    const char *twin = sp_kb_text(other->name);

    return other != call
        && (strstr(twin, name) != NULL || sp_str_has_prefix(sp_str_of(name), twin));
}

/* The twin of a call that exists on the architectures and is denied nowhere; NULL when there is
 * none. */
static const struct sp_kb_syscall *
open_twin(struct sp_names_denied *denied, sp_arch_set set, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < call->families.count; i++) {
        const struct sp_kb_family *family =
            &sp_kb_families[sp_kb_family_uses[call->families.first + i]];
        for (size_t j = 0; j < family->members.count; j++) {
            const struct sp_kb_syscall *other =
                &sp_kb_syscalls[sp_kb_indices[family->members.first + j]];
            if (is_twin(call, other) && sp_names_exists(set, other)
                && !sp_names_is_denied(denied, other)) {
                return other;
            }
        }
    }
    return NULL;
}

/* The first name of a deny list whose twin is open; NULL when there is none. */
static const struct sp_kb_syscall *
find_hole(const struct sp_lint *lint, struct sp_names_denied *denied, sp_arch_set set,
          struct sp_names_slice slice, const struct sp_kb_syscall **ret_call)
{
    for (size_t i = 0; i < slice.count; i++) {
        const struct sp_kb_syscall *twin = sp_names_is_hole(lint, slice.at[i].rule)
            ? open_twin(denied, set, slice.at[i].call) : NULL;
        if (twin != NULL) {
            *ret_call = slice.at[i].call;
            return twin;
        }
    }
    return NULL;
}

/* ---- findings ------------------------------------------------------------------------------ */

/* "none of the profile's architectures (x86_64 and x86)" */
static const char *
no_arches(const struct sp_lint *lint, struct sp_names_arches arches)
{
    SP_BUF(buf);

    if (arches.any) {
        return "no 64-bit machine";
    }
    sp_buf_format(&buf, "none of the %s's architectures (", arches.guard ? "rule" : "profile");
    sp_names_add_arches(&buf, arches.set, ARCHES_SHOWN);
    sp_buf_text(&buf, ")");
    return sp_names_take(lint, &buf);
}

/* "`set_tls` on arm" */
static void
add_where(const struct sp_lint *lint, struct sp_buf *buf, const void *finds_, size_t index)
{
    const struct sp_names_find *finds = finds_;

    (void)lint;
    sp_buf_format(buf, "`%s` on ", sp_kb_text(finds[index].call->name));
    sp_names_add_where(buf, finds[index].call, WHERE_SHOWN);
}

static void
help(const struct sp_lint *lint, struct sp_diag *diag, struct sp_names_arches arches,
     struct sp_names_slice slice)
{
    const char *where = sp_names_join(lint, slice.at, slice.count, FOUND_SHOWN, add_where);

    if (arches.any) {
        sp_report_help(lint->report, diag,
                       "without `architectures` only the machine's own ABI is filtered, so %s no "
                       "effect there; found %s", slice.count == 1 ? "it has" : "they have", where);
    } else {
        sp_report_help(lint->report, diag, "%s no effect there; found %s",
                       slice.count == 1 ? "it has" : "they have", where);
    }
}

static void
tell(const struct sp_lint *lint, void *user, struct sp_names_slice slice)
{
    struct state *state = user;
    struct sp_names_arches arches = sp_names_rule_arches(state->arches, slice.at[0].rule);
    const char *none = no_arches(lint, arches);
    const struct sp_kb_syscall *hole = NULL;
    const struct sp_kb_syscall *twin = find_hole(lint, &state->denied, arches.set, slice, &hole);
    const char *names = sp_names_list(lint, slice);
    struct sp_diag *diag = slice.count == 1
        ? sp_report_add(lint->report, 202, sp_names_place(lint, &slice.at[0]),
                        "%s exists on %s", names, none)
        : sp_report_add(lint->report, 202, sp_names_place(lint, &slice.at[0]),
                        "%zu names exist on %s: %s", slice.count, none, names);

    sp_names_relate_rules(lint, diag, slice);
    if (twin == NULL) {
        help(lint, diag, arches, slice);
        return;
    }
    diag->severity = SP_SEVERITY_WARNING;
    sp_report_help(lint->report, diag,
                   "`%s` does there what `%s` does elsewhere, and no rule denies it: name it, too",
                   sp_kb_text(twin->name), sp_kb_text(hole->name));
}

/* Of what is gone from the kernel, SP203 speaks. */
static bool
is_elsewhere(sp_arch_set set, const struct sp_kb_syscall *call)
{
    return call != NULL && call->removed == 0 && !sp_names_exists(set, call);
}

void
sp_check_wrong_arch_syscall(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_names_finds finds = { .arena = &scratch };
    struct state state = {
        .arches = sp_names_arches(lint), .denied = { .lint = lint, .arena = &scratch },
    };

    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        const struct sp_rule *rule = &lint->profile->rules[i];
        struct sp_names_arches arches = sp_names_rule_arches(state.arches, rule);
        for (size_t j = 0; j < rule->names.count; j++) {
            const struct sp_word *word = &rule->names.at[j];
            const struct sp_kb_syscall *call = sp_kb_syscall_find(word->text);
            if (is_elsewhere(arches.set, call)) {
                sp_names_add(&finds, (struct sp_names_find){
                    .rule = rule, .word = word, .call = call,
                    .class = arches.guard ? SP_NAMES_ALONE : 0,
                });
            }
        }
    }
    sp_names_tell_rules(lint, &finds, tell, &state);
}
