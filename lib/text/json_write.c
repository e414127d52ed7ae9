#include "text/json_write.h"

#include "text/utf8.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* U+FFFD, for what is no UTF-8. */
#define REPLACEMENT "\xef\xbf\xbd"

struct sp_json
sp_json_new(void)
{
    struct cJSON *root = cJSON_CreateObject();

    return (struct sp_json){ .root = root, .failed = root == NULL };
}

void
sp_json_free(struct sp_json *json)
{
    cJSON_Delete(json->root);
    *json = (struct sp_json){ .failed = true };
}

/* Adds `item`, which it frees when it cannot. NULL is no item, but a failure to make one. */
static struct cJSON *
add(struct sp_json *json, struct cJSON *parent, const char *key, struct cJSON *item)
{
    struct cJSON *place = parent == NULL ? json->root : parent;

    if (!json->failed && item != NULL
        && (key == NULL ? cJSON_AddItemToArray(place, item)
                        : cJSON_AddItemToObject(place, key, item))) {
        return item;
    }
    cJSON_Delete(item);
    json->failed = true;
    return NULL;
}

struct cJSON *
sp_json_object(struct sp_json *json, struct cJSON *parent, const char *key)
{
    return add(json, parent, key, json->failed ? NULL : cJSON_CreateObject());
}

struct cJSON *
sp_json_array(struct sp_json *json, struct cJSON *parent, const char *key)
{
    return add(json, parent, key, json->failed ? NULL : cJSON_CreateArray());
}

/* A NUL ends a C string, and cJSON knows no others: it is replaced, too. */
static void
add_repaired(struct sp_buf *buf, struct sp_str value)
{
    for (size_t at = 0; at < value.len;) {
        struct sp_str rest = sp_str_slice(value, at, value.len);
        const char *nul = memchr(rest.ptr, '\0', rest.len);
        if (nul != NULL) {
            rest.len = (size_t)(nul - rest.ptr);
        }
        size_t sound = sp_utf8_check(rest);
        sp_buf_add(buf, sp_str_slice(rest, 0, sound));
        at += sound;
        if (at < value.len) {
            sp_buf_text(buf, REPLACEMENT);
            at++;
        }
    }
}

void
sp_json_view(struct sp_json *json, struct cJSON *parent, const char *key, struct sp_str value)
{
    SP_BUF(buf);

    add_repaired(&buf, value);
    sp_buf_add(&buf, SP_STR(""));  /* an empty text is one, too */
    bool sound = !json->failed && !buf.failed;
    (void)add(json, parent, key, sound ? cJSON_CreateString(buf.data) : NULL);
}

void
sp_json_string(struct sp_json *json, struct cJSON *parent, const char *key, const char *value)
{
    sp_json_view(json, parent, key, sp_str_of(value));
}

/* cJSON holds numbers as double, which is exact up to 2^53 only; raw text is exact. */
void
sp_json_u64(struct sp_json *json, struct cJSON *parent, const char *key, uint64_t value)
{
    char text[sizeof "18446744073709551615"];

    (void)snprintf(text, sizeof text, "%" PRIu64, value);
    (void)add(json, parent, key, json->failed ? NULL : cJSON_CreateRaw(text));
}

void
sp_json_bool(struct sp_json *json, struct cJSON *parent, const char *key, bool value)
{
    (void)add(json, parent, key, json->failed ? NULL : cJSON_CreateBool(value));
}

void
sp_json_null(struct sp_json *json, struct cJSON *parent, const char *key)
{
    (void)add(json, parent, key, json->failed ? NULL : cJSON_CreateNull());
}

/* cJSON writes one tab for each level, a tab behind each ':', and "{\n\t}" for an object
 * without members.  A string holds no raw tab or line end: its escapes are written out. */
static void
add_pretty(struct sp_buf *buf, const char *text)
{
    bool in_string = false;
    bool line_begins = false;

    for (const char *at = text; *at != '\0'; at++) {
        if (*at == '\\' && in_string) {
            sp_buf_char(buf, *at++);
        } else if (*at == '"') {
            in_string = !in_string;
        } else if (*at == '\n' && at[-1] == '{' && at[strspn(at, "\n\t")] == '}') {
            at += strspn(at, "\n\t");
        } else if (*at == '\t') {
            sp_buf_text(buf, line_begins ? "  " : " ");
            continue;
        }
        line_begins = *at == '\n';
        sp_buf_char(buf, *at);
    }
}

bool
sp_json_print(struct sp_json *json, bool pretty, struct sp_buf *buf)
{
    char *text = json->failed        ? NULL
               : pretty              ? cJSON_Print(json->root)
                                     : cJSON_PrintUnformatted(json->root);

    if (text == NULL) {
        json->failed = true;
        buf->failed = true;
        return false;
    }
    if (pretty) {
        add_pretty(buf, text);
    } else {
        sp_buf_text(buf, text);
    }
    cJSON_free(text);
    return !buf->failed;
}
