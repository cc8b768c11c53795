import Foundation
import Testing

@testable import Datasets

/// A folder of made-up files that lives as long as one test.
final class TemporaryData {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("datasets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var path: String { url.path }

  func path(_ relative: String) -> String { url.path + "/" + relative }

  /// Writes files with their path as content; resolving opens no image.
  func touch(_ paths: [String]) throws {
    for path in paths { try write(path, to: path) }
  }

  func write(_ text: String, to path: String) throws {
    let file = url.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}

extension DatasetSplits {
  var all: [Sample] { training + validation + test }
}

extension Tag {
  /// Runs on real images, which lie outside the repository.
  @Tag static var data: Self
}

/// The real images, in the folder that MEDTRANSFER_DATA names or beside the repository.
enum RealData {
  static let root: URL? = {
    let named = ProcessInfo.processInfo.environment["MEDTRANSFER_DATA"].map { URL(fileURLWithPath: $0) }
    let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let beside = repository.resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("shared/data")
    let candidates = named.map { [$0] } ?? [beside]
    return candidates.first { FileManager.default.fileExists(atPath: $0.path) }
  }()

  static let isThere = root != nil
  static let absence: Comment = "The real images are not there: set MEDTRANSFER_DATA to their folder."

  static func path(_ relative: String) throws -> String { try #require(root).path + "/" + relative }
}
