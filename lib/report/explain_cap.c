/* A capability: what it permits, what it opens, who has it. */
#include "kb/kernel.h"
#include "ops/answer.h"
#include "ops/default_says.h"
#include "report/explain.h"

#include <inttypes.h>

static const struct {
    unsigned bit;
    const char *engine;
} engines[] = {
    { SP_KB_DOCKER, "docker" },
    { SP_KB_CONTAINERD, "containerd" },
    { SP_KB_PODMAN, "podman" },
    { SP_KB_CRIO, "crio" },
};

enum { ENGINES = sizeof engines / sizeof *engines };

static uint64_t
bit_of(const struct sp_kb_cap *cap)
{
    return UINT64_C(1) << (cap - sp_kb_caps);
}

/* Does some use of the call ask for the capability? */
static bool
is_gated(const struct sp_kb_syscall *call, const struct sp_kb_cap *cap)
{
    for (size_t i = 0; i < call->gates.count; i++) {
        if ((sp_kb_gates[call->gates.first + i].caps & bit_of(cap)) != 0) {
            return true;
        }
    }
    return false;
}

static bool
is_opened(const struct sp_kb_syscall *call, const struct sp_kb_cap *cap)
{
    struct sp_default_says says = sp_default_says(sp_kb_default_find(SP_STR("docker")), call);

    return (says.caps & bit_of(cap)) != 0 && says.kind == SP_DEFAULT_CONDITIONAL;
}

typedef bool
call_test(const struct sp_kb_syscall *call, const struct sp_kb_cap *cap);

static void
write_calls(struct sp_page *page, const char *label, const struct sp_kb_cap *cap, call_test *test)
{
    SP_BUF(text);

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (test(&sp_kb_syscalls[i], cap)) {
            sp_buf_text(&text, text.len == 0 ? "" : ", ");
            sp_buf_text(&text, sp_kb_text(sp_kb_syscalls[i].name));
        }
    }
    sp_page_label(page, label);
    sp_page_text(page, sp_buf_part(&text, &page->out->failed));
}

static void
write_defaults(const struct sp_kb_cap *cap, struct sp_buf *buf)
{
    bool first = true;

    for (size_t i = 0; i < ENGINES; i++) {
        if ((cap->defaults & engines[i].bit) != 0) {
            sp_buf_format(buf, "%s%s", first ? "" : ", ", engines[i].engine);
            first = false;
        }
    }
}

static void
write_answer(const struct sp_kb_cap *cap, struct sp_buf *buf)
{
    SP_BUF(defaults);

    sp_buf_text(buf, sp_kb_text(sp_kb_texts[cap->permits.first]));
    write_defaults(cap, &defaults);
    if (defaults.len > 0) {
        sp_buf_format(buf, "; given by default by %s", defaults.data);
    } else {
        sp_buf_text(buf, "; no engine gives it by default");
    }
    buf->failed |= defaults.failed;
}

void
sp_explain_cap_text(const struct sp_kb_cap *cap, struct sp_page *page)
{
    SP_BUF(answer);

    write_answer(cap, &answer);
    sp_page_answer(page, sp_kb_text(cap->name), sp_buf_part(&answer, &page->out->failed));
    sp_page_label(page, "permits");
    for (size_t i = 0; i < cap->permits.count; i++) {
        sp_page_text(page, sp_str_of(sp_kb_text(sp_kb_texts[cap->permits.first + i])));
    }
    sp_page_label(page, "risk");
    sp_page_text(page, sp_str_of(sp_kb_text(cap->risk)));
    write_calls(page, "gates", cap, is_gated);
    write_calls(page, "opens", cap, is_opened);
    sp_page_label(page, "history");
    sp_page_format(page, "number %d, since Linux %s", (int)(cap - sp_kb_caps),
                   sp_kernel_text(cap->since).text);
}

static void
add_calls(struct sp_json *json, const char *key, const struct sp_kb_cap *cap, call_test *test)
{
    struct cJSON *list = sp_json_array(json, NULL, key);

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        if (test(&sp_kb_syscalls[i], cap)) {
            sp_json_string(json, list, NULL, sp_kb_text(sp_kb_syscalls[i].name));
        }
    }
}

void
sp_explain_cap_json(const struct sp_kb_cap *cap, struct sp_json *json)
{
    SP_BUF(answer);

    write_answer(cap, &answer);
    sp_json_string(json, NULL, "capability", sp_kb_text(cap->name));
    sp_json_view(json, NULL, "answer", sp_buf_part(&answer, &json->failed));
    sp_json_u64(json, NULL, "number", (uint64_t)(cap - sp_kb_caps));
    sp_json_string(json, NULL, "since", sp_kernel_text(cap->since).text);
    struct cJSON *permits = sp_json_array(json, NULL, "permits");
    for (size_t i = 0; i < cap->permits.count; i++) {
        sp_json_string(json, permits, NULL, sp_kb_text(sp_kb_texts[cap->permits.first + i]));
    }
    sp_json_string(json, NULL, "risk", sp_kb_text(cap->risk));
    struct cJSON *defaults = sp_json_array(json, NULL, "defaultOf");
    for (size_t i = 0; i < ENGINES; i++) {
        if ((cap->defaults & engines[i].bit) != 0) {
            sp_json_string(json, defaults, NULL, engines[i].engine);
        }
    }
    add_calls(json, "gates", cap, is_gated);
    add_calls(json, "opensInDocker", cap, is_opened);
}
