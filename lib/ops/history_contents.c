#include "ops/history_work.h"

#include "base/release.h"
#include "format/defaults_write.h"

#include <string.h>

/* ---- what a content says of the call ------------------------------------------------- */

/* The call, and what libseccomp makes it share rules with: socketcall and ipc are given
 * those of the calls behind them, and one that is open to all takes in what would else
 * contradict itself there.  A call that every default allows heads the list of numbers, as
 * some such call does in the whole (sem/arch_head.c). */
static void
mark_wanted(const struct sp_kb_syscall *call, bool *wanted)
{
    wanted[sp_kb_syscall_index(call)] = true;
    wanted[sp_kb_syscall_index(sp_kb_syscall_find(SP_STR("read")))] = true;
    for (size_t i = 0; i < call->families.count; i++) {
        const struct sp_kb_family *family =
            &sp_kb_families[sp_kb_family_uses[call->families.first + i]];
        const uint16_t *members = &sp_kb_indices[family->members.first];
        bool is_multiplexer = &sp_kb_syscalls[members[0]] == call;
        if (strcmp(sp_kb_text(family->kind), "multiplexer") != 0) {
            continue;
        }
        for (size_t j = 0; j < (is_multiplexer ? family->members.count : 1u); j++) {
            wanted[members[j]] = true;
        }
    }
}

void
sp_history_text(const struct sp_kb_default *content, const struct sp_kb_syscall *call,
                struct sp_buf *buf)
{
    SP_SCRATCH(scratch);
    bool *wanted = sp_arena_new_array(&scratch, sp_kb_syscalls_count, bool);

    if (wanted == NULL) {
        buf->failed = true;
        return;
    }
    mark_wanted(call, wanted);
    sp_defaults_write_calls(content, wanted, buf);
}

/* ---- capabilities -------------------------------------------------------------------- */

static bool
is_about(const struct sp_history_making *making, const struct sp_kb_default_rule *rule)
{
    for (size_t i = 0; i < rule->calls.count; i++) {
        if (making->wanted[sp_kb_indices[rule->calls.first + i]]) {
            return true;
        }
    }
    return false;
}

static uint64_t
caps_of(struct sp_kb_range names)
{
    uint64_t caps = 0;

    for (size_t i = 0; i < names.count; i++) {
        const char *name = sp_kb_text(sp_kb_texts[names.first + i]);
        const struct sp_kb_cap *cap = sp_kb_cap_find(sp_str_of(name));
        caps |= cap == NULL ? 0 : UINT64_C(1) << (cap - sp_kb_caps);
    }
    return caps;
}

static void
note_caps(struct sp_history_making *making, const struct sp_kb_default *content)
{
    for (size_t i = 0; i < content->rules.count; i++) {
        const struct sp_kb_default_rule *rule = &sp_kb_default_rules[content->rules.first + i];
        if (rule->caps.count + rule->not_caps.count > 0 && is_about(making, rule)) {
            making->caps |= caps_of(rule->caps) | caps_of(rule->not_caps);
        }
    }
}

/* ---- releases ------------------------------------------------------------------------ */

bool
sp_history_is_told(const struct sp_kb_release *release)
{
    return sp_release_is_number(sp_str_of(sp_kb_text(release->version)));
}

/* Docker 1.12 shipped a text for the default capabilities, but decided by code, which is a
 * release of its own in the series ("1.12.0-conditional"): that is what containers were
 * started with. */
static void
find_code(struct sp_history_making *making)
{
    const struct sp_kb_series *series = making->request->series;
    const struct sp_str suffix = SP_STR("-conditional");

    for (size_t i = 0; i < series->releases.count; i++) {
        const struct sp_kb_release *release = &sp_kb_releases[series->releases.first + i];
        struct sp_str version = sp_str_of(sp_kb_text(release->version));
        if (sp_str_has_suffix(version, suffix.ptr)) {
            version.len -= suffix.len;
            const struct sp_kb_release *shipped = sp_kb_release_find(series, version);
            making->code = release;
            making->shipped = shipped == NULL ? release : shipped;
        }
    }
}

static uint16_t
content_of(const struct sp_history_making *making, const struct sp_kb_release *release)
{
    bool is_code = making->code != NULL && release->content == making->shipped->content;

    return is_code ? making->code->content : release->content;
}

/* ---- all contents -------------------------------------------------------------------- */

/* Answers 1 + the index of the content, 0 when there is no memory. */
static uint16_t
place_text(struct sp_history_making *making, struct sp_str text)
{
    for (size_t i = 0; i < making->contents.count; i++) {
        if (sp_str_equal(making->contents.at[i].text, text)) {
            return (uint16_t)(i + 1);
        }
    }
    struct sp_history_content *added = sp_vec_push(making->scratch, &making->contents);
    char *copy = added == NULL ? NULL : sp_arena_copy(making->scratch, text);
    if (copy == NULL) {
        return 0;
    }
    added->text = (struct sp_str){ .ptr = copy, .len = text.len };
    added->profile = sp_history_profile(making->scratch, added->text);
    return added->profile == NULL ? 0 : (uint16_t)making->contents.count;
}

/* `buf` is for the text. */
static bool
place_content(struct sp_history_making *making, uint16_t row, struct sp_buf *buf)
{
    if (making->places[row] != 0) {
        return true;
    }
    sp_buf_cut(buf, 0);
    sp_defaults_write_calls(&sp_kb_defaults[row], making->wanted, buf);
    if (buf->failed) {
        return false;
    }
    note_caps(making, &sp_kb_defaults[row]);
    making->places[row] = place_text(making, sp_buf_view(buf));
    return making->places[row] != 0;
}

bool
sp_history_take_contents(struct sp_history_making *making)
{
    const struct sp_kb_range releases = making->request->series->releases;
    SP_BUF(text);

    mark_wanted(making->request->call, making->wanted);
    find_code(making);
    for (size_t i = 0; i < releases.count; i++) {
        const struct sp_kb_release *release = &sp_kb_releases[releases.first + i];
        if (sp_history_is_told(release)
            && !place_content(making, content_of(making, release), &text)) {
            return false;
        }
    }
    return true;
}

struct sp_history_content *
sp_history_content(struct sp_history_making *making, const struct sp_kb_release *release)
{
    return &making->contents.at[making->places[content_of(making, release)] - 1];
}
