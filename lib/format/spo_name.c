#include "format/spo_write_work.h"

#include <string.h>

bool
sp_spo_is_name_byte(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
}

char
sp_spo_lowered(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

/* The last part of a path, without the ending of a profile's file. */
static struct sp_str
stem_of(const char *name)
{
    static const char *const endings[] = { ".json", ".yaml", ".yml", ".policy", ".bpf" };
    const char *slash = strrchr(name, '/');
    struct sp_str stem = sp_str_of(slash == NULL ? name : slash + 1);

    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        if (sp_str_has_suffix(stem, endings[i])) {
            return sp_str_slice(stem, 0, stem.len - strlen(endings[i]));
        }
    }
    return stem;
}

void
sp_spo_write_name(const char *name, struct sp_buf *out)
{
    enum { LONGEST = 63 };
    struct sp_str stem = stem_of(name);
    char text[LONGEST + 1];
    size_t len = 0;

    for (size_t i = 0; i < stem.len && len < LONGEST; i++) {
        char byte = sp_spo_lowered(stem.ptr[i]);
        if (sp_spo_is_name_byte(byte)) {
            text[len++] = byte;
        } else if (len > 0 && sp_spo_is_name_byte(text[len - 1])) {
            text[len++] = byte == '.' ? '.' : '-';
        } else if (len > 0) {
            text[len - 1] = '-';
        }
    }
    while (len > 0 && !sp_spo_is_name_byte(text[len - 1])) {
        len--;
    }
    text[len] = '\0';
    sp_buf_text(out, len > 0 ? text : "profile");
}
