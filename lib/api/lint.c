/* The linter as users of the library see it: one object that takes texts and gives a report. */
#include "api/context.h"
#include "api/target.h"
#include "api/text.h"
#include "base/file.h"
#include "format/read.h"
#include "lint/lint.h"
#include "lint/settings.h"
#include "lint/validate.h"
#include "ops/operand.h"
#include "report/render.h"
#include "report/rules_list.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct secprof_lint {
    struct secprof *context;
    struct sp_arena arena;  /* settings */
    struct sp_lint_settings settings;
    struct sp_render render;
    struct sp_summary summary;
    struct sp_buf out;
    bool validates;
    bool is_strict;
    bool taken;  /* `out` was given away and is void at the next call */
    bool ended;
};

/* ---- life ---------------------------------------------------------------------------- */

static enum secprof_status
new_run(struct secprof *context, const char *format, const struct secprof_style *style,
        bool validates, struct secprof_lint **ret_lint)
{
    if (context == NULL || format == NULL || ret_lint == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    const struct sp_renderer *renderer = sp_renderer_find(sp_str_of(format));
    if (renderer == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }

    struct secprof_lint *lint = calloc(1, sizeof *lint);
    if (lint == NULL) {
        return SECPROF_NO_MEMORY;
    }
    lint->context = secprof_ref(context);
    lint->render = (struct sp_render){
        .renderer = renderer, .style = sp_api_style(style), .out = &lint->out,
        .verb = validates ? "validate" : "lint", .validates = validates,
    };
    lint->validates = validates;
    if (!sp_lint_settings_init(&lint->settings, &lint->arena)) {
        secprof_lint_free(lint);
        return SECPROF_NO_MEMORY;
    }
    renderer->begin(&lint->render);
    if (lint->out.failed) {
        secprof_lint_free(lint);
        return SECPROF_NO_MEMORY;
    }
    *ret_lint = lint;
    return SECPROF_OK;
}

enum secprof_status
secprof_lint_new(struct secprof *context, const char *format, const struct secprof_style *style,
                 struct secprof_lint **ret_lint)
{
    return new_run(context, format, style, false, ret_lint);
}

enum secprof_status
secprof_validate_new(struct secprof *context, const char *format,
                     const struct secprof_style *style, int strict,
                     struct secprof_lint **ret_lint)
{
    enum secprof_status status = new_run(context, format, style, true, ret_lint);

    if (status == SECPROF_OK) {
        (*ret_lint)->is_strict = strict != 0;
    }
    return status;
}

void
secprof_lint_free(struct secprof_lint *lint)
{
    if (lint != NULL) {
        sp_buf_free(&lint->out);
        sp_arena_free(&lint->arena);
        secprof_unref(lint->context);
        free(lint);
    }
}

/* What was given away is void from now on. */
static void
touch(struct secprof_lint *lint)
{
    if (lint->taken) {
        sp_buf_cut(&lint->out, 0);
        lint->taken = false;
    }
}

static enum secprof_status
memory_status(const struct secprof_lint *lint)
{
    return lint->out.failed || lint->arena.failed ? SECPROF_NO_MEMORY : SECPROF_OK;
}

/* ---- settings ------------------------------------------------------------------------ */

static enum secprof_status
set(struct secprof_lint *lint, const char *word,
    bool (*setter)(struct sp_lint_settings *settings, struct sp_str word))
{
    if (lint == NULL || word == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    if (setter(&lint->settings, sp_str_of(word))) {
        return SECPROF_OK;
    }
    return lint->arena.failed ? SECPROF_NO_MEMORY : SECPROF_BAD_ARGUMENT;
}

enum secprof_status
secprof_lint_select(struct secprof_lint *lint, const char *rules)
{
    return set(lint, rules, sp_lint_settings_select);
}

enum secprof_status
secprof_lint_ignore(struct secprof_lint *lint, const char *rules)
{
    return set(lint, rules, sp_lint_settings_ignore);
}

enum secprof_status
secprof_lint_severity(struct secprof_lint *lint, const char *assignment)
{
    return set(lint, assignment, sp_lint_settings_severity);
}

enum secprof_status
secprof_lint_target(struct secprof_lint *lint, const struct secprof_target *target, char **ret_why)
{
    struct sp_target read;
    SP_BUF(why);

    if (lint == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    enum secprof_status status = sp_api_target(target, &read, &why);
    if (status == SECPROF_OK) {
        lint->settings.target = read;
        return SECPROF_OK;
    }
    return ret_why == NULL ? status : sp_api_give(&why, status, ret_why);
}

/* ---- linting ------------------------------------------------------------------------- */

static void
count(struct sp_summary *summary, const struct sp_report *report)
{
    summary->files++;
    for (size_t i = 0; i < report->diags.count; i++) {
        const struct sp_diag *diag = report->diags.at[i];
        summary->counts[diag->severity]++;
        summary->fixable += diag->edits.count > 0;
    }
}

/* Gives what was found in one text to the renderer; all of it outlives the text. */
static enum secprof_status
render(struct secprof_lint *lint, const char *name, struct sp_report *report,
       const struct sp_validity *validity)
{
    sp_lint_settings_apply(&lint->settings, report);
    if (lint->validates) {
        sp_validate_keep_errors(report, lint->is_strict);
    }
    count(&lint->summary, report);
    lint->render.renderer->file(&lint->render, &(struct sp_file_findings){
        .path = name, .report = report, .validity = lint->validates ? validity : NULL,
    });
    return memory_status(lint);
}

/* Lints one text, whose work memory is `scratch`. */
static enum secprof_status
lint_text(struct secprof_lint *lint, struct sp_arena *scratch, const char *name, struct sp_str text,
          enum sp_dialect dialect)
{
    struct sp_report report = { .arena = scratch };
    struct sp_lint_reading reading = { .limits = &lint->context->limits, .dialect = dialect };
    const struct sp_target *target = &lint->settings.target;
    const struct sp_source *source = sp_read_source(scratch, name, text, dialect);
    struct sp_validity validity;

    if (source == NULL
        || !(lint->validates
                 ? sp_validate_source(scratch, source, reading, target, &report, &validity)
                 : sp_lint_source(scratch, source, reading, target, &report))) {
        return SECPROF_NO_MEMORY;
    }
    return render(lint, name, &report, &validity);
}

static enum secprof_status
read_file(const struct secprof_lint *lint, struct sp_arena *scratch, const char *path,
          struct sp_str *ret_text)
{
    switch (sp_file_read(scratch, path, lint->context->limits.bytes, ret_text)) {
    case SP_FILE_OK:
        return SECPROF_OK;
    case SP_FILE_ERROR:
        return SECPROF_UNREADABLE;
    case SP_FILE_NO_MEMORY:
        break;
    }
    return SECPROF_NO_MEMORY;
}

static enum secprof_status
lint_file(struct secprof_lint *lint, const char *path)
{
    SP_SCRATCH(scratch);
    struct sp_str text;
    enum secprof_status status = read_file(lint, &scratch, path, &text);

    return status == SECPROF_OK ? lint_text(lint, &scratch, path, text, lint->context->dialect)
                                : status;
}

/* A file of a folder: linted when it is a profile, or wants to be one. */
static enum secprof_status
lint_member(struct secprof_lint *lint, const char *path)
{
    SP_SCRATCH(scratch);
    struct sp_lint_reading reading = {
        .limits = &lint->context->limits, .dialect = lint->context->dialect,
    };
    const struct sp_target *target = &lint->settings.target;
    struct sp_report report = { .arena = &scratch };
    struct sp_validity validity;
    const char *other = NULL;
    struct sp_str text;

    if (!sp_operand_has_ending(path)) {
        return SECPROF_OK;
    }
    enum secprof_status status = read_file(lint, &scratch, path, &text);
    if (status != SECPROF_OK) {
        return status;
    }
    const struct sp_source *source = sp_read_source(&scratch, path, text, reading.dialect);
    if (source == NULL
        || !(lint->validates
                 ? sp_validate_member(&scratch, source, reading, target, &report, &other, &validity)
                 : sp_lint_member(&scratch, source, reading, target, &report, &other))) {
        return SECPROF_NO_MEMORY;
    }
    if (other != NULL) {
        sp_render_note(&lint->render, path, other);
        return memory_status(lint);
    }
    return render(lint, path, &report, &validity);
}

/* One unreadable file does not keep the rest from being read; it is what the caller hears of. */
static enum secprof_status
lint_folder(struct secprof_lint *lint, const char *folder)
{
    SP_SCRATCH(scratch);
    struct sp_paths paths;
    enum secprof_status worst = SECPROF_OK;
    int error = 0;

    switch (sp_file_list(&scratch, folder, &paths)) {
    case SP_FILE_OK:
        break;
    case SP_FILE_ERROR:
        return SECPROF_UNREADABLE;
    case SP_FILE_NO_MEMORY:
        return SECPROF_NO_MEMORY;
    }
    for (size_t i = 0; i < paths.list.count && worst != SECPROF_NO_MEMORY; i++) {
        enum secprof_status status = lint_member(lint, paths.list.at[i]);
        if (status != SECPROF_OK) {
            worst = status;
            error = errno;
        }
    }
    errno = error;
    return worst;
}

/* By the engine that has it, unless someone says otherwise. */
static enum secprof_status
lint_builtin(struct secprof_lint *lint, const char *name)
{
    SP_SCRATCH(scratch);
    struct sp_str text = sp_operand_builtin(&scratch, name);
    const struct sp_target asked = lint->settings.target;

    if (scratch.failed) {
        return SECPROF_NO_MEMORY;
    }
    sp_operand_choose_engine(name, SP_DIALECT_DOCKER, &lint->settings.target);
    enum secprof_status status = lint_text(lint, &scratch, name, text, SP_DIALECT_UNKNOWN);
    lint->settings.target = asked;
    return status;
}

enum secprof_status
secprof_lint_path(struct secprof_lint *lint, const char *path)
{
    if (lint == NULL || path == NULL || lint->ended) {
        return SECPROF_BAD_ARGUMENT;
    }
    touch(lint);
    switch (sp_operand_kind(path)) {
    case SP_OPERAND_FILE:
        return lint_file(lint, path);
    case SP_OPERAND_FOLDER:
        return lint_folder(lint, path);
    case SP_OPERAND_BUILTIN:
        return lint_builtin(lint, path);
    case SP_OPERAND_UNKNOWN:
        break;
    }
    return SECPROF_UNKNOWN;
}

enum secprof_status
secprof_lint_bytes(struct secprof_lint *lint, const char *name, const void *bytes, size_t size)
{
    SP_SCRATCH(scratch);

    if (lint == NULL || name == NULL || (bytes == NULL && size > 0) || lint->ended
        || size >= SP_SOURCE_MAX) {
        return SECPROF_BAD_ARGUMENT;
    }
    touch(lint);
    return lint_text(lint, &scratch, name, (struct sp_str){ .ptr = bytes, .len = size },
                     lint->context->dialect);
}

/* ---- results ------------------------------------------------------------------------- */

enum secprof_status
secprof_lint_take(struct secprof_lint *lint, const char **ret_text, size_t *ret_size)
{
    if (lint == NULL || ret_text == NULL || ret_size == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    touch(lint);
    if (lint->out.failed) {
        return SECPROF_NO_MEMORY;
    }
    if (lint->render.renderer->is_one_value && !lint->ended) {
        *ret_text = "";
        *ret_size = 0;
        return SECPROF_OK;
    }
    *ret_text = lint->out.data == NULL ? "" : lint->out.data;
    *ret_size = lint->out.len;
    lint->taken = true;
    return SECPROF_OK;
}

enum secprof_status
secprof_lint_end(struct secprof_lint *lint)
{
    if (lint == NULL || lint->ended) {
        return SECPROF_BAD_ARGUMENT;
    }
    touch(lint);
    lint->ended = true;
    lint->render.renderer->end(&lint->render, &lint->summary);
    return memory_status(lint);
}

size_t
secprof_lint_count(const struct secprof_lint *lint, enum secprof_severity severity)
{
    if (lint == NULL || severity < SECPROF_STYLE || severity > SECPROF_ERROR) {
        return 0;
    }
    return lint->summary.counts[severity];
}

size_t
secprof_lint_files(const struct secprof_lint *lint)
{
    return lint == NULL ? 0 : lint->summary.files;
}

const char *
secprof_lint_format(size_t n, const char **ret_about)
{
    for (size_t i = 0; sp_renderers[i] != NULL; i++) {
        if (i == n) {
            if (ret_about != NULL) {
                *ret_about = sp_renderers[i]->about;
            }
            return sp_renderers[i]->name;
        }
    }
    return NULL;
}

enum secprof_status
secprof_lint_rules(const char *format, const struct secprof_style *style, char **ret_text)
{
    struct sp_style plain = sp_api_style(style);
    SP_BUF(buf);

    if (format == NULL || ret_text == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    if (strcmp(format, "text") == 0) {
        sp_render_rules_text(&buf, &plain);
    } else if (strcmp(format, "json") == 0) {
        sp_render_rules_json(&buf);
    } else {
        return SECPROF_BAD_ARGUMENT;
    }
    return sp_api_give(&buf, SECPROF_OK, ret_text);
}
