#include "format/kafel_rule.h"

#include "format/list_text.h"

#include <inttypes.h>
#include <string.h>

/* Kafel's expressions are at most 200 operators deep, and a list of n alternatives is n deep
 * (src/expression.h). */
enum { ALTERNATIVES_MAX = 100 };

/* Calls up to pwritev2, the last in kafel's table (src/syscalls/amd64_syscalls.c), which it
 * has by other names. */
static const char *const otherwise_named[] = {
    "_sysctl", "fstat", "lstat", "sendfile", "stat", "umount2", "uname",
};

const char *
sp_kafel_rule_name(const struct sp_kb_syscall *call)
{
    const char *name = sp_kb_text(call->name);

    while (*name == '_') {
        name++;
    }
    return name;
}

bool
sp_kafel_rule_is_defined(const struct sp_kb_arch *arch, const struct sp_policy_call *call)
{
    enum { PWRITEV2 = 328 };

    for (size_t i = 0; i < sizeof otherwise_named / sizeof *otherwise_named; i++) {
        if (strcmp(sp_kb_text(call->call->name), otherwise_named[i]) == 0) {
            return true;
        }
    }
    return strcmp(sp_kb_text(arch->name), "x86_64") != 0 || call->nr > PWRITEV2;
}

/* ---- arguments ----------------------------------------------------------------------- */

/* The names of a rule's arguments. */
struct names {
    char at[SP_ARGS][32];
};

