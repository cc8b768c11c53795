public import Foundation

extension Mask {
  /// The pixels of a label map whose value is one of `labels`.
  ///
  /// - Parameters:
  ///   - url: A picture of grey numbers, as nnU-Net writes them in PNG or TIFF, or a NIfTI volume.
  ///   - labels: What counts as object.
  /// - Throws: `ImagingError`, which names the file; also for a picture of colors, whose numbers cannot be told.
  public static func read(_ url: URL, _ selection: ImageSelection = .whole, labels: Set<Int>) throws -> Mask {
    if case .slice(let index, let plane, let volume) = selection {
      let slice = try NIfTIFile.open(url).slice(index, plane: plane, volume: volume)
      return Mask(width: slice.width, height: slice.height, trusted: slice.values.map { value in
        Int(exactly: value).map(labels.contains) == true ? 1 : 0
      })
    }
    let buffer = try ImageFile.read(url, selection)
    guard buffer.channels == 1 else {
      throw ImagingError.format(url, .unsupported("a label map of colors, in which no numbers can be told"))
    }
    return Mask(buffer, labels: labels)
  }

  /// The pixels of a gray picture whose number is one of `labels`.
  public init(_ buffer: PixelBuffer, labels: Set<Int>) {
    let values: [UInt8]
    switch buffer.samples {
    case .bytes(let samples): values = samples.map { labels.contains(Int($0)) ? 1 : 0 }
    case .words(let samples): values = samples.map { labels.contains(Int($0)) ? 1 : 0 }
    }
    self.init(width: buffer.width, height: buffer.height, trusted: values)
  }
}
