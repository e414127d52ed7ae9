#include "format/firejail_write.h"

#include "format/firejail_entry.h"
#include "format/firejail_verdict.h"
#include "format/list_text.h"

#include <errno.h>
#include <string.h>

/* The longest line that firejail takes whole (src/firejail/profile.c, MAX_READ with its line
 * end). */
enum { LINE_MAX_BYTES = 8190 };

/* ---- lists --------------------------------------------------------------------------- */

/* Firejail's own block of other architectures looks at personality, too (src/fseccomp,
 * `fseccomp secondary block`). */
static void
lose_personality(const struct sp_firejail_writer *writer, sp_verdict verdict)
{
    static const char what[] =
        "firejail's block of other architectures denies most values of personality";

    if (writer->blocks && sp_verdict_runs(verdict)) {
        sp_firejail_lose(writer, "personality", what,
                         "denied with EPERM unless it is 0 or 0xffffffff");
    } else if (writer->blocks && (verdict & SP_VERDICT_ACTION) == SP_VERDICT_ERRNO
               && verdict != (SP_VERDICT_ERRNO | EPERM)) {
        sp_firejail_lose(writer, "personality", what, "denied with EPERM");
    }
}

static void
fill_list(const struct sp_firejail_writer *writer, struct sp_buf *line)
{
    const struct sp_policy *policy = writer->policy;
    sp_verdict otherwise = writer->keeps ? writer->action : SP_VERDICT_ALLOW;

    for (size_t i = 0; i < policy->calls.count; i++) {
        const struct sp_policy_call *call = &policy->calls.at[i];
        sp_verdict verdict = sp_firejail_sayable(writer, call);

        if (strcmp(sp_kb_text(call->call->name), "personality") == 0) {
            lose_personality(writer, verdict);
        }
        sp_firejail_entry(writer, line, call, verdict);
    }
    if (sp_policy_find(policy, "personality") == NULL) {
        lose_personality(writer, otherwise);
    }
    for (size_t i = 0; writer->keeps && i < SP_FIREJAIL_NEEDED; i++) {
        if (sp_policy_find(policy, sp_firejail_needed[i]) == NULL) {
            sp_firejail_lose(writer, sp_firejail_needed[i],
                             "firejail needs these calls itself", "allowed");
        }
    }
}

static void
write_list(struct sp_firejail_writer *writer, const char *command)
{
    struct sp_buf *out = writer->emission->out;
    SP_BUF(line);

    fill_list(writer, &line);
    if (strlen(command) + 1 + line.len > LINE_MAX_BYTES) {
        writer->by_number = true;
        sp_buf_cut(&line, 0);
        fill_list(writer, &line);
    }
    struct sp_str entries = sp_buf_part(&line, &out->failed);
    if (entries.len > 0) {
        sp_buf_format(out, "%s %.*s\n", command, SP_STR_ARG(entries));
    } else if (writer->keeps) {
        /* No list may be empty, and this call is kept whatever it says. */
        sp_buf_format(out, "%s execve\n", command);
    }
    writer->by_number = false;
}

/* ---- the error action ---------------------------------------------------------------- */

enum { VERDICTS_MAX = 64 };

/* The verdict that most dropped calls have; logging, if any has it, for no entry of a list
 * can say it. */
static sp_verdict
common_verdict(const struct sp_policy *policy)
{
    sp_verdict verdicts[VERDICTS_MAX];
    size_t counts[VERDICTS_MAX] = { 0 };
    size_t count = 0;
    size_t best = 0;

    for (size_t i = 0; i < policy->calls.count; i++) {
        sp_verdict verdict =
            sp_firejail_nearest(sp_policy_widest(&policy->calls.at[i]), policy->arch).verdict;
        size_t at = 0;
        if (verdict == SP_VERDICT_LOG) {
            return verdict;
        }
        while (at < count && verdicts[at] != verdict) {
            at++;
        }
        if (verdict == SP_VERDICT_ALLOW || at == VERDICTS_MAX) {
            continue;
        }
        count += at == count ? 1 : 0;
        verdicts[at] = verdict;
        counts[at]++;
        best = counts[at] > counts[best] ? at : best;
    }
    return count == 0 ? SP_VERDICT_ERRNO | EPERM : verdicts[best];
}

static sp_verdict
action_of(const struct sp_firejail_writer *writer)
{
    struct sp_firejail_nearest nearest =
        sp_firejail_nearest(writer->policy->default_verdict, writer->policy->arch);

    if (!writer->keeps) {
        return common_verdict(writer->policy);
    }
    if (nearest.what != NULL) {
        SP_BUF(became);
        sp_buf_format(&became, "where nothing is named, %s", nearest.became);
        sp_losses_add_default(writer->emission->losses, nearest.verdict, nearest.what,
                              sp_buf_part(&became, &writer->emission->losses->failed).ptr);
    }
    return nearest.verdict;
}

/* ---- other architectures ------------------------------------------------------------- */

static const struct sp_policy *
policy_of(const struct sp_emission *emission, const char *arch)
{
    for (size_t i = 0; i < emission->policies->all.count; i++) {
        const struct sp_policy *policy = &emission->policies->all.at[i];
        if (strcmp(sp_kb_text(policy->arch->name), arch) == 0) {
            return policy;
        }
    }
    return NULL;
}

static void
lose_arches(const struct sp_firejail_writer *writer)
{
    const struct sp_policies *policies = writer->emission->policies;

    for (size_t i = 1; i < policies->all.count; i++) {
        const char *arch = sp_kb_text(policies->all.at[i].arch->name);
        SP_BUF(became);

        if (!writer->blocks && strcmp(arch, "x86") == 0) {
            continue;
        }
        sp_buf_format(&became, "calls of %s are denied", arch);
        struct sp_str text = sp_buf_part(&became, &writer->emission->losses->failed);
        sp_firejail_lose(writer, NULL, writer->keeps && strcmp(arch, "x86") == 0
             ? "firejail makes a keep list of 32-bit calls for native programs, by mistake"
             : "firejail has no list for this architecture", text.ptr);
    }
}

void
sp_firejail_write(struct sp_emission *emission)
{
    struct sp_firejail_writer writer = {
        .emission = emission,
        .policy = &emission->policies->all.at[0],
        .keeps = emission->policies->all.at[0].default_verdict != SP_VERDICT_ALLOW,
    };
    bool is_x86_64 = strcmp(sp_kb_text(writer.policy->arch->name), "x86_64") == 0;
    const struct sp_policy *narrow = is_x86_64 ? policy_of(emission, "x86") : NULL;

    writer.blocks = writer.keeps || narrow == NULL;
    writer.action = action_of(&writer);
    sp_list_heading(emission, "# ", "seccomp lines for a firejail profile");
    sp_buf_char(emission->out, '\n');
    sp_buf_format(emission->out, "seccomp-error-action %s\n", sp_firejail_word(writer.action));
    if (writer.blocks) {
        sp_buf_text(emission->out, "seccomp.block-secondary\n");
    }
    write_list(&writer, writer.keeps ? "seccomp.keep" : "seccomp.drop");
    if (!writer.blocks) {
        writer.policy = narrow;
        writer.secondary = true;
        write_list(&writer, "seccomp.32.drop");
    }
    lose_arches(&writer);
}
