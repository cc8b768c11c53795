#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

// No process that is started at the same moment by another thread may inherit an end: then nobody would see the stream closed.
static int makePipe(int ends[2]) {
#if defined(__linux__)
    return pipe2(ends, O_CLOEXEC);
#else
    if (pipe(ends) != 0) return -1;
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return 0;
#endif
}

int32_t cp_start_process(const char *path, char *const *arguments, int32_t streams[3], int32_t *process) {
    int ends[3][2] = {{-1, -1}, {-1, -1}, {-1, -1}};
    posix_spawn_file_actions_t actions;
    int number = 0;
    for (int stream = 0; stream < 3 && number == 0; stream++) {
        if (makePipe(ends[stream]) != 0) number = errno;
    }
    pid_t started = -1;
    if (number == 0 && (number = posix_spawn_file_actions_init(&actions)) == 0) {
        for (int stream = 0; stream < 3 && number == 0; stream++) {
            number = posix_spawn_file_actions_adddup2(&actions, ends[stream][stream == 0 ? 0 : 1], stream);
        }
        if (number == 0) number = posix_spawn(&started, path, &actions, NULL, arguments, environ);
        posix_spawn_file_actions_destroy(&actions);
    }
    for (int stream = 0; stream < 3; stream++) {
        const int own = ends[stream][stream == 0 ? 1 : 0], its = ends[stream][stream == 0 ? 0 : 1];
        if (its >= 0) close(its);
        if (number != 0 && own >= 0) close(own);
        if (number == 0 && stream > 0) fcntl(own, F_SETFL, fcntl(own, F_GETFL) | O_NONBLOCK);
        streams[stream] = own;
    }
    *process = (int32_t)started;
    return number;
}

int32_t cp_ended(int32_t process, int32_t *number) {
    int status = 0;
    pid_t found;
    do found = waitpid((pid_t)process, &status, WNOHANG);
    while (found < 0 && errno == EINTR);
    if (found == 0) return 0;
    *number = found < 0 ? 0 : WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    return found > 0 && WIFSIGNALED(status) ? 2 : 1;
}

void cp_wait_to_read(const int32_t *streams, size_t count, int32_t milliseconds) {
    struct pollfd places[count == 0 ? 1 : count];
    for (size_t index = 0; index < count; index++) places[index] = (struct pollfd){streams[index], POLLIN, 0};
    (void)poll(places, (nfds_t)count, milliseconds);
}
