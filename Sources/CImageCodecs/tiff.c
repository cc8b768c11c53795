#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tiffio.h>

#include "image.h"

// libtiff must not be led into one huge allocation by a broken tag.
enum { SINGLE_ALLOCATION_LIMIT = 1 << 30 };

// The bytes, where reading stands, and the first thing that libtiff complained of.
typedef struct source {
  const uint8_t *bytes;
  uint64_t byte_count, position;
  int ended_early, is_damaged;
  char message[160];
} source;

static tmsize_t read_bytes(thandle_t handle, void *buffer, tmsize_t count) {
  source *self = handle;
  uint64_t left = self->position < self->byte_count ? self->byte_count - self->position : 0;
  uint64_t taken = (uint64_t)count < left ? (uint64_t)count : left;
  memcpy(buffer, self->bytes + self->position * (taken > 0), taken);
  self->position += taken;
  if (taken < (uint64_t)count) self->ended_early = 1;
  return (tmsize_t)taken;
}

static tmsize_t write_nothing(thandle_t handle, void *buffer, tmsize_t count) {
  (void)handle, (void)buffer, (void)count;
  return 0;
}

static toff_t seek(thandle_t handle, toff_t offset, int origin) {
  source *self = handle;
  if (origin == SEEK_CUR) offset += self->position;
  if (origin == SEEK_END) offset += self->byte_count;
  if (offset > self->byte_count) self->ended_early = 1;
  self->position = offset;
  return offset;
}

static int close_nothing(thandle_t handle) {
  (void)handle;
  return 0;
}

static toff_t size(thandle_t handle) { return ((source *)handle)->byte_count; }

static void note(source *self, const char *format, va_list arguments) {
  if (self->message[0] == 0) vsnprintf(self->message, sizeof self->message, format, arguments);
}

// Warnings are about unknown and odd tags, which are common and harmless, but for those of libjpeg, which says of a damaged
// strip only a warning and paints it grey.
static void note_damage(source *self, const char *module, const char *format, va_list arguments) {
  if (module == NULL || strcmp(module, "JPEGLib") != 0) return;
  char message[160];
  vsnprintf(message, sizeof message, format, arguments);
  if (strstr(message, "remature end") == NULL && strstr(message, "Corrupt JPEG") == NULL) return;
  self->is_damaged = 1;
  if (self->message[0] == 0) memcpy(self->message, message, sizeof message);
}

static int tiff_failure(codecs_image *image, const source *from) {
  if (from->ended_early)
    return codecs_fail(image, CODECS_TRUNCATED, "its TIFF data end before the picture is complete");
  return codecs_fail(image, CODECS_MALFORMED, "its TIFF data are not valid (%.140s)",
                     from->message[0] ? from->message : "no reason given");
}

// The tags that say how samples are stored.
typedef struct layout {
  uint32_t width, height;
  uint16_t bits, samples, photometric, planes, format, compression, orientation;
} layout;

static uint32_t color_count(const layout *tags) {
  return tags->photometric == PHOTOMETRIC_SEPARATED ? 4 : tags->photometric == PHOTOMETRIC_RGB ? 3 : 1;
}

// Whether samples are measurements, not brightness: signed, fractional, or of more than 16 bits.
static int is_numbers(const layout *tags) {
  return (tags->format != SAMPLEFORMAT_UINT && tags->format != SAMPLEFORMAT_VOID) || tags->bits > 16;
}

static int check_numbers(const layout *tags, codecs_image *image) {
  int is_whole = tags->format == SAMPLEFORMAT_UINT || tags->format == SAMPLEFORMAT_INT || tags->format == SAMPLEFORMAT_VOID;
  int is_read = is_whole ? tags->bits == 8 || tags->bits == 16 || tags->bits == 32
                         : tags->format == SAMPLEFORMAT_IEEEFP && (tags->bits == 32 || tags->bits == 64);
  if (!is_read || (tags->photometric != PHOTOMETRIC_MINISBLACK && tags->photometric != PHOTOMETRIC_RGB) || tags->samples != color_count(tags))
    return codecs_fail(image, CODECS_UNSUPPORTED, "a TIFF with %u samples of %u bits a pixel, of format %u and color space %u", tags->samples,
                       tags->bits, tags->format, tags->photometric);
  image->sample_kind = !is_whole ? CODECS_FLOATING : tags->format == SAMPLEFORMAT_INT ? CODECS_SIGNED : CODECS_UNSIGNED;
  return CODECS_OK;
}

