/* What the writers of lists of names share: lib/format/{list,firejail,kafel,c}_*.c alone.
 *
 * A failure of memory is sticky in the buffer. */
#ifndef SP_FORMAT_LIST_TEXT_H
#define SP_FORMAT_LIST_TEXT_H

#include "format/emission.h"

enum { SP_LIST_COLUMNS = 95 };

/* Words over lines of at most SP_LIST_COLUMNS (and a mark behind them), each line with the
 * indent: "  read, write,\n". */
struct sp_list_fold {
    struct sp_buf *out;
    const char *indent;  /* "# ", "    " */
    const char *further; /* of the second line on; NULL = the same */
    const char *glue;    /* behind every word but the last: "," or "" */
    size_t column;
    bool begun;
};

void
sp_list_fold_add(struct sp_list_fold *fold, struct sp_str word);

/* Ends the last line; nothing when there was no word. */
void
sp_list_fold_end(struct sp_list_fold *fold);

/* Words of a text, separated by space. */
void
sp_list_fold_text(struct sp_list_fold *fold, struct sp_str text);

/* The comment at the head of a text: what it is ("seccomp lines for firejail"), whose, and
 * where it was made for. `mark` begins its lines: "# ". */
void
sp_list_heading(const struct sp_emission *emission, const char *mark, const char *what);

/* A comment with the conditions under which a call has a verdict that `wanted` accepts,
 * after `lead`, with the names of its constants; past some of them "or more". */
void
sp_list_conditions(const struct sp_emission *emission, const struct sp_policy_call *call,
                   bool (*wanted)(sp_verdict verdict, sp_verdict than), sp_verdict than,
                   const char *mark, const char *lead);

#endif
