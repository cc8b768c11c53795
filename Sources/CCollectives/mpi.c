// MPI without its headers: a binary that was built here must run with whichever MPI a cluster has, and on machines that have none. There are
// two binary interfaces. Open MPI's handles are addresses of its own variables; those of the MPICH family (MPICH, Intel MPI, MVAPICH2, Cray's,
// one interface since 2013) are numbers. Both are passed in a register here, as wide as an address.
#define _GNU_SOURCE
#include "CCollectives.h"

#include <dlfcn.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef void *handle;

static struct {
    int (*initThread)(int *, char ***, int, int *);
    int (*initialized)(int *);
    int (*finalize)(void);
    int (*abort)(handle, int);
    int (*setErrhandler)(handle, handle);
    int (*rank)(handle, int *);
    int (*size)(handle, int *);
    int (*test)(handle *, int *, void *);
    int (*errorString)(int, char *, int *);
    int (*iallreduce)(const void *, void *, int, handle, handle, handle, handle *);
    int (*ibcast)(void *, int, handle, int, handle, handle *);
    handle world, errorsReturn, float32, float64, byte, sum, inPlace;
    void *ignoredStatus;
    bool hasJoined;
} mpi;

// MPI_THREAD_FUNNELED: one thread of each process calls it.
enum { FUNNELED = 1 };

static void *find(void *library, const char *name, const char **missing) {
    void *found = dlsym(library, name);
    if (found == NULL && *missing == NULL) *missing = name;
    return found;
}

static cc_outcome bind(void *library, char *message, size_t room) {
    const char *missing = NULL;
    mpi.initThread = find(library, "MPI_Init_thread", &missing);
    mpi.initialized = find(library, "MPI_Initialized", &missing);
    mpi.finalize = find(library, "MPI_Finalize", &missing);
    mpi.abort = find(library, "MPI_Abort", &missing);
    mpi.setErrhandler = find(library, "MPI_Comm_set_errhandler", &missing);
    mpi.rank = find(library, "MPI_Comm_rank", &missing);
    mpi.size = find(library, "MPI_Comm_size", &missing);
    mpi.test = find(library, "MPI_Test", &missing);
    mpi.errorString = find(library, "MPI_Error_string", &missing);
    mpi.iallreduce = find(library, "MPI_Iallreduce", &missing);
    mpi.ibcast = find(library, "MPI_Ibcast", &missing);
    if (dlsym(library, "ompi_mpi_comm_world") != NULL) {
        mpi.world = find(library, "ompi_mpi_comm_world", &missing);
        mpi.errorsReturn = find(library, "ompi_mpi_errors_return", &missing);
        mpi.float32 = find(library, "ompi_mpi_float", &missing);
        mpi.float64 = find(library, "ompi_mpi_double", &missing);
        mpi.byte = find(library, "ompi_mpi_byte", &missing);
        mpi.sum = find(library, "ompi_mpi_op_sum", &missing);
        mpi.inPlace = (handle)1;
        mpi.ignoredStatus = NULL;
    } else {
        // The numbers of the MPICH family's common binary interface.
        mpi.world = (handle)(uintptr_t)0x44000000;
        mpi.errorsReturn = (handle)(uintptr_t)0x54000001;
        mpi.float32 = (handle)(uintptr_t)0x4c00040a;
        mpi.float64 = (handle)(uintptr_t)0x4c00080b;
        mpi.byte = (handle)(uintptr_t)0x4c00010d;
        mpi.sum = (handle)(uintptr_t)0x58000003;
        mpi.inPlace = (handle)(intptr_t)-1;
        mpi.ignoredStatus = (void *)1;
    }
    if (missing == NULL) return CC_DONE;
    snprintf(message, room, "it has no %s", missing);
    return CC_NO_LIBRARY;
}

static cc_outcome failed(int number, char *message, size_t room) {
    char words[1024] = "";
    int length = 0;
    if (mpi.errorString(number, words, &length) != 0) snprintf(words, sizeof words, "error %d", number);
    snprintf(message, room, "%s", words);
    return CC_FAILED;
}

