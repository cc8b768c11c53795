public import Foundation

extension ImageFile {
  /// Reads one picture of a file.
  ///
  /// - Parameters:
  ///   - window: The values to show between black and white instead of the file's own: in modality units of DICOM and NIfTI, in stored
  ///     samples of other formats.
  ///   - orientation: Of picture formats.
  /// - Throws: `ImagingError`, which names the file; also where the file holds no such picture.
  public static func read(
    _ url: URL, _ selection: ImageSelection, window: IntensityWindow? = nil, orientation: OrientationRule = .asStated,
    pixelLimit: Int = ImageFile.pixelLimit
  ) throws -> PixelBuffer {
    try picture(url, selection, window: window, orientation: orientation, pixelLimit: pixelLimit).pixels
  }

  /// As `read`, with what is to be said about the picture, which costs a pass over its pixels.
  public static func readRemarked(
    _ url: URL, _ selection: ImageSelection = .whole, window: IntensityWindow? = nil, orientation: OrientationRule = .asStated
  ) throws -> RemarkedPicture {
    let found = try picture(url, selection, window: window, orientation: orientation)
    return RemarkedPicture(pixels: found.pixels, remarks: found.remarks + found.pixels.contentRemarks)
  }

  /// What a file says of one of its pictures that the pixels do not show, as `readRemarked` tells it besides what it finds in them, without
  /// decoding any; nil where only decoding tells it.
  ///
  /// - Throws: `ImagingError`, which names the file.
  public static func statedRemarks(
    _ url: URL, _ selection: ImageSelection = .whole, window: IntensityWindow? = nil, orientation: OrientationRule = .asStated
  ) throws -> [ImageRemark]? {
    if case .item = selection { return [] }
    // Only the values of fractional voxels and samples tell whether all are numbers.
    if case .slice = selection { return try NIfTIFile.header(of: url).isFractional ? nil : [] }
    if let pair = try NIfTIFile.header(ofPairWith: url) { return try NIfTIFile.header(of: pair).isFractional ? nil : [] }
    let bytes = try FileBytes(url, limit: NIfTIFile.byteLimit)
    switch try format(of: bytes.buffer, named: url) {
    case .nifti: return try NIfTIFile.header(of: url).isFractional ? nil : []
    case .dicom:
      let file = try DICOMFile(bytes.buffer, owner: bytes, named: url, pixelLimit: pixelLimit)
      if file.header.isFloatingPoint { return nil }
      return try file.statedRemarks(selection.frame ?? 0, window: window) + several(file.header.frames, selection)
    case .picture(let format):
      return bytes.withBytes { bytes in format.statement?(bytes) }?
        .remarks(isChosen: selection != .whole, isTurned: orientation == .asStated)
    }
  }

  private static func several(_ frames: Int, _ selection: ImageSelection) -> [ImageRemark] {
    frames > 1 && selection == .whole ? [.severalPictures(frames)] : []
  }

  private static func picture(
    _ url: URL, _ selection: ImageSelection, window: IntensityWindow?, orientation: OrientationRule, pixelLimit: Int = ImageFile.pixelLimit
  ) throws -> RemarkedPicture {
    if let pair = try NIfTIFile.header(ofPairWith: url) { return try picture(NIfTIFile.open(pair), selection, window: window) }
    let isVolume = if case .slice = selection { true } else { window != nil }
    let bytes = try FileBytes(url, limit: isVolume ? NIfTIFile.byteLimit : byteLimit)
    switch (try format(of: bytes.buffer, named: url), selection) {
    case (.dicom, .whole), (.dicom, .frame):
      let file = try DICOMFile(bytes.buffer, owner: bytes, named: url, pixelLimit: pixelLimit)
      let shown = try file.remarkedPixelBuffer(selection.frame ?? 0, window: window)
      return RemarkedPicture(pixels: shown.pixels, remarks: shown.remarks + several(file.header.frames, selection))
    case (.picture(let format), .whole), (.picture(let format), .frame):
      let request = PictureRequest(index: selection.frame ?? 0, orientation: orientation, pixelLimit: pixelLimit)
      let decoded = try naming(url) { try bytes.withBytes { try format.decode($0, request) } }
      return RemarkedPicture(pixels: try decoded.pixelBuffer(window: window), remarks: decoded.remarks(isChosen: selection != .whole, window: window))
    case (.nifti, _): return try picture(NIfTIFile(bytes.buffer, owner: bytes, named: url), selection, window: window)
    default: throw ImagingError.noSuchPicture(url, selection)
    }
  }

