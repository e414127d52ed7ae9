#include "format/c_write.h"

#include "format/list_text.h"
#include "sem/arch_rules.h"
#include "sem/modelled.h"
#include "sem/words.h"

#include <inttypes.h>
#include <string.h>

struct writer {
    struct sp_arena *arena;
    struct sp_dd_store *store;  /* for the words of conditions */
    const struct sp_filter_rules *rules;
    const struct sp_environment *environment;
    struct sp_buf *out;
};

/* ---- what is the same in every program --------------------------------------------------- */

static const char usage[] =
    " *\n"
    " *     cc -o filter filter.c -lseccomp\n"
    " *     ./filter COMMAND [ARGUMENT]...    runs a command under the filter\n"
    " *     ./filter --export > filter.bpf    writes the filter's program\n"
    " *\n"
    " * These are the rules that a runtime hands to libseccomp, in its order.  runc puts\n"
    " * instructions of its own before the filter, which answer ENOSYS for calls newer than the\n"
    " * profile: they are not part of this program.\n"
    " */\n";

static const char declarations[] =
    "#include <seccomp.h>\n"
    "\n"
    "#include <errno.h>\n"
    "#include <stdint.h>\n"
    "#include <stdio.h>\n"
    "#include <stdlib.h>\n"
    "#include <string.h>\n"
    "#include <unistd.h>\n"
    "\n"
    "enum { ARGUMENTS = 6 };\n"
    "\n"
    "/* Calls that are answered with an action where all tests hold. */\n"
    "struct rule {\n"
    "    uint32_t action;\n"
    "    const char *const *calls;  /* the last one is NULL */\n"
    "    unsigned count;\n"
    "    struct scmp_arg_cmp tests[ARGUMENTS];\n"
    "};\n";

static const char functions[] =
    "static void\n"
    "fail(const char *what, int error)\n"
    "{\n"
    "    fprintf(stderr, \"%s: %s\\n\", what, strerror(error));\n"
    "    exit(1);\n"
    "}\n"
    "\n"
    "/* A new filter has the machine's own architecture already. */\n"
    "static void\n"
    "add_arches(scmp_filter_ctx filter)\n"
    "{\n"
    "    if (seccomp_arch_resolve_name(arches[0]) != seccomp_arch_native()) {\n"
    "        fprintf(stderr, \"this filter is for %s\\n\", arches[0]);\n"
    "        exit(1);\n"
    "    }\n"
    "    for (const char *const *arch = arches + 1; *arch != NULL; arch++) {\n"
    "        uint32_t token = seccomp_arch_resolve_name(*arch);\n"
    "        int error = token == 0 ? -EINVAL : seccomp_arch_add(filter, token);\n"
    "        if (error != 0) {\n"
    "            fail(*arch, -error);\n"
    "        }\n"
    "    }\n"
    "}\n"
    "\n"
    "/* A name that this libseccomp does not know is left out, as runtimes leave it out. */\n"
    "static void\n"
    "add_rule(scmp_filter_ctx filter, const struct rule *rule)\n"
    "{\n"
    "    for (const char *const *call = rule->calls; *call != NULL; call++) {\n"
    "        int number = seccomp_syscall_resolve_name(*call);\n"
    "        if (number == __NR_SCMP_ERROR) {\n"
    "            continue;\n"
    "        }\n"
    "        int error = seccomp_rule_add_array(filter, rule->action, number, rule->count,\n"
    "                                           rule->tests);\n"
    "        if (error != 0) {\n"
    "            fail(*call, -error);\n"
    "        }\n"
    "    }\n"
    "}\n"
    "\n"
    "static scmp_filter_ctx\n"
    "make_filter(void)\n"
    "{\n"
    "    scmp_filter_ctx filter = seccomp_init(default_action);\n"
    "\n"
    "    if (filter == NULL) {\n"
    "        fail(\"seccomp_init\", EINVAL);\n"
    "    }\n"
    "    add_arches(filter);\n";

static const char optimize[] =
    "    /* runc lays the numbers out as a tree when a profile has more than 32 names. */\n"
    "    seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);\n";

