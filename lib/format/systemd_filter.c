#include "format/systemd_filter.h"

#include <string.h>

bool
sp_systemd_filter_init(struct sp_systemd_filter *filter, struct sp_arena *arena)
{
    *filter = (struct sp_systemd_filter){ .arena = arena, .error = SP_SYSTEMD_KILL };
    filter->filter.entries =
        sp_arena_new_array(arena, sp_kb_syscalls_count, struct sp_systemd_entry);
    filter->log.entries =
        sp_arena_new_array(arena, sp_kb_syscalls_count, struct sp_systemd_entry);
    return filter->filter.entries != NULL && filter->log.entries != NULL;
}

/* ---- lists of calls ------------------------------------------------------------------ */

/* What a word does to a list. */
struct change {
    struct sp_systemd_list *list;
    bool inverted;
    int error;
    struct sp_span span;
};

/* A call goes into the list when the word is of the list's kind, and also with an errno of
 * its own. */
static void
change_call(const struct change *change, size_t call)
{
    bool is_in = change->inverted != change->list->is_allow
        || (change->inverted && change->error != SP_SYSTEMD_NO_ERROR);

    change->list->entries[call] = (struct sp_systemd_entry){
        .is_in = is_in, .error = change->error, .span = change->span,
    };
}

static void
change_group(const struct change *change, const struct sp_kb_group *group)
{
    for (size_t i = 0; i < group->members.count; i++) {
        struct sp_str name = sp_str_of(sp_kb_text(sp_kb_texts[group->members.first + i]));
        const struct sp_kb_group *inner = sp_kb_group_find(name);
        const struct sp_kb_syscall *call = sp_kb_syscall_find(name);
        if (inner != NULL) {
            change_group(change, inner);
        } else if (call != NULL) {
            change_call(change, sp_kb_syscall_index(call));
        }
    }
}

/* The calls of the newest kernel when systemd was made, and @obsolete. Of ours only
 * nfsservctl, gone since Linux 3.1, is in neither. */
static void
change_known(const struct change *change)
{
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        change_call(change, i);
    }
}

/* False when there is no such call or group. */
static bool
change_name(const struct change *change, struct sp_str name)
{
    const struct sp_kb_syscall *call = sp_kb_syscall_find(name);
    const struct sp_kb_group *group = sp_kb_group_find(name);

    if (call != NULL) {
        change_call(change, sp_kb_syscall_index(call));
    } else if (group != NULL) {
        change_group(change, group);
    } else if (sp_str_is(name, "@known")) {
        change_known(change);
    } else {
        return false;
    }
    return true;
}

static void
ignore(struct sp_systemd_filter *filter, const struct change *change, struct sp_str text)
{
    struct sp_systemd_ignored *ignored = sp_vec_push(filter->arena, &change->list->ignored);
    char *copy = sp_arena_copy(filter->arena, text);

    if (ignored == NULL || copy == NULL) {
        filter->failed = true;
        return;
    }
    *ignored = (struct sp_systemd_ignored){
        .text = { .ptr = copy, .len = text.len }, .span = change->span,
        .inverted = change->inverted, .error = change->error,
    };
}

/* "name", "@group", "name:errno"; with an errno a word must be behind a ~. */
static void
take_word(struct sp_systemd_filter *filter, struct change change, struct sp_str word,
          bool takes_error)
{
    const char *colon = takes_error ? memchr(word.ptr, ':', word.len) : NULL;
    size_t name_len = colon == NULL ? word.len : (size_t)(colon - word.ptr);
    struct sp_str name = sp_str_slice(word, 0, name_len);

    if (colon != NULL
        && (!sp_systemd_error(sp_str_slice(word, name_len + 1, word.len), &change.error)
            || !change.inverted)) {
        change.error = SP_SYSTEMD_NO_ERROR;
        ignore(filter, &change, word);
    } else if (!change_name(&change, name)) {
        ignore(filter, &change, name);
    }
}

static void
begin_list(struct sp_systemd_list *list, bool is_allow, bool has_default, struct sp_span span)
{
    struct change change = { .list = list, .error = SP_SYSTEMD_NO_ERROR, .span = span };

    list->exists = true;
    list->is_allow = is_allow;
    list->span = span;
    if (is_allow && has_default) {
        change_name(&change, SP_STR("@default"));
    }
}

static void
reset_list(struct sp_systemd_list *list)
{
    list->exists = false;
    list->ignored.count = 0;
    memset(list->entries, 0, sp_kb_syscalls_count * sizeof *list->entries);
}

