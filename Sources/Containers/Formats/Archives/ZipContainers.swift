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
      if let contents = try ZippedTensorBundle.read(archive) { return contents }
      throw ContainersError.malformedArchive("it has no data.pkl")
    }
    guard folders.count == 1 else { throw ContainersError.malformedArchive("it has more than one data.pkl") }
    return CheckpointContents(
      root: try TorchArchiveContainer.read(archive, folder: folder),
      container: archive.has(folder + "constants.pkl") ? .torchScript : .torchArchive)
  }
}
