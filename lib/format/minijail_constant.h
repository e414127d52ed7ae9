/* Constants of policies by name: lib/format/minijail_*.c alone.
 *
 * libminijail knows the macros of the headers that it was built with (gen_constants.sh of
 * google/minijail), in capital letters; here it is those of the knowledge base, the errors,
 * and a few more. */
#ifndef SP_FORMAT_MINIJAIL_CONSTANT_H
#define SP_FORMAT_MINIJAIL_CONSTANT_H

#include "base/str.h"
#include "kb/kb.h"

enum sp_minijail_constant {
    SP_MINIJAIL_CONSTANT_OK,
    SP_MINIJAIL_CONSTANT_UNKNOWN,
    SP_MINIJAIL_CONSTANT_OPEN,  /* known, but its value on this architecture is not */
};

enum sp_minijail_constant
sp_minijail_constant_find(const struct sp_kb_arch *arch, struct sp_str name,
                          uint64_t *ret_value);

/* A known name like this one, or NULL. */
const char *
sp_minijail_constant_closest(struct sp_str name);

/* The name that libminijail has for an error's number, or NULL. */
const char *
sp_minijail_errno_name(const struct sp_kb_arch *arch, uint32_t number);

#endif
