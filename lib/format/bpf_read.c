#include "format/bpf_read.h"

#include "format/bpf_read_work.h"
#include "sem/bpf_code.h"
#include "text/json_read.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { INSN_SIZE = sizeof(struct sp_bpf_insn) };
_Static_assert(INSN_SIZE == 8, "an instruction has the layout of struct sock_filter");

/* Names that a message lists before it counts the rest. */
enum { LISTED = 8 };

/* ---- saying what is wrong ---------------------------------------------------------------- */

struct sp_span
sp_bpf_read_span(const struct sp_bpf_reading *reading, size_t at)
{
    uint32_t end = (uint32_t)reading->source->text.len;

    if (at >= end / INSN_SIZE) {
        return (struct sp_span){ .start = 0, .end = end };
    }
    return (struct sp_span){
        .start = (uint32_t)at * INSN_SIZE, .end = ((uint32_t)at + 1) * INSN_SIZE
    };
}

static bool
fail_at(const struct sp_source *source, struct sp_report *report, struct sp_span span,
        const char *help, const char *text)
{
    struct sp_diag *diag = sp_report_add(report, SP_CODE_SYNTAX,
                                         sp_at_span(source, span.start, span.end), "%s", text);

    sp_report_help(report, diag, "%s", help);
    return false;
}

bool
sp_bpf_read_fail(const struct sp_bpf_reading *reading, size_t at, const char *help,
                 const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return fail_at(reading->source, reading->report, sp_bpf_read_span(reading, at), help, text);
}

size_t
sp_bpf_read_place(const struct sp_bpf_reading *reading, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < reading->arches.count; i++) {
        int64_t nr = sp_kb_number(reading->arches.at[i].arch, call);
        for (size_t at = 0; nr != SP_KB_NO_NUMBER && at < reading->program.count; at++) {
            const struct sp_bpf_insn *insn = &reading->program.at[at];
            if (insn->code == SP_BPF_JEQ && insn->k == (uint32_t)nr) {
                return at;
            }
        }
    }
    return SP_BPF_WHOLE;
}

bool
sp_bpf_read_add_name(const struct sp_bpf_reading *reading, struct sp_bpf_names *names,
                     const struct sp_kb_syscall *call)
{
    const char *name = sp_kb_text(call->name);

    for (size_t i = 0; i < names->all.count; i++) {
        if (names->all.at[i] == name) {
            return true;
        }
    }
    const char **added = sp_vec_push(reading->arena, &names->all);
    if (added != NULL) {
        *added = name;
    }
    return added != NULL;
}

bool
sp_bpf_read_fail_calls(const struct sp_bpf_reading *reading, const struct sp_bpf_names *names,
                       const char *help, const char *text)
{
    SP_BUF(buf);
    size_t count = names->all.count;
    size_t shown = count <= LISTED + 1 ? count : LISTED;

    for (size_t i = 0; i < shown; i++) {
        sp_buf_format(&buf, "%s`%s`", i == 0 ? "" : i + 1 == count ? " and " : ", ",
                      names->all.at[i]);
    }
    if (shown < count) {
        sp_buf_format(&buf, " and %zu more", count - shown);
    }
    if (buf.failed) {
        reading->arena->failed = true;
        return false;
    }
    const struct sp_kb_syscall *first = sp_kb_syscall_find(sp_str_of(names->all.at[0]));
    return sp_bpf_read_fail(reading, sp_bpf_read_place(reading, first), help, "%s %s", text,
                            buf.data);
}

/* ---- the profile ------------------------------------------------------------------------- */

/* The place of the instruction that asks for an architecture. */
static struct sp_span
arch_span(const struct sp_bpf_reading *reading, const struct sp_kb_arch *arch)
{
    for (size_t at = 0; at < reading->program.count; at++) {
        const struct sp_bpf_insn *insn = &reading->program.at[at];
        if (insn->code == SP_BPF_JEQ && insn->k == arch->audit) {
            return sp_bpf_read_span(reading, at);
        }
    }
    return sp_bpf_read_span(reading, SP_BPF_WHOLE);
}

