#include "text/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct sp_place
sp_at_node(const struct sp_doc *doc, const struct sp_node *node)
{
    return (struct sp_place){ .source = doc->source, .span = node->span, .node = node };
}

struct sp_place
sp_at_key(const struct sp_doc *doc, const struct sp_node *node)
{
    return (struct sp_place){ .source = doc->source, .span = node->key_span, .node = node };
}

struct sp_place
sp_at_span(const struct sp_source *source, uint32_t start, uint32_t end)
{
    return (struct sp_place){ .source = source, .span = { .start = start, .end = end } };
}

/* As sp_arena_format; sets `failed` when there is no memory. */
__attribute__((format(printf, 2, 0))) static const char *
format_text(struct sp_report *report, const char *format, va_list list)
{
    va_list again;

    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);

    char *text = length < 0 ? NULL : sp_arena_alloc(report->arena, (size_t)length + 1);
    if (text == NULL) {
        report->failed = true;
        return NULL;
    }
    (void)vsnprintf(text, (size_t)length + 1, format, list);
    return text;
}

/* A diagnostic that callers may fill, and that nobody shows. */
static struct sp_diag *
sink(struct sp_report *report)
{
    report->sink = (struct sp_diag){ .message = "" };
    return &report->sink;
}

/* The sink keeps nothing: what is added to it would only cost memory. */
static bool
is_sink(const struct sp_report *report, const struct sp_diag *diag)
{
    return diag == &report->sink;
}

static struct sp_diag *
push(struct sp_report *report)
{
    struct sp_diag *diag = sp_arena_new(report->arena, struct sp_diag);
    struct sp_diag **place = diag == NULL ? NULL : sp_vec_push(report->arena, &report->diags);

    if (place == NULL) {
        report->failed = true;
        return NULL;
    }
    return *place = diag;
}

struct sp_diag *
sp_report_add(struct sp_report *report, unsigned code, struct sp_place place,
              const char *format, ...)
{
    va_list list;

    if (report->diags.count >= SP_REPORT_MAX) {
        report->dropped++;
        return sink(report);
    }

    va_start(list, format);
    const char *message = format_text(report, format, list);
    va_end(list);
    struct sp_diag *diag = message == NULL ? NULL : push(report);
    if (diag == NULL) {
        return sink(report);
    }
    *diag = (struct sp_diag){ .code = code, .place = place, .message = message };
    return diag;
}

void
sp_report_help(struct sp_report *report, struct sp_diag *diag, const char *format, ...)
{
    va_list list;

    if (!is_sink(report, diag)) {
        va_start(list, format);
        diag->help = format_text(report, format, list);
        va_end(list);
    }
}

void
sp_report_label(struct sp_report *report, struct sp_diag *diag, const char *format, ...)
{
    va_list list;

    if (!is_sink(report, diag)) {
        va_start(list, format);
        diag->label = format_text(report, format, list);
        va_end(list);
    }
}

void
sp_report_related(struct sp_report *report, struct sp_diag *diag, struct sp_place place,
                  const char *format, ...)
{
    va_list list;

    if (is_sink(report, diag)) {
        return;
    }

    va_start(list, format);
    const char *text = format_text(report, format, list);
    va_end(list);
    struct sp_related *related =
        text == NULL ? NULL : sp_vec_push(report->arena, &diag->related);
    if (related == NULL) {
        report->failed = true;
        return;
    }
    *related = (struct sp_related){ .place = place, .text = text };
}

void
sp_report_edit(struct sp_report *report, struct sp_diag *diag, struct sp_span span,
               const char *format, ...)
{
    va_list list;

    if (is_sink(report, diag)) {
        return;
    }

    va_start(list, format);
    const char *text = format_text(report, format, list);
    va_end(list);
    struct sp_edit *edit = text == NULL ? NULL : sp_vec_push(report->arena, &diag->edits);
    if (edit == NULL) {
        report->failed = true;
        return;
    }
    /* In the order of the text, in whatever order they come. */
    for (; edit > diag->edits.at && edit[-1].span.start > span.start; edit--) {
        *edit = edit[-1];
    }
    *edit = (struct sp_edit){ .span = span, .text = text };
}

static bool
comes_before(const struct sp_diag *left, const struct sp_diag *right)
{
    if (left->place.span.start != right->place.span.start) {
        return left->place.span.start < right->place.span.start;
    }
    return left->code < right->code;
}

/* Merges the sorted halves of `from` into `into`; of equals the left one goes first. */
static void
merge(struct sp_diag **from, size_t middle, size_t count, struct sp_diag **into)
{
    size_t left = 0;
    size_t right = middle;

    for (size_t i = 0; i < count; i++) {
        if (right == count || (left < middle && !comes_before(from[right], from[left]))) {
            into[i] = from[left++];
        } else {
            into[i] = from[right++];
        }
    }
}

/* Sorts `at`; `spare` holds the same elements and is used up. */
static void
sort(struct sp_diag **at, struct sp_diag **spare, size_t count)
{
    size_t middle = count / 2;

    if (count < 2) {
        return;
    }
    sort(spare, at, middle);
    sort(spare + middle, at + middle, count - middle);
    merge(spare, middle, count, at);
}

void
sp_report_sort(struct sp_report *report)
{
    size_t count = report->diags.count;
    struct sp_diag **spare = sp_arena_new_array(report->arena, count, struct sp_diag *);

    if (spare == NULL) {
        report->failed = true;
        return;
    }
    if (count > 0) {
        memcpy(spare, report->diags.at, count * sizeof *spare);
    }
    sort(report->diags.at, spare, count);
}
