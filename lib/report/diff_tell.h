/* Differences in words, for diff_*.c alone. */
#ifndef SP_REPORT_DIFF_TELL_H
#define SP_REPORT_DIFF_TELL_H

#include "report/diff_text.h"

/* "looser". */
const char *
sp_diff_tell_direction(enum sp_diff_direction direction);

/* What one direction is about; a call counts once, in however many cases it differs. */
struct sp_diff_tally {
    size_t starts;     /* groups ... */
    size_t nobody;
    size_t newer;
    size_t arches;     /* architectures that one side does not have */
    size_t calls;
    size_t dangerous;  /* of the calls */
    size_t allowed;    /* of the calls: they run where they did not ... */
    size_t denied;     /* ... or no longer run */
    size_t groups;     /* of all kinds */
};

/* False when there is no memory. */
bool
sp_diff_tell_count(const struct sp_diff *diff, enum sp_diff_direction direction,
                   struct sp_diff_tally *ret_tally);

/* "looser for 31 calls, tighter for 4". */
void
sp_diff_tell_answer(const struct sp_diff *diff, struct sp_buf *buf);

/* "31 calls: 2 dangerous, 29 newly allowed". */
void
sp_diff_tell_tally(const struct sp_diff_tally *tally, struct sp_buf *buf);

/* A call's name; a number where nobody has it. */
void
sp_diff_tell_call(const struct sp_kb_syscall *call, uint32_t nr, struct sp_buf *buf);

/* Is a member about another call than the one before it?  Those of one call follow each other. */
bool
sp_diff_tell_is_next_call(const struct sp_diff_group *group, size_t index);

/* Is it a sentence of its own (starts, architectures), and not verdicts of something? */
bool
sp_diff_tell_is_sentence(const struct sp_diff_group *group);

/* "a container that started under its filter is refused: ..."; of sentences alone. */
void
sp_diff_tell_sentence(const struct sp_diff *diff, const struct sp_diff_group *group,
                      struct sp_buf *buf);

/* What it is about, of a group that is no list of names: "12 numbers that no call has". Nothing where
 * the names say it. */
void
sp_diff_tell_subject(const struct sp_diff_group *group, struct sp_buf *buf);

/* The conditions that are told: of all members alike.  NULL where arguments do not matter. */
const char *
sp_diff_tell_conditions(const struct sp_diff_group *group);

/* Where it is true, with a space in front: " with CAP_BPF or CAP_SYS_ADMIN, on x86_64".  Nothing where it
 * goes without saying. */
void
sp_diff_tell_where(const struct sp_diff *diff, const struct sp_diff_group *group,
                   struct sp_buf *buf);

/* How many of its calls are dangerous. */
size_t
sp_diff_tell_dangerous(const struct sp_diff_group *group);

/* Why it is risky; nothing where it is not.  Of many calls that are left to the default, how many are. */
void
sp_diff_tell_danger(const struct sp_diff_group *group, struct sp_buf *buf);

/* A call for which it is true, where arguments matter: "socket(AF_ALG, 0, 0) on x86_64". */
void
sp_diff_tell_witness(const struct sp_diff *diff, const struct sp_diff_group *group,
                     struct sp_buf *buf);

/* One reason for what could not be found out on one architecture, and the calls. */
struct sp_diff_open {
    const char *why;
    const struct sp_kb_arch *arch;
    SP_VEC(const struct sp_diff_undecided *) all;  /* each call once */
};

struct sp_diff_opens {
    SP_VEC(struct sp_diff_open) all;
};

/* False when there is no memory. */
bool
sp_diff_tell_open(struct sp_arena *arena, const struct sp_diff *diff,
                  struct sp_diff_opens *ret_opens);

/* The call that is open; "everything" where it is none in particular. */
void
sp_diff_tell_open_call(const struct sp_diff_undecided *one, struct sp_buf *buf);

/* Do the sides have different readers? Then "A is read by docker with runc, B by podman with crun". */
void
sp_diff_tell_readers(const struct sp_diff_page *page, struct sp_buf *buf);

#endif
