public import Foundation

/// Files that are either there whole or not there at all.
///
/// The bytes go to a temporary file in the same folder, which is synced, renamed over the target, and its folder synced.
/// A process killed at any moment leaves the old file or the new one, and at worst a temporary file whose name starts
/// with a dot, which `removeLeftovers` clears. A failed write removes its temporary file.
public enum AtomicFile {
  /// What the name of a temporary file starts with.
  static let temporaryPrefix = ".partial-"
  private static let processWord = String(UInt32.random(in: .min ... .max), radix: 36)

  public static func write(_ data: Data, to url: URL) throws {
    try write(to: url) { try $0.write(data) }
  }

  public static func write(_ text: String, to url: URL) throws { try write(Data(text.utf8), to: url) }

  /// Writes a file that has not these very bytes, and leaves one that has them untouched.
  public static func writeIfChanged(_ data: Data, to url: URL) throws {
    if let there = try? Data(contentsOf: url), there == data { return }
    try write(data, to: url)
  }

  /// Writes a file where there is none. Of several processes that do so at once one's file stands, whole, and the others leave it.
  public static func writeIfAbsent(_ data: Data, to url: URL) throws {
    if access(url.path, F_OK) == 0 { return }
    // Named after no other temporary file: `write` makes and renames one of its own.
    let own = url.deletingLastPathComponent().appendingPathComponent("\(temporaryPrefix)\(getpid())-new-\(url.lastPathComponent)")
    try write(data, to: own)
    defer { unlink(own.path) }
    if uninterrupted({ link(own.path, url.path) }) == 0 { return try synchronize(folder: url.deletingLastPathComponent()) }
    // File systems without second names have no such exclusion.
    if errno != EEXIST { try write(data, to: url) }
  }

  /// Writes in pieces: for files too large to hold in memory.
  ///
  /// - Parameter isDurable: whether it has to survive a loss of power; what only saves time need not.
  public static func write(to url: URL, isDurable: Bool = true, _ body: (Writer) throws -> Void) throws {
    let folder = url.deletingLastPathComponent()
    try WriteGuard.check(url, isThorough: false)
    // Processes of two machines may have one number.
    let temporary = folder.appendingPathComponent("\(temporaryPrefix)\(getpid())-\(processWord)-\(url.lastPathComponent)")
    let descriptor = open(temporary.path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw FoundationsError.unwritable(url, errno: errno) }
    // Tells `removeAbandoned` that somebody is at it; where there are no locks, the time of the last write has to do.
    _ = flock(descriptor, LOCK_EX | LOCK_NB)
    var isOpen = true
    do {
      try body(Writer(descriptor: descriptor, target: url))
      if isDurable, uninterrupted({ fsync(descriptor) }) != 0 { throw FoundationsError.unwritable(url, errno: errno) }
      isOpen = false
      guard close(descriptor) == 0 else { throw FoundationsError.unwritable(url, errno: errno) }
      try WriteGuard.check(url)
      guard uninterrupted({ rename(temporary.path, url.path) }) == 0 else { throw FoundationsError.unwritable(url, errno: errno) }
    } catch {
      if isOpen { close(descriptor) }
      unlink(temporary.path)
      throw error
    }
    if isDurable { try synchronize(folder: folder) }
  }

  /// Syncs a folder, so that names made or removed in it survive a loss of power.
  public static func synchronize(folder: URL) throws {
    let descriptor = open(folder.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FoundationsError.unreadable(folder, errno: errno) }
    defer { close(descriptor) }
    // Some network file systems refuse to sync a folder; the rename itself is still atomic there.
    guard uninterrupted({ fsync(descriptor) }) == 0 || errno == EINVAL else { throw FoundationsError.unwritable(folder, errno: errno) }
  }

  /// Whether a name is that of a temporary file.
  public static func isTemporary(_ name: String) -> Bool { name.hasPrefix(temporaryPrefix) }

  /// Removes temporary files from a folder that no lease is held of, such as the output of a study: those that nobody has written to for
  /// a minute, and whose writer does not hold the lock that `write` takes. What cannot be removed stays.
  public static func removeAbandoned(in folder: URL, olderThan seconds: Double = 60) {
    for name in (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] where isTemporary(name) {
      let path = folder.appendingPathComponent(name).path
      let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
      guard descriptor >= 0 else { continue }
      defer { close(descriptor) }
      var status = stat()
      guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
        Date().timeIntervalSince1970 - Double(FileSignature(path: path)?.modified ?? .max) / 1e9 > seconds,
        flock(descriptor, LOCK_EX | LOCK_NB) == 0
      else { continue }
      unlink(path)
    }
  }

