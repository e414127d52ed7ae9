/* Shell completions from the tables of the verbs. */
#include "help.h"

#include <secprof.h>

#include <string.h>

typedef void
writer(FILE *out, const struct cmd_verb *verb);

static void
write_verbs(FILE *out)
{
    for (size_t i = 0; cmd_verbs[i] != NULL; i++) {
        fprintf(out, "%s%s", i == 0 ? "" : " ", cmd_verbs[i]->name);
    }
}

/* ---- built-in profiles --------------------------------------------------------------------- */

/* Is "PROFILE" what an operand or an option's value stands for? */
static bool
is_profile(const char *word)
{
    return word != NULL && strstr(word, "PROFILE") != NULL;
}

static void
write_builtins(FILE *out)
{
    const char *name;

    for (size_t i = 0; (name = secprof_builtin(i)) != NULL; i++) {
        fprintf(out, "%s%s", i == 0 ? "" : " ", name);
    }
}

/* ---- bash ---------------------------------------------------------------------------------- */

/* Files, and the names of built-in profiles. */
static void
write_bash_profiles(FILE *out, const char *before)
{
    fprintf(out, "%s COMPREPLY=($(compgen -f -W '", before);
    write_builtins(out);
    fputs("' -- \"$word\"))", out);
}

static void
write_bash_value(FILE *out, const struct cmd_verb *verb, const struct cmd_option *row)
{
    if (row->choices != NULL) {
        fprintf(out, "    %s:--%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n",
                verb->name, row->name, row->choices);
    } else if (is_profile(row->value)) {
        fprintf(out, "    %s:--%s)", verb->name, row->name);
        write_bash_profiles(out, "");
        fputs("; return ;;\n", out);
    }
}

static void
write_bash_operands(FILE *out)
{
    size_t count = 0;

    fputs("    *) case ${COMP_WORDS[1]} in\n        ", out);
    for (size_t i = 0; cmd_verbs[i] != NULL; i++) {
        if (is_profile(cmd_verbs[i]->operands)) {
            fprintf(out, "%s%s", count++ == 0 ? "" : "|", cmd_verbs[i]->name);
        }
    }
    write_bash_profiles(out, ")");
    fputs(" ;;\n        *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n        esac ;;\n", out);
}

static void
write_bash(FILE *out, const struct cmd_verb *unused)
{
    (void)unused;
    fputs("_secprof() {\n    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
          "    if [ \"$COMP_CWORD\" = 1 ]; then\n        COMPREPLY=($(compgen -W '", out);
    write_verbs(out);
    fputs("' -- \"$word\"))\n        return\n    fi\n    case ${COMP_WORDS[1]}:$before in\n", out);
    for (size_t i = 0; cmd_verbs[i] != NULL; i++) {
        const struct cmd_option *row = cmd_verbs[i]->options;
        for (; row->name != NULL; row++) {
            write_bash_value(out, cmd_verbs[i], row);
        }
    }
    fputs("    esac\n    case $word in\n    -*) case ${COMP_WORDS[1]} in\n", out);
    for (size_t i = 0; cmd_verbs[i] != NULL; i++) {
        fprintf(out, "        %s) COMPREPLY=($(compgen -W '", cmd_verbs[i]->name);
        for (const struct cmd_option *row = cmd_verbs[i]->options; row->name != NULL; row++) {
            fprintf(out, "--%s ", row->name);
        }
        fputs("--help' -- \"$word\")) ;;\n", out);
    }
    fputs("        esac ;;\n", out);
    write_bash_operands(out);
    fputs("    esac\n}\ncomplete -o filenames -F _secprof secprof\n", out);
}

/* ---- zsh ----------------------------------------------------------------------------------- */

/* Text inside single quotes of a shell, for zsh also inside brackets. */
static void
write_quoted(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'') {
            fputs("'\\''", out);
        } else if (strchr("[]:", *text) != NULL) {
            fprintf(out, "\\%c", *text);
        } else {
            fputc(*text, out);
        }
    }
}

/* The function that completes a profile. */
static void
write_zsh_profiles(FILE *out)
{
    fputs("_secprof_profiles() {\n    compadd -- ", out);
    write_builtins(out);
    fputs("\n    _files\n}\n", out);
}

