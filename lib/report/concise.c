/* Findings for editors and grep: one line each, and nothing else. */
#include "report/heading.h"
#include "report/render.h"
#include "report/summary.h"
#include "report/where.h"

static void
begin(struct sp_render *render)
{
    (void)render;
}

static void
file(struct sp_render *render, const struct sp_file_findings *findings)
{
    SP_SCRATCH(scratch);
    struct sp_atlas atlas = { .arena = &scratch };

    for (size_t i = 0; i < findings->report->diags.count; i++) {
        const struct sp_diag *diag = findings->report->diags.at[i];
        struct sp_where where = sp_where_is(&atlas, &diag->place);
        sp_heading_add(render->out, &render->style, findings->path, &where, " ", diag);
    }
    if (findings->report->dropped > 0) {
        sp_summary_dropped(render->out, findings);
    }
    render->out->failed |= scratch.failed;
}

static void
note(struct sp_render *render, const char *path, const char *text)
{
    sp_summary_passed_over(render->out, path, text);
}

static void
end(struct sp_render *render, const struct sp_summary *summary)
{
    (void)render;
    (void)summary;
}

const struct sp_renderer sp_renderer_concise = {
    .name = "concise",
    .about = "one line for each finding, for editors and grep",
    .begin = begin,
    .file = file,
    .note = note,
    .end = end,
};
