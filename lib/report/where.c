#include "report/where.h"

#include "report/glyph.h"

static const struct sp_source *
add_source(struct sp_atlas *atlas, const struct sp_source *source)
{
    struct sp_source *copy = sp_arena_new(atlas->arena, struct sp_source);

    if (copy == NULL) {
        return NULL;
    }
    *copy = *source;
    if (!sp_source_index(atlas->arena, copy)) {
        return NULL;
    }
    struct sp_atlas_entry *entry = sp_vec_push(atlas->arena, &atlas->entries);
    if (entry == NULL) {
        return NULL;
    }
    *entry = (struct sp_atlas_entry){ .source = source, .indexed = copy };
    return copy;
}

static const struct sp_source *
indexed(struct sp_atlas *atlas, const struct sp_source *source)
{
    if (source == NULL || source->lines != NULL) {
        return source;
    }
    for (size_t i = 0; i < atlas->entries.count; i++) {
        if (atlas->entries.at[i].source == source) {
            return atlas->entries.at[i].indexed;
        }
    }
    return add_source(atlas, source);
}

struct sp_where
sp_where_is(struct sp_atlas *atlas, const struct sp_place *place)
{
    const struct sp_source *source = indexed(atlas, place->source);

    if (source == NULL) {
        return (struct sp_where){ .source = NULL };
    }
    return (struct sp_where){
        .source = source,
        .start = sp_source_position(source, place->span.start),
        .end = sp_source_position(source, place->span.end),
    };
}

void
sp_where_add(struct sp_buf *out, const char *path, const struct sp_where *where)
{
    sp_glyph_add(out, sp_str_of(path));
    if (where->source != NULL) {
        sp_buf_format(out, ":%u:%u", where->start.line, where->start.column);
    }
}
