/* A program of somebody else: links the shared library, lints a text, explains a call. */
#include <secprof.h>

#include <stdio.h>
#include <string.h>

static int
fail(const char *what)
{
    fprintf(stderr, "linked: %s\n", what);
    return 1;
}

int
main(void)
{
    static const char profile[] = "{\"defaultAction\": \"SCMP_ACT_NOTHING\"}";
    struct secprof *context = NULL;
    struct secprof_lint *lint = NULL;
    const char *text = NULL;
    char *page = NULL;
    size_t size = 0;

    if (secprof_new(&context) != SECPROF_OK
        || secprof_lint_new(context, "concise", NULL, &lint) != SECPROF_OK
        || secprof_lint_bytes(lint, "mine.json", profile, strlen(profile)) != SECPROF_OK
        || secprof_lint_end(lint) != SECPROF_OK
        || secprof_lint_take(lint, &text, &size) != SECPROF_OK) {
        return fail("lint");
    }
    if (secprof_lint_count(lint, SECPROF_ERROR) == 0 || strstr(text, "SP108") == NULL) {
        return fail("the unknown action was not found");
    }
    if (secprof_explain(context, "bpf", "text", NULL, &page) != SECPROF_OK
        || strncmp(page, "bpf: ", 5) != 0) {
        return fail("explain");
    }
    secprof_text_free(page);
    secprof_lint_free(lint);
    secprof_unref(context);
    puts("linked: fine");
    return 0;
}
