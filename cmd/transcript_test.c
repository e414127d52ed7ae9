/* The program as people meet it: every transcript of testdata/cli and every console block of
 * the documentation is run, and must print what it says.
 *
 * A transcript is commands and what they print, standard output and standard error together:
 *
 *     # a comment, up to the first command
 *     $ secprof lint good.json
 *     good.json: clean
 *     $ secprof lint - < broken.json
 *     ...
 *     [1]
 *
 * `[N]` as last line is the exit status when it is not 0; a line `...` stands for any lines.
 * Transcripts run in a fresh copy of testdata/cli/files, examples of pages at the project's top.
 * With SECPROF_UPDATE=1 transcripts are written anew from what was printed: read them then. */
#include "base/buf.h"
#include "base/testing.h"
#include "base/vec.h"

#include <fcntl.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Bytes of a difference that are shown: the test library takes no more. */
enum { SHOWN = 3000 };

/* ---- what a transcript says ---------------------------------------------------------- */

/* A command, what it should print, and how it should end. */
struct block {
    struct sp_str command;
    struct sp_str output;  /* with the last newline, without the status */
    int status;
    size_t line;           /* of the command, from 1 */
};

struct transcript {
    const char *path;
    struct sp_str head;  /* what stands before the first command */
    SP_VEC(struct block) blocks;
};

static struct sp_str
join(struct sp_str first, struct sp_str next)
{
    size_t len = (size_t)(next.ptr + next.len - first.ptr);

    return (struct sp_str){ .ptr = first.ptr, .len = len };
}

/* The next line, without and with its newline. */
static bool
next_line(struct sp_str *rest, struct sp_str *ret_line, struct sp_str *ret_whole)
{
    struct sp_str before = *rest;

    if (rest->len == 0 || !sp_str_next(rest, "\n", ret_line)) {
        return false;
    }
    *ret_whole = sp_str_slice(before, 0, before.len - rest->len);
    return true;
}

/* Is the line `[N]`? Three digits at most: no status is longer. */
static bool
is_status(struct sp_str line, int *ret_status)
{
    uint64_t number;

    if (line.len < 3 || line.len > 5 || line.ptr[0] != '[' || line.ptr[line.len - 1] != ']'
        || !sp_str_to_u64(sp_str_slice(line, 1, line.len - 1), &number)) {
        return false;
    }
    *ret_status = (int)number;
    return true;
}

/* Moves a status from the end of the output to where it belongs. */
static void
take_status(struct block *block)
{
    struct sp_str rest = block->output;
    struct sp_str line = SP_STR("");
    struct sp_str whole = SP_STR("");

    while (next_line(&rest, &line, &whole)) {
        continue;
    }
    if (is_status(line, &block->status)) {
        block->output.len -= whole.len;
    }
}

/* Reads blocks from `text`, whose first line is line `first` of the file. */
static void
parse(struct sp_arena *arena, struct sp_str text, size_t first, struct transcript *transcript)
{
    struct sp_str line;
    struct sp_str whole;
    struct block *block = NULL;
    size_t begin = transcript->blocks.count;

    transcript->head = sp_str_slice(text, 0, 0);
    for (size_t number = first; next_line(&text, &line, &whole); number++) {
        if (sp_str_has_prefix(line, "$ ")) {
            block = sp_vec_push(arena, &transcript->blocks);
            ck_assert_ptr_nonnull(block);
            *block = (struct block){
                .command = sp_str_slice(line, 2, line.len), .line = number,
                .output = sp_str_slice(text, 0, 0),
            };
        } else if (block == NULL) {
            transcript->head = join(transcript->head, whole);
        } else {
            block->output = join(block->output, whole);
        }
    }
    for (size_t i = begin; i < transcript->blocks.count; i++) {
        take_status(&transcript->blocks.at[i]);
    }
}

/* ---- running ------------------------------------------------------------------------- */

/* Where commands run: the folder, and the folder of the program under test. */
struct place {
    char folder[PATH_MAX];
    char program[PATH_MAX];
};

static struct place
new_place(void)
{
    const char *program = getenv("SECPROF");
    struct place place = { .folder = "/tmp/secprof-cli-XXXXXX" };

    if (program == NULL) {
        program = "build/secprof";
    }
    ck_assert_msg(realpath(program, place.program) != NULL, "no program to test: %s", program);
    ck_assert_ptr_nonnull(mkdtemp(place.folder));
    return place;
}

static void
remove_place(const struct place *place)
{
    SP_BUF(command);

    sp_buf_format(&command, "chmod -R u+w %s && rm -rf %s", place->folder, place->folder);
    ck_assert_int_eq(system(command.data), 0);
}