/* One assignment at work. */
struct assignment {
    struct sp_systemd_filter *filter;
    const struct sp_systemd_line *line;
    struct sp_str key;
    struct sp_str value;
};

static void
assign_list(const struct assignment *assignment, struct sp_systemd_list *list, bool is_filter)
{
    struct sp_systemd_filter *filter = assignment->filter;
    struct sp_str value = assignment->value;
    bool inverted = sp_str_has_prefix(value, "~");
    struct sp_str rest = sp_str_slice(value, inverted ? 1 : 0, value.len);
    struct change change = { .list = list, .inverted = inverted, .error = SP_SYSTEMD_NO_ERROR };
    enum sp_systemd_word kind;
    struct sp_str raw;
    SP_BUF(word);

    if (value.len == 0) {
        reset_list(list);
        return;
    }
    if (!list->exists) {
        begin_list(list, !inverted, is_filter,
                   sp_systemd_span(assignment->line, assignment->key));
    }
    while ((kind = sp_systemd_word_next(&rest, false, &word, &raw)) == SP_SYSTEMD_WORD) {
        filter->words++;
        change.span = sp_systemd_span(assignment->line, raw);
        take_word(filter, change, sp_buf_part(&word, &filter->failed), is_filter);
    }
    if (kind == SP_SYSTEMD_WORDS_BROKEN) {
        change.span = sp_systemd_span(assignment->line, raw);
        ignore(filter, &change, raw);
    }
}

static void
assign_filter(const struct assignment *assignment)
{
    assign_list(assignment, &assignment->filter->filter, true);
}

static void
assign_log(const struct assignment *assignment)
{
    assign_list(assignment, &assignment->filter->log, false);
}

/* ---- the other options --------------------------------------------------------------- */

/* What is no errno is ignored, and so is 0. */
static void
assign_error(const struct assignment *assignment)
{
    struct sp_systemd_filter *filter = assignment->filter;
    struct sp_str value = assignment->value;
    int error = SP_SYSTEMD_KILL;

    if (value.len > 0 && (!sp_systemd_error(value, &error) || error == 0)) {
        return;
    }
    filter->error = error;
    filter->error_span =
        sp_systemd_span(assignment->line, value.len > 0 ? value : assignment->key);
}

static bool
has_arch(const struct sp_systemd_filter *filter, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < filter->arches.count; i++) {
        if (filter->arches.at[i].arch == arch) {
            return true;
        }
    }
    return false;
}

static void
take_arch(struct sp_systemd_filter *filter, struct sp_str word, struct sp_span span)
{
    const struct sp_kb_arch *arch = sp_systemd_arch_find(word);

    if ((arch == NULL && !sp_str_is(word, "native")) || has_arch(filter, arch)) {
        return;
    }
    struct sp_systemd_arch *added = sp_vec_push(filter->arena, &filter->arches);
    if (added == NULL) {
        filter->failed = true;
        return;
    }
    *added = (struct sp_systemd_arch){ .arch = arch, .span = span };
}

static void
assign_arches(const struct assignment *assignment)
{
    struct sp_systemd_filter *filter = assignment->filter;
    struct sp_str rest = assignment->value;
    struct sp_str raw;
    SP_BUF(word);

    if (assignment->value.len == 0) {
        filter->arches.count = 0;
    }
    while (sp_systemd_word_next(&rest, true, &word, &raw) == SP_SYSTEMD_WORD) {
        filter->words++;
        take_arch(filter, sp_buf_part(&word, &filter->failed),
                  sp_systemd_span(assignment->line, raw));
    }
}

/* ---- options ------------------------------------------------------------------------- */

static const struct option {
    const char *key;
    void (*assign)(const struct assignment *assignment);
} options[] = {
    { .key = "SystemCallArchitectures", .assign = assign_arches },
    { .key = "SystemCallErrorNumber", .assign = assign_error },
    { .key = "SystemCallFilter", .assign = assign_filter },
    { .key = "SystemCallLog", .assign = assign_log },
};

static const struct option *
find_option(struct sp_str key)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        if (sp_str_is(key, options[i].key)) {
            return &options[i];
        }
    }
    return NULL;
}

void
sp_systemd_filter_assign(struct sp_systemd_filter *filter, const struct sp_systemd_line *line,
                         struct sp_str key, struct sp_str value)
{
    struct assignment assignment = {
        .filter = filter, .line = line, .key = key, .value = value,
    };
    const struct option *option = find_option(key);

    if (option != NULL) {
        filter->assignments++;
        option->assign(&assignment);
    }
}
