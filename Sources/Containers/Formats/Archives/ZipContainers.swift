/// A zip may be four things; which one is seen from its members.
enum ZipContainers {
  /// Reads the archive's directory once and hands it to the reader of what it holds.
  static func read(_ source: any ByteSource) throws -> CheckpointContents {
    let archive = try ZipArchive(source)
    let names = archive.members.map(\.name)
    let folders = names.filter { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }.map { String($0.dropLast("data.pkl".count)) }
    guard let folder = folders.first else {
      let files = names.filter { !$0.hasSuffix("/") }
      if !files.isEmpty, files.allSatisfy({ $0.hasSuffix(".npy") }) { return try NumPyArchiveContainer.read(archive) }
      if let foreign = ForeignCheckpoint(zipMembers: files) { throw ContainersError.foreign(foreign) }
      if let contents = try ZippedTensorBundle.read(archive) { return contents }
      throw ContainersError.foreign(.archive("a zip archive", around: files))
    }
    // An exported program may hold what torch.save wrote beside its own parts.
    if let foreign = ForeignCheckpoint(zipMembers: names) { throw ContainersError.foreign(foreign) }
    guard folders.count == 1 else { throw ContainersError.malformedArchive("it has more than one data.pkl") }
    let contents = try TorchArchiveContainer.read(archive, folder: folder)
    return CheckpointContents(
      root: contents.root, container: archive.has(folder + "constants.pkl") ? .torchScript : .torchArchive,
      calledNames: contents.calledNames)
  }
}
