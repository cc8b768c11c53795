package import Datasets
package import Foundation

/// A folder of made-up files that lives as long as one test.
package final class TemporaryData {
  package let url: URL

  package init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("datasets-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  package var path: String { url.path }

  package func path(_ relative: String) -> String { url.path + "/" + relative }

  /// Writes files with their path as content; resolving opens no image.
  package func touch(_ paths: [String]) throws {
    for path in paths { try write(path, to: path) }
  }

  package func write(_ text: String, to path: String) throws {
    let file = url.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }
}

extension DatasetSplits {
  package var all: [Sample] { training + validation + test }
}
