// Decimal numbers of a text as float64.
#ifndef C_DECIMALS_H
#define C_DECIMALS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Reads the number that `count` bytes begin with, digits with an optional fraction and exponent, into the float64 that is
// nearest to it, as strtod does, but by no locale and several times as fast.
//
// Returns how many bytes it has; 0 where there is none, or it is too large or too small for float64.
size_t cdec_read(const char *text, size_t count, double *value);

#ifdef __cplusplus
}
#endif

#endif
