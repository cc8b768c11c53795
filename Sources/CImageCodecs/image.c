#include "image.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void codecs_release(codecs_image *image) {
  free(image->pixels);
  image->pixels = NULL;
  image->byte_count = 0;
}

void codecs_free(void *memory) { free(memory); }

int codecs_fail(codecs_image *image, int status, const char *format, ...) {
  codecs_release(image);
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(image->reason, sizeof image->reason, format, arguments);
  va_end(arguments);
  return status;
}

int codecs_allocate(codecs_image *image, uint64_t width, uint64_t height, uint32_t channels, uint32_t bit_depth,
                    uint64_t pixel_limit) {
  if (width == 0 || height == 0) return codecs_fail(image, CODECS_MALFORMED, "its width or height is 0");
  if (width > UINT32_MAX || height > UINT32_MAX) return codecs_fail(image, CODECS_MALFORMED, "its size is absurd");
  image->width = (uint32_t)width;
  image->height = (uint32_t)height;
  // Both factors are below 2^32, so the product cannot wrap.
  if (width * height > pixel_limit) return codecs_fail(image, CODECS_TOO_LARGE, "it has too many pixels");
  image->channels = channels;
  image->bit_depth = bit_depth;
  image->bytes_per_sample = bit_depth <= 8 ? 1 : bit_depth <= 16 ? 2 : bit_depth / 8;
  image->picture_count = image->orientation = 1;
  uint64_t bytes_per_pixel = (uint64_t)channels * image->bytes_per_sample;
  if (width * height > SIZE_MAX / bytes_per_pixel) return codecs_fail(image, CODECS_TOO_LARGE, "it has too many pixels");
  size_t byte_count = (size_t)(width * height * bytes_per_pixel);
  image->pixels = calloc(byte_count, 1);
  if (image->pixels == NULL) return codecs_fail(image, CODECS_OUT_OF_MEMORY, "there is no memory for its pixels");
  image->byte_count = byte_count;
  return CODECS_OK;
}

void codecs_unpack(const uint8_t *packed, uint8_t *samples, size_t count, uint32_t bits) {
  if (bits == 8) {
    memcpy(samples, packed, count);
    return;
  }
  const uint32_t per_byte = 8 / bits;
  const uint8_t mask = (uint8_t)((1u << bits) - 1);
  for (size_t i = 0; i < count; i++) {
    uint32_t shift = 8 - bits * (uint32_t)(i % per_byte + 1);
    samples[i] = (uint8_t)(packed[i / per_byte] >> shift) & mask;
  }
}

int codecs_apply_palette(codecs_image *image, const codecs_color *palette, size_t color_count) {
  const uint8_t *indices = image->pixels;
  const size_t count = image->byte_count;
  uint8_t used[256] = {0};
  for (size_t i = 0; i < count; i++) used[indices[i]] = 1;
  int is_grey = 1;
  for (size_t i = 0; i < 256; i++) {
    if (!used[i]) continue;
    if (i >= color_count)
      return codecs_fail(image, CODECS_MALFORMED, "a pixel has color %zu of a palette of %zu", i, color_count);
    if (palette[i].red != palette[i].green || palette[i].green != palette[i].blue) is_grey = 0;
  }
  image->bit_depth = 8;
  if (is_grey) {
    uint8_t *pixels = image->pixels;
    for (size_t i = 0; i < count; i++) pixels[i] = palette[pixels[i]].red;
    return CODECS_OK;
  }
  if (count > SIZE_MAX / 3) return codecs_fail(image, CODECS_TOO_LARGE, "it has too many pixels");
  uint8_t *colors = malloc(count * 3);
  if (colors == NULL) return codecs_fail(image, CODECS_OUT_OF_MEMORY, "there is no memory for its pixels");
  for (size_t i = 0; i < count; i++) {
    const codecs_color color = palette[indices[i]];
    colors[3 * i] = color.red;
    colors[3 * i + 1] = color.green;
    colors[3 * i + 2] = color.blue;
  }
  free(image->pixels);
  image->pixels = colors;
  image->byte_count = count * 3;
  image->channels = 3;
  return CODECS_OK;
}

int codecs_turn(codecs_image *image, uint32_t orientation) {
  if (orientation <= 1 || orientation > 8) return CODECS_OK;
  // 5 to 8 are stored by columns.
  int is_transposed = orientation >= 5;
  int from_right = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  int from_bottom = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  uint32_t width = is_transposed ? image->height : image->width, height = is_transposed ? image->width : image->height;
  size_t pixel_bytes = (size_t)image->channels * image->bytes_per_sample;
  uint8_t *turned = malloc(image->byte_count);
  if (turned == NULL) return codecs_fail(image, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
  for (uint32_t y = 0; y < height; y++)
    for (uint32_t x = 0; x < width; x++) {
      uint32_t column = from_right ? width - 1 - x : x, row = from_bottom ? height - 1 - y : y;
      size_t stored = is_transposed ? (size_t)column * image->width + row : (size_t)row * image->width + column;
      memcpy(turned + ((size_t)y * width + x) * pixel_bytes, (uint8_t *)image->pixels + stored * pixel_bytes, pixel_bytes);
    }
  free(image->pixels);
  image->pixels = turned;
  image->width = width;
  image->height = height;
  return CODECS_OK;
}

void codecs_inks_to_colors(const uint8_t *inks, uint8_t *colors, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t light = 255u - inks[4 * i + 3];
    for (size_t c = 0; c < 3; c++) {
      // ink × light / 255, rounded, without a division.
      uint32_t product = inks[4 * i + c] * light + 128, absorbed = ((product >> 8) + product) >> 8;
      colors[3 * i + c] = (uint8_t)(light - absorbed);
    }
  }
}