static const char ending[] =
    "    for (const struct rule *rule = rules; rule->calls != NULL; rule++) {\n"
    "        add_rule(filter, rule);\n"
    "    }\n"
    "    return filter;\n"
    "}\n"
    "\n"
    "/* seccomp_load sets no_new_privs, too. */\n"
    "int\n"
    "main(int argc, char **argv)\n"
    "{\n"
    "    if (argc < 2) {\n"
    "        fprintf(stderr, \"usage: %s --export | COMMAND [ARGUMENT]...\\n\", argv[0]);\n"
    "        return 2;\n"
    "    }\n"
    "    scmp_filter_ctx filter = make_filter();\n"
    "    int exports = strcmp(argv[1], \"--export\") == 0;\n"
    "    int error = exports ? seccomp_export_bpf(filter, STDOUT_FILENO)\n"
    "                        : seccomp_load(filter);\n"
    "    if (error != 0) {\n"
    "        fail(exports ? \"seccomp_export_bpf\" : \"seccomp_load\", -error);\n"
    "    }\n"
    "    seccomp_release(filter);\n"
    "    if (exports) {\n"
    "        return 0;\n"
    "    }\n"
    "    execvp(argv[1], argv + 1);\n"
    "    fail(argv[1], errno);\n"
    "    return 1;\n"
    "}\n";

/* ---- the heading ------------------------------------------------------------------------- */

/* A name that ends no comment. */
static const char *
harmless_name(struct sp_arena *arena, const char *name)
{
    char *copy = sp_arena_copy(arena, sp_str_of(name));

    for (char *at = copy; at != NULL && *at != '\0'; at++) {
        if (at[0] == '*' && at[1] == '/') {
            *at = '?';
        }
    }
    return copy;
}

static bool
write_heading(struct writer *writer, const char *name)
{
    struct sp_policies policies = { .environment = *writer->environment };
    struct sp_policy *policy = sp_vec_push(writer->arena, &policies.all);
    struct sp_emission emission = {
        .arena = writer->arena,
        .policies = &policies,
        .name = harmless_name(writer->arena, name),
        .out = writer->out,
    };

    if (policy == NULL || emission.name == NULL) {
        return false;
    }
    policy->arch = writer->rules->arches.at[0];
    sp_buf_text(writer->out, "/*\n");
    sp_list_heading(&emission, " * ", "A filter for libseccomp");
    sp_buf_text(writer->out, usage);
    return true;
}

/* ---- tables ------------------------------------------------------------------------------ */

static const struct {
    sp_verdict action;
    const char *name;
    bool has_data;
} actions[] = {
    { .action = SP_VERDICT_KILL_PROCESS, .name = "SCMP_ACT_KILL_PROCESS" },
    { .action = SP_VERDICT_KILL_THREAD, .name = "SCMP_ACT_KILL_THREAD" },
    { .action = SP_VERDICT_TRAP, .name = "SCMP_ACT_TRAP" },
    { .action = SP_VERDICT_ERRNO, .name = "SCMP_ACT_ERRNO", .has_data = true },
    { .action = SP_VERDICT_NOTIFY, .name = "SCMP_ACT_NOTIFY" },
    { .action = SP_VERDICT_TRACE, .name = "SCMP_ACT_TRACE", .has_data = true },
    { .action = SP_VERDICT_LOG, .name = "SCMP_ACT_LOG" },
    { .action = SP_VERDICT_ALLOW, .name = "SCMP_ACT_ALLOW" },
};

/* The action, and behind it `mark` and the name of its number, which is another one
 * elsewhere. */
static void
write_action(struct writer *writer, sp_verdict verdict, const char *mark)
{
    uint32_t data = verdict & SP_VERDICT_DATA;

    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (actions[i].action == (verdict & SP_VERDICT_ACTION)) {
            sp_buf_text(writer->out, actions[i].name);
            if (actions[i].has_data) {
                sp_buf_format(writer->out, "(%u)", data);
            }
        }
    }
    sp_buf_text(writer->out, mark);
    const struct sp_kb_errno *error =
        (verdict & SP_VERDICT_ACTION) == SP_VERDICT_ERRNO ? sp_kb_errno_by_number(data) : NULL;
    if (error != NULL) {
        sp_buf_format(writer->out, "  /* %s */", sp_kb_text(error->name));
    }
    sp_buf_char(writer->out, '\n');
}

