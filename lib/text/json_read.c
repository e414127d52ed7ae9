#include "text/json_read.h"

#include "text/fault.h"
#include "text/json_reader.h"

#include <string.h>

/* Indentation is most of the white space there is: eight spaces at a time. */
static void
skip_space(struct sp_json_reader *reader)
{
    static const char spaces[8] = { ' ', ' ', ' ', ' ', ' ', ' ', ' ', ' ' };
    const char *at = reader->at;

    while (at < reader->end && sp_json_is_space(*at)) {
        at++;
        while (reader->end - at >= 8 && memcmp(at, spaces, sizeof spaces) == 0) {
            at += 8;
        }
    }
    reader->at = at;
}

static bool
take(struct sp_json_reader *reader, char byte)
{
    if (reader->at == reader->end || *reader->at != byte) {
        return false;
    }
    reader->at++;
    return true;
}

static bool
is_next(const struct sp_json_reader *reader, char byte)
{
    return reader->at < reader->end && *reader->at == byte;
}

static struct sp_node *
new_node(struct sp_json_reader *reader, enum sp_node_kind kind, struct sp_node *parent)
{
    uint32_t start = sp_json_offset(reader, reader->at);

    if (reader->nodes >= reader->limits->nodes) {
        struct sp_span span = { .start = start, .end = start + 1 };
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
    node->span.start = start;
    node->parent = parent;
    return node;
}

static struct sp_node *
read_value(struct sp_json_reader *reader, struct sp_node *parent,
           enum sp_json_expected expected, uint32_t depth);

/* A child is complete when it gets its place: the tree never shows half a node. */
static void
append(struct sp_node *parent, struct sp_node **last, struct sp_node *child)
{
    child->index = parent->count++;
    *(*last == NULL ? &parent->first : &(*last)->next) = child;
    *last = child;
}

static bool
read_elements(struct sp_json_reader *reader, struct sp_node *array, uint32_t depth)
{
    enum sp_json_expected expected = SP_JSON_FIRST_ELEMENT;
    struct sp_node *last = NULL;

    reader->at++;
    skip_space(reader);
    if (take(reader, ']')) {
        return true;
    }
    for (;;) {
        struct sp_node *element = read_value(reader, array, expected, depth + 1);
        if (element == NULL) {
            return false;
        }
        append(array, &last, element);

        skip_space(reader);
        if (take(reader, ']')) {
            return true;
        }
        if (!take(reader, ',')) {
            return sp_json_fail(reader, SP_JSON_AFTER_ELEMENT);
        }
        skip_space(reader);
        expected = SP_JSON_ELEMENT;
    }
}

/* A key and the ':' behind it. */
static bool
read_key(struct sp_json_reader *reader, enum sp_json_expected expected, struct sp_str *ret_key,
         struct sp_span *ret_span)
{
    if (!is_next(reader, '"')) {
        return sp_json_fail(reader, expected);
    }
    ret_span->start = sp_json_offset(reader, reader->at);
    if (!sp_json_read_string(reader, ret_key)) {
        return false;
    }
    ret_span->end = sp_json_offset(reader, reader->at);

    skip_space(reader);
    if (!take(reader, ':')) {
        return sp_json_fail(reader, SP_JSON_COLON);
    }
    skip_space(reader);
    return true;
}

static bool
read_members(struct sp_json_reader *reader, struct sp_node *object, uint32_t depth)
{
    enum sp_json_expected expected = SP_JSON_FIRST_KEY;
    struct sp_node *last = NULL;

    reader->at++;
    skip_space(reader);
    if (take(reader, '}')) {
        return true;
    }
    for (;;) {
        struct sp_str key;
        struct sp_span key_span;
        if (!read_key(reader, expected, &key, &key_span)) {
            return false;
        }
        struct sp_node *member = read_value(reader, object, SP_JSON_VALUE, depth + 1);
        if (member == NULL) {
            return false;
        }
        member->key = key;
        member->key_span = key_span;
        append(object, &last, member);

        skip_space(reader);
        if (take(reader, '}')) {
            return true;
        }
        if (!take(reader, ',')) {
            return sp_json_fail(reader, SP_JSON_AFTER_MEMBER);
        }
        skip_space(reader);
        expected = SP_JSON_KEY;
    }
}

/* null, true and false; null has no text. */
static bool
read_word(struct sp_json_reader *reader, struct sp_node *node, const char *word,
          enum sp_json_expected expected)
{
    const char *at = reader->at;
    size_t len = strlen(word);

    if ((size_t)(reader->end - at) < len || memcmp(at, word, len) != 0
        || (at + len < reader->end && sp_json_is_word(at[len]))) {
        return sp_json_fail(reader, expected);
    }
    if (node->kind == SP_NODE_BOOL) {
        node->text = (struct sp_str){ .ptr = at, .len = len };
    }
    reader->at = at + len;
    return true;
}

/* What a value is, by its first byte; 0 stands for a byte that begins none. */
enum { IS_NONE, IS_NULL, IS_TRUE, IS_FALSE, IS_NUMBER, IS_STRING, IS_ARRAY, IS_OBJECT };

static const unsigned char beginnings[256] = {
    ['n'] = IS_NULL,   ['t'] = IS_TRUE,   ['f'] = IS_FALSE,  ['"'] = IS_STRING,
    ['['] = IS_ARRAY,  ['{'] = IS_OBJECT, ['-'] = IS_NUMBER, ['0'] = IS_NUMBER,
    ['1'] = IS_NUMBER, ['2'] = IS_NUMBER, ['3'] = IS_NUMBER, ['4'] = IS_NUMBER,
    ['5'] = IS_NUMBER, ['6'] = IS_NUMBER, ['7'] = IS_NUMBER, ['8'] = IS_NUMBER,
    ['9'] = IS_NUMBER,
};

static const enum sp_node_kind kinds[] = {
    [IS_NULL] = SP_NODE_NULL,     [IS_TRUE] = SP_NODE_BOOL,     [IS_FALSE] = SP_NODE_BOOL,
    [IS_NUMBER] = SP_NODE_NUMBER, [IS_STRING] = SP_NODE_STRING, [IS_ARRAY] = SP_NODE_ARRAY,
    [IS_OBJECT] = SP_NODE_OBJECT,
};

static bool
read_content(struct sp_json_reader *reader, struct sp_node *node, unsigned beginning,
             enum sp_json_expected expected, uint32_t depth)
{
    switch (beginning) {
    case IS_STRING:
        return sp_json_read_string(reader, &node->text);
    case IS_NUMBER:
        return sp_json_read_number(reader, &node->text);
    case IS_OBJECT:
        return read_members(reader, node, depth);
    case IS_ARRAY:
        return read_elements(reader, node, depth);
    case IS_NULL:
        return read_word(reader, node, "null", expected);
    case IS_TRUE:
        return read_word(reader, node, "true", expected);
    default:
        return read_word(reader, node, "false", expected);
    }
}

/* `depth` is that of the value when it is an array or an object.  The limit also keeps this
 * recursion shallow. */
static struct sp_node *
read_value(struct sp_json_reader *reader, struct sp_node *parent,
           enum sp_json_expected expected, uint32_t depth)
{
    unsigned beginning =
        reader->at < reader->end ? beginnings[(unsigned char)*reader->at] : (unsigned)IS_NONE;

    if (beginning == IS_NONE) {
        sp_json_fail(reader, expected);
        return NULL;
    }
    if (beginning >= IS_ARRAY && depth > reader->limits->depth) {
        uint32_t start = sp_json_offset(reader, reader->at);
        struct sp_span span = { .start = start, .end = start + 1 };
        sp_fault_depth(reader->source, span, depth, reader->limits, reader->report);
        return NULL;
    }

    struct sp_node *node = new_node(reader, kinds[beginning], parent);
    if (node == NULL) {
        return NULL;
    }
    reader->open = beginning >= IS_ARRAY ? node : parent;
    if (!read_content(reader, node, beginning, expected, depth)) {
        return NULL;
    }
    reader->open = parent;
    node->span.end = sp_json_offset(reader, reader->at);
    return node;
}

bool
sp_json_read(struct sp_arena *arena, const struct sp_source *source,
             const struct sp_doc_limits *limits, struct sp_report *report,
             struct sp_doc *ret_doc)
{
    struct sp_json_reader reader = {
        .arena = arena,
        .source = source,
        .limits = limits,
        .report = report,
        .begin = source->text.ptr,
        .at = source->text.ptr,
    };

    if (!sp_fault_check_text(source, limits, "JSON", report)) {
        return false;
    }
    reader.end = reader.begin + source->text.len;
    skip_space(&reader);
    struct sp_node *root = read_value(&reader, NULL, SP_JSON_ROOT, 1);
    if (root == NULL) {
        return false;
    }
    skip_space(&reader);
    if (reader.at < reader.end) {
        return sp_json_fail(&reader, SP_JSON_END);
    }
    *ret_doc = (struct sp_doc){ .source = source, .root = root };
    return true;
}
