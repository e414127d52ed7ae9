#include "text/yaml_read.h"

#include "text/fault.h"
#include "text/json_read.h"
#include "text/utf8.h"
#include "text/yaml_fault.h"
#include "text/yaml_scalar.h"

#include <string.h>
#include <yaml.h>

struct reader {
    struct sp_arena *arena;
    const struct sp_source *source;
    const struct sp_doc_limits *limits;
    struct sp_report *report;
    yaml_parser_t parser;
    yaml_event_t event;
    size_t base;  /* the bytes of a byte order mark */
    struct sp_utf8_cursor cursor;  /* index 0 is behind it */
    uint32_t nodes;
};

/* libyaml's marks count characters.  They follow each other closely, so that walking from the
 * last one is cheap. */
static uint32_t
offset_of(struct reader *reader, yaml_mark_t mark)
{
    return (uint32_t)sp_utf8_seek(reader->source->text, &reader->cursor, mark.index);
}

static struct sp_span
event_span(struct reader *reader)
{
    uint32_t start = offset_of(reader, reader->event.start_mark);

    return (struct sp_span){ .start = start, .end = offset_of(reader, reader->event.end_mark) };
}

static struct sp_place
event_place(struct reader *reader)
{
    struct sp_span span = event_span(reader);

    return sp_at_span(reader->source, span.start, span.end);
}

static bool
fail(struct reader *reader, const char *message, const char *help)
{
    struct sp_diag *diag =
        sp_report_add(reader->report, SP_CODE_SYNTAX, event_place(reader), "%s", message);

    sp_report_help(reader->report, diag, "%s", help);
    return false;
}

/* What libyaml has to say about a text that is no YAML. */
static bool
fail_parse(struct reader *reader)
{
    const yaml_parser_t *parser = &reader->parser;
    struct sp_yaml_problem problem = { .problem = parser->problem };

    if (parser->error == YAML_READER_ERROR) {
        problem.at = (uint32_t)(parser->problem_offset + reader->base);
    } else if (parser->error == YAML_SCANNER_ERROR || parser->error == YAML_PARSER_ERROR) {
        problem.at = offset_of(reader, parser->problem_mark);
        problem.has_context = parser->context != NULL;
        problem.context_at = offset_of(reader, parser->context_mark);
    } else {
        reader->report->failed = true;
        return false;
    }
    return sp_yaml_fault(reader->source, &problem, reader->report);
}

static bool
next_event(struct reader *reader)
{
    yaml_event_delete(&reader->event);
    return yaml_parser_parse(&reader->parser, &reader->event) != 0 || fail_parse(reader);
}

static struct sp_str
scalar_text(const yaml_event_t *event)
{
    return (struct sp_str){
        .ptr = (const char *)event->data.scalar.value,
        .len = event->data.scalar.length,
    };
}

/* A copy of `text` that ends in NUL. */
static bool
keep(struct reader *reader, struct sp_str text, struct sp_str *ret_copy)
{
    const char *copy = sp_arena_copy(reader->arena, text);

    if (copy == NULL) {
        reader->report->failed = true;
        return false;
    }
    *ret_copy = (struct sp_str){ .ptr = copy, .len = text.len };
    return true;
}

static bool
refuse_anchor(struct reader *reader, const yaml_char_t *anchor)
{
    return anchor == NULL
        || fail(reader, "anchors (`&name`) are not supported",
                "write the value out where it is used");
}

static struct sp_node *
new_node(struct reader *reader, enum sp_node_kind kind)
{
    struct sp_span span = event_span(reader);

    if (reader->nodes >= reader->limits->nodes) {
        sp_fault_nodes(reader->source, span, reader->limits, reader->report);
        return NULL;
    }
    struct sp_node *node = sp_arena_new(reader->arena, struct sp_node);
    if (node == NULL) {
        reader->report->failed = true;
        return NULL;
    }
    reader->nodes++;
    node->kind = kind;
    node->span = span;
    return node;
}

