/* The lines about a whole file or run that the formats for people share. */
#ifndef SP_REPORT_SUMMARY_H
#define SP_REPORT_SUMMARY_H

#include "report/render.h"

/* Remembers of a file's findings what the summary will need. */
void
sp_summary_remember(struct sp_render *render, const struct sp_file_findings *findings);

/* "web.json: 1 error, 3 warnings; 2 can be fixed. `secprof explain SP401` says more." */
void
sp_summary_add(const struct sp_render *render, const struct sp_summary *summary);

/* "web.json: 231 more findings were left out" */
void
sp_summary_dropped(struct sp_buf *out, const struct sp_file_findings *findings);

/* "compose.yaml: passed over: a Compose file" */
void
sp_summary_passed_over(struct sp_buf *out, const char *path, const char *text);

#endif
