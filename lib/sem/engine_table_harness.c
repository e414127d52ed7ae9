/* Tables: which profiles go which way, and what is expected of them. */
#include "sem/engine_harness.h"

#include "base/file.h"

#include <string.h>
#include <sys/prctl.h>

struct table {
    const char *path;
    const char *name;
    unsigned line;
    const char *case_name, *profile;
    size_t first_job;  /* of the last `on` */
};

__attribute__((noreturn)) static void
bad_line(const struct table *table, const char *why)
{
    engine_fail("%s:%u: %s", table->path, table->line, why);
}

/* A copy for as long as the program runs, without white space around it. */
static const char *
keep(struct sp_str text)
{
    return engine_need(sp_arena_copy(&engine_arena, sp_str_trim(text)));
}

/* Nobody gives what he does not have. */
static uint64_t
all_caps(void)
{
    uint64_t caps = 0;

    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        caps |= prctl(PR_CAPBSET_READ, i, 0, 0, 0) == 1 ? UINT64_C(1) << i : 0;
    }
    return caps;
}

static uint64_t
read_caps(const struct table *table, struct sp_str list)
{
    struct sp_str piece;
    uint64_t caps = 0;

    if (sp_str_is(list, "ALL")) {
        return all_caps();
    }
    while (sp_str_next(&list, ",", &piece)) {
        const struct sp_kb_cap *cap = sp_kb_cap_find(piece);
        if (cap == NULL) {
            bad_line(table, "unknown capability");
        }
        caps |= UINT64_C(1) << (cap - sp_kb_caps);
    }
    return caps;
}

static void
read_option(const struct table *table, struct sp_str word, struct engine_job *job)
{
    static const char add[] = "cap-add=";
    static const char drop[] = "cap-drop=";

    if (sp_str_has_prefix(word, add)) {
        struct sp_str list = sp_str_slice(word, strlen(add), word.len);
        job->cap_add = keep(list);
        job->caps |= read_caps(table, list);
    } else if (sp_str_has_prefix(word, drop)) {
        struct sp_str list = sp_str_slice(word, strlen(drop), word.len);
        job->cap_drop = keep(list);
        job->caps &= ~read_caps(table, list);
    } else if (sp_str_is(word, "no-new-privileges")) {
        job->no_new_privs = true;
    } else if (sp_str_is(word, "privileged")) {
        job->is_privileged = true;
    } else if (sp_str_is(word, "hangs")) {
        job->hangs = true;
    } else {
        bad_line(table, "unknown option");
    }
}

static void
add_job(const struct table *table, struct sp_str word)
{
    for (size_t way = 0; way < WAYS; way++) {
        if (sp_str_is(word, engine_ways[way].name)) {
            struct engine_job *job = engine_need(sp_vec_push(&engine_arena, &engine_jobs.list));
            *job = (struct engine_job){
                .table = table->name,
                .name = table->case_name,
                .profile = table->profile,
                .way = (enum way)way,
                .start = SP_START_FILTER,
                .caps = sp_kb_default_caps(SP_KB_DOCKER),
            };
            return;
        }
    }
    bad_line(table, "unknown way");
}

static void
read_on(struct table *table, struct sp_str rest)
{
    struct sp_str word;

    if (table->profile == NULL || table->case_name == NULL) {
        bad_line(table, "no case, or no profile");
    }
    table->first_job = engine_jobs.list.count;
    while (engine_next_word(&rest, &word) && !sp_str_is(word, ":")) {
        add_job(table, word);
    }
    while (engine_next_word(&rest, &word)) {
        for (size_t i = table->first_job; i < engine_jobs.list.count; i++) {
            read_option(table, word, &engine_jobs.list.at[i]);
        }
    }
}

static void
read_start(const struct table *table, struct sp_str rest)
{
    int start;

    if (!sp_names_find(engine_starts, sp_str_trim(rest), &start)) {
        bad_line(table, "unknown start");
    }
    for (size_t i = table->first_job; i < engine_jobs.list.count; i++) {
        engine_jobs.list.at[i].start = (enum sp_start)start;
    }
}

