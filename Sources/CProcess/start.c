// Runs before any library of the process is set up: closed standard streams, signals, and how OpenMP's threads wait.
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

// Whether there is a variable with this name, or, where the text has more than a name, with just this value.
static bool hasVariable(char **environment, const char *text) {
    const size_t length = strlen(text);
    const bool isName = text[length - 1] == '=';
    for (; *environment != NULL; environment++) {
        if (isName ? strncmp(*environment, text, length) == 0 : strcmp(*environment, text) == 0) return true;
    }
    return false;
}

// libgomp's threads wait for work by spinning, which takes the processors from whoever has work to do there; where processes share
// a machine that makes all of them several times slower. libgomp reads how they wait once, when it is loaded, and there is no call
// for it. So the commands that compute start themselves once more with OMP_WAIT_POLICY=passive, before any library is set up. What the
// user has set stands.
static void waitPassively(int count, char **arguments, char **environment) {
    static const char *computing[] = {"run", "pretrain", "demo", "plan", "evaluate", "features", "verify"};
    bool computes = false;
    for (size_t index = 0; count > 1 && index < sizeof computing / sizeof *computing; index++) {
        if (strcmp(arguments[1], computing[index]) == 0) computes = true;
    }
    static const char *settled[] = {"OMP_WAIT_POLICY=", "GOMP_SPINCOUNT=", "KMP_BLOCKTIME=", "OMP_NUM_THREADS=1"};
    for (size_t index = 0; index < sizeof settled / sizeof *settled; index++) {
        if (hasVariable(environment, settled[index])) computes = false;
    }
    if (!computes) return;
    size_t length = 0;
    while (environment[length] != NULL) length++;
    if (length > 4000) return;
    char *extended[length + 2];
    memcpy(extended, environment, length * sizeof *extended);
    extended[length] = "OMP_WAIT_POLICY=passive";
    extended[length + 1] = NULL;
    // Where it fails, the process goes on as it is.
    execve("/proc/self/exe", arguments, extended);
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
    openClosedStreams();
    if (!isCommand()) return;
    endWithStarter(environment);
    keepSignalsWaiting();
    waitPassively(count, arguments, environment);
    cp_say_when_memory_ends();
}

// The only functions that the loader calls before those of the libraries.
__attribute__((section(".preinit_array"), used)) static void (*const entry)(int, char **, char **) = start;

#else

__attribute__((constructor)) static void start(void) { openClosedStreams(); }

#endif
