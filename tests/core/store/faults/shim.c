/* Stands between a process and the system for the files below one folder: counts what changes them, ends the
 * process at the N-th change or lets that call fail, or keeps a log of the changes from which power cuts are
 * made. Loaded with LD_PRELOAD; steered by calls of the functions at the end (see driver.py).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { OFF, COUNT, KILL, TEAR, FAIL_ONCE, FAIL_ON, FAIL_READ, COUNT_READS };
enum { OTHER, WRITE, CREATE };

static char folder[PATH_MAX];
static size_t folder_length;
static int mode = OFF, error_number, log_file = -1;
static long at, seen;
static char *paths[4096]; /* of open descriptors below the folder */

#define REAL(name) static __typeof__(name) *real; if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static int below(const char *path)
{
    return folder_length && path && strncmp(path, folder, folder_length) == 0 &&
           (path[folder_length] == '/' || path[folder_length] == 0);
}

static const char *open_path(int fd) { return fd >= 0 && fd < 4096 ? paths[fd] : NULL; }

static ssize_t raw_write(int fd, const void *data, size_t size)
{
    REAL(write);
    return real(fd, data, size);
}

/* One line of the log: operation, numbers, path, second path; then the data. */
static void note(char operation, const char *path, const char *other, int64_t offset, const void *data, int64_t size)
{
    char head[2 * PATH_MAX + 64];
    if (log_file < 0) return;
    int length = snprintf(head, sizeof head, "%c %lld %lld %s\t%s\n", operation, (long long)offset,
                          (long long)size, path, other ? other : "");
    raw_write(log_file, head, length);
    if (data) raw_write(log_file, data, size);
}

/* Called before each change. Returns 0 to let it through, 1 to let it fail with errno set, 2 to tear it. */
static int change(int kind)
{
    if (mode == OFF || mode == FAIL_READ || mode == COUNT_READS) return 0;
    seen++;
    if (mode == COUNT || seen < at) return 0;
    if (mode == KILL) raise(SIGKILL);
    if (mode == TEAR) {
        if (kind == WRITE) return 2;
        raise(SIGKILL);
    }
    if (mode == FAIL_ONCE && seen > at) return 0;
    if (error_number == ENOSPC && kind == OTHER) return 0; /* a full disk still syncs and deletes */
    errno = error_number;
    return 1;
}

static void track(int fd, const char *path)
{
    if (fd < 0 || fd >= 4096) return;
    free(paths[fd]);
    paths[fd] = below(path) ? strdup(path) : NULL;
}

static int opened(int fd, const char *path, int flags, int was_there)
{
    if (fd >= 0) {
        track(fd, path);
        if (below(path) && (flags & O_CREAT) && !was_there) note('c', path, NULL, 0, NULL, 0);
    }
    return fd;
}

static int may_open(const char *path, int flags, int *was_there)
{
    *was_there = access(path, F_OK) == 0;
    return !(below(path) && (flags & O_CREAT) && !*was_there && change(CREATE));
}

