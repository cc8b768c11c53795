#define _GNU_SOURCE
#include "CFaults.h"

#if defined(__linux__)

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum operation { WRITE, FSYNC, RENAME, THREAD, OPERATIONS };
enum effect { NONE, FAIL, SHORT, KILL, KILL_AFTER };

static const char *const names[OPERATIONS] = {"write", "fsync", "rename", "thread"};

static _Atomic int64_t ownCounts[OPERATIONS];
static _Atomic int64_t *counts = ownCounts;
static char folder[PATH_MAX];
static enum operation wanted = OPERATIONS;
static int64_t first;
static bool isLasting;
static enum effect effect;
static int failure;
/// What the path of a file has that cannot be opened for reading (EIO), and how often it cannot; all tries where it is negative.
static char unread[256];
static int64_t unreadLimit = -1;
static _Atomic int64_t unreadCount;
/// How the path of a folder ends whose listing breaks off (EIO), behind how many names, and the listing that does.
static char unlisted[256];
static int64_t listedCount;
static DIR *_Atomic brokenListing;
static _Atomic int64_t listed;
/// Whether every caller gets every lock, as two nodes see it where locks are local to a node.
static bool locksNothing;

static void readFault(const char *text) {
    char operation[16], what[16];
    long long number;
    char plus = 0;
    if (sscanf(text, "%15[a-z]:%lld+:%15s", operation, &number, what) == 3 && strchr(text, '+') != NULL) plus = '+';
    else if (sscanf(text, "%15[a-z]:%lld:%15s", operation, &number, what) != 3) return;
    first = number;
    isLasting = plus == '+';
    static const struct { const char *name; int number; } errors[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO}, {"EINTR", EINTR}, {"EAGAIN", EAGAIN}};
    if (strcmp(what, "short") == 0) effect = SHORT;
    if (strcmp(what, "kill") == 0) effect = KILL;
    if (strcmp(what, "kill-after") == 0) effect = KILL_AFTER;
    for (size_t index = 0; index < sizeof errors / sizeof *errors; index++) {
        if (strcmp(what, errors[index].name) == 0) {
            effect = FAIL;
            failure = errors[index].number;
        }
    }
    for (int index = 0; index < OPERATIONS; index++) {
        if (strcmp(operation, names[index]) == 0) wanted = index;
    }
}

__attribute__((constructor)) static void begin(void) {
    const char *path = getenv("MEDTRANSFER_FAULT_FOLDER"), *fault = getenv("MEDTRANSFER_FAULT"), *file = getenv("MEDTRANSFER_FAULT_COUNTS");
    if (path == NULL || realpath(path, folder) == NULL) folder[0] = '\0';
    if (fault != NULL) readFault(fault);
    const char *word = getenv("MEDTRANSFER_FAULT_READ"), *limit = getenv("MEDTRANSFER_FAULT_READ_LIMIT");
    if (word != NULL) snprintf(unread, sizeof unread, "%s", word);
    if (limit != NULL) unreadLimit = atoll(limit);
    const char *list = getenv("MEDTRANSFER_FAULT_LIST");
    if (list != NULL) sscanf(list, "%255[^:]:%lld", unlisted, (long long *)&listedCount);
    locksNothing = getenv("MEDTRANSFER_FAULT_FLOCK") != NULL;
    if (file == NULL) return;
    // Shared with the file, so that a process that is killed has counted too.
    const int descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0) return;
    if (ftruncate(descriptor, sizeof ownCounts) == 0) {
        void *map = mmap(NULL, sizeof ownCounts, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        if (map != MAP_FAILED) counts = map;
    }
    close(descriptor);
}

static bool isBelow(const char *path) {
    const size_t length = strlen(folder);
    return length > 0 && strncmp(path, folder, length) == 0 && path[length] == '/';
}

static bool isOurs(int descriptor) {
    char link[40], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    const ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return false;
    path[length] = '\0';
    return isBelow(path);
}

static bool isOursByName(const char *path) {
    char parent[PATH_MAX], real[PATH_MAX];
    const char *slash = strrchr(path, '/');
    if (slash == NULL) snprintf(parent, sizeof parent, ".");
    else snprintf(parent, sizeof parent, "%.*s", (int)(slash - path), path);
    if (realpath(parent, real) == NULL) return false;
    const size_t length = strlen(real);
    snprintf(real + length, sizeof real - length, "/");
    return isBelow(real);
}