  /// Removes temporary files that killed processes left in a folder. Only the holder of the folder's lease may call it.
  public static func removeLeftovers(in folder: URL) throws {
    for name in try FolderListing.names(in: folder.path) where name.hasPrefix(temporaryPrefix) {
      unlink(folder.appendingPathComponent(name).path)
    }
  }

  /// Throws where there is a file already, unless it may be replaced. For a result that a person named, before the work on it.
  public static func requireFree(_ url: URL, mayReplace: Bool) throws {
    guard mayReplace || !FileManager.default.fileExists(atPath: url.path) else { throw FoundationsError.existing(url) }
  }

  /// Makes a folder and those above it.
  public static func makeFolder(_ url: URL) throws {
    if uninterrupted({ mkdir(url.path, 0o777) }) == 0 { return }
    var number = errno
    if number == ENOENT, url.path != "/", !url.path.isEmpty {
      try makeFolder(url.deletingLastPathComponent())
      if uninterrupted({ mkdir(url.path, 0o777) }) == 0 { return }
      number = errno
    }
    // Another process may have made it, and a disk that is read only may have it.
    if isFolder(url.path) { return }
    throw FoundationsError.unwritable(url, errno: number == EEXIST ? ENOTDIR : number)
  }

  private static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static let asidePrefix = ".aside-"

  /// Whether a name is that of something that `makePlace` moved.
  public static func isAside(_ name: String) -> Bool { name.hasPrefix(asidePrefix) }

  /// What a name of the program's own is to be.
  public enum Kind: Sendable { case file, folder }

  /// Moves aside what has the name of a file or a folder of ours and is none: a folder, a pipe or a link that leads nowhere in a file's
  /// place, a file in a folder's. Nothing could be written there, and it is not ours to remove. Only for names that no person chose.
  ///
  /// - Returns: what is to be said of it; nil where there was nothing to do.
  @discardableResult
  public static func makePlace(for kind: Kind, at url: URL) throws -> String? {
    var own = stat(), status = stat()
    guard lstat(url.path, &own) == 0 else { return nil }
    // What is right is never touched, also where it goes or comes in this moment: another process may work with it.
    let wanted = kind == .file ? S_IFREG : S_IFDIR
    if own.st_mode & S_IFMT == wanted { return nil }
    let isThere = stat(url.path, &status) == 0, type = status.st_mode & S_IFMT
    if isThere, type == wanted { return nil }
    // What cannot be looked at now may well be what it should be.
    if !isThere, errno != ENOENT, errno != ELOOP, errno != ENOTDIR { throw FoundationsError.unreadable(url, errno: errno) }
    try WriteGuard.check(url)
    let name = url.lastPathComponent, folder = url.deletingLastPathComponent()
    for number in 1... {
      let aside = folder.appendingPathComponent("\(asidePrefix)\(number)-\(name)")
      if lstat(aside.path, &own) == 0 { continue }
      guard uninterrupted({ rename(url.path, aside.path) }) == 0 else {
        if errno == ENOENT { return nil }
        throw FoundationsError.unwritable(url, errno: errno)
      }
      let what = !isThere ? "a link that leads nowhere" : type == S_IFDIR ? "a folder" : type == S_IFREG ? "a file" : "no \(kind == .file ? "regular file" : "folder")"
      return "\(name) was \(what), which is \(aside.lastPathComponent) now."
    }
    return nil
  }

  /// An open file that takes every byte it is given or throws.
  public struct Writer {
    let descriptor: Int32
    let target: URL

    public func write(_ data: Data) throws {
      try data.withUnsafeBytes { try write($0) }
    }

    public func write(_ bytes: UnsafeRawBufferPointer) throws {
      var rest = bytes[...]
      while !rest.isEmpty {
        let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          throw FoundationsError.unwritable(target, errno: errno)
        }
        rest = rest.dropFirst(count)
      }
    }
  }
}

/// Makes a call of the system again for as long as a signal interrupts it, as those of network file systems may be.
public func uninterrupted(_ call: () -> Int32) -> Int32 {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}
