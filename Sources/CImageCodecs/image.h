// What the decoders share: failing, making room for samples, widening packed or indexed samples, and bringing inks to light.
#ifndef CODECS_IMAGE_H
#define CODECS_IMAGE_H

#include "CImageCodecs.h"

// Releases the image, writes the reason, returns `status`.
int codecs_fail(codecs_image *image, int status, const char *format, ...) __attribute__((format(printf, 3, 4)));

// Sets the image's header and gives it zeroed samples, unless it would be larger than the limit.
int codecs_allocate(codecs_image *image, uint64_t width, uint64_t height, uint32_t channels, uint32_t bit_depth,
                    uint64_t pixel_limit);

// Widens `count` samples of 1, 2, 4 or 8 bits, packed from the highest bit down, to a byte each.
void codecs_unpack(const uint8_t *packed, uint8_t *samples, size_t count, uint32_t bits);

typedef struct codecs_color {
  uint8_t red, green, blue;
} codecs_color;

// Replaces indices (one channel, a byte each) by their colors: 8-bit grey where every color in use is grey, else RGB.
int codecs_apply_palette(codecs_image *image, const codecs_color *palette, size_t color_count);

// The RGB of `count` pixels of cyan, magenta, yellow and black, as Pillow computes it: (255 - ink)(255 - black) / 255, rounded. Both may
// be the same memory.
void codecs_inks_to_colors(const uint8_t *inks, uint8_t *colors, size_t count);

#endif
