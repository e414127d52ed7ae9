/* What a word on the command line stands for. */
#ifndef SP_OPS_OPERAND_H
#define SP_OPS_OPERAND_H

#include "base/arena.h"
#include "base/str.h"
#include "model/profile.h"
#include "model/target.h"

#include <stdbool.h>

enum sp_operand {
    SP_OPERAND_FILE,
    SP_OPERAND_FOLDER,
    SP_OPERAND_BUILTIN,
    SP_OPERAND_UNKNOWN,  /* neither a path nor a built-in name */
};

/* A word with a `/` or a known ending is a path; so is one that names an existing file or
 * folder and no built-in profile. */
enum sp_operand
sp_operand_kind(const char *word);

/* Does a file's name end like a profile's: .json .yaml .yml .policy?  In folders other
 * endings belong to many other files, too. */
bool
sp_operand_has_ending(const char *path);

/* The text of a built-in profile, in `arena`: byte for byte what its project ships.
 * The empty view when there is no such profile or no memory (`arena->failed`). */
struct sp_str
sp_operand_builtin(struct sp_arena *arena, const char *name);

/* Who reads a profile where nobody says so: a built-in one the engine that has it, texts of other tools a
 * runtime alone (format/read.h), all others Docker.  containerd makes its default in code, by conditions that
 * a file of its own cannot have: Docker reads them as they are meant. */
void
sp_operand_choose_engine(const char *name, enum sp_dialect dialect, struct sp_target *target);

#endif
