#include "report/explain.h"

#include "ops/answer.h"

#include <inttypes.h>

/* ---- numbers ------------------------------------------------------------------------- */

static const struct sp_kb_syscall *
call_on(const struct sp_subject *subject, const struct sp_kb_arch *arch)
{
    if (subject->arch != NULL && subject->arch != arch) {
        return NULL;
    }
    return sp_kb_syscall_by_number(arch, subject->number);
}

/* The call of the asked architecture, of x86_64, or of the first that has one. */
static const struct sp_kb_syscall *
main_call(const struct sp_subject *subject, const struct sp_kb_arch **ret_arch)
{
    const struct sp_kb_arch *first = sp_kb_arch_find(SP_STR("x86_64"));
    const struct sp_kb_syscall *call = call_on(subject, first);

    *ret_arch = first;
    for (size_t i = 0; call == NULL && i < sp_kb_arches_count; i++) {
        *ret_arch = &sp_kb_arches[i];
        call = call_on(subject, *ret_arch);
    }
    return call;
}

/* Is the number the same call wherever it is one? */
static bool
is_unanimous(const struct sp_subject *subject, const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        const struct sp_kb_syscall *other = call_on(subject, &sp_kb_arches[i]);
        if (other != NULL && other != call) {
            return false;
        }
    }
    return true;
}

static void
write_meanings(const struct sp_subject *subject, struct sp_page *page)
{
    SP_BUF(others);

    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        const struct sp_kb_syscall *other = call_on(subject, &sp_kb_arches[i]);
        if (other != NULL) {
            sp_buf_format(&others, "%s%s %s", others.len == 0 ? "" : ", ",
                          sp_kb_text(sp_kb_arches[i].name), sp_kb_text(other->name));
        }
    }
    sp_page_label(page, "means");
    sp_page_text(page, sp_buf_part(&others, &page->out->failed));
    sp_buf_char(page->out, '\n');
}

static void
write_number_text(const struct sp_subject *subject, const struct sp_explain_answers *answers,
                  struct sp_page *page)
{
    const struct sp_kb_arch *arch;
    const struct sp_kb_syscall *call = main_call(subject, &arch);
    bool everywhere = subject->arch == NULL && is_unanimous(subject, call);
    SP_BUF(number);
    SP_BUF(answer);

    sp_buf_format(&number, subject->number < 4096 ? "%" PRIu32 : "0x%" PRIx32, subject->number);
    sp_buf_format(&answer, "%s on %s", sp_kb_text(call->name),
                  everywhere ? "every architecture that has the number" : sp_kb_text(arch->name));
    page->out->failed |= number.failed;
    sp_page_answer(page, number.failed ? "" : number.data,
                   sp_buf_part(&answer, &page->out->failed));
    if (!everywhere && subject->arch == NULL) {
        write_meanings(subject, page);
    }
    sp_explain_call_text(call, answers, page);
}

static void
write_number_json(const struct sp_subject *subject, struct sp_json *json)
{
    struct cJSON *calls;

    sp_json_u64(json, NULL, "number", subject->number);
    calls = sp_json_object(json, NULL, "calls");
    for (size_t i = 0; i < sp_kb_arches_count; i++) {
        const struct sp_kb_syscall *call = call_on(subject, &sp_kb_arches[i]);
        if (call != NULL) {
            sp_json_string(json, calls, sp_kb_text(sp_kb_arches[i].name), sp_kb_text(call->name));
        }
    }
}

/* ---- groups, errnos, words ----------------------------------------------------------- */

static void
write_group_text(const struct sp_kb_group *group, struct sp_page *page)
{
    SP_BUF(members);

    sp_page_answer(page, sp_kb_text(group->name), sp_str_of(sp_kb_text(group->help)));
    for (size_t i = 0; i < group->members.count; i++) {
        sp_buf_format(&members, "%s%s", i == 0 ? "" : ", ",
                      sp_kb_text(sp_kb_texts[group->members.first + i]));
    }
    sp_page_label(page, "members");
    sp_page_text(page, sp_buf_part(&members, &page->out->failed));
    sp_page_label(page, "note");
    sp_page_text(page, SP_STR("a group of systemd's SystemCallFilter=; container engines know no groups"));
}

static void
write_group_json(const struct sp_kb_group *group, struct sp_json *json)
{
    struct cJSON *members;

    sp_json_string(json, NULL, "group", sp_kb_text(group->name));
    sp_json_string(json, NULL, "help", sp_kb_text(group->help));
    members = sp_json_array(json, NULL, "members");
    for (size_t i = 0; i < group->members.count; i++) {
        sp_json_string(json, members, NULL, sp_kb_text(sp_kb_texts[group->members.first + i]));
    }
}

struct errno_column {
    const char *arch;
    unsigned number;
};

/* Where the number is another one; ends with a row without architecture. */
static void
errno_columns(const struct sp_kb_errno *error, struct errno_column ret_columns[5])
{
    const struct errno_column all[] = {
        { "mips", error->mips }, { "parisc", error->parisc }, { "sparc", error->sparc },
        { "alpha", error->alpha },
    };
    size_t count = 0;

    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].number != 0) {
            ret_columns[count++] = all[i];
        }
    }
    ret_columns[count] = (struct errno_column){ .arch = NULL };
}

