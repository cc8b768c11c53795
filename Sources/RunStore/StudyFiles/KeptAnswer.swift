public import Foundation
internal import Foundations

/// What was found out of a task's files and is kept below a study's output, so that they are opened for it once.
///
/// Losing it costs time, nothing else: one that is damaged, or of files that have changed since, is no answer.
public struct KeptAnswer<Value: Codable>: VouchedRecord {
  /// Changes when any of the files does.
  let key: String
  let value: Value
  var checksum: String?

  private init(key: String, value: Value) {
    (self.key, self.value) = (key, value)
    checksum = digestOfContent()
  }

  /// - Returns: nil where nothing is kept of these files.
  public static func read(_ path: String, key: String, in output: URL) -> Value? {
    guard let kept = (try? StudyFiles.read(Self.self, at: path, from: RunFolderSource(output))) ?? nil, kept.key == key else { return nil }
    return kept.value
  }

  public static func keep(_ value: Value, key: String, at path: String, in output: URL) {
    let place = output.appendingPathComponent(path)
    guard let text = try? CanonicalJSON.encodePretty(Self(key: key, value: value)) else { return }
    try? AtomicFile.makeFolder(place.deletingLastPathComponent())
    try? AtomicFile.writeIfChanged(text, to: place)
  }
}
