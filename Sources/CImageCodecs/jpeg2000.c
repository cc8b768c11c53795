#if __has_include(<openjpeg.h>)
#include <openjpeg.h>
#elif __has_include(<openjpeg-2.5/openjpeg.h>)
#include <openjpeg-2.5/openjpeg.h>
#else
#include <openjpeg-2.4/openjpeg.h>
#endif
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

typedef struct source {
  const uint8_t *bytes;
  size_t byte_count, position;
  char message[160];
} source;

static OPJ_SIZE_T read_bytes(void *buffer, OPJ_SIZE_T count, void *data) {
  source *self = data;
  size_t left = self->byte_count - self->position;
  if (left == 0) return (OPJ_SIZE_T)-1;
  if (count > left) count = left;
  memcpy(buffer, self->bytes + self->position, count);
  self->position += count;
  return count;
}

static OPJ_OFF_T skip_bytes(OPJ_OFF_T count, void *data) {
  source *self = data;
  if (count < 0 || (uint64_t)count > self->byte_count - self->position) return -1;
  self->position += (size_t)count;
  return count;
}

static OPJ_BOOL seek_bytes(OPJ_OFF_T place, void *data) {
  source *self = data;
  if (place < 0 || (uint64_t)place > self->byte_count) return OPJ_FALSE;
  self->position = (size_t)place;
  return OPJ_TRUE;
}

static void on_error(const char *message, void *data) {
  source *self = data;
  if (self->message[0] != 0) return;
  snprintf(self->message, sizeof self->message, "%s", message);
  for (size_t end = strlen(self->message); end > 0; end--) {
    char last = self->message[end - 1];
    if (last != '\n' && last != '.' && last != ' ') break;
    self->message[end - 1] = 0;
  }
}

static void ignore(const char *message, void *data) { (void)message, (void)data; }

static int fail(const source *from, char *reason) {
  snprintf(reason, 200, "its JPEG 2000 data are not valid (%.140s)", from->message[0] ? from->message : "no reason given");
  return CODECS_MALFORMED;
}

static int unsupported(char *reason, const char *what) {
  snprintf(reason, 200, "%s", what);
  return CODECS_UNSUPPORTED;
}

// Whether the stream holds the picture that the caller expects, whose memory is there.
static int check(const opj_image_t *image, const codecs_frame_layout *layout, char *reason) {
  uint32_t width = image->x1 - image->x0, height = image->y1 - image->y0;
  if (image->numcomps != layout->samples || width != layout->width || height != layout->height) {
    snprintf(reason, 200, "its JPEG 2000 data hold %u × %u pixels of %u samples, its header says %u × %u of %u", width, height,
             image->numcomps, layout->width, layout->height, layout->samples);
    return CODECS_MALFORMED;
  }
  for (uint32_t c = 0; c < image->numcomps; c++) {
    const opj_image_comp_t *component = &image->comps[c];
    if (component->dx != 1 || component->dy != 1) return unsupported(reason, "a JPEG 2000 frame with subsampled colors");
    if (component->prec != image->comps[0].prec || component->sgnd != image->comps[0].sgnd)
      return unsupported(reason, "a JPEG 2000 frame whose components differ in depth");
    if (component->prec == 0 || component->prec > layout->bits_allocated) {
      snprintf(reason, 200, "its JPEG 2000 data have %u bits a sample, its header makes room for %u", component->prec,
               layout->bits_allocated);
      return CODECS_MALFORMED;
    }
  }
  return CODECS_OK;
}

static int copy(const opj_image_t *image, const codecs_frame_layout *layout, void *frame, char *reason) {
  size_t count = (size_t)layout->width * layout->height, samples = layout->samples;
  for (size_t c = 0; c < samples; c++) {
    const opj_image_comp_t *component = &image->comps[c];
    if (component->data == NULL || component->w != layout->width || component->h != layout->height) {
      snprintf(reason, 200, "its JPEG 2000 data end before the picture is complete");
      return CODECS_TRUNCATED;
    }
    const OPJ_INT32 *from = component->data;
    switch (layout->bits_allocated) {
    case 8:
      for (size_t i = 0; i < count; i++) ((uint8_t *)frame)[i * samples + c] = (uint8_t)from[i];
      break;
    case 16:
      for (size_t i = 0; i < count; i++) ((uint16_t *)frame)[i * samples + c] = (uint16_t)from[i];
      break;
    default:
      for (size_t i = 0; i < count; i++) ((uint32_t *)frame)[i * samples + c] = (uint32_t)from[i];
    }
  }
  return CODECS_OK;
}

static uint64_t number(const uint8_t *bytes) {
  return (uint64_t)bytes[0] << 24 | (uint64_t)bytes[1] << 16 | (uint64_t)bytes[2] << 8 | bytes[3];
}

// What the first marker segment says (SIZ, ITU-T T.800 section A.5.1).
typedef struct stated_size {
  uint64_t width, height;
} stated_size;

