// The Swift runtime and code of libraries end the process where an allocation fails; here that end gets its sentence.
#include "memory.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

static const char sentence[] =
    "medtransfer: The process could not get more memory. Take a smaller recipe.batchSize or recipe.inputSize or fewer loaderThreads, "
    "or give it more memory (ulimit -v, the job’s or container’s limit); then run the same command again: finished work is kept.\n";

// The failing call has left ENOMEM in the thread that crashes; whatever else crashes does so as ever.
// Of the accesses that are no memory only one through a null pointer is what a failed allocation leaves.
static void crashed(int number, siginfo_t *information, void *context) {
    (void)context;
    const bool isAllocation = number != SIGSEGV || (uintptr_t)information->si_addr < 65536;
    if (errno == ENOMEM && isAllocation) {
        struct pollfd place = {STDERR_FILENO, POLLOUT, 0};
        if (poll(&place, 1, 0) == 1) (void)!write(STDERR_FILENO, sentence, sizeof sentence - 1);
        _exit(1);
    }
    signal(number, SIG_DFL);
    raise(number);
}

void cp_say_when_memory_ends(void) {
    static const int numbers[] = {SIGABRT, SIGILL, SIGTRAP, SIGSEGV};
    for (size_t index = 0; index < sizeof numbers / sizeof *numbers; index++) {
        struct sigaction before;
        if (sigaction(numbers[index], NULL, &before) != 0 || before.sa_handler != SIG_DFL) continue;
        struct sigaction action;
        memset(&action, 0, sizeof action);
        action.sa_sigaction = crashed;
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
        sigaction(numbers[index], &action, NULL);
    }
}
