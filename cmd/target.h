/* The environment options, which every verb that reasons about meaning has. */
#ifndef CMD_TARGET_H
#define CMD_TARGET_H

#include "verb.h"

#include <secprof.h>

/* Words of the options; a field of a verb's arguments. */
struct cmd_target {
    const char *target;
    const char *engine;
    const char *runtime;
    struct cmd_list arches;
    const char *kernel;
    const char *caps;
    const char *cap_add;
    const char *cap_drop;
    const char *libseccomp;
};

#define CMD_TARGET_ENGINES "docker podman containerd crio oci"

/* Rows of an option table: `type` is the struct of the verb's arguments, `field` its struct
 * cmd_target. */
#define CMD_TARGET_OPTIONS(type, field) \
    { .name = "target", .kind = CMD_TEXT, .value = "ENGINE", .choices = CMD_TARGET_ENGINES, \
      .help = "short for --engine, as in docker@29", .offset = offsetof(type, field.target) }, \
    { .name = "engine", .kind = CMD_TEXT, .value = "ENGINE", .choices = CMD_TARGET_ENGINES, \
      .help = "who reads the profile, with @VERSION where it matters (default docker)", \
      .offset = offsetof(type, field.engine) }, \
    { .name = "runtime", .kind = CMD_TEXT, .value = "RUNTIME", .choices = "runc crun", \
      .help = "who compiles it, with @VERSION where it matters (default runc)", \
      .offset = offsetof(type, field.runtime) }, \
    { .name = "arch", .kind = CMD_LIST, .value = "ARCH", .choices = "native", \
      .help = "the architecture, or native; may be given several times", \
      .offset = offsetof(type, field.arches) }, \
    { .name = "kernel", .kind = CMD_TEXT, .value = "VERSION", \
      .help = "the kernel that conditions are decided for", \
      .offset = offsetof(type, field.kernel) }, \
    { .name = "caps", .kind = CMD_TEXT, .value = "CAPS", .choices = "default none all", \
      .help = "the container's capabilities: default (Docker's), none, all, or names", \
      .offset = offsetof(type, field.caps) }, \
    { .name = "cap-add", .kind = CMD_TEXT, .value = "CAPS", .help = "these as well", \
      .offset = offsetof(type, field.cap_add) }, \
    { .name = "cap-drop", .kind = CMD_TEXT, .value = "CAPS", .help = "all but these", \
      .offset = offsetof(type, field.cap_drop) }, \
    { .name = "libseccomp", .kind = CMD_TEXT, .value = "VERSION", \
      .help = "the libseccomp that builds the filter", \
      .offset = offsetof(type, field.libseccomp) }

/* The target that the words make.  Points into `words`, which must live as long. */
struct secprof_target
cmd_target_of(const struct cmd_target *words);

#endif
