#include "format/bpf_read_work.h"

#include "format/profile_read.h"
#include "sem/meaning.h"

/* The filter that a runtime makes of the profile. */
struct trial {
    struct sp_bpf_reading *reading;
    struct sp_meaning *meaning;
    struct sp_bpf_names differ;
    const struct sp_bpf_number *other;  /* a number of nobody that differs, and where */
    const struct sp_bpf_arch *other_arch;
};

static sp_dd
verdicts_of(const struct trial *trial, const struct sp_bpf_arch *arch, uint32_t nr)
{
    sp_dd verdicts = sp_meaning_of(trial->meaning, arch->arch, nr, SP_READING_ENFORCED);

    for (unsigned arg = 0; arch->arch->bits == 32 && arg < SP_ARGS; arg++) {
        verdicts = sp_dd_narrow(trial->reading->store, verdicts, arg, 32);
    }
    return verdicts;
}

/* The number -1 is no call anywhere, and programs written by hand kill it with those of x32:
 * whatever is answered there lets nothing run, and is not compared. */
static bool
compare_arch(struct trial *trial, const struct sp_bpf_arch *arch)
{
    for (size_t i = 0; i < arch->numbers.count; i++) {
        const struct sp_bpf_number *number = &arch->numbers.at[i];
        if (number->nr == SP_BPF_NR_SKIPPED || sp_bpf_read_is_stubbed(arch, number)
            || verdicts_of(trial, arch, number->nr) == number->verdicts) {
            continue;
        }
        if (number->call == NULL) {
            trial->other = number;
            trial->other_arch = arch;
        } else if (!sp_bpf_read_add_name(trial->reading, &trial->differ, number->call)) {
            return false;
        }
    }
    return true;
}

static bool
tell(const struct trial *trial)
{
    static const char help[] =
        "what this program does is no filter that a runtime makes of a profile";

    if (trial->differ.all.count > 0) {
        return sp_bpf_read_fail_calls(trial->reading, &trial->differ, help,
                                      "the filter of a profile with the same rules has other "
                                      "answers for");
    }
    if (trial->other != NULL) {
        return sp_bpf_read_fail(trial->reading, SP_BPF_WHOLE, help,
                                "the filter of a profile with the same rules has another answer "
                                "for number %u of `%s`", trial->other->nr,
                                sp_kb_text(trial->other_arch->arch->name));
    }
    return true;
}

static bool
compare(struct trial *trial)
{
    if (trial->meaning->start != SP_START_FILTER) {
        return sp_bpf_read_fail(trial->reading, SP_BPF_WHOLE,
                                "libseccomp makes no filter of a profile with the same rules",
                                "no profile means this program: %s",
                                trial->meaning->why == NULL ? "it would not be loaded"
                                                            : trial->meaning->why);
    }
    for (size_t i = 0; i < trial->reading->arches.count; i++) {
        if (!compare_arch(trial, &trial->reading->arches.at[i])) {
            return false;
        }
    }
    return tell(trial);
}

/* Would runc put the same instructions before the filter?  They begin behind the highest
 * number of a call that the profile names. */
static bool
check_stub(const struct trial *trial, const struct sp_bpf_arch *arch)
{
    struct sp_environment environment = trial->meaning->environment;
    struct sp_arch_rules rules = { .stub = 0 };

    environment.runtime = SP_RUNTIME_RUNC;
    if (!sp_arch_rules_make(trial->reading->arena, &trial->meaning->rules, &environment,
                            arch->arch, &rules)) {
        return false;
    }
    if (rules.stub == arch->stub && rules.stub_at_zero == arch->stub_at_zero) {
        return true;
    }
    return sp_bpf_read_fail(
        trial->reading, SP_BPF_WHOLE,
        "runc answers ENOSYS for all numbers above the highest that a profile names: this program "
        "has another limit, which no profile can say",
        "numbers above %u of `%s` are answered with ENOSYS, and those of nobody below are not",
        arch->stub, sp_kb_text(arch->arch->name));
}

static bool
check_stubs(const struct trial *trial)
{
    for (size_t i = 0; i < trial->reading->arches.count; i++) {
        if (!check_stub(trial, &trial->reading->arches.at[i])) {
            return false;
        }
    }
    return true;
}

/* The machine that the program is said to be for, where the program answers all of its calls alike, so that it
 * seems to be for others alone; NULL when there is none. */
static const struct sp_kb_arch *
find_silent_machine(const struct sp_bpf_reading *reading)
{
    const char *machine = reading->source->machine;
    const struct sp_kb_arch *arch = machine == NULL ? NULL : sp_kb_arch_find(sp_str_of(machine));

    for (size_t i = 0; i < reading->arches.count; i++) {
        if (reading->arches.at[i].arch == arch) {
            return NULL;
        }
    }
    return arch;
}

/* On that machine every filter has its own architecture, too: does the profile's answer as the program? */
static bool
compare_machine(struct trial *trial, const struct sp_kb_arch *machine)
{
    static const char help[] = "the filter of every profile has the machine's own architecture";
    struct sp_bpf_reading *reading = trial->reading;

    for (size_t i = 0; i < sp_kb_syscalls_count; i++) {
        int64_t nr = sp_kb_number(machine, &sp_kb_syscalls[i]);
        if (nr != SP_KB_NO_NUMBER
            && sp_meaning_of(trial->meaning, machine, (uint32_t)nr, SP_READING_ENFORCED)
                != sp_bpf_meaning(reading->store, reading->program, machine->audit, (uint32_t)nr)
            && !sp_bpf_read_add_name(reading, &trial->differ, &sp_kb_syscalls[i])) {
            return false;
        }
    }
    return trial->differ.all.count == 0
        || sp_bpf_read_fail_calls(reading, &trial->differ, help,
                                  "no profile treats the machine's calls as this program does:");
}

static bool
verify_machine(struct trial *trial, const struct sp_profile *profile,
               struct sp_environment environment)
{
    environment.host = find_silent_machine(trial->reading);
    return environment.host == NULL
        || (sp_meaning_make(trial->reading->arena, trial->reading->store, profile, &environment,
                            &trial->meaning)
            && compare_machine(trial, environment.host));
}

/* As crun makes the filter, which is nothing but the profile.  A program without
 * architectures kills everything, and so does the profile. */
bool
sp_bpf_read_verify(struct sp_bpf_reading *reading, const struct sp_doc *doc)
{
    struct sp_detected detected = {
        .looks = SP_LOOKS_PROFILE, .dialect = SP_DIALECT_BPF, .profile = doc->root,
    };
    struct trial trial = { .reading = reading };

    if (reading->arches.count == 0) {
        return true;
    }
    struct sp_environment environment = {
        .engine = SP_ENGINE_OCI,
        .runtime = SP_RUNTIME_CRUN,
        .host = reading->arches.at[0].arch,
    };
    const struct sp_profile *profile = sp_profile_read(reading->arena, doc, detected);
    return profile != NULL
        && sp_meaning_make(reading->arena, reading->store, profile, &environment,
                           &trial.meaning)
        && compare(&trial) && (!reading->has_stub || check_stubs(&trial))
        && verify_machine(&trial, profile, environment);
}
