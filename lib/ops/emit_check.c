#include "ops/emit_check.h"

#include "format/read.h"
#include "sem/safe_rules.h"

/* One check: the text's own profile, in a store of its own. */
struct check {
    struct sp_arena arena;
    struct sp_dd_store *store;
    const struct sp_emit_written *written;
    struct sp_policies read;  /* what the text means */
    struct sp_buf *why;
};

/* ---- reading back ------------------------------------------------------------------------ */

/* Nothing may decide conditions or add a stub between a foreign text and its meaning. */
static struct sp_environment
environment_of(const struct sp_emit_written *written)
{
    struct sp_environment environment = written->policies->environment;

    if (written->dialect == SP_DIALECT_DOCKER) {
        return environment;
    }
    if (written->one_arch) {
        environment.host = written->policies->all.at[0].arch;
    }
    environment.engine = SP_ENGINE_OCI;
    environment.engine_version = (struct sp_version){ .major = 0 };
    environment.runtime = SP_RUNTIME_CRUN;
    environment.runtime_version = (struct sp_version){ .major = 0 };
    return environment;
}

static const struct sp_profile *
read_back(struct check *check)
{
    struct sp_report report = { .arena = &check->arena };
    struct sp_source *source = sp_source_new(&check->arena, "what was written", check->written->text);
    struct sp_doc *doc = sp_arena_new(&check->arena, struct sp_doc);
    struct sp_detected detected;

    if (source == NULL || doc == NULL || !sp_source_index(&check->arena, source)) {
        return NULL;
    }
    source->machine = sp_kb_text(check->written->policies->all.at[0].arch->name);
    if (!sp_read_document(&check->arena, source, check->written->limits, check->written->dialect,
                          &report, doc, &detected)) {
        const struct sp_diag *diag = report.diags.count > 0 ? report.diags.at[0] : NULL;
        if (diag != NULL) {
            struct sp_position at = sp_source_position(source, diag->place.span.start);
            sp_buf_format(check->why, "what was written cannot be read (%u:%u: %s)", at.line,
                          at.column, diag->message);
        }
        return NULL;
    }
    return sp_profile_read(&check->arena, doc, detected);
}

/* SP_EMIT_CHECKED_EQUAL: there is something to compare with. */
static enum sp_emit_checked
find_meaning(struct check *check)
{
    struct sp_environment environment = environment_of(check->written);
    const struct sp_profile *profile = read_back(check);
    struct sp_meaning *meaning;
    const char *call = NULL;

    if (profile == NULL) {
        return check->why->len > 0 ? SP_EMIT_CHECKED_DIFFERS : SP_EMIT_CHECKED_NO_MEMORY;
    }
    if (!sp_meaning_make(&check->arena, check->store, profile, &environment, &meaning)) {
        return SP_EMIT_CHECKED_NO_MEMORY;
    }
    if (meaning->start != SP_START_FILTER) {
        sp_buf_format(check->why, "what was written cannot be proven: as a profile it makes no filter (%s)",
                      meaning->why == NULL ? "unconfined" : meaning->why);
        return SP_EMIT_CHECKED_UNPROVEN;
    }
    switch (sp_policies_make(&check->arena, meaning, &check->read, &call)) {
    case SP_POLICY_OK:
        return SP_EMIT_CHECKED_EQUAL;
    case SP_POLICY_NO_MEMORY:
        return SP_EMIT_CHECKED_NO_MEMORY;
    case SP_POLICY_UNDECIDED:
    case SP_POLICY_LONG:
        break;
    }
    sp_buf_format(check->why, "what was written about %s cannot be followed",
                  call == NULL ? "a call" : call);
    return SP_EMIT_CHECKED_DIFFERS;
}

static size_t
count_policies(const struct sp_emit_written *written)
{
    return written->one_arch ? 1 : written->policies->all.count;
}

/* ---- comparing --------------------------------------------------------------------------- */

static sp_dd
verdicts_of(const struct sp_policy *policy, const char *name)
{
    const struct sp_policy_call *call = sp_policy_find(policy, name);

    return call == NULL ? sp_dd_leaf(policy->store, policy->default_verdict) : call->meaning;
}

static const struct sp_policy *
find_policy(const struct sp_policies *policies, const struct sp_kb_arch *arch)
{
    for (size_t i = 0; i < policies->all.count; i++) {
        if (policies->all.at[i].arch == arch) {
            return &policies->all.at[i];
        }
    }
    return NULL;
}

/* One default for another. */
struct exchange {
    sp_verdict wanted;
    sp_verdict got;
};

static uint32_t
exchange_default(uint32_t value, void *user)
{
    const struct exchange *exchange = user;

    return value == exchange->wanted ? exchange->got : value;
}

/* Does it say the same but for the default, for which `got` stands? */
static bool
is_exchanged(struct check *check, sp_verdict wanted, sp_verdict got, sp_dd meant, sp_dd said)
{
    struct exchange exchange = { .wanted = wanted, .got = got };

    return sp_dd_map(check->store, meant, exchange_default, &exchange) == said;
}

/* Do two diagrams say the same?  Where the default is lost, another verdict stands for it, in calls that the
 * text names as in all others. */
static bool
is_same(struct check *check, const struct sp_policy *wanted, const struct sp_policy *got, sp_dd meant,
        sp_dd said)
{
    const struct sp_loss *lost = sp_losses_default(check->written->losses);
    sp_verdict by_default = wanted->default_verdict;

    if (sp_dd_has_undecided(check->store, said)) {
        return false;
    }
    return meant == said
        || (lost != NULL && (is_exchanged(check, by_default, got->default_verdict, meant, said)
                             || is_exchanged(check, by_default, lost->instead, meant, said)));
}

