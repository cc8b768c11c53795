// Runs before any library of the process is set up (closed standard streams, signals), and before libtorch is opened (how OpenMP's threads wait).
#include "memory.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

// A file opened later must not get the number of a standard stream, or what is said on the stream lands in the file.
static void openClosedStreams(void) {
    for (int descriptor = 0; descriptor <= 2; descriptor++) {
        if (fcntl(descriptor, F_GETFD) != -1 || errno != EBADF) continue;
        const int null = open("/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY);
        if (null >= 0 && null != descriptor) {
            dup2(null, descriptor);
            close(null);
        }
    }
}

#if defined(__linux__)

#include <stdlib.h>
#include <sys/prctl.h>

// Only the command itself: test bundles and benchmarks hold this file too.
static bool isCommand(void) {
    char path[4096];
    const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
    static const char name[] = "/medtransfer";
    const ssize_t count = sizeof name - 1;
    return length >= count && memcmp(path + length - count, name, (size_t)count) == 0;
}

// Until the command has settled what a stop means to it, requests wait: loading the libraries takes a moment.
static void keepSignalsWaiting(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGHUP);
    sigprocmask(SIG_BLOCK, &set, NULL);
}

// libgomp's threads wait for work by spinning, which takes the processors from whoever has work to do there; where processes share
// a machine that makes all of them several times slower. libgomp reads how they wait once, when libtorch is opened, and there is no call
// for it. What the user has set stands.
__attribute__((constructor)) static void waitPassively(void) {
    static const char *settled[] = {"OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"};
    for (size_t index = 0; index < sizeof settled / sizeof *settled; index++) {
        if (getenv(settled[index]) != NULL) return;
    }
    const char *threads = getenv("OMP_NUM_THREADS");
    if (threads != NULL && strcmp(threads, "1") == 0) return;
    if (isCommand()) setenv("OMP_WAIT_POLICY", "passive", 0);
}

// A process that another started only to watch it ends with that one, however that ends.
static void endWithStarter(char **environment) {
    static const char name[] = "MEDTRANSFER_ENDS_WITH=";
    for (; *environment != NULL; environment++) {
        if (strncmp(*environment, name, sizeof name - 1) != 0) continue;
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        // It may have ended before.
        if (getppid() != (pid_t)strtol(*environment + sizeof name - 1, NULL, 10)) _exit(128 + SIGKILL);
    }
}

static void start(int count, char **arguments, char **environment) {
    (void)count, (void)arguments;
    openClosedStreams();
    if (!isCommand()) return;
    endWithStarter(environment);
    keepSignalsWaiting();
    cp_say_when_memory_ends();
}

// The only functions that the loader calls before those of the libraries.
__attribute__((section(".preinit_array"), used)) static void (*const entry)(int, char **, char **) = start;

#else

__attribute__((constructor)) static void start(void) { openClosedStreams(); }

#endif
