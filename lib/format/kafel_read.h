/* Kafel's policy language, as nsjail takes it.
 *
 *     #define STDOUT 1
 *     POLICY web {
 *       ALLOW { read, write { fd == STDOUT || fd == 2 }, SYSCALL[318] },
 *       ERRNO(38) { clone3 }
 *     }
 *     USE web DEFAULT KILL
 *
 * What kafel makes of a text: the rules that stand at file scope, or that a USE there takes
 * in, in their order; the first one for a call whose expression holds decides; without a
 * DEFAULT all others are killed.  Numbers, and the names that `ON` asks for, are those of
 * the architecture that this library was built for, which is what kafel does, too; but a
 * constant that is named as a call and has that call's number on some architecture is that
 * call.
 *
 * Arguments that a rule declares are compared with all 64 bits, as kafel does.  Those that
 * it does not declare have the names and widths of the kernel's own prototypes, as in
 * kafel's tables.
 *
 * Refused, with the reason: included files, which this text does not hold; comparisons of
 * two arguments, and numbers that are no call, which no profile can say; TRAP with a number. */
#ifndef SP_FORMAT_KAFEL_READ_H
#define SP_FORMAT_KAFEL_READ_H

#include "text/doc.h"
#include "text/report.h"

/* As sp_json_read. */
bool
sp_kafel_read(struct sp_arena *arena, const struct sp_source *source,
              const struct sp_doc_limits *limits, struct sp_report *report,
              struct sp_doc *ret_doc);

#endif
