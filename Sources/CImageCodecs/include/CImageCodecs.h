// Decoders of image files that are already in memory, and a PNG encoder, over libspng, libjpeg, libtiff and giflib.
//
// No function of this header keeps state between calls, prints, or exits; all may be called from any thread.
// Samples come out as stored: unsigned, host byte order, interleaved, rows from the top, without padding.
#ifndef C_IMAGE_CODECS_H
#define C_IMAGE_CODECS_H

#include <stddef.h>
#include <stdint.h>

enum {
  CODECS_OK = 0,
  CODECS_TRUNCATED = 1,      // the bytes end before the picture does
  CODECS_MALFORMED = 2,      // the bytes contradict the format
  CODECS_TOO_LARGE = 3,      // more pixels than the caller's limit; width and height say how many
  CODECS_UNSUPPORTED = 4,    // a valid file of a kind that is not read
  CODECS_OUT_OF_MEMORY = 5
};

typedef struct codecs_image {
  uint32_t width, height;
  uint32_t channels;          // 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA
  uint32_t bit_depth;         // samples lie in 0 ... 2^bit_depth - 1
  uint32_t bytes_per_sample;  // 1 for a depth of up to 8, else 2
  size_t byte_count;
  void *pixels;               // owned; codecs_release gives it back
  char reason[200];           // on failure: what is wrong, without a full stop; never empty then
} codecs_image;

// Each decodes the first picture in `bytes`, at most `pixel_limit` pixels large, into `image` and returns a code from above.
// On failure `image` owns nothing and `reason` is set. On success the caller owes one codecs_release.
int codecs_decode_png(const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image);
int codecs_decode_jpeg(const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image);
int codecs_decode_tiff(const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image);
int codecs_decode_gif(const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image);

void codecs_release(codecs_image *image);

// Encodes samples laid out as above (depth 1, 2, 4, 8 or 16; depths below 8 for grey alone) as PNG.
// On success `*file` is owned by the caller, who frees it with codecs_free. `reason` has room for 200 characters.
int codecs_encode_png(const void *pixels, uint32_t width, uint32_t height, uint32_t channels, uint32_t bit_depth,
                      void **file, size_t *file_byte_count, char *reason);
void codecs_free(void *memory);

#endif
