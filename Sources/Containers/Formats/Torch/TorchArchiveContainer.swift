internal import Foundation

extension ContainerKind {
  public static let torchArchive = ContainerKind(TorchArchiveContainer.self)
  public static let torchScript = ContainerKind(TorchScriptContainer.self)
}

/// Reads what `torch.save` writes since PyTorch 1.6: a zip archive with one pickle and one member per storage.
enum TorchArchiveContainer: ZippedContainer {
  static let name = "torchArchive", shortName = "torch zip", description = "a torch.save archive (zip)"
  static let resaveAdvice = "Load it in Python with torch.load and write its state_dict with safetensors.torch.save_file."

  static func read(_ archive: ZipArchive) throws -> CheckpointContents? {
    guard let folder = try folder(of: archive), !TorchScriptContainer.isModule(archive, folder) else { return nil }
    return try contents(of: archive, folder: folder)
  }

  /// The one that holds `data.pkl`, with its slash, which has the name that the file was saved under; nil where none does.
  static func folder(of archive: ZipArchive) throws -> String? {
    let names = archive.members.map(\.name)
    let folders = names.filter { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }.map { String($0.dropLast("data.pkl".count)) }
    guard let folder = folders.first else { return nil }
    // An exported program may hold what torch.save wrote beside its own parts.
    if let foreign = ForeignCheckpoint(zipMembers: names) { throw ContainersError.foreign(foreign) }
    guard folders.count == 1 else { throw ContainersError.malformedArchive("it has more than one data.pkl") }
    return folder
  }

  static func contents(of archive: ZipArchive, folder: String) throws -> CheckpointContents {
    try archive.checkUnfolding()
    var isBigEndian = false
    if let order = try archive.bytes(of: folder + "byteorder") {
      let text = String(decoding: try order.read(offset: 0, count: min(order.byteCount, 16)), as: UTF8.self)
      isBigEndian = text.hasPrefix("big")
      guard isBigEndian || text.hasPrefix("little") else {
        throw ContainersError.malformedArchive("its byte order is “\(text.trimmingCharacters(in: .whitespacesAndNewlines))”")
      }
    }
    guard let pickle = try archive.bytes(of: folder + "data.pkl") else {
      throw ContainersError.malformedArchive("it has no data.pkl")
    }
    var machine = PickleMachine(PickleInput(pickle))
    let graph = try machine.run()
    var builder = PickleTreeBuilder(graph: graph, pickle: pickle, isBigEndian: isBigEndian) {
      try archive.bytes(of: "\(folder)data/\($0.key)")
    }
    return CheckpointContents(root: try builder.root(), calledNames: graph.calledNames)
  }
}

/// Reads what `torch.jit.save` writes: the same archive, whose pickle is of a module's attributes. Its code is in other members and not read.
enum TorchScriptContainer: ZippedContainer {
  static let name = "torchScript", shortName = "TorchScript", description = "a TorchScript archive"
  static let resaveAdvice = "Load it in Python with torch.jit.load and write its state_dict with safetensors.torch.save_file."

  static func isModule(_ archive: ZipArchive, _ folder: String) -> Bool { archive.has(folder + "constants.pkl") }

  static func read(_ archive: ZipArchive) throws -> CheckpointContents? {
    guard let folder = try TorchArchiveContainer.folder(of: archive), isModule(archive, folder) else { return nil }
    return try TorchArchiveContainer.contents(of: archive, folder: folder)
  }
}
