// The loops over every pixel that decide how fast images are prepared. They are C because there the compiler makes vector
// instructions of them in every kind of build; what they compute is said in Swift, where they are called.
//
// Results are the same bits on every processor: every sum is taken in the order given here, and no product is fused into a sum.
#ifndef C_IMAGE_KERNELS_H
#define C_IMAGE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

enum { KERNELS_BYTES = 1, KERNELS_WORDS = 2, KERNELS_FLOATS = 4 };

// A rectangle of samples of one channel. Bytes and words count as sample / maximum, floats as they are.
typedef struct kernels_source {
  const void *first;        // the channel's sample of the top left pixel
  int kind;                 // KERNELS_...
  size_t step;              // samples from a pixel to the next
  size_t row_step;          // samples from a row to the next
  size_t width, height;     // in pixels
  float maximum;
} kernels_source;

// For each of `count` outputs along an axis, `taps` inputs from `starts[i]` on, all within the source, weighted by
// `weights[i * taps]` and so on.
typedef struct kernels_axis {
  size_t count, taps;
  const size_t *starts;
  const float *weights;
} kernels_axis;

// Writes the source to `target` as floats, row by row.
void kernels_convert(const kernels_source *source, float *target);

// Weighs rows, then columns, into `target`, `rows->count` rows of `columns->count`. Gives 0 where there is no memory for it.
int kernels_resample(const kernels_source *source, const kernels_axis *rows, const kernels_axis *columns, float *target);

#endif
