#include "api/context.h"

#include "kb/kb.h"

#include <stdlib.h>

/* Bounds of what a user may ask for: offsets are 32 bits wide, and readers recurse. */
enum { LARGEST_BYTES = 1 << 30, DEEPEST = 1000 };

enum secprof_status
secprof_new(struct secprof **ret_context)
{
    if (ret_context == NULL) {
        return SECPROF_BAD_ARGUMENT;
    }
    struct secprof *context = calloc(1, sizeof *context);
    if (context == NULL) {
        return SECPROF_NO_MEMORY;
    }
    atomic_init(&context->references, 1);
    context->limits = SP_DOC_LIMITS;
    *ret_context = context;
    return SECPROF_OK;
}

struct secprof *
secprof_ref(struct secprof *context)
{
    if (context != NULL) {
        atomic_fetch_add_explicit(&context->references, 1, memory_order_relaxed);
    }
    return context;
}

void
secprof_unref(struct secprof *context)
{
    if (context != NULL
        && atomic_fetch_sub_explicit(&context->references, 1, memory_order_acq_rel) == 1) {
        free(context);
    }
}

enum secprof_status
secprof_set_limits(struct secprof *context, size_t bytes, unsigned depth, unsigned values)
{
    if (context == NULL || bytes > LARGEST_BYTES || depth > DEEPEST) {
        return SECPROF_BAD_ARGUMENT;
    }
    context->limits = (struct sp_doc_limits){
        .bytes = bytes != 0 ? bytes : context->limits.bytes,
        .depth = depth != 0 ? depth : context->limits.depth,
        .nodes = values != 0 ? values : context->limits.nodes,
    };
    return SECPROF_OK;
}

enum secprof_status
secprof_set_dialect(struct secprof *context, const char *dialect)
{
    int value = SP_DIALECT_UNKNOWN;

    if (context == NULL
        || (dialect != NULL && !sp_names_find(sp_dialect_names, sp_str_of(dialect), &value))) {
        return SECPROF_BAD_ARGUMENT;
    }
    context->dialect = (enum sp_dialect)value;
    return SECPROF_OK;
}

const char *
secprof_dialect(size_t n)
{
    return n < sp_dialect_names.count ? sp_dialect_names.rows[n].name : NULL;
}

const char *
secprof_version(void)
{
    return SECPROF_VERSION;
}

const char *
secprof_kb_date(void)
{
    return sp_kb_date;
}

void
secprof_text_free(char *text)
{
    free(text);
}
