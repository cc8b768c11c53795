/// What a DICOM file says of its picture and where it belongs.
public struct DICOMHeader: Sendable, Equatable {
  public let transferSyntaxUID: String
  public let transferSyntaxName: String
  /// In pixels.
  public let rows: Int
  /// In pixels.
  public let columns: Int
  public let frames: Int
  /// 1 or 3.
  public let samplesPerPixel: Int
  /// 1, 8, 16 or 32; 32 or 64 where samples are floating-point numbers.
  public let bitsAllocated: Int
  /// The bits of a sample that mean something.
  public let bitsStored: Int
  public let highBit: Int
  /// Whether samples are two's-complement numbers.
  public let isSigned: Bool
  public let isPlanar: Bool
  public let isFloatingPoint: Bool
  public let photometricInterpretation: String
  /// Of the first frame; 1 where the file says none, or 0.
  public let rescaleSlope: Double
  /// Of the first frame; 0 where the file says none.
  public let rescaleIntercept: Double
  /// Of the first frame, in the file's order; windows of impossible width are left out.
  public let windows: [IntensityWindow]
  public let hasModalityLUT: Bool
  public let hasVOILUT: Bool
  /// Row distance, column distance, in millimeters: of the patient, or else of the detector.
  public let pixelSpacing: [Double]?
  public let modality: String?
  public let patientID: String?
  public let studyInstanceUID: String?
  public let seriesInstanceUID: String?
  public let sopInstanceUID: String?

  init(_ dataset: DICOMDataset, syntax: DICOMTransferSyntax) throws {
    let groups = try DICOMFunctionalGroups(dataset, frame: 0)
    transferSyntaxUID = syntax.uid
    transferSyntaxName = syntax.name
    func positive(_ tag: DICOMTag, _ name: String) throws -> Int {
      guard let value = try dataset.integer(tag, named: name) else {
        throw FormatFailure.malformed("its DICOM header gives no \(name)")
      }
      guard value > 0 else { throw FormatFailure.malformed("its \(name) is \(value)") }
      return value
    }
    guard dataset.elements.keys.contains(where: \.isPixelData) else {
      throw FormatFailure.unsupported("a DICOM file without an image")
    }
    rows = try positive(.rows, "number of rows")
    columns = try positive(.columns, "number of columns")
    guard rows < 65536, columns < 65536 else { throw FormatFailure.malformed("its size is absurd") }
    let frameCount = try dataset.integer(.numberOfFrames, named: "number of frames", default: nil) ?? 1
    guard (0...(1 << 24)).contains(frameCount) else { throw FormatFailure.malformed("its number of frames is \(frameCount)") }
    // Some writers say 0 and mean the one frame that is there.
    frames = max(frameCount, 1)
    samplesPerPixel = try dataset.integer(.samplesPerPixel, named: "number of samples a pixel") ?? 1
    isFloatingPoint = dataset[.pixelData] == nil
    let floatBits = dataset[.floatPixelData] == nil ? 64 : 32
    bitsAllocated = isFloatingPoint ? floatBits : try positive(.bitsAllocated, "number of bits allocated")
    bitsStored =
      isFloatingPoint ? bitsAllocated : try dataset.integer(.bitsStored, named: "number of bits stored") ?? bitsAllocated
    highBit = try dataset.integer(.highBit, named: "high bit") ?? bitsStored - 1
    isSigned = isFloatingPoint ? true : try dataset.integer(.pixelRepresentation, named: "pixel representation") ?? 0 == 1
    isPlanar = try dataset.integer(.planarConfiguration, named: "planar configuration") ?? 0 == 1
    photometricInterpretation = dataset.text(.photometricInterpretation) ?? ""
    let transformation = groups.transformation
    (rescaleSlope, rescaleIntercept) = try DICOMRescale.line(transformation)
    windows = Self.windows(groups.voi).usable
    hasModalityLUT = try !dataset.tables(.modalityLUTSequence).isEmpty
    hasVOILUT = try !dataset.tables(.voiLUTSequence).isEmpty
    // A spacing that is none is as one that is not there.
    let spacing = groups.measures.attempted(.pixelSpacing).compactMap(\.number)
    let detector = dataset.attempted(.imagerPixelSpacing).compactMap(\.number)
    pixelSpacing = spacing.count == 2 ? spacing : detector.count == 2 ? detector : nil
    modality = dataset.text(.modality)
    patientID = dataset.text(.patientID)
    studyInstanceUID = dataset.text(.studyInstance)
    seriesInstanceUID = dataset.text(.seriesInstance)
    sopInstanceUID = dataset.text(.sopInstance)
  }

  /// What VOI LUT Function says where it is none that the standard has; a window is linear then, as where it says nothing.
  static func unknownFunction(_ dataset: DICOMDataset) -> String? {
    guard let stated = dataset.text(.voiFunction), !["", "LINEAR", "LINEAR_EXACT", "SIGMOID"].contains(stated) else { return nil }
    return stated
  }

  /// The windows that can be used, in the file's order, and what is wrong with each before the first of them.
  static func windows(_ dataset: DICOMDataset) -> (usable: [IntensityWindow], faults: [String]) {
    let centers = dataset.attempted(.windowCenter), widths = dataset.attempted(.windowWidth)
    let function: IntensityWindow.Function
    switch dataset.text(.voiFunction) {
    case "LINEAR_EXACT": function = .linearExact
    case "SIGMOID": function = .sigmoid
    default: function = .linear
    }
    var usable: [IntensityWindow] = [], faults: [String] = []
    for (center, width) in zip(centers, widths) where !(center.text.isEmpty && width.text.isEmpty) {
      let window = center.number.flatMap { center in
        width.number.flatMap { try? IntensityWindow(center: center, width: $0, function: function) }
      }
      if let window {
        usable.append(window)
      } else if usable.isEmpty {
        faults.append("its window of center “\(center.text)” and width “\(width.text)” is none")
      }
    }
    return (usable, faults)
  }
}

/// Where the values of one frame stand: in the functional groups of an enhanced multi-frame file (PS3.3 section C.7.6.16), or
/// in the data set itself.
struct DICOMFunctionalGroups {
  let transformation: DICOMDataset
  let voi: DICOMDataset
  let measures: DICOMDataset

  init(_ dataset: DICOMDataset, frame: Int) throws {
    let shared = try dataset.item(0, of: .sharedFunctionalGroups)
    let own = try dataset.item(frame, of: .perFrameFunctionalGroups)
    func group(_ tag: DICOMTag) throws -> DICOMDataset {
      try own?.item(0, of: tag) ?? shared?.item(0, of: tag) ?? dataset
    }
    transformation = try group(.pixelValueTransformation)
    voi = try group(.frameVOILUT)
    measures = try group(.pixelMeasures)
  }
}