static void
write_arches(struct writer *writer)
{
    struct sp_list_fold fold = { .out = writer->out, .indent = "    ", .glue = "," };

    sp_buf_text(writer->out, "\n/* The machine's own comes first; the last one is NULL. */\n"
                             "static const char *const arches[] = {\n");
    for (size_t i = 0; i < writer->rules->arches.count; i++) {
        SP_BUF(text);
        sp_buf_format(&text, "\"%s\"", sp_kb_text(writer->rules->arches.at[i]->name));
        sp_list_fold_add(&fold, sp_buf_part(&text, &writer->out->failed));
    }
    sp_list_fold_add(&fold, SP_STR("NULL"));
    sp_list_fold_end(&fold);
    sp_buf_text(writer->out, "};\n");
}

/* A field whose value stands in one line with it where there is room. `rows` are lines of
 * the value with their indent; `line` is the value in one line. */
static void
write_field(struct writer *writer, const char *head, struct sp_str line, struct sp_str rows)
{
    size_t len = strlen(head) + line.len + sizeof "        {  }," - 1;

    if (len <= SP_LIST_COLUMNS) {
        sp_buf_format(writer->out, "        %s{ %.*s },\n", head, SP_STR_ARG(line));
    } else {
        sp_buf_format(writer->out, "        %s{\n%.*s        },\n", head, SP_STR_ARG(rows));
    }
}

static void
write_calls(struct writer *writer, const struct sp_filter_rule *rules, size_t count)
{
    SP_BUF(line);
    SP_BUF(rows);
    struct sp_list_fold fold = { .out = &rows, .indent = "            ", .glue = "," };

    for (size_t i = 0; i <= count; i++) {
        SP_BUF(text);
        if (i == count) {
            sp_buf_text(&text, "NULL");
        } else {
            sp_buf_format(&text, "\"%s\"", sp_kb_text(sp_kb_syscalls[rules[i].call].name));
        }
        struct sp_str word = sp_buf_part(&text, &writer->out->failed);
        sp_list_fold_add(&fold, word);
        sp_buf_format(&line, "%s%.*s", i == 0 ? "" : ", ", SP_STR_ARG(word));
    }
    sp_list_fold_end(&fold);
    write_field(writer, ".calls = (const char *const[])",
                sp_buf_part(&line, &writer->out->failed),
                sp_buf_part(&rows, &writer->out->failed));
}

/* Of greater numbers the bits are looked at; and only in hexadecimal C finds a type for all
 * of them. */
enum { SHOWN_DECIMAL = 10000 };

static void
write_number(struct sp_buf *buf, const char *field, uint64_t number)
{
    if (number < SHOWN_DECIMAL) {
        sp_buf_format(buf, ", .%s = %" PRIu64, field, number);
    } else {
        sp_buf_format(buf, ", .%s = 0x%" PRIx64, field, number);
    }
}

static void
write_test(const struct sp_filter_condition *condition, struct sp_buf *buf)
{
    static const char *const operators[] = {
        [SP_OPERATOR_NE] = "NE",
        [SP_OPERATOR_LT] = "LT",
        [SP_OPERATOR_LE] = "LE",
        [SP_OPERATOR_EQ] = "EQ",
        [SP_OPERATOR_GE] = "GE",
        [SP_OPERATOR_GT] = "GT",
        [SP_OPERATOR_MASKED_EQ] = "MASKED_EQ",
    };

    sp_buf_format(buf, "{ .arg = %u, .op = SCMP_CMP_%s", condition->index,
                  operators[condition->op]);
    if (condition->op == SP_OPERATOR_MASKED_EQ) {
        write_number(buf, "datum_a", condition->mask);
        write_number(buf, "datum_b", condition->datum);
    } else {
        write_number(buf, "datum_a", condition->datum);
    }
    sp_buf_text(buf, " }");
}

static void
write_tests(struct writer *writer, const struct sp_filter_rule *rule)
{
    SP_BUF(line);
    SP_BUF(rows);

    for (size_t i = 0; i < rule->condition_count; i++) {
        SP_BUF(text);
        write_test(&rule->conditions[i], &text);
        struct sp_str test = sp_buf_part(&text, &writer->out->failed);
        sp_buf_format(&line, "%s%.*s", i == 0 ? "" : ", ", SP_STR_ARG(test));
        sp_buf_format(&rows, "            %.*s,\n", SP_STR_ARG(test));
    }
    sp_buf_format(writer->out, "        .count = %zu,\n", rule->condition_count);
    write_field(writer, ".tests = ", sp_buf_part(&line, &writer->out->failed),
                sp_buf_part(&rows, &writer->out->failed));
}

