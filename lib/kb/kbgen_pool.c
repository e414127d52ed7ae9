/* Texts and lists, each kept once. */
#include "kb/kbgen.h"

#include <inttypes.h>
#include <string.h>

enum { POOL_SLOTS = 1 << 16 };  /* some eight times as many as there are texts */

static size_t
hash(const char *text)
{
    size_t value = 5381;

    for (; *text != '\0'; text++) {
        value = value * 33 + (unsigned char)*text;
    }
    return value;
}

static uint32_t
add_text(struct kbgen *gen, const char *text)
{
    uint32_t offset = (uint32_t)gen->pool.len;

    sp_buf_text(&gen->pool, text);
    sp_buf_char(&gen->pool, '\0');
    return offset;
}

uint32_t
kbgen_intern(struct kbgen *gen, const char *text)
{
    if (gen->pool_slots == NULL) {
        gen->pool_slots = sp_arena_new_array(&gen->arena, POOL_SLOTS, uint32_t);
    }
    if (gen->pool_slots == NULL || text == NULL || gen->pool.failed) {
        return 0;
    }
    size_t slot = hash(text) % POOL_SLOTS;
    for (size_t probes = 0; probes < POOL_SLOTS; probes++) {
        uint32_t *place = &gen->pool_slots[(slot + probes) % POOL_SLOTS];
        if (*place == 0) {
            *place = add_text(gen, text) + 1;
            return *place - 1;
        }
        if (strcmp(gen->pool.data + *place - 1, text) == 0) {
            return *place - 1;
        }
    }
    gen->pool.failed = true;  /* full: POOL_SLOTS is too small */
    return 0;
}

/* ---- lists --------------------------------------------------------------------------- */

void
kbgen_add(struct kbgen *gen, struct kbgen_list *list, size_t value)
{
    uint32_t *place = sp_vec_push(&gen->arena, &list->values);

    if (place != NULL) {
        *place = (uint32_t)value;
    }
}

struct kbgen_range
kbgen_put(struct kbgen *gen, struct kbgen_lists *lists, const struct kbgen_list *list)
{
    struct kbgen_list *all = &lists->all;
    struct kbgen_range range = { .first = all->values.count, .count = list->values.count };

    if (range.count == 0) {
        return (struct kbgen_range){ .first = 0 };
    }
    for (size_t i = 0; i < lists->ranges.count; i++) {
        struct kbgen_range known = lists->ranges.at[i];
        if (known.count == range.count
            && memcmp(all->values.at + known.first, list->values.at,
                      range.count * sizeof *list->values.at) == 0) {
            return known;
        }
    }
    for (size_t i = 0; i < range.count; i++) {
        kbgen_add(gen, all, list->values.at[i]);
    }
    struct kbgen_range *place = sp_vec_push(&gen->arena, &lists->ranges);
    if (place != NULL && !gen->arena.failed) {
        *place = range;
    }
    return range;
}

/* ---- as C ---------------------------------------------------------------------------- */

void
kbgen_print_list(struct sp_buf *out, const char *type, const char *name,
                 const struct kbgen_list *list)
{
    sp_buf_format(out, "const %s %s[] = {", type, name);
    for (size_t i = 0; i < list->values.count; i++) {
        sp_buf_format(out, "%s%" PRIu32 ",", i % 12 == 0 ? "\n    " : " ", list->values.at[i]);
    }
    sp_buf_text(out, list->values.count == 0 ? " 0 };\n\n" : "\n};\n\n");
}

/* The inside of a C string; bytes that C would not keep become octal. */
static void
print_c_text(struct sp_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        unsigned char byte = (unsigned char)*text;
        if (byte == '"' || byte == '\\' || byte == '?') {
            sp_buf_format(out, "\\%c", byte);
        } else if (byte < 0x20 || byte > 0x7e) {
            sp_buf_format(out, "\\%03o", byte);
        } else {
            sp_buf_char(out, (char)byte);
        }
    }
}

void
kbgen_print_pool(struct kbgen *gen, struct sp_buf *out)
{
    kbgen_print_list(out, "sp_text", "sp_kb_texts", &gen->texts.all);
    kbgen_print_list(out, "uint16_t", "sp_kb_indices", &gen->indices.all);
    sp_buf_format(out, "const char sp_kb_date[] = \"%s\";\n\n", gen->date);
    sp_buf_text(out, "const char sp_kb_pool[] =");
    for (size_t at = 0; at < gen->pool.len; at += strlen(gen->pool.data + at) + 1) {
        sp_buf_text(out, "\n    \"");
        print_c_text(out, gen->pool.data + at);
        sp_buf_text(out, "\\0\"");
    }
    sp_buf_text(out, ";\n");
}
