#include "ops/answer.h"

#include "kb/kernel.h"
#include "ops/default_says.h"

#include <string.h>

void
sp_answer_caps(uint64_t caps, const char *between, struct sp_buf *buf)
{
    bool first = true;

    /* The newer the capability, the narrower: it is the one to give, and comes first. */
    for (size_t i = sp_kb_caps_count; i-- > 0;) {
        if ((caps >> i & 1) != 0) {
            sp_buf_text(buf, first ? "" : between);
            sp_buf_text(buf, sp_kb_text(sp_kb_caps[i].name));
            first = false;
        }
    }
}

static void
write_caps_part(const char *before, const char *word, uint64_t caps, const char *between,
                struct sp_buf *buf)
{
    if (caps != 0) {
        sp_buf_format(buf, "%s%s ", before, word);
        sp_answer_caps(caps, between, buf);
    }
}

static void
write_kernel_part(const char *before, const char *word, struct sp_version version,
                  struct sp_buf *buf)
{
    if (version.major != 0) {
        sp_buf_format(buf, "%s%s Linux %u.%u", before, word, version.major, version.minor);
    }
}

void
sp_answer_when(const struct sp_when *when, const char *before, struct sp_buf *buf)
{
    bool has_with = when->caps != 0;
    bool has_caps = has_with || when->without_caps != 0;
    bool has_from = when->from.major != 0;

    write_caps_part(before, "with", when->caps, " and ", buf);
    write_caps_part(has_with ? ", " : before, "without", when->without_caps, " or ", buf);
    write_kernel_part(has_caps ? ", " : before, "from", when->from, buf);
    write_kernel_part(has_caps || has_from ? ", " : before, "before", when->before, buf);
}

void
sp_answer_gate(const struct sp_kb_gate *gate, struct sp_buf *buf)
{
    if (gate->kind == SP_GATE_NONE) {
        sp_buf_text(buf, "no capability");
    } else {
        sp_answer_caps(gate->caps, gate->kind == SP_GATE_ALL ? " and " : " or ", buf);
    }
}

const char *
sp_answer_scope(sp_text scope)
{
    static const struct {
        const char *scope;
        const char *text;
    } rows[] = {
        { "inode", "and ids mapped" },
        { "init", "host" },
        { "ipc", "owner of the IPC namespace" },
        { "mnt", "owner of the mount namespace" },
        { "net", "owner of the network namespace" },
        { "pid", "owner of the PID namespace" },
        { "ptrace", "over the target" },
        { "sb", "owner of the filesystem" },
        { "self", "own user namespace" },
        { "target", "over the target" },
        { "target+self", "over the target, and own" },
        { "uts", "owner of the UTS namespace" },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].scope, sp_kb_text(scope)) == 0) {
            return rows[i].text;
        }
    }
    return sp_kb_text(scope);
}

/* ---- the kernel's half --------------------------------------------------------------- */

static bool
is_usual(const struct sp_kb_gate *gate)
{
    const char *when = sp_kb_text(gate->when);

    return strncmp(when, "always", strlen("always")) == 0 || strstr(when, "most ") != NULL
        || strstr(when, "every command") != NULL;
}

/* The first gate that asks for a capability: rows stand in order of weight. NULL when none does. */
static const struct sp_kb_gate *
first_gate(const struct sp_kb_syscall *call)
{
    for (size_t i = 0; i < call->gates.count; i++) {
        const struct sp_kb_gate *gate = &sp_kb_gates[call->gates.first + i];
        if (gate->caps != 0) {
            return gate;
        }
    }
    return NULL;
}

/* Answers the capabilities that it named as needed. */
static uint64_t
write_kernel(const struct sp_kb_syscall *call, struct sp_buf *buf)
{
    const struct sp_kb_gate *gate = first_gate(call);
    bool is_first = gate == &sp_kb_gates[call->gates.first];

    if (call->removed != 0) {
        sp_buf_format(buf, "gone from Linux %s on (ENOSYS)", sp_kernel_text(call->removed).text);
        return 0;
    }
    if (gate == NULL) {
        sp_buf_text(buf, "needs no capability");
        return 0;
    }
    bool usual = is_first && is_usual(gate);
    sp_buf_text(buf, usual ? "needs " : "some uses need ");
    sp_answer_gate(gate, buf);
    return usual ? gate->caps : 0;
}