static const char *
zsh_action(const char *value)
{
    return is_profile(value) ? "_secprof_profiles" : "_files";
}

static void
write_zsh_option(FILE *out, const struct cmd_option *row)
{
    fprintf(out, "            '--%s[", row->name);
    write_quoted(out, row->help);
    fputc(']', out);
    if (row->choices != NULL) {
        fprintf(out, ":%s:(%s)", row->value, row->choices);
    } else if (row->value != NULL) {
        fprintf(out, ":%s:%s", row->value, zsh_action(row->value));
    }
    fputs("' \\\n", out);
}

static void
write_zsh(FILE *out, const struct cmd_verb *unused)
{
    (void)unused;
    fputs("#compdef secprof\n_secprof() {\n    if (( CURRENT == 2 )); then\n"
          "        _values verb \\\n", out);
    for (size_t i = 0; cmd_verbs[i] != NULL; i++) {
        fprintf(out, "            '%s[", cmd_verbs[i]->name);
        write_quoted(out, cmd_verbs[i]->summary);
        fputs("]' \\\n", out);
    }
    fputs("            ''\n        return\n    fi\n    local verb=$words[2]\n"
          "    shift words\n    (( CURRENT-- ))\n    case $verb in\n", out);
    for (size_t i = 0; cmd_verbs[i] != NULL; i++) {
        fprintf(out, "    %s)\n        _arguments \\\n", cmd_verbs[i]->name);
        for (const struct cmd_option *row = cmd_verbs[i]->options; row->name != NULL; row++) {
            write_zsh_option(out, row);
        }
        fprintf(out, "            '--help[show a summary]' \\\n            '*:operand:%s' ;;\n",
                zsh_action(cmd_verbs[i]->operands));
    }
    fputs("    esac\n}\n", out);
    write_zsh_profiles(out);
    fputs("compdef _secprof secprof\n", out);
}

/* ---- fish ---------------------------------------------------------------------------------- */

/* Text inside single quotes of fish, which knows two escapes there. */
static void
write_fish_text(FILE *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\'' || *text == '\\') {
            fputc('\\', out);
        }
        fputc(*text, out);
    }
}

static void
write_fish_value(FILE *out, const struct cmd_option *row)
{
    if (row->choices != NULL) {
        fprintf(out, " -x -a '%s'", row->choices);
    } else if (row->value != NULL) {
        fputs(" -r", out);
    }
    if (is_profile(row->value)) {
        fputs(" -a '", out);
        write_builtins(out);
        fputc('\'', out);
    }
}

static void
write_fish_operands(FILE *out, const struct cmd_verb *verb)
{
    if (is_profile(verb->operands)) {
        fprintf(out, "complete -c secprof -n '__fish_seen_subcommand_from %s' -a '", verb->name);
        write_builtins(out);
        fputs("'\n", out);
    }
}

static void
write_fish(FILE *out, const struct cmd_verb *unused)
{
    (void)unused;
    for (size_t i = 0; cmd_verbs[i] != NULL; i++) {
        const struct cmd_verb *verb = cmd_verbs[i];
        fprintf(out, "complete -c secprof -n __fish_use_subcommand -a %s -d '", verb->name);
        write_fish_text(out, verb->summary);
        fputs("'\n", out);
        for (const struct cmd_option *row = verb->options; row->name != NULL; row++) {
            fprintf(out, "complete -c secprof -n '__fish_seen_subcommand_from %s' -l %s", verb->name,
                    row->name);
            write_fish_value(out, row);
            if (row->letter != 0) {
                fprintf(out, " -s %c", row->letter);
            }
            fputs(" -d '", out);
            write_fish_text(out, row->help);
            fputs("'\n", out);
        }
        write_fish_operands(out, verb);
    }
}

/* ---- the shells ---------------------------------------------------------------------------- */

static const struct {
    const char *shell;
    writer *write;
} writers[] = {
    { .shell = "bash", .write = write_bash },
    { .shell = "fish", .write = write_fish },
    { .shell = "zsh", .write = write_zsh },
};

writer *
cmd_completion_writer(const char *shell)
{
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++) {
        if (strcmp(writers[i].shell, shell) == 0) {
            return writers[i].write;
        }
    }
    return NULL;
}
