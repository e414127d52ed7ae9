#include "report/builtins.h"

#include "base/closest.h"
#include "base/release.h"
#include "report/glyph.h"
#include "report/json_parts.h"

#include <string.h>

/* Wider cells push what follows to the right. */
enum { RANGES_COLUMNS = 44 };

static void
add_cell(struct sp_buf *out, struct sp_str word, size_t columns)
{
    sp_buf_add(out, word);
    sp_buf_repeat(out, ' ', (word.len < columns ? columns - word.len : 0) + 2);
}

/* ---- releases of a content ------------------------------------------------------------- */

static const struct sp_kb_release *
release_at(const struct sp_kb_series *series, size_t n)
{
    return &sp_kb_releases[series->releases.first + n];
}

static bool
has_content(const struct sp_kb_series *series, size_t n, const struct sp_kb_default *content)
{
    return n < series->releases.count
        && &sp_kb_defaults[release_at(series, n)->content] == content;
}

static bool
is_number(const struct sp_kb_series *series, size_t n)
{
    return sp_release_is_number(sp_str_of(sp_kb_text(release_at(series, n)->version)));
}

static const char *
first_release(const struct sp_kb_series *series, const struct sp_kb_default *content)
{
    size_t n = 0;

    while (!has_content(series, n, content)) {
        n++;
    }
    return sp_kb_text(release_at(series, n)->version);
}

/* "20.10.22, 23.0.0 to 23.0.4". */
static void
write_ranges(const struct sp_kb_series *series, const struct sp_kb_default *content,
             struct sp_buf *out)
{
    size_t start = out->len;

    for (size_t n = 0; n < series->releases.count; n++) {
        if (!has_content(series, n, content)) {
            continue;
        }
        size_t end = n;
        while (has_content(series, end + 1, content) && is_number(series, end + 1)) {
            end++;
        }
        sp_buf_text(out, out->len > start ? ", " : "");
        sp_buf_text(out, sp_kb_text(release_at(series, n)->version));
        if (end > n) {
            sp_buf_format(out, " to %s", sp_kb_text(release_at(series, end)->version));
        }
        n = end;
    }
}

/* Is this the release by which a content has its place in the list: its last, of those with
 * a number? */
static bool
is_place(const struct sp_kb_series *series, size_t n)
{
    const struct sp_kb_default *content = &sp_kb_defaults[release_at(series, n)->content];

    for (size_t i = n + 1; i < series->releases.count; i++) {
        if (has_content(series, i, content) && is_number(series, i)) {
            return false;
        }
    }
    if (is_number(series, n)) {
        return true;
    }
    for (size_t i = 0; i < n; i++) {
        if (has_content(series, i, content)) {
            return false;
        }
    }
    return true;
}

/* Calls `each` for the contents in the order of the list: those of releases with a number,
 * the newest first, then those of others. */
static void
walk(const struct sp_kb_series *series, const struct sp_kb_default *only,
     void (*each)(void *user, const struct sp_kb_series *series,
                  const struct sp_kb_default *content),
     void *user)
{
    for (unsigned round = 0; round < 2; round++) {
        for (size_t n = series->releases.count; n > 0; n--) {
            const struct sp_kb_default *content =
                &sp_kb_defaults[release_at(series, n - 1)->content];
            if (is_number(series, n - 1) == (round == 0) && is_place(series, n - 1)
                && (only == NULL || only == content)) {
                each(user, series, content);
            }
        }
    }
}

static void
count_one(void *user, const struct sp_kb_series *series, const struct sp_kb_default *content)
{
    (void)series;
    (void)content;
    ++*(size_t *)user;
}

static size_t
count_contents(const struct sp_kb_series *series)
{
    size_t count = 0;

    walk(series, NULL, count_one, &count);
    return count;
}

