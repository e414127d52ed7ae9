#include "text/yaml_write.h"

#include "text/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

/* U+FFFD, for what is no UTF-8. */
#define REPLACEMENT "\xef\xbf\xbd"

struct sp_yaml {
    yaml_emitter_t emitter;
    struct sp_buf *out;
};

static int
append(void *user, unsigned char *bytes, size_t size)
{
    struct sp_buf *out = user;

    sp_buf_add(out, (struct sp_str){ .ptr = (const char *)bytes, .len = size });
    return !out->failed;
}

/* `made` says whether the event could be made; the emitter frees it whatever happens. */
static void
emit(struct sp_yaml *yaml, yaml_event_t *event, int made)
{
    if (!made || !yaml_emitter_emit(&yaml->emitter, event)) {
        yaml->out->failed = true;
    }
}

static bool
is_lost(const struct sp_yaml *yaml)
{
    return yaml == NULL || yaml->out->failed;
}

/* ---- begin and end --------------------------------------------------------------------- */

static void
begin(struct sp_yaml *yaml)
{
    yaml_event_t event;

    emit(yaml, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
    if (!is_lost(yaml)) {
        emit(yaml, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
    }
    sp_yaml_open(yaml, NULL, SP_NODE_OBJECT);
}

struct sp_yaml *
sp_yaml_new(struct sp_buf *out)
{
    enum { INDENT = 2, WIDTH = 96 };
    struct sp_yaml *yaml = out->failed ? NULL : calloc(1, sizeof *yaml);

    if (yaml == NULL || !yaml_emitter_initialize(&yaml->emitter)) {
        free(yaml);
        out->failed = true;
        return NULL;
    }
    yaml->out = out;
    yaml_emitter_set_output(&yaml->emitter, append, out);
    yaml_emitter_set_indent(&yaml->emitter, INDENT);
    yaml_emitter_set_width(&yaml->emitter, WIDTH);
    yaml_emitter_set_unicode(&yaml->emitter, 1);
    begin(yaml);
    return yaml;
}

void
sp_yaml_end(struct sp_yaml *yaml)
{
    yaml_event_t event;

    if (yaml == NULL) {
        return;
    }
    sp_yaml_close(yaml, SP_NODE_OBJECT);
    if (!is_lost(yaml)) {
        emit(yaml, &event, yaml_document_end_event_initialize(&event, 1));
    }
    if (!is_lost(yaml)) {
        emit(yaml, &event, yaml_stream_end_event_initialize(&event));
    }
    yaml_emitter_delete(&yaml->emitter);
    free(yaml);
}

/* ---- scalars --------------------------------------------------------------------------- */

/* What some reader of YAML takes for something else than a word. */
static bool
is_reserved(struct sp_str text)
{
    static const char *const reserved[] = { "null", "true", "false", "yes", "no", "on", "off",
                                            "y", "n" };

    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++) {
        if (sp_str_equal_folded(text, sp_str_of(reserved[i]))) {
            return true;
        }
    }
    return false;
}

static bool
is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

static bool
is_word(struct sp_str text)
{
    if (text.len == 0 || (!is_letter(text.ptr[0]) && text.ptr[0] != '/') || is_reserved(text)) {
        return false;
    }
    for (size_t i = 1; i < text.len; i++) {
        char byte = text.ptr[i];
        if (!is_letter(byte) && !(byte >= '0' && byte <= '9') && byte != '.' && byte != '-'
            && byte != '/') {
            return false;
        }
    }
    return true;
}

static void
emit_scalar(struct sp_yaml *yaml, struct sp_str text, yaml_scalar_style_t style)
{
    yaml_event_t event;

    emit(yaml, &event,
         yaml_scalar_event_initialize(&event, NULL, NULL, (const yaml_char_t *)text.ptr,
                                      (int)text.len, 1, 1, style));
}

/* libyaml refuses what is no UTF-8. */
static void
emit_repaired(struct sp_yaml *yaml, struct sp_str text)
{
    SP_BUF(repaired);

    while (text.len > 0) {
        size_t good = sp_utf8_check(text);
        sp_buf_add(&repaired, sp_str_slice(text, 0, good));
        if (good < text.len) {
            sp_buf_text(&repaired, REPLACEMENT);
            good++;
        }
        text = sp_str_slice(text, good, text.len);
    }
    if (repaired.failed) {
        yaml->out->failed = true;
    } else {
        emit_scalar(yaml, sp_buf_view(&repaired), YAML_DOUBLE_QUOTED_SCALAR_STYLE);
    }
}

static void
write_key(struct sp_yaml *yaml, const char *key)
{
    if (key != NULL) {
        emit_scalar(yaml, sp_str_of(key), YAML_PLAIN_SCALAR_STYLE);
    }
}

void
sp_yaml_text(struct sp_yaml *yaml, const char *key, struct sp_str text)
{
    if (!is_lost(yaml)) {
        write_key(yaml, key);
    }
    if (is_lost(yaml)) {
        return;
    }
    if (sp_utf8_check(text) < text.len) {
        emit_repaired(yaml, text);
    } else {
        emit_scalar(yaml, text.len > 0 ? text : SP_STR(""),
                    is_word(text) ? YAML_PLAIN_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE);
    }
}

void
sp_yaml_u64(struct sp_yaml *yaml, const char *key, uint64_t value)
{
    char text[sizeof "18446744073709551615"];

    if (!is_lost(yaml)) {
        write_key(yaml, key);
    }
    if (!is_lost(yaml)) {
        snprintf(text, sizeof text, "%" PRIu64, value);
        emit_scalar(yaml, sp_str_of(text), YAML_PLAIN_SCALAR_STYLE);
    }
}

/* ---- objects and arrays ---------------------------------------------------------------- */

void
sp_yaml_open(struct sp_yaml *yaml, const char *key, enum sp_node_kind kind)
{
    yaml_event_t event;

    if (!is_lost(yaml)) {
        write_key(yaml, key);
    }
    if (is_lost(yaml)) {
        return;
    }
    if (kind == SP_NODE_OBJECT) {
        emit(yaml, &event, yaml_mapping_start_event_initialize(&event, NULL, NULL, 1,
                                                               YAML_BLOCK_MAPPING_STYLE));
    } else {
        emit(yaml, &event, yaml_sequence_start_event_initialize(&event, NULL, NULL, 1,
                                                                YAML_BLOCK_SEQUENCE_STYLE));
    }
}

void
sp_yaml_close(struct sp_yaml *yaml, enum sp_node_kind kind)
{
    yaml_event_t event;

    if (is_lost(yaml)) {
        return;
    }
    emit(yaml, &event, kind == SP_NODE_OBJECT ? yaml_mapping_end_event_initialize(&event)
                                              : yaml_sequence_end_event_initialize(&event));
}
