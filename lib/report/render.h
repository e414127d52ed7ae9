/* Renderers of findings: one struct each, in a table by name.
 *
 *     struct sp_render render = { .renderer = renderer, .style = style, .out = &out };
 *     renderer->begin(&render);
 *     renderer->file(&render, &findings);      for each file, in order
 *     renderer->end(&render, &summary);
 *
 * What is written into `out` may be taken out of it between the calls.  When memory runs out,
 * `out->failed` says so. */
#ifndef SP_REPORT_RENDER_H
#define SP_REPORT_RENDER_H

#include "base/buf.h"
#include "text/report.h"

#include <stdbool.h>
#include <stddef.h>

struct sp_style {
    bool color;
    unsigned width;  /* of the terminal; 0 = unlimited */
    bool quiet;      /* no summary, nothing for clean files */
    bool verbose;    /* notes: skipped files */
};

struct sp_validity;

/* What became of one file. */
struct sp_file_findings {
    const char *path;
    const struct sp_report *report;  /* sorted, filtered, severities decided */
    const struct sp_validity *validity;  /* lint/validate.h; NULL when only linted */
};

struct sp_summary {
    size_t files;
    size_t counts[SP_SEVERITY_ERROR + 1];  /* by severity */
    size_t fixable;
};

/* What stands at the end of the text so far. */
enum sp_render_last {
    SP_RENDER_NOTHING,
    SP_RENDER_LINE,
    SP_RENDER_FINDING,
};

/* Longer paths are not repeated in the summary. */
enum { SP_RENDER_PATH_MAX = 256 };

/* The first five are the caller's to set; the rest is the renderer's and begins as
 * zero. */
struct sp_render {
    const struct sp_renderer *renderer;
    struct sp_style style;
    struct sp_buf *out;
    const char *verb;  /* that found all this, for machines; NULL = "lint" */
    bool validates;    /* each valid file has a line of its own */
    size_t files;      /* rendered so far */
    enum sp_render_last last;
    enum sp_severity worst;  /* of all findings so far, */
    unsigned worst_code;     /* and the first code that was so severe */
    char path[SP_RENDER_PATH_MAX];  /* of the first file, fit to be shown; "" when too long */
};

struct sp_renderer {
    const char *name;
    const char *about;  /* for --help */
    bool is_one_value;  /* the text is of no use before its end */
    void (*begin)(struct sp_render *render);
    void (*file)(struct sp_render *render, const struct sp_file_findings *findings);
    void (*note)(struct sp_render *render, const char *path, const char *text);  /* or NULL */
    void (*end)(struct sp_render *render, const struct sp_summary *summary);
};

extern const struct sp_renderer sp_renderer_text;
extern const struct sp_renderer sp_renderer_concise;
extern const struct sp_renderer sp_renderer_json;

/* Ends with a row that is NULL. */
extern const struct sp_renderer *const sp_renderers[];

/* NULL when there is no such format. */
const struct sp_renderer *
sp_renderer_find(struct sp_str name);

/* Says that a file was passed over, and what it is ("a Compose file"): only in a verbose style,
 * and only in formats that have room for it. */
void
sp_render_note(struct sp_render *render, const char *path, const char *text);

#endif
