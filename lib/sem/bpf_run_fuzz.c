/* Any bytes as a program: what is accepted is run, listed and executed symbolically, and both
 * roads agree wherever the diagram is decided. */
#include "sem/bpf_run.h"

#include <assert.h>
#include <string.h>

enum { NODES = 1 << 16, LONGEST = 256, ARCH = 0x3e, NR = 7 };

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
compare_at(const struct sp_dd_store *store, sp_dd meaning, struct sp_bpf program,
           const struct sp_call *call)
{
    uint32_t value = 0;
    size_t steps = 0;
    sp_verdict verdict = sp_bpf_run(program, call, &steps);

    assert(steps > 0 && steps <= program.count);
    assert(!sp_dd_eval(store, meaning, call->args, &value) || value == verdict);
}

static void
look_at(struct sp_bpf program, struct sp_call *call)
{
    struct sp_dd_store *store = sp_dd_store_new(NODES);
    SP_BUF(listing);

    if (store == NULL) {
        return;
    }
    sp_dd meaning = sp_bpf_meaning(store, program, ARCH, NR);
    compare_at(store, meaning, program, call);
    for (unsigned bit = 0; bit < SP_ARGS * 64; bit++) {
        call->args[bit / 64] ^= (uint64_t)1 << bit % 64;
        compare_at(store, meaning, program, call);
    }
    if (sp_bpf_is_cached(program, ARCH, NR)) {
        assert(meaning == sp_dd_leaf(store, SP_VERDICT_ALLOW) || sp_dd_store_is_spent(store));
    }
    sp_bpf_print(program, &listing);
    sp_dd_store_free(store);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct sp_bpf_insn insns[LONGEST];
    struct sp_call call = { .arch = ARCH, .nr = NR };
    size_t at;

    if (size < sizeof call.args) {
        return 0;
    }
    memcpy(call.args, data, sizeof call.args);
    size_t count = (size - sizeof call.args) / sizeof *insns;
    count = count < LONGEST ? count : LONGEST;
    if (count > 0) {
        memcpy(insns, data + sizeof call.args, count * sizeof *insns);
    }
    struct sp_bpf program = { .at = insns, .count = count };
    if (sp_bpf_refused(program, &at) == NULL) {
        look_at(program, &call);
    } else {
        assert(at <= count);
    }
    return 0;
}
