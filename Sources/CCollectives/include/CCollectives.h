// Sums and copies over the processes of one training, by the MPI library that is found when the program runs; and sums in the memory of GPUs by
// NCCL, which is found likewise.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum { CC_FLOAT32, CC_FLOAT64 } cc_element;

typedef enum {
    CC_DONE = 0,
    /// There is no MPI library, or it lacks a function; the message says which were tried.
    CC_NO_LIBRARY,
    /// MPI itself failed; the message is its own.
    CC_FAILED,
    /// `gives_up` said so while the other processes did not answer.
    CC_GAVE_UP,
} cc_outcome;

/// Asked again and again while the others are waited for.
typedef bool (*cc_gives_up)(void);

/// Joins the processes that the launcher started.
///
/// `named`: the library's file, or NULL for the usual names. `message`: room for a sentence where the outcome is not CC_DONE.
cc_outcome cc_join(const char *named, int32_t *rank, int32_t *size, char *message, size_t room);

/// Puts the sum over all processes in the place of each value, in all of them.
cc_outcome cc_sum(void *values, int64_t count, cc_element element, cc_gives_up gives_up, char *message, size_t room);

/// Copies the first process's bytes to all others.
cc_outcome cc_copy_from_first(void *bytes, int64_t count, cc_gives_up gives_up, char *message, size_t room);

/// Takes leave of the others, once all have nothing more to say; nothing where `cc_join` was not called.
void cc_leave(void);

/// Opens NCCL; to be called before its other functions.
///
/// `named`: the library's file, or NULL for the one that libtorch has loaded.
cc_outcome cc_nccl_open(const char *named, char *message, size_t room);

/// The bytes by which processes find each other.
enum { CC_NCCL_IDENTITY = 128 };

/// Makes such bytes, in one of the processes.
cc_outcome cc_nccl_identity(void *bytes, char *message, size_t room);

/// Joins the others that were given the same bytes, on the current GPU; it returns when all have.
cc_outcome cc_nccl_join(const void *bytes, int32_t rank, int32_t size, void **communicator, char *message, size_t room);

/// Puts the sum over all processes in the place of each value of a GPU, after what the stream has to do before. It does not wait.
cc_outcome cc_nccl_sum(void *communicator, void *values, int64_t count, cc_element element, void *stream, char *message, size_t room);

/// Takes leave of the others, or gives them up.
void cc_nccl_leave(void *communicator, bool ends_at_once);

/// Ends all of them. It may return where the launcher is slow about it.
void cc_end_all(int32_t status);

#ifdef __cplusplus
}
#endif
