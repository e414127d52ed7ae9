#include "sem/compile_libseccomp.h"

#include "sem/compile.h"

#include <errno.h>
#include <seccomp.h>
#include <stdlib.h>
#include <string.h>

/* The library's own constants are the kernel's words, but for the data, which stands in the lower half
 * of both: a verdict is an action of libseccomp as it is. */
_Static_assert(SCMP_ACT_ALLOW == SP_VERDICT_ALLOW && SCMP_ACT_ERRNO(1) == (SP_VERDICT_ERRNO | 1)
                   && SCMP_ACT_KILL_PROCESS == SP_VERDICT_KILL_PROCESS
                   && SCMP_ACT_NOTIFY == SP_VERDICT_NOTIFY,
               "verdicts are libseccomp's actions");

enum { TREE = 2, API_TRIED = 9 };

static const enum scmp_compare operators[] = {
    [SP_OPERATOR_NONE] = _SCMP_CMP_MIN,
    [SP_OPERATOR_NE] = SCMP_CMP_NE,
    [SP_OPERATOR_LT] = SCMP_CMP_LT,
    [SP_OPERATOR_LE] = SCMP_CMP_LE,
    [SP_OPERATOR_EQ] = SCMP_CMP_EQ,
    [SP_OPERATOR_GE] = SCMP_CMP_GE,
    [SP_OPERATOR_GT] = SCMP_CMP_GT,
    [SP_OPERATOR_MASKED_EQ] = SCMP_CMP_MASKED_EQ,
};

static struct sp_build
fault(enum sp_build_fault what, int error, size_t at)
{
    return (struct sp_build){ .fault = what, .error = -error, .at = at };
}

static int
add_rule(scmp_filter_ctx context, const struct sp_filter_rule *rule, int number)
{
    struct scmp_arg_cmp tests[SP_ARGS];
    unsigned count = 0;

    for (size_t i = 0; i < rule->condition_count && count < SP_ARGS; i++) {
        const struct sp_filter_condition *condition = &rule->conditions[i];
        bool is_masked = condition->op == SP_OPERATOR_MASKED_EQ;
        tests[count++] = (struct scmp_arg_cmp){
            .arg = condition->index,
            .op = operators[condition->op],
            .datum_a = is_masked ? condition->mask : condition->datum,
            .datum_b = is_masked ? condition->datum : 0,
        };
    }
    return seccomp_rule_add_array(context, rule->verdict, number, count, tests);
}

static const char *
name_of(const struct sp_filter_rule *rule)
{
    return sp_kb_text(sp_kb_syscalls[rule->call].name);
}

/* The number by which this libseccomp is given the rule, or __NR_SCMP_ERROR where it lacks the name. A
 * call that only the host has is given by a negative stand-in; where that is another name's, too (in
 * 2.5 sys_debug_setcontext has that of switch_endian), it would not say what the host's number says. */
static int
number_of(const struct sp_filter_rules *rules, const struct sp_filter_rule *rule)
{
    int number = seccomp_syscall_resolve_name(name_of(rule));
    const struct sp_kb_arch *host = rules->arches.at[0];

    if (number >= 0 || number == __NR_SCMP_ERROR
        || sp_kb_number(host, &sp_kb_syscalls[rule->call]) == SP_KB_NO_NUMBER) {
        return number;
    }
    char *name = seccomp_syscall_resolve_num_arch(seccomp_arch_native(), number);
    bool is_own = name != NULL && strcmp(name, name_of(rule)) == 0;
    free(name);
    return is_own ? number : __NR_SCMP_ERROR;
}

/* libseccomp takes native numbers and translates them to every architecture by name: one that it
 * lacks comes to the program by compile_numbers. */
static struct sp_build
add_rules(scmp_filter_ctx context, const struct sp_filter_rules *rules)
{
    for (size_t i = 0; i < rules->rules.count; i++) {
        int number = number_of(rules, &rules->rules.at[i]);
        int error = number == __NR_SCMP_ERROR
            ? 0
            : add_rule(context, &rules->rules.at[i], number);
        if (error != 0) {
            return fault(SP_BUILD_RULE, error, i);
        }
    }
    return (struct sp_build){ .fault = SP_BUILD_OK };
}

static uint32_t
token_of(const struct sp_kb_arch *arch)
{
    return seccomp_arch_resolve_name(sp_kb_text(arch->name));
}

/* A new filter has the architecture of this machine, which need not be the host's; when it is gone,
 * any byte order may come. */
static int
start_empty(scmp_filter_ctx context)
{
    return seccomp_arch_remove(context, seccomp_arch_native());
}

static int
add_arch(scmp_filter_ctx context, const struct sp_kb_arch *arch)
{
    uint32_t token = token_of(arch);

    return token == 0 ? -EINVAL : seccomp_arch_add(context, token);
}

static struct sp_build
add_arches(scmp_filter_ctx context, const struct sp_filter_rules *rules)
{
    int error = start_empty(context);

    for (size_t i = 0; i < rules->arches.count && error == 0; i++) {
        error = add_arch(context, rules->arches.at[i]);
        if (error != 0) {
            return fault(SP_BUILD_ARCH, error, i);
        }
    }
    return error == 0 ? (struct sp_build){ .fault = SP_BUILD_OK }
                      : fault(SP_BUILD_EXPORT, error, 0);
}

