/// How a DICOM file writes its elements and its pixels (PS3.5 section 10 and annex A).
struct DICOMTransferSyntax: Hashable, Sendable {
  /// How one frame is compressed.
  enum Codec: Hashable, Sendable {
    case none, rle
    /// 8 or 12 bits, by one of the DCT processes.
    case jpegBaseline, jpegExtended, jpegSpectral, jpegProgressive
    case jpegLossless, jpegLS, jpeg2000
  }

  let uid: String
  let name: String
  var encoding = DICOMEncoding(isExplicit: true, isBigEndian: false)
  var isDeflated = false
  /// nil: compressed in a way that is not read.
  var codec: Codec? = Codec.none

  static let implicitLittleEndian = DICOMTransferSyntax(
    uid: "1.2.840.10008.1.2", name: "Implicit VR Little Endian", encoding: DICOMEncoding(isExplicit: false, isBigEndian: false))
  static let explicitLittleEndian = DICOMTransferSyntax(uid: "1.2.840.10008.1.2.1", name: "Explicit VR Little Endian")
  static let explicitBigEndian = DICOMTransferSyntax(
    uid: "1.2.840.10008.1.2.2", name: "Explicit VR Big Endian", encoding: DICOMEncoding(isExplicit: true, isBigEndian: true))

  static let all: [DICOMTransferSyntax] = [
    implicitLittleEndian, explicitLittleEndian, explicitBigEndian,
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.1.99", name: "Deflated Explicit VR Little Endian", isDeflated: true),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.1.98", name: "Encapsulated Uncompressed Explicit VR Little Endian"),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.5", name: "RLE Lossless", codec: .rle),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.4.50", name: "JPEG Baseline", codec: .jpegBaseline),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.4.51", name: "JPEG Extended", codec: .jpegExtended),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.4.53", name: "JPEG Spectral Selection", codec: .jpegSpectral),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.4.55", name: "JPEG Full Progression", codec: .jpegProgressive),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.4.57", name: "JPEG Lossless", codec: .jpegLossless),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.4.70", name: "JPEG Lossless, First-Order Prediction", codec: .jpegLossless),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.4.80", name: "JPEG-LS Lossless", codec: .jpegLS),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.4.81", name: "JPEG-LS Near-Lossless", codec: .jpegLS),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.4.90", name: "JPEG 2000 Lossless", codec: .jpeg2000),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.4.91", name: "JPEG 2000", codec: .jpeg2000),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.4.201", name: "High-Throughput JPEG 2000 Lossless", codec: .jpeg2000),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.4.202", name: "High-Throughput JPEG 2000 Lossless RPCL", codec: .jpeg2000),
    DICOMTransferSyntax(uid: "1.2.840.10008.1.2.4.203", name: "High-Throughput JPEG 2000", codec: .jpeg2000),
  ]

  /// The syntax of this identifier; one that is not known is read as far as its header, which every compressed syntax writes
  /// alike.
  static func named(_ uid: String) -> DICOMTransferSyntax {
    all.first { $0.uid == uid } ?? DICOMTransferSyntax(uid: uid, name: "a transfer syntax that is not read", codec: nil)
  }
}
