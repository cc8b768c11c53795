#define _GNU_SOURCE
#include "CProcess.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct work {
    void (*body)(void *);
    void *argument;
    char name[16];
};

static void *run(void *argument) {
    struct work work = *(struct work *)argument;
    free(argument);
#if defined(__linux__)
    pthread_setname_np(pthread_self(), work.name);
#elif defined(__APPLE__)
    pthread_setname_np(work.name);
#endif
    work.body(work.argument);
    return NULL;
}

int32_t cp_thread_start(cp_thread *thread, const char *name, void (*body)(void *), void *argument) {
    struct work *work = malloc(sizeof *work);
    if (work == NULL) return ENOMEM;
    work->body = body;
    work->argument = argument;
    strncpy(work->name, name, sizeof work->name - 1);
    work->name[sizeof work->name - 1] = '\0';
    // Requests to stop are for the thread that asks for them.
    sigset_t requests, before;
    sigemptyset(&requests);
    sigaddset(&requests, SIGINT);
    sigaddset(&requests, SIGTERM);
    sigaddset(&requests, SIGUSR1);
    sigaddset(&requests, SIGHUP);
    pthread_sigmask(SIG_BLOCK, &requests, &before);
    pthread_t started;
    const int number = pthread_create(&started, NULL, run, work);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (number != 0) {
        free(work);
        return number;
    }
    *thread = (cp_thread)(uintptr_t)started;
    return 0;
}

void cp_thread_join(cp_thread thread) { pthread_join((pthread_t)(uintptr_t)thread, NULL); }
