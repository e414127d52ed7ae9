#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_SIZE = 16 * 1024, DEEPEST = 64 };

/* The size that the file says it has is a hint: pipes say 0, files may grow while they are read. */
static size_t
first_size(int fd, size_t limit)
{
    struct stat status;
    size_t size = FIRST_SIZE;

    if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
        size = (size_t)status.st_size + 1;
    }
    return size > limit ? limit + 1 : size;
}

static enum sp_file_status
read_all(struct sp_arena *arena, int fd, size_t limit, struct sp_str *ret_text)
{
    size_t capacity = first_size(fd, limit);
    char *text = sp_arena_alloc(arena, capacity + 1);
    size_t size = 0;

    while (text != NULL) {
        ssize_t got = read(fd, text + size, capacity - size);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got < 0) {
            return SP_FILE_ERROR;
        }
        size += (size_t)got;
        if (got == 0 || size > limit) {
            *ret_text = (struct sp_str){ .ptr = text, .len = size };
            return SP_FILE_OK;
        }
        if (size == capacity) {
            capacity = capacity > limit / 2 ? limit + 1 : capacity * 2;
            char *grown = sp_arena_alloc(arena, capacity + 1);
            text = grown == NULL ? NULL : memcpy(grown, text, size);
        }
    }
    return SP_FILE_NO_MEMORY;
}

enum sp_file_status
sp_file_read(struct sp_arena *arena, const char *path, size_t limit, struct sp_str *ret_text)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return SP_FILE_ERROR;
    }

    enum sp_file_status status = read_all(arena, fd, limit, ret_text);
    int error = errno;
    close(fd);
    errno = error;
    return status;
}

bool
sp_file_is_folder(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static enum sp_file_status
list_folder(struct sp_arena *arena, const char *folder, unsigned depth, struct sp_paths *paths);

static enum sp_file_status
list_entry(struct sp_arena *arena, const char *path, unsigned depth, struct sp_paths *paths)
{
    struct stat link;
    struct stat target;

    if (lstat(path, &link) != 0 || stat(path, &target) != 0) {
        return SP_FILE_OK;  /* gone, or a link to nothing */
    }
    if (S_ISDIR(link.st_mode) && depth < DEEPEST) {
        /* A folder that may not be read is passed over like any other that is of no use. */
        enum sp_file_status status = list_folder(arena, path, depth + 1, paths);
        return status == SP_FILE_ERROR ? SP_FILE_OK : status;
    }
    if (S_ISREG(target.st_mode)) {
        const char **place = sp_vec_push(arena, &paths->list);
        if (place == NULL) {
            return SP_FILE_NO_MEMORY;
        }
        *place = path;
    }
    return SP_FILE_OK;
}

static enum sp_file_status
list_folder(struct sp_arena *arena, const char *folder, unsigned depth, struct sp_paths *paths)
{
    DIR *dir = opendir(folder);
    enum sp_file_status status = SP_FILE_OK;
    size_t len = strlen(folder);
    const char *slash = len > 0 && folder[len - 1] == '/' ? "" : "/";

    if (dir == NULL) {
        return errno == ENOMEM ? SP_FILE_NO_MEMORY : SP_FILE_ERROR;
    }
    for (struct dirent *entry; status == SP_FILE_OK && (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        const char *path = strcmp(folder, ".") == 0
            ? sp_arena_copy(arena, sp_str_of(entry->d_name))
            : sp_arena_format(arena, "%s%s%s", folder, slash, entry->d_name);
        status = path == NULL ? SP_FILE_NO_MEMORY : list_entry(arena, path, depth, paths);
    }
    closedir(dir);
    return status;
}

static int
compare_paths(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

enum sp_file_status
sp_file_list(struct sp_arena *arena, const char *folder, struct sp_paths *ret_paths)
{
    struct sp_paths paths = { .list = { .at = NULL } };
    enum sp_file_status status = list_folder(arena, folder, 0, &paths);

    if (status != SP_FILE_OK) {
        return status;
    }
    if (paths.list.count > 1) {
        qsort(paths.list.at, paths.list.count, sizeof *paths.list.at, compare_paths);
    }
    *ret_paths = paths;
    return SP_FILE_OK;
}
