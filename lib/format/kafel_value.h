/* Values and comparisons of kafel's expressions: lib/format/kafel_*.c alone.
 *
 * A value is a number or (argument & mask) | bits, where no bit is in both: `&` and `|` with
 * numbers give nothing else. */
#ifndef SP_FORMAT_KAFEL_VALUE_H
#define SP_FORMAT_KAFEL_VALUE_H

#include "sem/dd.h"

struct sp_kafel_value {
    bool has_arg;
    bool has_two;   /* more than one argument: no profile can say it */
    unsigned arg;
    bool is_wide;   /* is compared with 64 bits */
    uint64_t mask;
    uint64_t bits;  /* a number: its value */
};

struct sp_kafel_value
sp_kafel_value_number(uint64_t number);

struct sp_kafel_value
sp_kafel_value_arg(unsigned arg, bool is_wide);

struct sp_kafel_value
sp_kafel_value_and(struct sp_kafel_value left, struct sp_kafel_value right);

struct sp_kafel_value
sp_kafel_value_or(struct sp_kafel_value left, struct sp_kafel_value right);

/* A comparison, as kafel's code makes it: with 64 bits where one side is wide or a number of
 * more than 32 bits, else of the lower halves.  False when it looks at two arguments. */
bool
sp_kafel_compare(struct sp_dd_store *store, enum sp_dd_compare op, struct sp_kafel_value left,
                 struct sp_kafel_value right, sp_dd *ret_condition);

#endif
