/// The number of a DICOM data element: (group, element).
struct DICOMTag: Hashable, Sendable {
  let group: UInt16
  let element: UInt16

  init(_ group: UInt16, _ element: UInt16) {
    self.group = group
    self.element = element
  }
}

extension DICOMTag {
  static let transferSyntax = DICOMTag(0x0002, 0x0010)

  static let sopClass = DICOMTag(0x0008, 0x0016)
  static let sopInstance = DICOMTag(0x0008, 0x0018)
  static let modality = DICOMTag(0x0008, 0x0060)
  static let patientID = DICOMTag(0x0010, 0x0020)
  static let studyInstance = DICOMTag(0x0020, 0x000D)
  static let seriesInstance = DICOMTag(0x0020, 0x000E)

  static let instanceNumber = DICOMTag(0x0020, 0x0013)
  static let imagePosition = DICOMTag(0x0020, 0x0032)
  static let imageOrientation = DICOMTag(0x0020, 0x0037)

  static let samplesPerPixel = DICOMTag(0x0028, 0x0002)
  static let photometricInterpretation = DICOMTag(0x0028, 0x0004)
  static let planarConfiguration = DICOMTag(0x0028, 0x0006)
  static let numberOfFrames = DICOMTag(0x0028, 0x0008)
  static let rows = DICOMTag(0x0028, 0x0010)
  static let columns = DICOMTag(0x0028, 0x0011)
  static let pixelSpacing = DICOMTag(0x0028, 0x0030)
  static let imagerPixelSpacing = DICOMTag(0x0018, 0x1164)
  static let bitsAllocated = DICOMTag(0x0028, 0x0100)
  static let bitsStored = DICOMTag(0x0028, 0x0101)
  static let highBit = DICOMTag(0x0028, 0x0102)
  static let pixelRepresentation = DICOMTag(0x0028, 0x0103)
  static let pixelPadding = DICOMTag(0x0028, 0x0120)
  static let pixelPaddingLimit = DICOMTag(0x0028, 0x0121)
  static let windowCenter = DICOMTag(0x0028, 0x1050)
  static let windowWidth = DICOMTag(0x0028, 0x1051)
  static let rescaleIntercept = DICOMTag(0x0028, 0x1052)
  static let rescaleSlope = DICOMTag(0x0028, 0x1053)
  static let voiFunction = DICOMTag(0x0028, 0x1056)
  static let modalityLUTSequence = DICOMTag(0x0028, 0x3000)
  static let lutDescriptor = DICOMTag(0x0028, 0x3002)
  static let lutData = DICOMTag(0x0028, 0x3006)
  static let voiLUTSequence = DICOMTag(0x0028, 0x3010)
  /// Descriptors and data of red; green and blue follow.
  static let paletteDescriptor = DICOMTag(0x0028, 0x1101)
  static let paletteData = DICOMTag(0x0028, 0x1201)
  static let segmentedPaletteData = DICOMTag(0x0028, 0x1221)

  static let pixelMeasures = DICOMTag(0x0028, 0x9110)
  static let frameVOILUT = DICOMTag(0x0028, 0x9132)
  static let pixelValueTransformation = DICOMTag(0x0028, 0x9145)
  static let sharedFunctionalGroups = DICOMTag(0x5200, 0x9229)
  static let perFrameFunctionalGroups = DICOMTag(0x5200, 0x9230)

  static let extendedOffsetTable = DICOMTag(0x7FE0, 0x0001)
  static let floatPixelData = DICOMTag(0x7FE0, 0x0008)
  static let doublePixelData = DICOMTag(0x7FE0, 0x0009)
  static let pixelData = DICOMTag(0x7FE0, 0x0010)

  static let item = DICOMTag(0xFFFE, 0xE000)
  static let itemEnd = DICOMTag(0xFFFE, 0xE00D)
  static let sequenceEnd = DICOMTag(0xFFFE, 0xE0DD)

  var isPixelData: Bool { self == .pixelData || self == .floatPixelData || self == .doublePixelData }
}