/* The operator's rules are the profile's own: where some were left out, libseccomp may make something else of
 * the others, too, and nobody is to blame. */
static enum sp_emit_checked
tell_difference(struct check *check, const char *arch, const char *name)
{
    const struct sp_losses *losses = check->written->losses;

    if (check->written->dialect == SP_DIALECT_SPO && losses->all.count > 0) {
        sp_buf_format(check->why, "%s; %s: without that, libseccomp makes something else of %s on %s, too",
                      losses->all.at[0].what, losses->all.at[0].became, name, arch);
        return SP_EMIT_CHECKED_UNPROVEN;
    }
    sp_buf_format(check->why, "what was written about %s on %s does not mean the profile", name, arch);
    return SP_EMIT_CHECKED_DIFFERS;
}

static enum sp_emit_checked
compare_call(struct check *check, const struct sp_policy *wanted, const struct sp_policy *got,
             const char *name)
{
    sp_dd meant = sp_dd_copy(check->store, wanted->store, verdicts_of(wanted, name));
    sp_dd said = verdicts_of(got, name);

    if (is_same(check, wanted, got, meant, said)) {
        return SP_EMIT_CHECKED_EQUAL;
    }
    if (sp_dd_store_failed(check->store)) {
        return SP_EMIT_CHECKED_NO_MEMORY;
    }
    return tell_difference(check, sp_kb_text(wanted->arch->name), name);
}

/* The calls that are to mean what they meant. */
static bool
is_expected(const struct sp_emit_written *written, const struct sp_policy *wanted,
            const struct sp_kb_syscall *call)
{
    return sp_kb_number(wanted->arch, call) != SP_KB_NO_NUMBER
        && !sp_losses_has(written->losses, sp_kb_text(call->name));
}

static enum sp_emit_checked
compare_policy(struct check *check, const struct sp_policy *wanted)
{
    const struct sp_policy *got = find_policy(&check->read, wanted->arch);

    if (sp_losses_has_arch(check->written->losses, wanted->arch)) {
        return SP_EMIT_CHECKED_EQUAL;
    }
    if (got == NULL) {
        sp_buf_format(check->why, "what was written does not cover %s",
                      sp_kb_text(wanted->arch->name));
        return SP_EMIT_CHECKED_DIFFERS;
    }
    if (got->default_verdict != wanted->default_verdict
        && sp_losses_default(check->written->losses) == NULL) {
        sp_buf_text(check->why, "what was written has another default");
        return SP_EMIT_CHECKED_DIFFERS;
    }
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        enum sp_emit_checked checked = is_expected(check->written, wanted, &sp_kb_syscalls[i])
            ? compare_call(check, wanted, got, sp_kb_text(sp_kb_syscalls[i].name))
            : SP_EMIT_CHECKED_EQUAL;
        if (checked != SP_EMIT_CHECKED_EQUAL) {
            return checked;
        }
    }
    return SP_EMIT_CHECKED_EQUAL;
}

/* ---- what cannot be read back ------------------------------------------------------------ */

/* Can a profile say what the policy says of this call? */
static bool
is_sayable(const struct sp_policy *policy, const struct sp_policy_call *call)
{
    SP_SCRATCH(scratch);
    struct sp_safe_rules rules;

    return sp_safe_rules_of(&scratch, policy->store, call->meaning, policy->default_verdict,
                            policy->arch->bits, &rules) != SP_SAFE_UNWRITABLE;
}

/* A difference that comes from what no profile can say is none that was proven.  With losses, where a call may
 * be left with verdicts that the profile does not have, nobody can tell. */
static enum sp_emit_checked
find_unsayable(const struct sp_emit_written *written, bool is_read, struct sp_buf *why)
{
    if (!is_read && written->losses->all.count > 0) {
        sp_buf_text(why, ": with what it lost it says what no profile can say, so that it is not proven");
        return SP_EMIT_CHECKED_UNPROVEN;
    }
    for (size_t i = 0; i < count_policies(written); i++) {
        const struct sp_policy *policy = &written->policies->all.at[i];
        for (size_t j = 0; j < policy->calls.count; j++) {
            const struct sp_policy_call *call = &policy->calls.at[j];
            if (!is_sayable(policy, call)) {
                sp_buf_cut(why, 0);
                sp_buf_format(why, "no list of rules says what it means for %s on %s, so that the text "
                                   "cannot be proven", sp_kb_text(call->call->name),
                              sp_kb_text(policy->arch->name));
                return SP_EMIT_CHECKED_UNPROVEN;
            }
        }
    }
    return SP_EMIT_CHECKED_DIFFERS;
}

enum sp_emit_checked
sp_emit_check(const struct sp_emit_written *written, struct sp_buf *why)
{
    struct check check = { .written = written, .why = why, .store = sp_dd_store_new(SP_DD_BUDGET) };
    enum sp_emit_checked checked =
        check.store == NULL ? SP_EMIT_CHECKED_NO_MEMORY : find_meaning(&check);
    bool is_read = checked == SP_EMIT_CHECKED_EQUAL;

    for (size_t i = 0; i < count_policies(written) && checked == SP_EMIT_CHECKED_EQUAL; i++) {
        checked = compare_policy(&check, &written->policies->all.at[i]);
    }
    sp_dd_store_free(check.store);
    sp_arena_free(&check.arena);
    return checked == SP_EMIT_CHECKED_DIFFERS ? find_unsayable(written, is_read, why) : checked;
}
