/* Faults that both readers know, inside the text floor.
 *
 * Functions that report answer false, so that a reader may say `return sp_fault_...`. */
#ifndef SP_TEXT_FAULT_H
#define SP_TEXT_FAULT_H

#include "text/doc.h"
#include "text/report.h"

/* True when the text is small enough, is not UTF-16 or UTF-32, and holds more than white space;
 * else it has been reported. `language` ("JSON") is what the text should have been. */
bool
sp_fault_check_text(const struct sp_source *source, const struct sp_doc_limits *limits,
                    const char *language, struct sp_report *report);

/* Arrays and objects stand `depth` deep, which is too deep. */
bool
sp_fault_depth(const struct sp_source *source, struct sp_span span, uint32_t depth,
               const struct sp_doc_limits *limits, struct sp_report *report);

/* The value at the span is one too many. */
bool
sp_fault_nodes(const struct sp_source *source, struct sp_span span,
               const struct sp_doc_limits *limits, struct sp_report *report);

/* Bytes that are no UTF-8, from `offset` on. */
bool
sp_fault_utf8(const struct sp_source *source, uint32_t offset, struct sp_report *report);

#endif
