#include "format/defaults_write_work.h"

#include <stdio.h>

void
sp_default_write_object(struct sp_default_writer *writer,
                        const struct sp_default_member *members, const uint8_t *list)
{
    sp_layout_open(&writer->layout, NULL, '{');
    for (; *list != SP_DEFAULT_END; list++) {
        struct sp_default_member member = members[*list & ~SP_DEFAULT_KEPT];
        member.keeps_empty = (*list & SP_DEFAULT_KEPT) != 0;
        member.write(writer, &member);
    }
    sp_layout_close(&writer->layout, '}');
}

void
sp_default_write_prefixed(struct sp_default_writer *writer, const char *key, const char *prefix,
                          sp_text word)
{
    char text[64];

    snprintf(text, sizeof text, "%s%s", prefix, sp_kb_text(word));
    sp_layout_string(&writer->layout, key, text);
}

void
sp_default_write_error(struct sp_default_writer *writer, const char *key, uint16_t error)
{
    if (error != 0) {
        sp_layout_u64(&writer->layout, key, error);
    }
}

void
sp_default_write_error_name(struct sp_default_writer *writer, const char *key, uint16_t error)
{
    const struct sp_kb_errno *row = error == 0 ? NULL : sp_kb_errno_by_number(error);

    if (row != NULL) {
        sp_layout_string(&writer->layout, key, sp_kb_text(row->name));
    }
}

void
sp_default_write_texts(struct sp_default_writer *writer, const char *key,
                       struct sp_kb_range texts)
{
    if (texts.count == 0) {
        return;
    }
    sp_layout_open(&writer->layout, key, '[');
    for (size_t i = 0; i < texts.count; i++) {
        sp_layout_string(&writer->layout, NULL, sp_kb_text(sp_kb_texts[texts.first + i]));
    }
    sp_layout_close(&writer->layout, ']');
}

void
sp_default_write_arches(struct sp_default_writer *writer, const char *key,
                        struct sp_kb_range arches)
{
    sp_layout_open(&writer->layout, key, '[');
    for (size_t i = 0; i < arches.count; i++) {
        uint16_t arch = sp_kb_indices[arches.first + i];
        sp_layout_string(&writer->layout, NULL, sp_kb_text(sp_kb_arches[arch].token));
    }
    sp_layout_close(&writer->layout, ']');
}
