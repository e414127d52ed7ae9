#include "report/losses.h"

#include "report/glyph.h"
#include "report/page.h"
#include "report/paint.h"
#include "report/wrap.h"

static void
add_heading(const struct sp_loss *loss, const char *name, const struct sp_style *style,
            struct sp_buf *out)
{
    struct sp_wrap wrap = { .prefix = SP_STR("  ") };

    sp_wrap_add(out, &wrap, sp_str_of(name));
    sp_buf_text(out, ": ");
    sp_paint_text(out, style, SP_PAINT_WARNING, "loss");
    sp_buf_text(out, ": ");
    wrap.width = style->width;
    wrap.column = sp_glyph_columns(sp_str_of(name)) + sizeof ": loss: " - 1;
    sp_wrap_add(out, &wrap, sp_str_of(loss->what));
    sp_buf_char(out, '\n');
}

static void
add_calls(const struct sp_loss *loss, struct sp_page *page)
{
    SP_BUF(label);
    SP_BUF(names);
    size_t count = loss->calls.count;

    sp_buf_format(&label, "%zu %s", count, count == 1 ? "call" : "calls");
    for (size_t i = 0; i < count; i++) {
        sp_buf_format(&names, "%s%s", i == 0 ? "" : ", ", loss->calls.at[i]);
    }
    sp_page_label(page, sp_buf_part(&label, &page->out->failed).ptr);
    sp_page_text(page, sp_buf_part(&names, &page->out->failed));
}

static void
add_loss(const struct sp_loss *loss, const char *name, const struct sp_style *style,
         struct sp_buf *out)
{
    struct sp_page page = { .out = out, .style = *style };

    add_heading(loss, name, style, out);
    sp_page_label(&page, "instead");
    sp_page_text(&page, sp_str_of(loss->became));
    if (loss->calls.count > 0) {
        add_calls(loss, &page);
    }
}

void
sp_losses_render(const struct sp_losses *losses, const char *name, const struct sp_style *style,
                 struct sp_buf *out)
{
    for (size_t i = 0; i < losses->all.count; i++) {
        sp_buf_text(out, i == 0 ? "" : "\n");
        add_loss(&losses->all.at[i], name, style, out);
    }
    out->failed |= losses->failed;
}
