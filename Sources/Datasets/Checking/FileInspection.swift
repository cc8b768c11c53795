import Foundation
import Foundations
import Imaging
import Studies
import Synchronization

/// Looks at every image and mask of a copy, on all processors.
struct FileInspection {
  /// What one sample's files are like.
  struct Outcome: Sendable {
    var failure: String?
    /// Width and height, where they are known.
    var size: [Int]?
  }

  private let samples: [Sample]
  private let task: BuiltInTask
  private let isDecoding: Bool

  init(samples: [Sample], task: BuiltInTask, isDecoding: Bool) {
    self.samples = samples
    self.task = task
    self.isDecoding = isDecoding
  }

  var count: Int { samples.reduce(0) { $0 + $1.image.files.count + ($1.mask?.files.count ?? 0) } }

  /// One outcome a sample, in their order.
  func run(progress: @escaping @Sendable (Int, Int) -> Void) -> [(sample: Sample, outcome: Outcome)] {
    let outcomes = Mutex<(all: [Outcome], done: Int)>((Array(repeating: Outcome(), count: samples.count), 0))
    let (samples, isDecoding) = (samples, isDecoding)
    DispatchQueue.concurrentPerform(iterations: samples.count) { index in
      let outcome = isDecoding ? Self.decoded(samples[index]) : Self.glanced(samples[index])
      outcomes.withLock {
        $0.all[index] = outcome
        $0.done += 1
        progress($0.done, samples.count)
      }
    }
    return Array(zip(samples, outcomes.withLock { $0.all }))
  }

  private static func decoded(_ sample: Sample) -> Outcome {
    do {
      let image = try sample.image.read()
      _ = try sample.mask?.read(for: image, of: sample.id)
      return Outcome(size: [image.width, image.height])
    } catch {
      return Outcome(failure: sentence(for: error))
    }
  }

  private static func glanced(_ sample: Sample) -> Outcome {
    let files = sample.image.files + (sample.mask?.files ?? [])
    for file in files {
      do { try FileGlance(file).check() } catch { return Outcome(failure: sentence(for: error)) }
    }
    return Outcome(size: sample.image.files.first.flatMap { try? FileGlance($0).size })
  }
}

/// The first and last bytes of a file: enough to find one that is empty, cut short or no image, at the cost of two small reads.
struct FileGlance {
  private let file: URL
  private let head: [UInt8]
  private let tail: [UInt8]

  init(_ file: URL) throws {
    self.file = file
    let handle = try FileHandle(forReadingFrom: file)
    defer { try? handle.close() }
    head = Array(try handle.read(upToCount: 32) ?? Data())
    let length = try handle.seekToEnd()
    try handle.seek(toOffset: length > 12 ? length - 12 : 0)
    tail = Array(try handle.read(upToCount: 12) ?? Data())
  }

  private static let pngStart: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  /// The empty IEND chunk with its checksum.
  private static let pngEnd: [UInt8] = [0, 0, 0, 0, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82]

  private var isPNG: Bool { head.starts(with: Self.pngStart) }

  func check() throws {
    if head.isEmpty { throw DatasetsError.notWhole(file, reason: "it is empty") }
    if isPNG, tail != Self.pngEnd { throw DatasetsError.notWhole(file, reason: "it is cut short: its last bytes are not the end of a PNG") }
    if file.pathExtension.lowercased() == "png", !isPNG { throw DatasetsError.notWhole(file, reason: "its first bytes are not those of a PNG") }
    if ["jpg", "jpeg"].contains(file.pathExtension.lowercased()), !head.starts(with: [0xFF, 0xD8]) {
      throw DatasetsError.notWhole(file, reason: "its first bytes are not those of a JPEG")
    }
  }

  /// Width and height of a PNG; nil for other formats.
  var size: [Int]? {
    guard isPNG, head.count >= 24 else { return nil }
    return [head[16..<20], head[20..<24]].map { $0.reduce(0) { $0 << 8 | Int($1) } }
  }
}

extension DatasetsError {
  static func notWhole(_ file: URL, reason: String) -> DatasetsError {
    DatasetsError(kind: .missingImages, problem: "\(file.lastPathComponent) cannot be read: \(reason).", remedy: "Download it again.")
  }
}

extension TaskCheck {
  /// Turns what was seen of the files into findings.
  mutating func report(
    _ outcomes: [(sample: Sample, outcome: FileInspection.Outcome)], task: BuiltInTask, sampleCount: Int, root: String
  ) {
    let broken = outcomes.filter { $0.outcome.failure != nil }
    if let first = broken.first {
      let share = Double(broken.count) / Double(sampleCount), limit = task.recipe.brokenFileLimit
      add(
        share > limit ? .problem : .difference,
        "\(broken.count) of \(counted(sampleCount, "image")) cannot be read: \(firstFew(broken.map(\.sample.id))). The first: \(first.outcome.failure ?? "")",
        share > limit
          ? "Download these files again; a run bears \(spelledPercent(limit)) of broken images."
          : "Download these files again; until then runs leave them out and name them in quarantine.json.",
        files: broken.map(\.sample.id))
    }
    guard let expected = task.layout.items.compactMap(\.imageSize).first else { return }
    let others = outcomes.filter { $0.outcome.size != nil && $0.outcome.size != expected }
    if let first = others.first, let size = first.outcome.size {
      add(
        .difference,
        "\(others.count) of \(counted(sampleCount, "image")) \(others.count == 1 ? "is" : "are") not \(expected[0]) × \(expected[1]) pixels, such as \(first.sample.id) with \(size[0]) × \(size[1]).",
        "Use the publisher's own images to compare with published numbers; resized copies give other results.", files: others.map(\.sample.id))
    }
  }
}

private func spelledPercent(_ fraction: Double) -> String {
  let percent = fraction * 100
  return percent == percent.rounded() ? "\(Int(percent)) %" : "\(percent) %"
}
