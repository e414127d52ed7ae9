/* Would an engine take this profile, and does the filter that it makes mean what the rules say?
 *
 * The linter's errors, and beyond them: whole filters are built as a runtime builds them, and every
 * call that the profile names is compared with what the model says of it. */
#ifndef SP_LINT_VALIDATE_H
#define SP_LINT_VALIDATE_H

#include "lint/lint.h"

/* What validation found out beside findings; for the line about a valid file. */
struct sp_validity {
    bool was_read;               /* false: the form kept the rest from being asked */
    bool starts;                 /* under a filter, in every environment looked at */
    size_t environments;
    size_t filters;              /* that were built and compared */
    size_t undecided;            /* calls that could not be compared */
    size_t instructions;         /* of the largest filter */
    const struct sp_kb_arch *host;  /* whose filter that is */
    unsigned arches;             /* ABIs in it */
};

/* As sp_lint_source. */
bool
sp_validate_source(struct sp_arena *arena, const struct sp_source *source,
                   struct sp_lint_reading reading, const struct sp_target *target,
                   struct sp_report *report, struct sp_validity *ret_validity);

/* As sp_lint_member. */
bool
sp_validate_member(struct sp_arena *arena, const struct sp_source *source,
                   struct sp_lint_reading reading, const struct sp_target *target,
                   struct sp_report *report, const char **ret_other,
                   struct sp_validity *ret_validity);

/* Leaves the errors of a report.  With `is_strict` what engines pass over in silence (unknown keys and
 * names) is an error, too. */
void
sp_validate_keep_errors(struct sp_report *report, bool is_strict);

#endif
