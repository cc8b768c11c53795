#include <spng.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"
#include "png-picture.h"

// Text and color-profile chunks larger than this are an attack or an accident.
enum { CHUNK_LIMIT = 64 << 20, CHUNK_CACHE_LIMIT = 128 << 20 };

static int png_failure(codecs_image *image, int error) {
  switch (error) {
  case SPNG_IO_EOF:
  case SPNG_EIDAT_TOO_SHORT:
    return codecs_fail(image, CODECS_TRUNCATED, "its PNG data end before the picture is complete");
  case SPNG_EMEM:
    return codecs_fail(image, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
  default:
    return codecs_fail(image, CODECS_MALFORMED, "its PNG data are not valid (%s)", spng_strerror(error));
  }
}

// Whether the chunks reach to a whole end mark. libspng does not read that far: the last checksum may be missing for it.
static int is_complete(const uint8_t *bytes, size_t byte_count) {
  size_t position = 8;
  while (byte_count - position >= 12) {
    const uint8_t *chunk = bytes + position;
    size_t length = (size_t)chunk[0] << 24 | (size_t)chunk[1] << 16 | (size_t)chunk[2] << 8 | chunk[3];
    if (length > byte_count - position - 12) return 0;
    if (memcmp(chunk + 4, "IEND", 4) == 0) return 1;
    position += length + 12;
  }
  return 0;
}

static uint32_t channel_count(uint8_t color_type) {
  switch (color_type) {
  case SPNG_COLOR_TYPE_GRAYSCALE_ALPHA: return 2;
  case SPNG_COLOR_TYPE_TRUECOLOR: return 3;
  case SPNG_COLOR_TYPE_TRUECOLOR_ALPHA: return 4;
  default: return 1;
  }
}

// Depths below 8 come from libspng with several samples to a byte and every row starting on a byte.
static int decode_packed(spng_ctx *context, const struct spng_ihdr *header, codecs_image *image) {
  size_t row_byte_count = ((size_t)header->width * header->bit_depth + 7) / 8;
  size_t byte_count = row_byte_count * header->height;
  // Zeroed, because libspng adds the bits of interlaced samples to what is there.
  uint8_t *packed = calloc(byte_count, 1);
  if (packed == NULL) return codecs_fail(image, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
  int error = spng_decode_image(context, packed, byte_count, SPNG_FMT_PNG, 0);
  for (uint32_t y = 0; y < header->height && error == 0; y++)
    codecs_unpack(packed + y * row_byte_count, (uint8_t *)image->pixels + (size_t)y * header->width, header->width,
                  header->bit_depth);
  free(packed);
  return error ? png_failure(image, error) : CODECS_OK;
}

static int apply_png_palette(spng_ctx *context, codecs_image *image) {
  struct spng_plte table;
  codecs_color palette[256];
  int error = spng_get_plte(context, &table);
  if (error) return png_failure(image, error);
  for (uint32_t i = 0; i < table.n_entries; i++)
    palette[i] = (codecs_color){table.entries[i].red, table.entries[i].green, table.entries[i].blue};
  return codecs_apply_palette(image, palette, table.n_entries);
}

static int decode(spng_ctx *context, const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image) {
  struct spng_ihdr header;
  int error = spng_set_png_buffer(context, bytes, byte_count);
  if (!error) error = spng_set_chunk_limits(context, CHUNK_LIMIT, CHUNK_CACHE_LIMIT);
  if (!error) error = spng_get_ihdr(context, &header);
  if (error) return png_failure(image, error);
  int status = codecs_allocate(image, header.width, header.height, channel_count(header.color_type), header.bit_depth,
                               pixel_limit);
  if (status) return status;
  // The chunks up to the picture; the same context can go on from there.
  error = spng_decode_chunks(context);
  if (error) return png_failure(image, error);
  if (header.interlace_method == 0 && header.bit_depth >= 8 && header.color_type != SPNG_COLOR_TYPE_INDEXED &&
      codecs_decode_plain_png(bytes, byte_count, image))
    return CODECS_OK;
  if (header.bit_depth < 8) {
    status = decode_packed(context, &header, image);
    if (status) return status;
  } else {
    error = spng_decode_image(context, image->pixels, image->byte_count, SPNG_FMT_PNG, 0);
    if (error) return png_failure(image, error);
  }
  // Read on to the end mark: a file that stops before it has been cut.
  error = spng_decode_chunks(context);
  if (!error && !is_complete(bytes, byte_count)) error = SPNG_IO_EOF;
  if (error) return png_failure(image, error);
  return header.color_type == SPNG_COLOR_TYPE_INDEXED ? apply_png_palette(context, image) : CODECS_OK;
}

int codecs_decode_png(const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image) {
  memset(image, 0, sizeof *image);
  spng_ctx *context = spng_ctx_new(0);
  if (context == NULL) return codecs_fail(image, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
  int status = decode(context, bytes, byte_count, pixel_limit, image);
  spng_ctx_free(context);
  return status;
}

static uint8_t *packed_rows(const uint8_t *pixels, uint32_t width, uint32_t height, uint32_t bits, size_t *byte_count) {
  size_t row_byte_count = ((size_t)width * bits + 7) / 8;
  uint8_t *packed = calloc(row_byte_count * height, 1);
  if (packed == NULL) return NULL;
  for (uint32_t y = 0; y < height; y++)
    for (uint32_t x = 0; x < width; x++) {
      uint32_t shift = 8 - bits * (x % (8 / bits) + 1);
      packed[y * row_byte_count + (size_t)x * bits / 8] |= (uint8_t)(pixels[(size_t)y * width + x] << shift);
    }
  *byte_count = row_byte_count * height;
  return packed;
}

int codecs_encode_png(const void *pixels, uint32_t width, uint32_t height, uint32_t channels, uint32_t bit_depth,
                      void **file, size_t *file_byte_count, char *reason) {
  static const uint8_t color_types[] = {SPNG_COLOR_TYPE_GRAYSCALE, SPNG_COLOR_TYPE_GRAYSCALE_ALPHA,
                                        SPNG_COLOR_TYPE_TRUECOLOR, SPNG_COLOR_TYPE_TRUECOLOR_ALPHA};
  struct spng_ihdr header = {.width = width, .height = height, .bit_depth = (uint8_t)bit_depth};
  header.color_type = color_types[(channels - 1) & 3];
  size_t byte_count = (size_t)width * height * channels * (bit_depth <= 8 ? 1 : 2);
  uint8_t *packed = NULL;
  int error = SPNG_EMEM;
  *file = NULL;
  *file_byte_count = 0;
  spng_ctx *context = spng_ctx_new(SPNG_CTX_ENCODER);
  if (context != NULL && bit_depth < 8) packed = packed_rows(pixels, width, height, bit_depth, &byte_count);
  if (context != NULL && (bit_depth >= 8 || packed != NULL)) {
    error = spng_set_option(context, SPNG_ENCODE_TO_BUFFER, 1);
    if (!error) error = spng_set_ihdr(context, &header);
    if (!error)
      error = spng_encode_image(context, packed ? packed : pixels, byte_count, SPNG_FMT_PNG, SPNG_ENCODE_FINALIZE);
    if (!error) *file = spng_get_png_buffer(context, file_byte_count, &error);
  }
  free(packed);
  spng_ctx_free(context);
  if (*file != NULL) return CODECS_OK;
  strncpy(reason, spng_strerror(error), 199);
  reason[199] = 0;
  return error == SPNG_EMEM ? CODECS_OUT_OF_MEMORY : CODECS_UNSUPPORTED;
}
