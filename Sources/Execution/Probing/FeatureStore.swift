import Containers
import Datasets
import Foundation
import Foundations
import Probes

/// The features of one network on disk, by the content of images.
///
/// In its folder: `source.json` says what they follow from, and shards of some hundred images each, which appear whole or not at all. Two
/// shards may have the same image: it has the same features in both. A shard that is not what was written is taken away and named in
/// `takeDamages`; its images are asked about again. `unusable.json` has the images that cannot be used, and vouches for itself as shards do.
///
/// A cache that several studies share may be one that cannot be written to. Then what it has is read, and what it lacks goes into the
/// study's output.
final class FeatureStore {
  let folder: URL
  let source: FeatureSource
  /// What shards and the proof beside them must be of.
  let sourceDigest: String
  private var damages: [String] = []
  /// By layer and image.
  private var rows: [String: [String: ArraySlice<Float>]] = [:]
  private var known = Set<URL>()
  /// Images that cannot be used, with the reason.
  private(set) var unusable: [String: String] = [:]
  /// Those of them that this process has asked for itself.
  private var confirmed = Set<String>()
  /// The same network's folder in a cache that cannot be written to.
  private let shared: URL?
  /// Where files of the store may lie; the first is the one that it writes to.
  var folders: [URL] { [folder] + (shared.map { [$0] } ?? []) }

  /// Opens the store of a network's features, or begins one.
  ///
  /// - Parameters:
  ///   - features: the folder of all stores.
  ///   - shared: another such folder, which is only read.
  init(_ source: FeatureSource, in features: URL, beside shared: URL? = nil) throws {
    self.source = source
    let digest = try source.digest(), name = String(digest.prefix(24))
    sourceDigest = digest
    folder = features.appendingPathComponent(name, isDirectory: true)
    self.shared = shared?.appendingPathComponent(name, isDirectory: true)
    try AtomicFile.makePlace(for: .folder, at: folder)
    try AtomicFile.makeFolder(folder)
    for file in ["source.json", Self.unusableFile, CellFeatures.proofFile] {
      try AtomicFile.makePlace(for: .file, at: folder.appendingPathComponent(file))
    }
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

  private static let unusableFile = "unusable.json"

  /// What `unusable.json` holds.
  private struct Unusable: Codable {
    let source: String
    let images: [String: String]
    let sha256: String

    init(_ images: [String: String], source: String) throws {
      (self.source, self.images) = (source, images)
      sha256 = try Self.digest(images, source)
    }

    func isWhole(of source: String) -> Bool { self.source == source && (try? Self.digest(images, source)) == sha256 }

    private static func digest(_ images: [String: String], _ source: String) throws -> String {
      Digest.sha256Hex(of: Data(source.utf8) + (try CanonicalJSON.encode(images)))
    }
  }

  /// Notes images that cannot be used: their content is what names them, so that asking again gives the same. What the system did not give
  /// is nothing to note (`SystemFault`).
  func note(unusable found: [String: String]) throws {
    if found.isEmpty { return }
    unusable.merge(found) { $1 }
    confirmed.formUnion(found.keys)
    try keepUnusable()
  }

  private func keepUnusable() throws {
    try AtomicFile.write(try CanonicalJSON.encodePretty(Unusable(unusable, source: sourceDigest)), to: folder.appendingPathComponent(Self.unusableFile))
  }

  /// Asks images once more that another process found unusable, before anything fails for them.
  ///
  /// - Parameters:
  ///   - images: some images.
  ///   - ask: opens one of them, by its place; throws what is wrong with it.
  func confirmUnusable(of images: [String], _ ask: (Int) throws -> Void) throws {
    var isOther = false
    for (index, image) in images.enumerated() where unusable[image] != nil && confirmed.insert(image).inserted {
      do {
        try SystemFault.patiently { try ask(index) }
        unusable[image] = nil
        isOther = true
      } catch {
        if SystemFault.isFault(error) {
          confirmed.remove(image)
          throw error
        }
      }
    }
    if isOther { try keepUnusable() }
  }

  /// Reads the shards that are new in the folders.
  func openShards() throws {
    for place in folders {
      let bytes = try SystemFault.judged { try FileBytes.read(place.appendingPathComponent(Self.unusableFile).path) }
      if let bytes, let found = try? JSONDecoder().decode(Unusable.self, from: bytes), found.isWhole(of: sourceDigest) {
        unusable.merge(found.images.filter { !confirmed.contains($0.key) }) { $1 }
      }
      let names = try FolderListing.namesIfAny(in: place.path) ?? []
      for name in names.sorted() where name.hasPrefix(Self.prefix) && name.hasSuffix(Self.ending) {
        let url = place.appendingPathComponent(name)
        if known.insert(url).inserted { try openShard(url) }
      }
    }
  }

  private func openShard(_ url: URL) throws {
    do {
      try SystemFault.patiently {
        let file = try CheckpointFile.open(url), arrays = try file.arrays()
        guard let images = file.metadata["images"]?.split(separator: ",").map(String.init), let stated = file.metadata["sha256"],
          stated == digest(images, try arrays.map { ($0.name, try $0.bytes()) })
        else { throw Damage() }
        for array in arrays { try keep(images, array) }
      }
    } catch {
      if SystemFault.isFault(error) {
        known.remove(url)
        throw error
      }
      let isGone = unlink(url.path) == 0
      damages.append(
        "The file \(url.path) of features is damaged, or of another network. \(isGone ? "It was taken away" : "It cannot be taken away"), and its images are asked about again.")
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
    let url = folder.appendingPathComponent(name)
    try AtomicFile.makePlace(for: .file, at: url)
    try SafetensorsFile.write(arrays, metadata: ["images": images.joined(separator: ","), "sha256": digest], to: url)
    known.insert(url)
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
