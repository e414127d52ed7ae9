#include "format/kafel_reader.h"

#include "format/list_names.h"

/* ---- arguments ----------------------------------------------------------------------- */

/* Those of the kernel's prototype: `number` says that kafel has only a number, and so no
 * names. */
static void
set_known_args(struct sp_kafel *kafel, bool number)
{
    kafel->arg_count = number ? 0 : kafel->call->args.count;
    for (size_t i = 0; i < kafel->arg_count && i < SP_ARGS; i++) {
        const struct sp_kb_arg *arg = &sp_kb_args[kafel->call->args.first + i];
        kafel->args[i] = (struct sp_kafel_arg){
            .name = sp_str_of(sp_kb_text(arg->name)), .is_wide = arg->bits > 32,
        };
    }
}

static bool
add_arg(struct sp_kafel *kafel, struct sp_span span)
{
    struct sp_str name = sp_kafel_text(kafel, span);

    for (size_t i = 0; i < kafel->arg_count; i++) {
        if (sp_str_equal(kafel->args[i].name, name)) {
            return sp_list_fail(kafel->report, kafel->source, span, "give it another name",
                                "the argument `%.*s` stands there twice", SP_LIST_SHOWN(name));
        }
    }
    if (kafel->arg_count == SP_ARGS) {
        return sp_list_fail(kafel->report, kafel->source, span, NULL,
                            "calls have at most %d arguments", SP_ARGS);
    }
    kafel->args[kafel->arg_count++] = (struct sp_kafel_arg){ .name = name, .is_wide = true };
    return true;
}

/* "(a, b)", of which the first mark is the token. */
static bool
take_args(struct sp_kafel *kafel)
{
    kafel->arg_count = 0;
    if (!sp_kafel_next(kafel)) {
        return false;
    }
    if (kafel->token.kind == ')') {
        return sp_kafel_next(kafel);
    }
    for (;;) {
        struct sp_span span = kafel->token.span;
        if (!sp_kafel_take(kafel, SP_KAFEL_NAME, "the name of an argument")
            || !add_arg(kafel, span)) {
            return false;
        }
        if (kafel->token.kind != ',') {
            return sp_kafel_take(kafel, ')', "`,` or `)`");
        }
        if (!sp_kafel_next(kafel)) {
            return false;
        }
    }
}

/* ---- ON ------------------------------------------------------------------------------ */

static bool
take_arch(struct sp_kafel *kafel, bool *is_here)
{
    struct sp_span span = kafel->token.span;
    struct sp_str name = sp_kafel_text(kafel, span);
    const struct sp_kb_arch *native = sp_foreign_machine(kafel->source);

    if (!sp_kafel_take(kafel, SP_KAFEL_NAME, "the name of an architecture")) {
        return false;
    }
    *is_here = *is_here || (native != NULL && sp_str_is(name, sp_kb_text(native->name)));
    return sp_kb_arch_find(name) != NULL
        || sp_list_fail(kafel->report, kafel->source, span, "write one as x86_64 or aarch64",
                        "`%.*s` is no architecture", SP_LIST_SHOWN(name));
}

/* "ON arch" or "ON { arch, arch }", of which the first word is the token. */
static bool
take_on(struct sp_kafel *kafel)
{
    bool is_here = false;
    bool in_braces;

    if (!sp_kafel_next(kafel)) {
        return false;
    }
    in_braces = kafel->token.kind == '{';
    if ((in_braces && !sp_kafel_next(kafel)) || !take_arch(kafel, &is_here)) {
        return false;
    }
    while (in_braces && kafel->token.kind == ',') {
        if (!sp_kafel_next(kafel) || !take_arch(kafel, &is_here)) {
            return false;
        }
    }
    if (in_braces && !sp_kafel_take(kafel, '}', "`,` or `}`")) {
        return false;
    }
    kafel->call = is_here ? kafel->call : NULL;
    return true;
}

bool
sp_kafel_call(struct sp_kafel *kafel, struct sp_span *ret_span)
{
    bool by_number = kafel->token.kind == SP_KAFEL_SYSCALL;
    struct sp_str name = sp_kafel_text(kafel, kafel->token.span);

    *ret_span = kafel->token.span;
    if (by_number) {
        if (!sp_kafel_take_number(kafel)) {
            return false;
        }
    } else if (kafel->token.kind != SP_KAFEL_NAME) {
        return sp_kafel_unexpected(kafel, "the name of a system call");
    } else if (!sp_kafel_resolve(kafel, kafel->token.span) || !sp_kafel_next(kafel)) {
        return false;
    }
    set_known_args(kafel, by_number || sp_kafel_constant(kafel, name) != NULL);
    if (kafel->token.kind == '(' && !take_args(kafel)) {
        return false;
    }
    return kafel->token.kind != SP_KAFEL_NAME
        || !sp_str_is(sp_kafel_text(kafel, kafel->token.span), "ON") || take_on(kafel);
}
