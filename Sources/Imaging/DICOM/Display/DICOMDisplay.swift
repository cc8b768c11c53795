/// From stored samples to brightness.
struct DICOMDisplay {
  private enum Transformation {
    /// sample / maximum.
    case asStored(maximum: Double)
    case window(IntensityWindow)
    case table(LookupTable)
    case stretched(ClosedRange<Double>)
    case palette([LookupTable])
  }

  private let header: DICOMHeader
  private let rescale: DICOMRescale
  private let transformation: Transformation
  /// Stored values that stand for no picture, such as the corners of a CT (PS3.3 section C.7.5.1.1.2): they are black, whatever is
  /// made of the others.
  private let padding: ClosedRange<Double>?
  /// What could not be done as the file asks.
  let remarks: [ImageRemark]

  init(_ dataset: DICOMDataset, header: DICOMHeader, frame: Int, window: IntensityWindow?, samples: StoredSamples) throws {
    self.header = header
    rescale = try DICOMRescale(dataset, header: header, frame: frame)
    let storedMaximum = Double(1 << min(header.bitsStored, 62)) - 1
    if header.samplesPerPixel == 3 {
      guard !header.isSigned else { throw FormatFailure.unsupported("a DICOM file with signed colors") }
      (transformation, padding, remarks) = (.asStored(maximum: storedMaximum), nil, [])
      return
    }
    if header.photometricInterpretation == "PALETTE COLOR" {
      let tables = try (UInt16(0)..<3).map { try LookupTable(paletteOf: dataset, color: $0, isSigned: header.isSigned) }
      (transformation, padding, remarks) = (.palette(tables), nil, [])
      return
    }
    var remarks = rescale.remarks
    let padding = Self.padding(dataset, header: header, remarks: &remarks)
    if let window {
      transformation = .window(window)
    } else if let own = try Self.own(dataset, header: header, rescale: rescale, frame: frame, remarks: &remarks) {
      transformation = own
    } else if Self.isBrightness(header, rescale) {
      transformation = .asStored(maximum: storedMaximum)
    } else {
      let rescale = rescale
      let stored = samples.range(leavingOut: padding.map { padding in { padding.contains($0) } }) ?? samples.range() ?? 0...0
      let ends = [rescale(stored.lowerBound), rescale(stored.upperBound)]
      transformation = .stretched(min(ends[0], ends[1])...max(ends[0], ends[1]))
      remarks.append(Self.ownScale(header, rescale))
    }
    self.padding = padding
    self.remarks = remarks
  }

  /// What a display of the frame could not do as the file asks; no sample has to be decoded for it.
  static func remarks(_ dataset: DICOMDataset, header: DICOMHeader, frame: Int, window: IntensityWindow?) throws -> [ImageRemark] {
    if header.samplesPerPixel == 3 || header.photometricInterpretation == "PALETTE COLOR" { return [] }
    let rescale = try DICOMRescale(dataset, header: header, frame: frame)
    var remarks = rescale.remarks
    _ = padding(dataset, header: header, remarks: &remarks)
    if window == nil, try own(dataset, header: header, rescale: rescale, frame: frame, remarks: &remarks) == nil, !isBrightness(header, rescale) {
      remarks.append(ownScale(header, rescale))
    }
    return remarks
  }

  private static func ownScale(_ header: DICOMHeader, _ rescale: DICOMRescale) -> ImageRemark {
    !rescale.isIdentity || ["CT", "PT"].contains(header.modality ?? "") ? .withoutWindow : .withoutWindowOrUnit
  }

  /// Whether stored samples are brightness as they are: eight bits that nothing makes values of another unit.
  private static func isBrightness(_ header: DICOMHeader, _ rescale: DICOMRescale) -> Bool {
    rescale.isIdentity && !header.isSigned && header.bitsStored <= 8
  }

  /// The file's VOI LUT, or else its first window; nil where it has none that can be used. Both are wishes of the display and optional, so
  /// one that is broken leaves the pixels what they are: the next is taken, and a remark says so.
  private static func own(
    _ dataset: DICOMDataset, header: DICOMHeader, rescale: DICOMRescale, frame: Int, remarks: inout [ImageRemark]
  ) throws -> Transformation? {
    // A table's input are modality values, signed where they can be.
    let isSigned = header.isSigned || rescale.intercept < 0
    var faults: [String] = [], isNextWindow = false
    var found: Transformation?
    for item in (try? dataset.tables(.voiLUTSequence)) ?? [] where found == nil {
      do {
        let table = try LookupTable(item, descriptor: .lutDescriptor, data: .lutData, isSigned: isSigned, named: "VOI LUT")
        found = .table(table)
      } catch let failure as FormatFailure {
        faults.append(failure.reason)
      }
    }
    if found == nil {
      let group = try DICOMFunctionalGroups(dataset, frame: frame).voi, windows = DICOMHeader.windows(group)
      found = windows.usable.first.map { .window($0) }
      faults += windows.faults
      isNextWindow = !windows.faults.isEmpty
      if found != nil, let unknown = DICOMHeader.unknownFunction(group) {
        remarks.append(ImageRemark(.displayElementPassedOver, "its VOI LUT function is “\(unknown)”, which is none; its window is linear"))
      }
    }
    let instead: String
    switch found {
    case .table?: instead = "another VOI LUT is used"
    case .window?: instead = isNextWindow ? "its next window is used" : "its window is used"
    default: instead = "its whole range is shown"
    }
    remarks += faults.map { ImageRemark(.displayElementPassedOver, "\($0); \(instead)") }
    return found
  }

