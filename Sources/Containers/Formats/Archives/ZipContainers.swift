/// A format that is a zip: which one is seen from the archive's members.
protocol ZippedContainer: CheckpointContainer {
  /// Nil where the members are none of this format's.
  static func read(_ archive: ZipArchive) throws -> CheckpointContents?
}

extension ZippedContainer {
  static func recognizes(_ signature: Signature) -> Bool { signature.begins(with: [0x50, 0x4B, 0x03, 0x04]) }
  static func read(_ source: any ByteSource, name: String, siblings: SiblingFiles) throws -> CheckpointContents { try ZipContainers.read(source) }
}

/// Whatever a zip holds.
enum ZipContainers {
  /// Reads the archive's directory once and hands it to the reader of what it holds.
  static func read(_ source: any ByteSource) throws -> CheckpointContents {
    let archive = try ZipArchive(source)
    for kind in ContainerKind.allCases {
      guard let container = kind.container as? any ZippedContainer.Type, var contents = try container.read(archive) else { continue }
      contents.container = kind
      return contents
    }
    let files = archive.members.map(\.name).filter { !$0.hasSuffix("/") }
    if let foreign = ForeignCheckpoint(zipMembers: files) { throw ContainersError.foreign(foreign) }
    if let contents = try ZippedTensorBundle.read(archive) { return contents }
    throw ContainersError.foreign(.archive("a zip archive", around: files))
  }
}
