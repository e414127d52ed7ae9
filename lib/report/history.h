/* The history of a system call in default profiles, in words and as JSON. */
#ifndef SP_REPORT_HISTORY_H
#define SP_REPORT_HISTORY_H

#include "ops/history.h"
#include "report/page.h"
#include "text/json_write.h"

/* "allowed in 20.10.0 to 24.0.9; refused before and since 25.0.0": the base. */
void
sp_history_write(const struct sp_history *history, struct sp_buf *buf);

/* "with CAP_BPF: allowed since 23.0.0": what another line changes; nothing where that is
 * only how the call is refused for some arguments. */
void
sp_history_write_caps(const struct sp_history *history, const struct sp_history_line *line,
                      struct sp_buf *buf);

/* Paragraphs of a call's page, under the label that stands there: the first history with its
 * capabilities, of others one line where they differ from it by more than the numbers of
 * releases. */
void
sp_history_paragraphs(const struct sp_histories *histories, struct sp_page *page);

/* "allowed by docker until 20.10.21; every release of podman and containerd": of a concrete
 * call. */
void
sp_history_write_allowed(const struct sp_histories *histories, struct sp_buf *buf);

/* The key "history" of the root. */
void
sp_history_json(const struct sp_histories *histories, struct sp_json *json);

#endif
