#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "CImageCodecs.h"

static int fail(int status, char *reason, const char *words) {
  snprintf(reason, 200, "%s", words);
  return status;
}

// Makes room for more; the last step of growth stops at the limit.
static int grow(uint8_t **memory, size_t *capacity, size_t limit) {
  size_t larger = *capacity > limit / 2 ? limit : *capacity * 2;
  uint8_t *moved = realloc(*memory, larger);
  if (moved == NULL) return 0;
  *memory = moved;
  *capacity = larger;
  return 1;
}

int codecs_inflate(const void *bytes, size_t byte_count, int is_raw, size_t limit, int stops_at_limit, void **inflated,
                   size_t *inflated_byte_count, char *reason) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  *inflated = NULL;
  *inflated_byte_count = 0;
  // 32 lets zlib tell gzip and zlib headers apart.
  if (inflateInit2(&stream, is_raw ? -15 : 15 + 32) != Z_OK)
    return fail(CODECS_OUT_OF_MEMORY, reason, "there is no memory to inflate it");
  size_t capacity = byte_count < limit / 4 ? byte_count * 4 + 64 : limit;
  if (capacity > limit) capacity = limit;
  uint8_t *memory = malloc(capacity > 0 ? capacity : 1);
  size_t filled = 0, taken = 0;
  int status = memory == NULL ? fail(CODECS_OUT_OF_MEMORY, reason, "there is no memory to inflate it") : CODECS_OK;
  while (status == CODECS_OK) {
    if (filled == capacity) {
      if (capacity == limit) {
        if (!stops_at_limit) status = fail(CODECS_TOO_LARGE, reason, "it inflates to more bytes than are read");
        break;
      }
      if (!grow(&memory, &capacity, limit)) {
        status = fail(CODECS_OUT_OF_MEMORY, reason, "there is no memory to inflate it");
        break;
      }
    }
    size_t left = byte_count - taken, room = capacity - filled;
    stream.next_in = (Bytef *)((const uint8_t *)bytes + taken);
    stream.avail_in = left > 1 << 30 ? 1u << 30 : (uInt)left;
    stream.next_out = memory + filled;
    stream.avail_out = room > 1 << 30 ? 1u << 30 : (uInt)room;
    uInt offered = stream.avail_in, free_before = stream.avail_out;
    int result = inflate(&stream, Z_NO_FLUSH);
    taken += offered - stream.avail_in;
    filled += free_before - stream.avail_out;
    if (result == Z_STREAM_END) {
      // A gzip file may be several behind one another, which are one text (RFC 1952 section 2.2); anything else behind is padding.
      const uint8_t *rest = (const uint8_t *)bytes + taken;
      if (is_raw || byte_count - taken < 18 || rest[0] != 0x1F || rest[1] != 0x8B || inflateReset(&stream) != Z_OK) break;
      continue;
    }
    if (result == Z_MEM_ERROR)
      status = fail(CODECS_OUT_OF_MEMORY, reason, "there is no memory to inflate it");
    else if (result != Z_OK && result != Z_BUF_ERROR)
      status = fail(CODECS_MALFORMED, reason, "its deflated data are not valid");
    else if (offered == stream.avail_in && free_before == stream.avail_out)
      status = fail(CODECS_TRUNCATED, reason, "its deflated data end early");
  }
  inflateEnd(&stream);
  if (status != CODECS_OK) {
    free(memory);
    return status;
  }
  *inflated = memory;
  *inflated_byte_count = filled;
  return CODECS_OK;
}