static int read_layout(TIFF *tiff, const source *from, layout *tags, codecs_image *image) {
  if (!TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &tags->width) || !TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &tags->height))
    return codecs_fail(image, CODECS_MALFORMED, "its TIFF data give no size");
  if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &tags->photometric))
    return codecs_fail(image, CODECS_MALFORMED, "its TIFF data do not say how samples become colors");
  TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &tags->bits);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &tags->samples);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &tags->planes);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &tags->format);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &tags->compression);
  TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &tags->orientation);
  if (!TIFFIsCODECConfigured(tags->compression))
    return codecs_fail(image, CODECS_UNSUPPORTED, "a TIFF with compression %u", tags->compression);
  if (tags->photometric == PHOTOMETRIC_YCBCR && tags->compression == COMPRESSION_JPEG) {
    if (!TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB)) return tiff_failure(image, from);
    tags->photometric = PHOTOMETRIC_RGB;
  }
  if (tags->photometric > PHOTOMETRIC_PALETTE && tags->photometric != PHOTOMETRIC_SEPARATED)
    return codecs_fail(image, CODECS_UNSUPPORTED, "a TIFF with color space %u", tags->photometric);
  if (is_numbers(tags)) return check_numbers(tags, image);
  int is_color = color_count(tags) > 1, is_palette = tags->photometric == PHOTOMETRIC_PALETTE;
  if (tags->photometric == PHOTOMETRIC_SEPARATED && (tags->bits != 8 || tags->samples != 4))
    return codecs_fail(image, CODECS_UNSUPPORTED, "a TIFF with %u inks of %u bits a pixel", tags->samples, tags->bits);
  int is_packed = tags->bits == 1 || tags->bits == 2 || tags->bits == 4;
  if (tags->bits != 8 && !(tags->bits == 16 && !is_palette) && !(is_packed && !is_color && tags->samples == 1))
    return codecs_fail(image, CODECS_UNSUPPORTED, "a TIFF with %u samples of %u bits a pixel", tags->samples, tags->bits);
  if (tags->samples < color_count(tags) || tags->samples > color_count(tags) + (is_palette ? 0 : 1))
    return codecs_fail(image, CODECS_UNSUPPORTED, "a TIFF with %u samples of %u bits a pixel", tags->samples, tags->bits);
  return CODECS_OK;
}

// A strip or a tile: where it lies, and how many samples of each of its pixels it holds.
typedef struct block {
  uint32_t x, y, width, height;  // as stored; tiles may reach past the picture
  uint32_t first_sample, samples;
} block;

static int copy_block(const block *part, const uint8_t *stored, size_t stored_count, const layout *tags,
                      codecs_image *image) {
  uint32_t rows = image->height - part->y < part->height ? image->height - part->y : part->height;
  uint32_t columns = image->width - part->x < part->width ? image->width - part->x : part->width;
  uint64_t row_byte_count = ((uint64_t)part->width * part->samples * tags->bits + 7) / 8;
  if (row_byte_count * rows > stored_count)
    return codecs_fail(image, CODECS_TRUNCATED, "its TIFF data end before the picture is complete");
  size_t sample_bytes = image->bytes_per_sample;
  for (uint32_t y = 0; y < rows; y++) {
    const uint8_t *from = stored + y * row_byte_count;
    size_t pixel = (size_t)(part->y + y) * image->width + part->x;
    uint8_t *to = (uint8_t *)image->pixels + (pixel * image->channels + part->first_sample) * sample_bytes;
    if (tags->bits < 8)
      codecs_unpack(from, to, columns, tags->bits);
    else if (part->samples == image->channels)
      memcpy(to, from, (size_t)columns * part->samples * sample_bytes);
    else
      for (uint32_t x = 0; x < columns; x++)
        memcpy(to + (size_t)x * image->channels * sample_bytes, from + x * sample_bytes, sample_bytes);
  }
  return CODECS_OK;
}

