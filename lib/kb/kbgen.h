/* kbgen: the YAML facts in `data/` become constant C tables.
 *
 *     kbgen DATA OUT.c
 *
 * A list of rows is described by a table of fields (kbgen_tables.c); a row becomes an initialiser of
 * the struct of kb.h.  Everything is checked on the way: unknown and missing fields, types, names that
 * are no system call.  A fault is told as file:line:column and nothing is written. */
#ifndef SP_KB_KBGEN_H
#define SP_KB_KBGEN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "text/doc.h"
#include "text/report.h"

#include <stdbool.h>
#include <stdint.h>

/* A file that was read. */
struct kbgen_file {
    const char *path;
    struct sp_doc doc;
};

struct kbgen_files {
    SP_VEC(struct kbgen_file) list;
};

struct kbgen {
    struct sp_arena arena;
    const char *data;     /* the folder */
    struct sp_buf out;    /* the C text */
    bool failed;
    const char *date;     /* newest of all files */

    struct sp_buf pool;               /* texts, each with its NUL */
    uint32_t *pool_slots;             /* hash table: 1 + offset */
    size_t pool_slot_count;
    SP_VEC(uint32_t) texts;           /* sp_kb_texts */
    SP_VEC(uint16_t) indices;         /* sp_kb_indices */

    SP_VEC(const char *) calls;       /* names of all system calls, sorted */
    SP_VEC(const char *) caps;        /* names by number */
    SP_VEC(const char *) tables;      /* number columns */
    SP_VEC(const char *) arches;      /* names, in the order of arches.yaml */
};

/* ---- kbgen_load.c --------------------------------------------------------------------------------- */

/* Says what is wrong with a node and sets `failed`. */
void
kbgen_fail(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *node,
           const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The files `data/PATTERN`; PATTERN is a name, or "folder/" for all *.yaml in it. A missing file is a
 * fault. Their heads (about, source, date) are checked unless they are rules. */
struct kbgen_files
kbgen_load(struct kbgen *gen, const char *pattern);

/* The list under `key` of a file; an empty array node after a fault. */
const struct sp_node *
kbgen_list(struct kbgen *gen, const struct kbgen_file *file, const char *key);

/* The text of a member that must be a scalar; "" when it is absent and not required. Numbers and
 * booleans count as they are written. */
const char *
kbgen_text(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *row,
           const char *key, bool required);

/* A whole number, decimal or hexadecimal; `fallback` when absent and not required. */
uint64_t
kbgen_number(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *row,
             const char *key, bool required, uint64_t fallback);

/* True when the member is there and says yes. */
bool
kbgen_flag(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *row,
           const char *key);

/* ---- kbgen_pool.c --------------------------------------------------------------------------------- */

/* The offset of a text in the pool. */
uint32_t
kbgen_intern(struct kbgen *gen, const char *text);

/* Where a name stands in a list; -1 when it does not. */
int
kbgen_find(const char *const *list, size_t count, const char *name);

/* The index of a system call; says so when there is none. */
uint16_t
kbgen_call(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *node,
           struct sp_str name);

void
kbgen_write_pool(struct kbgen *gen);

/* ---- kbgen_rows.c ---------------------------------------------------------------------------------- */

enum kbgen_type {
    KBGEN_TEXT,     /* sp_text */
    KBGEN_WORDS,    /* a scalar or a list, joined by spaces: sp_text */
    KBGEN_KERNEL,   /* "5.10": sp_kernel */
    KBGEN_NUMBER,   /* any whole number */
    KBGEN_FLAG,     /* yes: true */
    KBGEN_TEXTS,    /* a list: range of sp_kb_texts */
    KBGEN_CALL,     /* name of a call: its index */
    KBGEN_CALLS,    /* a list of calls: range of sp_kb_indices */
    KBGEN_CHOICE,   /* one of the words in `choices`, written as the C word beside it */
    KBGEN_CUSTOM,   /* `write` does it */
};

struct kbgen_choice {
    const char *word;
    const char *c;
};

struct kbgen_row {
    struct kbgen *gen;
    const struct kbgen_file *file;
    const struct sp_node *node;
};

struct kbgen_field {
    const char *key;     /* in YAML */
    const char *member;  /* in C; NULL = the same as key */
    enum kbgen_type type;
    bool required;
    const struct kbgen_choice *choices;               /* ends with a row without word */
    void (*write)(const struct kbgen_row *row, const struct kbgen_field *field);
};

struct kbgen_table {
    const char *files;
    const char *list;    /* NULL: each file is one row */
    const char *type;    /* struct name in kb.h */
    const char *name;    /* of the C table */
    const char *key;     /* field by which rows are sorted and unique; NULL = order is a fact */
    const struct kbgen_field *fields;  /* ends with a row without key */
};

/* Writes one row as an initialiser, checks unknown and missing fields. */
void
kbgen_write_row(const struct kbgen_row *row, const struct kbgen_field *fields);

/* Writes a whole table and its count. */
void
kbgen_write_table(struct kbgen *gen, const struct kbgen_table *table);

/* "5.10" as sp_kernel of kb.h. */
uint32_t
kbgen_kernel(const struct kbgen_row *row, const char *key);

/* Puts the texts of a list (or one scalar) into sp_kb_texts; writes ".MEMBER = { first, count }, ". */
void
kbgen_write_texts(const struct kbgen_row *row, const char *key, const char *member);

void
kbgen_write_calls(const struct kbgen_row *row, const char *key, const char *member);

/* ---- the tables ------------------------------------------------------------------------------------ */

/* kbgen_tables.c: what a row table can describe. */
extern const struct kbgen_table kbgen_tables[];
extern const size_t kbgen_table_count;

/* kbgen_calls.c: names first, then the calls with numbers, arguments and links. */
void
kbgen_collect_names(struct kbgen *gen);

void
kbgen_write_calls_table(struct kbgen *gen);

/* kbgen_sets.c: constants. */
void
kbgen_write_sets(struct kbgen *gen);

/* kbgen_default.c: default profiles. */
void
kbgen_write_defaults(struct kbgen *gen);

#endif
