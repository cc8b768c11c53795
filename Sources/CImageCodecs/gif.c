#include <gif_lib.h>
#include <stdlib.h>
#include <string.h>

#include "image.h"

typedef struct source {
  const uint8_t *bytes;
  size_t byte_count, position;
  int ended_early;
} source;

static int read_bytes(GifFileType *gif, GifByteType *buffer, int count) {
  source *self = gif->UserData;
  size_t left = self->byte_count - self->position;
  size_t taken = (size_t)count < left ? (size_t)count : left;
  memcpy(buffer, self->bytes + self->position, taken);
  self->position += taken;
  if (taken < (size_t)count) self->ended_early = 1;
  return (int)taken;
}

static int gif_failure(codecs_image *image, const source *from, int error) {
  if (from->ended_early || error == D_GIF_ERR_EOF_TOO_SOON)
    return codecs_fail(image, CODECS_TRUNCATED, "its GIF data end before the picture is complete");
  if (error == D_GIF_ERR_NOT_ENOUGH_MEM)
    return codecs_fail(image, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
  const char *message = GifErrorString(error);
  return codecs_fail(image, CODECS_MALFORMED, "its GIF data are not valid (%s)", message ? message : "no reason given");
}

// Skips extensions up to the first picture.
static int find_picture(GifFileType *gif, const source *from, codecs_image *image) {
  for (;;) {
    GifRecordType kind;
    if (DGifGetRecordType(gif, &kind) == GIF_ERROR) return gif_failure(image, from, gif->Error);
    if (kind == IMAGE_DESC_RECORD_TYPE) break;
    if (kind == TERMINATE_RECORD_TYPE) return codecs_fail(image, CODECS_MALFORMED, "its GIF data hold no picture");
    int code;
    GifByteType *extension;
    if (DGifGetExtension(gif, &code, &extension) == GIF_ERROR) return gif_failure(image, from, gif->Error);
    while (extension != NULL)
      if (DGifGetExtensionNext(gif, &extension) == GIF_ERROR) return gif_failure(image, from, gif->Error);
  }
  return DGifGetImageDesc(gif) == GIF_ERROR ? gif_failure(image, from, gif->Error) : CODECS_OK;
}

static int read_rows(GifFileType *gif, const source *from, codecs_image *image) {
  static const int starts[] = {0, 4, 2, 1}, steps[] = {8, 8, 4, 2};
  const GifImageDesc *frame = &gif->Image;
  int pass_count = frame->Interlace ? 4 : 1;
  for (int pass = 0; pass < pass_count; pass++) {
    int start = frame->Interlace ? starts[pass] : 0, step = frame->Interlace ? steps[pass] : 1;
    for (int y = start; y < frame->Height; y += step) {
      size_t offset = (size_t)(frame->Top + y) * image->width + (size_t)frame->Left;
      if (DGifGetLine(gif, (GifPixelType *)image->pixels + offset, frame->Width) == GIF_ERROR)
        return gif_failure(image, from, gif->Error);
    }
  }
  // What follows the picture: another record or the end mark. A file without either has been cut.
  GifRecordType next;
  return DGifGetRecordType(gif, &next) == GIF_ERROR ? gif_failure(image, from, gif->Error) : CODECS_OK;
}

static int decode(GifFileType *gif, const source *from, uint64_t pixel_limit, codecs_image *image) {
  int status = find_picture(gif, from, image);
  if (status) return status;
  const GifImageDesc *frame = &gif->Image;
  if (frame->Width <= 0 || frame->Height <= 0 || frame->Left < 0 || frame->Top < 0)
    return codecs_fail(image, CODECS_MALFORMED, "its width or height is 0");
  const ColorMapObject *colors = frame->ColorMap ? frame->ColorMap : gif->SColorMap;
  if (colors == NULL || colors->ColorCount <= 0 || colors->ColorCount > 256)
    return codecs_fail(image, CODECS_MALFORMED, "its GIF data hold no palette");
  // A frame may reach past the stated screen; as browsers do, the screen grows with it.
  uint64_t right = (uint64_t)frame->Left + (uint64_t)frame->Width, bottom = (uint64_t)frame->Top + (uint64_t)frame->Height;
  uint64_t width = right > (uint64_t)gif->SWidth ? right : (uint64_t)gif->SWidth;
  uint64_t height = bottom > (uint64_t)gif->SHeight ? bottom : (uint64_t)gif->SHeight;
  status = codecs_allocate(image, width, height, 1, 8, pixel_limit);
  if (status) return status;
  if (gif->SBackGroundColor > 0 && gif->SBackGroundColor < colors->ColorCount)
    memset(image->pixels, gif->SBackGroundColor, image->byte_count);
  status = read_rows(gif, from, image);
  if (status) return status;
  codecs_color palette[256];
  for (int i = 0; i < colors->ColorCount; i++)
    palette[i] = (codecs_color){colors->Colors[i].Red, colors->Colors[i].Green, colors->Colors[i].Blue};
  return codecs_apply_palette(image, palette, (size_t)colors->ColorCount);
}

int codecs_decode_gif(const void *bytes, size_t byte_count, uint64_t pixel_limit, codecs_image *image) {
  memset(image, 0, sizeof *image);
  source from = {bytes, byte_count, 0, 0};
  int error = 0;
  GifFileType *gif = DGifOpen(&from, read_bytes, &error);
  if (gif == NULL) return gif_failure(image, &from, error);
  int status = decode(gif, &from, pixel_limit, image);
  DGifCloseFile(gif, &error);
  return status;
}
