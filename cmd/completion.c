/* Shell completions from the tables of the verbs. */
#include "help.h"

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
            if (row->choices != NULL) {
                fprintf(out, "    %s:--%s) COMPREPLY=($(compgen -W '%s' -- \"$word\")); return ;;\n",
                        cmd_verbs[i]->name, row->name, row->choices);
            }
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
    fputs("        esac ;;\n    *) COMPREPLY=($(compgen -f -- \"$word\")) ;;\n    esac\n}\n"
          "complete -o filenames -F _secprof secprof\n", out);
}

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

static void
write_zsh_option(FILE *out, const struct cmd_option *row)
{
    fprintf(out, "            '--%s[", row->name);
    write_quoted(out, row->help);
    fputc(']', out);
    if (row->choices != NULL) {
        fprintf(out, ":%s:(%s)", row->value, row->choices);
    } else if (row->value != NULL) {
        fprintf(out, ":%s:_files", row->value);
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
        fputs("            '--help[show a summary]' \\\n            '*:operand:_files' ;;\n", out);
    }
    fputs("    esac\n}\ncompdef _secprof secprof\n", out);
}

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
            if (row->choices != NULL) {
                fprintf(out, " -x -a '%s'", row->choices);
            } else if (row->value != NULL) {
                fputs(" -r", out);
            }
            if (row->letter != 0) {
                fprintf(out, " -s %c", row->letter);
            }
            fputs(" -d '", out);
            write_fish_text(out, row->help);
            fputs("'\n", out);
        }
    }
}

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
