// The rare JPEG processes of DICOM through DCMTK, behind one exception boundary.
//
// Only its innermost decoders. DCMTK's file reader follows nested sequences by recursion without a limit (a file of 3 MB ends the
// process); its RLE codec reads past damaged streams, and its search for a JPEG stream's depth runs past the end or forever. So
// the container, RLE and the JPEG header are read in Swift (Imaging/DICOM), where memory is safe.
#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmjpeg/djcparam.h>
#include <dcmtk/dcmjpeg/djdijg12.h>
#include <dcmtk/dcmjpeg/djdijg16.h>
#include <dcmtk/dcmjpeg/djdijg8.h>
#include <dcmtk/oflog/oflog.h>

#include <cstdio>
#include <exception>
#include <mutex>
#include <new>

#include "CImageCodecs.h"

namespace {

int fail(char *reason, int status, const char *format, const char *detail = "") {
  std::snprintf(reason, 200, format, detail);
  return status;
}

int failure(const OFCondition &condition, char *reason) {
  if (condition == EC_MemoryExhausted) return fail(reason, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
  return fail(reason, CODECS_MALFORMED, "its compressed pixel data are not valid (%.140s)", condition.text());
}

void prepare_dcmtk() {
  static std::once_flag once;
  std::call_once(once, [] {
    // It would print; what matters comes back as a condition.
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
  });
}

// A decoder that remembers warnings: libjpeg carries on after damage, and says so only there.
template <class Decoder> class Strict : public Decoder {
public:
  explicit Strict(const DJCodecParameter &parameters) : Decoder(parameters, OFFalse) {}
  void emitMessage(int level) const override {
    if (level < 0) is_damaged = true;
  }
  mutable bool is_damaged = false;
};

template <class Decoder>
int decode_jpeg(const void *bytes, size_t byte_count, const codecs_frame_layout &layout, void *frame, size_t frame_byte_count,
                char *reason) {
  DJCodecParameter parameters(ECC_lossyYCbCr, EDC_never, EUC_never, EPC_colorByPixel);
  Strict<Decoder> decoder(parameters);
  OFCondition result = decoder.init();
  // The decoder's source is not const, but it only reads it.
  Uint8 *stream = const_cast<Uint8 *>(static_cast<const Uint8 *>(bytes));
  if (result.good())
    result = decoder.decode(stream, static_cast<Uint32>(byte_count), static_cast<Uint8 *>(frame),
                            static_cast<Uint32>(frame_byte_count), layout.is_signed ? OFTrue : OFFalse);
  if (result == EJ_Suspension) return fail(reason, CODECS_TRUNCATED, "its JPEG data end before the picture is complete");
  if (result.bad()) return failure(result, reason);
  if (decoder.is_damaged) return fail(reason, CODECS_MALFORMED, "its JPEG code has errors");
  return CODECS_OK;
}

// Runs `body`; what it throws becomes a status.
template <class Body> int guarded(size_t byte_count, size_t frame_byte_count, char *reason, Body body) {
  if (byte_count > 0xFFFFFFF0u || frame_byte_count > 0xFFFFFFF0u)
    return fail(reason, CODECS_UNSUPPORTED, "a DICOM frame of more than 4 GiB");
  try {
    prepare_dcmtk();
    return body();
  } catch (const std::bad_alloc &) {
    return fail(reason, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
  } catch (const std::exception &error) {
    return fail(reason, CODECS_MALFORMED, "its compressed pixel data are not valid (%.140s)", error.what());
  } catch (...) {
    return fail(reason, CODECS_MALFORMED, "its compressed pixel data are not valid (%.140s)", "no reason given");
  }
}

}  // namespace

extern "C" int codecs_decode_rare_jpeg(const void *bytes, size_t byte_count, const codecs_frame_layout *layout, void *frame,
                                       size_t frame_byte_count, char *reason) {
  return guarded(byte_count, frame_byte_count, reason, [&] {
    if (layout->bits_stored <= 8)
      return decode_jpeg<DJDecompressIJG8Bit>(bytes, byte_count, *layout, frame, frame_byte_count, reason);
    if (layout->bits_stored <= 12)
      return decode_jpeg<DJDecompressIJG12Bit>(bytes, byte_count, *layout, frame, frame_byte_count, reason);
    return decode_jpeg<DJDecompressIJG16Bit>(bytes, byte_count, *layout, frame, frame_byte_count, reason);
  });
}
