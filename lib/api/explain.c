#include "api/context.h"
#include "api/profile.h"
#include "api/target.h"
#include "api/text.h"
#include "base/names.h"
#include "kb/defaults.h"
#include "ops/subject.h"
#include "report/explain.h"
#include "report/glyph.h"

#include <stdlib.h>
#include <string.h>

enum format { FORMAT_JSON, FORMAT_MARKDOWN, FORMAT_TEXT };

static const struct sp_name format_rows[] = {
    { .name = "json", .value = FORMAT_JSON },
    { .name = "markdown", .value = FORMAT_MARKDOWN },
    { .name = "text", .value = FORMAT_TEXT },
};

/* A profile in all environments, looked at as far as subjects ask. */
struct looked {
    struct sp_arena arena;
    struct sp_dd_store *store;
    struct sp_target here;   /* on this machine, where no architecture is asked about */
    struct sp_scenes *some;  /* ... for people */
    struct sp_scenes *all;   /* everywhere, for programs */
};

struct secprof_explain {
    struct secprof *context;
    struct secprof_profile *profile;  /* NULL: Docker's default, read when it is needed */
    bool is_default;
    struct sp_target target;
    struct looked looked;
};

/* ---- making -------------------------------------------------------------------------- */

enum secprof_status
secprof_explain_new(struct secprof *context, struct secprof_explain **ret_explain)
{
    if (context == NULL || ret_explain == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    struct secprof_explain *explain = calloc(1, sizeof *explain);
    if (explain == NULL) {
        return SECPROF_NO_MEMORY;
    }
    explain->context = secprof_ref(context);
    explain->is_default = true;
    *ret_explain = explain;
    return SECPROF_OK;
}

static void
forget(struct looked *looked)
{
    sp_dd_store_free(looked->store);
    sp_arena_free(&looked->arena);
    *looked = (struct looked){ .store = NULL };
}

void
secprof_explain_free(struct secprof_explain *explain)
{
    if (explain != NULL) {
        forget(&explain->looked);
        secprof_profile_free(explain->profile);
        secprof_unref(explain->context);
        free(explain);
    }
}

enum secprof_status
secprof_explain_profile(struct secprof_explain *explain, struct secprof_profile *profile)
{
    if (explain == NULL || profile == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    forget(&explain->looked);
    secprof_profile_free(explain->profile);
    explain->profile = profile;
    explain->is_default = strcmp(profile->name, "docker") == 0;
    return SECPROF_OK;
}

enum secprof_status
secprof_explain_target(struct secprof_explain *explain, const struct secprof_target *target,
                       char **ret_why)
{
    SP_BUF(why);

    if (explain == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    enum secprof_status status = sp_api_target(target, &explain->target, &why);
    if (status != SECPROF_OK) {
        return status == SECPROF_BAD_ARGUMENT && ret_why != NULL
            ? sp_api_give(&why, status, ret_why) : status;
    }
    forget(&explain->looked);
    return SECPROF_OK;
}

/* ---- looking ------------------------------------------------------------------------- */

static enum secprof_status
need_profile(struct secprof_explain *explain)
{
    struct secprof_profile *docker = NULL;

    if (explain->profile == NULL) {
        if (secprof_profile_load(explain->context, "docker", &docker, NULL) != SECPROF_OK) {
            return SECPROF_NO_MEMORY;
        }
        (void)secprof_explain_profile(explain, docker);
    }
    sp_api_choose_engine(explain->profile, &explain->target);
    return SECPROF_OK;
}

/* All answers speak of the same rules. */
static const struct sp_profile *
as_decoded(const struct secprof_explain *explain)
{
    return sp_scenes_profile(explain->looked.all);
}

/* A store without room left decides nothing more: the next subject begins anew. */
static bool
look(struct secprof_explain *explain)
{
    struct looked *looked = &explain->looked;

    if (looked->store != NULL && sp_dd_store_is_spent(looked->store)) {
        forget(looked);
    }
    if (looked->store == NULL) {
        looked->here = sp_call_target_here(&explain->target);
        looked->store = sp_dd_store_new(SP_DD_BUDGET);
    }
    if (looked->store != NULL && looked->all == NULL) {
        looked->all = sp_scenes_new(&looked->arena, looked->store, explain->profile->profile,
                                    &explain->target);
        looked->some = looked->all == NULL
            ? NULL : sp_scenes_new(&looked->arena, looked->store, as_decoded(explain),
                                   &looked->here);
    }
    if (looked->some != NULL && looked->all != NULL && !looked->arena.failed) {
        return true;
    }
    forget(looked);
    return false;
}

/* On one architecture alone. */
static bool
find_verdicts_on(struct secprof_explain *explain, struct sp_arena *arena,
                 const struct sp_kb_syscall *call, const struct sp_kb_arch *arch,
                 struct sp_call_verdicts *ret_verdicts)
{
    struct sp_target *target = sp_arena_new(arena, struct sp_target);

    if (target == NULL) {
        return false;
    }
    *target = explain->target;
    target->arches[0] = arch;
    target->arch_count = 1;
    struct sp_scenes *scenes = sp_scenes_new(arena, explain->looked.store, as_decoded(explain),
                                             target);
    return scenes != NULL && sp_call_verdicts_make(arena, scenes, call, ret_verdicts);
}

/* For people this machine is enough, unless the call has no number on it. */
static bool
find_verdicts(struct secprof_explain *explain, struct sp_arena *arena,
              const struct sp_subject *subject, bool everywhere,
              struct sp_call_verdicts *ret_verdicts)
{
    const struct sp_kb_syscall *call = sp_explain_call(subject);
    struct looked *looked = &explain->looked;

    if (call == NULL) {
        return true;
    }
    if (subject->arch != NULL && explain->target.arch_count == 0) {
        return find_verdicts_on(explain, arena, call, subject->arch, ret_verdicts);
    }
    if (!everywhere) {
        if (!sp_call_verdicts_make(arena, looked->some, call, ret_verdicts)) {
            return false;
        }
        everywhere = ret_verdicts->all.count == 0;
    }
    return !everywhere || sp_call_verdicts_make(arena, looked->all, call, ret_verdicts);
}

/* ---- history ------------------------------------------------------------------------- */

/* Products whose releases people ask about; pages tell fewer than programs get. */
static const char *const products[] = { "docker", "podman", "containerd", "crio" };

enum { OF_A_CALL = 2, OF_A_CONCRETE_CALL = 3, OF_ALL = 4 };

static const struct sp_kb_arch *
asked_arch(const struct secprof_explain *explain, const struct sp_subject *subject)
{
    if (subject->arch != NULL) {
        return subject->arch;
    }
    return explain->target.arch_count > 0 ? explain->target.arches[0] : NULL;
}

static bool
find_history(const struct secprof_explain *explain, struct sp_arena *arena,
             const struct sp_subject *subject, bool everywhere, struct sp_histories *histories)
{
    const struct sp_kb_syscall *call = sp_explain_call(subject);
    const struct sp_history_request request = {
        .store = explain->looked.store, .call = call, .arch = asked_arch(explain, subject),
    };

    return call == NULL
        || sp_histories_make(arena, &request, products, everywhere ? OF_ALL : OF_A_CALL, histories);
}

/* Which releases allow a concrete call: where it is asked of a profile that was released, and its
 * arguments are known. */
static bool
find_releases(const struct secprof_explain *explain, struct sp_arena *arena,
              const struct sp_call_verdict *verdict, struct sp_histories *histories)
{
    bool is_released = sp_kb_default_find(sp_str_of(explain->profile->name)) != NULL;

    if (!is_released || verdict->text.call == NULL || !verdict->starts
        || verdict->parts.all.count > 1) {
        return true;
    }
    const struct sp_history_request request = {
        .store = explain->looked.store,
        .call = verdict->text.call,
        .arch = verdict->arch,
        .caps_given = true,
        .caps = verdict->meaning->environment.caps,
        .kernel = verdict->meaning->environment.kernel,
        .only_base = true,
        .args = verdict->args,
        .any = verdict->text.any,
    };
    return sp_histories_make(arena, &request, products, OF_A_CONCRETE_CALL, histories);
}

/* ---- answering ----------------------------------------------------------------------- */

/* One question. */
struct question {
    struct secprof_explain *explain;
    struct sp_subject subject;
    enum format format;
    struct sp_style style;
    struct sp_arena *arena;
    struct sp_buf *out;
    bool denied;
};

static void
write_page(const struct question *question, const struct sp_explain_answers *answers)
{
    switch (question->format) {
    case FORMAT_JSON:
        sp_explain_json(&question->subject, answers, question->out);
        break;
    case FORMAT_MARKDOWN:
        sp_explain_markdown(question->subject.rule, question->out);
        break;
    case FORMAT_TEXT:
        sp_explain_text(&question->subject, answers, &question->style, question->out);
        break;
    }
}

static enum secprof_status
ask_invocation(struct question *question, struct sp_call_verdict *verdict)
{
    struct secprof_explain *explain = question->explain;
    enum sp_call_asked asked = sp_call_verdict_make(question->arena, explain->looked.store,
                                                    as_decoded(explain), &explain->target,
                                                    &question->subject.invocation, verdict,
                                                    question->out);

    switch (asked) {
    case SP_CALL_ASKED_OK:
        question->denied = !sp_call_verdict_is_allowed(verdict);
        return SECPROF_OK;
    case SP_CALL_ASKED_NOWHERE:
        return SECPROF_UNKNOWN;
    case SP_CALL_ASKED_NO_MEMORY:
        break;
    }
    return SECPROF_NO_MEMORY;
}

/* A page of a concrete call tells of that one alone. */
static bool
find_past(const struct question *question, const struct sp_call_verdict *verdict,
          struct sp_histories *histories)
{
    bool everywhere = question->format == FORMAT_JSON;

    if (question->subject.kind == SP_SUBJECT_INVOCATION && !everywhere) {
        return find_releases(question->explain, question->arena, verdict, histories);
    }
    return find_history(question->explain, question->arena, &question->subject, everywhere,
                        histories);
}

static enum secprof_status
find_answers(struct question *question, struct sp_call_verdict *verdict,
             struct sp_call_verdicts *verdicts, struct sp_histories *histories)
{
    struct secprof_explain *explain = question->explain;
    bool is_concrete = question->subject.kind == SP_SUBJECT_INVOCATION;

    if (!look(explain)) {
        return SECPROF_NO_MEMORY;
    }
    enum secprof_status status = is_concrete ? ask_invocation(question, verdict) : SECPROF_OK;
    if (status != SECPROF_OK) {
        return status;
    }
    if ((!is_concrete || question->format == FORMAT_JSON)
        && !find_verdicts(explain, question->arena, &question->subject,
                          question->format == FORMAT_JSON, verdicts)) {
        forget(&explain->looked);
        return SECPROF_NO_MEMORY;
    }
    return find_past(question, verdict, histories) ? SECPROF_OK : SECPROF_NO_MEMORY;
}

/* The page of a subject that a profile has something to say about.  A store that was spent on the way
 * may have been full of what was asked before: a new one tells. */
static enum secprof_status
ask_profile(struct question *question)
{
    struct secprof_explain *explain = question->explain;
    bool is_concrete = question->subject.kind == SP_SUBJECT_INVOCATION;
    struct sp_call_verdict verdict;
    struct sp_call_verdicts verdicts = { .undecided = false };
    struct sp_histories histories = { .all = { .at = NULL } };

    if (need_profile(explain) != SECPROF_OK) {
        return SECPROF_NO_MEMORY;
    }
    enum secprof_status status = find_answers(question, &verdict, &verdicts, &histories);
    if (status != SECPROF_NO_MEMORY && sp_dd_store_is_spent(explain->looked.store)) {
        sp_buf_cut(question->out, 0);
        status = find_answers(question, &verdict, &verdicts, &histories);
    }
    if (status != SECPROF_NO_MEMORY && sp_dd_store_failed(explain->looked.store)) {
        forget(&explain->looked);
        return SECPROF_NO_MEMORY;
    }
    if (status != SECPROF_OK) {
        return status;
    }
    const struct sp_explain_answers answers = {
        .profile = { .name = explain->profile->name, .profile = explain->profile->profile },
        .is_default = explain->is_default,
        .verdicts = &verdicts,
        .verdict = is_concrete ? &verdict : NULL,
        .histories = &histories,
    };
    write_page(question, &answers);
    return SECPROF_OK;
}

static enum secprof_status
ask(struct question *question)
{
    if (question->format == FORMAT_MARKDOWN && question->subject.kind != SP_SUBJECT_RULE) {
        return SECPROF_BAD_ARGUMENT;
    }
    if (question->subject.kind == SP_SUBJECT_INVOCATION
        || sp_explain_call(&question->subject) != NULL) {
        return ask_profile(question);
    }
    write_page(question, NULL);
    return SECPROF_OK;
}

/* Gives a message, made fit for a terminal. */
static enum secprof_status
give_message(const struct sp_buf *message, char **ret_text)
{
    SP_BUF(shown);

    sp_glyph_add(&shown, sp_buf_view(message));
    shown.failed |= message->failed;
    return sp_api_give(&shown, SECPROF_UNKNOWN, ret_text);
}

enum secprof_status
secprof_explain_write(struct secprof_explain *explain, const char *subject, const char *format,
                      const struct secprof_style *style, int *ret_denied, char **ret_text)
{
    SP_BUF(out);
    SP_SCRATCH(scratch);
    struct question question = {
        .explain = explain, .arena = &scratch, .out = &out, .style = sp_api_style(style),
    };
    int wanted;

    if (explain == NULL || subject == NULL || format == NULL || ret_text == NULL
        || !sp_names_find(SP_NAMES(format_rows), sp_str_of(format), &wanted)) {
        return SECPROF_BAD_ARGUMENT;
    }
    question.format = (enum format)wanted;
    if (!sp_subject_read(sp_str_of(subject), &question.subject, &out)) {
        return give_message(&out, ret_text);
    }
    enum secprof_status status = ask(&question);
    if (status == SECPROF_UNKNOWN) {
        return give_message(&out, ret_text);
    }
    if (status != SECPROF_OK) {
        return status;
    }
    status = sp_api_give(&out, SECPROF_OK, ret_text);
    if (status == SECPROF_OK && ret_denied != NULL) {
        *ret_denied = question.denied;
    }
    return status;
}

enum secprof_status
secprof_explain(struct secprof *context, const char *subject, const char *format,
                const struct secprof_style *style, char **ret_text)
{
    struct secprof_explain *explain = NULL;
    enum secprof_status status = secprof_explain_new(context, &explain);

    if (status == SECPROF_OK) {
        status = secprof_explain_write(explain, subject, format, style, NULL, ret_text);
    }
    secprof_explain_free(explain);
    return status;
}
