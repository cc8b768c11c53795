internal import Foundation

/// A format's reader: what the format is called, how it is recognized, and how a file becomes a tree of arrays.
protocol CheckpointContainer {
  /// The name in files, such as `torchArchive`; never changed.
  static var name: String { get }
  /// A word or two for a table.
  static var shortName: String { get }
  /// What a person would call it, with its article.
  static var description: String { get }
  /// What to do about a file that is recognized but not read.
  static var resaveAdvice: String { get }

  /// Whether the first and last bytes of a file carry the format's mark.
  static func recognizes(_ signature: Signature) -> Bool
  /// Reads structure only; array bytes stay in the file until they are asked for.
  ///
  /// - Parameters:
  ///   - name: The file's name, for a format whose other files are called after it.
  ///   - siblings: The files beside it.
  static func read(_ source: any ByteSource, name: String, siblings: SiblingFiles) throws -> CheckpointContents
}

extension CheckpointContainer {
  static var kind: ContainerKind { ContainerKind(Self.self) }
  static var resaveAdvice: String { "Load it in Python and write its arrays, under PyTorch's names, with safetensors.torch.save_file." }
}

/// A format of one file, whose name says nothing.
protocol SingleFileContainer: CheckpointContainer {
  static func read(_ source: any ByteSource) throws -> CheckpointContents
}

extension SingleFileContainer {
  static func read(_ source: any ByteSource, name: String, siblings: SiblingFiles) throws -> CheckpointContents { try read(source) }
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
  var kind: ContainerKind? { ContainerKind.allCases.first { $0.container.recognizes(self) } }

  /// Whether the file begins with these bytes.
  func begins(with bytes: [UInt8]) -> Bool { head.starts(with: bytes) }
  /// A pickle of protocol 2 to 5: older ones have no mark.
  var isPickle: Bool { head.count >= 2 && head[0] == 0x80 && (2...5).contains(head[1]) }
}
