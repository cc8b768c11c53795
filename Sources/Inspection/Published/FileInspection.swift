public import Datasets
package import Foundation
import Foundations
package import Imaging
import Studies
import Synchronization

/// Looks at every image and mask of a copy, on all processors.
struct FileInspection {
  /// What is known of one picture without or after decoding.
  struct Picture: Sendable {
    let file: URL
    /// Width and height.
    var size: [Int]?
    /// Bits a sample, as the file holds them.
    var bitDepth: Int?
    var isMask = false
  }

  /// What one sample's files are like.
  struct Outcome: Sendable {
    var failure: String?
    var pictures: [Picture] = []
  }

  private let samples: [Sample]
  private let isDecoding: Bool

  init(samples: [Sample], isDecoding: Bool) {
    self.samples = samples
    self.isDecoding = isDecoding
  }

  /// Files, each once: an archive holds many images.
  var count: Int { Set(samples.flatMap { $0.image.files + ($0.mask?.files ?? []) }).count }

  /// One outcome a sample, in their order.
  ///
  /// - Throws: The error of the first file that the system does not give: that is no outcome.
  func run(progress: @escaping @Sendable (Int, Int) -> Void) throws -> [(sample: Sample, outcome: Outcome)] {
    let outcomes = Mutex<(all: [Outcome], done: Int)>((Array(repeating: Outcome(), count: samples.count), 0))
    let hurry = Hurry(), fault = Mutex<(index: Int, error: any Error)?>(nil)
    let (samples, isDecoding) = (samples, isDecoding)
    concurrentPerform(samples.count) { index in
      let outcome: Outcome
      do {
        outcome = Outcome(pictures: try hurry.patiently { try isDecoding ? Self.decoded(samples[index]) : Self.glanced(samples[index]) })
      } catch {
        if SystemFault.isFault(error) { fault.withLock { if index < $0?.index ?? .max { $0 = (index, error) } } }
        outcome = Outcome(failure: sentence(for: error))
      }
      outcomes.withLock {
        $0.all[index] = outcome
        $0.done += 1
        progress($0.done, samples.count)
      }
    }
    if let fault = fault.withLock({ $0 }) { throw fault.error }
    return Array(zip(samples, outcomes.withLock { $0.all }))
  }

  private static func decoded(_ sample: Sample) throws -> [Picture] {
    let image = try sample.image.read()
    _ = try sample.mask?.read(for: image, of: sample.id)
    // Behind a window every picture has 16 bits.
    let bitDepth = sample.image.window == nil && sample.image.rawGeometry == nil ? max(8, image.bitDepth) : nil
    return try sample.image.files.map { Picture(file: $0, size: [image.width, image.height], bitDepth: bitDepth) } + masks(of: sample)
  }

  private static func glanced(_ sample: Sample) throws -> [Picture] {
    let images = try sample.image.planes.map { plane in
      // What an archive holds was read from its heads when its samples were found.
      guard case .item(_, let array) = plane.selection else { return try glanced(plane.file, raw: sample.image.rawGeometry) }
      let shape = try ArrayArchive.shared(plane.file).imageShape(of: array)
      return Picture(file: plane.file, size: [shape[1], shape[0]], bitDepth: 8)
    }
    let masks = try masks(of: sample)
    if sample.mask?.sizeRule == .exact, let image = images.first?.size,
      let mask = masks.compactMap(\.size).first(where: { $0 != image })
    {
      throw DatasetsError.sizeMismatch(sample: sample.id, image: (image[0], image[1]), mask: (mask[0], mask[1]))
    }
    return images + masks
  }

  private static func masks(of sample: Sample) throws -> [Picture] {
    try (sample.mask?.files ?? []).map { file in
      var picture = try glanced(file, raw: nil)
      picture.isMask = true
      return picture
    }
  }

  private static func glanced(_ file: URL, raw: RawImage?) throws -> Picture {
    let glance = try FileGlance(file)
    try glance.check(raw: raw)
    return Picture(file: file, size: glance.size, bitDepth: glance.bitDepth)
  }
}

/// The first and last bytes of a file: enough to find one that is empty, cut short or no image, at the cost of two small reads.
package struct FileGlance {
  private let file: URL
  private let head: [UInt8]
  private let tail: [UInt8]
  private let length: UInt64

  package init(_ file: URL) throws {
    self.file = file
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    head = Array(try handle.read(upToCount: 32) ?? Data())
    length = try handle.seekToEnd()
    try handle.seek(toOffset: length > 12 ? length - 12 : 0)
    tail = Array(try handle.read(upToCount: 12) ?? Data())
  }

  private static let pngStart: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The empty IEND chunk with its checksum.
  private static let pngEnd: [UInt8] = [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]

  private var isPNG: Bool { head.starts(with: Self.pngStart) }

  package func check(raw: RawImage?) throws {
    if length == 0 { throw DatasetsError.notWhole(file, reason: "it is empty") }
    if isPNG, tail != Self.pngEnd { throw DatasetsError.notWhole(file, reason: "it is cut short: its last bytes are not the end of a PNG") }
    if file.pathExtension.lowercased() == "png", !isPNG { throw DatasetsError.notWhole(file, reason: "its first bytes are not those of a PNG") }
    if ["jpg", "jpeg"].contains(file.pathExtension.lowercased()), !head.starts(with: [0xFF, 0xD8]) {
      throw DatasetsError.notWhole(file, reason: "its first bytes are not those of a JPEG")
    }
    if file.pathExtension.lowercased() == "gif", !isGIF { throw DatasetsError.notWhole(file, reason: "its first bytes are not those of a GIF") }
    if let raw, UInt64(raw.byteCount) != length {
      throw DatasetsError.notWhole(file, reason: "it has \(length) bytes, and \(raw.width) × \(raw.height) samples of \(raw.bitDepth) bits take \(raw.byteCount)")
    }
  }

  private var isGIF: Bool { head.starts(with: Array("GIF8".utf8)) }

  /// Width and height of a PNG or a GIF; nil for other formats.
  var size: [Int]? {
    if isGIF, head.count >= 10 { return [6, 8].map { Int(head[$0]) | Int(head[$0 + 1]) << 8 } }
    guard isPNG, head.count >= 24 else { return nil }
    return [head[16..<20], head[20..<24]].map { $0.reduce(0) { $0 << 8 | Int($1) } }
  }

  /// Bits a sample of a PNG as it is decoded, where fewer than eight are eight; nil for other formats.
  var bitDepth: Int? { isPNG && head.count > 24 ? max(8, Int(head[24])) : nil }
}

extension DatasetsError {
  static func notWhole(_ file: URL, reason: String) -> DatasetsError {
    DatasetsError(kind: .missingImages, problem: "\(file.lastPathComponent) cannot be read: \(reason).", remedy: "Download it again.")
  }
}
