/* kbgen: the facts in `data/` become constant C tables.
 *
 *     kbgen DATA OUT.c
 *
 * kbgen_tables.c says which list of which file becomes which table, and how: a table is a list
 * of fields, and a field has a function that checks its value and writes the member of the
 * struct.  To add a file, add its struct to kb.h and its table there.  A name that means a row
 * of another table becomes that row's index; rows within rows go to a table of their own.
 *
 * Whatever is wrong is said as file:line:column, and then nothing is written. */
#ifndef SP_KB_KBGEN_H
#define SP_KB_KBGEN_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/vec.h"
#include "text/doc.h"

#include <stdbool.h>
#include <stdint.h>

struct kbgen_row;

/* A word that a field may be, and what C has for it; NULL: the word itself, as a text. */
struct kbgen_choice {
    const char *word;
    const char *c;
};

struct kbgen_field {
    const char *key;       /* in YAML; NULL: made from the rest of the row */
    const char *member;    /* in C; NULL: the key, with _ for - */
    bool required;
    bool may_be_empty;     /* of lists: none is a fact, too */
    const char *fallback;  /* stands for a missing value, in the words of the file */
    uint64_t max;          /* of numbers; 0 = 64 bits */
    const char *to;        /* the C name of the table that is referred to */
    const char *via;       /* kbgen_link: the field of its rows that names this one */
    const char *uses;      /* kbgen_link: the C name of the list of row numbers; NULL: the rows
                              that name this one stand together */
    const char *known;     /* kbgen_rows: the member that says whether there was a list */
    const struct kbgen_choice *choices;  /* ends with a row without word */
    const struct kbgen_field *fields;    /* kbgen_inner */

    /* Checks `node` (NULL when the key is, or when the fallback stands for it) and writes the
     * member. NULL ends the list of fields. */
    void (*write)(const struct kbgen_row *row, const struct kbgen_field *field,
                  const struct sp_node *node);
};

enum { KBGEN_KEYS = 3 };

struct kbgen_table {
    const char *name;  /* "sp_kb_gates" */
    const char *type;  /* of a row: "struct sp_kb_gate"; NULL: checked, not written */
    const char *noun;  /* of a row, for messages: "system call" */
    const char *file;  /* "gates.yaml"; "rules/" for all of a folder; NULL: rows within rows */
    const char *list;  /* the key of the list; NULL: each file is one row */
    bool bare;         /* files without about, source and date */
    bool as_written;   /* order is a fact; else rows are sorted by their first key */
    bool uncounted;    /* kb.h declares no NAME_count */
    const char *keys[KBGEN_KEYS];  /* make a row unique; "" is a row that is only a name */
    const struct kbgen_field *fields;
};

/* A file that was read. */
struct kbgen_file {
    const char *pattern;  /* of the tables it belongs to */
    const char *path;
    struct sp_doc doc;
};

struct kbgen_source {  /* of a row */
    const struct kbgen_file *file;
    const struct sp_node *node;
    const char *name;  /* its first key; "" when it has none */
};

struct kbgen_name {
    const char *name;
    size_t row;
};

/* A table in the making. */
struct kbgen_part {
    const struct kbgen_table *table;
    SP_VEC(struct kbgen_source) rows;  /* of files, in their final order */
    SP_VEC(struct kbgen_name) names;   /* sorted */
    struct sp_buf out;                 /* initialisers */
    size_t count;                      /* of them */
};

struct kbgen_range {
    size_t first;
    size_t count;
};

struct kbgen_list {
    SP_VEC(uint32_t) values;
};

/* Many lists in one, such as sp_kb_texts; equal ones are kept once. */
struct kbgen_lists {
    struct kbgen_list all;
    SP_VEC(struct kbgen_range) ranges;
};

/* A list of rows that was written: an equal one means the same rows. */
struct kbgen_shared {
    const struct kbgen_part *part;
    const struct sp_node *list;
    struct kbgen_range range;
};

/* An argument that takes constants of a set. */
struct kbgen_use {
    size_t call;
    uint64_t arg;
    size_t set;
};

struct kbgen {
    struct sp_arena arena;
    const char *data;  /* the folder */
    bool failed;
    const char *date;  /* newest of all files */
    SP_VEC(struct kbgen_file) files;
    struct kbgen_part *parts;  /* by table */
    struct sp_buf lists;       /* C text of what is no table */
    struct sp_buf pool;        /* texts, each with its NUL */
    uint32_t *pool_slots;      /* hash table: 1 + offset */
    struct kbgen_lists texts;
    struct kbgen_lists indices;
    SP_VEC(struct kbgen_use) uses;
    SP_VEC(struct kbgen_shared) shared;
};

