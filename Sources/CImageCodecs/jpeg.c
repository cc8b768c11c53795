#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

#include "image.h"

// A progressive file may hold any number of scans, each of which costs a pass over the picture.
enum { SCAN_LIMIT = 200 };

typedef struct decoder {
  int keeps_components;
  struct jpeg_decompress_struct jpeg;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  int status;
  char message[JMSG_LENGTH_MAX];
} decoder;

static void escape(decoder *self, int status) {
  self->status = status;
  self->errors.format_message((j_common_ptr)&self->jpeg, self->message);
  longjmp(self->escape, 1);
}

static void on_error(j_common_ptr common) {
  decoder *self = common->client_data;
  switch (self->errors.msg_code) {
  case JERR_OUT_OF_MEMORY: escape(self, CODECS_OUT_OF_MEMORY); break;
  case JERR_INPUT_EOF:
  case JERR_INPUT_EMPTY: escape(self, CODECS_TRUNCATED); break;
  case JERR_SOF_UNSUPPORTED:
  case JERR_BAD_PRECISION:
  case JERR_ARITH_NOTIMPL:
  case JERR_CONVERSION_NOTIMPL: escape(self, CODECS_UNSUPPORTED); break;
  default: escape(self, CODECS_MALFORMED);
  }
}

// libjpeg carries on after damage and paints grey; here damage to the picture ends the decoding. Stray bytes between
// segments and odd version numbers leave the picture whole and pass.
static void on_message(j_common_ptr common, int level) {
  decoder *self = common->client_data;
  if (level >= 0) return;
  switch (self->errors.msg_code) {
  case JWRN_EXTRANEOUS_DATA:
  case JWRN_ADOBE_XFORM:
  case JWRN_JFIF_MAJOR:
  case JWRN_NOT_SEQUENTIAL:
  case JWRN_TOO_MUCH_DATA: return;
  case JWRN_JPEG_EOF:
  case JWRN_HIT_MARKER: escape(self, CODECS_TRUNCATED); break;
  default: escape(self, CODECS_MALFORMED);
  }
}

static void on_progress(j_common_ptr common) {
  decoder *self = common->client_data;
  if (self->jpeg.input_scan_number <= SCAN_LIMIT) return;
  self->status = CODECS_MALFORMED;
  snprintf(self->message, sizeof self->message, "more than %d scans", SCAN_LIMIT);
  longjmp(self->escape, 1);
}

// A row of inks at a time, in memory of the decoder's own, which a jump gives back too. Adobe's programs, and after them all others, store
// inks as light: 255 is none.
static int decode_inks(decoder *self, uint64_t pixel_limit, codecs_image *image) {
  struct jpeg_decompress_struct *jpeg = &self->jpeg;
  jpeg->out_color_space = JCS_CMYK;
  int status = codecs_allocate(image, jpeg->image_width, jpeg->image_height, 3, 8, pixel_limit);
  if (status) return status;
  jpeg_start_decompress(jpeg);
  size_t width = image->width;
  JSAMPARRAY row = jpeg->mem->alloc_sarray((j_common_ptr)jpeg, JPOOL_IMAGE, (JDIMENSION)(4 * width), 1);
  for (size_t y = 0; jpeg->output_scanline < jpeg->output_height; y++) {
    jpeg_read_scanlines(jpeg, row, 1);
    for (size_t i = 0; i < 4 * width; i++) row[0][i] = 255 - row[0][i];
    codecs_inks_to_colors(row[0], (uint8_t *)image->pixels + 3 * width * y, width);
  }
  jpeg_finish_decompress(jpeg);
  return CODECS_OK;
}

// Everything that may jump. Returns a status, or CODECS_OK with the image filled.
static int decode(decoder *self, const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image) {
  struct jpeg_decompress_struct *jpeg = &self->jpeg;
  jpeg_create_decompress(jpeg);
  jpeg->client_data = self;
  jpeg->progress = &self->progress;
  jpeg_mem_src(jpeg, bytes, byte_count);
  jpeg_read_header(jpeg, TRUE);
  int is_inks = jpeg->num_components == 4 && (jpeg->jpeg_color_space == JCS_CMYK || jpeg->jpeg_color_space == JCS_YCCK);
  if (is_inks && !self->keeps_components) return decode_inks(self, pixel_limit, image);
  int is_grey = jpeg->jpeg_color_space == JCS_GRAYSCALE;
  if (!is_grey && jpeg->num_components != 3)
    return codecs_fail(image, CODECS_UNSUPPORTED, "a JPEG with %d color components", jpeg->num_components);
  jpeg->out_color_space = is_grey ? JCS_GRAYSCALE : JCS_RGB;
  if (self->keeps_components) jpeg->out_color_space = jpeg->jpeg_color_space;
  int status = codecs_allocate(image, jpeg->image_width, jpeg->image_height, is_grey ? 1 : 3, 8, pixel_limit);
  if (status) return status;
  jpeg_start_decompress(jpeg);
  size_t row_byte_count = (size_t)image->width * image->channels;
  while (jpeg->output_scanline < jpeg->output_height) {
    JSAMPROW row = (JSAMPROW)image->pixels + jpeg->output_scanline * row_byte_count;
    jpeg_read_scanlines(jpeg, &row, 1);
  }
  jpeg_finish_decompress(jpeg);
  return CODECS_OK;
}

static int run(const void *bytes, size_t byte_count, uint64_t pixel_limit, int keeps_components, codecs_image *image) {
  memset(image, 0, sizeof *image);
  // On the heap, so that what changed before a jump is well defined after it.
  decoder *self = calloc(1, sizeof *self);
  if (self == NULL) return codecs_fail(image, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
  self->keeps_components = keeps_components;
  self->jpeg.err = jpeg_std_error(&self->errors);
  self->errors.error_exit = on_error;
  self->errors.emit_message = on_message;
  self->progress.progress_monitor = on_progress;
  self->jpeg.client_data = self;
  int status;
  if (setjmp(self->escape) == 0) {
    status = decode(self, bytes, byte_count, pixel_limit, image);
  } else {
    status = self->status;
    if (status == CODECS_TRUNCATED)
      codecs_fail(image, status, "its JPEG data end before the picture is complete");
    else if (status == CODECS_UNSUPPORTED)
      codecs_fail(image, status, "a JPEG of a rare kind (%.140s)", self->message);
    else
      codecs_fail(image, status, "its JPEG data are not valid (%.140s)", self->message);
  }
  jpeg_destroy_decompress(&self->jpeg);
  free(self);
  return status;
}

int codecs_decode_jpeg(const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image) {
  return run(bytes, byte_count, pixel_limit, 0, image);
}

int codecs_decode_jpeg_components(const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image) {
  return run(bytes, byte_count, pixel_limit, 1, image);
}
