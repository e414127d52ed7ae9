/* What a YAML scalar is by its look (the core schema) and by its tag, inside the text floor. */
#ifndef SP_TEXT_YAML_SCALAR_H
#define SP_TEXT_YAML_SCALAR_H

#include "text/doc.h"

/* Why a value is refused. */
struct sp_yaml_refusal {
    const char *message;
    const char *help;
};

extern const struct sp_yaml_refusal sp_yaml_bad_tag;

/* The kind of a scalar; `tag` may be empty, `is_plain` means without quotes.  NULL when all is
 * well. */
const struct sp_yaml_refusal *
sp_yaml_resolve(struct sp_str text, struct sp_str tag, bool is_plain,
                enum sp_node_kind *ret_kind);

/* Of a boolean. */
bool
sp_yaml_is_true(struct sp_str text);

/* True when a value of this kind may have this tag; `text` is a number's. */
bool
sp_yaml_tag_fits(struct sp_str tag, enum sp_node_kind kind, struct sp_str text);

#endif
