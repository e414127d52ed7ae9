#include "profile.h"

#include "builtins.h"
#include "input.h"
#include "say.h"
#include "verb.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* More than the library's limit, so that it is the library that refuses a larger text. */
enum { PROFILE_BYTES = 64 << 20 };

int
cmd_profile_say(const char *verb, enum secprof_status status, const char *word, char *why)
{
    int result = CMD_FAILURE;

    switch (status) {
    case SECPROF_OK:
        result = CMD_CLEAN;
        break;
    case SECPROF_UNREADABLE:
        result = cmd_usage(verb, "cannot read %s: %s", word, strerror(errno));
        break;
    case SECPROF_UNKNOWN:
        result = cmd_builtins_unknown(verb, word);
        break;
    case SECPROF_REFUSED:
    case SECPROF_BAD_ARGUMENT:
        result = cmd_usage(verb, "%s", why == NULL ? "bad argument" : why);
        break;
    case SECPROF_FAULT:
        result = cmd_failure(verb, "%s", why == NULL ? "a fault" : why);
        break;
    case SECPROF_NO_MEMORY:
        result = cmd_no_memory(verb);
        break;
    }
    secprof_text_free(why);
    return result;
}

static int
load_stdin(const char *verb, struct secprof *context, struct secprof_profile **ret_profile)
{
    char *bytes = NULL;
    char *why = NULL;
    size_t size = 0;
    int status = cmd_input_read(verb, PROFILE_BYTES, &bytes, &size);

    if (status == CMD_CLEAN) {
        enum secprof_status read = secprof_profile_load_bytes(
            context, "<stdin>", bytes == NULL ? "" : bytes, size, ret_profile, &why);
        status = cmd_profile_say(verb, read, "<stdin>", why);
    }
    free(bytes);
    return status;
}

int
cmd_profile_load(const char *verb, struct secprof *context, const char *word,
                 struct secprof_profile **ret_profile)
{
    char *why = NULL;

    if (strcmp(word, "-") == 0) {
        return load_stdin(verb, context, ret_profile);
    }
    enum secprof_status status = secprof_profile_load(context, word, ret_profile, &why);
    return cmd_profile_say(verb, status, word, why);
}