  private static func picture(_ file: NIfTIFile, _ selection: ImageSelection, window: IntensityWindow?) throws -> RemarkedPicture {
    func remarked(_ pixels: PixelBuffer, _ samples: StoredSamples) -> RemarkedPicture {
      RemarkedPicture(pixels: pixels, remarks: [samples.notFiniteRemark].compactMap(\.self))
    }
    switch selection {
    case .whole:
      guard let window, file.sliceCount(.axial) == 1, file.volumeCount == 1 else {
        let pixels = try file.pixelBuffer()
        return remarked(pixels, file.header.isFractional ? file.storedSamples() : .uint8([]))
      }
      let slice = try file.slice(0, plane: .axial)
      return remarked(try slice.windowed(window).deepPixelBuffer(), file.header.isFractional ? .float32(slice.values) : .uint8([]))
    case .slice(let index, let plane, let volume):
      let pixels = try file.slicePixelBuffer(index, plane: plane, volume: volume, window: window)
      return remarked(pixels, file.header.isFractional ? .float32(try file.slice(index, plane: plane, volume: volume).values) : .uint8([]))
    default: throw ImagingError.noSuchPicture(file.url, selection)
    }
  }
}

extension ImageSelection {
  var frame: Int? {
    if case .frame(let index) = self { return index }
    return nil
  }
}

extension NIfTIFile {
  /// A slice in 16 bits: through `window`, or from the volume's least value to its greatest, so that all slices of a volume share one scale.
  func slicePixelBuffer(_ index: Int, plane: AnatomicalPlane, volume: Int, window: IntensityWindow?) throws -> PixelBuffer {
    let slice = try slice(index, plane: plane, volume: volume)
    if let window { return try slice.windowed(window).deepPixelBuffer() }
    let stored = storedSamples().range() ?? 0...0
    let ends = [stored.lowerBound, stored.upperBound].map { $0 * header.slope + header.intercept }
    let brightness = stretch(over: min(ends[0], ends[1])...max(ends[0], ends[1]))
    return try FloatImage(width: slice.width, height: slice.height, channels: 1, trusted: slice.values.map { brightness(Double($0)) })
      .deepPixelBuffer()
  }
}

extension FloatImage {
  /// The image as 16-bit pixels, each value rounded to the nearest of 0...65535.
  func deepPixelBuffer() throws -> PixelBuffer {
    let plane = width * height
    var words = [UInt16](repeating: 0, count: values.count)
    for channel in 0..<channels {
      for index in 0..<plane {
        words[index * channels + channel] = UInt16((min(max(values[channel * plane + index], 0), 1) * 65535).rounded())
      }
    }
    return try PixelBuffer(width: width, height: height, channels: channels, bitDepth: 16, samples: .words(words))
  }
}

extension ImagingError {
  static func noSuchPicture(_ url: URL, _ selection: ImageSelection) -> ImagingError {
    let wanted: String
    switch selection {
    case .whole: wanted = "picture of its own"
    case .frame: wanted = "frames"
    case .slice: wanted = "slices"
    case .item: wanted = "named arrays"
    }
    return ImagingError(
      kind: .unsupported, problem: "The image \(url.path) has no \(wanted).",
      remedy: "Give a file that has them, or take the selection away.")
  }
}