// Reads the first marker segment and holds it against the length of the stream: OpenJPEG makes room for every tile that it names, some
// 10 kB each, before anything else can be asked.
static int read_size(const source *from, stated_size *size, char *reason) {
  static const uint8_t start[] = {0xFF, 0x4F, 0xFF, 0x51};
  const uint8_t *found = NULL;
  for (size_t i = 0; found == NULL && i + 40 <= from->byte_count; i++)
    if (memcmp(from->bytes + i, start, sizeof start) == 0) found = from->bytes + i;
  if (found == NULL) {
    snprintf(reason, 200, "its compressed pixel data are no JPEG 2000 stream");
    return CODECS_MALFORMED;
  }
  // Length and capabilities come first, four bytes.
  const uint8_t *fields = found + 8;
  uint64_t right = number(fields), bottom = number(fields + 4), left = number(fields + 8), top = number(fields + 12);
  uint64_t tile_width = number(fields + 16), tile_height = number(fields + 20);
  if (right <= left || bottom <= top || tile_width == 0 || tile_height == 0) {
    snprintf(reason, 200, "its JPEG 2000 data give no size");
    return CODECS_MALFORMED;
  }
  uint64_t tile_left = number(fields + 24), tile_top = number(fields + 28);
  if (tile_left > left || tile_top > top) {
    snprintf(reason, 200, "its JPEG 2000 tiles do not cover the picture");
    return CODECS_MALFORMED;
  }
  *size = (stated_size){right - left, bottom - top};
  // Tiles are counted from their own origin, as OpenJPEG counts them; each takes at least 14 bytes of the stream.
  uint64_t columns = (right - tile_left + tile_width - 1) / tile_width, rows = (bottom - tile_top + tile_height - 1) / tile_height;
  if (columns * rows > from->byte_count / 14 + 1) {
    snprintf(reason, 200, "its JPEG 2000 data name more tiles than they hold");
    return CODECS_MALFORMED;
  }
  return CODECS_OK;
}

static int check_size(const source *from, const codecs_frame_layout *layout, char *reason) {
  stated_size size = {0, 0};
  int status = read_size(from, &size, reason);
  // A size that is not the layout's is said before what is odd about the tiles.
  if (size.width > 0 && (size.width != layout->width || size.height != layout->height)) {
    snprintf(reason, 200, "its JPEG 2000 data hold %u × %u pixels, its header says %u × %u", (uint32_t)size.width, (uint32_t)size.height,
             layout->width, layout->height);
    return CODECS_MALFORMED;
  }
  return status;
}

static int decode(opj_codec_t *codec, opj_stream_t *stream, const source *from, opj_image_t **image,
                  codecs_frame_layout *layout, void *frame, char *reason) {
  int status = check_size(from, layout, reason);
  if (status) return status;
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  if (!opj_setup_decoder(codec, &parameters)) return fail(from, reason);
  if (!opj_read_header(stream, codec, image)) return fail(from, reason);
  status = check(*image, layout, reason);
  if (status) return status;
  layout->bits_stored = (*image)->comps[0].prec;
  layout->is_signed = (int)(*image)->comps[0].sgnd;
  if (!opj_decode(codec, stream, *image) || !opj_end_decompress(codec, stream)) return fail(from, reason);
  return copy(*image, layout, frame, reason);
}

// Calls `body` with a decoder of the bytes, and gives everything back after it.
typedef int (*decoding)(opj_codec_t *codec, opj_stream_t *stream, const source *from, opj_image_t **image, void *context, char *reason);

