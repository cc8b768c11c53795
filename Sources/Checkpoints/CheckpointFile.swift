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

  /// Opens a file in whatever container it is; the name of the file does not matter.
  ///
  /// The file is not trusted: a damaged or hostile one gives an error and runs nothing; what it can make the process do is
  /// bounded by `PickleLimits` and the like.
  ///
  /// - Throws: `CheckpointsError`.
  public static func open(_ url: URL) throws -> CheckpointFile {
    do {
      return try read(try FileByteSource(url), url: url)
    } catch let error as CheckpointsError where error.kind != .unreadable {
      throw error.naming(url)
    }
  }

  /// Reads a file whose bytes are in memory.
  static func read(_ source: any ByteSource, url: URL) throws -> CheckpointFile {
    guard source.byteCount > 0 else {
      throw CheckpointsError(.truncated, "The file is empty.", remedy: fetchAgain)
    }
    let signature = try Signature(source)
    guard let kind = signature.kind else {
      let bytes = signature.head.prefix(8).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
      throw CheckpointsError.unknownContainer(firstBytes: bytes.joined(separator: " "))
    }
    let contents: CheckpointContents
    switch kind {
    case .safetensors: contents = try SafetensorsContainer.read(source)
    // A zip, whose members tell which of the three it is.
    case .torchArchive, .torchScript, .numpyArchive: contents = try ZipContainers.read(source)
    case .torchLegacyStream: throw CheckpointsError.unsupported(kind)
    case .torchTar: throw CheckpointsError.unsupported(kind)
    case .plainPickle: throw CheckpointsError.unsupported(kind)
    case .hdf5: throw CheckpointsError.unsupported(kind)
    case .numpyArray: throw CheckpointsError.unsupported(kind)
    case .tensorFlowBundle: throw CheckpointsError.unsupported(kind)
    }
    return CheckpointFile(
      url: url, container: contents.container ?? kind, root: contents.root, metadata: contents.metadata, source: source)
  }

  /// Every array of the file, named by its keys joined with dots, in the file's order.
  public func arrays() throws -> [NamedArray] { try root.arrays() }

  /// The size of the file in bytes.
  public var byteCount: Int { source.byteCount }

  /// The SHA-256 of the whole file, of the same open file that the arrays are read from.
  public func sha256Hex() throws -> String {
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

extension CheckpointsError {
  /// The same error with the file's name in front, so that a person who gave many files knows which it is.
  func naming(_ url: URL) -> CheckpointsError {
    CheckpointsError(kind, "\(url.lastPathComponent): \(problem)", remedy: remedy)
  }
}
