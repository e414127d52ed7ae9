/* The entries of firejail's lists: lib/format/firejail_*.c alone. */
#ifndef SP_FORMAT_FIREJAIL_ENTRY_H
#define SP_FORMAT_FIREJAIL_ENTRY_H

#include "format/emission.h"

struct sp_firejail_writer {
    struct sp_emission *emission;
    const struct sp_policy *policy;  /* of the list that is written */
    bool keeps;                      /* a keep list, else a drop list */
    bool secondary;                  /* the list of 32-bit calls */
    bool blocks;                     /* seccomp.block-secondary stands there */
    sp_verdict action;               /* the error action */
    bool by_number;                  /* all names would make the line too long */
};

/* Calls that firejail itself makes behind the filter of a keep list, and that it therefore
 * allows there (@default-keep). */
enum { SP_FIREJAIL_NEEDED = 3 };
extern const char *const sp_firejail_needed[SP_FIREJAIL_NEEDED];

void
sp_firejail_lose(const struct sp_firejail_writer *writer, const char *call, const char *what,
                 const char *became);

/* The verdict of a call in words that firejail has, and the losses of that. */
sp_verdict
sp_firejail_sayable(const struct sp_firejail_writer *writer, const struct sp_policy_call *call);

/* Adds the entry that gives a call this verdict, if it needs one, to a keep list or a drop
 * list. */
void
sp_firejail_entry(const struct sp_firejail_writer *writer, struct sp_buf *line,
                  const struct sp_policy_call *call, sp_verdict verdict);

#endif
