internal import Foundation
internal import Foundations

/// A file of a network's numbers that is known and not read, or what stands in a checkpoint's place: what it is, and what to do.
///
/// Told by the bytes or by the names of an archive's members, never by the file's own name.
struct ForeignCheckpoint: Equatable, Sendable {
  /// With its article: “an ONNX model”.
  let name: String
  /// In the imperative.
  let remedy: String

  init(_ name: String, _ remedy: String) {
    self.name = name
    self.remedy = remedy
  }

  /// What the first bytes say.
  ///
  /// - Parameter head: some hundred of them, where there are as many.
  init?(head: Data) {
    let bytes = [UInt8](head)
    if let known = Self.known.first(where: { $0.isBeginning(bytes) }) {
      self = known.content
    } else if let content = bytes.withUnsafeBytes({ ForeignContent($0) }) {
      self.init(content.name, content.remedy)
    } else if let text = Self.firstLine(bytes) {
      self.init("a text (“\(text)”)", "Give the file of the weights; where a server answered so, download it again.")
    } else {
      return nil
    }
  }

  private typealias Known = (isBeginning: @Sendable ([UInt8]) -> Bool, content: ForeignCheckpoint)

  private static let rewritten = "write its arrays, under PyTorch's names, with safetensors.numpy.save_file."
  private static let folded =
    "Give the checkpoint that it was exported from: an exported graph has other names, and its normalizations are folded into its convolutions."
  static let orbax = ForeignCheckpoint(
    "an Orbax checkpoint", "In Python, restore its folder with orbax.checkpoint.PyTreeCheckpointer().restore, and \(rewritten)")

  private static let known: [Known] = [
    ({ $0.starts(with: Array("GGUF".utf8)) }, ForeignCheckpoint("a GGUF file", "Give the checkpoint that it was converted from, as its publisher has it.")),
    ({ $0.count > 8 && $0[4..<8].elementsEqual("TFL3".utf8) }, ForeignCheckpoint("a TensorFlow Lite model", folded)),
    ({ $0.count > 8 && $0[4..<8].elementsEqual("ET12".utf8) }, ForeignCheckpoint("an ExecuTorch program", folded)),
    ({ isSavedModel($0) }, ForeignCheckpoint("the graph of a TensorFlow SavedModel", "Give the folder that it lies in, or variables/variables.index there.")),
    ({ isONNX($0) }, ForeignCheckpoint("an ONNX model", folded)),
    ({ isMessagePack($0) }, ForeignCheckpoint("a msgpack file, as flax writes it", "In Python, read it with flax.serialization.msgpack_restore, and \(rewritten)")),
    ({ $0.starts(with: [0x0C, 0xDB, 0x3A, 0x2A]) || contains($0, "\"tree_metadata\"") || contains($0, "\"zarr_format\"") }, orbax),
    ({ $0.first == UInt8(ascii: "{") }, ForeignCheckpoint("a JSON text", "Give the file of the weights, which may lie beside it.")),
  ]

  private static func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    bytes.first == UInt8(ascii: "{") && String(decoding: bytes, as: UTF8.self).contains(text)
  }

  /// Both are messages of protocol buffers that begin with a version, field 1, and have no mark of their own.
  private static func version(_ bytes: [UInt8]) -> UInt8? {
    bytes.count > 4 && bytes[0] == 0x08 && (1...20).contains(bytes[1]) ? bytes[1] : nil
  }

  /// Field 2 of a SavedModel (schema 1) is a whole graph; ONNX's is the short name of the program that made it.
  private static func isSavedModel(_ bytes: [UInt8]) -> Bool { version(bytes) == 1 && bytes[2] == 0x12 && bytes[3] >= 0x80 }

  /// ModelProto: the producer's name, its version, the domain, a number of the model, a text, the graph or the operator sets follow.
  private static func isONNX(_ bytes: [UInt8]) -> Bool {
    guard version(bytes) != nil, [0x12, 0x1A, 0x22, 0x28, 0x32, 0x3A, 0x42].contains(bytes[2]) else { return false }
    guard bytes[2] == 0x12 else { return true }
    let count = Int(bytes[3])
    return count < 0x80 && bytes.dropFirst(4).prefix(count).allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// A map whose first key is a text.
  private static func isMessagePack(_ bytes: [UInt8]) -> Bool {
    let start =
      switch bytes.first {
      case .some(0x81...0x8F): 1
      case .some(0xDE): 3
      case .some(0xDF): 5
      default: 0
      }
    guard start > 0, bytes.count > start + 2 else { return false }
    let isLong = bytes[start] == 0xD9
    guard isLong || (0xA1...0xBF).contains(bytes[start]) else { return false }
    let count = isLong ? Int(bytes[start + 1]) : Int(bytes[start] & 0x1F)
    return bytes.dropFirst(start + (isLong ? 2 : 1)).prefix(count).allSatisfy { (0x20...0x7E).contains($0) }
  }

  /// The beginning of the first line, where all bytes are text.
  private static func firstLine(_ bytes: [UInt8]) -> String? {
    guard bytes.count >= 4, bytes.allSatisfy({ (0x20...0x7E).contains($0) || (9...13).contains($0) }) else { return nil }
    let line = bytes.drop { $0 <= 0x20 }.prefix { $0 >= 0x20 }
    return line.isEmpty ? nil : String(decoding: line.prefix(40), as: UTF8.self) + (line.count > 40 ? "…" : "")
  }
}

