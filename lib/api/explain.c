#include "api/context.h"
#include "api/target.h"
#include "api/text.h"
#include "base/names.h"
#include "ops/load.h"
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
    struct sp_arena arena;  /* of the profile */
    const char *name;
    const struct sp_profile *profile;  /* NULL: Docker's default, read when it is needed */
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
        sp_arena_free(&explain->arena);
        secprof_unref(explain->context);
        free(explain);
    }
}

/* Takes a profile; what was known of the one before is forgotten. */
static enum secprof_status
take_profile(struct secprof_explain *explain, enum sp_load load, const char *name,
             const struct sp_profile *profile)
{
    static const enum secprof_status statuses[] = {
        [SP_LOAD_OK] = SECPROF_OK, [SP_LOAD_NO_MEMORY] = SECPROF_NO_MEMORY,
        [SP_LOAD_UNREADABLE] = SECPROF_UNREADABLE, [SP_LOAD_UNKNOWN] = SECPROF_UNKNOWN,
        [SP_LOAD_BAD] = SECPROF_REFUSED,
    };

    if (load == SP_LOAD_OK) {
        forget(&explain->looked);
        explain->name = name;
        explain->profile = profile;
    }
    return statuses[load];
}

enum secprof_status
secprof_explain_profile(struct secprof_explain *explain, const char *profile, char **ret_why)
{
    const struct sp_profile *read = NULL;
    SP_BUF(why);

    if (explain == NULL || profile == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    char *name = sp_arena_copy(&explain->arena, sp_str_of(profile));
    if (name == NULL) {
        return SECPROF_NO_MEMORY;
    }
    enum sp_load load = sp_load_profile(&explain->arena, &explain->context->limits, name, &read,
                                        &why);
    enum secprof_status status = take_profile(explain, load, name, read);
    if (status == SECPROF_OK) {
        explain->is_default = strcmp(name, "docker") == 0;
    }
    return status == SECPROF_REFUSED && ret_why != NULL ? sp_api_give(&why, status, ret_why)
                                                        : status;
}

enum secprof_status
secprof_explain_bytes(struct secprof_explain *explain, const char *name, const void *bytes,
                      size_t size, char **ret_why)
{
    const struct sp_profile *read = NULL;
    SP_BUF(why);

    if (explain == NULL || name == NULL || (bytes == NULL && size > 0)) {
        return SECPROF_BAD_ARGUMENT;
    }
    char *own_name = sp_arena_copy(&explain->arena, sp_str_of(name));
    char *text = sp_arena_copy(&explain->arena, (struct sp_str){ .ptr = bytes, .len = size });
    if (own_name == NULL || text == NULL) {
        return SECPROF_NO_MEMORY;
    }
    enum sp_load load = sp_load_text(&explain->arena, &explain->context->limits, own_name,
                                     (struct sp_str){ .ptr = text, .len = size }, &read, &why);
    enum secprof_status status = take_profile(explain, load, own_name, read);
    if (status == SECPROF_OK) {
        explain->is_default = false;
    }
    return status == SECPROF_REFUSED && ret_why != NULL ? sp_api_give(&why, status, ret_why)
                                                        : status;
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

/* Podman's own profile is read by Podman, unless someone says otherwise. */
static void
choose_engine(struct secprof_explain *explain)
{
    if (!explain->target.engine_given && strcmp(explain->name, "podman") == 0) {
        explain->target.engine = SP_ENGINE_PODMAN;
    }
}

static enum secprof_status
need_profile(struct secprof_explain *explain)
{
    if (explain->profile == NULL) {
        enum secprof_status status = secprof_explain_profile(explain, "docker", NULL);
        if (status != SECPROF_OK) {
            return SECPROF_NO_MEMORY;
        }
    }
    choose_engine(explain);
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
        looked->all = sp_scenes_new(&looked->arena, looked->store, explain->profile,
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

static enum secprof_status
find_answers(struct question *question, struct sp_call_verdict *verdict,
             struct sp_call_verdicts *verdicts)
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
    return SECPROF_OK;
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

    if (need_profile(explain) != SECPROF_OK) {
        return SECPROF_NO_MEMORY;
    }
    enum secprof_status status = find_answers(question, &verdict, &verdicts);
    if (status != SECPROF_NO_MEMORY && sp_dd_store_is_spent(explain->looked.store)) {
        sp_buf_cut(question->out, 0);
        status = find_answers(question, &verdict, &verdicts);
    }
    if (status != SECPROF_NO_MEMORY && sp_dd_store_failed(explain->looked.store)) {
        forget(&explain->looked);
        return SECPROF_NO_MEMORY;
    }
    if (status != SECPROF_OK) {
        return status;
    }
    const struct sp_explain_answers answers = {
        .profile = { .name = explain->name, .profile = explain->profile },
        .is_default = explain->is_default,
        .verdicts = &verdicts,
        .verdict = is_concrete ? &verdict : NULL,
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
    struct question question = { .explain = explain, .arena = &scratch, .out = &out };
    int wanted;

    if (explain == NULL || subject == NULL || format == NULL || ret_text == NULL
        || !sp_names_find(SP_NAMES(format_rows), sp_str_of(format), &wanted)) {
        return SECPROF_BAD_ARGUMENT;
    }
    question.format = (enum format)wanted;
    if (style != NULL) {
        question.style = (struct sp_style){ .color = style->color, .width = style->width };
    }
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
