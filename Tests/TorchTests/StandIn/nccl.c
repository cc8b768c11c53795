// What answers to NCCL's names in the tests: threads of one process are the ranks, and the values lie in the main memory.
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 8, THIRTEEN = 13, WRONG = 5 };

typedef struct {
    char bytes[128];
} ncclUniqueId;

struct group {
    char identity[128];
    int joined;
    pthread_barrier_t barrier;
    void *values[MOST];
    struct group *next;
};

struct communicator {
    struct group *group;
    int rank, size;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct group *groups;
static int identities;

int ncclGetUniqueId(ncclUniqueId *made) {
    pthread_mutex_lock(&lock);
    snprintf(made->bytes, sizeof made->bytes, "group %d", ++identities);
    pthread_mutex_unlock(&lock);
    return 0;
}

int ncclCommInitRank(struct communicator **made, int size, ncclUniqueId identity, int rank) {
    if (size > MOST || rank < 0 || rank >= size) return WRONG;
    pthread_mutex_lock(&lock);
    struct group *found = groups;
    while (found != NULL && memcmp(found->identity, identity.bytes, sizeof identity.bytes) != 0) found = found->next;
    if (found == NULL) {
        found = calloc(1, sizeof *found);
        memcpy(found->identity, identity.bytes, sizeof identity.bytes);
        pthread_barrier_init(&found->barrier, NULL, (unsigned)size);
        found->next = groups;
        groups = found;
    }
    pthread_mutex_unlock(&lock);
    *made = malloc(sizeof **made);
    **made = (struct communicator){found, rank, size};
    pthread_barrier_wait(&found->barrier);
    return 0;
}

int ncclAllReduce(const void *given, void *taken, size_t count, int type, int operation, struct communicator *own, void *stream) {
    if (given != taken || operation != 0 || (type != 7 && type != 8) || stream != NULL) return WRONG;
    if (count == THIRTEEN) return THIRTEEN;
    struct group *group = own->group;
    group->values[own->rank] = taken;
    pthread_barrier_wait(&group->barrier);
    const size_t width = type == 8 ? 8 : 4;
    char *sums = calloc(count, width);
    for (int rank = 0; rank < own->size; rank++) {
        for (size_t index = 0; index < count; index++) {
            if (type == 8) ((double *)sums)[index] += ((double *)group->values[rank])[index];
            else ((float *)sums)[index] += ((float *)group->values[rank])[index];
        }
    }
    pthread_barrier_wait(&group->barrier);
    memcpy(taken, sums, count * width);
    free(sums);
    return 0;
}

int ncclCommGetAsyncError(struct communicator *own, int *error) {
    (void)own;
    *error = 0;
    return 0;
}

int ncclCommDestroy(struct communicator *own) {
    free(own);
    return 0;
}

#ifndef WITHOUT_ABORT
int ncclCommAbort(struct communicator *own) { return ncclCommDestroy(own); }
#endif

const char *ncclGetErrorString(int number) { return number == THIRTEEN ? "thirteen values" : "another fault"; }