// Archives and folders.
extension ForeignCheckpoint {
  /// What the names in a zip say, where they are those of a format.
  init?(zipMembers names: [String]) {
    func has(_ end: String) -> Bool { names.contains { $0 == end || $0.hasSuffix("/" + end) } }
    if has("model.weights.h5") || (has("metadata.json") && has("config.json") && names.contains { $0.hasSuffix(".h5") }) {
      self.init(
        "a .keras file", "In Python, keras.models.load_model(FILE).save(\"weights.h5\") writes the HDF5 that is read; give that.")
    } else if has("serialized_exported_program.json") || has("serialized_state_dict.pt") || (has("archive_format") && names.contains { $0.contains("models/") }) {
      self.init(
        "an exported program of PyTorch (.pt2)",
        "In Python, write torch.export.load(FILE).state_dict with safetensors.torch.save_file, and give that.")
    } else {
      return nil
    }
  }

  /// An archive that is none of a checkpoint's own: around one, or around something else.
  static func archive(_ kind: String, around names: [String]) -> ForeignCheckpoint {
    let held = names.filter(isNamedAsCheckpoint)
    guard let first = held.first else {
      return ForeignCheckpoint(
        "\(kind) of \(names.count) file\(names.count == 1 ? "" : "s") (\(firstFew(names))), none of them named as a checkpoint is",
        "Unpack it, and give the checkpoint that is in it.")
    }
    return ForeignCheckpoint(
      "\(kind) around \(firstFew(held))", held.count == 1 ? "Unpack it, and give \(first)." : "Unpack it, and give one of them.")
  }

  private static let endings = [
    ".pth", ".pt", ".tar", ".th", ".torch", ".ckpt", ".h5", ".hdf5", ".safetensors", ".bin", ".npz", ".npy", ".pkl", ".pickle", ".index", ".pt2", ".keras",
    ".onnx", ".msgpack", ".tgz", ".gz",
  ]

  static func isNamedAsCheckpoint(_ name: String) -> Bool { endings.contains { name.lowercased().hasSuffix($0) } }

  /// What the names in a folder say, where they are those of a checkpoint that is not read.
  init?(folderMembers names: Set<String>) {
    if !names.isDisjoint(with: ["_CHECKPOINT_METADATA", "_METADATA", "manifest.ocdbt", "ocdbt.process_0", "_sharding"]) {
      self = Self.orbax
    } else if names.contains(".metadata"), names.contains(where: { $0.hasSuffix(".distcp") }) {
      self.init(
        "a distributed checkpoint of PyTorch",
        "Make one file of it: python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER FILE.")
    } else {
      return nil
    }
  }
}

extension ContainersError {
  static func foreign(_ content: ForeignCheckpoint) -> ContainersError {
    ContainersError(.unknownContainer, "The file is no checkpoint that is read: it is \(content.name).", remedy: content.remedy)
  }

  static func foreignFolder(_ url: URL, _ content: ForeignCheckpoint) -> ContainersError {
    ContainersError(.unknownContainer, "The folder \(url.path) is no checkpoint that is read: it is \(content.name).", remedy: content.remedy)
  }
}

extension Signature {
  /// What a file is that has no container's mark.
  var foreign: ForeignCheckpoint? { ForeignCheckpoint(head: head) }
}