/* The conditions with the names of arguments and constants, as a comment above a rule. */
static void
write_words(struct writer *writer, const struct sp_filter_rule *rule)
{
    enum { ALTERNATIVES = 8 };
    struct sp_list_fold fold = { .out = writer->out, .indent = "        ", .glue = "" };
    struct sp_alternatives words;
    sp_dd condition = sp_modelled_condition(writer->store, rule, 64);
    SP_BUF(text);

    if (!sp_words_of(writer->arena, writer->store, condition, ALTERNATIVES, &words)) {
        writer->arena->failed = true;
        return;
    }
    sp_buf_text(&text, "/* ");
    sp_words_write(&words, &sp_kb_syscalls[rule->call], &text);
    sp_buf_text(&text, " */");
    sp_list_fold_text(&fold, sp_buf_part(&text, &writer->out->failed));
    sp_list_fold_end(&fold);
}

/* Neighbours that differ in nothing but their calls. */
static bool
is_alike(const struct sp_filter_rule *left, const struct sp_filter_rule *right)
{
    if (left->verdict != right->verdict || left->condition_count != right->condition_count) {
        return false;
    }
    for (size_t i = 0; i < left->condition_count; i++) {
        const struct sp_filter_condition *one = &left->conditions[i];
        const struct sp_filter_condition *two = &right->conditions[i];
        if (one->index != two->index || one->op != two->op || one->mask != two->mask
            || one->datum != two->datum) {
            return false;
        }
    }
    return true;
}

static void
write_rule(struct writer *writer, const struct sp_filter_rule *rules, size_t count)
{
    sp_buf_text(writer->out, "    {\n");
    if (rules->condition_count > 0) {
        write_words(writer, rules);
    }
    sp_buf_text(writer->out, "        .action = ");
    write_action(writer, rules->verdict, ",");
    write_calls(writer, rules, count);
    if (rules->condition_count > 0) {
        write_tests(writer, rules);
    }
    sp_buf_text(writer->out, "    },\n");
}

static void
write_rules(struct writer *writer)
{
    const struct sp_filter_rule *at = writer->rules->rules.at;
    size_t count = writer->rules->rules.count;

    sp_buf_text(writer->out,
                "\n/* In the order in which libseccomp takes them; the last one has no calls. */\n"
                "static const struct rule rules[] = {\n");
    for (size_t first = 0, end; first < count; first = end) {
        for (end = first + 1; end < count && is_alike(&at[first], &at[end]); end++) {
            continue;
        }
        write_rule(writer, &at[first], end - first);
    }
    sp_buf_text(writer->out, "    { .calls = NULL },\n};\n\n");
}

/* ---- all --------------------------------------------------------------------------------- */

static bool
write_all(struct writer *writer, const char *name)
{
    if (!write_heading(writer, name)) {
        return false;
    }
    sp_buf_text(writer->out, declarations);
    write_arches(writer);
    sp_buf_text(writer->out, "\nstatic const uint32_t default_action = ");
    write_action(writer, writer->rules->default_verdict, ";");
    write_rules(writer);
    sp_buf_text(writer->out, functions);
    if (sp_arch_rules_is_tree(writer->rules, writer->environment)) {
        sp_buf_text(writer->out, optimize);
    }
    sp_buf_text(writer->out, ending);
    return !writer->arena->failed && !writer->out->failed;
}

bool
sp_c_write(struct sp_arena *arena, const struct sp_filter_rules *rules,
           const struct sp_environment *environment, const char *name, struct sp_buf *out)
{
    struct writer writer = {
        .arena = arena,
        .store = sp_dd_store_new(SP_DD_BUDGET),
        .rules = rules,
        .environment = environment,
        .out = out,
    };
    bool done = writer.store != NULL && write_all(&writer, name)
        && !sp_dd_store_failed(writer.store);

    sp_dd_store_free(writer.store);
    return done;
}