static void
read_number(const struct table *table, struct sp_str name, struct engine_expected *expected)
{
    uint64_t number;

    for (unsigned abi = 1; abi < ABIS; abi++) {
        if (sp_str_has_prefix(name, engine_abi_prefixes[abi])) {
            expected->abi = abi;
            name = sp_str_slice(name, strlen(engine_abi_prefixes[abi]), name.len);
        }
    }
    if (sp_str_to_decimal(name, &number)) {
        expected->nr = (uint32_t)number;
        return;
    }
    const struct sp_kb_syscall *call = sp_kb_syscall_find(name);
    int64_t found =
        call == NULL ? SP_KB_NO_NUMBER : sp_kb_number(engine_arch(expected->abi), call);
    if (found == SP_KB_NO_NUMBER) {
        bad_line(table, "no such call there");
    }
    expected->nr = (uint32_t)found & ~(uint32_t)X32_BIT;
}

/* "x86:socketcall(1, 0xff) ALLOW"; arguments that are not given are 0. */
static void
read_call(const struct table *table, struct sp_str rest)
{
    struct engine_expected expected = { .abi = ABI_SYSCALL };
    const char *open = memchr(rest.ptr, '(', rest.len);
    const char *close =
        open == NULL ? NULL : memchr(open, ')', rest.len - (size_t)(open - rest.ptr));
    struct sp_str piece;
    size_t count = 0;

    if (close == NULL) {
        bad_line(table, "write a call as name(argument, ...)");
    }
    size_t name_end = (size_t)(open - rest.ptr);
    size_t end = (size_t)(close - rest.ptr);
    struct sp_str arguments = sp_str_slice(rest, name_end + 1, end);
    read_number(table, sp_str_trim(sp_str_slice(rest, 0, name_end)), &expected);
    while (arguments.len > 0 && sp_str_next(&arguments, ",", &piece)) {
        if (count == SP_ARGS || !sp_str_to_u64(sp_str_trim(piece), &expected.args[count++])) {
            bad_line(table, "bad argument");
        }
    }
    expected.call = keep(sp_str_slice(rest, 0, end + 1));
    expected.verdict = keep(sp_str_slice(rest, end + 1, rest.len));
    for (size_t i = table->first_job; i < engine_jobs.list.count; i++) {
        struct engine_job *job = &engine_jobs.list.at[i];
        struct engine_expected *place = engine_need(sp_vec_push(&engine_arena, &job->calls));
        *place = expected;
    }
}

static void
read_line(struct table *table, struct sp_str line)
{
    struct sp_str rest = sp_str_trim(line);
    struct sp_str word;

    if (rest.len == 0 || rest.ptr[0] == '#') {
        return;
    }
    engine_next_word(&rest, &word);
    if (sp_str_is(word, "case")) {
        table->case_name = keep(rest);
    } else if (sp_str_is(word, "profile")) {
        table->profile = keep(rest);
    } else if (sp_str_is(word, "on")) {
        read_on(table, rest);
    } else if (sp_str_is(word, "start")) {
        read_start(table, rest);
    } else if (sp_str_is(word, "call")) {
        read_call(table, rest);
    } else {
        bad_line(table, "unknown word");
    }
}

static void
read_table(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    struct table table = { .path = path };
    struct sp_str text;
    struct sp_str line;

    if (sp_file_read(&engine_arena, path, 1 << 20, &text) != SP_FILE_OK) {
        engine_fail("%s: cannot be read", path);
    }
    table.name = engine_need(sp_arena_copy(
        &engine_arena, (struct sp_str){ .ptr = name, .len = strlen(name) - strlen(".table") }));
    table.first_job = engine_jobs.list.count;
    while (sp_str_next(&text, "\n", &line)) {
        table.line++;
        read_line(&table, line);
    }
}

void
engine_read_tables(void)
{
    struct sp_paths paths = { { 0 } };

    if (sp_file_list(&engine_arena, engine_machine.folder, &paths) != SP_FILE_OK) {
        engine_fail("%s: cannot be listed", engine_machine.folder);
    }
    for (size_t i = 0; i < paths.list.count; i++) {
        if (sp_str_has_suffix(sp_str_of(paths.list.at[i]), ".table")) {
            read_table(paths.list.at[i]);
        }
    }
}
