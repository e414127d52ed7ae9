/* SP202: names of calls that the profile's architectures do not have. */
#include "lint/form_text.h"
#include "lint/names_arches.h"
#include "lint/names_find.h"
#include "lint/names_rules.h"

#include <string.h>

/* Architectures shown: of the profile, and of a call that is found elsewhere. */
enum { ARCHES_SHOWN = 4, WHERE_SHOWN = 3 };

struct state {
    const struct sp_lint *lint;
    struct sp_names_arches arches;
    struct sp_arena *arena;
    bool *denied;  /* by call; NULL until somebody asks */
};

/* ---- a hole: what does the same under another name is open ----------------------------------- */

static void
mark_denied(bool *denied, const struct sp_rule *rule)
{
    for (size_t i = 0; i < rule->names.count; i++) {
        const struct sp_kb_syscall *call = sp_kb_syscall_find(rule->names.at[i].text);
        if (call != NULL) {
            denied[sp_kb_syscall_index(call)] = true;
        }
    }
}

/* Is the call in a rule that does not let it run? */
static bool
is_denied(struct state *state, const struct sp_kb_syscall *call)
{
    const struct sp_profile *profile = state->lint->profile;

    if (state->denied == NULL) {
        state->denied = sp_arena_new_array(state->arena, sp_kb_syscalls_count, bool);
        for (size_t i = 0; state->denied != NULL && i < profile->rule_count; i++) {
            if (sp_names_is_hole(state->lint, &profile->rules[i])) {
                mark_denied(state->denied, &profile->rules[i]);
            }
        }
    }
    return state->denied == NULL || state->denied[sp_kb_syscall_index(call)];
}

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
open_twin(struct state *state, sp_arch_set set, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < call->families.count; i++) {
        const struct sp_kb_family *family =
            &sp_kb_families[sp_kb_family_uses[call->families.first + i]];
        for (size_t j = 0; j < family->members.count; j++) {
            const struct sp_kb_syscall *other =
                &sp_kb_syscalls[sp_kb_indices[family->members.first + j]];
            if (is_twin(call, other) && sp_names_exists(set, other)
                && !is_denied(state, other)) {
                return other;
            }
        }
    }
    return NULL;
}

/* The first name of a deny list whose twin is open. */
static const struct sp_kb_syscall *
find_hole(struct state *state, sp_arch_set set, struct sp_names_slice slice,
          const struct sp_names_find **ret_find)
{
    for (size_t i = 0; sp_names_is_hole(state->lint, slice.at[0].rule) && i < slice.count; i++) {
        const struct sp_kb_syscall *twin = open_twin(state, set, slice.at[i].call);
        if (twin != NULL) {
            *ret_find = &slice.at[i];
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
    const char *where = sp_names_join(lint, slice.at, slice.count, SP_NAMES_LISTED, add_where);

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
    const struct sp_names_find *hole = NULL;
    const struct sp_kb_syscall *twin = find_hole(state, arches.set, slice, &hole);
    const char *names = sp_names_list(lint, slice);
    struct sp_diag *diag = slice.count == 1
        ? sp_report_add(lint->report, 202, sp_names_place(lint, &slice.at[0]),
                        "%s exists on %s", names, none)
        : sp_report_add(lint->report, 202, sp_names_place(lint, &slice.at[0]),
                        "%zu names exist on %s: %s", slice.count, none, names);

    if (twin == NULL) {
        help(lint, diag, arches, slice);
        return;
    }
    diag->severity = SP_SEVERITY_WARNING;
    sp_report_help(lint->report, diag,
                   "the rule denies nothing there: name `%s` as well, which is `%s` there and "
                   "which no rule denies", sp_kb_text(twin->name), sp_kb_text(hole->call->name));
}

/* What is gone from the kernel as well, SP203 speaks of. */
static bool
is_elsewhere(sp_arch_set set, const struct sp_kb_syscall *call)
{
    return call != NULL && !sp_names_exists(set, call)
        && (call->removed == 0 || sp_names_exists_anywhere(call));
}

void
sp_check_wrong_arch_syscall(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_names_finds finds = { .arena = &scratch };
    struct state state = {
        .lint = lint, .arches = sp_names_arches(lint), .arena = &scratch,
    };

    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        const struct sp_rule *rule = &lint->profile->rules[i];
        sp_arch_set set = sp_names_rule_arches(state.arches, rule).set;
        for (size_t j = 0; j < rule->names.count; j++) {
            const struct sp_word *word = &rule->names.at[j];
            const struct sp_kb_syscall *call = sp_kb_syscall_find(word->text);
            if (is_elsewhere(set, call)) {
                sp_names_add(&finds, (struct sp_names_find){
                    .rule = rule, .word = word, .call = call,
                });
            }
        }
    }
    sp_names_tell_rules(lint, &finds, tell, &state);
}
