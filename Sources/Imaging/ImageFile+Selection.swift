public import Foundation

extension ImageFile {
  /// Reads one picture of a file.
  ///
  /// - Parameter window: The values to show between black and white, in modality units, instead of the file's own; for DICOM and NIfTI.
  /// - Throws: `ImagingError`, which names the file; also where the file holds no such picture or cannot be shown through a window.
  public static func read(_ url: URL, _ selection: ImageSelection, window: IntensityWindow? = nil) throws -> PixelBuffer {
    if selection == .whole, window == nil { return try read(url) }
    let bytes = try FileBytes(url, limit: NIfTIFile.byteLimit)
    switch (ImageFormat(of: bytes.buffer), selection) {
    case (.dicom, .whole), (.dicom, .frame):
      let file = try DICOMFile(bytes.buffer, owner: bytes, named: url, pixelLimit: pixelLimit)
      return try file.pixelBuffer(selection.frame ?? 0, window: window)
    case (.nifti, .whole):
      let file = try NIfTIFile(bytes.buffer, owner: bytes, named: url)
      guard let window, file.sliceCount(.axial) == 1, file.volumeCount == 1 else { return try file.pixelBuffer() }
      return try file.slice(0, plane: .axial).windowed(window).deepPixelBuffer()
    case (.nifti, .slice(let index, let plane, let volume)):
      return try NIfTIFile(bytes.buffer, owner: bytes, named: url).slicePixelBuffer(index, plane: plane, volume: volume, window: window)
    default:
      throw ImagingError.noSuchPicture(url, selection, hasWindow: window != nil)
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
  static func noSuchPicture(_ url: URL, _ selection: ImageSelection, hasWindow: Bool) -> ImagingError {
    let wanted: String
    switch selection {
    case .whole: wanted = "values in modality units to show through a window"
    case .frame: wanted = "frames"
    case .slice: wanted = "slices"
    case .item: wanted = "named arrays"
    }
    return ImagingError(
      kind: .unsupported, problem: "The image \(url.path) has no \(wanted).",
      remedy: hasWindow && selection == .whole
        ? "Take the window away, or give a DICOM or NIfTI file." : "Give a file that has them, or take the selection away.")
  }
}