/* ---- Docker's half ------------------------------------------------------------------- */

static bool
is_several(uint64_t caps)
{
    return (caps & (caps - 1)) != 0;
}

/* `said` holds the capabilities that the kernel's half has just named. */
static void
write_conditional(const struct sp_default_says *says, uint64_t said, struct sp_buf *buf)
{
    if (says->by_kernel) {
        sp_buf_text(buf, "Docker's default allows it on kernels from 4.8 on");
        if (says->caps != 0) {
            sp_buf_text(buf, ", before that only with ");
        }
    } else if (says->by_argument) {
        sp_buf_text(buf, "Docker's default allows it for some arguments");
        if (says->caps != 0) {
            sp_buf_text(buf, ", for all with ");
        }
    } else if (says->caps == 0) {
        sp_buf_text(buf, "Docker's default allows it where the architecture has a use for it");
    } else {
        sp_buf_text(buf, "Docker's default answers ");
        sp_buf_text(buf, says->other_action ? "ENOSYS" : "EPERM");
        sp_buf_text(buf, " without ");
    }
    if (says->caps == said && is_several(said) && !says->by_kernel && !says->by_argument) {
        sp_buf_text(buf, "one of them");
    } else {
        sp_answer_caps(says->caps, " or ", buf);
    }
}

static void
write_docker(const struct sp_kb_syscall *call, uint64_t said, struct sp_buf *buf)
{
    const struct sp_kb_default *profile = sp_kb_default_find(SP_STR("docker"));
    struct sp_default_says says = sp_default_says(profile, call);

    switch (says.kind) {
    case SP_DEFAULT_ALLOWED:
        sp_buf_text(buf, "Docker's default allows it");
        break;
    case SP_DEFAULT_CONDITIONAL:
        write_conditional(&says, said, buf);
        break;
    case SP_DEFAULT_UNLISTED:
        sp_buf_text(buf, "Docker's default refuses it (");
        sp_default_action(profile, buf);
        sp_buf_text(buf, ")");
        if (call->blocked != 0) {
            const struct sp_kb_blocked *row = &sp_kb_blocked[call->blocked - 1];
            sp_buf_format(buf, ": %s", sp_kb_text(sp_kb_classes[row->reason].text));
        }
        break;
    }
}

void
sp_answer_call(const struct sp_kb_syscall *call, struct sp_buf *buf)
{
    uint64_t said = write_kernel(call, buf);

    sp_buf_text(buf, "; ");
    write_docker(call, said, buf);
}

void
sp_answer_kernel(const struct sp_kb_syscall *call, struct sp_buf *buf)
{
    (void)write_kernel(call, buf);
}

/* ---- relatives ----------------------------------------------------------------------- */

/* Has an earlier family, or an earlier place of this one, named the member? */
static bool
was_named(const struct sp_kb_syscall *call, size_t family, uint16_t member)
{
    for (size_t i = 0; i < family; i++) {
        const struct sp_kb_family *earlier =
            &sp_kb_families[sp_kb_family_uses[call->families.first + i]];
        for (size_t m = 0; m < earlier->members.count; m++) {
            if (sp_kb_indices[earlier->members.first + m] == member) {
                return true;
            }
        }
    }
    return false;
}

void
sp_answer_siblings(const struct sp_kb_syscall *call,
                   void (*each)(void *user, const struct sp_kb_syscall *sibling), void *user)
{
    for (size_t i = 0; i < call->families.count; i++) {
        const struct sp_kb_family *family =
            &sp_kb_families[sp_kb_family_uses[call->families.first + i]];
        for (size_t m = 0; m < family->members.count; m++) {
            uint16_t member = sp_kb_indices[family->members.first + m];
            if (member != sp_kb_syscall_index(call) && !was_named(call, i, member)) {
                each(user, &sp_kb_syscalls[member]);
            }
        }
    }
}
