#include "report/losses.h"

#include "base/testing.h"
#include "report/glyph.h"

#include <string.h>

static struct sp_arena arena;

static void
free_arena(void)
{
    sp_arena_free(&arena);
}

struct added {
    const char *call;
    const char *what;
    const char *became;
};

static const struct {
    struct added added[4];
    struct sp_style style;
    const char *name;
    const char *text;
} blocks[] = {
    { .name = "docker", .text = "" },
    {
        .added = {
            { "socket", "systemd cannot look at arguments", "allowed with all of them" },
            { "clone", "systemd cannot look at arguments", "allowed with all of them" },
        },
        .name = "docker",
        .text = "docker: loss: systemd cannot look at arguments\n"
                "  instead    allowed with all of them\n"
                "  2 calls    clone, socket\n",
    },
    {
        .added = {
            { NULL, "a list names no architectures", "it is that of x86_64" },
            { "clone3", "a list has one answer", "denied with EPERM" },
        },
        .name = "docker",
        .text = "docker: loss: a list names no architectures\n"
                "  instead    it is that of x86_64\n"
                "\n"
                "docker: loss: a list has one answer\n"
                "  instead    denied with EPERM\n"
                "  1 call     clone3\n",
    },
    {
        .added = { { "read", "a list does not log", "allowed" } },
        .style = { .color = true },
        .name = "web.json",
        .text = "web.json: \033[1;33mloss\033[0m: a list does not log\n"
                "  \033[1minstead\033[0m    allowed\n"
                "  \033[1m1 call\033[0m     read\n",
    },
    {
        .added = { { NULL, "the name comes from outside", "it is shown" } },
        .name = "a\033[31m\n.json",
        .text = "a\xef\xbf\xbd[31m .json: loss: the name comes from outside\n"
                "  instead    it is shown\n",
    },
};

START_TEST(a_loss_is_a_block)
{
    struct sp_losses losses = { .arena = &arena };
    SP_BUF(out);

    for (size_t i = 0; i < 4 && blocks[_i].added[i].what != NULL; i++) {
        const struct added *added = &blocks[_i].added[i];
        sp_losses_add(&losses, added->call, added->what, added->became);
    }
    sp_losses_render(&losses, blocks[_i].name, &blocks[_i].style, &out);
    ck_assert(!out.failed);
    ck_assert_str_eq(out.data == NULL ? "" : out.data, blocks[_i].text);
}
END_TEST

/* Every name is there, in lines that fit. */
START_TEST(long_lists_are_folded_and_not_cut)
{
    enum { WIDTH = 60 };
    struct sp_losses losses = { .arena = &arena };
    struct sp_str rest;
    struct sp_str line;
    SP_BUF(out);

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        sp_losses_add(&losses, sp_kb_text(sp_kb_syscalls[i].name),
                      "this format has no conditions for arguments, whatever they ask for",
                      "these calls are allowed with all arguments that there may ever be");
    }
    sp_losses_render(&losses, "docker", &(struct sp_style){ .width = WIDTH }, &out);
    ck_assert(!out.failed);
    rest = sp_buf_view(&out);
    while (sp_str_next(&rest, "\n", &line)) {
        ck_assert_uint_le(sp_glyph_columns(line), WIDTH);
    }
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const char *name = sp_kb_text(sp_kb_syscalls[i].name);
        ck_assert_msg(strstr(out.data, name) != NULL, "%s is missing", name);
    }
}
END_TEST

START_TEST(a_list_that_is_not_complete_is_a_failure)
{
    struct sp_losses losses = { .arena = &arena, .failed = true };
    SP_BUF(out);

    sp_losses_render(&losses, "docker", &(struct sp_style){ .width = 80 }, &out);
    ck_assert(out.failed);
}
END_TEST

SP_SUITE(report_losses)
{
    TCase *tcase = sp_testing_case(suite, "losses");

    tcase_add_checked_fixture(tcase, NULL, free_arena);
    tcase_add_loop_test(tcase, a_loss_is_a_block, 0, (int)(sizeof blocks / sizeof *blocks));
    tcase_add_test(tcase, long_lists_are_folded_and_not_cut);
    tcase_add_test(tcase, a_list_that_is_not_complete_is_a_failure);
}
