internal import Foundation
internal import Foundations

/// A pack in memory, with what of its members is not as its manifest says.
struct OpenedPack {
  let name: String
  /// Of the whole file.
  let sha256: String
  let manifest: PackManifest
  /// By path, but the manifest and weights, of which only the digest is kept.
  let files: [String: Data]
  /// The digests of the members as they are, weights included.
  let digests: [String: String]
  /// Members that are changed, missing or in no list, each in a sentence.
  let faults: [PackVerification.Fault]

  /// - Throws: `PacksError` for a file that is no pack, or one that could harm.
  init(_ url: URL, limits: ArchiveLimits) throws {
    let reader = try ArchiveReader(url, limits: limits)
    guard let first = try reader.next(), first.name == PackManifest.path else {
      throw PacksError.notAPack(url, "its first member is not \(PackManifest.path)")
    }
    manifest = try Self.manifest(first.data, url)
    var files: [String: Data] = [:], digests: [String: String] = [:]
    while let member = try reader.next() {
      digests[member.name] = Digest.sha256Hex(of: member.data)
      if !member.name.hasSuffix(".safetensors") { files[member.name] = member.data }
    }
    var faults: [PackVerification.Fault] = []
    var listed: Set<String> = []
    for file in manifest.files {
      guard listed.insert(file.path).inserted else {
        faults.append(.init(file.path, "is listed twice in the manifest"))
        continue
      }
      switch digests[file.path] {
      case nil: faults.append(.init(file.path, "is in the manifest and not in the pack"))
      case file.sha256: break
      case let other?: faults.append(.init(file.path, "has the SHA-256 \(other.prefix(12))…, and \(file.sha256.prefix(12))… in the manifest"))
      }
    }
    for path in digests.keys.sorted() where !listed.contains(path) {
      faults.append(.init(path, "is in the pack and not in the manifest"))
    }
    name = url.lastPathComponent
    sha256 = try Digest.sha256Hex(ofFile: url)
    (self.files, self.digests, self.faults) = (files, digests, faults)
  }

  /// What is about to be packed.
  init(_ files: [String: Data], digests: [String: String], manifest: PackManifest, name: String) {
    (self.name, self.files, self.digests, self.manifest) = (name, files, digests, manifest)
    (sha256, faults) = ("", [])
  }

  private static func manifest(_ data: Data, _ url: URL) throws -> PackManifest {
    struct Format: Decodable { let format: String }
    guard let format = try? JSONDecoder().decode(Format.self, from: data).format, format.hasPrefix("medtransfer.pack/") else {
      throw PacksError.notAPack(url, "its manifest is none of a pack")
    }
    guard format == PackManifest.currentFormat else {
      throw PacksError(
        .newer, "The pack is of the format \(format.prefix(40)); this program reads \(PackManifest.currentFormat).",
        remedy: "Use the version of medtransfer that made it.")
    }
    guard let manifest = try? JSONDecoder().decode(PackManifest.self, from: data) else {
      throw PacksError.damaged("its manifest lacks what a manifest has")
    }
    return manifest
  }

  /// The folders of runs, sorted: `runs/<task>/<initialization>/seed…`.
  var runs: [String] {
    let parts = files.keys.map { $0.split(separator: "/") }
    return Set(parts.filter { $0.count > 4 && $0[0] == "runs" }.map { $0.prefix(4).joined(separator: "/") }).sorted()
  }
}