struct kbgen_row {
    struct kbgen *gen;
    const struct kbgen_file *file;
    const struct sp_node *node;
    struct kbgen_part *part;
    size_t index;  /* its place in the table */
};

/* ---- kbgen_tables.c ------------------------------------------------------------------ */

extern const struct kbgen_table kbgen_tables[];
extern const size_t kbgen_table_count;

/* Of default profiles: what a content tells of itself, what it takes over from the one it comes
 * from unless it says otherwise, and what a rule has besides its calls. */
extern const struct kbgen_field kbgen_content_fields[];
extern const struct kbgen_field kbgen_shape_fields[];
extern const struct kbgen_field kbgen_rule_fields[];

/* ---- kbgen_load.c -------------------------------------------------------------------- */

/* Says what is wrong with a value, or with a key. */
void
kbgen_fail(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *node,
           const char *format, ...) __attribute__((format(printf, 4, 5)));

void
kbgen_fail_key(struct kbgen *gen, const struct kbgen_file *file, const struct sp_node *node,
               const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Reads the files of all tables and checks their heads. */
void
kbgen_load(struct kbgen *gen);

/* "2026-11-25" */
bool
kbgen_is_date(const char *text);

/* Keys that stand twice. */
void
kbgen_check_twice(struct kbgen *gen, const struct kbgen_file *file,
                  const struct sp_node *mapping);

/* Fields that are unknown or stand twice; "source" is known everywhere in files with a head. */
void
kbgen_check_keys(const struct kbgen_row *row, const struct kbgen_field *fields);

/* ---- kbgen_names.c ------------------------------------------------------------------- */

/* The part of a table by its C name; never NULL. */
struct kbgen_part *
kbgen_part_of(struct kbgen *gen, const char *name);

/* Finds the rows of all tables and their names; checks order and uniqueness. */
void
kbgen_collect(struct kbgen *gen);

/* Adds a name, which must be sorted in before it can be found. */
void
kbgen_add_name(struct kbgen *gen, struct kbgen_part *part, const char *name, size_t row);

void
kbgen_sort_names(struct kbgen_part *part);

/* The rows of a list within a row: none has the key of another. */
void
kbgen_check_unique(const struct kbgen_row *row, const struct kbgen_table *table,
                   const struct sp_node *list);

/* Where the row of that name stands; -1 when there is none, which has been said. */
long
kbgen_find(const struct kbgen_row *row, const char *table, const struct sp_node *node,
           struct sp_str name);

/* The same, without a word. */
long
kbgen_peek(struct kbgen *gen, const char *table, struct sp_str name);

/* ---- kbgen_pool.c -------------------------------------------------------------------- */

/* The offset of a text in the pool. */
uint32_t
kbgen_intern(struct kbgen *gen, const char *text);

void
kbgen_add(struct kbgen *gen, struct kbgen_list *list, size_t value);

/* Puts a list among others, unless an equal one is there already. */
struct kbgen_range
kbgen_put(struct kbgen *gen, struct kbgen_lists *lists, const struct kbgen_list *list);

/* "const TYPE NAME[] = { 1, 2 };" */
void
kbgen_print_list(struct sp_buf *out, const char *type, const char *name,
                 const struct kbgen_list *list);

/* The pool and the lists, as C. */
void
kbgen_print_pool(struct kbgen *gen, struct sp_buf *out);

/* ---- kbgen_row.c --------------------------------------------------------------------- */

/* Writes the rows of all tables that have files. */
void
kbgen_write_rows(struct kbgen *gen);

/* Writes one row, which must be the part's next. */
void
kbgen_write_row(const struct kbgen_row *row);

void
kbgen_write_fields(const struct kbgen_row *row, const struct kbgen_field *fields);

/* The value of a row under `key`; "" is the row itself. NULL when there is none. */
const struct sp_node *
kbgen_value(const struct sp_node *row, const char *key);

/* Writes ".member = VALUE, ". */
void
kbgen_set(const struct kbgen_row *row, const struct kbgen_field *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same with "{ first, count }". */
void
kbgen_set_range(const struct kbgen_row *row, const struct kbgen_field *field,
                struct kbgen_range range);

/* ---- kbgen_field.c: the functions of fields ------------------------------------------ */

#define KBGEN_FIELD(name) \
    void \
    name(const struct kbgen_row *row, const struct kbgen_field *field, \
         const struct sp_node *node)

KBGEN_FIELD(kbgen_text);    /* a text: sp_text */
KBGEN_FIELD(kbgen_texts);   /* a list of texts: range of sp_kb_texts */
KBGEN_FIELD(kbgen_words);   /* a word or a list of words: sp_text, joined by space; with `to`
                               they are names of rows */
KBGEN_FIELD(kbgen_number);  /* a whole number up to `max`, one of `choices` if there are any */
KBGEN_FIELD(kbgen_flag);    /* yes, or left out: bool */
KBGEN_FIELD(kbgen_kernel);  /* "5.10": sp_kernel */
KBGEN_FIELD(kbgen_choice);  /* one of `choices` */

/* What a value is; when it is not, that has been said. Texts are never empty, lists only where
 * that is said; `max` 0 = 64 bits. */
bool
kbgen_is_text(const struct kbgen_row *row, const struct sp_node *node);

bool
kbgen_is_list(const struct kbgen_row *row, const struct sp_node *node, bool may_be_empty);

bool
kbgen_is_mapping(const struct kbgen_row *row, const struct sp_node *node);

bool
kbgen_is_number(const struct kbgen_row *row, const struct sp_node *node, uint64_t max,
                uint64_t *ret_value);

/* ---- kbgen_refer.c: fields that speak of other rows ---------------------------------- */

KBGEN_FIELD(kbgen_ref);     /* the name of a row: its index */
KBGEN_FIELD(kbgen_refs);    /* names of rows: range of sp_kb_indices */
KBGEN_FIELD(kbgen_name);    /* the name of a row: sp_text */
KBGEN_FIELD(kbgen_names);   /* names of rows: range of sp_kb_texts */
KBGEN_FIELD(kbgen_rows);    /* a list of rows of another table: range */
KBGEN_FIELD(kbgen_inner);   /* a mapping whose fields belong to the row itself */
KBGEN_FIELD(kbgen_link);    /* the rows of another table that name this one: range */
KBGEN_FIELD(kbgen_back);    /* the one row of another table that names this one: 1 + index */

/* ---- kbgen_special.c: fields of one table -------------------------------------------- */

KBGEN_FIELD(kbgen_category);
KBGEN_FIELD(kbgen_place);
KBGEN_FIELD(kbgen_engines);
KBGEN_FIELD(kbgen_needs);
KBGEN_FIELD(kbgen_member_names);
KBGEN_FIELD(kbgen_no_call);
KBGEN_FIELD(kbgen_any_errno);
KBGEN_FIELD(kbgen_code);
KBGEN_FIELD(kbgen_positions);
KBGEN_FIELD(kbgen_options);

/* sp_kb_libseccomp_unknown. A name is unknown, or added by one release, or in the oldest. */
void
kbgen_write_unknown(struct kbgen *gen);

/* ---- kbgen_default_fields.c ---------------------------------------------------------- */

KBGEN_FIELD(kbgen_date);      /* "2026-11-25": sp_text */
KBGEN_FIELD(kbgen_told);      /* a text or a list of texts that no table takes over */
KBGEN_FIELD(kbgen_calls);     /* a list of calls, which is written with its rule */
KBGEN_FIELD(kbgen_archmap);   /* a mapping of names to lists of names of architectures: range */
KBGEN_FIELD(kbgen_shared);    /* as kbgen_rows, equal lists once */
KBGEN_FIELD(kbgen_releases);  /* a mapping of series to lists of versions */
KBGEN_FIELD(kbgen_released);  /* of a series: the releases that contents list for it: range */

/* ---- kbgen_defaults.c ---------------------------------------------------------------- */

/* The contents of default profiles, all changes made: sp_kb_defaults and what belongs to it. */
void
kbgen_write_defaults(struct kbgen *gen);

/* ---- kbgen_numbers.c ----------------------------------------------------------------- */

KBGEN_FIELD(kbgen_columns);

/* Finds the number columns: the rows of sp_kb_tables. */
void
kbgen_collect_columns(struct kbgen *gen);

void
kbgen_write_numbers(struct kbgen *gen);

/* ---- kbgen_sets.c -------------------------------------------------------------------- */

KBGEN_FIELD(kbgen_takers);  /* a list of arguments: "socket.0" */

/* The rows of sp_kb_set_uses, by call and argument. */
void
kbgen_write_set_uses(struct kbgen *gen);

#endif
