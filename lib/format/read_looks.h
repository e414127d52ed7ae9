/* What a text looks like before it is read: lib/format/read*.c alone. */
#ifndef SP_FORMAT_READ_LOOKS_H
#define SP_FORMAT_READ_LOOKS_H

#include "base/str.h"

#include <stdbool.h>

/* The first mark that is no white space opens an object, an array or a string, and neither a
 * section of a unit nor a template. */
bool
sp_read_looks_json(struct sp_str text);

/* The first line that is no comment begins a document (`---`) or a Kubernetes object. */
bool
sp_read_looks_yaml(struct sp_str text);

/* YAML with the keys of a profile at its margin, and no placeholder of a template. */
bool
sp_read_looks_like_spo(struct sp_str text);

/* The first line that is no comment is a section: [Service]. */
bool
sp_read_looks_systemd(struct sp_str text);

/* The first line that is no comment is a call with its expression, or an @include. */
bool
sp_read_looks_minijail(struct sp_str text);

/* A line has the command `seccomp` or one of its kin. */
bool
sp_read_looks_firejail(struct sp_str text);

/* A word that only Kafel has: POLICY before a name, or an action before a brace. */
bool
sp_read_looks_kafel(struct sp_str text);

/* The first line that is no comment holds names of calls and groups, and nothing else. */
bool
sp_read_looks_list(struct sp_str text);

#endif