#define OPEN(name)                                                         \
    int name(const char *path, int flags, ...)                             \
    {                                                                      \
        REAL(name);                                                        \
        int was_there;                                                     \
        va_list list;                                                      \
        va_start(list, flags);                                             \
        mode_t permissions = va_arg(list, int);                            \
        va_end(list);                                                      \
        if (!may_open(path, flags, &was_there)) return -1;                 \
        return opened(real(path, flags, permissions), path, flags, was_there); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                       \
    int name(int at_fd, const char *path, int flags, ...)                  \
    {                                                                      \
        REAL(name);                                                        \
        int was_there;                                                     \
        va_list list;                                                      \
        va_start(list, flags);                                             \
        mode_t permissions = va_arg(list, int);                            \
        va_end(list);                                                      \
        if (!may_open(path, flags, &was_there)) return -1;                 \
        return opened(real(at_fd, path, flags, permissions), path, flags, was_there); \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int fd)
{
    REAL(close);
    if (fd >= 0 && fd < 4096 && paths[fd]) {
        free(paths[fd]);
        paths[fd] = NULL;
    }
    return real(fd);
}

ssize_t write(int fd, const void *data, size_t size)
{
    const char *path = open_path(fd);
    if (!path) return raw_write(fd, data, size);
    int what = change(WRITE);
    if (what == 1) return -1;
    if (what == 2) {
        raw_write(fd, data, size / 2);
        raise(SIGKILL);
    }
    off_t offset = lseek(fd, 0, SEEK_CUR);
    ssize_t done = raw_write(fd, data, size);
    if (done > 0) note('w', path, NULL, offset, data, done);
    return done;
}

#define PWRITE(name, type)                                                 \
    ssize_t name(int fd, const void *data, size_t size, type offset)       \
    {                                                                      \
        REAL(name);                                                        \
        const char *path = open_path(fd);                                  \
        int what = path ? change(WRITE) : 0;                                   \
        if (what == 1) return -1;                                          \
        if (what == 2) {                                                   \
            real(fd, data, size / 2, offset);                              \
            raise(SIGKILL);                                                \
        }                                                                  \
        ssize_t done = real(fd, data, size, offset);                       \
        if (path && done > 0) note('w', path, NULL, offset, data, done);   \
        return done;                                                       \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

#define PREAD(name, type)                                                  \
    ssize_t name(int fd, void *data, size_t size, type offset)             \
    {                                                                      \
        REAL(name);                                                        \
        if (open_path(fd) && (mode == FAIL_READ || mode == COUNT_READS)) { \
            seen++;                                                        \
            if (mode == FAIL_READ && seen == at) {                         \
                errno = error_number;                                      \
                return -1;                                                 \
            }                                                              \
        }                                                                  \
        return real(fd, data, size, offset);                               \
    }
PREAD(pread, off_t)
PREAD(pread64, off64_t)

#define SYNC(name)                                                         \
    int name(int fd)                                                       \
    {                                                                      \
        REAL(name);                                                        \
        const char *path = open_path(fd);                                  \
        if (path && change(OTHER)) return -1;                                  \
        int done = real(fd);                                               \
        if (path && done == 0) note('s', path, NULL, 0, NULL, 0);          \
        return done;                                                       \
    }
SYNC(fsync)
SYNC(fdatasync)

#define TRUNCATE(name, type)                                               \
    int name(int fd, type size)                                            \
    {                                                                      \
        REAL(name);                                                        \
        const char *path = open_path(fd);                                  \
        if (path && change(OTHER)) return -1;                                  \
        int done = real(fd, size);                                         \
        if (path && done == 0) note('t', path, NULL, size, NULL, 0);       \
        return done;                                                       \
    }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

int unlink(const char *path)
{
    REAL(unlink);
    if (below(path) && access(path, F_OK) == 0 && change(OTHER)) return -1;
    int done = real(path);
    if (done == 0 && below(path)) note('u', path, NULL, 0, NULL, 0);
    return done;
}

int rename(const char *from, const char *to)
{
    REAL(rename);
    if (below(to) && change(OTHER)) return -1;
    int done = real(from, to);
    if (done == 0 && below(to)) note('r', from, to, 0, NULL, 0);
    return done;
}

int link(const char *from, const char *to)
{
    REAL(link);
    if (below(to) && change(OTHER)) return -1;
    int done = real(from, to);
    if (done == 0 && below(to)) note('l', from, to, 0, NULL, 0);
    return done;
}

int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags)
{
    REAL(linkat);
    if (below(to) && change(OTHER)) return -1;
    int done = real(from_fd, from, to_fd, to, flags);
    if (done == 0 && below(to)) note('l', from, to, 0, NULL, 0);
    return done;
}

/* --- steering */

void faults_watch(const char *path)
{
    strncpy(folder, path, sizeof folder - 1);
    folder_length = strlen(folder);
}

void faults_arm(int new_mode, long new_at, int new_error)
{
    seen = 0;
    at = new_at;
    error_number = new_error;
    mode = new_mode;
}

long faults_seen(void) { return seen; }

void faults_log(const char *path)
{
    REAL(open);
    log_file = real(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
}

/* What happened outside: the caller was told that its write is done. */
void faults_mark(const char *word) { note('m', word, NULL, 0, NULL, 0); }
