#include "kb/kbgen.h"

#include <stdlib.h>
#include <string.h>

enum { POOL_SLOTS = 1 << 16 };

static size_t
hash(const char *text)
{
    size_t value = 5381;

    for (; *text != '\0'; text++) {
        value = value * 33 + (unsigned char)*text;
    }
    return value;
}

uint32_t
kbgen_intern(struct kbgen *gen, const char *text)
{
    if (gen->pool_slots == NULL) {
        gen->pool_slot_count = POOL_SLOTS;
        gen->pool_slots = calloc(POOL_SLOTS, sizeof *gen->pool_slots);
        if (gen->pool_slots == NULL) {
            gen->pool.failed = true;
            return 0;
        }
    }
    size_t slot = hash(text) % gen->pool_slot_count;
    while (gen->pool_slots[slot] != 0) {
        uint32_t offset = gen->pool_slots[slot] - 1;
        if (strcmp(gen->pool.data + offset, text) == 0) {
            return offset;
        }
        slot = (slot + 1) % gen->pool_slot_count;
    }

    uint32_t offset = (uint32_t)gen->pool.len;
    gen->pool_slots[slot] = offset + 1;
    sp_buf_text(&gen->pool, text);
    sp_buf_char(&gen->pool, '\0');
    return offset;
}

int
kbgen_find(const char *const *list, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i], name) == 0) {
            return (int)i;
        }
    }
    return -1;
}

static int
compare_names(const void *name, const void *place)
{
    return strcmp(name, *(const char *const *)place);
}

uint16_t
kbgen_call(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *node,
           struct sp_str name)
{
    const char *copy = sp_arena_copy(&gen->arena, name);
    const char **place = copy == NULL ? NULL : bsearch(copy, gen->calls.at, gen->calls.count,
                                                       sizeof *gen->calls.at, compare_names);
    if (place == NULL) {
        kbgen_fail(gen, file, node, "no system call is called '%.*s'", SP_STR_ARG(name));
        return 0;
    }
    return (uint16_t)(place - gen->calls.at);
}

/* A text as pieces of a C string; bytes that C would not keep become octal. */
static void
write_c_text(struct sp_buf *out, const char *text)
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

#define WRITE_LIST(gen, type, name, vec) \
    do { \
        sp_buf_format(&(gen)->out, "const %s %s[] = {", type, name); \
        for (size_t n = 0; n < (vec).count; n++) { \
            sp_buf_format(&(gen)->out, "%s%u,", n % 12 == 0 ? "\n    " : " ", \
                          (unsigned)(vec).at[n]); \
        } \
        sp_buf_text(&(gen)->out, (vec).count == 0 ? " 0 };\n\n" : "\n};\n\n"); \
    } while (0)

void
kbgen_write_pool(struct kbgen *gen)
{
    WRITE_LIST(gen, "sp_text", "sp_kb_texts", gen->texts);
    WRITE_LIST(gen, "uint16_t", "sp_kb_indices", gen->indices);
    sp_buf_format(&gen->out, "const char sp_kb_date[] = \"%s\";\n\n", gen->date);
    sp_buf_text(&gen->out, "const char sp_kb_pool[] =");
    for (size_t at = 0; at < gen->pool.len; at += strlen(gen->pool.data + at) + 1) {
        sp_buf_text(&gen->out, "\n    \"");
        write_c_text(&gen->out, gen->pool.data + at);
        sp_buf_text(&gen->out, "\\0\"");
    }
    sp_buf_text(&gen->out, ";\n");
}