static bool
is_named_before(const struct sp_kb_default *content, size_t rule, size_t call)
{
    uint16_t wanted = sp_kb_indices[sp_kb_default_rules[content->rules.first + rule].calls.first
                                    + call];

    for (size_t i = 0; i <= rule; i++) {
        struct sp_kb_range calls = sp_kb_default_rules[content->rules.first + i].calls;
        size_t end = i < rule ? calls.count : call;
        for (size_t j = 0; j < end; j++) {
            if (sp_kb_indices[calls.first + j] == wanted) {
                return true;
            }
        }
    }
    return false;
}

/* Each name once. */
static size_t
count_calls(const struct sp_kb_default *content)
{
    size_t count = 0;

    for (size_t i = 0; i < content->rules.count; i++) {
        size_t calls = sp_kb_default_rules[content->rules.first + i].calls.count;
        for (size_t j = 0; j < calls; j++) {
            count += !is_named_before(content, i, j);
        }
    }
    return count;
}

/* ---- text ------------------------------------------------------------------------------ */

static void
add_contents_row(void *user, const struct sp_kb_series *series,
                 const struct sp_kb_default *content)
{
    enum { VERSION_COLUMNS = sizeof "20.10.10" - 1, SHA_SHOWN = 12 };
    struct sp_buf *out = user;
    struct sp_str sha = content->sha256 == 0
        ? SP_STR("code") : sp_str_slice(sp_str_of(sp_kb_text(content->sha256)), 0, SHA_SHOWN);
    SP_BUF(ranges);

    write_ranges(series, content, &ranges);
    add_cell(out, sp_str_of(first_release(series, content)), VERSION_COLUMNS);
    add_cell(out, sp_buf_part(&ranges, &out->failed), RANGES_COLUMNS);
    add_cell(out, sp_str_of(sp_kb_text(content->date)), 0);
    add_cell(out, sha, SHA_SHOWN);
    sp_buf_format(out, "%zu calls\n", count_calls(content));
}

void
sp_render_contents_text(const struct sp_kb_series *series, const struct sp_kb_default *only,
                        struct sp_buf *out)
{
    walk(series, only, add_contents_row, out);
}

static size_t
longest_name(void)
{
    size_t longest = 0;

    for (size_t i = 0; i < sp_kb_all_series_count; i++) {
        size_t length = strlen(sp_kb_text(sp_kb_all_series[i].name));
        longest = length > longest ? length : longest;
    }
    return longest;
}

static void
add_series_row(const struct sp_kb_series *series, size_t name_columns, struct sp_buf *out)
{
    enum { VERSION_COLUMNS = sizeof "0.66.0" - 1 };
    const char *newest = sp_kb_text(sp_kb_release_newest(series)->version);
    SP_BUF(counts);

    sp_buf_format(&counts, "%3u releases  %2zu contents", series->releases.count,
                  count_contents(series));
    add_cell(out, sp_str_of(sp_kb_text(series->name)), name_columns);
    add_cell(out, sp_str_of(newest), VERSION_COLUMNS);
    add_cell(out, sp_buf_part(&counts, &out->failed), 0);
    sp_buf_text(out, sp_kb_text(series->about));
    if (series->next != 0) {
        sp_buf_format(out, "; releases of %s, too", sp_kb_text(series->next));
    }
    if (series->also != 0) {
        sp_buf_format(out, "; also %s", sp_kb_text(series->also));
    }
    sp_buf_char(out, '\n');
}

void
sp_render_series_text(struct sp_buf *out)
{
    size_t columns = longest_name();

    for (size_t i = 0; i < sp_kb_all_series_count; i++) {
        add_series_row(&sp_kb_all_series[i], columns, out);
    }
}

/* ---- JSON ------------------------------------------------------------------------------ */

static void
add_series(struct sp_json *json, struct cJSON *list, const struct sp_kb_series *series)
{
    struct cJSON *object = sp_json_object(json, list, NULL);
    struct sp_str rest = sp_str_of(sp_kb_text(series->also));
    struct sp_str name;

    sp_json_string(json, object, "name", sp_kb_text(series->name));
    struct cJSON *also = sp_json_array(json, object, "also");
    while (series->also != 0 && sp_str_next(&rest, " ", &name)) {
        sp_json_view(json, also, NULL, name);
    }
    if (series->next != 0) {
        sp_json_string(json, object, "next", sp_kb_text(series->next));
    }
    sp_json_string(json, object, "about", sp_kb_text(series->about));
    sp_json_string(json, object, "newest", sp_kb_text(sp_kb_release_newest(series)->version));
    sp_json_u64(json, object, "releases", series->releases.count);
    sp_json_u64(json, object, "contents", count_contents(series));
}

