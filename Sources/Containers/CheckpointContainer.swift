internal import Foundation

/// The file formats in which checkpoints are published. A closed list: every one is recognized by its bytes alone.
public enum ContainerKind: String, Codable, CaseIterable, Sendable {
  case safetensors
  case shardedSafetensors
  case torchArchive
  case torchScript
  case torchLegacyStream
  case torchTar
  case plainPickle
  case hdf5
  case numpyArchive
  case numpyArray
  case tensorFlowBundle

  /// What a person would call it, with its article.
  public var description: String {
    switch self {
    case .safetensors: "a safetensors file"
    case .shardedSafetensors: "the index of sharded safetensors"
    case .torchArchive: "a torch.save archive (zip)"
    case .torchScript: "a TorchScript archive"
    case .torchLegacyStream: "a torch.save stream from before PyTorch 1.6"
    case .torchTar: "a torch.save tar from before PyTorch 0.1.10"
    case .plainPickle: "a plain Python pickle"
    case .hdf5: "an HDF5 file (Keras)"
    case .numpyArchive: "a NumPy archive (npz)"
    case .numpyArray: "a NumPy array (npy)"
    case .tensorFlowBundle: "the index of a TensorFlow bundle"
    }
  }

  /// What to do about a container that is recognized but not read.
  var resaveAdvice: String {
    switch self {
    case .safetensors, .shardedSafetensors, .torchArchive, .torchLegacyStream, .torchTar:
      "Load it in Python with torch.load and write its state_dict with safetensors.torch.save_file."
    case .torchScript:
      "Load it in Python with torch.jit.load and write its state_dict with safetensors.torch.save_file."
    case .plainPickle, .hdf5, .numpyArchive, .numpyArray, .tensorFlowBundle:
      "Load it in Python and write its arrays, under PyTorch's names, with safetensors.torch.save_file."
    }
  }
}

/// A format's reader: recognizes its own files and reads them into a tree of arrays.
protocol CheckpointContainer {
  static var kind: ContainerKind { get }
  /// Reads structure only; array bytes stay in the file until they are asked for.
  static func read(_ source: any ByteSource) throws -> CheckpointContents
}

/// What a container's reader gives.
struct CheckpointContents: Sendable {
  var root: CheckpointNode
  /// What the file is, where its first bytes only say that it is a zip; nil when they told.
  var container: ContainerKind?
  var metadata: [String: String] = [:]
  /// The files beside the one given that hold arrays, for a container of several.
  var otherParts: [CheckpointPart] = []
  /// What a pickle would call in Python that is none of PyTorch's or NumPy's; empty for other formats.
  var calledNames: [String] = []
}

/// The first and last bytes of a file, enough to tell its container.
struct Signature {
  static let headByteCount = 512
  let head: Data
  let tail: Data
  let byteCount: Int

  init(_ source: any ByteSource) throws {
    byteCount = source.byteCount
    head = try source.read(offset: 0, count: min(Self.headByteCount, byteCount))
    let count = min(8, byteCount)
    tail = try source.read(offset: byteCount - count, count: count)
  }

  /// The container whose mark the bytes carry; nil when they carry none.
  ///
  /// A zip is called a torch archive here; whether it is TorchScript or npz is seen from its members.
  var kind: ContainerKind? {
    if head.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return .torchArchive }
    if isLegacyStream { return .torchLegacyStream }
    if head.starts(with: [0x89, 0x48, 0x44, 0x46]) { return .hdf5 }
    if head.starts(with: [0x93] + Array("NUMPY".utf8)) { return .numpyArray }
    if isTar { return .torchTar }
    if isSafetensorsIndex { return .shardedSafetensors }
    if isSafetensors { return .safetensors }
    if head.count >= 2, head[0] == 0x80, (2...5).contains(head[1]) { return .plainPickle }
    if tail.elementsEqual([0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]) { return .tensorFlowBundle }
    return nil
  }

  /// The number 0x1950a86a20f9469cfc6c and the end of its pickle.
  static let legacyMagic: [UInt8] = [0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, 0x2E]

  /// A pickle of the magic number, in a frame of nine bytes from protocol 4 on.
  private var isLegacyStream: Bool {
    guard head.count >= 2, head[0] == 0x80, (2...5).contains(head[1]) else { return false }
    return [2, 11].contains { head.dropFirst($0).starts(with: Self.legacyMagic) }
  }

  /// POSIX tar says `ustar` at byte 257; an older tar only has its first member's name.
  private var isTar: Bool {
    if head.count >= 262, head[257..<262].elementsEqual("ustar".utf8) { return true }
    guard head.count >= 512 else { return false }
    return ["sys_info", "pickle", "tensors", "storages"].contains { head.starts(with: Array($0.utf8) + [0]) }
  }

  /// A JSON object whose first key is one of the two that such an index has.
  private var isSafetensorsIndex: Bool {
    let text = head.filter { ![0x20, 0x09, 0x0A, 0x0D].contains($0) }
    return ["{\"weight_map\":", "{\"metadata\":"].contains { text.starts(with: Array($0.utf8)) }
  }

  private var isSafetensors: Bool { head.count >= 9 && head[8] == UInt8(ascii: "{") }
}
