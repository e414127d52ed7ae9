#include "format/spo_write_work.h"

#include <string.h>

enum { LARGEST_ERRNO = 4095 };

static bool
carries_errno(enum sp_action action)
{
    return action == SP_ACTION_ERRNO || action == SP_ACTION_TRACE;
}

/* ---- what is lost of calls ----------------------------------------------------------- */

/* socketcall or ipc, when the call is one of those that it reaches. */
static const struct sp_kb_syscall *
multiplexer_of(struct sp_str name)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(name);

    for (size_t i = 0; call != NULL && i < call->families.count; i++) {
        const struct sp_kb_family *family =
            &sp_kb_families[sp_kb_family_uses[call->families.first + i]];
        if (strcmp(sp_kb_text(family->kind), "multiplexer") == 0) {
            return &sp_kb_syscalls[sp_kb_indices[family->members.first]];
        }
    }
    return NULL;
}

static bool
has_number(const struct sp_spo_writer *writer, const struct sp_kb_syscall *call)
{
    if (sp_kb_number(writer->environment->host, call) != SP_KB_NO_NUMBER) {
        return true;
    }
    for (size_t i = 0; i < writer->oci->arches.count; i++) {
        const struct sp_kb_arch *arch = sp_kb_arch_guess(writer->oci->arches.at[i]);
        if (arch != NULL && sp_kb_number(arch, call) != SP_KB_NO_NUMBER) {
            return true;
        }
    }
    return false;
}

/* A rule of a multiplexed call is one of its multiplexer, too. */
static void
lose_name(struct sp_spo_writer *writer, const struct sp_word *name, const char *what,
          const char *became)
{
    const struct sp_kb_syscall *multiplexer = multiplexer_of(name->text);

    sp_losses_add(writer->losses, name->text.ptr, what, became);
    if (multiplexer != NULL && has_number(writer, multiplexer)) {
        sp_losses_add(writer->losses, sp_kb_text(multiplexer->name), what, became);
    }
}

void
sp_spo_lose_names(struct sp_spo_writer *writer, const struct sp_oci_rule *rule,
                  const char *what, const char *became)
{
    for (size_t i = 0; i < rule->names.count; i++) {
        lose_name(writer, &rule->names.at[i], what, became);
    }
}

/* ---- the default action -------------------------------------------------------------- */

static bool
has_plain_rule(const struct sp_oci *oci, struct sp_str name)
{
    for (size_t i = 0; i < oci->rules.count; i++) {
        const struct sp_oci_rule *rule = &oci->rules.at[i];
        for (size_t j = 0; rule->rule->condition_count == 0 && j < rule->names.count; j++) {
            if (sp_str_equal(rule->names.at[j].text, name)) {
                return true;
            }
        }
    }
    return false;
}

/* Where no condition of a call holds, the default does. */
static void
lose_default_of(struct sp_spo_writer *writer, const struct sp_oci_rule *rule, const char *what)
{
    for (size_t i = 0; i < rule->names.count; i++) {
        if (!has_plain_rule(writer->oci, rule->names.at[i].text)) {
            lose_name(writer, &rule->names.at[i], what,
                      "these calls get EPERM where no condition holds");
        }
    }
}

/* Of the default there is none: runtimes take EPERM. */
void
sp_spo_check_default_error(struct sp_spo_writer *writer)
{
    static const char what[] = "the operator has no number for the default action";
    const struct sp_oci *oci = writer->oci;
    struct sp_errno_ret error = oci->default_error;

    if (!carries_errno(oci->default_action) || !error.given || error.value == SP_SPO_EPERM) {
        return;
    }
    sp_losses_add_default(writer->losses, SP_VERDICT_ERRNO | SP_SPO_EPERM, what,
                          "calls that no rule names get EPERM");
    for (size_t i = 0; i < oci->rules.count; i++) {
        if (oci->rules.at[i].rule->condition_count > 0) {
            lose_default_of(writer, &oci->rules.at[i], what);
        }
    }
}

/* ---- a rule -------------------------------------------------------------------------- */

void
sp_spo_write_error(struct sp_spo_writer *writer, const struct sp_oci_rule *rule)
{
    bool counts = carries_errno(rule->rule->action);

    if (!rule->error.given) {
        return;
    }
    if (rule->error.value == 0 && counts) {
        sp_spo_lose_names(writer, rule, "the operator drops an errnoRet of 0",
                          "these calls get EPERM");
    } else if (rule->error.value > LARGEST_ERRNO) {
        sp_spo_lose_names(writer, rule, "the operator takes an errnoRet up to 4095",
                          "it is 4095");
        sp_yaml_u64(writer->yaml, "errnoRet", LARGEST_ERRNO);
    } else if (rule->error.value > 0) {
        sp_yaml_u64(writer->yaml, "errnoRet", rule->error.value);
    }
}
