// The picture of a PNG file of the common kind, faster than libspng gives it.
#ifndef CODECS_PNG_PICTURE_H
#define CODECS_PNG_PICTURE_H

#include "image.h"

// Decodes a picture of whole bytes, not interlaced and without a palette, into `image`, which has its header and its room. Gives 0,
// leaving nothing but changed samples behind, for every file in which anything at all is unusual or wrong: what to say of it, or
// whether to take it, is for libspng to decide.
int codecs_decode_plain_png(const uint8_t *bytes, size_t byte_count, codecs_image *image);

#endif
