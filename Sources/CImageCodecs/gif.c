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

// The rows of the frame that comes now, as indices, into `target`, whose rows are `stride` apart.
static int read_rows(GifFileType *gif, const source *from, uint8_t *target, size_t stride, codecs_image *image) {
  static const int starts[] = {0, 4, 2, 1}, steps[] = {8, 8, 4, 2};
  const GifImageDesc *frame = &gif->Image;
  int pass_count = frame->Interlace ? 4 : 1;
  for (int pass = 0; pass < pass_count; pass++) {
    int start = frame->Interlace ? starts[pass] : 0, step = frame->Interlace ? steps[pass] : 1;
    for (int y = start; y < frame->Height; y += step)
      if (DGifGetLine(gif, target + (size_t)y * stride, frame->Width) == GIF_ERROR) return gif_failure(image, from, gif->Error);
  }
  return CODECS_OK;
}

static int decode_first(GifFileType *gif, const source *from, uint64_t pixel_limit, codecs_image *image) {
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
  status = read_rows(gif, from, (uint8_t *)image->pixels + (size_t)frame->Top * image->width + (size_t)frame->Left, image->width, image);
  if (status) return status;
  // What follows the picture: another record or the end mark. A file without either has been cut.
  GifRecordType next;
  if (DGifGetRecordType(gif, &next) == GIF_ERROR) return gif_failure(image, from, gif->Error);
  codecs_color palette[256];
  for (int i = 0; i < colors->ColorCount; i++)
    palette[i] = (codecs_color){colors->Colors[i].Red, colors->Colors[i].Green, colors->Colors[i].Blue};
  return codecs_apply_palette(image, palette, (size_t)colors->ColorCount);
}

// How many pictures the file holds: image descriptors are counted, and their codes stepped over. What is damaged behind the first picture
// ends the count.
static uint32_t count_pictures(const void *bytes, size_t byte_count) {
  source from = {bytes, byte_count, 0, 0};
  int error = 0;
  GifFileType *gif = DGifOpen(&from, read_bytes, &error);
  if (gif == NULL) return 0;
  uint32_t count = 0;
  GifRecordType kind;
  while (DGifGetRecordType(gif, &kind) != GIF_ERROR && kind != TERMINATE_RECORD_TYPE) {
    int code;
    GifByteType *block;
    int result;
    if (kind == IMAGE_DESC_RECORD_TYPE) {
      if (DGifGetImageDesc(gif) == GIF_ERROR) break;
      for (result = DGifGetCode(gif, &code, &block); result != GIF_ERROR && block != NULL;) result = DGifGetCodeNext(gif, &block);
      if (result == GIF_ERROR) break;
      count++;
    } else {
      for (result = DGifGetExtension(gif, &code, &block); result != GIF_ERROR && block != NULL;) result = DGifGetExtensionNext(gif, &block);
      if (result == GIF_ERROR) break;
    }
  }
  DGifCloseFile(gif, &error);
  return count > 0 ? count : 1;
}

// Where a frame lies on the screen; the part beyond it is not seen.
typedef struct place {
  size_t left, top, width, height, stride;
} place;

static place visible(const GifImageDesc *frame, const codecs_image *image) {
  place seen = {(size_t)frame->Left, (size_t)frame->Top, (size_t)frame->Width, (size_t)frame->Height, (size_t)frame->Width};
  if (seen.left >= image->width || seen.top >= image->height) seen.width = seen.height = 0;
  if (seen.width > image->width - seen.left) seen.width = image->width - seen.left;
  if (seen.height > image->height - seen.top) seen.height = image->height - seen.top;
  return seen;
}

// Paints a frame over what is there: its transparent pixels leave it.
static int paint(const GifFileType *gif, const uint8_t *indices, int transparent, codecs_image *image) {
  const ColorMapObject *colors = gif->Image.ColorMap ? gif->Image.ColorMap : gif->SColorMap;
  if (colors == NULL) return codecs_fail(image, CODECS_MALFORMED, "its GIF data hold no palette");
  place seen = visible(&gif->Image, image);
  for (size_t y = 0; y < seen.height; y++)
    for (size_t x = 0; x < seen.width; x++) {
      int index = indices[y * seen.stride + x];
      if (index == transparent) continue;
      if (index >= colors->ColorCount)
        return codecs_fail(image, CODECS_MALFORMED, "a pixel has color %d of a palette of %d", index, colors->ColorCount);
      uint8_t *pixel = (uint8_t *)image->pixels + 3 * ((seen.top + y) * image->width + seen.left + x);
      pixel[0] = colors->Colors[index].Red;
      pixel[1] = colors->Colors[index].Green;
      pixel[2] = colors->Colors[index].Blue;
    }
  return CODECS_OK;
}

