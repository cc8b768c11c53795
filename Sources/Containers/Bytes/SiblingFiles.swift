internal import Foundation

/// The files beside a checkpoint that spans several, by their plain names.
///
/// What names them is not trusted, so no name leads out of the folder: neither a path nor `..` is opened.
struct SiblingFiles: Sendable {
  /// The source of a file's bytes, where it is for a person, or nil when there is no such file.
  private let find: @Sendable (String) throws -> CheckpointPart?

  init(_ find: @escaping @Sendable (String) throws -> CheckpointPart?) { self.find = find }

  /// For bytes that come from no folder.
  static let none = SiblingFiles { _ in nil }

  static func folder(_ folder: URL) -> SiblingFiles {
    SiblingFiles { name in
      let url = folder.appendingPathComponent(name)
      guard FileManager.default.fileExists(atPath: url.path) else { return nil }
      return CheckpointPart(url: url, source: try FileByteSource(url))
    }
  }

  static func isPlain(_ name: String) -> Bool {
    !name.isEmpty && name != "." && name != ".." && !name.contains { $0 == "/" || $0 == "\\" || $0 == "\0" }
  }

  /// The file of that name.
  ///
  /// - Throws: `ContainersError` when the name is a path or there is no such file.
  func open(_ name: String) throws -> CheckpointPart {
    guard Self.isPlain(name) else { throw ContainersError.partOutsideFolder(name) }
    return try find(name).orThrow(ContainersError.missingPart(name))
  }
}

/// One of the files that hold a checkpoint.
struct CheckpointPart: Sendable {
  let url: URL
  let source: any ByteSource
}