/* `bin` has the program under the name that commands call it by, `work` the files; they stand
 * side by side, so that a listing of `work` shows files only. */
static void
furnish(const struct place *place)
{
    SP_BUF(bin);
    SP_BUF(name);
    SP_BUF(copy);

    sp_buf_format(&bin, "%s/bin", place->folder);
    ck_assert_int_eq(mkdir(bin.data, 0777), 0);
    sp_buf_format(&name, "%s/secprof", bin.data);
    ck_assert_int_eq(symlink(place->program, name.data), 0);
    sp_buf_format(&copy, "cp -r testdata/cli/files %s/work", place->folder);
    ck_assert_int_eq(system(copy.data), 0);
}

static char *
variable(struct sp_arena *arena, const char *name, const char *value)
{
    char *text = sp_arena_format(arena, "%s=%s", name, value);

    ck_assert_ptr_nonnull(text);
    return text;
}

/* Becomes the shell: output and errors in `fd`, input empty, and of the user's environment
 * nothing but the way to the system's tools. */
__attribute__((noreturn)) static void
become_shell(const struct place *place, const char *folder, struct sp_str command, int fd)
{
    SP_SCRATCH(arena);
    const char *path = getenv("PATH");
    char *text = sp_arena_copy(&arena, command);
    char *bin = sp_arena_format(&arena, "%s/bin:%s", place->folder,
                                path == NULL ? "/usr/bin:/bin" : path);
    char *const environment[] = {
        variable(&arena, "PATH", bin), variable(&arena, "HOME", place->folder),
        variable(&arena, "TMPDIR", place->folder), variable(&arena, "TERM", "dumb"),
        variable(&arena, "COLUMNS", "80"), variable(&arena, "LC_ALL", "C.UTF-8"), NULL,
    };
    char *const arguments[] = { "sh", "-c", text, NULL };
    int null = open("/dev/null", O_RDONLY);

    if (chdir(folder) == 0 && dup2(null, 0) == 0 && dup2(fd, 1) == 1 && dup2(fd, 2) == 2) {
        umask(022);
        execve("/bin/sh", arguments, environment);
    }
    _exit(127);
}

static void
read_all(int fd, struct sp_buf *out)
{
    char piece[4096];
    ssize_t got;

    while ((got = read(fd, piece, sizeof piece)) > 0) {
        sp_buf_add(out, (struct sp_str){ .ptr = piece, .len = (size_t)got });
    }
    ck_assert_int_eq(got, 0);
}

/* Runs one command; answers its exit status, 128 + N for a signal, as shells do. */
static int
run(const struct place *place, const char *folder, struct sp_str command, struct sp_buf *out)
{
    int ends[2];
    int status;

    ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        become_shell(place, folder, command, ends[1]);
    }
    close(ends[1]);
    read_all(ends[0], out);
    close(ends[0]);
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* ---- comparing ----------------------------------------------------------------------- */

/* Do the lines of `got` match those of `expected`, where `...` stands for any lines? */
static bool
matches(struct sp_str expected, struct sp_str got)
{
    struct sp_str line;
    struct sp_str other;
    struct sp_str whole;

    while (next_line(&expected, &line, &whole)) {
        if (sp_str_is(line, "...")) {
            while (!matches(expected, got)) {
                if (!next_line(&got, &other, &whole)) {
                    return false;
                }
            }
            return true;
        }
        if (!next_line(&got, &other, &whole) || !sp_str_equal(line, other)) {
            return false;
        }
    }
    return got.len == 0;
}

/* Output that does not end its last line is told by this mark, which ends it. */
static void
end_line(struct sp_buf *out)
{
    if (out->len > 0 && out->data[out->len - 1] != '\n') {
        sp_buf_text(out, "\n\\ no newline at the end\n");
    }
}

/* How many lines two texts share from their start on. */
static size_t
shared_lines(struct sp_str left, struct sp_str right)
{
    struct sp_str line;
    struct sp_str other;
    struct sp_str whole;
    size_t count = 0;

    while (next_line(&left, &line, &whole) && next_line(&right, &other, &whole)
           && sp_str_equal(line, other)) {
        count++;
    }
    return count;
}

static void
write_lines(struct sp_buf *diff, struct sp_str text, size_t shared, char mark)
{
    struct sp_str line;
    struct sp_str whole;

    for (size_t number = 0; next_line(&text, &line, &whole); number++) {
        if (number + 3 < shared || (number < shared && mark == '+')) {
            continue;
        }
        sp_buf_format(diff, "  %c %.*s\n", number < shared ? ' ' : mark, SP_STR_ARG(line));
    }
}

