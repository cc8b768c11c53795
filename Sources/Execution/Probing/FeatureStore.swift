import Containers
import Datasets
import Foundation
import Foundations
import Probes

/// The features of one network on disk, by the content of images.
///
/// In its folder: `source.json` says what they follow from, and shards of some hundred images each, which appear whole or not at all. Two
/// shards may have the same image: it has the same features in both. A shard that is not what was written is taken away and named in
/// `takeDamages`; its images are asked about again.
final class FeatureStore {
  let folder: URL
  let source: FeatureSource
  /// What shards and the proof beside them must be of.
  let sourceDigest: String
  private var damages: [String] = []
  /// By layer and image.
  private var rows: [String: [String: ArraySlice<Float>]] = [:]
  private var known = Set<String>()
  /// Images that cannot be used, with the reason.
  private(set) var unusable: [String: String] = [:]

  /// Opens the store of a network's features, or begins one.
  ///
  /// - Parameter features: the folder of all stores.
  init(_ source: FeatureSource, in features: URL) throws {
    self.source = source
    sourceDigest = try source.digest()
    folder = features.appendingPathComponent(String(sourceDigest.prefix(24)), isDirectory: true)
    try AtomicFile.makeFolder(folder)
    AtomicFile.removeAbandoned(in: folder)
    let statement = folder.appendingPathComponent("source.json"), stated = try CanonicalJSON.encodePretty(source)
    if (try? Data(contentsOf: statement)) != stated { try AtomicFile.write(stated, to: statement) }
    try openShards()
  }

  /// The features of some images; nil where one is missing.
  func matrix(of images: [String], layer: String) throws -> FeatureMatrix? {
    guard let rows = rows[layer] else { return nil }
    var values: [Float] = []
    for image in images {
      guard let row = rows[image] else { return nil }
      values += row
    }
    return images.isEmpty ? nil : try FeatureMatrix(values, width: values.count / images.count)
  }

  /// The places of the images that it lacks a layer of, each image once.
  func missing(of images: [String], layers: [String]) -> [Int] {
    var seen = Set<String>()
    return images.indices.filter { index in
      unusable[images[index]] == nil && layers.contains { rows[$0]?[images[index]] == nil } && seen.insert(images[index]).inserted
    }
  }

  /// What was found damaged since this was asked last, a sentence each.
  func takeDamages() -> [String] {
    defer { damages = [] }
    return damages
  }

  // MARK: - Shards

  private static let prefix = "shard-", ending = ".safetensors"

  private var unusableFile: URL { folder.appendingPathComponent("unusable.json") }

  /// Notes images that cannot be used: their content is what names them, so that asking again gives the same.
  func note(unusable found: [String: String]) throws {
    if found.isEmpty { return }
    unusable.merge(found) { $1 }
    try AtomicFile.write(try CanonicalJSON.encodePretty(unusable), to: unusableFile)
  }

  /// Reads the shards that are new in the folder.
  func openShards() throws {
    if let bytes = try? Data(contentsOf: unusableFile), let found = try? JSONDecoder().decode([String: String].self, from: bytes) {
      unusable.merge(found) { $1 }
    }
    for name in try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() where name.hasPrefix(Self.prefix) && name.hasSuffix(Self.ending) {
      guard known.insert(name).inserted else { continue }
      let url = folder.appendingPathComponent(name)
      do {
        let file = try CheckpointFile.open(url), arrays = try file.arrays()
        guard let images = file.metadata["images"]?.split(separator: ",").map(String.init), let stated = file.metadata["sha256"],
          stated == digest(images, try arrays.map { ($0.name, try $0.bytes()) })
        else { throw Damage() }
        for array in arrays { try keep(images, array) }
      } catch {
        let isGone = unlink(url.path) == 0
        damages.append(
          "The file \(url.path) of features is damaged, or of another network. \(isGone ? "It was taken away" : "It cannot be taken away"), and its images are asked about again.")
      }
    }
  }

  private struct Damage: Error {}

  private func keep(_ images: [String], _ array: NamedArray) throws {
    guard array.shape.count == 2, array.shape[0] == images.count, array.elementType == .float32 else { throw Damage() }
    let values = try array.bytes().withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }, width = array.shape[1]
    for (index, image) in images.enumerated() where rows[array.name]?[image] == nil {
      rows[array.name, default: [:]][image] = values[index * width..<(index + 1) * width]
    }
  }

  /// Writes the features of some images as one shard.
  ///
  /// - Parameter layers: `[images, width]` of each, row-major.
  func add(_ images: [String], _ layers: [String: [Float]]) throws {
    if images.isEmpty { return }
    let arrays = try layers.sorted { $0.key < $1.key }.map { name, values in
      try NamedArray(
        name: name, elementType: .float32, shape: [images.count, values.count / images.count], bytes: values.withUnsafeBytes { Data($0) })
    }
    let digest = digest(images, try arrays.map { ($0.name, try $0.bytes()) })
    let name = "\(Self.prefix)\(digest.prefix(16))\(Self.ending)"
    try SafetensorsFile.write(
      arrays, metadata: ["images": images.joined(separator: ","), "sha256": digest], to: folder.appendingPathComponent(name))
    known.insert(name)
    for array in arrays { try keep(images, array) }
  }

  /// Of what a shard says, and of the network that said it.
  private func digest(_ images: [String], _ arrays: [(name: String, bytes: Data)]) -> String {
    let hasher = Digest.Hasher()
    hasher.update(Data("\(sourceDigest)\n".utf8))
    hasher.update(Data(images.joined(separator: ",").utf8))
    for array in arrays.sorted(by: { $0.name < $1.name }) {
      hasher.update(Data("\(array.name) \(array.bytes.count)\n".utf8))
      hasher.update(array.bytes)
    }
    return hasher.finalizeHex()
  }
}
