internal import CImageCodecs
public import Foundation
internal import Foundations

/// The three ways to cut a volume.
public enum AnatomicalPlane: String, Sendable, Codable, CaseIterable {
  case axial, coronal, sagittal

  /// The patient's axes (right, anterior, superior) along columns, along rows, and through the slices.
  fileprivate var axes: (columns: Int, rows: Int, through: Int) {
    switch self {
    case .axial: return (0, 1, 2)
    case .coronal: return (0, 2, 1)
    case .sagittal: return (1, 2, 0)
    }
  }

  /// The patient's axis that runs through the slices.
  var through: Int { axes.through }
  /// Those along a slice's columns (from left to right) and along its rows.
  var columns: Int { axes.columns }
  var rows: Int { axes.rows }
}

/// A NIfTI-1 or NIfTI-2 volume: `.nii`, `.nii.gz`, or a pair of `.hdr` and `.img`, compressed or not.
///
/// The format is a header of fixed places and an array, so it is read here: libnifti's reader takes its sizes from the header
/// before it has seen the voxels. A file inflates to what its header needs and no further.
///
/// Sendable although it holds a pointer: every property is a constant, and the memory belongs to `owner`, is never written after
/// opening, and lives as long as this.
public final class NIfTIFile: @unchecked Sendable {
  public let header: NIfTIHeader
  let url: URL
  private let owner: AnyObject?
  private let voxels: UnsafeRawBufferPointer
  private let orientation: NIfTIOrientation

  /// No volume with more bytes is read: 4 GiB.
  public static let byteLimit = 1 << 32

  /// Opens a volume; of a pair, either file. Throws `ImagingError`, which names the file.
  public static func open(_ url: URL) throws -> NIfTIFile {
    let headerURL = partner(of: url, ending: "hdr", insteadOf: "img") ?? url
    let bytes = try FileBytes(headerURL, limit: byteLimit)
    return try NIfTIFile(bytes.buffer, owner: bytes, named: headerURL)
  }

  /// Whether the bytes, inflated where they are compressed, begin as a NIfTI file does.
  static func isPlausible(_ bytes: UnsafeRawBufferPointer) -> Bool {
    guard isCompressed(bytes) else { return NIfTIHeader.signature(bytes) != nil }
    let signature = try? InflatedBytes.withHead(of: bytes, count: NIfTIHeader.byteCount, NIfTIHeader.signature)
    return signature.flatMap { $0 } != nil
  }

  init(_ bytes: UnsafeRawBufferPointer, owner: AnyObject?, named url: URL) throws {
    self.url = url
    let header = try naming(url) {
      guard Self.isCompressed(bytes) else { return try NIfTIHeader(bytes) }
      return try InflatedBytes.withHead(of: bytes, count: NIfTIHeader.byteCount) { try NIfTIHeader($0) }
    }
    self.header = header
    orientation = NIfTIOrientation(affine: header.affine)
    let (whole, kept): (UnsafeRawBufferPointer, AnyObject?)
    if header.isPair {
      guard let image = Self.partner(of: url, ending: "img", insteadOf: "hdr") else {
        throw ImagingError.format(url, .malformed("its voxels are in a file of the same name that ends in .img, which is not there"))
      }
      let file = try FileBytes(image, limit: Self.byteLimit)
      (whole, kept) = try naming(image) { try Self.inflated(file.buffer, owner: file, header: header) }
    } else {
      (whole, kept) = try naming(url) { try Self.inflated(bytes, owner: owner, header: header) }
    }
    self.owner = kept
    voxels = whole
  }

  /// The voxels, of which every one that the header promises has to be there.
  private static func inflated(
    _ bytes: UnsafeRawBufferPointer, owner: AnyObject?, header: NIfTIHeader
  ) throws -> (UnsafeRawBufferPointer, AnyObject?) {
    var needed = header.sample.byteCount * header.samplesPerVoxel
    for dimension in header.dimensions {
      let (product, overflows) = needed.multipliedReportingOverflow(by: dimension)
      guard !overflows, product <= byteLimit else {
        throw FormatFailure.tooLarge(
          "it has \(header.dimensions.map(String.init).joined(separator: " × ")) voxels, more than \(byteLimit) bytes")
      }
      needed = product
    }
    let end = header.voxelOffset + needed
    var source = bytes, kept = owner
    if isCompressed(bytes) {
      let inflated = try InflatedBytes(bytes, isRaw: false, limit: end, stopsAtLimit: true)
      (source, kept) = (inflated.buffer, inflated)
    }
    guard source.count >= end else {
      throw FormatFailure.truncated("it has \(max(source.count - header.voxelOffset, 0)) bytes of voxels of \(needed)")
    }
    return (UnsafeRawBufferPointer(rebasing: source[header.voxelOffset..<end]), kept)
  }

