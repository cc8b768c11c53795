internal import Foundation

/// Reads what `torch.save` writes since PyTorch 1.6, and what `torch.jit.save` does: a zip archive with one pickle and one
/// member per storage. In TorchScript the pickle is of a module's attributes; its code is in other members and not read.
enum TorchArchiveContainer {
  /// - Parameter folder: the one that holds `data.pkl`, with its slash; it has the name the file was saved under.
  static func read(_ archive: ZipArchive, folder: String) throws -> (root: CheckpointNode, calledNames: [String]) {
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
    return (try builder.root(), graph.calledNames)
  }
}
