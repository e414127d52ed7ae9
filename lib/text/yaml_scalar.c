#include "text/yaml_scalar.h"

/* YAML 1.2.2, section 10.3.2. */
static const struct word {
    const char *text;
    enum sp_node_kind kind;
    bool is_true;
} words[] = {
    { .text = "", .kind = SP_NODE_NULL },
    { .text = "~", .kind = SP_NODE_NULL },
    { .text = "null", .kind = SP_NODE_NULL },
    { .text = "Null", .kind = SP_NODE_NULL },
    { .text = "NULL", .kind = SP_NODE_NULL },
    { .text = "true", .kind = SP_NODE_BOOL, .is_true = true },
    { .text = "True", .kind = SP_NODE_BOOL, .is_true = true },
    { .text = "TRUE", .kind = SP_NODE_BOOL, .is_true = true },
    { .text = "false", .kind = SP_NODE_BOOL },
    { .text = "False", .kind = SP_NODE_BOOL },
    { .text = "FALSE", .kind = SP_NODE_BOOL },
    { .text = ".nan", .kind = SP_NODE_NUMBER },
    { .text = ".NaN", .kind = SP_NODE_NUMBER },
    { .text = ".NAN", .kind = SP_NODE_NUMBER },
    { .text = ".inf", .kind = SP_NODE_NUMBER },
    { .text = ".Inf", .kind = SP_NODE_NUMBER },
    { .text = ".INF", .kind = SP_NODE_NUMBER },
    { .text = "+.inf", .kind = SP_NODE_NUMBER },
    { .text = "+.Inf", .kind = SP_NODE_NUMBER },
    { .text = "+.INF", .kind = SP_NODE_NUMBER },
    { .text = "-.inf", .kind = SP_NODE_NUMBER },
    { .text = "-.Inf", .kind = SP_NODE_NUMBER },
    { .text = "-.INF", .kind = SP_NODE_NUMBER },
};

static const struct word *
find_word(struct sp_str text)
{
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (sp_str_is(text, words[i].text)) {
            return &words[i];
        }
    }
    return NULL;
}

static bool
is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool
is_octal_digit(char byte)
{
    return byte >= '0' && byte <= '7';
}

static bool
is_hex_digit(char byte)
{
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

/* Takes the digits at the start of `rest`; false when there are none. */
static bool
take_digits(struct sp_str *rest, bool (*is_one)(char byte))
{
    size_t count = 0;

    while (count < rest->len && is_one(rest->ptr[count])) {
        count++;
    }
    *rest = sp_str_slice(*rest, count, rest->len);
    return count > 0;
}

static bool
take_byte(struct sp_str *rest, char first, char second)
{
    if (rest->len == 0 || (rest->ptr[0] != first && rest->ptr[0] != second)) {
        return false;
    }
    *rest = sp_str_slice(*rest, 1, rest->len);
    return true;
}

/* [-+]? ( \.[0-9]+ | [0-9]+ (\.[0-9]*)? ) ([eE][-+]?[0-9]+)? */
static bool
is_decimal(struct sp_str rest)
{
    (void)take_byte(&rest, '-', '+');
    bool whole = take_digits(&rest, is_digit);
    bool fraction = take_byte(&rest, '.', '.') && take_digits(&rest, is_digit);

    if (!whole && !fraction) {
        return false;
    }
    if (take_byte(&rest, 'e', 'E')) {
        (void)take_byte(&rest, '-', '+');
        if (!take_digits(&rest, is_digit)) {
            return false;
        }
    }
    return rest.len == 0;
}

static bool
is_number(struct sp_str text)
{
    struct sp_str rest = sp_str_slice(text, 2, text.len);

    if (sp_str_has_prefix(text, "0x")) {
        return take_digits(&rest, is_hex_digit) && rest.len == 0;
    }
    if (sp_str_has_prefix(text, "0o")) {
        return take_digits(&rest, is_octal_digit) && rest.len == 0;
    }
    return is_decimal(text);
}

static enum sp_node_kind
plain_kind(struct sp_str text)
{
    const struct word *word = find_word(text);

    if (word != NULL) {
        return word->kind;
    }
    return is_number(text) ? SP_NODE_NUMBER : SP_NODE_STRING;
}

bool
sp_yaml_is_true(struct sp_str text)
{
    const struct word *word = find_word(text);

    return word != NULL && word->is_true;
}

/* True for a number that YAML 1.1 reads as octal, 1.2 as decimal. */
static bool
is_ambiguous(struct sp_str text)
{
    (void)take_byte(&text, '-', '+');
    return text.len > 1 && text.ptr[0] == '0' && is_digit(text.ptr[1])
        && take_digits(&text, is_digit) && text.len == 0;
}

#define CORE "tag:yaml.org,2002:"

static bool
is_string_tag(struct sp_str tag)
{
    return sp_str_is(tag, "!") || sp_str_is(tag, CORE "str");
}

static bool
is_whole(struct sp_str text)
{
    (void)take_byte(&text, '-', '+');
    return sp_str_has_prefix(text, "0x") || sp_str_has_prefix(text, "0o")
        || (take_digits(&text, is_digit) && text.len == 0);
}

bool
sp_yaml_tag_fits(struct sp_str tag, enum sp_node_kind kind, struct sp_str text)
{
    static const struct {
        const char *tag;
        enum sp_node_kind kind;
    } tags[] = {
        { .tag = CORE "bool", .kind = SP_NODE_BOOL },
        { .tag = CORE "float", .kind = SP_NODE_NUMBER },
        { .tag = CORE "int", .kind = SP_NODE_NUMBER },
        { .tag = CORE "map", .kind = SP_NODE_OBJECT },
        { .tag = CORE "null", .kind = SP_NODE_NULL },
        { .tag = CORE "seq", .kind = SP_NODE_ARRAY },
        { .tag = CORE "str", .kind = SP_NODE_STRING },
        { .tag = "!", .kind = SP_NODE_STRING },
    };

    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
        if (sp_str_is(tag, tags[i].tag)) {
            return kind == tags[i].kind && (!sp_str_is(tag, CORE "int") || is_whole(text));
        }
    }
    return false;
}

const struct sp_yaml_refusal sp_yaml_bad_tag = {
    .message = "this tag is not supported, or does not fit its value",
    .help = "remove the tag; quotes make a string",
};

const struct sp_yaml_refusal *
sp_yaml_resolve(struct sp_str text, struct sp_str tag, bool is_plain,
                enum sp_node_kind *ret_kind)
{
    static const struct sp_yaml_refusal ambiguous = {
        .message = "a number with a leading zero is octal in YAML 1.1, decimal in 1.2",
        .help = "write the number without the zero, or put it in quotes",
    };
    enum sp_node_kind kind =
        is_plain && !is_string_tag(tag) ? plain_kind(text) : SP_NODE_STRING;

    if (kind == SP_NODE_NUMBER && is_ambiguous(text)) {
        return &ambiguous;
    }
    if (tag.len > 0 && !sp_yaml_tag_fits(tag, kind, text)) {
        return &sp_yaml_bad_tag;
    }
    *ret_kind = kind;
    return NULL;
}