static bool
is_letter(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

/* Kafel looks for constants before arguments, and calls are constants here; words in upper
 * case may be keywords, and so is "define". */
static bool
is_good_name(const char *name)
{
    if (!(name[0] >= 'a' && name[0] <= 'z') || strlen(name) >= sizeof(struct names) / SP_ARGS
        || strcmp(name, "define") == 0 || sp_kb_syscall_find(sp_str_of(name)) != NULL) {
        return false;
    }
    for (const char *at = name; *at != '\0'; at++) {
        if (!is_letter(*at) && !(*at >= '0' && *at <= '9') && *at != '_') {
            return false;
        }
    }
    return true;
}

/* Is the name that of another argument in the knowledge base? */
static bool
is_known_arg(const struct sp_kb_syscall *call, const char *name)
{
    for (unsigned i = 0; i < call->args.count; i++) {
        if (strcmp(sp_kb_text(sp_kb_args[call->args.first + i].name), name) == 0) {
            return true;
        }
    }
    return false;
}

/* A name of our own, for an argument without a good one. */
static void
invent_name(const struct sp_kb_syscall *call, unsigned arg, char *ret_name)
{
    strcpy(ret_name, "arg0");
    ret_name[3] = (char)('0' + arg);
    if (is_known_arg(call, ret_name)) {
        strcpy(ret_name, "argument0");
        ret_name[8] = (char)('0' + arg);
    }
}

static struct names
names_of(const struct sp_kb_syscall *call)
{
    struct names names;

    for (unsigned i = 0; i < SP_ARGS; i++) {
        const char *name = i < call->args.count
            ? sp_kb_text(sp_kb_args[call->args.first + i].name) : "";
        bool is_new = is_good_name(name);
        for (unsigned j = 0; j < i; j++) {
            is_new = is_new && strcmp(names.at[j], name) != 0;
        }
        if (is_new) {
            strcpy(names.at[i], name);
        } else {
            invent_name(call, i, names.at[i]);
        }
    }
    return names;
}

/* The arguments up to the last that a clause asks for. */
static unsigned
count_of(const struct sp_policy_call *call)
{
    unsigned count = 0;

    for (size_t i = 0; i < call->clause_count; i++) {
        for (size_t j = 0; j < call->clauses[i].when.all.count; j++) {
            unsigned arg = call->clauses[i].when.all.at[j].arg;
            count = arg + 1 > count ? arg + 1 : count;
        }
    }
    return count;
}

static void
open_rule(struct sp_buf *out, const struct sp_policy_call *call, const struct names *names)
{
    unsigned count = count_of(call);

    sp_buf_format(out, "    %s(", sp_kafel_rule_name(call->call));
    for (unsigned i = 0; i < count; i++) {
        sp_buf_format(out, "%s%s", i > 0 ? ", " : "", names->at[i]);
    }
    sp_buf_text(out, ") {\n");
}

/* ---- tests --------------------------------------------------------------------------- */

static void
write_comparison(struct sp_buf *out, const char *name, uint64_t mask, const char *op,
                 uint64_t number)
{
    if (mask == UINT64_MAX) {
        sp_buf_format(out, "%s %s 0x%" PRIx64, name, op, number);
    } else {
        sp_buf_format(out, "(%s & 0x%" PRIx64 ") %s 0x%" PRIx64, name, mask, op, number);
    }
}

static void
write_range(struct sp_buf *out, const char *name, const struct sp_test *test)
{
    bool has_low = test->low != 0;
    bool has_high = (test->high & test->mask) != test->mask;

    if (has_low || !has_high) {
        write_comparison(out, name, test->mask, ">=", test->low);
    }
    if (has_high) {
        sp_buf_text(out, has_low ? " && " : "");
        write_comparison(out, name, test->mask, "<=", test->high);
    }
}

static void
write_test(struct sp_buf *out, const char *name, const struct sp_test *test)
{
    switch (test->kind) {
    case SP_TEST_EQ:
        write_comparison(out, name, UINT64_MAX, "==", test->low);
        return;
    case SP_TEST_NE:
        write_comparison(out, name, UINT64_MAX, "!=", test->low);
        return;
    case SP_TEST_RANGE:
        write_range(out, name, test);
        return;
    case SP_TEST_MASKED:
        write_comparison(out, name, test->mask, "==", test->low);
        return;
    case SP_TEST_MASKED_NE:
        write_comparison(out, name, test->mask, "!=", test->low);
        return;
    }
}

/* Without a line end. */
static void
write_alternative(struct sp_buf *out, const struct names *names, const struct sp_tests *tests)
{
    struct sp_list_fold fold = {
        .out = out, .indent = "      ", .further = "        ", .glue = "",
    };
    SP_BUF(text);

    for (size_t i = 0; i < tests->all.count; i++) {
        sp_buf_text(&text, i > 0 ? " && " : "");
        write_test(&text, names->at[tests->all.at[i].arg], &tests->all.at[i]);
    }
    sp_list_fold_text(&fold, sp_buf_part(&text, &out->failed));
}

/* ---- rules --------------------------------------------------------------------------- */

static bool
is_same(sp_verdict verdict, sp_verdict than)
{
    return verdict == than;
}

/* The comment says the constants' names. */
static void
begin(const struct sp_emission *emission, const struct sp_policy_call *call, sp_verdict verdict,
      const struct names *names, bool *begun)
{
    sp_buf_text(emission->out, *begun ? ",\n" : "");
    *begun = true;
    sp_list_conditions(emission, call, is_same, verdict, "    // ", "");
    open_rule(emission->out, call, names);
}

void
sp_kafel_rule_write(const struct sp_emission *emission, const struct sp_policy_call *call,
                    sp_verdict verdict, bool *begun)
{
    struct names names = names_of(call->call);
    struct sp_buf *out = emission->out;
    size_t written = 0;

    for (size_t i = 0; i < call->clause_count; i++) {
        if (call->clauses[i].verdict != verdict) {
            continue;
        }
        if (written == ALTERNATIVES_MAX) {
            sp_buf_text(out, "\n    },\n");
            open_rule(out, call, &names);
            written = 0;
        } else if (written == 0) {
            begin(emission, call, verdict, &names, begun);
        }
        sp_buf_text(out, written > 0 ? ",\n" : "");
        write_alternative(out, &names, &call->clauses[i].when);
        written++;
    }
    if (written > 0) {
        sp_buf_text(out, "\n    }");
    }
}
