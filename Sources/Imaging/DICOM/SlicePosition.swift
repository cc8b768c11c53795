public import Foundation
internal import Foundations

/// Where a slice lies in its series, from the head of its file alone.
public struct SlicePosition: Sendable, Hashable {
  /// The slice's place along its own normal, in millimeters: ImagePositionPatient · (row direction × column direction); without
  /// directions its third coordinate. Nil where the file gives no position.
  public let alongNormal: Double?
  /// InstanceNumber; nil where the file gives none.
  public let instanceNumber: Int?

  /// Bytes in which the head of a slice is nearly always over.
  private static let headByteCount = 1 << 14

  /// Reads a file's elements up to its pixels. Throws `ImagingError`, which names it.
  public init(_ url: URL) throws {
    var byteCount = Self.headByteCount
    while true {
      let bytes = try FileBytes(head: byteCount, of: url, limit: ImageFile.byteLimit)
      let isWhole = bytes.buffer.count < byteCount
      do {
        self = try bytes.withBytes { bytes in try naming(url) { try SlicePosition(bytes) } }
        return
      } catch let error as ImagingError where error.kind == .truncated && !isWhole {
        byteCount *= 16
      }
    }
  }

  private init(_ bytes: UnsafeRawBufferPointer) throws {
    let container = try DICOMContainer(bytes)
    guard !container.syntax.isDeflated else { throw FormatFailure.unsupported("a deflated slice in a series") }
    let dataset = try DICOMDataset(
      bytes, in: container.start..<bytes.count, encoding: container.syntax.encoding, endsBeforePixels: true)
    instanceNumber = try dataset.integer(.instanceNumber, named: "instance number", default: nil)
    let position = try dataset.numbers(.imagePosition, named: "image position")
    let directions = try dataset.numbers(.imageOrientation, named: "image orientation")
    guard position.count == 3 else {
      alongNormal = nil
      return
    }
    guard directions.count == 6 else {
      alongNormal = position[2]
      return
    }
    let (row, column) = (directions[0..<3].map { $0 }, directions[3..<6].map { $0 })
    alongNormal =
      position[0] * (row[1] * column[2] - row[2] * column[1]) + position[1] * (row[2] * column[0] - row[0] * column[2])
      + position[2] * (row[0] * column[1] - row[1] * column[0])
  }
}

/// The slices of one folder in the order of the scan.
///
/// The first slice is the one with the least place along the normal where every file has a place, else the one with the least
/// InstanceNumber. Files that share a place follow their names.
public struct SliceOrder: Sendable {
  /// Names of files within the folder.
  public let names: [String]
  private let places: [String: Int]

  /// Reads the heads of all DICOM files of a folder. Throws `ImagingError` where a file cannot be read or is in no order.
  public init(folder: URL) throws {
    let found = try FolderListing.names(in: folder.path).filter { $0.hasSuffix(".dcm") && !$0.hasPrefix(".") }
    let slices = try found.map { (name: $0, position: try SlicePosition(folder.appendingPathComponent($0))) }
    let byPlace = slices.allSatisfy { $0.position.alongNormal != nil }
    if !byPlace, let first = slices.filter({ $0.position.instanceNumber == nil }).map(\.name).min() {
      throw ImagingError.decoding(
        folder.appendingPathComponent(first), status: FormatFailure.malformed("").status,
        reason: "it says neither its position nor its instance number, so its neighbors are not known", width: 0, height: 0, pixelLimit: 0)
    }
    func key(_ position: SlicePosition) -> Double { byPlace ? position.alongNormal ?? 0 : Double(position.instanceNumber ?? 0) }
    names = slices.sorted { (key($0.position), $0.name) < (key($1.position), $1.name) }.map(\.name)
    places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  }

  /// The file itself between `reach` files before and after it; at an end the last file stands in for those beyond.
  public func neighbors(of name: String, reach: Int) -> [String]? {
    places[name].map { place in (-reach...reach).map { names[min(max(place + $0, 0), names.count - 1)] } }
  }
}
