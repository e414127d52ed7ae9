/* Files and folders, read with care: nothing hangs, nothing grows without end. */
#ifndef SP_BASE_FILE_H
#define SP_BASE_FILE_H

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

#include <stdbool.h>
#include <stddef.h>

enum sp_file_status {
    SP_FILE_OK,
    SP_FILE_ERROR,      /* errno says why */
    SP_FILE_NO_MEMORY,
};

/* Reads a whole file, but at most `limit` + 1 bytes, so that the reader of its text can say that
 * the limit was passed. The text lives in `arena` and ends in NUL. */
enum sp_file_status
sp_file_read(struct sp_arena *arena, const char *path, size_t limit, struct sp_str *ret_text);

struct sp_paths {
    SP_VEC(const char *) list;
};

/* The regular files below a folder, in byte order of their paths.  Hidden entries (a leading dot) and
 * what is neither file nor folder are passed over; links to files are followed, links to folders are
 * not, so that there is no loop. Folders deeper than 64 are passed over. */
enum sp_file_status
sp_file_list(struct sp_arena *arena, const char *folder, struct sp_paths *ret_paths);

bool
sp_file_is_folder(const char *path);

#endif