static void
end(struct sp_json *json, struct sp_buf *out)
{
    sp_json_print_within(json, 0, out);
    sp_buf_char(out, '\n');
    sp_json_free(json);
}

void
sp_render_series_json(struct sp_buf *out)
{
    struct sp_json json = sp_json_answer("builtins");
    struct cJSON *list = sp_json_array(&json, NULL, "series");

    for (size_t i = 0; i < sp_kb_all_series_count; i++) {
        add_series(&json, list, &sp_kb_all_series[i]);
    }
    end(&json, out);
}

struct objects {
    struct sp_json *json;
    struct cJSON *list;
};

static void
add_content(void *user, const struct sp_kb_series *series, const struct sp_kb_default *content)
{
    const struct objects *objects = user;
    struct sp_json *json = objects->json;
    struct cJSON *object = sp_json_object(json, objects->list, NULL);

    sp_json_string(json, object, "id", sp_kb_text(content->id));
    struct cJSON *releases = sp_json_array(json, object, "releases");
    for (size_t n = 0; n < series->releases.count; n++) {
        if (has_content(series, n, content)) {
            sp_json_string(json, releases, NULL, sp_kb_text(release_at(series, n)->version));
        }
    }
    sp_json_string(json, object, "date", sp_kb_text(content->date));
    if (content->sha256 != 0) {
        sp_json_string(json, object, "sha256", sp_kb_text(content->sha256));
    }
    sp_json_bool(json, object, "code", content->sha256 == 0);
    sp_json_u64(json, object, "calls", count_calls(content));
}

void
sp_render_contents_json(const struct sp_kb_series *series, const struct sp_kb_default *only,
                        struct sp_buf *out)
{
    struct sp_json json = sp_json_answer("builtins");

    sp_json_string(&json, NULL, "series", sp_kb_text(series->name));
    struct objects objects = {
        .json = &json, .list = sp_json_array(&json, NULL, "contents"),
    };
    walk(series, only, add_content, &objects);
    end(&json, out);
}

/* ---- unknown words --------------------------------------------------------------------- */

static void
write_closest(struct sp_str name, struct sp_buf *out)
{
    struct sp_closest closest = sp_closest_to(name);

    for (size_t i = 0; i < sp_kb_all_series_count; i++) {
        sp_closest_offer(&closest, sp_kb_text(sp_kb_all_series[i].name));
    }
    if (closest.count > 0) {
        sp_buf_format(out, "; closest: %s", closest.best[0].name);
        return;
    }
    sp_buf_text(out, " (");
    for (size_t i = 0; i < sp_kb_all_series_count; i++) {
        sp_buf_format(out, "%s%s", i == 0 ? "" : ", ", sp_kb_text(sp_kb_all_series[i].name));
    }
    sp_buf_char(out, ')');
}

bool
sp_render_builtin_unknown(struct sp_str word, struct sp_buf *out)
{
    const struct sp_kb_series *series = sp_kb_series_find(word);
    struct sp_str version = word;
    struct sp_str name = { .len = 0 };

    (void)sp_str_next(&version, "@", &name);
    if (series == NULL) {
        sp_buf_text(out, "no built-in profile is called '");
        sp_glyph_add(out, word);
        sp_buf_char(out, '\'');
        write_closest(name, out);
        return false;
    }
    sp_buf_format(out, version.len == 0 ? "%s@ names no release" : "%s has no release ",
                  sp_kb_text(series->name));
    sp_glyph_add(out, version);
    sp_buf_format(out, " (newest %s)", sp_kb_text(sp_kb_release_newest(series)->version));
    return true;
}
