/* libseccomp, asked for one program: the part of the compiler that runs in the child. */
#ifndef SP_SEM_COMPILE_LIBSECCOMP_H
#define SP_SEM_COMPILE_LIBSECCOMP_H

#include "sem/filter_rules.h"

/* What went wrong, for the parent to put into words. */
enum sp_build_fault {
    SP_BUILD_OK,
    SP_BUILD_NO_FILTER,  /* the default action was refused, or there is no memory */
    SP_BUILD_ARCH,       /* an architecture was refused: `at` is its index */
    SP_BUILD_RULE,       /* a rule was refused: `at` is its index */
    SP_BUILD_NAME,       /* a rule's name is not known to this libseccomp: `at` is its index */
    SP_BUILD_EXPORT,
};

struct sp_build {
    enum sp_build_fault fault;
    int error;  /* a positive errno */
    size_t at;
};

/* Builds the filter of `rules` and writes the program to `fd`. */
struct sp_build
sp_compile_build(const struct sp_filter_rules *rules, bool is_tree, int fd);

#endif