static void killSelf(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

/// Counts a call; what is to happen to it.
static enum effect count(enum operation operation) {
    const int64_t number = atomic_fetch_add(&counts[operation], 1) + 1;
    if (operation != wanted || effect == NONE || number < first || (number > first && !isLasting)) return NONE;
    if (effect == KILL) killSelf();
    if (effect == FAIL) errno = failure;
    return effect;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int descriptor, const void *bytes, size_t size) {
    static __typeof__(&write) real;
    if (real == NULL) real = REAL(write);
    enum effect what = NONE;
    if (isOurs(descriptor)) what = count(WRITE);
    if (what == FAIL) return -1;
    const ssize_t written = real(descriptor, bytes, what == SHORT && size > 1 ? size / 2 : size);
    if (what == KILL_AFTER) killSelf();
    return written;
}

ssize_t pwrite(int descriptor, const void *bytes, size_t size, off_t offset) {
    static __typeof__(&pwrite) real;
    if (real == NULL) real = REAL(pwrite);
    enum effect what = NONE;
    if (isOurs(descriptor)) what = count(WRITE);
    if (what == FAIL) return -1;
    const ssize_t written = real(descriptor, bytes, what == SHORT && size > 1 ? size / 2 : size, offset);
    if (what == KILL_AFTER) killSelf();
    return written;
}

ssize_t writev(int descriptor, const struct iovec *pieces, int pieceCount) {
    static __typeof__(&writev) real;
    if (real == NULL) real = REAL(writev);
    enum effect what = NONE;
    if (isOurs(descriptor)) what = count(WRITE);
    if (what == FAIL) return -1;
    const ssize_t written = real(descriptor, pieces, what == SHORT && pieceCount > 1 ? 1 : pieceCount);
    if (what == KILL_AFTER) killSelf();
    return written;
}

int fsync(int descriptor) {
    static __typeof__(&fsync) real;
    if (real == NULL) real = REAL(fsync);
    enum effect what = NONE;
    if (isOurs(descriptor)) what = count(FSYNC);
    if (what == FAIL) return -1;
    const int result = real(descriptor);
    if (what == KILL_AFTER) killSelf();
    return result;
}

int fdatasync(int descriptor) {
    static __typeof__(&fdatasync) real;
    if (real == NULL) real = REAL(fdatasync);
    enum effect what = NONE;
    if (isOurs(descriptor)) what = count(FSYNC);
    if (what == FAIL) return -1;
    const int result = real(descriptor);
    if (what == KILL_AFTER) killSelf();
    return result;
}

int rename(const char *from, const char *to) {
    static __typeof__(&rename) real;
    if (real == NULL) real = REAL(rename);
    enum effect what = NONE;
    if (isOursByName(to)) what = count(RENAME);
    if (what == FAIL) return -1;
    const int result = real(from, to);
    if (what == KILL_AFTER) killSelf();
    return result;
}

int renameat(int fromFolder, const char *from, int toFolder, const char *to) {
    static __typeof__(&renameat) real;
    if (real == NULL) real = REAL(renameat);
    enum effect what = NONE;
    if (to[0] == '/' && isOursByName(to)) what = count(RENAME);
    if (what == FAIL) return -1;
    const int result = real(fromFolder, from, toFolder, to);
    if (what == KILL_AFTER) killSelf();
    return result;
}

/// Whether a file is not given to whoever opens it for reading.
static bool isUnread(const char *path, int flags) {
    if (unread[0] == '\0' || (flags & O_ACCMODE) != O_RDONLY || strstr(path, unread) == NULL) return false;
    if (unreadLimit >= 0 && atomic_fetch_add(&unreadCount, 1) >= unreadLimit) return false;
    errno = EIO;
    return true;
}

#define OPENING(name)                                                                            \
    int name(const char *path, int flags, ...) {                                                 \
        static int (*real)(const char *, int, ...);                                              \
        if (real == NULL) real = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, #name);       \
        va_list rest;                                                                            \
        va_start(rest, flags);                                                                   \
        const mode_t mode = va_arg(rest, mode_t);                                                \
        va_end(rest);                                                                            \
        return isUnread(path, flags) ? -1 : real(path, flags, mode);                             \
    }

#undef open
#undef open64
OPENING(open)
OPENING(open64)

DIR *opendir(const char *path) {
    static __typeof__(&opendir) real;
    if (real == NULL) real = REAL(opendir);
    DIR *stream = real(path);
    const size_t length = strlen(path), tail = strlen(unlisted);
    if (stream != NULL && tail > 0 && length >= tail && strcmp(path + length - tail, unlisted) == 0) {
        listed = 0;
        brokenListing = stream;
    }
    return stream;
}

struct dirent *readdir(DIR *stream) {
    static __typeof__(&readdir) real;
    if (real == NULL) real = REAL(readdir);
    if (stream == brokenListing && atomic_fetch_add(&listed, 1) >= listedCount) {
        errno = EIO;
        return NULL;
    }
    return real(stream);
}

int closedir(DIR *stream) {
    static __typeof__(&closedir) real;
    if (real == NULL) real = REAL(closedir);
    if (stream == brokenListing) brokenListing = NULL;
    return real(stream);
}

int flock(int descriptor, int operation) {
    static __typeof__(&flock) real;
    if (real == NULL) real = REAL(flock);
    return locksNothing ? 0 : real(descriptor, operation);
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
    static __typeof__(&pthread_create) real;
    if (real == NULL) real = REAL(pthread_create);
    if (count(THREAD) == FAIL) return failure;
    return real(thread, attributes, body, argument);
}

#endif
