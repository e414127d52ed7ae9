/* The lists of built-in profiles, for `secprof emit --list`. */
#ifndef SP_REPORT_BUILTINS_H
#define SP_REPORT_BUILTINS_H

#include "base/buf.h"
#include "kb/defaults.h"

/* A line for each series: name, newest release, how many releases and contents, what it is. */
void
sp_render_series_text(struct sp_buf *out);

/* One object of the schema "secprof/builtins/1", whose "series" are a list of objects with
 * "name", "also", "about", "newest", "releases" and "contents" (both numbers), and "next"
 * where there is one. */
void
sp_render_series_json(struct sp_buf *out);

/* A line for each content of a series, the newest first, or for `only` one (else NULL);
 * columns are parted by two spaces or more:
 *
 *     29.4.3   29.4.3 to 29.7.2                2026-05-06  b6d1d4d3d1d4  420 calls
 *
 * the first release that had it, all that did, when it came, the SHA-256 of the text that
 * was shipped or "code" where none was, how many calls it names. */
void
sp_render_contents_text(const struct sp_kb_series *series, const struct sp_kb_default *only,
                        struct sp_buf *out);

/* One object of the schema "secprof/builtins/1" with "series" (a name) and "contents": a
 * list of objects with "id", "releases" (each by its name), "date", "sha256" unless "code"
 * is true, for then no text was shipped, and "calls". */
void
sp_render_contents_json(const struct sp_kb_series *series, const struct sp_kb_default *only,
                        struct sp_buf *out);

/* Why a word is no built-in profile: "docker has no release 99.1 (newest 29.7.2)", "no
 * built-in profile is called 'dokcer'; closest: docker".  True when the series is known, so
 * that it is the release that is not. */
bool
sp_render_builtin_unknown(struct sp_str word, struct sp_buf *out);

#endif
