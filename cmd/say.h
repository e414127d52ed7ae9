/* Words on standard error: what went wrong with the call itself. */
#ifndef CMD_SAY_H
#define CMD_SAY_H

/* "secprof: VERB: text"; `verb` may be NULL. Answers CMD_USAGE, so that a check can return it. */
int
cmd_usage(const char *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for failures of the system or of secprof itself: answers CMD_FAILURE. */
int
cmd_failure(const char *verb, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* A failed allocation, said without allocating. */
int
cmd_no_memory(const char *verb);

#endif
