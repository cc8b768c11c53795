public import Imaging

extension ImageReference {
  /// The pixels: one picture, or as many gray pictures as channels. Throws `ImagingError`, which names the file, or `DatasetsError`
  /// for pictures that do not fit together.
  public func read() throws -> PixelBuffer {
    if let neighborReach, planes.count == 1 {
      let files = try SliceNeighbors.files(around: planes[0].file, reach: neighborReach)
      return try stacked(files.map { try read(Plane(file: $0, selection: planes[0].selection)) })
    }
    guard planes.count > 1 else {
      guard let plane = planes.first else { throw DatasetsError.unstackable("no pictures") }
      return try read(plane)
    }
    return try stacked(planes.map(read))
  }

  private func read(_ plane: Plane) throws -> PixelBuffer {
    if let rawGeometry { return try rawGeometry.read(plane.file) }
    if case .item(let index, let array) = plane.selection { return try ArrayArchive.shared(plane.file).item(index, of: array) }
    return try ImageFile.read(plane.file, plane.selection, window: window, orientation: orientation ?? .asStated)
  }

  /// The same with what is to be said of the picture that its pixels do not show. It costs a pass over them.
  ///
  /// Of neighboring slices only the one that the sample is named by is asked what its file says.
  public func readRemarked() throws -> RemarkedPicture {
    if planes.count == 1, neighborReach == nil, rawGeometry == nil, let plane = planes.first, !plane.selection.isItem {
      return try ImageFile.readRemarked(plane.file, plane.selection, window: window, orientation: orientation ?? .asStated)
    }
    let pixels = try read()
    return RemarkedPicture(pixels: pixels, remarks: (try statedRemarks() ?? []) + pixels.contentRemarks)
  }

  /// What the files say of the picture besides its pixels, without decoding any; nil where only decoding tells it.
  public func statedRemarks() throws -> [ImageRemark]? {
    if rawGeometry != nil { return [] }
    var remarks = [ImageRemark]()
    for plane in planes where !plane.selection.isItem {
      guard let stated = try ImageFile.statedRemarks(plane.file, plane.selection, window: window, orientation: orientation ?? .asStated) else { return nil }
      remarks += stated
    }
    return remarks
  }

  /// Gray pictures of one size as the channels of one picture.
  private func stacked(_ pictures: [PixelBuffer]) throws -> PixelBuffer {
    guard let first = pictures.first, pictures.count == 3 else { throw DatasetsError.unstackable("\(pictures.count) pictures") }
    if let other = pictures.first(where: { $0.channels != 1 || ($0.width, $0.height) != (first.width, first.height) }) {
      throw DatasetsError.unstackable(
        "pictures of \(first.width) × \(first.height) × \(first.channels) and \(other.width) × \(other.height) × \(other.channels)")
    }
    // Windowed slices are 16 bits, unless a file has 8: then its samples are brought to the deepest of the three.
    let depth = pictures.map(\.bitDepth).max() ?? 16, maximum = 1 << depth - 1
    let count = first.width * first.height
    var words = [UInt16](repeating: 0, count: 3 * count)
    for (channel, picture) in pictures.enumerated() {
      let scale = Double(maximum) / Double(picture.maximum)
      for index in 0..<count {
        let sample: Int
        switch picture.samples {
        case .bytes(let values): sample = Int(values[index])
        case .words(let values): sample = Int(values[index])
        }
        words[3 * index + channel] = picture.bitDepth == depth ? UInt16(sample) : UInt16((Double(sample) * scale).rounded())
      }
    }
    let samples: PixelBuffer.Samples = depth > 8 ? .words(words) : .bytes(words.map { UInt8($0) })
    return try PixelBuffer(width: first.width, height: first.height, channels: 3, bitDepth: depth, samples: samples)
  }
}

extension ImageSelection {
  fileprivate var isItem: Bool {
    if case .item = self { return true }
    return false
  }
}

extension DatasetsError {
  static func unstackable(_ what: String) -> DatasetsError {
    DatasetsError(
      kind: .sizeMismatch, problem: "An image cannot be made of \(what).", remedy: "Give one picture, or three gray ones of one size.")
  }
}
