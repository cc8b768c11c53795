#include "CProcess.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { EXIT_RUN_AGAIN = 75 };

static const int heard[] = {SIGINT, SIGTERM, SIGUSR1, SIGHUP};
static _Atomic int32_t requested;
static _Atomic int32_t holds;
static _Atomic int64_t requestedAt;
static _Atomic int hasTerminal;

static int64_t milliseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Only what is safe in a signal handler.
static void endNow(int32_t number) {
    char text[160];
    size_t length = 0;
    const char *parts[] = {atomic_load(&hasTerminal) ? "\r\033[2K" : "", "medtransfer: Stopped, as asked (signal ", NULL,
                           "). Run the same command again to go on from what is saved.\n"};
    for (size_t index = 0; index < sizeof parts / sizeof *parts; index++) {
        if (parts[index] == NULL) {
            if (number >= 10) text[length++] = (char)('0' + number / 10);
            text[length++] = (char)('0' + number % 10);
            continue;
        }
        const size_t count = strlen(parts[index]);
        memcpy(text + length, parts[index], count);
        length += count;
    }
    struct pollfd place = {STDERR_FILENO, POLLOUT, 0};
    if (poll(&place, 1, 0) == 1) (void)!write(STDERR_FILENO, text, length);
    // Nothing is torn down: other threads may be at work, and every file is whole or not there at any moment.
    _exit(EXIT_RUN_AGAIN);
}

static void hear(int number) {
    const int error = errno;
    int32_t none = 0;
    const int64_t now = milliseconds();
    if (atomic_compare_exchange_strong(&requested, &none, number)) {
        atomic_store(&requestedAt, now);
        if (atomic_load(&holds) == 0) endNow(number);
    } else if ((number == none || number == SIGINT) && now - atomic_load(&requestedAt) >= 1000) {
        // A closing terminal and a launcher that hands signals on send several at once; a person asks again a moment later.
        _exit(128 + number);
    }
    errno = error;
}

static void unblock(void) {
    sigset_t set;
    sigemptyset(&set);
    for (size_t index = 0; index < sizeof heard / sizeof *heard; index++) sigaddset(&set, heard[index]);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void cp_listen(void) {
    atomic_store(&hasTerminal, isatty(STDERR_FILENO));
    // A file that meets a size limit, and a reader that is gone, are errors of the write instead of the end of the process.
    signal(SIGXFSZ, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    for (size_t index = 0; index < sizeof heard / sizeof *heard; index++) {
        struct sigaction action;
        // Whoever started the process with nohup wants it to outlive the terminal.
        if (heard[index] == SIGHUP && sigaction(SIGHUP, NULL, &action) == 0 && action.sa_handler == SIG_IGN) continue;
        memset(&action, 0, sizeof action);
        action.sa_handler = hear;
        action.sa_flags = SA_RESTART;
        sigaction(heard[index], &action, NULL);
    }
    // Also a parent may have blocked them; a mask is inherited.
    unblock();
}

void cp_let_signals_through(void) {
    signal(SIGPIPE, SIG_IGN);
    unblock();
}

int32_t cp_requested(void) { return atomic_load(&requested); }

void cp_request(int32_t number) {
    int32_t none = 0;
    if (number == 0) atomic_store(&requested, 0);
    else if (atomic_compare_exchange_strong(&requested, &none, number)) atomic_store(&requestedAt, milliseconds());
}

int64_t cp_request_age(void) { return atomic_load(&requested) == 0 ? -1 : milliseconds() - atomic_load(&requestedAt); }

void cp_ask(int32_t number) {
    int32_t none = 0;
    if (!atomic_compare_exchange_strong(&requested, &none, number)) return;
    atomic_store(&requestedAt, milliseconds());
    if (atomic_load(&holds) == 0) endNow(number);
}

void cp_hold(void) { atomic_fetch_add(&holds, 1); }

void cp_release(bool ends_process) {
    const int32_t number = atomic_fetch_sub(&holds, 1) == 1 ? atomic_load(&requested) : 0;
    if (number != 0 && ends_process) endNow(number);
}

int32_t cp_write(int32_t descriptor, const void *bytes, size_t count, int32_t patience) {
    const char *rest = bytes;
    while (count > 0) {
        struct pollfd place = {descriptor, POLLOUT, 0};
        const int64_t end = milliseconds() + patience;
        for (;;) {
            int32_t left = patience < 0 ? 1000 : (int32_t)(end - milliseconds());
            if (left < 0) left = 0;
            const int ready = poll(&place, 1, left < 1000 ? left : 1000);
            if (ready > 0) break;
            if (ready < 0 && errno != EINTR) return errno;
            if (cp_requested() != 0) return EINTR;
            if (patience >= 0 && milliseconds() >= end) return EAGAIN;
        }
        // A pipe that is ready takes as much as this without blocking (PIPE_BUF), also one that is not set to.
        const ssize_t written = write(descriptor, rest, count < 4096 ? count : 4096);
        if (written < 0) {
            if (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK) continue;
            return errno;
        }
        rest += written;
        count -= (size_t)written;
    }
    return 0;
}