// Takes a frame away again, as it asks for: nothing, black, or what was there before (GIF89a section 23).
static void dispose(const GifFileType *gif, int mode, const uint8_t *before, codecs_image *image) {
  if (mode == DISPOSE_PREVIOUS) memcpy(image->pixels, before, image->byte_count);
  if (mode != DISPOSE_BACKGROUND) return;
  place seen = visible(&gif->Image, image);
  for (size_t y = 0; y < seen.height; y++)
    memset((uint8_t *)image->pixels + 3 * ((seen.top + y) * image->width + seen.left), 0, 3 * seen.width);
}

// One frame after the other, each laid over those before it, up to the one that is asked for.
static int compose(GifFileType *gif, const source *from, uint32_t picture, uint64_t pixel_limit, uint8_t *before, codecs_image *image) {
  GraphicsControlBlock control = {.TransparentColor = NO_TRANSPARENT_COLOR};
  for (uint32_t number = 0;;) {
    GifRecordType kind;
    if (DGifGetRecordType(gif, &kind) == GIF_ERROR) return gif_failure(image, from, gif->Error);
    if (kind == TERMINATE_RECORD_TYPE) return codecs_fail(image, CODECS_MALFORMED, "its GIF data hold too few pictures");
    if (kind == EXTENSION_RECORD_TYPE) {
      int code;
      GifByteType *block;
      if (DGifGetExtension(gif, &code, &block) == GIF_ERROR) return gif_failure(image, from, gif->Error);
      if (code == GRAPHICS_EXT_FUNC_CODE && block != NULL) DGifExtensionToGCB(block[0], block + 1, &control);
      while (block != NULL)
        if (DGifGetExtensionNext(gif, &block) == GIF_ERROR) return gif_failure(image, from, gif->Error);
      continue;
    }
    if (DGifGetImageDesc(gif) == GIF_ERROR) return gif_failure(image, from, gif->Error);
    const GifImageDesc *frame = &gif->Image;
    if (frame->Width <= 0 || frame->Height <= 0 || frame->Left < 0 || frame->Top < 0)
      return codecs_fail(image, CODECS_MALFORMED, "its width or height is 0");
    size_t count = (size_t)frame->Width * (size_t)frame->Height;
    if (count > pixel_limit) return codecs_fail(image, CODECS_MALFORMED, "a frame is larger than what is read");
    uint8_t *indices = calloc(count, 1);
    if (indices == NULL) return codecs_fail(image, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
    if (control.DisposalMode == DISPOSE_PREVIOUS) memcpy(before, image->pixels, image->byte_count);
    int status = read_rows(gif, from, indices, (size_t)frame->Width, image);
    if (!status) status = paint(gif, indices, control.TransparentColor, image);
    free(indices);
    if (status || number++ == picture) return status;
    dispose(gif, control.DisposalMode, before, image);
    control = (GraphicsControlBlock){.TransparentColor = NO_TRANSPARENT_COLOR};
  }
}

static int decode_later(GifFileType *gif, const source *from, uint32_t picture, uint64_t pixel_limit, codecs_image *image) {
  int status = codecs_allocate(image, (uint64_t)gif->SWidth, (uint64_t)gif->SHeight, 3, 8, pixel_limit);
  if (status) return status;
  uint8_t *before = malloc(image->byte_count);
  if (before == NULL) return codecs_fail(image, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
  status = compose(gif, from, picture, pixel_limit, before, image);
  free(before);
  return status;
}

int codecs_decode_gif(const void *bytes, size_t byte_count, uint32_t picture, uint64_t pixel_limit, codecs_image *image) {
  memset(image, 0, sizeof *image);
  uint32_t count = picture > 0 ? count_pictures(bytes, byte_count) : 0;
  if (picture > 0 && picture >= count) {
    image->picture_count = count;
    return codecs_fail(image, CODECS_ABSENT, "it has no frame %u", picture);
  }
  source from = {bytes, byte_count, 0, 0};
  int error = 0;
  GifFileType *gif = DGifOpen(&from, read_bytes, &error);
  if (gif == NULL) return gif_failure(image, &from, error);
  int status = picture == 0 ? decode_first(gif, &from, pixel_limit, image) : decode_later(gif, &from, picture, pixel_limit, image);
  DGifCloseFile(gif, &error);
  if (!status) image->picture_count = picture == 0 ? count_pictures(bytes, byte_count) : count;
  return status;
}
