/* Built-in profiles by their names. */
#include "kb/defaults.h"

#include "base/release.h"

static bool
is_name_of(const struct sp_kb_series *series, struct sp_str name)
{
    struct sp_str also = sp_str_of(sp_kb_text(series->also));
    struct sp_str each;

    if (sp_str_equal_folded(name, sp_str_of(sp_kb_text(series->name)))) {
        return true;
    }
    while (sp_str_next(&also, " ", &each)) {
        if (sp_str_equal_folded(name, each)) {
            return true;
        }
    }
    return false;
}

/* What stands before and behind the "@"; false behind when there is none. */
static bool
split(struct sp_str name, struct sp_str *ret_series, struct sp_str *ret_version)
{
    struct sp_str rest = name;

    (void)sp_str_next(&rest, "@", ret_series);
    *ret_version = rest;
    return ret_series->len < name.len;
}

const struct sp_kb_series *
sp_kb_series_find(struct sp_str name)
{
    struct sp_str word = { .len = 0 };
    struct sp_str version;

    (void)split(name, &word, &version);
    for (size_t i = 0; i < sp_kb_all_series_count && word.len > 0; i++) {
        if (is_name_of(&sp_kb_all_series[i], word)) {
            return &sp_kb_all_series[i];
        }
    }
    return NULL;
}

const struct sp_kb_release *
sp_kb_release_newest(const struct sp_kb_series *series)
{
    const struct sp_kb_release *releases = &sp_kb_releases[series->releases.first];
    size_t last = series->releases.count - 1;

    for (size_t i = series->releases.count; i > 0; i--) {
        if (sp_release_is_number(sp_str_of(sp_kb_text(releases[i - 1].version)))) {
            return &releases[i - 1];
        }
    }
    return &releases[last];
}

/* Tags begin with a "v". */
static struct sp_str
without_v(struct sp_str version)
{
    bool has_v = version.len > 1 && (version.ptr[0] == 'v' || version.ptr[0] == 'V')
        && version.ptr[1] >= '0' && version.ptr[1] <= '9';

    return has_v ? sp_str_slice(version, 1, version.len) : version;
}

const struct sp_kb_release *
sp_kb_release_find(const struct sp_kb_series *series, struct sp_str version)
{
    const struct sp_kb_release *releases = &sp_kb_releases[series->releases.first];
    const struct sp_kb_release *newest = NULL;
    struct sp_str wanted = without_v(version);

    for (size_t i = 0; i < series->releases.count; i++) {
        struct sp_str each = sp_str_of(sp_kb_text(releases[i].version));
        if (sp_str_equal_folded(each, wanted)) {
            return &releases[i];
        }
        if (sp_release_is_number(each) && sp_release_begins_with(each, wanted)) {
            newest = &releases[i];
        }
    }
    return newest;
}

bool
sp_kb_builtin_find(struct sp_str name, struct sp_kb_builtin *ret_builtin)
{
    const struct sp_kb_series *series = sp_kb_series_find(name);
    const struct sp_kb_release *release = NULL;
    struct sp_str word = { .len = 0 };
    struct sp_str version = { .len = 0 };
    bool has_version = split(name, &word, &version);

    if (series != NULL && !has_version) {
        release = sp_kb_release_newest(series);
    }
    while (series != NULL && release == NULL) {
        release = sp_kb_release_find(series, version);
        if (release == NULL) {
            series = sp_kb_series_find(sp_str_of(sp_kb_text(series->next)));
        }
    }
    if (release == NULL) {
        return false;
    }
    *ret_builtin = (struct sp_kb_builtin){
        .series = series,
        .release = release,
        .content = &sp_kb_defaults[release->content],
    };
    return true;
}

const struct sp_kb_default *
sp_kb_default_find(struct sp_str name)
{
    struct sp_kb_builtin builtin;

    return sp_kb_builtin_find(name, &builtin) ? builtin.content : NULL;
}
