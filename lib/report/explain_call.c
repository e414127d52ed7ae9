/* A system call, for people. */
#include "kb/kernel.h"
#include "ops/answer.h"
#include "report/explain.h"

#include <inttypes.h>
#include <string.h>

/* Architectures in the order in which people look for theirs. */
static const char *const usual_arches[] = {
    "x86_64", "x86", "x32", "aarch64", "arm", "riscv64", "ppc64le", "s390x", "loongarch64",
};

/* ---- does, call, numbers, history ---------------------------------------------------- */

static void
write_signature(const struct sp_kb_syscall *call, struct sp_buf *buf)
{
    sp_buf_format(buf, "%s(", sp_kb_text(call->name));
    for (size_t i = 0; i < call->args.count; i++) {
        const struct sp_kb_arg *arg = &sp_kb_args[call->args.first + i];
        const char *type = sp_kb_text(arg->type);
        bool ends_in_star = sp_str_has_suffix(sp_str_of(type), "*");
        sp_buf_format(buf, "%s%s%s%s", i == 0 ? "" : ", ", type, ends_in_star ? "" : " ",
                      sp_kb_text(arg->name));
    }
    sp_buf_text(buf, call->args.count == 0 ? "void)" : ")");
}

/* "attr and size are pointers": what a filter can only compare as an address. */
static void
write_pointers(struct sp_page *page, const struct sp_kb_syscall *call)
{
    size_t count = 0;
    SP_BUF(names);

    for (size_t i = 0; i < call->args.count; i++) {
        const struct sp_kb_arg *arg = &sp_kb_args[call->args.first + i];
        if (arg->pointer) {
            sp_buf_text(&names, count++ == 0 ? "" : ", ");
            sp_buf_text(&names, sp_kb_text(arg->name));
        }
    }
    if (count > 0) {
        sp_page_format(page, "%s: %s; filters see the address, not what it points to",
                       sp_buf_part(&names, &page->out->failed).ptr,
                       count == 1 ? "a pointer" : "pointers");
    }
}

static void
write_narrow(struct sp_page *page, const struct sp_kb_syscall *call)
{
    SP_BUF(names);

    for (size_t i = 0; i < call->args.count; i++) {
        const struct sp_kb_arg *arg = &sp_kb_args[call->args.first + i];
        if (arg->bits < 64) {
            sp_buf_format(&names, "%s%s (%u)", names.len == 0 ? "" : ", ", sp_kb_text(arg->name),
                          arg->bits);
        }
    }
    if (names.len > 0) {
        sp_page_format(page, "the kernel reads fewer than 64 bits of %s; filters compare all 64",
                       names.data);
    }
    page->out->failed |= names.failed;
}

static void
write_call(struct sp_page *page, const struct sp_kb_syscall *call)
{
    SP_BUF(signature);

    if (!call->args_known) {
        return;
    }
    sp_page_label(page, "call");
    write_signature(call, &signature);
    sp_page_text(page, sp_buf_part(&signature, &page->out->failed));
    write_pointers(page, call);
    write_narrow(page, call);
}

static void
write_numbers(struct sp_page *page, const struct sp_kb_syscall *call)
{
    SP_BUF(text);

    for (size_t i = 0; i < sizeof usual_arches / sizeof *usual_arches; i++) {
        const struct sp_kb_arch *arch = sp_kb_arch_find(sp_str_of(usual_arches[i]));
        int64_t number = arch == NULL ? SP_KB_NO_NUMBER : sp_kb_number(arch, call);
        if (number == SP_KB_NO_NUMBER) {
            continue;
        }
        sp_buf_format(&text, "%s%s ", text.len == 0 ? "" : ", ", usual_arches[i]);
        if (arch->offset != 0) {
            sp_buf_format(&text, "0x%" PRIx64, (uint64_t)number);
        } else {
            sp_buf_format(&text, "%" PRId64, number);
        }
    }
    sp_page_label(page, "numbers");
    if (text.len == 0) {
        sp_page_text(page, SP_STR("on none of the architectures that containers run on"));
    }
    sp_page_text(page, sp_buf_part(&text, &page->out->failed));
}

static void
write_history(struct sp_page *page, const struct sp_kb_syscall *call,
              const struct sp_explain_answers *answers)
{
    sp_page_label(page, "history");
    if (call->since != 0 && call->removed != 0) {
        sp_page_format(page, "Linux %s to %s; later kernels answer ENOSYS",
                       sp_kernel_text(call->since).text, sp_kernel_text(call->removed).text);
    } else if (call->since != 0) {
        sp_page_format(page, "since Linux %s", sp_kernel_text(call->since).text);
    } else if (call->removed != 0) {
        sp_page_format(page, "gone from Linux %s on", sp_kernel_text(call->removed).text);
    }
    sp_page_text(page, sp_str_of(sp_kb_text(call->note)));
    if (answers != NULL) {
        sp_history_paragraphs(answers->histories, page);
    }
}

/* ---- gates --------------------------------------------------------------------------- */

/* Linux 2.2 brought capabilities: that a check is as old as that is no news. */
enum { FIRST_WITH_CAPABILITIES = 2 << 16 | 2 << 8 };

