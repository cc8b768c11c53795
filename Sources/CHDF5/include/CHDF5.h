// Describes and reads HDF5 files through the HDF5 C library, in a child process that can do nothing else.
//
// The library is known to crash, to loop and to ask for much memory on damaged files, so it never runs in the caller's
// process. The child has a limit on memory and on processor time, no open file but its pipe, and on Linux may make no
// system call but those that memory and the pipe need. Whatever happens to it, the caller sees a stream that ends.
//
// The stream is a sequence of records: a length (4 bytes) and that many bytes, of which the first says what follows. All
// numbers are little-endian.
//
//   'D' a dataset of numbers: element type (1 byte of length and its safetensors name), path (4 bytes of length and text),
//       rank (4), sizes (8 each), 1 or 0 whether its elements lie in the file as they are, and their place there (8)
//   'O' a dataset of something else: path and what it is (each 4 bytes of length and text)
//   'R' something that is not read: path and reason (each 4 bytes of length and text); nothing follows
//   'E' the library failed: reason (text); nothing follows
//   'B' bytes of the array that was asked for
//   'Z' the end of a stream that is whole
#ifndef CHDF5_H
#define CHDF5_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

typedef struct chdf5_request {
  int file;                // the open HDF5 file, or -1 when it is in memory
  const void *bytes;       // the file in memory; not used when `file` is given
  size_t byte_count;       // the size of the file
  const char *path;        // the dataset to read, or NULL to describe all
  uint64_t memory_bytes;   // what the child may allocate
  uint64_t cpu_seconds;    // how long the child may compute
} chdf5_request;

typedef struct chdf5_child {
  pid_t process;
  int stream;
} chdf5_child;

// Starts a child; 0, or the system's error number. On success the caller owes one chdf5_finish.
int chdf5_start(const chdf5_request *request, chdf5_child *child);

// Reads exactly `count` bytes of the stream. 1 when they came, 0 when the stream ended before, -1 when nothing came for
// `timeout_seconds`.
int chdf5_read(const chdf5_child *child, void *bytes, size_t count, int timeout_seconds);

// Stops the child if it still runs, and releases it.
void chdf5_finish(chdf5_child *child);

#endif
