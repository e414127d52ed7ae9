/* What the form rules share: how a piece of the input is shown, who reads a key, what counts as
 * given. */
#ifndef SP_LINT_FORM_TEXT_H
#define SP_LINT_FORM_TEXT_H

#include "format/fields.h"
#include "lint/lint.h"

/* A piece of the input as messages show it: control characters escaped, the end of a long one
 * cut off.  Never NULL. */
const char *
sp_form_show(const struct sp_lint *lint, struct sp_str text);

/* A value with its kind: `the string "0x10"`, `the number 1.5`, `an object`.  Never NULL. */
const char *
sp_form_show_value(const struct sp_lint *lint, const struct sp_node *node);

/* Who may be given the text: bits SP_READER_*.  A runtime configuration is for the runtimes;
 * all else containerd takes as it is, and Docker and Podman resolve. */
unsigned
sp_form_readers(const struct sp_lint *lint);

/* The engines with Go's decoder among `readers`, which are those of a row of sp_fields as far
 * as they read the text: "Docker and Podman". */
const char *
sp_form_readers_text(unsigned readers);

/* The last member with this key in any letter case, as Go's decoder finds it; NULL when there
 * is none.  Who misses a key must ask this, so that SP104 alone speaks of letter case. */
const struct sp_node *
sp_form_member(const struct sp_node *object, const char *key);

/* The field that Go's decoder finds for a key, whatever its letter case; NULL when there is
 * none. */
const struct sp_field *
sp_form_field(enum sp_object object, struct sp_str key);

/* The keys without which crun refuses a file, and which other rules than SP105 miss. */
bool
sp_form_is_required(enum sp_object object, struct sp_str key);

/* False for a member that Go leaves empty: none, null, "" or an empty list. */
bool
sp_form_is_filled(const struct sp_node *member);

#endif
