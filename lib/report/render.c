#include "report/render.h"

const struct sp_renderer *const sp_renderers[] = {
    &sp_renderer_text,
    &sp_renderer_concise,
    &sp_renderer_json,
    NULL,
};

const struct sp_renderer *
sp_renderer_find(struct sp_str name)
{
    for (size_t i = 0; sp_renderers[i] != NULL; i++) {
        if (sp_str_is(name, sp_renderers[i]->name)) {
            return sp_renderers[i];
        }
    }
    return NULL;
}

void
sp_render_note(struct sp_render *render, const char *path, const char *text)
{
    if (render->style.verbose && render->renderer->note != NULL) {
        render->renderer->note(render, path, text);
    }
}
