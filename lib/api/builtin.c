/* The built-in profiles, by name. */
#include "kb/defaults.h"

#include <secprof.h>

const char *
secprof_builtin(size_t n)
{
    return sp_kb_default_family(n);
}