static struct sp_build
export(scmp_filter_ctx context, int fd)
{
    int error = seccomp_export_bpf(context, fd);

    return error == 0 ? (struct sp_build){ .fault = SP_BUILD_OK }
                      : fault(SP_BUILD_EXPORT, error, 0);
}

static struct sp_build
fill(scmp_filter_ctx context, const struct sp_filter_rules *rules, bool is_tree, int fd)
{
    struct sp_build built = add_arches(context, rules);

    if (built.fault == SP_BUILD_OK && is_tree) {
        (void)seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, TREE);
    }
    if (built.fault == SP_BUILD_OK) {
        built = add_rules(context, rules);
    }
    return built.fault == SP_BUILD_OK ? export(context, fd) : built;
}

/* libseccomp asks the kernel that it runs on which actions there are; the profile is for another
 * kernel, perhaps. */
static scmp_filter_ctx
new_context(const struct sp_filter_rules *rules)
{
    for (unsigned level = API_TRIED; level > 0 && seccomp_api_set(level) != 0; level--) {
        continue;
    }
    return seccomp_init(rules->default_verdict);
}

struct sp_build
sp_compile_build(const struct sp_filter_rules *rules, bool is_tree, int fd)
{
    scmp_filter_ctx context = new_context(rules);

    if (context == NULL) {
        return fault(SP_BUILD_NO_FILTER, -EINVAL, 0);
    }
    struct sp_build built = fill(context, rules, is_tree, fd);
    seccomp_release(context);
    return built;
}

/* ---- names by number --------------------------------------------------------------------- */

bool
sp_compile_is_known(const struct sp_filter_rules *rules, const struct sp_filter_rule *rule)
{
    return number_of(rules, rule) != __NR_SCMP_ERROR;
}

/* Numbers from here down stand for "not on this architecture"; those above for calls that libseccomp
 * brings through a multiplexer. */
enum { ABSENT = -10000 };

bool
sp_compile_is_numbered(const struct sp_filter_rules *rules, const struct sp_filter_rule *rule,
                       const struct sp_kb_arch *arch)
{
    return sp_compile_is_known(rules, rule)
        && (sp_kb_number(arch, &sp_kb_syscalls[rule->call]) == SP_KB_NO_NUMBER
            || seccomp_syscall_resolve_name_arch(token_of(arch), name_of(rule)) > ABSENT);
}

static struct sp_build
fill_one(scmp_filter_ctx context, const struct sp_filter_rules *rules, uint16_t call,
         const struct sp_kb_arch *arch, int fd)
{
    int number = seccomp_syscall_resolve_name(SP_COMPILE_STAND_IN);
    int error = start_empty(context);

    if (error == 0) {
        error = add_arch(context, arch);
    }
    if (error != 0) {
        return fault(SP_BUILD_ARCH, error, 0);
    }
    for (size_t i = 0; i < rules->rules.count; i++) {
        if (rules->rules.at[i].call == call) {
            error = add_rule(context, &rules->rules.at[i], number);
            if (error != 0) {
                return fault(SP_BUILD_RULE, error, i);
            }
        }
    }
    return export(context, fd);
}

struct sp_build
sp_compile_build_one(const struct sp_filter_rules *rules, uint16_t call,
                     const struct sp_kb_arch *arch, int fd)
{
    scmp_filter_ctx context = new_context(rules);

    if (context == NULL) {
        return fault(SP_BUILD_NO_FILTER, -EINVAL, 0);
    }
    struct sp_build built = fill_one(context, rules, call, arch, fd);
    seccomp_release(context);
    return built;
}

/* Does the installed table have all names that came with a version? */
static bool
has_names_of(const struct sp_kb_libseccomp *row)
{
    for (size_t i = 0; i < row->adds.count; i++) {
        const struct sp_kb_syscall *call = &sp_kb_syscalls[sp_kb_indices[row->adds.first + i]];
        if (seccomp_syscall_resolve_name(sp_kb_text(call->name)) == __NR_SCMP_ERROR) {
            return false;
        }
    }
    return true;
}

/* Distributions carry newer tables back under the old version: Debian 12's 2.5.4 has that of 2.5.5.
 * What counts is the table. */
struct sp_version
sp_compile_libseccomp(void)
{
    const struct scmp_version *said = seccomp_version();
    struct sp_version version = {
        .major = (uint16_t)said->major,
        .minor = (uint16_t)said->minor,
        .patch = (uint16_t)said->micro,
    };

    for (size_t i = 0; i < sp_kb_libseccomps_count; i++) {
        const struct sp_kb_libseccomp *row = &sp_kb_libseccomps[i];
        struct sp_version newer = { 0 };
        sp_version_parse(sp_str_of(sp_kb_text(row->version)), &newer);
        if (sp_version_compare(newer, version) > 0) {
            if (!has_names_of(row)) {
                break;
            }
            version = newer;
        }
    }
    return version;
}
