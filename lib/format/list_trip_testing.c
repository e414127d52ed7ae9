#include "format/list_trip_testing.h"

#include "base/testing.h"
#include "format/defaults_write.h"
#include "format/profile_read.h"
#include "format/profile_testing.h"
#include "kb/defaults.h"
#include "sem/random_profiles_testing.h"

#include <stdlib.h>
#include <string.h>

static bool
make_policies(struct sp_trip *trip, const struct sp_profile *profile,
              const struct sp_environment *environment, struct sp_policies *ret_policies)
{
    struct sp_meaning *meaning;

    ck_assert(sp_meaning_make(&trip->arena, trip->store, profile, environment, &meaning));
    if (meaning->start == SP_START_ENDLESS
        || (meaning->start == SP_START_REFUSED
            && strstr(meaning->why, "instructions") != NULL)) {
        trip->refused = meaning->why;
    }
    return meaning->start == SP_START_FILTER
        && sp_policies_make(&trip->arena, meaning, ret_policies, NULL) == SP_POLICY_OK;
}

bool
sp_trip_write(struct sp_trip *trip, struct sp_str profile,
              const struct sp_environment *environment, sp_trip_writer *write)
{
    *trip = (struct sp_trip){ .store = sp_dd_store_new(SP_DD_BUDGET) };
    trip->losses.arena = &trip->arena;
    if (!make_policies(trip, sp_testing_profile(&trip->arena, profile), environment,
                       &trip->policies)) {
        return false;
    }
    struct sp_emission emission = {
        .arena = &trip->arena,
        .policies = &trip->policies,
        .name = "a test",
        .losses = &trip->losses,
        .out = &trip->text,
    };
    write(&emission);
    ck_assert(!trip->text.failed && !trip->losses.failed);
    return true;
}

/* Is it a fault of profiles, not of the text? */
static bool
is_beyond_profiles(const struct sp_report *report)
{
    return report->diags.count == 1
        && sp_str_has_suffix(sp_str_of(report->diags.at[0]->message),
                             "are more than a profile's conditions can say");
}

/* NULL when the reader cannot carry it over. */
static const struct sp_profile *
read_text(struct sp_trip *trip, struct sp_str text, sp_trip_reader *read)
{
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &trip->arena };
    const struct sp_source *source = sp_source_new(&trip->arena, "test", text);
    struct sp_doc *doc = sp_arena_new(&trip->arena, struct sp_doc);

    bool is_read = read(&trip->arena, source, &limits, &report, doc);
    if (!is_read && is_beyond_profiles(&report)) {
        trip->refused = report.diags.at[0]->message;
        return NULL;
    }
    ck_assert_msg(is_read, "%s in\n%.*s",
                  report.diags.count > 0 ? report.diags.at[0]->message : "no memory",
                  SP_STR_ARG(text));
    ck_assert_uint_eq(report.diags.count, 0);
    return sp_profile_read(&trip->arena, doc, sp_profile_detect(doc));
}

static struct sp_environment
plain_environment(const struct sp_kb_arch *host)
{
    return (struct sp_environment){
        .engine = SP_ENGINE_OCI,
        .runtime = SP_RUNTIME_CRUN,
        .host = host,
        .kernel = { .major = 7 },
    };
}

bool
sp_trip_read(struct sp_trip *trip, sp_trip_reader *read)
{
    struct sp_environment environment = plain_environment(trip->policies.environment.host);

    const struct sp_profile *profile = read_text(trip, sp_buf_view(&trip->text), read);

    return profile != NULL && make_policies(trip, profile, &environment, &trip->read);
}

void
sp_trip_of_text(struct sp_trip *trip, struct sp_str text, sp_trip_reader *read)
{
    struct sp_environment environment = plain_environment(sp_kb_arch_find(SP_STR("x86_64")));

    *trip = (struct sp_trip){ .store = sp_dd_store_new(SP_DD_BUDGET) };
    const struct sp_profile *profile = read_text(trip, text, read);
    ck_assert_msg(profile != NULL, "%s", trip->refused);
    ck_assert(make_policies(trip, profile, &environment, &trip->read));
}

void
sp_trip_of_file(const char *path, sp_trip_reader *read, size_t least)
{
    struct sp_str text = sp_testing_read(path);
    struct sp_trip trip;

    sp_trip_of_text(&trip, text, read);
    ck_assert_uint_gt(trip.read.all.at[0].calls.count, least);
    sp_trip_end(&trip);
    free((void *)text.ptr);
}

/* ---- comparing ----------------------------------------------------------------------- */