static int read_blocks(TIFF *tiff, const source *from, const layout *tags, codecs_image *image) {
  int is_tiled = TIFFIsTiled(tiff), is_split = tags->planes == PLANARCONFIG_SEPARATE && tags->samples > 1;
  block part = {.width = tags->width, .height = tags->height, .samples = is_split ? 1 : tags->samples};
  if (is_tiled) {
    if (!TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &part.width) || !TIFFGetField(tiff, TIFFTAG_TILELENGTH, &part.height))
      return codecs_fail(image, CODECS_MALFORMED, "its TIFF data give no tile size");
  } else {
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &part.height);
    if (part.height > tags->height) part.height = tags->height;
  }
  tmsize_t block_size = is_tiled ? TIFFTileSize(tiff) : TIFFStripSize(tiff);
  if (part.width == 0 || part.height == 0 || block_size <= 0) return tiff_failure(image, from);
  // A tile is padded to its full size, never to much more than the picture.
  if ((uint64_t)block_size > 4 * (uint64_t)image->byte_count + (1 << 26))
    return codecs_fail(image, CODECS_MALFORMED, "its TIFF tiles are absurdly large");
  uint8_t *stored = malloc((size_t)block_size);
  if (stored == NULL) return codecs_fail(image, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
  int status = CODECS_OK;
  uint32_t index = 0;
  // Blocks are numbered plane by plane, row by row.
  for (part.first_sample = 0; part.first_sample < tags->samples && !status; part.first_sample += part.samples)
    for (uint64_t y = 0; y < tags->height && !status; y += part.height)
      for (uint64_t x = 0; x < tags->width && !status; x += part.width, index++) {
        part.x = (uint32_t)x;
        part.y = (uint32_t)y;
        tmsize_t count = is_tiled ? TIFFReadEncodedTile(tiff, index, stored, block_size)
                                  : TIFFReadEncodedStrip(tiff, index, stored, block_size);
        status = count < 0 || ((source *)from)->is_damaged ? tiff_failure(image, from)
                                                           : copy_block(&part, stored, (size_t)count, tags, image);
      }
  free(stored);
  return status;
}

static void invert(const codecs_image *image) {
  uint32_t maximum = (1u << image->bit_depth) - 1;
  size_t count = (size_t)image->width * image->height;
  for (size_t i = 0; i < count; i++) {
    size_t at = i * image->channels;  // grey alone; alpha, if any, stays
    if (image->bytes_per_sample == 1)
      ((uint8_t *)image->pixels)[at] = (uint8_t)(maximum - ((uint8_t *)image->pixels)[at]);
    else
      ((uint16_t *)image->pixels)[at] = (uint16_t)(maximum - ((uint16_t *)image->pixels)[at]);
  }
}

static int apply_tiff_palette(TIFF *tiff, const layout *tags, codecs_image *image) {
  uint16_t *red, *green, *blue;
  codecs_color palette[256];
  size_t count = (size_t)1 << tags->bits;
  if (!TIFFGetField(tiff, TIFFTAG_COLORMAP, &red, &green, &blue))
    return codecs_fail(image, CODECS_MALFORMED, "its TIFF data hold no palette");
  // The standard wants 16-bit colors; some writers store 8-bit ones, all below 256.
  int shift = 0;
  for (size_t i = 0; i < count; i++)
    if (red[i] > 255 || green[i] > 255 || blue[i] > 255) shift = 8;
  for (size_t i = 0; i < count; i++)
    palette[i] = (codecs_color){(uint8_t)(red[i] >> shift), (uint8_t)(green[i] >> shift), (uint8_t)(blue[i] >> shift)};
  return codecs_apply_palette(image, palette, count);
}

static int decode(TIFF *tiff, const source *from, uint64_t pixel_limit, codecs_image *image) {
  layout tags = {0};
  int status = read_layout(tiff, from, &tags, image);
  if (!status) status = codecs_allocate(image, tags.width, tags.height, tags.samples, tags.bits, pixel_limit);
  if (!status) status = read_blocks(tiff, from, &tags, image);
  if (status) return status;
  if (tags.photometric == PHOTOMETRIC_MINISWHITE) invert(image);
  if (tags.photometric == PHOTOMETRIC_SEPARATED) {
    codecs_inks_to_colors(image->pixels, image->pixels, (size_t)image->width * image->height);
    image->channels = 3;
    image->byte_count = (size_t)image->width * image->height * 3;
  }
  if (tags.orientation >= ORIENTATION_TOPLEFT && tags.orientation <= ORIENTATION_LEFTBOT) image->orientation = tags.orientation;
  return tags.photometric == PHOTOMETRIC_PALETTE ? apply_tiff_palette(tiff, &tags, image) : CODECS_OK;
}

