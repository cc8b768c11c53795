/// From stored samples to modality units (PS3.3 section C.11.1).
struct DICOMRescale {
  let table: LookupTable?
  let slope: Double
  let intercept: Double

  init(_ dataset: DICOMDataset, header: DICOMHeader, frame: Int) throws {
    let item = try header.hasModalityLUT ? dataset.item(0, of: .modalityLUTSequence) : nil
    table = try item.map {
      try LookupTable($0, descriptor: .lutDescriptor, data: .lutData, isSigned: header.isSigned, named: "modality LUT")
    }
    let group = try DICOMFunctionalGroups(dataset, frame: frame).transformation
    slope = try group.numbers(.rescaleSlope, named: "rescale slope").first ?? 1
    intercept = try group.numbers(.rescaleIntercept, named: "rescale intercept").first ?? 0
  }

  var isIdentity: Bool { table == nil && slope == 1 && intercept == 0 }

  func callAsFunction(_ stored: Double) -> Double {
    table.map { Double($0[stored]) } ?? stored * slope + intercept
  }
}

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

  init(_ dataset: DICOMDataset, header: DICOMHeader, frame: Int, window: IntensityWindow?, samples: StoredSamples) throws {
    self.header = header
    rescale = try DICOMRescale(dataset, header: header, frame: frame)
    let storedMaximum = Double(1 << min(header.bitsStored, 62)) - 1
    if header.samplesPerPixel == 3 {
      guard !header.isSigned else { throw FormatFailure.unsupported("a DICOM file with signed colors") }
      transformation = .asStored(maximum: storedMaximum)
    } else if header.photometricInterpretation == "PALETTE COLOR" {
      transformation = .palette(try Self.palette(dataset, header: header))
    } else if let window {
      transformation = .window(window)
    } else if header.hasVOILUT, let item = try dataset.item(0, of: .voiLUTSequence) {
      // Its input are modality values, signed where they can be.
      let isSigned = header.isSigned || rescale.intercept < 0
      transformation = .table(
        try LookupTable(item, descriptor: .lutDescriptor, data: .lutData, isSigned: isSigned, named: "VOI LUT"))
    } else if let own = try DICOMHeader.windows(DICOMFunctionalGroups(dataset, frame: frame).voi).first {
      transformation = .window(own)
    } else if rescale.isIdentity && !header.isSigned && header.bitsStored <= 8 {
      transformation = .asStored(maximum: storedMaximum)
    } else {
      let rescale = rescale
      let padding = try Self.padding(dataset, header: header)
      let stored = samples.range(leavingOut: padding.map { padding in { padding.contains($0) } }) ?? samples.range() ?? 0...0
      let ends = [rescale(stored.lowerBound), rescale(stored.upperBound)]
      transformation = .stretched(min(ends[0], ends[1])...max(ends[0], ends[1]))
    }
  }

  private static func palette(_ dataset: DICOMDataset, header: DICOMHeader) throws -> [LookupTable] {
    guard dataset[.segmentedPaletteData] == nil || dataset[.paletteData] != nil else {
      throw FormatFailure.unsupported("a DICOM file with a segmented palette")
    }
    return try (UInt16(0)..<3).map { color in
      try LookupTable(
        dataset, descriptor: DICOMTag(0x0028, DICOMTag.paletteDescriptor.element + color),
        data: DICOMTag(0x0028, DICOMTag.paletteData.element + color), isSigned: header.isSigned, named: "palette")
    }
  }

  /// Stored values that stand for no picture, such as the corners of a CT (PS3.3 section C.7.5.1.1.2).
  private static func padding(_ dataset: DICOMDataset, header: DICOMHeader) throws -> ClosedRange<Double>? {
    let type: DICOMValueType = header.isSigned ? .signedShort : .unsignedShort
    guard let value = try dataset.numbers(.pixelPadding, named: "pixel padding value", default: type).first else { return nil }
    let limit = try dataset.numbers(.pixelPaddingLimit, named: "pixel padding limit", default: type).first ?? value
    return min(value, limit)...max(value, limit)
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
    return isInverted ? { 1 - upright($0) } : upright
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
    if case .asStored = transformation, header.bitsStored == 8, !isInverted, case .uint8(let bytes) = samples {
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
    case .window(let window): return "window \(window.function.rawValue), center \(window.center), width \(window.width)"
    case .table: return "VOI LUT"
    case .stretched(let range): return "from \(range.lowerBound) to \(range.upperBound)"
    case .palette: return "palette"
    }
  }
}
