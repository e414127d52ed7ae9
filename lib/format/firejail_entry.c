#include "format/firejail_entry.h"

#include "format/firejail_verdict.h"

#include <string.h>

const char *const sp_firejail_needed[SP_FIREJAIL_NEEDED] = { "execve", "execveat", "prctl" };

static bool
is_needed(const char *name)
{
    for (size_t i = 0; i < SP_FIREJAIL_NEEDED; i++) {
        if (strcmp(name, sp_firejail_needed[i]) == 0) {
            return true;
        }
    }
    return false;
}

void
sp_firejail_lose(const struct sp_firejail_writer *writer, const char *call, const char *what,
                 const char *became)
{
    sp_losses_add(writer->emission->losses, call, what, became);
}

/* Not the number: firejail ignores names that its table lacks.  The tables of 0.9.72 end with
 * process_madvise, 440 everywhere, have no 335 to 423 on x86_64, and no 0 on x86. */
static bool
is_by_name(const struct sp_firejail_writer *writer, uint32_t nr)
{
    enum { LAST = 440, GAP_BEGINS = 335, GAP_ENDS = 423 };
    uint32_t bare = nr - writer->policy->arch->offset;
    bool is_wide = writer->policy->arch->bits == 64;
    bool is_known = bare <= LAST
        && (is_wide ? bare < GAP_BEGINS || bare > GAP_ENDS : bare != 0);

    return is_known && !writer->by_number;
}

static void
add_call(const struct sp_firejail_writer *writer, struct sp_buf *line, const char *name,
         uint32_t nr)
{
    if (is_by_name(writer, nr)) {
        sp_buf_text(line, name);
    } else {
        sp_buf_format(line, "$%u", nr);
    }
}

static void
add_entry(const struct sp_firejail_writer *writer, struct sp_buf *line, const char *name,
          uint32_t nr, const char *suffix)
{
    if (line->len > 0) {
        sp_buf_char(line, ',');
    }
    add_call(writer, line, name, nr);
    if (suffix != NULL) {
        sp_buf_format(line, ":%s", suffix);
    }
}

/* Conditions become the verdict that lets through most. */
static sp_verdict
without_conditions(const struct sp_firejail_writer *writer, const struct sp_policy_call *call)
{
    const char *name = sp_kb_text(call->call->name);
    sp_verdict widest = sp_policy_widest(call);

    if (call->clause_count > 0
        && !(writer->blocks && strcmp(name, "personality") == 0 && sp_verdict_runs(widest))) {
        sp_firejail_lose(writer, name, "firejail has no conditions for arguments",
             sp_verdict_runs(widest) ? "allowed with all arguments"
                                     : "denied alike with all arguments");
    }
    return widest;
}

/* What a call is to answer in words that firejail has. */
static sp_verdict
sayable(const struct sp_firejail_writer *writer, const char *name, sp_verdict wanted)
{
    struct sp_firejail_nearest nearest = sp_firejail_nearest(wanted, writer->policy->arch);

    if (nearest.verdict == SP_VERDICT_LOG && writer->action != SP_VERDICT_LOG) {
        sp_firejail_lose(writer, name,
                         "firejail logs calls only where that is its error action",
                         "allowed without a log entry");
        return SP_VERDICT_ALLOW;
    }
    if (nearest.what != NULL) {
        sp_firejail_lose(writer, name, nearest.what, nearest.became);
    }
    return nearest.verdict;
}

/* A drop list keeps these from the program by a library that is loaded into it. */
static void
drop_needed(const struct sp_firejail_writer *writer, struct sp_buf *line, const char *name,
            uint32_t nr, sp_verdict verdict)
{
    if (writer->secondary) {
        sp_firejail_lose(writer, name,
                         "firejail needs these calls itself, and lists of 32-bit calls do not "
                         "deny them later", "allowed in 32-bit programs");
        return;
    }
    if (verdict != writer->action) {
        sp_firejail_lose(writer, name,
                         "firejail needs these calls itself, and denies them later with its "
                         "error action alone", "denied with the error action");
    }
    sp_firejail_lose(writer, name,
                     "firejail denies the calls that it needs itself by a library that it "
                     "loads into programs",
                     "programs that are linked statically keep these calls");
    add_entry(writer, line, name, nr, NULL);
}

static void
add_dropped(const struct sp_firejail_writer *writer, struct sp_buf *line, const char *name,
            uint32_t nr, sp_verdict verdict)
{
    bool by_name = is_by_name(writer, nr);
    const char *suffix = sp_firejail_suffix(verdict);

    if (is_needed(name)) {
        drop_needed(writer, line, name, nr, verdict);
    } else if (by_name && verdict == writer->action) {
        add_entry(writer, line, name, nr, NULL);
    } else if (suffix == NULL) {
        sp_firejail_lose(writer, name,
                         "firejail drops calls that it has no name for only with an errno of "
                         "their own", "allowed without a log entry");
    } else {
        /* Numbers without a suffix are lost on the way through a drop list's two parts. */
        add_entry(writer, line, name, nr, suffix);
    }
}

static void
add_kept(const struct sp_firejail_writer *writer, struct sp_buf *line, const char *name,
         uint32_t nr, sp_verdict verdict)
{
    if (is_needed(name)) {
        if (verdict != SP_VERDICT_ALLOW) {
            sp_firejail_lose(writer, name, "firejail needs these calls itself", "allowed");
        } else {
            add_entry(writer, line, name, nr, NULL);
        }
    } else if (verdict != writer->action) {
        add_entry(writer, line, name, nr,
                  verdict == SP_VERDICT_ALLOW ? NULL : sp_firejail_suffix(verdict));
    }
}

sp_verdict
sp_firejail_sayable(const struct sp_firejail_writer *writer, const struct sp_policy_call *call)
{
    return sayable(writer, sp_kb_text(call->call->name), without_conditions(writer, call));
}

void
sp_firejail_entry(const struct sp_firejail_writer *writer, struct sp_buf *line,
                  const struct sp_policy_call *call, sp_verdict verdict)
{
    const char *name = sp_kb_text(call->call->name);

    if (writer->keeps) {
        add_kept(writer, line, name, call->nr, verdict);
    } else if (verdict != SP_VERDICT_ALLOW) {
        add_dropped(writer, line, name, call->nr, verdict);
    }
}
