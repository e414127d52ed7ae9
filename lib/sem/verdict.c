#include "sem/verdict.h"

#include "kb/kb.h"

/* The words of SECCOMP_RET_*, except for USER_NOTIF, which profiles call NOTIFY; strictest
 * first. */
static const struct {
    sp_verdict action;
    const char *name;
} actions[] = {
    { .action = SP_VERDICT_KILL_PROCESS, .name = "KILL_PROCESS" },
    { .action = SP_VERDICT_KILL_THREAD, .name = "KILL_THREAD" },
    { .action = SP_VERDICT_TRAP, .name = "TRAP" },
    { .action = SP_VERDICT_ERRNO, .name = "ERRNO" },
    { .action = SP_VERDICT_NOTIFY, .name = "NOTIFY" },
    { .action = SP_VERDICT_TRACE, .name = "TRACE" },
    { .action = SP_VERDICT_LOG, .name = "LOG" },
    { .action = SP_VERDICT_ALLOW, .name = "ALLOW" },
};

static void
write_data(sp_verdict verdict, struct sp_buf *buf)
{
    sp_verdict action = verdict & SP_VERDICT_ACTION;
    uint32_t data = verdict & SP_VERDICT_DATA;
    const struct sp_kb_errno *error =
        action == SP_VERDICT_ERRNO && data != 0 ? sp_kb_errno_by_number(data) : NULL;

    if (error != NULL) {
        sp_buf_format(buf, "(%s)", sp_kb_text(error->name));
    } else if (data != 0 || action == SP_VERDICT_ERRNO || action == SP_VERDICT_TRACE) {
        sp_buf_format(buf, "(%u)", data);
    }
}

void
sp_verdict_write(sp_verdict verdict, struct sp_buf *buf)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (actions[i].action == (verdict & SP_VERDICT_ACTION)) {
            sp_buf_text(buf, actions[i].name);
            write_data(verdict, buf);
            return;
        }
    }
    sp_buf_format(buf, "0x%x", verdict);
}
