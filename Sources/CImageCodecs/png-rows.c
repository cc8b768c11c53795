#include "png-rows.h"

#include <string.h>

// Every byte of a filtered row is the difference from a prediction made of the bytes to the left (a), above (b), and above the
// left one (c). Where the prediction needs a, one byte waits for the other, so what counts is the length of the chain from a to
// the next a: it has no branch and, for pixels of one byte, does not go through memory.

// Of a, b and c the one nearest to a + b - c; of equally near ones the first.
//
// With lo <= hi the smaller and the larger of a and b, the distances are hi - c for lo, c - lo for hi, and lo + hi - 2c for c, all
// taken positive. So lo is nearest where 2 hi + lo <= 3c, hi where 2 lo + hi >= 3c, and c in between. 3c - a - b against hi and
// lo says which, for c outside lo ... hi too. Where both hold, a = b = c.
static inline __attribute__((always_inline)) int nearest(int a, int b, int c) {
  int excess = 3 * c - (a + b);
  int lo = a < b ? a : b, hi = a < b ? b : a;
  int chosen = hi <= excess ? lo : c;
  return excess <= lo ? hi : chosen;
}

static inline __attribute__((always_inline)) void undo_sub(const uint8_t *in, uint8_t *out, size_t count, size_t step) {
  memcpy(out, in, step);
  for (size_t i = step; i < count; i++) out[i] = (uint8_t)(in[i] + out[i - step]);
}

static void undo_up(const uint8_t *in, const uint8_t *above, uint8_t *out, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = (uint8_t)(in[i] + above[i]);
}

static inline __attribute__((always_inline)) void undo_average(const uint8_t *in, const uint8_t *above, uint8_t *out,
                                                               size_t count, size_t step) {
  int left[8] = {0};
  for (size_t i = 0; i < count; i += step)
    for (size_t k = 0; k < step; k++) {
      left[k] = (uint8_t)(in[i + k] + ((left[k] + above[i + k]) >> 1));
      out[i + k] = (uint8_t)left[k];
    }
}

static inline __attribute__((always_inline)) void undo_paeth(const uint8_t *in, const uint8_t *above, uint8_t *out,
                                                             size_t count, size_t step) {
  int left[8] = {0}, corner[8] = {0};
  for (size_t i = 0; i < count; i += step)
    for (size_t k = 0; k < step; k++) {
      int up = above[i + k];
      left[k] = (uint8_t)(in[i + k] + nearest(left[k], up, corner[k]));
      corner[k] = up;
      out[i + k] = (uint8_t)left[k];
    }
}

// Two Paeth rows of one-byte pixels side by side, the lower one a pixel behind, so that two chains run at once.
static void undo_two_paeth(const uint8_t *in, const uint8_t *above, uint8_t *out, size_t count) {
  const uint8_t *next_in = in + count + 1;
  uint8_t *next_out = out + count;
  int left = 0, corner = 0, next_left = 0, next_corner = 0, next_up;
  next_up = left = (uint8_t)(in[0] + nearest(0, above[0], 0));
  corner = above[0];
  out[0] = (uint8_t)left;
  for (size_t i = 1; i < count; i++) {
    int up = above[i];
    left = (uint8_t)(in[i] + nearest(left, up, corner));
    corner = up;
    out[i] = (uint8_t)left;
    next_left = (uint8_t)(next_in[i - 1] + nearest(next_left, next_up, next_corner));
    next_corner = next_up;
    next_out[i - 1] = (uint8_t)next_left;
    next_up = left;
  }
  next_out[count - 1] = (uint8_t)(next_in[count - 1] + nearest(next_left, next_up, next_corner));
}

enum { NONE, SUB, UP, AVERAGE, PAETH };

// The compiler makes a function of its own for every size of a pixel.
static inline __attribute__((always_inline)) int unfilter(const uint8_t *in, uint8_t *rows, size_t count, uint32_t height,
                                                          size_t step) {
  for (uint32_t y = 0; y < height; y++) {
    uint8_t *out = rows + (size_t)y * count;
    const uint8_t *row = in + (size_t)y * (count + 1);
    const uint8_t *above = y > 0 ? out - count : out;
    int filter = *row++;
    // Above the first row everything is 0: nothing is added, or half of the left, or, as a is nearest to a, the left.
    if (y == 0 && filter == UP) filter = NONE;
    if (y == 0 && filter == PAETH) filter = SUB;
    switch (filter) {
    case NONE: memcpy(out, row, count); break;
    case SUB: undo_sub(row, out, count, step); break;
    case UP: undo_up(row, above, out, count); break;
    case AVERAGE:
      if (y == 0) memset(out, 0, count);
      undo_average(row, above, out, count, step);
      break;
    case PAETH:
      if (step == 1 && y + 1 < height && row[count] == PAETH) {
        undo_two_paeth(row, above, out, count);
        y++;
      } else {
        undo_paeth(row, above, out, count, step);
      }
      break;
    default: return 0;
    }
  }
  return 1;
}

int codecs_unfilter(const uint8_t *filtered, uint8_t *rows, size_t row_byte_count, uint32_t height, size_t pixel_byte_count) {
  switch (pixel_byte_count) {
  case 1: return unfilter(filtered, rows, row_byte_count, height, 1);
  case 2: return unfilter(filtered, rows, row_byte_count, height, 2);
  case 3: return unfilter(filtered, rows, row_byte_count, height, 3);
  case 4: return unfilter(filtered, rows, row_byte_count, height, 4);
  case 6: return unfilter(filtered, rows, row_byte_count, height, 6);
  case 8: return unfilter(filtered, rows, row_byte_count, height, 8);
  default: return 0;
  }
}
