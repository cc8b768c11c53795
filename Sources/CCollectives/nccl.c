// NCCL without its headers and without CUDA's: libtorch for GPUs brings the library, and a program that was built where there is no GPU runs
// with it. What is declared here has been NCCL's binary interface since version 2.
#define _GNU_SOURCE
#include "CCollectives.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    char bytes[CC_NCCL_IDENTITY];
} identity;

// ncclFloat32, ncclFloat64, ncclSum, ncclSuccess, ncclInProgress.
enum { FLOAT32 = 7, FLOAT64 = 8, SUM = 0, SUCCESS = 0, IN_PROGRESS = 7 };

static struct {
    int (*identity)(identity *);
    int (*join)(void **, int, identity, int);
    int (*sum)(const void *, void *, size_t, int, int, void *, void *);
    int (*asyncError)(void *, int *);
    int (*leave)(void *);
    int (*abort)(void *);
    const char *(*words)(int);
} nccl;

static void *find(void *library, const char *name, const char **missing) {
    void *found = dlsym(library, name);
    if (found == NULL && *missing == NULL) *missing = name;
    return found;
}

cc_outcome cc_nccl_open(const char *named, char *message, size_t room) {
    message[0] = '\0';
    // The one that libtorch has loaded, wherever it lies.
    void *library = dlopen(named != NULL ? named : "libnccl.so.2", RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL) {
        const char *reason = dlerror();
        snprintf(message, room, "%s", reason != NULL ? reason : "there is no libnccl.so.2");
        return CC_NO_LIBRARY;
    }
    const char *missing = NULL;
    nccl.identity = find(library, "ncclGetUniqueId", &missing);
    nccl.join = find(library, "ncclCommInitRank", &missing);
    nccl.sum = find(library, "ncclAllReduce", &missing);
    nccl.asyncError = find(library, "ncclCommGetAsyncError", &missing);
    nccl.leave = find(library, "ncclCommDestroy", &missing);
    nccl.abort = find(library, "ncclCommAbort", &missing);
    nccl.words = find(library, "ncclGetErrorString", &missing);
    if (missing == NULL) return CC_DONE;
    snprintf(message, room, "it has no %s", missing);
    return CC_NO_LIBRARY;
}

static cc_outcome told(int number, char *message, size_t room) {
    if (number == SUCCESS || number == IN_PROGRESS) return CC_DONE;
    const char *words = nccl.words(number);
    snprintf(message, room, "NCCL says: %s", words != NULL ? words : "an error without words");
    return CC_FAILED;
}

cc_outcome cc_nccl_identity(void *bytes, char *message, size_t room) {
    identity made;
    memset(&made, 0, sizeof made);
    const cc_outcome outcome = told(nccl.identity(&made), message, room);
    if (outcome == CC_DONE) memcpy(bytes, made.bytes, sizeof made);
    return outcome;
}

cc_outcome cc_nccl_join(const void *bytes, int32_t rank, int32_t size, void **communicator, char *message, size_t room) {
    identity shared;
    memcpy(shared.bytes, bytes, sizeof shared);
    return told(nccl.join(communicator, size, shared, rank), message, room);
}

cc_outcome cc_nccl_sum(void *communicator, void *values, int64_t count, cc_element element, void *stream, char *message, size_t room) {
    // What went wrong in a sum before is known only now.
    int earlier = SUCCESS;
    cc_outcome outcome = told(nccl.asyncError(communicator, &earlier), message, room);
    if (outcome == CC_DONE) outcome = told(earlier, message, room);
    if (outcome != CC_DONE) return outcome;
    return told(nccl.sum(values, values, (size_t)count, element == CC_FLOAT32 ? FLOAT32 : FLOAT64, SUM, communicator, stream), message, room);
}

void cc_nccl_leave(void *communicator, bool ends_at_once) {
    if (communicator == NULL) return;
    if (ends_at_once) {
        nccl.abort(communicator);
    } else {
        nccl.leave(communicator);
    }
}
