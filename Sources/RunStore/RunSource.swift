public import Foundation
public import Foundations

/// Where the files of a study's runs are read from: the folder they were written to, or an archive that was unpacked in memory.
///
/// Paths are relative to the study's output, such as `TXC/ImageNet/seed1-0123456789ab/predictions.csv`. What is computed from a
/// source depends on these bytes alone, so a folder and an archive of it give the same numbers.
public protocol RunSource: Sendable {
  /// The bytes of a file; nil where there is none.
  func bytes(_ path: String) throws -> Data?
  /// Whether a process works on the run in this folder now.
  func isInWork(_ run: String) throws -> Bool
  /// The folders that are runs by their place, `<task>/<initialization>/seed…`, sorted.
  func runs() throws -> [String]
  /// The names of the folders in a folder, sorted; none where there is no such folder.
  func folders(in path: String) throws -> [String]
  /// The files in a folder, as paths, sorted; none where there is no such folder.
  func paths(in folder: String) throws -> [String]
  /// What a message calls a file.
  func url(_ path: String) -> URL
  /// By what it can be told without reading it that a file is as it was; nil where there is none, or it has to be read.
  func signature(_ path: String) -> FileSignature?
  /// The size and the SHA-256 of a file, read whole; nil where there is none.
  func content(_ path: String) throws -> (byteCount: Int, sha256: String)?
  /// Keeps a text that spares reading files again, where that is possible. Losing it costs time, nothing else.
  func remember(_ text: String, _ path: String)
}

extension RunSource {
  public func signature(_: String) -> FileSignature? { nil }

  public func content(_ path: String) throws -> (byteCount: Int, sha256: String)? {
    try bytes(path).map { ($0.count, Digest.sha256Hex(of: $0)) }
  }

  public func remember(_: String, _: String) {}
}

/// The runs below a study's output.
public struct RunFolderSource: RunSource {
  public let output: URL

  public init(_ output: URL) { self.output = output }

  public func url(_ path: String) -> URL { path.isEmpty ? output : output.appendingPathComponent(path) }

  /// A gzipped file is inflated.
  public func bytes(_ path: String) throws -> Data? { try FileBytes.read(self.path(path)) }

  private func path(_ path: String) -> String { path.isEmpty ? output.path : "\(output.path)/\(path)" }

  public func isInWork(_ run: String) throws -> Bool { try Lease.isHeld(inFolder: path(run)) }

  public func signature(_ path: String) -> FileSignature? { FileSignature(path: self.path(path)) }

  /// Weights are read by pieces; of a gzipped text it is what the text holds.
  public func content(_ path: String) throws -> (byteCount: Int, sha256: String)? {
    guard path.hasSuffix(RunReader.weightsFileName) else { return try bytes(path).map { ($0.count, Digest.sha256Hex(of: $0)) } }
    guard let signature = signature(path) else {
      let number = errno
      if number == ENOENT || number == ENOTDIR { return nil }
      throw FoundationsError.unreadable(url(path), errno: number)
    }
    return (signature.size, try Digest.sha256Hex(ofFile: url(path)))
  }

  /// Not synced: it may be lost. The folder may be one that cannot be written to.
  public func remember(_ text: String, _ path: String) {
    try? AtomicFile.write(to: url(path), isDurable: false) { try $0.write(Data(text.utf8)) }
  }

  public func paths(in folder: String) throws -> [String] {
    (try FolderListing.namesIfAny(in: path(folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted().map { "\(folder)/\($0)" }
  }

  /// A listing that breaks off is an error: a run that is not seen would be missing in a report, in silence.
  public func runs() throws -> [String] {
    try folders(in: "").flatMap { task in
      try folders(in: task).flatMap { initialization in
        try folders(in: "\(task)/\(initialization)").filter { $0.hasPrefix("seed") }.map { "\(task)/\(initialization)/\($0)" }
      }
    }
  }

  public func folders(in path: String) throws -> [String] { try FolderListing.folders(in: self.path(path)) }
}

/// The files of runs in memory, by path.
public struct RunArchiveSource: RunSource {
  public let name: String
  private let files: [String: Data]
  private let folders: [String]
  /// What is in the folders below runs.
  private let foldersOfRuns: [String: [String]]

  /// - Parameter name: what messages call the archive.
  public init(_ files: [String: Data], name: String) {
    self.files = files
    self.name = name
    let parts = files.keys.map { $0.split(separator: "/") }
    let runs = parts.filter { $0.count > 3 && $0[2].hasPrefix("seed") }.map { $0.prefix(3).joined(separator: "/") }
    folders = Set(runs).sorted()
    var inside: [String: Set<String>] = [:]
    for path in parts where path.count > 4 {
      for depth in 3..<path.count - 1 { inside[path[..<depth].joined(separator: "/"), default: []].insert(String(path[depth])) }
    }
    foldersOfRuns = inside.mapValues { $0.sorted() }
  }

  public func url(_ path: String) -> URL { URL(fileURLWithPath: name).appendingPathComponent(path) }
  public func bytes(_ path: String) -> Data? { files[path] }
  public func isInWork(_: String) -> Bool { false }
  public func runs() -> [String] { folders }
  public func folders(in path: String) -> [String] { foldersOfRuns[path] ?? [] }
  public func paths(in folder: String) -> [String] {
    files.keys.filter { $0.hasPrefix("\(folder)/") && !$0.dropFirst(folder.count + 1).contains("/") }.sorted()
  }
}
