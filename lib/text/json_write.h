/* JSON text out, through cJSON: 64-bit numbers exactly, keys in the order they were added.
 *
 * Failure is sticky: a writer without memory does nothing more, and sp_json_print says so. */
#ifndef SP_TEXT_JSON_WRITE_H
#define SP_TEXT_JSON_WRITE_H

#include "base/buf.h"
#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

struct cJSON;

struct sp_json {
    struct cJSON *root;
    bool failed;
};

/* An empty object as root. Free with sp_json_free, also after a failure. */
struct sp_json
sp_json_new(void);

void
sp_json_free(struct sp_json *json);

/* Each adds to `parent` (NULL = the root) under `key` (NULL = to an array).  The two that make
 * a container give it back, NULL when there is no memory; NULL as parent then would mean the
 * root, so they set `failed`, after which nothing is added.  Each byte that is no UTF-8, and
 * each NUL, becomes U+FFFD. */
struct cJSON *
sp_json_object(struct sp_json *json, struct cJSON *parent, const char *key);

struct cJSON *
sp_json_array(struct sp_json *json, struct cJSON *parent, const char *key);

void
sp_json_string(struct sp_json *json, struct cJSON *parent, const char *key, const char *value);

void
sp_json_view(struct sp_json *json, struct cJSON *parent, const char *key, struct sp_str value);

void
sp_json_u64(struct sp_json *json, struct cJSON *parent, const char *key, uint64_t value);

void
sp_json_bool(struct sp_json *json, struct cJSON *parent, const char *key, bool value);

void
sp_json_null(struct sp_json *json, struct cJSON *parent, const char *key);

/* Appends the text, indented by two spaces when `pretty`, without a newline at the end.
 * False, and `buf->failed`, when anything failed. */
bool
sp_json_print(struct sp_json *json, bool pretty, struct sp_buf *buf);

#endif