/* What was expected (-) and what came (+), from three lines before the first difference on. */
static void
compare(const struct transcript *transcript, const struct block *block, struct sp_str got,
        int status, struct sp_buf *diff)
{
    if (matches(block->output, got) && status == block->status) {
        return;
    }

    size_t shared = shared_lines(block->output, got);
    sp_buf_format(diff, "%s:%zu: $ %.*s\n", transcript->path, block->line + 1 + shared,
                  SP_STR_ARG(block->command));
    write_lines(diff, block->output, shared, '-');
    write_lines(diff, got, shared, '+');
    if (status != block->status) {
        sp_buf_format(diff, "  - [%d]\n  + [%d]\n", block->status, status);
    }
}

/* ---- writing anew -------------------------------------------------------------------- */

/* A block as it would be written now; one that matches stays as it is, with its `...`. */
static void
write_block(const struct block *block, struct sp_str got, int status, struct sp_buf *out)
{
    sp_buf_format(out, "$ %.*s\n", SP_STR_ARG(block->command));
    sp_buf_add(out, matches(block->output, got) ? block->output : got);
    if (status != 0) {
        sp_buf_format(out, "[%d]\n", status);
    }
}

static void
write_file(const char *path, const struct sp_buf *text)
{
    ck_assert(!text->failed);
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_uint_eq(fwrite(text->data, 1, text->len, file), text->len);
    ck_assert_int_eq(fclose(file), 0);
}

/* ---- transcripts of testdata/cli ----------------------------------------------------- */

static char *const *transcripts;

/* Runs all blocks in `folder`; `fresh` gets the file as it would be written now. */
static void
run_blocks(const struct transcript *transcript, const struct place *place, const char *folder,
           struct sp_buf *diff, struct sp_buf *fresh)
{
    sp_buf_add(fresh, transcript->head);
    for (size_t i = 0; i < transcript->blocks.count; i++) {
        const struct block *block = &transcript->blocks.at[i];
        SP_BUF(out);
        int status = run(place, folder, block->command, &out);

        end_line(&out);
        compare(transcript, block, sp_buf_view(&out), status, diff);
        write_block(block, sp_buf_view(&out), status, fresh);
    }
    ck_assert(!diff->failed);
}

START_TEST(a_transcript_of_the_command_is_what_it_prints)
{
    SP_SCRATCH(arena);
    SP_BUF(diff);
    SP_BUF(fresh);
    struct transcript transcript = { .path = transcripts[_i] };
    struct sp_str text = sp_testing_read(transcript.path);
    struct place place = new_place();

    parse(&arena, text, 1, &transcript);
    ck_assert_msg(transcript.blocks.count > 0, "%s: no command", transcript.path);
    furnish(&place);
    const char *work = sp_arena_format(&arena, "%s/work", place.folder);
    run_blocks(&transcript, &place, work, &diff, &fresh);
    remove_place(&place);
    free((char *)text.ptr);
    if (diff.len > 0 && getenv("SECPROF_UPDATE") != NULL) {
        write_file(transcript.path, &fresh);
        return;
    }
    ck_assert_msg(diff.len == 0, "\n%.*s", SHOWN, diff.data);
}
END_TEST

/* ---- console blocks of the documentation --------------------------------------------- */

static glob_t pages;

/* The text up to the closing fence, which is taken, too. */
static struct sp_str
fenced(struct sp_str *rest, size_t *number)
{
    struct sp_str body = sp_str_slice(*rest, 0, 0);
    struct sp_str line;
    struct sp_str whole;

    while (next_line(rest, &line, &whole)) {
        (*number)++;
        if (sp_str_has_prefix(line, "```")) {
            break;
        }
        body = join(body, whole);
    }
    return body;
}

/* Every console block whose first command is ours. */
static void
parse_page(struct sp_arena *arena, struct sp_str text, struct transcript *page)
{
    struct sp_str line;
    struct sp_str whole;

    for (size_t number = 1; next_line(&text, &line, &whole); number++) {
        if (!sp_str_is(line, "```console")) {
            continue;
        }
        size_t first = number + 1;
        struct sp_str body = fenced(&text, &number);
        if (sp_str_has_prefix(body, "$ secprof")) {
            parse(arena, body, first, page);
        }
    }
}

START_TEST(the_examples_of_a_page_print_what_it_says)
{
    SP_SCRATCH(arena);
    SP_BUF(diff);
    SP_BUF(fresh);
    struct transcript page = { .path = pages.gl_pathv[_i] };
    struct sp_str text = sp_testing_read(page.path);
    struct place place = new_place();

    parse_page(&arena, text, &page);
    furnish(&place);
    run_blocks(&page, &place, ".", &diff, &fresh);
    remove_place(&place);
    free((char *)text.ptr);
    ck_assert_msg(diff.len == 0, "\n%.*s", SHOWN, diff.data);
}
END_TEST