/* One answer for all arguments. */
static bool
is_plain(const struct sp_bpf_call *call)
{
    return call->rules.all.count == 0
        || (call->rules.all.count == 1 && call->rules.all.at[0].conditions.count == 0);
}

static sp_verdict
verdict_of(const struct sp_bpf_reading *reading, const struct sp_bpf_call *call)
{
    return call->rules.all.count == 0 ? reading->default_verdict
                                      : call->rules.all.at[0].verdict;
}

/* Is it the first plain call with its verdict? */
static bool
begins_list(const struct sp_bpf_reading *reading, const struct sp_bpf_calls *calls,
            size_t which)
{
    for (size_t i = 0; i < which; i++) {
        const struct sp_bpf_call *call = &calls->all.at[i];
        if (is_plain(call)
            && verdict_of(reading, call) == verdict_of(reading, &calls->all.at[which])) {
            return false;
        }
    }
    return is_plain(&calls->all.at[which]);
}

/* All plain calls with one verdict, which share a rule. */
static void
write_list(const struct sp_bpf_reading *reading, const struct sp_bpf_calls *calls, size_t first,
           struct sp_foreign *foreign)
{
    sp_verdict verdict = verdict_of(reading, &calls->all.at[first]);

    for (size_t i = first; i < calls->all.count; i++) {
        const struct sp_bpf_call *call = &calls->all.at[i];
        if (is_plain(call) && verdict_of(reading, call) == verdict) {
            size_t place = sp_bpf_read_place(reading, call->call);
            sp_foreign_call(foreign, sp_kb_text(call->call->name),
                            sp_bpf_read_span(reading, place), verdict);
        }
    }
}

static void
write_rules(const struct sp_bpf_reading *reading, const struct sp_bpf_call *call,
            struct sp_foreign *foreign)
{
    struct sp_span span = sp_bpf_read_span(reading, sp_bpf_read_place(reading, call->call));

    for (size_t i = 0; i < call->rules.all.count; i++) {
        const struct sp_safe_rule *rule = &call->rules.all.at[i];
        sp_foreign_rule(foreign, sp_kb_text(call->call->name), span, rule->verdict,
                        rule->conditions.at, rule->conditions.count);
    }
}

/* Lists first, then what looks at arguments. */
static bool
write_profile(const struct sp_bpf_reading *reading, const struct sp_bpf_calls *calls,
              struct sp_arena *arena, struct sp_doc *ret_doc)
{
    struct sp_foreign *foreign = sp_foreign_new(arena, reading->source);

    if (foreign == NULL) {
        return false;
    }
    sp_foreign_default(foreign, reading->default_verdict,
                       sp_bpf_read_span(reading, reading->program.count - 1));
    for (size_t i = 0; i < reading->arches.count; i++) {
        const struct sp_kb_arch *arch = reading->arches.at[i].arch;
        sp_foreign_arch(foreign, arch, arch_span(reading, arch));
    }
    for (size_t i = 0; i < calls->all.count; i++) {
        if (begins_list(reading, calls, i)) {
            write_list(reading, calls, i, foreign);
        }
    }
    for (size_t i = 0; i < calls->all.count; i++) {
        if (!is_plain(&calls->all.at[i])) {
            write_rules(reading, &calls->all.at[i], foreign);
        }
    }
    return sp_foreign_finish(foreign, ret_doc);
}

/* ---- reading ----------------------------------------------------------------------------- */

/* How many of the architectures a kernel of this one serves; the machine's own comes before all. */
static size_t
count_served(const struct sp_bpf_reading *reading, const struct sp_kb_arch *host)
{
    size_t count = host == sp_kb_arch_native() ? reading->arches.count + 1 : 0;

    for (size_t i = 0; i < reading->arches.count; i++) {
        count += sp_kb_arch_serves(host, reading->arches.at[i].arch);
    }
    return count;
}

