#include <stdlib.h>
#include <string.h>

#include "CImageKernels.h"

#pragma STDC FP_CONTRACT OFF

// Rows that are weighed side by side across the columns: each is a lane of a vector.
enum { LANES = 8 };
typedef float lanes __attribute__((vector_size(LANES * sizeof(float)), aligned(4)));

static void convert_row(const kernels_source *source, size_t y, float *target) {
  const size_t width = source->width, step = source->step, offset = y * source->row_step;
  const float maximum = source->maximum;
  if (source->kind == KERNELS_BYTES) {
    const uint8_t *row = (const uint8_t *)source->first + offset;
    if (step == 1)
      for (size_t x = 0; x < width; x++) target[x] = (float)row[x] / maximum;
    else
      for (size_t x = 0; x < width; x++) target[x] = (float)row[x * step] / maximum;
  } else if (source->kind == KERNELS_WORDS) {
    const uint16_t *row = (const uint16_t *)source->first + offset;
    if (step == 1)
      for (size_t x = 0; x < width; x++) target[x] = (float)row[x] / maximum;
    else
      for (size_t x = 0; x < width; x++) target[x] = (float)row[x * step] / maximum;
  } else {
    const float *row = (const float *)source->first + offset;
    for (size_t x = 0; x < width; x++) target[x] = row[x * step];
  }
}

void kernels_convert(const kernels_source *source, float *target) {
  for (size_t y = 0; y < source->height; y++) convert_row(source, y, target + y * source->width);
}

// Source rows as floats, each converted once and kept while outputs may still need it: the last `capacity` of them.
typedef struct window {
  const kernels_source *source;
  float *rows;
  size_t capacity, converted;
} window;

static const float *row_at(window *kept, size_t y) {
  if (kept->source->kind == KERNELS_FLOATS && kept->source->step == 1)
    return (const float *)kept->source->first + y * kept->source->row_step;
  for (; kept->converted <= y; kept->converted++)
    convert_row(kept->source, kept->converted, kept->rows + kept->converted % kept->capacity * kept->source->width);
  return kept->rows + y % kept->capacity * kept->source->width;
}

static void mix_rows(window *kept, const kernels_axis *rows, size_t y, float *mixed) {
  const size_t width = kept->source->width;
  const float *weights = rows->weights + y * rows->taps;
  const float *first = row_at(kept, rows->starts[y]);
  float weight = weights[0];
  for (size_t x = 0; x < width; x++) mixed[x] = weight * first[x];
  for (size_t k = 1; k < rows->taps; k++) {
    const float *row = row_at(kept, rows->starts[y] + k);
    weight = weights[k];
    for (size_t x = 0; x < width; x++) mixed[x] += weight * row[x];
  }
}

// `block` holds one vector a column: the mixed values of LANES rows.
static void mix_columns(const lanes *block, const kernels_axis *columns, size_t row_count, float *target) {
  for (size_t x = 0; x < columns->count; x++) {
    const lanes *place = block + columns->starts[x];
    const float *weights = columns->weights + x * columns->taps;
    lanes sum = {0};
    for (size_t k = 0; k < columns->taps; k++) sum += weights[k] * place[k];
    for (size_t row = 0; row < row_count; row++) target[row * columns->count + x] = sum[row];
  }
}

int kernels_resample(const kernels_source *source, const kernels_axis *rows, const kernels_axis *columns, float *target) {
  const size_t width = source->width;
  window kept = {.source = source, .capacity = rows->taps, .converted = rows->count > 0 ? rows->starts[0] : 0};
  kept.rows = malloc(kept.capacity * width * sizeof(float));
  float *mixed = malloc(width * sizeof(float));
  float *block = malloc(width * sizeof(lanes));
  int is_done = kept.rows != NULL && mixed != NULL && block != NULL;
  for (size_t y = 0; is_done && y < rows->count; y += LANES) {
    size_t row_count = rows->count - y < LANES ? rows->count - y : LANES;
    for (size_t row = 0; row < LANES; row++) {
      // Lanes without a row repeat the last one, and are not written.
      if (row < row_count) mix_rows(&kept, rows, y + row, mixed);
      for (size_t x = 0; x < width; x++) block[x * LANES + row] = mixed[x];
    }
    mix_columns((const lanes *)block, columns, row_count, target + y * columns->count);
  }
  free(kept.rows);
  free(mixed);
  free(block);
  return is_done;
}