static bool
resolve(struct reader *reader, enum sp_node_kind *ret_kind)
{
    const yaml_event_t *event = &reader->event;
    bool is_plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    struct sp_str tag = sp_str_of((const char *)event->data.scalar.tag);
    const struct sp_yaml_refusal *refusal =
        sp_yaml_resolve(scalar_text(event), tag, is_plain, ret_kind);

    return refusal == NULL || fail(reader, refusal->message, refusal->help);
}

static struct sp_node *
read_scalar(struct reader *reader)
{
    struct sp_str text = scalar_text(&reader->event);
    enum sp_node_kind kind = SP_NODE_STRING;

    if (!refuse_anchor(reader, reader->event.data.scalar.anchor) || !resolve(reader, &kind)) {
        return NULL;
    }
    struct sp_node *node = new_node(reader, kind);
    if (node == NULL) {
        return NULL;
    }

    /* The end of a block scalar is where the next token begins. */
    struct sp_str slice = sp_str_trim(sp_source_slice(reader->source, node->span));
    node->span.end = node->span.start + (uint32_t)slice.len;
    if (kind == SP_NODE_BOOL) {
        node->text = sp_yaml_is_true(text) ? SP_STR("true") : SP_STR("false");
    } else if (kind != SP_NODE_NULL && !keep(reader, text, &node->text)) {
        return NULL;
    }
    return node;
}

/* A member's key, before the member is there. */
struct key {
    struct sp_str text;
    struct sp_span span;
};

static bool
read_key(struct reader *reader, struct key *ret_key)
{
    const yaml_event_t *event = &reader->event;

    if (event->type == YAML_ALIAS_EVENT) {
        return fail(reader, "aliases (`*name`) are not supported", "write the key out");
    }
    if (event->type != YAML_SCALAR_EVENT) {
        return fail(reader, "a key must be a word or a string, not a list or a mapping",
                    "put a value in quotes; \"{{\" comes from a template that was not filled in");
    }
    if (!refuse_anchor(reader, event->data.scalar.anchor)) {
        return false;
    }
    if (event->data.scalar.tag != NULL) {
        return fail(reader, "tags are not supported in keys", "remove the tag");
    }
    if (event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE
        && sp_str_is(scalar_text(event), "<<")) {
        return fail(reader, "merge keys (`<<`) are not supported", "write the members out");
    }
    ret_key->span = event_span(reader);
    return keep(reader, scalar_text(event), &ret_key->text);
}

static struct sp_node *
read_node(struct reader *reader, uint32_t depth);

static bool
ends(const yaml_event_t *event)
{
    return event->type == YAML_SEQUENCE_END_EVENT || event->type == YAML_MAPPING_END_EVENT;
}

/* Flow style ends with a bracket; the end of block style is an event without width, somewhere
 * before the next token. */
static void
set_end(struct reader *reader, struct sp_node *node, const struct sp_node *last)
{
    struct sp_span span = event_span(reader);

    if (span.end > span.start) {
        node->span.end = span.end;
    } else if (last != NULL) {
        node->span.end = last->span.end;
    }
}

static bool
read_children(struct reader *reader, struct sp_node *node, uint32_t depth)
{
    struct sp_node *last = NULL;

    while (next_event(reader)) {
        struct key key = { .text = { .ptr = NULL } };

        if (ends(&reader->event)) {
            set_end(reader, node, last);
            return true;
        }
        if (node->kind == SP_NODE_OBJECT && !(read_key(reader, &key) && next_event(reader))) {
            return false;
        }
        struct sp_node *child = read_node(reader, depth + 1);
        if (child == NULL) {
            return false;
        }
        child->parent = node;
        child->index = node->count++;
        child->key = key.text;
        child->key_span = key.span;
        *(last == NULL ? &node->first : &last->next) = child;
        last = child;
    }
    return false;
}

