#include "ops/emit_program.h"

#include "ops/filter.h"
#include "sem/bpf_run.h"

/* Does the program answer what the profile means? */
static bool
means_it(struct sp_meaning *meaning, struct sp_bpf program, const struct sp_kb_arch *arch,
         const struct sp_kb_syscall *call)
{
    int64_t number = sp_kb_number(arch, call);

    return number == SP_KB_NO_NUMBER
        || sp_bpf_meaning(meaning->store, program, arch->audit, (uint32_t)number)
            == sp_meaning_of(meaning, arch, (uint32_t)number, SP_READING_ENFORCED);
}

static enum sp_emit_result
prove(struct sp_meaning *meaning, struct sp_bpf program, struct sp_buf *why)
{
    for (size_t i = 0; i < meaning->arch_count; i++) {
        const struct sp_kb_arch *arch = meaning->arches[i].arch;
        for (size_t call = 0; call < sp_kb_syscalls_count; call++) {
            if (means_it(meaning, program, arch, &sp_kb_syscalls[call])) {
                continue;
            }
            if (sp_dd_store_failed(meaning->store)) {
                return SP_EMIT_NO_MEMORY;
            }
            sp_buf_format(why, "what the program does for %s on %s is not what the profile means",
                          sp_kb_text(sp_kb_syscalls[call].name), sp_kb_text(arch->name));
            return SP_EMIT_WRONG;
        }
    }
    return SP_EMIT_OK;
}

enum sp_emit_result
sp_emit_program(struct sp_meaning *meaning, struct sp_bpf *ret_program, struct sp_buf *why)
{
    switch (sp_filter_make(meaning->arena, meaning->profile, &meaning->environment, ret_program,
                           why)) {
    case SP_FILTER_PROGRAM:
        return prove(meaning, *ret_program, why);
    case SP_FILTER_UNCONFINED:
    case SP_FILTER_REFUSED:
        return SP_EMIT_REFUSED;
    case SP_FILTER_NO_MEMORY:
        break;
    }
    return SP_EMIT_NO_MEMORY;
}

void
sp_emit_program_bytes(struct sp_bpf program, struct sp_buf *out)
{
    sp_buf_add(out, (struct sp_str){
        .ptr = (const char *)program.at, .len = program.count * sizeof *program.at,
    });
}
