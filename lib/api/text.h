/* Text that is given to the caller of the library, and how it should look. */
#ifndef SP_API_TEXT_H
#define SP_API_TEXT_H

#include "base/buf.h"
#include "report/render.h"

#include <secprof.h>

/* NULL is plain. */
static inline struct sp_style
sp_api_style(const struct secprof_style *style)
{
    if (style == NULL) {
        return (struct sp_style){ .color = false };
    }
    return (struct sp_style){
        .color = style->color,
        .width = style->width,
        .quiet = style->quiet,
        .verbose = style->verbose,
    };
}

/* Gives what was written away and answers `status`; SECPROF_NO_MEMORY, and nothing is given, when not
 * all could be written. */
static inline enum secprof_status
sp_api_give(struct sp_buf *buf, enum secprof_status status, char **ret_text)
{
    size_t size;
    char *text = sp_buf_take(buf, &size);

    if (text == NULL) {
        return SECPROF_NO_MEMORY;
    }
    *ret_text = text;
    return status;
}

#endif
