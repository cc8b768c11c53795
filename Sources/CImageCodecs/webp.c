#include <stdlib.h>
#include <string.h>
#include <webp/decode.h>
#include <webp/demux.h>

#include "image.h"

static int webp_failure(codecs_image *image, VP8StatusCode status) {
  switch (status) {
  case VP8_STATUS_NOT_ENOUGH_DATA:
  case VP8_STATUS_SUSPENDED: return codecs_fail(image, CODECS_TRUNCATED, "its WebP data end before the picture is complete");
  case VP8_STATUS_OUT_OF_MEMORY: return codecs_fail(image, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
  case VP8_STATUS_UNSUPPORTED_FEATURE: return codecs_fail(image, CODECS_UNSUPPORTED, "a WebP of a rare kind");
  default: return codecs_fail(image, CODECS_MALFORMED, "its WebP data are not valid");
  }
}

// One picture: its colors as coded, with opacity where it has some.
static int decode_still(const void *bytes, size_t byte_count, const WebPBitstreamFeatures *features, uint64_t pixel_limit, codecs_image *image) {
  int status = codecs_allocate(image, (uint64_t)features->width, (uint64_t)features->height, features->has_alpha ? 4 : 3, 8, pixel_limit);
  if (status) return status;
  WebPDecoderConfig config;
  if (!WebPInitDecoderConfig(&config)) return codecs_fail(image, CODECS_UNSUPPORTED, "a WebP of another version");
  config.output.colorspace = features->has_alpha ? MODE_RGBA : MODE_RGB;
  config.output.is_external_memory = 1;
  config.output.u.RGBA.rgba = image->pixels;
  config.output.u.RGBA.stride = (int)(image->width * image->channels);
  config.output.u.RGBA.size = image->byte_count;
  VP8StatusCode result = WebPDecode(bytes, byte_count, &config);
  WebPFreeDecBuffer(&config.output);
  return result == VP8_STATUS_OK ? CODECS_OK : webp_failure(image, result);
}

// The screen when a frame of an animation is shown, without opacity.
static int decode_frame(WebPAnimDecoder *decoder, uint32_t picture, uint64_t pixel_limit, codecs_image *image) {
  WebPAnimInfo info;
  if (!WebPAnimDecoderGetInfo(decoder, &info)) return webp_failure(image, VP8_STATUS_BITSTREAM_ERROR);
  if (picture >= info.frame_count) {
    image->picture_count = info.frame_count;
    return codecs_fail(image, CODECS_ABSENT, "it has no frame %u", picture);
  }
  uint8_t *screen = NULL;
  int time = 0;
  for (uint32_t i = 0; i <= picture; i++)
    if (!WebPAnimDecoderGetNext(decoder, &screen, &time)) return webp_failure(image, VP8_STATUS_BITSTREAM_ERROR);
  int status = codecs_allocate(image, info.canvas_width, info.canvas_height, 3, 8, pixel_limit);
  if (status) return status;
  uint8_t *pixels = image->pixels;
  for (size_t i = 0; i < (size_t)image->width * image->height; i++) memcpy(pixels + 3 * i, screen + 4 * i, 3);
  image->picture_count = info.frame_count;
  return CODECS_OK;
}

int codecs_decode_webp(const void *bytes, size_t byte_count, uint32_t picture, uint64_t pixel_limit, codecs_image *image) {
  memset(image, 0, sizeof *image);
  WebPBitstreamFeatures features;
  VP8StatusCode result = WebPGetFeatures(bytes, byte_count, &features);
  if (result != VP8_STATUS_OK) return webp_failure(image, result);
  // Before any memory: a canvas is made whole.
  image->width = (uint32_t)features.width, image->height = (uint32_t)features.height;
  if ((uint64_t)features.width * (uint64_t)features.height > pixel_limit)
    return codecs_fail(image, CODECS_TOO_LARGE, "it has too many pixels");
  if (!features.has_animation) {
    image->picture_count = 1;
    if (picture > 0) return codecs_fail(image, CODECS_ABSENT, "it has no frame %u", picture);
    return decode_still(bytes, byte_count, &features, pixel_limit, image);
  }
  WebPData data = {bytes, byte_count};
  WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, NULL);
  if (decoder == NULL) return webp_failure(image, VP8_STATUS_NOT_ENOUGH_DATA);
  int status = decode_frame(decoder, picture, pixel_limit, image);
  WebPAnimDecoderDelete(decoder);
  return status;
}
