public import Foundation

/// What changes when a file changes: its inode, size, time of modification and time of status change.
///
/// Nobody can set the last one: whatever changes a file's bytes moves it on, also `cp -p` and `touch`.
public struct FileSignature: Hashable, Sendable {
  public let inode, size: Int
  /// Nanoseconds since 1970.
  public let modified, changed: Int

  /// nil for a file that is not there.
  public init?(_ url: URL) { self.init(path: url.path) }

  /// The same for a path: a report looks at hundreds of thousands of files.
  public init?(path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    inode = Int(truncatingIfNeeded: status.st_ino)
    size = Int(status.st_size)
    modified = Self.nanoseconds(status.modificationTime)
    changed = Self.nanoseconds(status.changeTime)
  }

  /// From what `words` gives.
  public init?(_ words: ArraySlice<Substring>) {
    let numbers = words.compactMap { Int($0) }
    guard numbers.count == 4 else { return nil }
    (inode, size, modified, changed) = (numbers[0], numbers[1], numbers[2], numbers[3])
  }

  public var words: String { "\(inode) \(size) \(modified) \(changed)" }

  private static func nanoseconds(_ time: timespec) -> Int { Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec) }

  /// Whether enough time has passed since the last change.
  public var isSettled: Bool {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    return Self.nanoseconds(now) - max(changed, modified) > 2_000_000_000
  }
}

extension stat {
  #if canImport(Darwin)
    fileprivate var modificationTime: timespec { st_mtimespec }
    fileprivate var changeTime: timespec { st_ctimespec }
  #else
    fileprivate var modificationTime: timespec { st_mtim }
    fileprivate var changeTime: timespec { st_ctim }
  #endif
}
