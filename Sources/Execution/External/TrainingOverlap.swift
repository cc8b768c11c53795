import Datasets
import Foundation
import Foundations
import Imaging

/// Which images of a test set a run has seen while it was trained or while its weights were chosen.
///
/// Images are the same when they are the same part of files with the same bytes, whatever their names. Only files whose size
/// occurs on both sides are read.
struct TrainingOverlap {
  private struct Picture: Hashable {
    let file: String
    let selection: ImageSelection
  }

  private var digests: [String: String] = [:]

  /// The ids of the samples whose image is among those seen, in their order.
  mutating func ids(of samples: [Sample], among seen: [Sample]) throws -> [String] {
    let sizes = Set(try seen.flatMap(\.image.files).map(size))
    let candidates = try samples.filter { try $0.image.files.contains { sizes.contains(try size($0)) } }
    if candidates.isEmpty { return [] }
    let wanted = Set(try candidates.flatMap(\.image.files).map(size))
    var known = Set<[Picture]>()
    for sample in seen where try sample.image.files.contains(where: { wanted.contains(try size($0)) }) {
      known.insert(try pictures(of: sample))
    }
    var found: [String] = []
    for sample in candidates where known.contains(try pictures(of: sample)) { found.append(sample.id) }
    return found
  }

  private mutating func pictures(of sample: Sample) throws -> [Picture] {
    var pictures: [Picture] = []
    for plane in sample.image.planes { pictures.append(Picture(file: try digest(plane.file), selection: plane.selection)) }
    return pictures
  }

  private mutating func digest(_ file: URL) throws -> String {
    if let known = digests[file.path] { return known }
    let digest = try Digest.sha256Hex(ofFile: file)
    digests[file.path] = digest
    return digest
  }

  private func size(_ file: URL) throws -> Int {
    (try FileManager.default.attributesOfItem(atPath: file.resolvingSymlinksInPath().path)[.size] as? NSNumber)?.intValue ?? 0
  }
}
