/* Texts of tools that keep socketcall and ipc apart from the calls behind them, on machines where libseccomp
 * does not. */
#include "base/testing.h"
#include "format/read.h"
#include "sem/meaning.h"
#include "text/report.h"

#include <string.h>

static const struct {
    enum sp_dialect dialect;
    const char *machine;
    const char *text;
    const char *call;     /* that the error is about; NULL: it is read */
    const char *allowed;  /* some calls that it allows, whatever their arguments */
} texts[] = {
    /* x86_64 has no socketcall */
    { SP_DIALECT_MINIJAIL, NULL, "socket: allow\n", NULL, "socket" },
    { SP_DIALECT_MINIJAIL, "x86_64", "socket: allow\n", NULL, "socket" },
    { SP_DIALECT_MINIJAIL, "x86", "read: allow\nsocket: allow\n", "socket", NULL },
    { SP_DIALECT_MINIJAIL, "x86", "read: allow\nsemop: allow\n", "semop", NULL },
    { SP_DIALECT_MINIJAIL, "x86", "read: allow\n", NULL, "read" },
    { SP_DIALECT_MINIJAIL, "x86", "accept4: allow\nsocketcall: allow\n", NULL, "accept4 socketcall" },
    { SP_DIALECT_MINIJAIL, "x86", "accept4: allow\nread: allow\nsocketcall: arg0 == 18\n", NULL,
      "accept4 read" },
    { SP_DIALECT_MINIJAIL, "x86", "accept4: allow\nread: allow\nsocketcall: arg0 == 17\n", "accept4",
      NULL },
    /* two answers about one call behind it: no filter, but where that of socketcall comes first */
    { SP_DIALECT_MINIJAIL, "x86", "socket: arg0 == 1; return EPERM\nread: allow\nsocketcall: allow\n", NULL,
      "read socketcall" },
    { SP_DIALECT_KAFEL, "s390x", "ALLOW { read, socket } DEFAULT KILL\n", "socket", NULL },
    { SP_DIALECT_KAFEL, "x86_64", "ALLOW { read, socket } DEFAULT KILL\n", NULL, "read socket" },
    { SP_DIALECT_KAFEL, "x86", "ERRNO(1) { socket } DEFAULT ALLOW\n", "socket", NULL },
    { SP_DIALECT_FIREJAIL, "s390x", "seccomp.keep read,socket\n", "socket", NULL },
    { SP_DIALECT_FIREJAIL, "s390x", "seccomp.keep read,socket,socketcall\n", NULL,
      "read socket socketcall" },
    /* those that are made with libseccomp do not keep them apart */
    { SP_DIALECT_LIST, "s390x", "read socket\n", NULL, "read socket" },
    /* numbers are those of the machine */
    { SP_DIALECT_FIREJAIL, "aarch64", "seccomp.keep read,$198\n", NULL, "read socket" },
    { SP_DIALECT_FIREJAIL, "x86_64", "seccomp.keep read,$41\n", NULL, "read socket" },
};

static void
check_allowed(struct sp_arena *arena, const struct sp_profile *profile, const char *machine,
              const char *names)
{
    struct sp_dd_store *store = sp_dd_store_new(SP_DD_BUDGET);
    struct sp_environment environment = {
        .engine = SP_ENGINE_OCI, .runtime = SP_RUNTIME_CRUN,
        .host = sp_kb_arch_find(machine == NULL ? SP_STR("x86_64") : sp_str_of(machine)),
    };
    struct sp_meaning *meaning;
    struct sp_str rest = sp_str_of(names);

    ck_assert_ptr_nonnull(store);
    ck_assert(sp_meaning_make(arena, store, profile, &environment, &meaning));
    ck_assert_int_eq(meaning->start, SP_START_FILTER);
    while (rest.len > 0) {
        const char *space = memchr(rest.ptr, ' ', rest.len);
        size_t len = space == NULL ? rest.len : (size_t)(space - rest.ptr);
        const struct sp_kb_syscall *call = sp_kb_syscall_find(sp_str_slice(rest, 0, len));
        uint32_t nr = (uint32_t)sp_kb_number(environment.host, call);
        ck_assert_uint_eq(sp_meaning_of(meaning, environment.host, nr, SP_READING_ENFORCED),
                          sp_dd_leaf(store, SP_VERDICT_ALLOW));
        rest = sp_str_slice(rest, space == NULL ? len : len + 1, rest.len);
    }
    sp_dd_store_free(store);
}

START_TEST(no_text_is_read_as_something_else)
{
    SP_SCRATCH(arena);
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &arena };
    struct sp_source *source = sp_source_new(&arena, "text", sp_str_of(texts[_i].text));
    struct sp_doc doc;
    struct sp_detected detected;

    ck_assert(source != NULL && sp_source_index(&arena, source));
    source->machine = texts[_i].machine;
    bool is_read = sp_read_document(&arena, source, &limits, texts[_i].dialect, &report, &doc,
                                    &detected);
    ck_assert(!report.failed);
    ck_assert_msg(is_read == (texts[_i].call == NULL), "%s",
                  report.diags.count > 0 ? report.diags.at[0]->message : "no error");
    if (is_read) {
        check_allowed(&arena, sp_profile_read(&arena, &doc, detected), texts[_i].machine,
                      texts[_i].allowed);
        return;
    }
    ck_assert_uint_eq(report.diags.count, 1);
    struct sp_span span = report.diags.at[0]->place.span;
    ck_assert(sp_str_has_prefix(sp_source_slice(source, span), texts[_i].call));
    ck_assert_ptr_nonnull(strstr(report.diags.at[0]->message, texts[_i].machine));
}
END_TEST

SP_SUITE(foreign)
{
    TCase *tcase = sp_testing_case(suite, "multiplexers");

    tcase_add_loop_test(tcase, no_text_is_read_as_something_else, 0, sizeof texts / sizeof *texts);
}