// "m": no memory mapping, so that every access passes the bounds check of read_bytes.
static const char mode[] = "rm";

// CODECS_TIFF_GLOBAL_HANDLERS builds the way of an older libtiff with a newer one, to test it.
#if TIFFLIB_VERSION >= 20221213 && !defined(CODECS_TIFF_GLOBAL_HANDLERS)

static int on_error(TIFF *tiff, void *self, const char *module, const char *format, va_list arguments) {
  (void)tiff, (void)module;
  note(self, format, arguments);
  return 1;
}

static int on_warning(TIFF *tiff, void *self, const char *module, const char *format, va_list arguments) {
  (void)tiff;
  note_damage(self, module, format, arguments);
  return 1;
}

static int open_tiff(source *from, codecs_image *image, TIFF **tiff) {
  TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
  if (options == NULL) return codecs_fail(image, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
  TIFFOpenOptionsSetMaxSingleMemAlloc(options, SINGLE_ALLOCATION_LIMIT);
  TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, from);
  TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, from);
  *tiff = TIFFClientOpenExt("image", mode, from, read_bytes, write_nothing, seek, close_nothing, size, NULL, NULL, options);
  TIFFOpenOptionsFree(options);
  return *tiff == NULL ? tiff_failure(image, from) : CODECS_OK;
}

static void close_tiff(TIFF *tiff) {
  if (tiff != NULL) TIFFClose(tiff);
}

#else

// libtiff before 4.5 (Ubuntu 22.04) has one set of handlers for the whole process, which get the client data of the file.
// Other code may open files too, so client data count as a source only while this thread decodes from it. The limit of one
// allocation is not to be had; read_blocks bounds the decoded blocks, and libtiff takes stored ones in as they are read.
static _Thread_local source *opened;

static void on_error(thandle_t handle, const char *module, const char *format, va_list arguments) {
  (void)module;
  if (handle != NULL && handle == opened) note(opened, format, arguments);
}

static void on_warning(thandle_t handle, const char *module, const char *format, va_list arguments) {
  if (handle != NULL && handle == opened) note_damage(opened, module, format, arguments);
}

static void set_handlers(void) {
  // The standard handlers print; they would be called besides these.
  TIFFSetErrorHandler(NULL);
  TIFFSetWarningHandler(NULL);
  TIFFSetErrorHandlerExt(on_error);
  TIFFSetWarningHandlerExt(on_warning);
}

static int open_tiff(source *from, codecs_image *image, TIFF **tiff) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, set_handlers);
  opened = from;
  *tiff = TIFFClientOpen("image", mode, from, read_bytes, write_nothing, seek, close_nothing, size, NULL, NULL);
  return *tiff == NULL ? tiff_failure(image, from) : CODECS_OK;
}

static void close_tiff(TIFF *tiff) {
  if (tiff != NULL) TIFFClose(tiff);
  opened = NULL;
}

#endif

// The page that is read becomes the current one. Pages are counted only where one beyond the first is asked for, or at the end.
static int choose_page(TIFF *tiff, uint32_t picture, codecs_image *image) {
  if (picture == 0) return CODECS_OK;
  image->picture_count = TIFFNumberOfDirectories(tiff);
  if (picture >= image->picture_count || !TIFFSetDirectory(tiff, (uint16_t)picture))
    return codecs_fail(image, CODECS_ABSENT, "it has no page %u", picture);
  return CODECS_OK;
}

int codecs_decode_tiff(const void *bytes, size_t byte_count, uint32_t picture, uint64_t pixel_limit, codecs_image *image) {
  memset(image, 0, sizeof *image);
  source from = {.bytes = bytes, .byte_count = byte_count};
  TIFF *tiff = NULL;
  int status = open_tiff(&from, image, &tiff);
  if (!status) status = choose_page(tiff, picture, image);
  if (!status) status = decode(tiff, &from, pixel_limit, image);
  // After the picture: a page that is damaged is no fault of the one before it.
  if (!status) image->picture_count = TIFFNumberOfDirectories(tiff);
  close_tiff(tiff);
  return status;
}
