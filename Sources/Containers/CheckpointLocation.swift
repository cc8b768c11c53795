internal import Foundation
internal import Foundations

/// Which file a person means who names a checkpoint of several files by its folder, its prefix or one of its parts.
enum CheckpointLocation {
  /// The file to start from: for a TensorFlow bundle its index, for sharded safetensors theirs, else the file itself.
  static func mainFile(of url: URL) throws -> URL {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      let index = url.appendingPathExtension("index")
      return isBundleIndex(index) ? index : url
    }
    if isFolder.boolValue { return try mainFile(inFolder: url) }
    if url.lastPathComponent == "checkpoint", let index = indexNamed(byStateFile: url) { return index }
    return index(ofShard: url) ?? url
  }

  /// TensorFlow leaves a text file `checkpoint` that names the newest bundle of a folder.
  private static func mainFile(inFolder folder: URL) throws -> URL {
    if let index = indexNamed(byStateFile: folder.appendingPathComponent("checkpoint")) { return index }
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
    let candidates = names.map { folder.appendingPathComponent($0) }.filter {
      $0.lastPathComponent.hasSuffix(".safetensors.index.json") || isBundleIndex($0)
    }
    guard candidates.count < 2 else {
      throw ContainersError(
        .unreadable, "The folder \(folder.path) holds \(candidates.count) checkpoints of several files.",
        remedy: "Give one of them: \(firstFew(candidates.map(\.lastPathComponent))).")
    }
    if let candidate = candidates.first { return candidate }
    // A SavedModel keeps its numbers in a bundle.
    let saved = folder.appendingPathComponent("variables/variables.index")
    if isBundleIndex(saved) { return saved }
    throw refusal(ofFolder: folder, names: names)
  }

  private static func refusal(ofFolder folder: URL, names: [String]) -> ContainersError {
    // Orbax keeps items in folders of their own, the only one of which is often called default.
    let inner = (try? FileManager.default.contentsOfDirectory(atPath: folder.appendingPathComponent("default").path)) ?? []
    if let foreign = ForeignCheckpoint(folderMembers: Set(names + inner)) { return .foreignFolder(folder, foreign) }
    let held = names.filter(ForeignCheckpoint.isNamedAsCheckpoint)
    return ContainersError(
      .unreadable, "The checkpoint \(folder.path) cannot be read: it is a folder without the index of a TensorFlow bundle or of sharded safetensors.",
      remedy: held.isEmpty ? "Give the file of the weights." : "Give a file in it: \(firstFew(held)).")
  }

  /// The bundle that the line `model_checkpoint_path: "…"` names. The path is that of the machine it was written on, so
  /// only its last component counts.
  private static func indexNamed(byStateFile url: URL) -> URL? {
    guard let source = try? FileByteSource(url), source.byteCount <= 1 << 20,
      let data = try? source.read(offset: 0, count: source.byteCount),
      let line = String(decoding: data, as: UTF8.self).split(separator: "\n").first(where: {
        $0.hasPrefix("model_checkpoint_path:")
      })
    else { return nil }
    let parts = line.split(separator: "\"", omittingEmptySubsequences: false)
    guard parts.count == 3, let name = parts[1].split(separator: "/").last, SiblingFiles.isPlain(String(name)) else { return nil }
    let index = url.deletingLastPathComponent().appendingPathComponent("\(name).index")
    return isBundleIndex(index) ? index : nil
  }

  /// The index beside `prefix.data-SSSSS-of-NNNNN`: such a file is only numbers and has no mark of its own.
  private static func index(ofShard url: URL) -> URL? {
    guard let match = url.lastPathComponent.wholeMatch(of: /(.+)\.data-[0-9]{5}-of-[0-9]{5}/) else { return nil }
    let index = url.deletingLastPathComponent().appendingPathComponent("\(match.1).index")
    return isBundleIndex(index) ? index : nil
  }

  private static func isBundleIndex(_ url: URL) -> Bool {
    guard url.pathExtension == "index", let source = try? FileByteSource(url), let signature = try? Signature(source) else {
      return false
    }
    return signature.kind == .tensorFlowBundle
  }
}
