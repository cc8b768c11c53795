// The filters of PNG (ISO/IEC 15948, chapter 9).
#ifndef CODECS_PNG_ROWS_H
#define CODECS_PNG_ROWS_H

#include <stddef.h>
#include <stdint.h>

// Undoes the filter of `height` rows of `row_byte_count` bytes. In `filtered` every row follows the number of its filter; `rows`
// receives them without it. `pixel_byte_count` is 1, 2, 3, 4, 6 or 8. Gives 0 where a row has a filter that PNG does not have.
int codecs_unfilter(const uint8_t *filtered, uint8_t *rows, size_t row_byte_count, uint32_t height, size_t pixel_byte_count);

#endif
