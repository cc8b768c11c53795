// The pixel codecs of DICOM through DCMTK, behind one exception boundary.
//
// Only its codecs: DCMTK's own file reader follows nested sequences by recursion without a limit (a 3 MB file ends the process)
// and inflates without one, so the container is read in Swift (Imaging/DICOM), and a data set of one frame is built here.
#include <dcmtk/config/osconfig.h>

#include <dcmtk/dcmdata/dcdatset.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/oflog/oflog.h>

#include <cstdio>
#include <cstring>
#include <exception>
#include <memory>
#include <mutex>
#include <new>

#include "CImageCodecs.h"

namespace {

void prepare_dcmtk() {
  static std::once_flag once;
  std::call_once(once, [] {
    // It would print; what matters comes back as a condition.
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    // Colors stay as coded, pixel by pixel: which color space they mean is decided by the caller, for all codecs alike.
    DJDecoderRegistration::registerCodecs(EDC_never, EUC_never, EPC_colorByPixel);
    DJLSDecoderRegistration::registerCodecs(EJLSUC_never, EJLSPC_colorByPixel);
    DcmRLEDecoderRegistration::registerCodecs();
  });
}

int fail(char *reason, int status, const char *format, const char *detail = "") {
  std::snprintf(reason, 200, format, detail);
  return status;
}

E_TransferSyntax transfer_syntax(int codec) {
  switch (codec) {
  case CODECS_DICOM_RLE: return EXS_RLELossless;
  case CODECS_DICOM_JPEG_EXTENDED: return EXS_JPEGProcess2_4;
  case CODECS_DICOM_JPEG_PROGRESSIVE: return EXS_JPEGProcess10_12;
  case CODECS_DICOM_JPEG_LOSSLESS: return EXS_JPEGProcess14;
  default: return EXS_JPEGLSLossy;  // its decoder reads lossless streams too
  }
}

OFCondition set(DcmDataset &dataset, const DcmTagKey &tag, Uint16 value) {
  // The value representation is given, so that no dictionary file is needed.
  return dataset.putAndInsertUint16(DcmTag(tag, DcmVR(EVR_US)), value);
}

// A data set of one frame: an empty offset table and one fragment.
OFCondition fill(DcmDataset &dataset, const void *bytes, size_t byte_count, const codecs_frame_layout &layout,
                 E_TransferSyntax syntax, DcmPixelData *&pixels) {
  OFCondition result = set(dataset, DCM_Rows, static_cast<Uint16>(layout.height));
  if (result.good()) result = set(dataset, DCM_Columns, static_cast<Uint16>(layout.width));
  if (result.good()) result = set(dataset, DCM_SamplesPerPixel, static_cast<Uint16>(layout.samples));
  if (result.good()) result = set(dataset, DCM_BitsAllocated, static_cast<Uint16>(layout.bits_allocated));
  if (result.good()) result = set(dataset, DCM_BitsStored, static_cast<Uint16>(layout.bits_stored));
  if (result.good()) result = set(dataset, DCM_HighBit, static_cast<Uint16>(layout.bits_stored - 1));
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
  element->putOriginalRepresentation(syntax, nullptr, sequence.release());
  result = dataset.insert(element.get(), OFTrue);
  if (result.good()) element.release();
  return result;
}

int decode(const void *bytes, size_t byte_count, int codec, const codecs_frame_layout &layout, void *frame,
           size_t frame_byte_count, char *reason) {
  if (byte_count > 0xFFFFFFF0u || frame_byte_count > 0xFFFFFFF0u)
    return fail(reason, CODECS_UNSUPPORTED, "a DICOM frame of more than 4 GiB");
  prepare_dcmtk();
  DcmDataset dataset;
  DcmPixelData *pixels = nullptr;
  OFCondition result = fill(dataset, bytes, byte_count, layout, transfer_syntax(codec), pixels);
  Uint32 fragment = 1;
  OFString color_model;
  if (result.good())
    result = pixels->getUncompressedFrame(&dataset, 0, fragment, frame, static_cast<Uint32>(frame_byte_count), color_model);
  if (result.good()) return CODECS_OK;
  if (result == EC_MemoryExhausted) return fail(reason, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
  return fail(reason, CODECS_MALFORMED, "its compressed pixel data are not valid (%.140s)", result.text());
}

}  // namespace

extern "C" int codecs_decode_dicom_frame(const void *bytes, size_t byte_count, int codec, const codecs_frame_layout *layout,
                                         void *frame, size_t frame_byte_count, char *reason) {
  try {
    return decode(bytes, byte_count, codec, *layout, frame, frame_byte_count, reason);
  } catch (const std::bad_alloc &) {
    return fail(reason, CODECS_OUT_OF_MEMORY, "there is no memory to decode it");
  } catch (const std::exception &error) {
    return fail(reason, CODECS_MALFORMED, "its compressed pixel data are not valid (%.140s)", error.what());
  } catch (...) {
    return fail(reason, CODECS_MALFORMED, "its compressed pixel data are not valid (%.140s)", "no reason given");
  }
}
