public import Foundation
internal import Synchronization

/// The SHA-256 of files, remembered so that a file is read for it once and not at every start.
///
/// A remembered digest counts only while the file still has the same inode, size, time of modification and time of status change.
/// Nobody can set the last one: whatever changes a file's bytes moves it on, also `cp -p` and `touch`. Clocks have steps, though, so
/// a file that was changed within two seconds before it was read is not remembered: it could change once more within the same step.
///
/// The memory is a file: one line a file, only ever appended to, each with a checksum of its own, so that a
/// line which a killed process left half is passed over. Losing it costs time, nothing else.
public final class RememberedDigests: Sendable {
  private struct State {
    var known: [String: (signature: FileSignature, digest: String)] = [:]
    var unsaved: [String] = []
  }

  private let file: URL
  private let state: Mutex<State>

  /// - Parameter file: need not be there.
  public init(_ file: URL) {
    self.file = file
    var state = State()
    for line in ((try? String(contentsOf: file, encoding: .utf8)) ?? "").split(separator: "\n") {
      // checksum, inode, size, modified, changed, digest, path
      let words = line.split(separator: " ", maxSplits: 6, omittingEmptySubsequences: false)
      guard words.count == 7, Self.checksum(line.dropFirst(words[0].count + 1)) == words[0], let signature = FileSignature(words[1..<5])
      else { continue }
      state.known[String(words[6])] = (signature, String(words[5]))
    }
    self.state = Mutex(state)
  }

  /// The digest of a file that is as it was when it was last read; nil where it has to be read.
  public func known(_ url: URL) -> String? {
    guard let signature = FileSignature(url), let found = state.withLock({ $0.known[url.path] }), found.signature == signature else { return nil }
    return found.digest
  }

  /// The digest of a file, read if need be.
  public func digest(of url: URL) throws -> String {
    if let known = known(url) { return known }
    let before = FileSignature(url)
    let digest = try Digest.sha256Hex(ofFile: url)
    if let before, before.isSettled, before == FileSignature(url) { remember(url, before, digest) }
    return digest
  }

  private func remember(_ url: URL, _ signature: FileSignature, _ digest: String) {
    // A path with a line break would break the line.
    guard !url.path.contains("\n") else { return }
    let line = "\(signature.words) \(digest) \(url.path)"
    state.withLock {
      $0.known[url.path] = (signature, digest)
      $0.unsaved.append("\(Self.checksum(line[...])) \(line)\n")
    }
  }

  /// Appends what was learned since the last time.
  public func save() throws {
    let lines = state.withLock { state in
      defer { state.unsaved = [] }
      return state.unsaved
    }
    guard !lines.isEmpty else { return }
    try AtomicFile.makePlace(for: .file, at: file)
    let descriptor = open(file.path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FoundationsError.unwritable(file, errno: errno) }
    defer { close(descriptor) }
    // A line break first ends what a killed process may have left half.
    var rest = Array(("\n" + lines.joined()).utf8)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FoundationsError.unwritable(file, errno: errno) }
      rest = rest.dropFirst(count)
    }
  }

  private static func checksum(_ line: Substring) -> String { String(Digest.sha256Hex(of: String(line)).prefix(12)) }
}
