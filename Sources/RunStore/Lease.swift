public import Foundation
internal import Foundations

/// The right to work on a run, held by at most one process.
///
/// It is a lock by `flock` on the file `lease` of the run's folder. The kernel releases it when the process ends, however
/// it ends, so a lease never outlives its holder and no clock is compared. The file itself stays.
public final class Lease {
  private let descriptor: Int32
  public let url: URL

  private init(descriptor: Int32, url: URL) {
    self.descriptor = descriptor
    self.url = url
  }

  deinit { close(descriptor) }

  /// Takes the lease of a run's folder, or returns nil when another holds it.
  public static func acquire(in folder: URL) throws -> Lease? {
    let url = folder.appendingPathComponent("lease")
    // Whoever looks whether the lease is held holds it for a moment, and must not make a worker stand back.
    for attempt in 0..<5 {
      if attempt > 0 { usleep(20_000) }
      if let lease = try attemptToAcquire(url) { return lease }
    }
    return nil
  }

  /// Whether a process holds the lease of a run's folder now.
  public static func isHeld(in folder: URL) throws -> Bool { try isHeld(inFolder: folder.path) }

  /// The same for a path: a report asks it of thousands of runs. A folder that is not there has no lease.
  static func isHeld(inFolder folder: String) throws -> Bool {
    let path = "\(folder)/lease"
    func failed(_ number: Int32) -> RunStoreError { .leaseFailed(URL(fileURLWithPath: path), errno: number) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      let number = errno
      if number == ENOENT || number == ENOTDIR { return false }
      throw failed(number)
    }
    defer { close(descriptor) }
    if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return false }
    let number = errno
    guard number == EWOULDBLOCK else { throw failed(number) }
    return true
  }

  private static func attemptToAcquire(_ url: URL) throws -> Lease? {
    let descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw RunStoreError.leaseFailed(url, errno: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let number = errno
      close(descriptor)
      if number == EWOULDBLOCK { return nil }
      throw RunStoreError.leaseFailed(url, errno: number)
    }
    // Who holds it, for people; nothing reads it back.
    var name = [CChar](repeating: 0, count: 256)
    let host = gethostname(&name, name.count - 1) == 0 ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : "?"
    let holder = Array("\(host) \(getpid())\n".utf8)
    _ = holder.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    _ = ftruncate(descriptor, off_t(holder.count))
    return Lease(descriptor: descriptor, url: url)
  }
}