/* README.md and the pages of docs, as far as they are there. */
static int
find_pages(void)
{
    (void)glob("README.md", 0, NULL, &pages);
    (void)glob("docs/*.md", GLOB_APPEND, NULL, &pages);
    return (int)pages.gl_pathc;
}

/* ---- the runner itself --------------------------------------------------------------- */

static const struct {
    const char *expected;
    const char *got;
    bool match;
} pairs[] = {
    { "", "", true },
    { "", "a\n", false },
    { "a\n", "", false },
    { "a\nb\n", "a\nb\n", true },
    { "a\nb\n", "a\n", false },
    { "a\n", "a\nb\n", false },
    { "...\n", "", true },
    { "...\n", "a\nb\n", true },
    { "a\n...\n", "a\n", true },
    { "a\n...\nc\n", "a\nb\nb\nc\n", true },
    { "a\n...\nc\n", "a\nb\nc\nd\n", false },
    { "...\nb\n...\nd\n", "a\nb\nb\nc\nd\n", true },
    { "...\nb\n...\ne\n", "a\nb\nb\nc\nd\n", false },
    { "...b\n", "...b\n", true },
    { "...b\n", "ab\n", false },
};

START_TEST(dots_stand_for_any_lines)
{
    ck_assert_msg(matches(sp_str_of(pairs[_i].expected), sp_str_of(pairs[_i].got))
                      == pairs[_i].match, "%s", pairs[_i].expected);
}
END_TEST

START_TEST(a_transcript_is_read_into_blocks)
{
    SP_SCRATCH(arena);
    struct transcript transcript = { .path = "x" };

    parse(&arena, SP_STR("# head\n\n$ one\nout\n[x]\n$ two\n$ three\nout\n[12]\n"), 1,
          &transcript);
    ck_assert(sp_str_is(transcript.head, "# head\n\n"));
    ck_assert_uint_eq(transcript.blocks.count, 3);
    ck_assert(sp_str_is(transcript.blocks.at[0].command, "one"));
    ck_assert(sp_str_is(transcript.blocks.at[0].output, "out\n[x]\n"));
    ck_assert_int_eq(transcript.blocks.at[0].status, 0);
    ck_assert(sp_str_is(transcript.blocks.at[1].output, ""));
    ck_assert_uint_eq(transcript.blocks.at[1].line, 6);
    ck_assert(sp_str_is(transcript.blocks.at[2].output, "out\n"));
    ck_assert_int_eq(transcript.blocks.at[2].status, 12);
}
END_TEST

START_TEST(a_page_gives_the_console_blocks_that_are_ours)
{
    SP_SCRATCH(arena);
    struct transcript page = { .path = "x" };

    parse_page(&arena, SP_STR("# T\n```console\n$ make\n```\n```sh\n$ secprof no\n```\n"
                              "```console\n$ secprof a\nout\n[1]\n```\nafter\n"), &page);
    ck_assert_uint_eq(page.blocks.count, 1);
    ck_assert(sp_str_is(page.blocks.at[0].output, "out\n"));
    ck_assert_int_eq(page.blocks.at[0].status, 1);
    ck_assert_uint_eq(page.blocks.at[0].line, 9);
}
END_TEST

START_TEST(a_difference_is_shown_with_its_place)
{
    SP_BUF(diff);
    struct transcript transcript = { .path = "x" };
    struct block block = {
        .command = SP_STR("c"), .output = SP_STR("1\n2\n3\n4\n5\n"), .line = 7,
    };

    compare(&transcript, &block, SP_STR("1\n2\n3\n4\n6\n"), 1, &diff);
    ck_assert_str_eq(diff.data, "x:12: $ c\n    2\n    3\n    4\n  - 5\n  + 6\n"
                                "  - [0]\n  + [1]\n");
}
END_TEST

SP_SUITE(transcript)
{
    int count;
    TCase *reading = sp_testing_case(suite, "reading");
    TCase *running = sp_testing_case(suite, "running");

    tcase_add_loop_test(reading, dots_stand_for_any_lines, 0,
                        (int)(sizeof pairs / sizeof *pairs));
    tcase_add_test(reading, a_transcript_is_read_into_blocks);
    tcase_add_test(reading, a_page_gives_the_console_blocks_that_are_ours);
    tcase_add_test(reading, a_difference_is_shown_with_its_place);

    transcripts = sp_testing_files("testdata/cli", ".console", &count);
    tcase_add_loop_test(running, a_transcript_of_the_command_is_what_it_prints, 0, count);
    tcase_add_loop_test(running, the_examples_of_a_page_print_what_it_says, 0, find_pages());
}
