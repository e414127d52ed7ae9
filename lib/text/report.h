/* What there is to say about an input: diagnostics, all of one kind.
 *
 * A diagnostic has a code (101 for SP101) whose rule in `data/rules/` gives it a name, a
 * severity and a page; a place; a message that says what is wrong and shows the value; and
 * what helps.  Parse errors and lint findings differ in nothing but their code.
 *
 *     struct sp_diag *diag = sp_report_add(report, 113, place, "rule has no names");
 *     sp_report_help(report, diag, "name at least one system call, or remove the rule");
 *
 * Nobody checks for memory on the way: when there is none left, sp_report_add answers a place
 * that is never shown, and `failed` is set. */
#ifndef SP_TEXT_REPORT_H
#define SP_TEXT_REPORT_H

#include "base/arena.h"
#include "base/vec.h"
#include "text/doc.h"
#include "text/source.h"

#include <stdbool.h>
#include <stdint.h>

enum sp_severity {
    SP_SEVERITY_NONE,  /* not decided here: the rule's own */
    SP_SEVERITY_STYLE,
    SP_SEVERITY_INFO,
    SP_SEVERITY_WARNING,
    SP_SEVERITY_ERROR,
};

/* Where: a span of a source, and the node whose JSON pointer is shown (or NULL). */
struct sp_place {
    const struct sp_source *source;
    struct sp_span span;
    const struct sp_node *node;
};

struct sp_related {
    struct sp_place place;
    const char *text;
};

/* Replace the span by the text. The edits of one diagnostic belong together, and are kept in the order of
 * the text. */
struct sp_edit {
    struct sp_span span;
    const char *text;
};

struct sp_witness;  /* model/witness.h: a call for which the finding is true */

struct sp_diag {
    unsigned code;
    enum sp_severity severity;
    struct sp_place place;
    const char *message;
    const char *label;  /* said beside the caret; may be NULL */
    const char *help;   /* what to do; may be NULL */
    const struct sp_witness *witness;  /* may be NULL */
    SP_VEC(struct sp_related) related;
    SP_VEC(struct sp_edit) edits;
};

/* More findings in one text than this help nobody, and may not exhaust memory. */
enum { SP_REPORT_MAX = 10000 };

struct sp_report {
    struct sp_arena *arena;  /* texts and lists live here */
    SP_VEC(struct sp_diag *) diags;
    size_t dropped;  /* past SP_REPORT_MAX */
    bool failed;     /* no memory: the report is not complete */
    struct sp_diag sink;
};

/* The place of a node's value, of its key, and of bytes of a source. */
struct sp_place
sp_at_node(const struct sp_doc *doc, const struct sp_node *node);

struct sp_place
sp_at_key(const struct sp_doc *doc, const struct sp_node *node);

struct sp_place
sp_at_span(const struct sp_source *source, uint32_t start, uint32_t end);

/* Adds a diagnostic. Never NULL. */
struct sp_diag *
sp_report_add(struct sp_report *report, unsigned code, struct sp_place place,
              const char *format, ...) __attribute__((format(printf, 4, 5)));

void
sp_report_help(struct sp_report *report, struct sp_diag *diag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void
sp_report_label(struct sp_report *report, struct sp_diag *diag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void
sp_report_related(struct sp_report *report, struct sp_diag *diag, struct sp_place place,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

void
sp_report_edit(struct sp_report *report, struct sp_diag *diag, struct sp_span span,
               const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Orders by place, then code: the order in which people read. Stable. */
void
sp_report_sort(struct sp_report *report);

#endif