/* The host's architecture stands first, as in every filter of libseccomp. */
static void
put_host_first(struct sp_bpf_reading *reading)
{
    for (size_t i = 1; i < reading->arches.count; i++) {
        struct sp_bpf_arch *first = &reading->arches.at[0];
        struct sp_bpf_arch arch = reading->arches.at[i];
        if (count_served(reading, arch.arch) > count_served(reading, first->arch)) {
            reading->arches.at[i] = *first;
            *first = arch;
        }
    }
}

static bool
read_program(struct sp_bpf_reading *reading, struct sp_arena *arena, struct sp_doc *ret_doc)
{
    struct sp_bpf_calls calls;
    struct sp_doc doc;

    if (!sp_bpf_read_survey(reading)) {
        return false;
    }
    if (sp_dd_store_is_spent(reading->store)) {
        return sp_bpf_read_fail(reading, SP_BPF_WHOLE,
                                "filters made from profiles need a small part of that",
                                "following this program takes more than is given to it");
    }
    put_host_first(reading);
    if (!sp_bpf_read_calls(reading, &calls) || !write_profile(reading, &calls, arena, &doc)
        || !sp_bpf_read_verify(reading, &doc)) {
        return false;
    }
    *ret_doc = doc;
    return true;
}

/* The kernel's own checks come first: what it does not load has no meaning. */
static bool
check_program(const struct sp_bpf_reading *reading)
{
    size_t at;
    const char *why = sp_bpf_refused(reading->program, &at);

    return why == NULL
        || sp_bpf_read_fail(reading, at, "this is no program that seccomp(2) loads",
                            "instruction %zu of %zu: %s", at + 1, reading->program.count, why);
}

/* Whole instructions, in memory that is aligned for them. */
static bool
take_bytes(struct sp_bpf_reading *reading)
{
    struct sp_str text = reading->source->text;
    uint32_t rest = (uint32_t)(text.len % INSN_SIZE);
    uint32_t end = (uint32_t)text.len;

    if (text.len == 0 || rest != 0) {
        return fail_at(reading->source, reading->report,
                       (struct sp_span){ .start = end - rest, .end = end },
                       "a program is an array of struct sock_filter, eight bytes each",
                       text.len == 0 ? "the file is empty"
                                     : "the file ends within an instruction");
    }
    if (text.len / INSN_SIZE > SP_BPF_MAX) {
        return fail_at(reading->source, reading->report,
                       (struct sp_span){ .start = SP_BPF_MAX * INSN_SIZE, .end = end },
                       "the kernel takes 4096 instructions", "the program is too long");
    }
    struct sp_bpf_insn *insns = sp_arena_alloc(reading->arena, text.len);
    if (insns == NULL) {
        return false;
    }
    memcpy(insns, text.ptr, text.len);
    reading->program = (struct sp_bpf){ .at = insns, .count = text.len / INSN_SIZE };
    return true;
}

bool
sp_bpf_read(struct sp_arena *arena, const struct sp_source *source,
            const struct sp_doc_limits *limits, struct sp_report *report,
            struct sp_doc *ret_doc)
{
    SP_SCRATCH(scratch);
    struct sp_bpf_reading reading = {
        .arena = &scratch,
        .source = source,
        .report = report,
        .store = sp_dd_store_new(SP_DD_BUDGET),
    };
    size_t told = report->diags.count;
    (void)limits;  /* no program that the kernel takes is near them */

    bool done = reading.store != NULL && take_bytes(&reading) && check_program(&reading)
        && read_program(&reading, arena, ret_doc);
    bool failed = reading.store == NULL || scratch.failed || sp_dd_store_failed(reading.store)
        || arena->failed || (!done && report->diags.count == told);
    sp_dd_store_free(reading.store);
    report->failed = report->failed || failed;
    return done && !failed;
}

bool
sp_bpf_read_looks(struct sp_str text)
{
    struct sp_bpf_insn last;

    if (text.len == 0 || text.len % INSN_SIZE != 0 || text.len / INSN_SIZE > SP_BPF_MAX) {
        return false;
    }
    memcpy(&last, text.ptr + text.len - INSN_SIZE, INSN_SIZE);
    return last.code == SP_BPF_RET_K || last.code == SP_BPF_RET_A;
}