  static func isCompressed(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

  /// The header that belongs to a file of voxels, `.img` or `.img.gz`, if it is there and is NIfTI's. Raw images have the same ending.
  static func header(ofPairWith url: URL) throws -> URL? {
    guard let header = partner(of: url, ending: "hdr", insteadOf: "img"), let found = try SystemFault.judged({ try self.header(of: header) }),
      found.isPair
    else { return nil }
    return header
  }

  /// Whether a file is called as the voxels of a pair are, and no header is beside it.
  static func isVoxelFile(_ url: URL) -> Bool {
    let plain = url.pathExtension.lowercased() == "gz" ? url.deletingPathExtension() : url
    return plain.pathExtension.lowercased() == "img" && partner(of: url, ending: "hdr", insteadOf: "img") == nil
  }

  /// The other file of a pair, compressed or not, if it is there.
  static func partner(of url: URL, ending: String, insteadOf other: String) -> URL? {
    let plain = url.pathExtension.lowercased() == "gz" ? url.deletingPathExtension() : url
    guard plain.pathExtension.lowercased() == other else { return nil }
    let stem = plain.deletingPathExtension()
    return [ending, "\(ending).gz", ending.uppercased()].map { stem.appendingPathExtension($0) }
      .first { FileManager.default.fileExists(atPath: $0.path) }
  }
}

extension NIfTIFile {
  /// The directions in which the stored axes run, such as "LPS": to the left, posterior, superior.
  public var axisDirections: String { orientation.letters }

  /// All stored samples in the file's order, the first axis fastest.
  public func storedSamples() -> StoredSamples {
    withExtendedLifetime(owner) { samples() }
  }

  /// The number of three-dimensional volumes: the product of the dimensions past the third.
  public var volumeCount: Int { header.dimensions.dropFirst(3).reduce(1, *) }

  /// The size of stored axis 0, 1 or 2.
  private func size(_ axis: Int) -> Int { axis < header.dimensions.count ? header.dimensions[axis] : 1 }

  /// The number of slices of a plane.
  public func sliceCount(_ plane: AnatomicalPlane) -> Int { size(orientation.axes[plane.axes.through].stored) }

  /// One slice in the scaled values, turned to the patient's axes by the header's orientation, as radiologists look at it: axial
  /// with the front up and coronal with the head up, both with the patient's right at the left; sagittal with the head up and
  /// the front at the left.
  ///
  /// - Parameters:
  ///   - index: From 0: axial from the feet, coronal from the back, sagittal from the left.
  ///   - volume: Of four or more dimensions, from 0.
  public func slice(_ index: Int, plane: AnatomicalPlane, volume: Int = 0) throws -> ScalarImage {
    guard header.samplesPerVoxel == 1 else {
      throw ImagingError.format(url, .unsupported("a NIfTI volume of colors, which has no scaled values"))
    }
    guard (0..<sliceCount(plane)).contains(index), (0..<volumeCount).contains(volume) else {
      let wanted = "\(plane.rawValue) slice \(index) in volume \(volume)"
      throw ImagingError.geometry(
        "The image \(url.path) has no \(wanted): it has \(sliceCount(plane)) in each of \(volumeCount).",
        remedy: "Ask for one of these, counted from 0.")
    }
    let strides = [1, size(0), size(0) * size(1)]
    func place(_ axis: Int, _ position: Int) -> Int {
      let (stored, isReversed) = orientation.axes[axis]
      return (isReversed ? size(stored) - 1 - position : position) * strides[stored]
    }
    let (columnAxis, rowAxis, throughAxis) = plane.axes
    let width = size(orientation.axes[columnAxis].stored), height = size(orientation.axes[rowAxis].stored)
    // Right, anterior and superior come first on the screen.
    let columns = (0..<width).map { place(columnAxis, width - 1 - $0) }
    let rows = (0..<height).map { place(rowAxis, height - 1 - $0) }
    let start = volume * size(0) * size(1) * size(2) + place(throughAxis, index)
    let value = valueReader()
    var values: [Float] = []
    values.reserveCapacity(width * height)
    withExtendedLifetime(owner) {
      for row in rows { for column in columns { values.append(Float(value(start + row + column))) } }
    }
    return try ScalarImage(width: width, height: height, values: values)
  }