cc_outcome cc_join(const char *named, int32_t *rank, int32_t *size, char *message, size_t room) {
    static const char *const open[] = {"libmpi.so.40", "libmpi.so.12", "libmpich.so.12", "libmpi.so", "libmpi.dylib"};
    static const char *const mpich[] = {"libmpich.so.12", "libmpi.so.12", "libmpi.so.40", "libmpi.so", "libmpi.dylib"};
    // Where both are installed, the launcher tells whose processes these are.
    const char *const *usual = getenv("PMI_RANK") != NULL && getenv("OMPI_COMM_WORLD_RANK") == NULL ? mpich : open;
    void *library = NULL;
    message[0] = '\0';
    // Its own parts, which it loads later, look for its functions among all that are loaded.
    for (size_t index = 0; named == NULL && library == NULL && index < sizeof open / sizeof *open; index++) {
        library = dlopen(usual[index], RTLD_NOW | RTLD_GLOBAL);
    }
    if (named != NULL) library = dlopen(named, RTLD_NOW | RTLD_GLOBAL);
    if (library == NULL) {
        const char *reason = dlerror();
        snprintf(message, room, "%s", named != NULL && reason != NULL ? reason : "there is none of libmpi.so.40, libmpi.so.12, libmpich.so.12, libmpi.so");
        return CC_NO_LIBRARY;
    }
    const cc_outcome bound = bind(library, message, room);
    if (bound != CC_DONE) return bound;
    int is = 0, provided = 0, number = 0, own = 0, all = 1;
    if ((number = mpi.initialized(&is)) == 0 && !is) number = mpi.initThread(NULL, NULL, FUNNELED, &provided);
    if (number == 0) number = mpi.setErrhandler(mpi.world, mpi.errorsReturn);
    if (number == 0) number = mpi.rank(mpi.world, &own);
    if (number == 0) number = mpi.size(mpi.world, &all);
    if (number != 0) return failed(number, message, room);
    mpi.hasJoined = true;
    *rank = own;
    *size = all;
    return CC_DONE;
}

// The library's own waiting keeps a processor busy. Where all is near, the others are there in microseconds; while they are at something that
// takes longer, this process sleeps, a little longer each time.
static cc_outcome await(handle *request, cc_gives_up gives_up, char *message, size_t room) {
    useconds_t pause = 10;
    for (int round = 0;; round++) {
        int done = 0;
        const int number = mpi.test(request, &done, mpi.ignoredStatus);
        if (number != 0) return failed(number, message, room);
        if (done) return CC_DONE;
        if (round < 2000) {
            sched_yield();
            continue;
        }
        if (round % 16 == 0 && gives_up != NULL && gives_up()) return CC_GAVE_UP;
        usleep(pause);
        if (pause < 1000) pause += pause / 8 + 1;
    }
}

cc_outcome cc_sum(void *values, int64_t count, cc_element element, cc_gives_up gives_up, char *message, size_t room) {
    const size_t width = element == CC_FLOAT32 ? 4 : 8;
    const int64_t most = 1 << 28;
    for (int64_t begin = 0; begin < count; begin += most) {
        const int part = (int)(count - begin < most ? count - begin : most);
        handle request = NULL;
        const int number = mpi.iallreduce(
            mpi.inPlace, (char *)values + (size_t)begin * width, part, element == CC_FLOAT32 ? mpi.float32 : mpi.float64, mpi.sum, mpi.world, &request);
        if (number != 0) return failed(number, message, room);
        const cc_outcome outcome = await(&request, gives_up, message, room);
        if (outcome != CC_DONE) return outcome;
    }
    return CC_DONE;
}

cc_outcome cc_copy_from_first(void *bytes, int64_t count, cc_gives_up gives_up, char *message, size_t room) {
    const int64_t most = 1 << 30;
    for (int64_t begin = 0; begin < count; begin += most) {
        const int part = (int)(count - begin < most ? count - begin : most);
        handle request = NULL;
        const int number = mpi.ibcast((char *)bytes + begin, part, mpi.byte, 0, mpi.world, &request);
        if (number != 0) return failed(number, message, room);
        const cc_outcome outcome = await(&request, gives_up, message, room);
        if (outcome != CC_DONE) return outcome;
    }
    return CC_DONE;
}

void cc_leave(void) {
    if (!mpi.hasJoined) return;
    mpi.hasJoined = false;
    mpi.finalize();
}

void cc_end_all(int32_t status) {
    if (mpi.hasJoined) mpi.abort(mpi.world, status);
}
