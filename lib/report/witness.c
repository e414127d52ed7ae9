#include "report/witness.h"

#include "ops/answer.h"
#include "sem/verdict.h"
#include "sem/words.h"

#include <inttypes.h>

/* ---- for people -------------------------------------------------------------------------- */

static void
add_call(const struct sp_witness *witness, const uint64_t args[SP_ARGS], struct sp_buf *buf)
{
    if (witness->syscall == NULL) {
        sp_buf_format(buf, "call %" PRIu32, witness->nr);
    } else {
        sp_words_call(witness->syscall, args, buf);
    }
}

void
sp_witness_write(const struct sp_witness *witness, struct sp_buf *buf)
{
    sp_buf_format(buf, "%s ", sp_kb_text(witness->arch->name));
    add_call(witness, witness->args, buf);
    sp_buf_text(buf, ": ");
    sp_verdict_write(witness->got, buf);
    if (witness->has_instead) {
        sp_buf_text(buf, "; ");
        if (witness->has_twin) {
            add_call(witness, witness->twin, buf);
        } else {
            sp_buf_text(buf, witness->instead_is == NULL ? "not" : witness->instead_is);
        }
        sp_buf_text(buf, ": ");
        sp_verdict_write(witness->instead, buf);
    }
    sp_answer_when(&witness->when, ", ", buf);
}

/* ---- for programs ------------------------------------------------------------------------ */

/* The word of OCI; a verdict that has none cannot come from a profile. */
static const char *
action_word(sp_verdict verdict)
{
    static const struct {
        sp_verdict action;
        const char *word;
    } rows[] = {
        { SP_VERDICT_KILL_PROCESS, "SCMP_ACT_KILL_PROCESS" },
        { SP_VERDICT_KILL_THREAD, "SCMP_ACT_KILL_THREAD" },
        { SP_VERDICT_TRAP, "SCMP_ACT_TRAP" },
        { SP_VERDICT_ERRNO, "SCMP_ACT_ERRNO" },
        { SP_VERDICT_NOTIFY, "SCMP_ACT_NOTIFY" },
        { SP_VERDICT_TRACE, "SCMP_ACT_TRACE" },
        { SP_VERDICT_LOG, "SCMP_ACT_LOG" },
        { SP_VERDICT_ALLOW, "SCMP_ACT_ALLOW" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].action == (verdict & SP_VERDICT_ACTION)) {
            return rows[i].word;
        }
    }
    return "SCMP_ACT_KILL_PROCESS";
}

void
sp_verdict_json(struct sp_json *json, struct cJSON *parent, const char *key, sp_verdict verdict)
{
    struct cJSON *object = sp_json_object(json, parent, key);
    uint64_t data = verdict & SP_VERDICT_DATA;
    sp_verdict action = verdict & SP_VERDICT_ACTION;

    sp_json_string(json, object, "action", action_word(verdict));
    if (action == SP_VERDICT_ERRNO || action == SP_VERDICT_TRACE) {
        const struct sp_kb_errno *row = sp_kb_errno_by_number(data);
        sp_json_u64(json, object, "errno", data);
        if (row != NULL && action == SP_VERDICT_ERRNO) {
            sp_json_string(json, object, "errnoName", sp_kb_text(row->name));
        }
    }
}

static void
add_args(struct sp_json *json, struct cJSON *object, const char *key,
         const uint64_t args[SP_ARGS])
{
    struct cJSON *list = sp_json_array(json, object, key);

    for (size_t i = 0; i < SP_ARGS; i++) {
        SP_BUF(text);
        sp_buf_format(&text, "0x%" PRIx64, args[i]);
        json->failed |= text.failed;
        sp_json_view(json, list, NULL, sp_buf_view(&text));
    }
}

static void
add_caps(struct sp_json *json, struct cJSON *object, uint64_t caps)
{
    struct cJSON *list = sp_json_array(json, object, "caps");

    for (size_t i = 0; i < sp_kb_caps_count; i++) {
        if ((caps >> i & 1) != 0) {
            sp_json_string(json, list, NULL, sp_kb_text(sp_kb_caps[i].name));
        }
    }
}

void
sp_witness_json(struct sp_json *json, struct cJSON *parent, const struct sp_witness *witness)
{
    struct cJSON *object = sp_json_object(json, parent, "witness");

    sp_json_string(json, object, "arch", sp_kb_text(witness->arch->name));
    if (witness->syscall != NULL) {
        sp_json_string(json, object, "syscall", sp_kb_text(witness->syscall->name));
    }
    sp_json_u64(json, object, "number", witness->nr);
    add_args(json, object, "args", witness->args);
    add_caps(json, object, witness->environment.caps);
    const struct sp_version *kernel = &witness->environment.kernel;
    if (kernel->major != 0) {
        SP_BUF(text);
        sp_buf_format(&text, "%u.%u", kernel->major, kernel->minor);
        json->failed |= text.failed;
        sp_json_view(json, object, "kernel", sp_buf_view(&text));
    }
    sp_verdict_json(json, object, "got", witness->got);
    if (witness->has_instead) {
        sp_verdict_json(json, object, "instead", witness->instead);
    }
    if (witness->has_twin) {
        add_args(json, object, "insteadArgs", witness->twin);
    }
}