static int with_decoder(const void *bytes, size_t byte_count, decoding body, void *context, char *reason) {
  static const uint8_t jp2[] = {0, 0, 0, 12, 'j', 'P', ' ', ' '};
  int is_boxed = byte_count >= sizeof jp2 && memcmp(bytes, jp2, sizeof jp2) == 0;
  source from = {.bytes = bytes, .byte_count = byte_count};
  opj_image_t *image = NULL;
  opj_codec_t *codec = opj_create_decompress(is_boxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
  opj_stream_t *stream = opj_stream_create(1 << 16, OPJ_TRUE);
  int status = CODECS_OUT_OF_MEMORY;
  if (codec != NULL && stream != NULL) {
    opj_set_error_handler(codec, on_error, &from);
    opj_set_warning_handler(codec, ignore, NULL);
    opj_set_info_handler(codec, ignore, NULL);
    opj_stream_set_read_function(stream, read_bytes);
    opj_stream_set_skip_function(stream, skip_bytes);
    opj_stream_set_seek_function(stream, seek_bytes);
    opj_stream_set_user_data(stream, &from, NULL);
    opj_stream_set_user_data_length(stream, byte_count);
    status = body(codec, stream, &from, &image, context, reason);
  } else {
    snprintf(reason, 200, "there is no memory to decode it");
  }
  if (image != NULL) opj_image_destroy(image);
  if (stream != NULL) opj_stream_destroy(stream);
  if (codec != NULL) opj_destroy_codec(codec);
  return status;
}

typedef struct frame_target {
  codecs_frame_layout *layout;
  void *frame;
} frame_target;

static int decode_frame(opj_codec_t *codec, opj_stream_t *stream, const source *from, opj_image_t **image, void *context, char *reason) {
  frame_target *target = context;
  return decode(codec, stream, from, image, target->layout, target->frame, reason);
}

int codecs_decode_jpeg2000(const void *bytes, size_t byte_count, codecs_frame_layout *layout, void *frame, char *reason) {
  frame_target target = {layout, frame};
  return with_decoder(bytes, byte_count, decode_frame, &target, reason);
}

// MARK: Files

typedef struct file_target {
  codecs_image *picture;
  uint64_t pixel_limit;
} file_target;

// Whether a file's components make a picture: of one size, depth and sign.
static int check_file(const opj_image_t *image, codecs_image *picture) {
  if (image->numcomps < 1 || image->numcomps > 4)
    return codecs_fail(picture, CODECS_UNSUPPORTED, "a JPEG 2000 file with %u components", image->numcomps);
  for (uint32_t c = 0; c < image->numcomps; c++) {
    const opj_image_comp_t *component = &image->comps[c], *first = &image->comps[0];
    if (component->dx != 1 || component->dy != 1) return codecs_fail(picture, CODECS_UNSUPPORTED, "a JPEG 2000 file with subsampled colors");
    if (component->prec != first->prec || component->sgnd != first->sgnd)
      return codecs_fail(picture, CODECS_UNSUPPORTED, "a JPEG 2000 file whose components differ in depth");
    if (component->prec < 1 || component->prec > 16)
      return codecs_fail(picture, CODECS_UNSUPPORTED, "a JPEG 2000 file with %u bits a sample", component->prec);
  }
  return CODECS_OK;
}

// Luma and two differences of color as RGB (ITU-T T.871).
static void convert_ycc(codecs_image *picture) {
  uint8_t *pixels = picture->pixels;
  for (size_t i = 0; i < (size_t)picture->width * picture->height; i++) {
    uint8_t *pixel = pixels + picture->channels * i;
    double y = pixel[0], blue = pixel[1] - 128.0, red = pixel[2] - 128.0;
    double colors[3] = {y + 1.402 * red, y - 0.344136 * blue - 0.714136 * red, y + 1.772 * blue};
    for (int c = 0; c < 3; c++) pixel[c] = colors[c] <= 0 ? 0 : colors[c] >= 254.5 ? 255 : (uint8_t)(colors[c] + 0.5);
  }
}

static int decode_file(opj_codec_t *codec, opj_stream_t *stream, const source *from, opj_image_t **image, void *context, char *reason) {
  file_target *target = context;
  codecs_image *picture = target->picture;
  stated_size size = {0, 0};
  int status = read_size(from, &size, reason);
  if (status) return status;
  picture->width = (uint32_t)size.width, picture->height = (uint32_t)size.height;
  if (size.width * size.height > target->pixel_limit) return codecs_fail(picture, CODECS_TOO_LARGE, "it has too many pixels");
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  if (!opj_setup_decoder(codec, &parameters) || !opj_read_header(stream, codec, image)) return fail(from, reason);
  // Before the palette of a boxed file is applied, there is one component.
  status = check_file(*image, picture);
  if (status) return status;
  if (!opj_decode(codec, stream, *image) || !opj_end_decompress(codec, stream)) return fail(from, reason);
  status = check_file(*image, picture);
  if (status) return status;
  const opj_image_comp_t *first = &(*image)->comps[0];
  status = codecs_allocate(picture, size.width, size.height, (*image)->numcomps, first->prec, target->pixel_limit);
  if (status) return status;
  codecs_frame_layout layout = {.width = picture->width, .height = picture->height, .samples = picture->channels,
                                .bits_allocated = picture->bytes_per_sample * 8, .bits_stored = first->prec, .is_signed = (int)first->sgnd};
  status = copy(*image, &layout, picture->pixels, reason);
  if (status) return status;
  picture->sample_kind = first->sgnd ? CODECS_SIGNED : CODECS_UNSIGNED;
  if ((*image)->color_space == OPJ_CLRSPC_SYCC && picture->channels >= 3 && first->prec == 8 && !first->sgnd) convert_ycc(picture);
  return CODECS_OK;
}

int codecs_decode_jp2(const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image) {
  memset(image, 0, sizeof *image);
  file_target target = {image, pixel_limit};
  char reason[200] = "";
  int status = with_decoder(bytes, byte_count, decode_file, &target, reason);
  if (status && reason[0] != 0) codecs_fail(image, status, "%s", reason);
  return status;
}
