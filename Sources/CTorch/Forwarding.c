// libtorch takes a good part of a second to be mapped and set up, and half of the commands never ask it anything. So nothing is linked with
// it but one library of ours, the engine, which lies beside the command and is opened when the first function of CTorch.h is called.
#include "Functions.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <torch/version.h>
#include <unistd.h>

#if defined(__APPLE__)
#define CT_ENGINE_FILE "libMedTransferTorch.dylib"
#else
#define CT_ENGINE_FILE "libMedTransferTorch.so"
#endif

static _Atomic(const ct_engine *) opened;

// There is no libtorch to go on without: every function here promises its answer.
static _Noreturn void stop(const char *reason) {
    fprintf(stderr, "medtransfer: libtorch cannot be used: %s. Build the command again with make build, which puts " CT_ENGINE_FILE " beside it.\n", reason);
    fflush(NULL);
    _exit(1);
}

// The loader has no number for it: only its words tell that there was no room for a library.
static bool isLackOfMemory(const char *reason) {
    static const char *words[] = {"failed to map segment", "cannot allocate", "Cannot allocate", "out of memory"};
    for (size_t index = 0; index < sizeof words / sizeof *words; index++) {
        if (strstr(reason, words[index]) != NULL) return true;
    }
    return false;
}

static void openEngine(void) {
    // By its name, beside the program and where the program's other libraries are; its symbols are for the libraries that libtorch itself opens.
    void *library = dlopen(CT_ENGINE_FILE, RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL) {
        const char *reason = dlerror();
        if (reason != NULL && isLackOfMemory(reason)) {
            fprintf(stderr, "medtransfer: There is too little memory for libtorch (%s). Give the process more (ulimit -v, the job’s or container’s limit); then run the same command again: finished work is kept.\n", reason);
            fflush(NULL);
            _exit(1);
        }
        stop(reason == NULL ? "it cannot be opened" : reason);
    }
    const ct_engine *(*engine)(void);
    *(void **)&engine = dlsym(library, CT_ENGINE_SYMBOL);
    if (engine == NULL) stop(CT_ENGINE_FILE " is not the library of this command");
    const ct_engine *found = engine();
    if (strcmp(found->declarations, CT_DECLARATIONS) != 0 || strcmp(found->version, TORCH_VERSION) != 0) {
        stop(CT_ENGINE_FILE " is of another build than the command");
    }
    atomic_store_explicit(&opened, found, memory_order_release);
}

static const ct_engine *engine(void) {
    const ct_engine *found = atomic_load_explicit(&opened, memory_order_acquire);
    if (found != NULL) return found;
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, openEngine);
    return atomic_load_explicit(&opened, memory_order_acquire);
}

#define CT_FORWARD(result, name, parameters, names) \
    result name parameters { return engine()->name names; }
#define CT_FORWARD_NOTHING(name, parameters, names) \
    void name parameters { engine()->name names; }

CT_FUNCTIONS(CT_FORWARD, CT_FORWARD_NOTHING)

// Known without opening it: what the command is asked for most often is its version.
const char *ct_version(void) {
    return TORCH_VERSION;
}
