// What the child of CHDF5 writes, and the part of it that uses the HDF5 library.
#ifndef CHDF5_STREAM_H
#define CHDF5_STREAM_H

#include <stddef.h>
#include <stdint.h>

#include "CHDF5.h"

// A record that grows until it is written.
typedef struct record {
  uint8_t *bytes;
  size_t count, capacity;
} record;

void record_begin(record *record, char kind);
void record_bytes(record *record, const void *bytes, size_t count);
void record_number(record *record, uint64_t value, int byte_count);
void record_text(record *record, const char *text);
void record_send(record *record);

// Writes a last record and ends the child.
_Noreturn void refuse(const char *path, const char *reason);
_Noreturn void fail(const char *reason);

// Describes all datasets of the file image, or sends the elements of one.
void hdf5_describe(void *image, size_t byte_count);
void hdf5_send(void *image, size_t byte_count, const char *path);

#endif