sp_dd
sp_trip_meaning(struct sp_trip *trip, const struct sp_policy *policy, const char *name)
{
    const struct sp_policy_call *call = sp_policy_find(policy, name);
    sp_dd meaning = call != NULL ? call->meaning
                                 : sp_dd_leaf(trip->store, policy->default_verdict);

    for (unsigned arg = 0; policy->arch->bits == 32 && arg < SP_ARGS; arg++) {
        meaning = sp_dd_narrow(trip->store, meaning, arg, 32);
    }
    return meaning;
}

sp_verdict
sp_trip_verdict(struct sp_trip *trip, const char *name, const uint64_t args[SP_ARGS])
{
    sp_dd meaning = sp_trip_meaning(trip, &trip->read.all.at[0], name);
    sp_verdict verdict;

    ck_assert(sp_dd_eval(trip->store, meaning, args, &verdict));
    return verdict;
}

size_t
sp_trip_compare(struct sp_trip *trip, bool same_default)
{
    const struct sp_policy *wanted = &trip->policies.all.at[0];
    const struct sp_policy *got = &trip->read.all.at[0];
    size_t compared = 0;

    ck_assert_ptr_eq(wanted->arch, got->arch);
    ck_assert(!same_default || wanted->default_verdict == got->default_verdict);
    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        const char *name = sp_kb_text(sp_kb_syscalls[i].name);
        bool is_listed =
            sp_policy_find(wanted, name) != NULL || sp_policy_find(got, name) != NULL;

        if (sp_kb_number(wanted->arch, &sp_kb_syscalls[i]) == SP_KB_NO_NUMBER
            || sp_losses_has(&trip->losses, name) || (!same_default && !is_listed)) {
            continue;
        }
        if (!same_default && sp_policy_find(got, name) == NULL
            && sp_policy_find(wanted, name)->meaning
                   == sp_dd_leaf(trip->store, wanted->default_verdict)) {
            continue;
        }
        ck_assert_msg(sp_trip_meaning(trip, wanted, name) == sp_trip_meaning(trip, got, name),
                      "%s is not the same in\n%s", name, trip->text.data);
        compared++;
    }
    return compared;
}

bool
sp_trip_lost(const struct sp_trip *trip, const char *prefix)
{
    for (size_t i = 0; i < trip->losses.all.count; i++) {
        if (sp_str_has_prefix(sp_str_of(trip->losses.all.at[i].what), prefix)) {
            return true;
        }
    }
    return false;
}

void
sp_trip_end(struct sp_trip *trip)
{
    sp_dd_store_free(trip->store);
    sp_buf_free(&trip->text);
    sp_arena_free(&trip->arena);
}

/* ---- what formats are tried with ----------------------------------------------------- */

struct sp_environment
sp_trip_default(int number, struct sp_buf *ret_text)
{
    const char *name = number == 1 ? "podman" : "docker";

    sp_defaults_write(sp_kb_default_find(sp_str_of(name)), ret_text);
    return (struct sp_environment){
        .engine = number == 1 ? SP_ENGINE_PODMAN : SP_ENGINE_DOCKER,
        .host = sp_kb_arch_find(SP_STR("x86_64")),
        .kernel = { .major = 7, .minor = 0 },
        .caps = number == 2 ? UINT64_MAX : sp_kb_default_caps(SP_KB_DOCKER),
    };
}

struct sp_trips
sp_trip_random(uint64_t seed, size_t count, sp_trip_writer *write,
               bool (*check)(struct sp_trip *trip))
{
    struct sp_trips trips = { .written = 0 };

    for (size_t i = 0; i < count; i++) {
        SP_BUF(profile);
        struct sp_environment environment;
        struct sp_trip trip;

        sp_random_profile(&seed, &profile, &environment);
        if (sp_trip_write(&trip, sp_buf_view(&profile), &environment, write)) {
            bool is_good = check(&trip);
            trips.written++;
            trips.good += is_good;
            trips.refused += !is_good && trip.refused != NULL;
        }
        sp_trip_end(&trip);
    }
    return trips;
}

void
sp_trip_refuses(const struct sp_trip_refusal *refusal, sp_trip_reader *read)
{
    SP_SCRATCH(arena);
    struct sp_doc_limits limits = SP_DOC_LIMITS;
    struct sp_report report = { .arena = &arena };
    struct sp_source *source = sp_source_new(&arena, "test", sp_str_of(refusal->text));
    struct sp_doc doc;

    ck_assert_msg(!read(&arena, source, &limits, &report, &doc), "%s is read", refusal->text);
    ck_assert_uint_eq(report.diags.count, 1);
    ck_assert(sp_source_index(&arena, source));
    struct sp_position at = sp_source_position(source, report.diags.at[0]->place.span.start);
    ck_assert_str_eq(report.diags.at[0]->message, refusal->message);
    ck_assert_msg(at.line == refusal->line && at.column == refusal->column, "%s at %u:%u",
                  refusal->message, at.line, at.column);
}
