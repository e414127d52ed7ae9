#include "format/list_text.h"

#include "model/target.h"

#include <string.h>

/* ---- folding ------------------------------------------------------------------------- */

static void
begin_line(struct sp_list_fold *fold)
{
    const char *indent = fold->begun && fold->further != NULL ? fold->further : fold->indent;

    sp_buf_text(fold->out, indent);
    fold->column = strlen(indent);
}

void
sp_list_fold_add(struct sp_list_fold *fold, struct sp_str word)
{
    size_t glue = strlen(fold->glue);

    if (!fold->begun) {
        begin_line(fold);
    } else {
        sp_buf_text(fold->out, fold->glue);
        if (fold->column + glue + 1 + word.len + glue > SP_LIST_COLUMNS) {
            sp_buf_char(fold->out, '\n');
            begin_line(fold);
        } else {
            sp_buf_char(fold->out, ' ');
            fold->column += glue + 1;
        }
    }
    sp_buf_add(fold->out, word);
    fold->column += word.len;
    fold->begun = true;
}

void
sp_list_fold_end(struct sp_list_fold *fold)
{
    if (fold->begun) {
        sp_buf_char(fold->out, '\n');
    }
    fold->begun = false;
}

void
sp_list_fold_text(struct sp_list_fold *fold, struct sp_str text)
{
    struct sp_str word;

    while (sp_str_next(&text, " ", &word)) {
        if (word.len > 0) {
            sp_list_fold_add(fold, word);
        }
    }
}

/* ---- the heading --------------------------------------------------------------------- */

/* A name is shown in a comment of one line, whatever bytes it has. */
static void
add_name(struct sp_buf *buf, const char *name)
{
    for (const char *at = name; *at != '\0'; at++) {
        sp_buf_char(buf, (unsigned char)*at < ' ' || *at == 0x7f ? '?' : *at);
    }
}

static uint64_t
all_caps(void)
{
    return sp_kb_caps_count >= 64 ? UINT64_MAX : ((uint64_t)1 << sp_kb_caps_count) - 1;
}

static void
add_caps(struct sp_list_fold *fold, uint64_t caps)
{
    sp_list_fold_text(fold, SP_STR("capabilities:"));
    if ((caps & all_caps()) == all_caps()) {
        sp_list_fold_text(fold, SP_STR("all"));
    } else if ((caps & all_caps()) == 0) {
        sp_list_fold_text(fold, SP_STR("none"));
    } else {
        for (size_t i = 0; i < sp_kb_caps_count; i++) {
            if ((caps >> i & 1) != 0) {
                sp_list_fold_add(fold, sp_str_of(sp_kb_text(sp_kb_caps[i].name)));
            }
        }
    }
    sp_list_fold_end(fold);
}

void
sp_list_heading(const struct sp_emission *emission, const char *mark, const char *what)
{
    const struct sp_environment *environment = &emission->policies->environment;
    const char *arch = sp_kb_text(emission->policies->all.at[0].arch->name);
    struct sp_list_fold fold = { .out = emission->out, .indent = mark, .glue = "" };
    SP_BUF(text);

    sp_buf_format(&text, "%s, written by secprof from ", what);
    add_name(&text, emission->name);
    sp_list_fold_text(&fold, sp_buf_part(&text, &emission->out->failed));
    sp_list_fold_end(&fold);

    sp_buf_cut(&text, 0);
    sp_buf_format(&text, "architecture: %s; engine: %s", arch,
                  sp_engine_text(environment->engine));
    if (environment->kernel.major != 0) {
        sp_buf_format(&text, "; kernel: %u.%u", environment->kernel.major,
                      environment->kernel.minor);
    }
    sp_list_fold_text(&fold, sp_buf_part(&text, &emission->out->failed));
    sp_list_fold_end(&fold);
    add_caps(&fold, environment->caps);
}

/* ---- conditions ---------------------------------------------------------------------- */

enum { CONDITIONS_TOLD = 8 };

void
sp_list_conditions(const struct sp_emission *emission, const struct sp_policy_call *call,
                   bool (*wanted)(sp_verdict verdict, sp_verdict than), sp_verdict than,
                   const char *mark, const char *lead)
{
    struct sp_alternatives told = { .any = { .at = NULL } };
    struct sp_list_fold fold = { .out = emission->out, .indent = mark, .glue = "" };
    SP_BUF(text);

    for (size_t i = 0; i < call->clause_count && !told.truncated; i++) {
        if (!wanted(call->clauses[i].verdict, than)) {
            continue;
        }
        if (told.any.count == CONDITIONS_TOLD) {
            told.truncated = true;
            break;
        }
        struct sp_tests *tests = sp_vec_push(emission->arena, &told.any);
        if (tests == NULL) {
            emission->out->failed = true;
            return;
        }
        memcpy(tests, &call->clauses[i].when, sizeof *tests);
    }
    sp_buf_text(&text, lead);
    sp_words_write(&told, call->call, &text);
    sp_list_fold_text(&fold, sp_buf_part(&text, &emission->out->failed));
    sp_list_fold_end(&fold);
}