static struct sp_node *
read_container(struct reader *reader, enum sp_node_kind kind, const yaml_char_t *anchor,
               const yaml_char_t *tag, uint32_t depth)
{
    struct sp_str tag_text = sp_str_of((const char *)tag);

    if (!refuse_anchor(reader, anchor)) {
        return NULL;
    }
    if (tag_text.len > 0 && !sp_yaml_tag_fits(tag_text, kind, SP_STR(""))) {
        fail(reader, sp_yaml_bad_tag.message, sp_yaml_bad_tag.help);
        return NULL;
    }
    if (depth > reader->limits->depth) {
        sp_fault_depth(reader->source, event_span(reader), depth, reader->limits,
                       reader->report);
        return NULL;
    }
    struct sp_node *node = new_node(reader, kind);
    return node != NULL && read_children(reader, node, depth) ? node : NULL;
}

/* The value that begins with the present event; afterwards the present event is its last. */
static struct sp_node *
read_node(struct reader *reader, uint32_t depth)
{
    const yaml_event_t *event = &reader->event;

    if (event->type == YAML_SCALAR_EVENT) {
        return read_scalar(reader);
    }
    if (event->type == YAML_SEQUENCE_START_EVENT) {
        return read_container(reader, SP_NODE_ARRAY, event->data.sequence_start.anchor,
                              event->data.sequence_start.tag, depth);
    }
    if (event->type == YAML_MAPPING_START_EVENT) {
        return read_container(reader, SP_NODE_OBJECT, event->data.mapping_start.anchor,
                              event->data.mapping_start.tag, depth);
    }
    fail(reader, "aliases (`*name`) are not supported", "write the value out");
    return NULL;
}

static bool
is_empty_scalar(const yaml_event_t *event)
{
    return event->type == YAML_SCALAR_EVENT && event->data.scalar.length == 0
        && event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE
        && event->data.scalar.tag == NULL && event->data.scalar.anchor == NULL;
}

/* A `---` at the end, with nothing behind it, is common and harmless. */
static bool
read_end(struct reader *reader)
{
    while (next_event(reader)) {
        if (reader->event.type == YAML_STREAM_END_EVENT) {
            return true;
        }
        if (reader->event.type == YAML_DOCUMENT_START_EVENT) {
            struct sp_place place = event_place(reader);
            if (!next_event(reader)) {
                return false;
            }
            if (!is_empty_scalar(&reader->event)) {
                struct sp_diag *diag = sp_report_add(reader->report, SP_CODE_SYNTAX, place,
                                                     "a second document begins here");
                sp_report_help(reader->report, diag,
                               "put each document into a file of its own");
                return false;
            }
        }
    }
    return false;
}

static struct sp_node *
read_stream(struct reader *reader)
{
    if (!next_event(reader) || !next_event(reader)) {
        return NULL;
    }
    if (reader->event.type == YAML_STREAM_END_EVENT) {
        fail(reader, "the text holds nothing but comments", "write the document");
        return NULL;
    }
    struct sp_node *root = next_event(reader) ? read_node(reader, 1) : NULL;
    return root != NULL && read_end(reader) ? root : NULL;
}

bool
sp_yaml_read(struct sp_arena *arena, const struct sp_source *source,
             const struct sp_doc_limits *limits, struct sp_report *report,
             struct sp_doc *ret_doc)
{
    struct reader reader = {
        .arena = arena, .source = source, .limits = limits, .report = report,
    };
    struct sp_str text = source->text;

    if (!sp_fault_check_text(source, limits, "YAML", report)) {
        return false;
    }
    size_t wrong = sp_utf8_check(text);
    if (wrong < text.len) {
        return sp_fault_utf8(source, (uint32_t)wrong, report);
    }
    if (!yaml_parser_initialize(&reader.parser)) {
        report->failed = true;
        return false;
    }

    reader.base = sp_str_has_prefix(text, SP_UTF8_BOM) ? strlen(SP_UTF8_BOM) : 0;
    reader.cursor.offset = reader.base;
    yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&reader.parser,
                                 (const unsigned char *)text.ptr + reader.base,
                                 text.len - reader.base);
    struct sp_node *root = read_stream(&reader);
    yaml_event_delete(&reader.event);
    yaml_parser_delete(&reader.parser);
    if (root == NULL) {
        return false;
    }
    *ret_doc = (struct sp_doc){ .source = source, .root = root };
    return true;
}
