#include "CDecimals.h"

#include <charconv>

size_t cdec_read(const char *text, size_t count, double *value) {
  const auto result = std::from_chars(text, text + count, *value);
  return result.ec == std::errc() ? static_cast<size_t>(result.ptr - text) : 0;
}