static void
write_errno_text(const struct sp_kb_errno *error, struct sp_page *page)
{
    struct errno_column columns[5];
    SP_BUF(elsewhere);

    sp_page_answer(page, sp_kb_text(error->name), sp_str_of(sp_kb_text(error->text)));
    sp_page_label(page, "number");
    errno_columns(error, columns);
    for (size_t i = 0; columns[i].arch != NULL; i++) {
        sp_buf_format(&elsewhere, ", %s %u", columns[i].arch, columns[i].number);
    }
    sp_page_format(page, "%u%s%s", error->number, elsewhere.len > 0 ? "; elsewhere" : "",
                   elsewhere.len > 0 ? elsewhere.data + 1 : "");
    page->out->failed |= elsewhere.failed;
    sp_page_label(page, "profile");
    sp_page_format(page, "\"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": %u", error->number);
}

static void
write_errno_json(const struct sp_kb_errno *error, struct sp_json *json)
{
    struct errno_column columns[5];
    struct cJSON *elsewhere;

    sp_json_string(json, NULL, "errno", sp_kb_text(error->name));
    sp_json_u64(json, NULL, "number", error->number);
    sp_json_string(json, NULL, "text", sp_kb_text(error->text));
    elsewhere = sp_json_object(json, NULL, "elsewhere");
    errno_columns(error, columns);
    for (size_t i = 0; columns[i].arch != NULL; i++) {
        sp_json_u64(json, elsewhere, columns[i].arch, columns[i].number);
    }
}

static void
write_word_text(const struct sp_kb_word *word, struct sp_page *page)
{
    SP_BUF(answer);

    sp_buf_text(&answer, "no system call");
    for (size_t i = 0; i < word->calls.count; i++) {
        sp_buf_format(&answer, "%s%s", i == 0 ? "; the calls behind it: " : ", ",
                      sp_kb_text(sp_kb_syscalls[sp_kb_indices[word->calls.first + i]].name));
    }
    sp_page_answer(page, sp_kb_text(word->name), sp_buf_part(&answer, &page->out->failed));
    sp_page_label(page, "why");
    sp_page_text(page, sp_str_of(sp_kb_text(word->why)));
}

static void
write_word_json(const struct sp_kb_word *word, struct sp_json *json)
{
    struct cJSON *calls;

    sp_json_string(json, NULL, "word", sp_kb_text(word->name));
    sp_json_string(json, NULL, "why", sp_kb_text(word->why));
    calls = sp_json_array(json, NULL, "calls");
    for (size_t i = 0; i < word->calls.count; i++) {
        sp_json_string(json, calls, NULL,
                       sp_kb_text(sp_kb_syscalls[sp_kb_indices[word->calls.first + i]].name));
    }
}

/* ---- one of them --------------------------------------------------------------------- */

const struct sp_kb_syscall *
sp_explain_call(const struct sp_subject *subject)
{
    const struct sp_kb_arch *arch;

    if (subject->kind == SP_SUBJECT_NUMBER) {
        return main_call(subject, &arch);
    }
    return subject->kind == SP_SUBJECT_CALL || subject->kind == SP_SUBJECT_INVOCATION
        ? subject->call : NULL;
}

void
sp_explain_text(const struct sp_subject *subject, const struct sp_explain_answers *answers,
                const struct sp_style *style, struct sp_buf *out)
{
    struct sp_page page = { .out = out, .style = *style };

    switch (subject->kind) {
    case SP_SUBJECT_CALL:
        sp_explain_call_text(subject->call, answers, &page);
        break;
    case SP_SUBJECT_INVOCATION:
        sp_explain_verdict_text(answers->verdict, &answers->profile, answers->histories, &page);
        break;
    case SP_SUBJECT_NUMBER:
        write_number_text(subject, answers, &page);
        break;
    case SP_SUBJECT_CAP:
        sp_explain_cap_text(subject->cap, &page);
        break;
    case SP_SUBJECT_RULE:
        sp_explain_rule_text(subject->rule, &page);
        break;
    case SP_SUBJECT_GROUP:
        write_group_text(subject->group, &page);
        break;
    case SP_SUBJECT_ERRNO:
        write_errno_text(subject->error, &page);
        break;
    case SP_SUBJECT_WORD:
        write_word_text(subject->word, &page);
        break;
    case SP_SUBJECT_UNKNOWN:
        break;
    }
}

static void
write_invocation_json(const struct sp_subject *subject, const struct sp_explain_answers *answers,
                      struct sp_json *json)
{
    sp_explain_verdict_json(answers->verdict, &answers->profile, json);
    if (subject->call != NULL) {
        sp_explain_call_json(subject->call, answers, json);
    }
}

static void
write_json(const struct sp_subject *subject, const struct sp_explain_answers *answers,
           struct sp_json *json)
{
    switch (subject->kind) {
    case SP_SUBJECT_CALL:
        sp_explain_call_json(subject->call, answers, json);
        break;
    case SP_SUBJECT_INVOCATION:
        write_invocation_json(subject, answers, json);
        break;
    case SP_SUBJECT_NUMBER:
        write_number_json(subject, json);
        break;
    case SP_SUBJECT_CAP:
        sp_explain_cap_json(subject->cap, json);
        break;
    case SP_SUBJECT_RULE:
        sp_explain_rule_json(subject->rule, json);
        break;
    case SP_SUBJECT_GROUP:
        write_group_json(subject->group, json);
        break;
    case SP_SUBJECT_ERRNO:
        write_errno_json(subject->error, json);
        break;
    case SP_SUBJECT_WORD:
        write_word_json(subject->word, json);
        break;
    case SP_SUBJECT_UNKNOWN:
        break;
    }
}

void
sp_explain_json(const struct sp_subject *subject, const struct sp_explain_answers *answers,
                struct sp_buf *out)
{
    struct sp_json json = sp_json_new();

    sp_json_string(&json, NULL, "schema", "secprof/explain/1");
    sp_json_string(&json, NULL, "secprof", SECPROF_VERSION);
    sp_json_string(&json, NULL, "kb", sp_kb_date);
    write_json(subject, answers, &json);
    sp_json_print(&json, true, out);
    sp_buf_char(out, '\n');
    sp_json_free(&json);
}
