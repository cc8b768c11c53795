// Decoders of image files and of DICOM's compressed frames that are already in memory, and a PNG encoder, over libspng, libdeflate,
// libjpeg, libtiff, giflib, libwebp, DCMTK, CharLS, OpenJPEG and zlib.
//
// No function of this header keeps state between calls, prints, or exits; all may be called from any thread.
// Samples come out as stored: unsigned, host byte order, interleaved, rows from the top, without padding.
#ifndef C_IMAGE_CODECS_H
#define C_IMAGE_CODECS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum {
  CODECS_OK = 0,
  CODECS_TRUNCATED = 1,      // the bytes end before the picture does
  CODECS_MALFORMED = 2,      // the bytes contradict the format
  CODECS_TOO_LARGE = 3,      // more pixels than the caller's limit; width and height say how many
  CODECS_UNSUPPORTED = 4,    // a valid file of a kind that is not read
  CODECS_OUT_OF_MEMORY = 5,
  CODECS_CONTRADICTORY = 6,  // whole bytes that say two things of one picture; a second copy would be the same
  CODECS_ABSENT = 7          // the file has no picture of that number; picture_count says how many
};

enum { CODECS_UNSIGNED = 0, CODECS_SIGNED = 1, CODECS_FLOATING = 2 };

typedef struct codecs_image {
  uint32_t width, height;
  uint32_t channels;          // 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA
  uint32_t bit_depth;         // unsigned samples lie in 0 ... 2^bit_depth - 1
  uint32_t bytes_per_sample;  // 1 for a depth of up to 8, 2 of up to 16, else 4 or 8
  uint32_t sample_kind;       // CODECS_UNSIGNED ...
  uint32_t picture_count;     // how many pictures the file holds: pages of a TIFF, frames of a GIF or WebP
  uint32_t orientation;       // 1 ... 8 as TIFF numbers them (tag 274) where the format's own header says it, else 1; not applied
  size_t byte_count;
  void *pixels;               // owned; codecs_release gives it back
  char reason[200];           // on failure: what is wrong, without a full stop; never empty then
} codecs_image;

// Each decodes one picture in `bytes`, at most `pixel_limit` pixels large, into `image` and returns a code from above. Pictures count from
// 0; formats that hold one are not asked. On failure `image` owns nothing and `reason` is set. On success the caller owes one
// codecs_release.
int codecs_decode_png(const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image);
int codecs_decode_jpeg(const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image);
int codecs_decode_jp2(const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image);
int codecs_decode_tiff(const void *bytes, size_t byte_count, uint32_t picture, uint64_t pixel_limit, codecs_image *image);
int codecs_decode_gif(const void *bytes, size_t byte_count, uint32_t picture, uint64_t pixel_limit, codecs_image *image);
int codecs_decode_webp(const void *bytes, size_t byte_count, uint32_t picture, uint64_t pixel_limit, codecs_image *image);

// Turns the picture so that its first row is the top and its first column the left, from an orientation of 1 ... 8 (tag 274, TIFF 6.0
// p. 36). On failure `image` owns nothing.
int codecs_turn(codecs_image *image, uint32_t orientation);

// As codecs_decode_jpeg, but the color components come out as coded, not turned into RGB.
int codecs_decode_jpeg_components(const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image);

void codecs_release(codecs_image *image);

// What a DICOM header says of one frame. Samples come out interleaved, in host byte order, bits_allocated / 8 bytes each.
typedef struct codecs_frame_layout {
  uint32_t width, height;   // below 65536
  uint32_t samples;         // a pixel: 1 or 3
  uint32_t bits_allocated;  // 8, 16 or, for JPEG 2000, 32
  uint32_t bits_stored;
  int is_signed;
} codecs_frame_layout;

// Decode one frame into `frame`, which has room for `frame_byte_count` bytes: the frame's size, rounded up to an even number. The
// caller has made sure that the stream's own header agrees with the layout. `reason` has room for 200 characters. Color components
// come out as coded. The first takes the JPEG processes that libjpeg lacks: lossless, and the DCT of 12 bits.
int codecs_decode_rare_jpeg(const void *bytes, size_t byte_count, const codecs_frame_layout *layout, void *frame,
                            size_t frame_byte_count, char *reason);
int codecs_decode_jpeg_ls(const void *bytes, size_t byte_count, const codecs_frame_layout *layout, void *frame,
                          size_t frame_byte_count, char *reason);

// Decodes a JPEG 2000 frame (bare or in JP2 boxes) into `frame`, which has room for the layout; a stream that does not fit
// the layout is refused. On success bits_stored and is_signed are what the stream says.
int codecs_decode_jpeg2000(const void *bytes, size_t byte_count, codecs_frame_layout *layout, void *frame, char *reason);

// Inflates gzip or zlib data, or raw deflate data, to at most `limit` bytes: more is an error, or, with stops_at_limit, left
// out. On success `*inflated` is owned by the caller, who frees it with codecs_free.
int codecs_inflate(const void *bytes, size_t byte_count, int is_raw, size_t limit, int stops_at_limit, void **inflated,
                   size_t *inflated_byte_count, char *reason);

// Encodes samples laid out as above (depth 1, 2, 4, 8 or 16; depths below 8 for grey alone) as PNG.
// On success `*file` is owned by the caller, who frees it with codecs_free. `reason` has room for 200 characters.
int codecs_encode_png(const void *pixels, uint32_t width, uint32_t height, uint32_t channels, uint32_t bit_depth,
                      void **file, size_t *file_byte_count, char *reason);
void codecs_free(void *memory);

#ifdef __cplusplus
}
#endif

#endif
