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

#include "CImageCodecs.h"

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

// Holds the first marker segment (SIZ, ITU-T T.800 section A.5.1) against the layout and the length of the stream: OpenJPEG makes
// room for every tile that it names, some 10 kB each, before anything else can be asked.
static int check_size(const source *from, const codecs_frame_layout *layout, char *reason) {
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
  if (right - left != layout->width || bottom - top != layout->height) {
    snprintf(reason, 200, "its JPEG 2000 data hold %u × %u pixels, its header says %u × %u", (uint32_t)(right - left),
             (uint32_t)(bottom - top), layout->width, layout->height);
    return CODECS_MALFORMED;
  }
  uint64_t tile_left = number(fields + 24), tile_top = number(fields + 28);
  if (tile_left > left || tile_top > top) {
    snprintf(reason, 200, "its JPEG 2000 tiles do not cover the picture");
    return CODECS_MALFORMED;
  }
  // Tiles are counted from their own origin, as OpenJPEG counts them; each takes at least 14 bytes of the stream.
  uint64_t columns = (right - tile_left + tile_width - 1) / tile_width, rows = (bottom - tile_top + tile_height - 1) / tile_height;
  if (columns * rows > from->byte_count / 14 + 1) {
    snprintf(reason, 200, "its JPEG 2000 data name more tiles than they hold");
    return CODECS_MALFORMED;
  }
  return CODECS_OK;
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

int codecs_decode_jpeg2000(const void *bytes, size_t byte_count, codecs_frame_layout *layout, void *frame, char *reason) {
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
    status = decode(codec, stream, &from, &image, layout, frame, reason);
  } else {
    snprintf(reason, 200, "there is no memory to decode it");
  }
  if (image != NULL) opj_image_destroy(image);
  if (stream != NULL) opj_stream_destroy(stream);
  if (codec != NULL) opj_destroy_codec(codec);
  return status;
}
