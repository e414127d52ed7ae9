/* SP203: names of calls that the kernel does not have any more. */
#include "kb/kernel.h"
#include "lint/names_find.h"
#include "lint/names_rules.h"

#include <string.h>

/* Calls of which a finding says what took their place. */
enum { REMARKS_MAX = 3 };

/* "`bdflush` (Linux 5.15)" */
static void
add_version(const struct sp_lint *lint, struct sp_buf *buf, const void *finds_, size_t index)
{
    const struct sp_names_find *finds = finds_;

    (void)lint;
    sp_buf_format(buf, "`%s` (Linux %s)", sp_kb_text(finds[index].call->name),
                  sp_kernel_text(finds[index].call->removed).text);
}

/* ---- what took its place ------------------------------------------------------------- */

static const struct sp_kb_family *
generalisation_of(const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < call->families.count; i++) {
        const struct sp_kb_family *family =
            &sp_kb_families[sp_kb_family_uses[call->families.first + i]];
        if (strcmp(sp_kb_text(family->kind), "generalisation") == 0) {
            return family;
        }
    }
    return NULL;
}

/* "now init_module, finit_module": the calls of the family that are still there. */
static void
add_family(struct sp_buf *buf, const struct sp_kb_family *family)
{
    const char *before = "now ";

    for (size_t i = 0; i < family->members.count; i++) {
        const struct sp_kb_syscall *call = sp_names_member(family->members, i);
        if (call->removed == 0) {
            sp_buf_format(buf, "%s%s", before, sp_kb_text(call->name));
            before = ", ";
        }
    }
}

/* The note of a call, or its family; false when nothing is known. */
static bool
add_remark(struct sp_buf *buf, const struct sp_kb_syscall *call)
{
    const struct sp_kb_family *family = generalisation_of(call);

    if (call->note != 0) {
        sp_buf_text(buf, sp_kb_text(call->note));
    } else if (family != NULL) {
        add_family(buf, family);
    }
    return call->note != 0 || family != NULL;
}

/* What is known of the names, each with a `; ` before it. */
static const char *
remarks(const struct sp_lint *lint, struct sp_names_slice slice)
{
    SP_BUF(buf);
    size_t shown = 0;

    sp_buf_text(&buf, "");
    for (size_t i = 0; i < slice.count && shown < REMARKS_MAX; i++) {
        size_t before = buf.len;
        sp_buf_text(&buf, "; ");
        if (slice.count > 1) {
            sp_buf_format(&buf, "%s: ", sp_kb_text(slice.at[i].call->name));
        }
        if (add_remark(&buf, slice.at[i].call)) {
            shown++;
        } else {
            sp_buf_cut(&buf, before);
        }
    }
    return sp_names_take(lint, &buf);
}

/* ---- findings ------------------------------------------------------------------------ */

static struct sp_diag *
add(const struct sp_lint *lint, struct sp_names_slice slice)
{
    struct sp_place place = sp_names_place(lint, &slice.at[0]);
    const struct sp_kb_syscall *call = slice.at[0].call;

    if (slice.count == 1) {
        return sp_report_add(lint->report, 203, place,
                             "`%s` is gone from the kernel since Linux %s",
                             sp_kb_text(call->name), sp_kernel_text(call->removed).text);
    }
    return sp_report_add(lint->report, 203, place,
                         "%zu names are of calls that are gone from the kernel: %s",
                         slice.count, sp_names_join(lint, slice.at, slice.count,
                                                    SP_NAMES_LISTED, add_version));
}

static void
tell(const struct sp_lint *lint, void *user, struct sp_names_slice slice)
{
    struct sp_diag *diag = add(lint, slice);

    (void)user;
    sp_report_help(lint->report, diag, "%s an effect on older kernels only%s",
                   slice.count == 1 ? "it has" : "they have", remarks(lint, slice));
    sp_names_relate_rules(lint, diag, slice);
}

void
sp_check_removed_syscall(const struct sp_lint *lint)
{
    SP_SCRATCH(scratch);
    struct sp_names_finds finds = { .arena = &scratch };

    for (size_t i = 0; i < lint->profile->rule_count; i++) {
        const struct sp_rule *rule = &lint->profile->rules[i];
        for (size_t j = 0; j < rule->names.count; j++) {
            const struct sp_word *word = &rule->names.at[j];
            const struct sp_kb_syscall *call = sp_kb_syscall_find(word->text);
            if (call != NULL && call->removed != 0 && sp_names_is_written(lint, word)) {
                sp_names_add(&finds, (struct sp_names_find){
                    .rule = rule, .word = word, .call = call,
                });
            }
        }
    }
    sp_names_tell_rules(lint, &finds, tell, NULL);
}
