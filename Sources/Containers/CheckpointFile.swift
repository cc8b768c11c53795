public import Foundation
internal import Foundations

/// A checkpoint that was opened: its structure is known, its arrays are read from the file on request.
public struct CheckpointFile: Sendable {
  public let url: URL
  public let container: ContainerKind
  /// The tree of the file's values. For safetensors, one dictionary of arrays.
  public let root: CheckpointNode
  /// The `__metadata__` of a safetensors file; empty for other containers.
  public let metadata: [String: String]
  let source: any ByteSource
  var otherParts: [CheckpointPart] = []
  /// Classes and functions that Python would call to read the file, and that are none of PyTorch's, NumPy's or its own collections: in
  /// their order, each once. Here none is called; a file that names some is no state dict alone.
  public private(set) var calledNames: [String] = []

  /// Opens a file in whatever container it is; the name of the file does not matter.
  ///
  /// A checkpoint of several files is given by its index; a TensorFlow bundle also by its folder, by its prefix or by one
  /// of its data files.
  ///
  /// The file is not trusted: a damaged or hostile one gives an error and runs nothing; what it can make the process do is
  /// bounded by `PickleLimits` and the like.
  ///
  /// - Throws: `ContainersError`.
  public static func open(_ url: URL) throws -> CheckpointFile {
    let url = try CheckpointLocation.mainFile(of: url)
    do {
      return try read(try FileByteSource(url), url: url, siblings: .folder(url.deletingLastPathComponent()))
    } catch let error as ContainersError where error.kind != .unreadable {
      throw error.naming(url)
    }
  }

  /// Reads a file from its bytes; `siblings` are the files beside it.
  static func read(_ source: any ByteSource, url: URL, siblings: SiblingFiles = .none) throws -> CheckpointFile {
    guard source.byteCount > 0 else {
      throw ContainersError(.truncated, "The file is empty.", remedy: fetchAgain)
    }
    let signature = try Signature(source)
    guard let kind = signature.kind else {
      if let foreign = signature.foreign { throw ContainersError.foreign(foreign) }
      let bytes = signature.head.prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
      throw ContainersError.unknownContainer(firstBytes: bytes.joined(separator: " "))
    }
    let contents = try kind.container.read(source, name: url.lastPathComponent, siblings: siblings)
    return CheckpointFile(
      url: url, container: contents.container ?? kind, root: contents.root, metadata: contents.metadata, source: source,
      otherParts: contents.otherParts, calledNames: contents.calledNames)
  }

  /// Every array of the file, named by its keys joined with dots, in the file's order.
  public func arrays() throws -> [NamedArray] { try root.arrays() }

  /// All files that hold the checkpoint, the one that was opened first.
  public var parts: [URL] { [url] + otherParts.map(\.url) }

  /// The size of every part in bytes, in the order of `parts`.
  public var partByteCounts: [Int] { [source.byteCount] + otherParts.map(\.source.byteCount) }

  /// The size of all parts in bytes.
  public var byteCount: Int { otherParts.reduce(source.byteCount) { $0 + $1.source.byteCount } }

  /// The SHA-256 of the file that was opened, of the same open file that the arrays are read from.
  public func sha256Hex() throws -> String { try Self.sha256Hex(of: source) }

  /// The SHA-256 of every part, in the order of `parts`.
  public func partDigests() throws -> [String] {
    try [sha256Hex()] + otherParts.map { try Self.sha256Hex(of: $0.source) }
  }

  private static func sha256Hex(of source: any ByteSource) throws -> String {
    let hasher = Digest.Hasher()
    var done = 0
    while done < source.byteCount {
      let piece = try source.read(offset: done, count: min(1 << 20, source.byteCount - done))
      hasher.update(piece)
      done += piece.count
    }
    return hasher.finalizeHex()
  }
}

extension ContainersError {
  /// The same error with the file's name in front, so that a person who gave many files knows which it is.
  func naming(_ url: URL) -> ContainersError {
    ContainersError(kind, "\(url.lastPathComponent): \(problem)", remedy: remedy)
  }
}
