#include <charls/charls.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CImageCodecs.h"

static int fail(int status, char *reason, const char *words) {
  snprintf(reason, 200, "%s", words);
  return status;
}

static int failure(charls_jpegls_errc error, char *reason) {
  if (error == CHARLS_JPEGLS_ERRC_SOURCE_BUFFER_TOO_SMALL)
    return fail(CODECS_TRUNCATED, reason, "its JPEG-LS data end before the picture is complete");
  if (error == CHARLS_JPEGLS_ERRC_NOT_ENOUGH_MEMORY) return fail(CODECS_OUT_OF_MEMORY, reason, "there is no memory to decode it");
  snprintf(reason, 200, "its JPEG-LS data are not valid (%.140s)", charls_get_error_message(error));
  return CODECS_MALFORMED;
}

// Plane by plane becomes pixel by pixel.
static int interleave(uint8_t *frame, size_t pixel_count, size_t sample_count, size_t sample_bytes, char *reason) {
  size_t byte_count = pixel_count * sample_count * sample_bytes;
  uint8_t *planes = malloc(byte_count);
  if (planes == NULL) return fail(CODECS_OUT_OF_MEMORY, reason, "there is no memory to decode it");
  memcpy(planes, frame, byte_count);
  for (size_t sample = 0; sample < sample_count; sample++)
    for (size_t pixel = 0; pixel < pixel_count; pixel++)
      memcpy(frame + (pixel * sample_count + sample) * sample_bytes, planes + (sample * pixel_count + pixel) * sample_bytes,
             sample_bytes);
  free(planes);
  return CODECS_OK;
}

static int decode(charls_jpegls_decoder *decoder, const void *bytes, size_t byte_count, const codecs_frame_layout *layout,
                  void *frame, size_t frame_byte_count, char *reason) {
  charls_frame_info info;
  charls_interleave_mode mode;
  charls_jpegls_errc error = charls_jpegls_decoder_set_source_buffer(decoder, bytes, byte_count);
  if (!error) error = charls_jpegls_decoder_read_header(decoder);
  if (!error) error = charls_jpegls_decoder_get_frame_info(decoder, &info);
  if (!error) error = charls_jpegls_decoder_get_interleave_mode(decoder, &mode);
  if (error) return failure(error, reason);
  size_t pixel_count = (size_t)layout->width * layout->height, sample_bytes = info.bits_per_sample <= 8 ? 1 : 2;
  size_t needed = pixel_count * layout->samples * sample_bytes;
  // The caller has read the same header; this keeps a second reading of odd bytes from writing elsewhere.
  if (info.width != layout->width || info.height != layout->height || (uint32_t)info.component_count != layout->samples ||
      sample_bytes * 8 != layout->bits_allocated || needed > frame_byte_count)
    return fail(CODECS_CONTRADICTORY, reason, "its JPEG-LS data hold another picture than its header says");
  error = charls_jpegls_decoder_decode_to_buffer(decoder, frame, needed, 0);
  if (error) return failure(error, reason);
  if (layout->samples == 1 || mode != CHARLS_INTERLEAVE_MODE_NONE) return CODECS_OK;
  return interleave(frame, pixel_count, layout->samples, sample_bytes, reason);
}

int codecs_decode_jpeg_ls(const void *bytes, size_t byte_count, const codecs_frame_layout *layout, void *frame,
                          size_t frame_byte_count, char *reason) {
  // Behind a stream that was cut, CharLS 2.4 counts two billion bits of nothing, which takes seconds. It stops at an end mark.
  static const uint8_t end[] = {0xFF, 0xD9};
  uint8_t *marked = malloc(byte_count + sizeof end);
  charls_jpegls_decoder *decoder = charls_jpegls_decoder_create();
  int status = CODECS_OUT_OF_MEMORY;
  if (marked != NULL && decoder != NULL) {
    memcpy(marked, bytes, byte_count);
    memcpy(marked + byte_count, end, sizeof end);
    status = decode(decoder, marked, byte_count + sizeof end, layout, frame, frame_byte_count, reason);
  } else {
    fail(status, reason, "there is no memory to decode it");
  }
  charls_jpegls_decoder_destroy(decoder);
  free(marked);
  return status;
}
