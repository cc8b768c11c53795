// The pixel codecs of DICOM through DCMTK, behind one exception boundary.
//
// Only its innermost decoders. DCMTK's file reader follows nested sequences by recursion without a limit (a file of 3 MB ends the
// process); its RLE codec reads past damaged streams, and its search for a JPEG stream's depth runs past the end or forever. So
// the container, RLE and the JPEG header are read in Swift (Imaging/DICOM), where memory is safe.
#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmjpeg/djcparam.h>
#include <dcmtk/dcmjpeg/djdijg12.h>
#include <dcmtk/dcmjpeg/djdijg16.h>
#include <dcmtk/dcmjpeg/djdijg8.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <new>
#include <vector>

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
    // Colors stay as coded, pixel by pixel.
    DJLSDecoderRegistration::registerCodecs(EJLSUC_never, EJLSPC_colorByPixel);
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

OFCondition set(DcmDataset &dataset, const DcmTagKey &tag, Uint32 value) {
  // The value representation is given, so that no dictionary file is needed.
  return dataset.putAndInsertUint16(DcmTag(tag, DcmVR(EVR_US)), static_cast<Uint16>(value));
}

// A data set of one frame: an empty offset table and one fragment.
OFCondition fill(DcmDataset &dataset, const void *bytes, size_t byte_count, const codecs_frame_layout &layout,
                 DcmPixelData *&pixels) {
  OFCondition result = set(dataset, DCM_Rows, layout.height);
  if (result.good()) result = set(dataset, DCM_Columns, layout.width);
  if (result.good()) result = set(dataset, DCM_SamplesPerPixel, layout.samples);
  if (result.good()) result = set(dataset, DCM_BitsAllocated, layout.bits_allocated);
  if (result.good()) result = set(dataset, DCM_BitsStored, layout.bits_stored);
  if (result.good()) result = set(dataset, DCM_HighBit, layout.bits_stored - 1);
  if (result.good()) result = set(dataset, DCM_PixelRepresentation, layout.is_signed ? 1 : 0);
  if (result.good() && layout.samples > 1) result = set(dataset, DCM_PlanarConfiguration, 0);
  if (result.good())
    result = dataset.putAndInsertString(DcmTag(DCM_PhotometricInterpretation, DcmVR(EVR_CS)),
                                        layout.samples == 1 ? "MONOCHROME2" : "RGB");
  if (result.bad()) return result;

  auto sequence = std::make_unique<DcmPixelSequence>(DcmTag(DCM_PixelData, DcmVR(EVR_OB)));
  for (int part = 0; part < 2 && result.good(); part++) {
    auto item = std::make_unique<DcmPixelItem>(DcmTag(DCM_PixelItemTag, DcmVR(EVR_OB)));
    if (part == 1) result = item->putUint8Array(static_cast<const Uint8 *>(bytes), static_cast<Uint32>(byte_count));
    if (result.good()) result = sequence->insert(item.get());
    if (result.good()) item.release();
  }
  if (result.bad()) return result;
  auto element = std::make_unique<DcmPixelData>(DcmTag(DCM_PixelData, DcmVR(EVR_OB)));
  pixels = element.get();
  // The near-lossless decoder reads lossless streams too.
  element->putOriginalRepresentation(EXS_JPEGLSLossy, nullptr, sequence.release());
  result = dataset.insert(element.get(), OFTrue);
  if (result.good()) element.release();
  return result;
}

int decode_jpeg_ls(const void *bytes, size_t byte_count, const codecs_frame_layout &layout, void *frame,
                   size_t frame_byte_count, char *reason) {
  // DCMTK's CharLS follows a damaged marker segment past the end by up to its largest length. End marks lie there for it.
  std::vector<Uint8> padded(byte_count + 66000);
  std::memcpy(padded.data(), bytes, byte_count);
  for (size_t i = byte_count; i < padded.size(); i++) padded[i] = (i - byte_count) % 2 == 0 ? 0xFF : 0xD9;
  DcmDataset dataset;
  DcmPixelData *pixels = nullptr;
  OFCondition result = fill(dataset, padded.data(), padded.size(), layout, pixels);
  Uint32 fragment = 1;
  OFString color_model;
  if (result.good())
    result = pixels->getUncompressedFrame(&dataset, 0, fragment, frame, static_cast<Uint32>(frame_byte_count), color_model);
  return result.good() ? CODECS_OK : failure(result, reason);
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

extern "C" int codecs_decode_jpeg_ls(const void *bytes, size_t byte_count, const codecs_frame_layout *layout, void *frame,
                                     size_t frame_byte_count, char *reason) {
  return guarded(byte_count, frame_byte_count, reason,
                 [&] { return decode_jpeg_ls(bytes, byte_count, *layout, frame, frame_byte_count, reason); });
}