static void
write_gate(struct sp_page *page, const struct sp_kb_syscall *call, const struct sp_kb_gate *gate)
{
    SP_BUF(text);

    sp_answer_gate(gate, &text);
    if (gate->scope != 0) {
        sp_buf_format(&text, " (%s)", sp_answer_scope(gate->scope));
    }
    sp_buf_format(&text, ": %s", sp_kb_text(gate->when));
    /* A check may be older than the call: it came with the code that the call shares. */
    if (gate->since > FIRST_WITH_CAPABILITIES && gate->since > call->since) {
        sp_buf_format(&text, "; since Linux %s", sp_kernel_text(gate->since).text);
    }
    if (gate->until != 0) {
        sp_buf_format(&text, "; until Linux %s", sp_kernel_text(gate->until).text);
    }
    sp_page_text(page, sp_buf_part(&text, &page->out->failed));
    sp_page_text(page, sp_str_of(sp_kb_text(gate->note)));
}

static void
write_gates(struct sp_page *page, const struct sp_kb_syscall *call)
{
    sp_page_label(page, "gates");
    for (size_t i = 0; i < call->gates.count; i++) {
        write_gate(page, call, &sp_kb_gates[call->gates.first + i]);
    }
}

/* ---- why, and what Docker says of it ------------------------------------------------- */

static const char *
verdict_text(enum sp_kb_verdict verdict)
{
    switch (verdict) {
    case SP_VERDICT_RIGHT:
        return "that is right";
    case SP_VERDICT_INCOMPLETE:
        return "that is not the whole story";
    case SP_VERDICT_OUTDATED:
        return "that is out of date";
    case SP_VERDICT_WRONG:
        return "that is wrong";
    }
    return "";
}

static void
write_documented(struct sp_page *page, const struct sp_kb_blocked *row)
{
    SP_BUF(text);

    sp_buf_text(&text, "documented as blocked: ");
    sp_buf_text(&text, sp_kb_text(sp_kb_classes[row->reason].text));
    if (row->gate != 0) {
        sp_buf_format(&text, "; %s gated by %s", sp_kb_text(row->wording), sp_kb_text(row->gate));
    }
    if (row->exception != 0) {
        sp_buf_format(&text, "; with an exception %s", sp_kb_text(row->exception));
    }
    if (strcmp(sp_kb_text(row->obsolete), "yes") == 0) {
        sp_buf_text(&text, "; obsolete");
    } else if (row->obsolete != 0) {
        sp_buf_format(&text, "; obsolete since Linux %s", sp_kb_text(row->obsolete));
    }
    sp_page_text(page, sp_buf_part(&text, &page->out->failed));
    sp_page_format(page, "%s%s%s", verdict_text(row->verdict), row->correction != 0 ? ": " : "",
                   sp_kb_text(row->correction));
}

static void
write_docker(struct sp_page *page, const struct sp_kb_syscall *call)
{
    if (call->blocked == 0) {
        return;
    }
    const struct sp_kb_blocked *row = &sp_kb_blocked[call->blocked - 1];
    sp_page_label(page, "why");
    sp_page_text(page, sp_str_of(sp_kb_text(row->why)));
    sp_page_label(page, "Docker");
    write_documented(page, row);
}

/* ---- faults and relatives ------------------------------------------------------------ */

static void
write_cves(struct sp_page *page, const struct sp_kb_syscall *call)
{
    enum { SHOWN = 6 };
    SP_BUF(text);

    for (size_t i = 0; i < call->cves.count && i < SHOWN; i++) {
        const struct sp_kb_cve *cve = &sp_kb_cves[sp_kb_cve_uses[call->cves.first + i]];
        sp_buf_format(&text, "%s%s (%s)", i == 0 ? "" : ", ", sp_kb_text(cve->id),
                      sp_kb_text(cve->title));
    }
    if (call->cves.count > SHOWN) {
        sp_buf_format(&text, " and %d more; --format json lists all", call->cves.count - SHOWN);
    }
    sp_page_label(page, "seen in");
    sp_page_text(page, sp_buf_part(&text, &page->out->failed));
}

struct names {
    struct sp_buf *buf;
    size_t count;
};

static void
add_sibling(void *user, const struct sp_kb_syscall *sibling)
{
    struct names *names = user;

    sp_buf_text(names->buf, names->count++ == 0 ? "" : ", ");
    sp_buf_text(names->buf, sp_kb_text(sibling->name));
}

static void
write_siblings(struct sp_page *page, const struct sp_kb_syscall *call)
{
    SP_BUF(text);
    struct names names = { .buf = &text };

    sp_answer_siblings(call, add_sibling, &names);
    sp_page_label(page, "see also");
    sp_page_text(page, sp_buf_part(&text, &page->out->failed));
}

/* ---- the answer ---------------------------------------------------------------------- */

void
sp_explain_call_answer(const struct sp_kb_syscall *call, const struct sp_explain_answers *answers,
                       struct sp_buf *buf)
{
    if (answers == NULL || answers->is_default) {
        sp_answer_call(call, buf);
        return;
    }
    sp_answer_kernel(call, buf);
    sp_buf_text(buf, "; ");
    sp_explain_verdicts_answer(answers->verdicts, &answers->profile, buf);
}

void
sp_explain_call_text(const struct sp_kb_syscall *call, const struct sp_explain_answers *answers,
                     struct sp_page *page)
{
    SP_BUF(answer);

    sp_explain_call_answer(call, answers, &answer);
    sp_page_answer(page, sp_kb_text(call->name), sp_buf_part(&answer, &page->out->failed));
    sp_page_label(page, "does");
    sp_page_text(page, sp_str_of(sp_kb_text(call->does)));
    write_call(page, call);
    write_numbers(page, call);
    write_history(page, call, answers);
    write_gates(page, call);
    write_docker(page, call);
    if (answers != NULL) {
        sp_explain_verdicts_text(answers->verdicts, &answers->profile, call, page);
    }
    write_cves(page, call);
    write_siblings(page, call);
}
