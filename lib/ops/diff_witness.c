/* Witnesses put to the proof: both filters as libseccomp compiles them, in the interpreter. */
#include "ops/diff_work.h"

#include "sem/bpf_run.h"

static bool
is_same(const struct sp_environment *left, const struct sp_environment *right)
{
    return left->host == right->host && left->caps == right->caps
        && sp_version_compare(left->kernel, right->kernel) == 0;
}

struct sp_meaning *
sp_diff_meaning(struct sp_diff_side *side, const struct sp_environment *like)
{
    const struct sp_environment environment = sp_diff_side_environment(side, like);
    struct sp_arena *arena = side->sides->arena;

    for (size_t i = 0; i < side->meanings.count; i++) {
        if (is_same(&side->meanings.at[i]->environment, &environment)) {
            return side->meanings.at[i];
        }
    }
    struct sp_meaning **place = sp_vec_push(arena, &side->meanings);
    if (place == NULL
        || !sp_meaning_make(arena, side->sides->store, side->profile, &environment, place)) {
        side->meanings.count -= place != NULL;
        return NULL;
    }
    return *place;
}

static enum sp_diff_verified
verify_side(struct sp_diff_side *side, const struct sp_witness *witness, sp_verdict expected)
{
    struct sp_meaning *meaning = sp_diff_meaning(side, &witness->environment);
    struct sp_call call = { .arch = witness->arch->audit, .nr = witness->nr };

    if (meaning == NULL) {
        return SP_DIFF_UNVERIFIED;
    }
    if (meaning->start == SP_START_UNCONFINED) {
        return expected == SP_VERDICT_ALLOW ? SP_DIFF_VERIFIED : SP_DIFF_REFUTED;
    }
    const struct sp_compiled *compiled = sp_meaning_compiled(meaning);
    if (compiled->result != SP_COMPILE_PROGRAM) {
        return SP_DIFF_UNVERIFIED;
    }
    for (unsigned i = 0; i < SP_ARGS; i++) {
        call.args[i] = witness->args[i];
    }
    return sp_bpf_run(compiled->program, &call, NULL) == expected ? SP_DIFF_VERIFIED
                                                                 : SP_DIFF_REFUTED;
}

enum sp_diff_verified
sp_diff_verify(const struct sp_diff_witness *witness)
{
    enum sp_diff_verified from = verify_side(witness->from, &witness->call, witness->call.instead);
    enum sp_diff_verified to = verify_side(witness->to, &witness->call, witness->call.got);

    if (from == SP_DIFF_REFUTED || to == SP_DIFF_REFUTED) {
        return SP_DIFF_REFUTED;
    }
    return from == SP_DIFF_VERIFIED ? to : from;
}