  /// A file with at most two axes longer than 1 as an image: the first along the columns, the second down the rows, as stored.
  ///
  /// Unscaled bytes, words and colors keep their samples; other values are spread over 16 bits from the least to the greatest.
  public func pixelBuffer(pixelLimit: Int = ImageFile.pixelLimit) throws -> PixelBuffer {
    let axes = header.dimensions.filter { $0 > 1 }
    guard axes.count <= 2 else {
      let size = header.dimensions.map(String.init).joined(separator: " × ")
      throw ImagingError.format(url, .unsupported("a NIfTI volume of \(size) voxels, of which one slice has to be chosen"))
    }
    let width = axes.first ?? 1, height = axes.count > 1 ? axes[1] : 1
    guard width <= pixelLimit / height else {
      throw ImagingError.format(url, .tooLarge("it has \(width) × \(height) pixels, more than the limit of \(pixelLimit)"))
    }
    let samples = storedSamples()
    switch samples {
    case .uint8(let bytes) where header.slope == 1 && header.intercept == 0:
      return try PixelBuffer(width: width, height: height, channels: header.samplesPerVoxel, bitDepth: 8, samples: .bytes(bytes))
    case .uint16(let words) where header.slope == 1 && header.intercept == 0:
      return try PixelBuffer(width: width, height: height, channels: 1, bitDepth: 16, samples: .words(words))
    default:
      let scaled = samples.map { Float($0 * self.header.slope + self.header.intercept) }
      let bright = try ScalarImage(width: width, height: height, values: scaled).stretched()
      let words = bright.values.map { UInt16(($0 * 65535).rounded()) }
      return try PixelBuffer(width: width, height: height, channels: 1, bitDepth: 16, samples: .words(words))
    }
  }

  private func samples() -> StoredSamples {
    let count = voxels.count / header.sample.byteCount
    func copied<Value>(_ type: Value.Type) -> [Value] {
      [Value](unsafeUninitializedCapacity: count) { target, filled in
        UnsafeMutableRawBufferPointer(target).copyMemory(from: voxels)
        filled = count
      }
    }
    func integers<Value: FixedWidthInteger>(_ type: Value.Type) -> [Value] {
      var values = copied(type)
      if header.isBigEndian { for index in values.indices { values[index] = values[index].byteSwapped } }
      return values
    }
    switch header.typeName {
    case "int8": return .int8(integers(Int8.self))
    case "uint16": return .uint16(integers(UInt16.self))
    case "int16": return .int16(integers(Int16.self))
    case "uint32": return .uint32(integers(UInt32.self))
    case "int32": return .int32(integers(Int32.self))
    case "uint64": return .uint64(integers(UInt64.self))
    case "int64": return .int64(integers(Int64.self))
    case "float32": return .float32(header.isBigEndian ? integers(UInt32.self).map { Float(bitPattern: $0) } : copied(Float.self))
    case "float64": return .float64(header.isBigEndian ? integers(UInt64.self).map { Double(bitPattern: $0) } : copied(Double.self))
    default: return .uint8(integers(UInt8.self))
    }
  }

  /// The scaled value of a voxel by its place in the file.
  private func valueReader() -> (Int) -> Double {
    let (slope, intercept) = (header.slope, header.intercept)
    let (voxels, isBigEndian) = (voxels, header.isBigEndian)
    func integer<Value: FixedWidthInteger>(_ place: Int, _ type: Value.Type) -> Value {
      let value = voxels.loadUnaligned(fromByteOffset: place * MemoryLayout<Value>.size, as: Value.self)
      return isBigEndian ? Value(bigEndian: value) : Value(littleEndian: value)
    }
    let stored: (Int) -> Double
    switch header.typeName {
    case "int8": stored = { Double(integer($0, Int8.self)) }
    case "uint16": stored = { Double(integer($0, UInt16.self)) }
    case "int16": stored = { Double(integer($0, Int16.self)) }
    case "uint32": stored = { Double(integer($0, UInt32.self)) }
    case "int32": stored = { Double(integer($0, Int32.self)) }
    case "uint64": stored = { Double(integer($0, UInt64.self)) }
    case "int64": stored = { Double(integer($0, Int64.self)) }
    case "float32": stored = { Double(Float(bitPattern: integer($0, UInt32.self))) }
    case "float64": stored = { Double(bitPattern: integer($0, UInt64.self)) }
    default: stored = { Double(integer($0, UInt8.self)) }
    }
    return { stored($0) * slope + intercept }
  }
}
