#include "base/testing.h"
#include "report/render.h"

#include <string.h>

/* The summary of one clean file. */
static void
render_clean(const char *path, struct sp_buf *out)
{
    const struct sp_report report = { .dropped = 0 };
    struct sp_render render = { .renderer = &sp_renderer_text, .out = out };

    sp_buf_cut(out, 0);
    render.renderer->begin(&render);
    render.renderer->file(&render, &(struct sp_file_findings){ path, &report, NULL });
    render.renderer->end(&render, &(struct sp_summary){ .files = 1 });
}

START_TEST(a_long_path_is_not_repeated)
{
    char path[SP_RENDER_PATH_MAX + 1];
    SP_BUF(out);

    memset(path, 'x', sizeof path);
    path[SP_RENDER_PATH_MAX] = '\0';
    render_clean(path, &out);
    ck_assert_str_eq(out.data, "1 file: nothing found\n");
    path[SP_RENDER_PATH_MAX - 1] = '\0';
    render_clean(path, &out);
    ck_assert(sp_str_has_prefix(sp_buf_view(&out), path));
}
END_TEST

START_TEST(no_file_is_not_the_same_as_a_clean_one)
{
    SP_BUF(out);
    struct sp_render render = { .renderer = &sp_renderer_text, .out = &out };

    render.renderer->begin(&render);
    render.renderer->end(&render, &(struct sp_summary){ .files = 0 });
    ck_assert_str_eq(out.data, "no profile found\n");
}
END_TEST

START_TEST(a_note_is_written_only_where_it_is_wanted)
{
    SP_BUF(out);

    for (size_t i = 0; sp_renderers[i] != NULL; i++) {
        struct sp_render render = { .renderer = sp_renderers[i], .out = &out };
        sp_render_note(&render, "compose.yaml", "a Compose file");
        ck_assert_uint_eq(out.len, 0);
        render.style.verbose = true;
        sp_render_note(&render, "compose.yaml", "a Compose file");
        ck_assert_int_eq(out.len > 0, !sp_renderers[i]->is_one_value);
        sp_buf_cut(&out, 0);
    }
}
END_TEST

START_TEST(a_renderer_is_found_by_its_name)
{
    for (size_t i = 0; sp_renderers[i] != NULL; i++) {
        const char *name = sp_renderers[i]->name;
        ck_assert_ptr_eq(sp_renderer_find(sp_str_of(name)), sp_renderers[i]);
        ck_assert_ptr_nonnull(sp_renderers[i]->about);
    }
    ck_assert_ptr_null(sp_renderer_find(SP_STR("tex")));
    ck_assert_ptr_null(sp_renderer_find(SP_STR("")));
}
END_TEST

SP_SUITE(report_render)
{
    TCase *tcase = sp_testing_case(suite, "render");

    tcase_add_test(tcase, a_long_path_is_not_repeated);
    tcase_add_test(tcase, no_file_is_not_the_same_as_a_clean_one);
    tcase_add_test(tcase, a_note_is_written_only_where_it_is_wanted);
    tcase_add_test(tcase, a_renderer_is_found_by_its_name);
}
