#include "report/summary.h"

#include "report/glyph.h"

#include <string.h>

static const struct word {
    const char *one;
    const char *many;
} words[] = {
    [SP_SEVERITY_ERROR] = { "error", "errors" },
    [SP_SEVERITY_WARNING] = { "warning", "warnings" },
    [SP_SEVERITY_INFO] = { "info", "info" },
    [SP_SEVERITY_STYLE] = { "style", "style" },
};

/* Paths are shown as glyphs, at most three bytes for one. */
static void
keep_path(struct sp_render *render, const char *path)
{
    SP_BUF(shown);

    sp_glyph_add(&shown, sp_str_of(path));
    render->out->failed |= shown.failed;
    if (!shown.failed && shown.len > 0 && shown.len < sizeof render->path) {
        memcpy(render->path, shown.data, shown.len + 1);
    }
}

void
sp_summary_remember(struct sp_render *render, const struct sp_file_findings *findings)
{
    if (render->files++ == 0) {
        keep_path(render, findings->path);
    }
    for (size_t i = 0; i < findings->report->diags.count; i++) {
        const struct sp_diag *diag = findings->report->diags.at[i];
        if (diag->severity > render->worst) {
            render->worst = diag->severity;
            render->worst_code = diag->code;
        }
    }
}

static void
add_subject(const struct sp_render *render, size_t files)
{
    if (files == 1 && render->path[0] != '\0') {
        sp_buf_text(render->out, render->path);
    } else {
        sp_buf_format(render->out, "%zu %s", files, files == 1 ? "file" : "files");
    }
    sp_buf_text(render->out, ": ");
}

/* "1 error, 3 warnings"; nothing when there are none. */
static void
add_counts(struct sp_buf *out, const struct sp_summary *summary)
{
    const char *separator = "";

    for (size_t i = SP_SEVERITY_ERROR; i > SP_SEVERITY_NONE; i--) {
        size_t count = summary->counts[i];
        if (count > 0) {
            sp_buf_format(out, "%s%zu %s", separator, count,
                          count == 1 ? words[i].one : words[i].many);
            separator = ", ";
        }
    }
}

void
sp_summary_add(const struct sp_render *render, const struct sp_summary *summary)
{
    if (summary->files == 0) {
        sp_buf_text(render->out, "no profile found\n");
        return;
    }
    add_subject(render, summary->files);
    if (render->worst == SP_SEVERITY_NONE) {
        sp_buf_text(render->out, "nothing found\n");
        return;
    }
    add_counts(render->out, summary);
    if (summary->fixable > 0) {
        sp_buf_format(render->out, "; %zu can be fixed", summary->fixable);
    }
    sp_buf_format(render->out, ". `secprof explain SP%03u` says more.\n", render->worst_code);
}

void
sp_summary_dropped(struct sp_buf *out, const struct sp_file_findings *findings)
{
    size_t dropped = findings->report->dropped;

    sp_glyph_add(out, sp_str_of(findings->path));
    sp_buf_format(out, ": %zu more %s left out\n", dropped,
                  dropped == 1 ? "finding was" : "findings were");
}

void
sp_summary_passed_over(struct sp_buf *out, const char *path, const char *text)
{
    sp_glyph_add(out, sp_str_of(path));
    sp_buf_text(out, ": passed over: ");
    sp_glyph_add(out, sp_str_of(text));
    sp_buf_char(out, '\n');
}