  /// The padding values as samples are typed: some writers give those of signed samples as unsigned numbers.
  private static func padding(_ dataset: DICOMDataset, header: DICOMHeader, remarks: inout [ImageRemark]) -> ClosedRange<Double>? {
    let type: DICOMValueType = header.isSigned ? .signedShort : .unsignedShort
    func value(_ tag: DICOMTag, _ name: String) -> Double? {
      guard let attempt = dataset.attempted(tag, default: type).first, !attempt.text.isEmpty else { return nil }
      guard let number = attempt.number else {
        remarks.append(ImageRemark(.displayElementPassedOver, "its \(name) is “\(attempt.text)”, which is no number; it has none"))
        return nil
      }
      let count = Double(1 << min(header.bitsAllocated, 62))
      if header.isFloatingPoint { return number }
      return header.isSigned && number >= count / 2 ? number - count : !header.isSigned && number < 0 ? number + count : number
    }
    guard let first = value(.pixelPadding, "pixel padding value") else { return nil }
    let last = value(.pixelPaddingLimit, "pixel padding limit") ?? first
    return min(first, last)...max(first, last)
  }

  private var isInverted: Bool { header.photometricInterpretation == "MONOCHROME1" }

  /// The brightness of one grey sample.
  private func brightness() -> (Double) -> Float {
    let rescale = rescale
    let upright: (Double) -> Float
    switch transformation {
    case .asStored(let maximum): upright = { Float($0 / maximum) }
    case .window(let window): upright = { Float(window.brightness(rescale($0))) }
    case .table(let table):
      let maximum = table.maximum
      upright = { Float(min(Double(table[rescale($0)]) / maximum, 1)) }
    case .stretched(let range):
      let stretched = stretch(over: range)
      upright = { stretched(rescale($0)) }
    case .palette: upright = { _ in 0 }
    }
    let shown = isInverted ? { 1 - upright($0) } : upright
    guard let padding else { return shown }
    return { padding.contains($0) ? 0 : shown($0) }
  }

  func image(_ samples: StoredSamples) -> FloatImage {
    let (width, height) = (header.columns, header.rows)
    let plane = width * height
    if case .palette(let tables) = transformation {
      let planes = tables.flatMap { table in samples.map { Float(min(Double(table[$0]) / table.maximum, 1)) } }
      return FloatImage(width: width, height: height, channels: 3, trusted: planes)
    }
    let values = samples.map(brightness())
    guard header.samplesPerPixel == 3 else { return FloatImage(width: width, height: height, channels: 1, trusted: values) }
    let planes = (0..<3).flatMap { color in (0..<plane).map { values[3 * $0 + color] } }
    return FloatImage(width: width, height: height, channels: 3, trusted: planes)
  }

  func buffer(_ samples: StoredSamples) throws -> PixelBuffer {
    let isDeep: Bool
    if case .palette(let tables) = transformation { isDeep = tables.contains { $0.bits > 8 } } else { isDeep = header.bitsStored > 8 }
    if case .asStored = transformation, header.bitsStored == 8, !isInverted, padding == nil, case .uint8(let bytes) = samples {
      return try PixelBuffer(
        width: header.columns, height: header.rows, channels: header.samplesPerPixel, bitDepth: 8, samples: .bytes(bytes))
    }
    let image = image(samples)
    guard isDeep else { return try image.pixelBuffer() }
    let plane = image.width * image.height
    var words = [UInt16](repeating: 0, count: image.values.count)
    for channel in 0..<image.channels {
      for index in 0..<plane {
        words[index * image.channels + channel] = UInt16((min(max(image.values[channel * plane + index], 0), 1) * 65535).rounded())
      }
    }
    return try PixelBuffer(width: image.width, height: image.height, channels: image.channels, bitDepth: 16, samples: .words(words))
  }

  var words: String { isInverted ? wordsUpright + ", inverted" : wordsUpright }

  private var wordsUpright: String {
    switch transformation {
    case .asStored: return "as stored"
    case .window(let window): return window.words
    case .table: return "VOI LUT"
    case .stretched(let range): return "from \(range.lowerBound) to \(range.upperBound)"
    case .palette: return "palette"
    }
  }
}
