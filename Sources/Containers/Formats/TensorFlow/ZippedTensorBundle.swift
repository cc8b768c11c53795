internal import Foundation

/// A TensorFlow bundle inside a zip, as SimCLR's first checkpoints are published: opened without unpacking it by hand.
enum ZippedTensorBundle {
  /// Nil when the archive holds no bundle.
  static func read(_ archive: ZipArchive) throws -> CheckpointContents? {
    let indices = archive.members.filter { $0.name.hasSuffix(".index") }
    guard let index = indices.first else { return nil }
    guard indices.count == 1 else {
      throw ContainersError(
        .unsupportedContainer, "The zip holds \(indices.count) TensorFlow bundles.",
        remedy: "Unpack it and give the .index file of one of them.")
    }
    try archive.checkUnfolding()
    let folder = index.name.lastIndex(of: "/").map { String(index.name[...$0]) } ?? ""
    let siblings = SiblingFiles { name in
      guard let member = archive.members.first(where: { $0.name == folder + name }) else { return nil }
      return CheckpointPart(url: URL(fileURLWithPath: member.name), source: try archive.unpackedBytes(of: member))
    }
    var contents = try TensorBundleContainer.read(
      try archive.unpackedBytes(of: index), name: String(index.name.dropFirst(folder.count)), siblings: siblings)
    // The zip is the one file that holds all parts.
    contents.otherParts = []
    return contents
  }
}
