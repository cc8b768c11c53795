public import Foundation
internal import Foundations
internal import Synchronization

/// The right to work on a run, held by at most one process.
///
/// It is two things. A lock by `flock` on the file `lease` of the run's folder, which the kernel releases when the process ends, however it
/// ends; on a local file system that is all that is needed. And a claim (`Claims`), since on many file systems of clusters such a lock is
/// none between machines. While it is held, nothing is written to the folder once the claim is lost (`WriteGuard`).
public final class Lease: Sendable {
  public var url: URL { holding.url }
  /// Of the claim: higher than that of every holder before. It stands in the status and the checkpoints that are written under it.
  public var number: Int { holding.number }
  private let descriptor: Int32
  private let holding: Holding
  private let heart: Heart

  private init(descriptor: Int32, holding: Holding) {
    (self.descriptor, self.holding) = (descriptor, holding)
    let folder = holding.claims.store.path, number = holding.number
    Self.numbers.withLock { $0[folder] = number }
    WriteGuard.protect(folder) { try holding.check(isThorough: $0) }
    heart = Heart(every: holding.claims.store.patience.beat) { holding.beat() }
  }

  deinit {
    heart.stop()
    let folder = holding.claims.store.path
    WriteGuard.release(folder)
    Self.numbers.withLock { $0[folder] = nil }
    if holding.letGo() { _ = ftruncate(descriptor, 0) }
    close(descriptor)
  }

  /// Throws where another has taken the place of this process.
  public func check() throws { try holding.check(isThorough: true) }

  // MARK: - Taking it

  public enum Attempt: Sendable {
    case taken(Lease)
    /// Another has it: who, as far as is known, in words.
    case held(by: String?)
  }

  /// Takes the lease of a run's folder, or returns nil when another holds it.
  public static func acquire(in folder: URL) throws -> Lease? {
    if case .taken(let lease) = try attempt(in: folder) { lease } else { nil }
  }

  /// Takes the lease of a run's folder, or says who has it.
  public static func attempt(in folder: URL) throws -> Attempt { try attempt(in: folder, usesLock: true) }

  /// - Parameter usesLock: false leaves it to the claim alone, to prove that it holds.
  package static func attempt(in folder: URL, usesLock: Bool) throws -> Attempt {
    let url = folder.appendingPathComponent("lease")
    // Whoever looks whether the lease is held holds it for a moment, and must not make a worker stand back.
    for attempt in 0..<5 {
      if attempt > 0 { usleep(20_000) }
      if let answer = try attemptOnce(url, usesLock: usesLock) { return answer }
    }
    return .held(by: holderWords(in: url))
  }

  /// Nil where the lock is held.
  private static func attemptOnce(_ url: URL, usesLock: Bool) throws -> Attempt? {
    try AtomicFile.makePlace(for: .file, at: url)
    let descriptor = open(url.path, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw RunStoreError.leaseFailed(url, errno: errno) }
    var isTaken = false
    defer { if !isTaken { close(descriptor) } }
    var isLocked = false
    if usesLock {
      isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
      if !isLocked {
        if errno == EWOULDBLOCK { return nil }
        // Without locks, the claim has to do.
        guard [ENOSYS, EOPNOTSUPP, ENOTSUP, ENOLCK, EINVAL].contains(errno) else { throw RunStoreError.leaseFailed(url, errno: errno) }
      }
    }
    let folder = url.deletingLastPathComponent().path, store = ClaimFolder(folder), claims = Claims(store)
    try store.makePlaces()
    switch try claims.acquire(lockProves: isLocked && FileSystemKind.of(path: folder)?.isLocal == true) {
    case .held(let holder, let seconds):
      let wait = seconds.map { $0 < store.patience.unknown ? "; taken for gone if it gives no sign of life for \(spoken(seconds: $0)) more" : "" } ?? ""
      return .held(by: holder.map { "\($0.words)\(wait)" })
    case .taken(let number):
      store.forgetSightings()
      // For people, and for whoever looks whether it is held.
      let holder = Array("\(store.observer.host) \(getpid()) claim \(number)\n".utf8)
      _ = holder.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
      _ = ftruncate(descriptor, off_t(holder.count))
      isTaken = true
      return .taken(Lease(descriptor: descriptor, holding: Holding(url: url, claims: claims, number: number)))
    }
  }

  private static func holderWords(in url: URL) -> String? {
    let store = ClaimFolder(url.deletingLastPathComponent().path)
    return (try? store.numbers().max()).flatMap { try? store.content($0) }?.holder?.words
  }

  // MARK: - Keeping it

  private static let numbers = Mutex<[String: Int]>([:])

  /// The number of the claim under which this process works in a folder; nil where it holds no lease there.
  static func number(in folder: URL) -> Int? { numbers.withLock { $0[folder.path] } }

  // MARK: - Looking

  /// Whether a process holds the lease of a run's folder now.
  public static func isHeld(in folder: URL) throws -> Bool { try isHeld(inFolder: folder.path) }

  /// The same for a path: a report asks it of thousands of runs. A folder that is not there has no lease.
  static func isHeld(inFolder folder: String) throws -> Bool {
    let path = "\(folder)/lease"
    func failed(_ number: Int32) -> RunStoreError { .leaseFailed(URL(fileURLWithPath: path), errno: number) }
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      let number = errno
      if number == ENOENT || number == ENOTDIR { return false }
      throw failed(number)
    }
    defer { close(descriptor) }
    let isLocked = flock(descriptor, LOCK_SH | LOCK_NB) == 0
    if !isLocked, errno == EWOULDBLOCK { return true }
    // Released: nothing more is asked of a run that has ended.
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    let words = bytes.prefix(max(count, 0)).split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
    // Older programs named no claim.
    guard words.count >= 4, let number = Int(String(decoding: words[3], as: UTF8.self)) else { return false }
    let store = ClaimFolder(folder)
    return try Claims(store).isHeld(number, lockProves: isLocked && FileSystemKind.of(path: folder)?.isLocal == true)
  }
}
