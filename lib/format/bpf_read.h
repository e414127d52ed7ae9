/* A raw program of seccomp, as the kernel is given it, becomes the OCI profile that means it.
 *
 * The text is an array of struct sock_filter, eight bytes each, in this machine's byte order:
 * what seccomp_export_bpf of libseccomp writes, what `secprof apply --print bpf` prints, and
 * what bubblewrap is given with --seccomp.
 *
 * The program is followed for every number of every architecture, and the profile is made of
 * what it answers.  The profile is the program: whatever a profile cannot say is an error,
 * and in the end a filter is made of the profile and compared.  One difference is left: runc
 * puts instructions in front of every filter, which answer ENOSYS for numbers above the
 * highest named one.  A program with that shape is read as the profile without them, for
 * runc adds them again. */
#ifndef SP_FORMAT_BPF_READ_H
#define SP_FORMAT_BPF_READ_H

#include "text/doc.h"
#include "text/report.h"

/* As sp_json_read; spans are instructions. */
bool
sp_bpf_read(struct sp_arena *arena, const struct sp_source *source,
            const struct sp_doc_limits *limits, struct sp_report *report,
            struct sp_doc *ret_doc);

/* Could these bytes be a program: whole instructions, the last one a return? */
bool
sp_bpf_read_looks(struct sp_str text);

#endif
