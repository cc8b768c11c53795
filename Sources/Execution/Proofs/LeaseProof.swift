public import Foundation
import Foundations
import RunStore

/// Proves in a folder, by processes that were started there at once on several machines, that one alone works at a time.
///
/// Each adds 1 to a number in a file, again and again, and only while it holds the right to: first by claims alone, as on a file system
/// whose locks hold on one machine only, then by the lock alone. In the end the number is the sum of what all have added, or two were at
/// work at once.
public struct LeaseProof {
  public struct Verdict: Codable, Sendable {
    public let fileSystem: String
    /// Who took part, as `machine-process`.
    public let participants: [String]
    /// How often all together added 1, and what the number was in the end.
    public let claims: Count
    public let lock: Count
    /// The longest time, in seconds, in which nothing of another's signs of life was seen, which each gives every 0.1 s.
    public let longestSilence: Double

    public struct Count: Codable, Sendable, Equatable {
      public let added: Int
      public let found: Int
      public var isExclusive: Bool { added == found && added > 0 }
    }

    /// Whether runs are safe there.
    public var isProof: Bool { claims.isExclusive }
  }

  let folder: URL
  let processes: Int
  let seconds: Double
  let patience: Double
  let say: (String) -> Void
  private let own: String
  private var place: URL { folder.appendingPathComponent(".medtransfer-lease-proof", isDirectory: true) }

  /// - Parameters:
  ///   - processes: how many take part; at least 2.
  ///   - seconds: how long each of the two parts lasts.
  ///   - patience: seconds to wait for the others.
  public init(folder: URL, processes: Int, seconds: Double, patience: Double, say: @escaping (String) -> Void) {
    (self.folder, self.processes, self.seconds, self.patience, self.say) = (folder, processes, seconds, patience, say)
    own = "\(ProcessInfo.processInfo.hostName)-\(getpid())"
  }

  /// - Throws: `ExecutionError` where the others do not come.
  public func run() throws -> Verdict {
    try AtomicFile.makeFolder(folder)
    let kind = FileSystemKind.of(folder)
    try join()
    let started = try others(saying: "ready")
    say("\(started.count) processes: \(started.joined(separator: ", "))")
    let watch = Silence(of: started.filter { $0 != own }.map { place.appendingPathComponent("sign-\($0)") })
    let claims = try count("claims", started, watch, taking: { try Lease.attempt(in: $0, usesLock: false).taken })
    let lock = try count("lock", started, watch, holding: Self.locked)
    try leave(started)
    return Verdict(
      fileSystem: kind?.name ?? "unknown", participants: started, claims: claims, lock: lock, longestSilence: watch.longest)
  }

  // MARK: - Meeting

  /// Takes part; what an earlier proof left, whose processes give no sign any more, is put aside.
  private func join() throws {
    let names = { (try? FileManager.default.contentsOfDirectory(atPath: self.place.path)) ?? [] }
    if !names().isEmpty {
      func signs() -> [String: Data] {
        Dictionary(uniqueKeysWithValues: names().filter { $0.hasPrefix("sign-") }.map { ($0, (try? Data(contentsOf: place.appendingPathComponent($0))) ?? Data()) })
      }
      let before = signs()
      usleep(1_500_000)
      if signs() == before {
        let aside = folder.appendingPathComponent(".medtransfer-lease-proof-old-\(own)")
        if rename(place.path, aside.path) == 0 { try? FileManager.default.removeItem(at: aside) }
      }
    }
    try AtomicFile.makeFolder(place)
  }

  /// Says a word and waits until all have said it.
  ///
  /// - Returns: who did.
  @discardableResult
  private func others(saying word: String) throws -> [String] {
    try AtomicFile.write("\(own)\n", to: place.appendingPathComponent("\(word)-\(own)"))
    let end = Date(timeIntervalSinceNow: patience)
    var sign = 0
    while true {
      sign += 1
      try show(sign)
      let found = try FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.hasPrefix("\(word)-") }
        .map { String($0.dropFirst(word.count + 1)) }.sorted()
      if found.count >= processes { return found }
      if Date() > end { throw ExecutionError.aloneInProof(found.count, of: processes, folder) }
      usleep(100_000)
    }
  }

  private func show(_ sign: Int) throws {
    try AtomicFile.write(to: place.appendingPathComponent("sign-\(own)"), isDurable: false) { try $0.write(Data("\(sign) \(getpid())".utf8)) }
  }

  /// The last one to have read everything takes the folder away.
  private func leave(_ all: [String]) throws {
    try AtomicFile.write("\n", to: place.appendingPathComponent("left-\(own)"))
    let left = (try? FileManager.default.contentsOfDirectory(atPath: place.path).filter { $0.hasPrefix("left-") }.count) ?? 0
    if left >= all.count { try? FileManager.default.removeItem(at: place) }
  }

  // MARK: - Counting

  /// Adds 1 again and again while something is held, and compares with what all have added.
  private func count(_ name: String, _ all: [String], _ watch: Silence, holding: (URL, () throws -> Void) throws -> Bool) throws -> Verdict.Count {
    let scene = place.appendingPathComponent(name, isDirectory: true), number = scene.appendingPathComponent("number")
    try AtomicFile.makeFolder(scene)
    try others(saying: "\(name).begin")
    var added = 0, sign = 0, lastSign = Date.distantPast
    let end = Date(timeIntervalSinceNow: seconds)
    var random = SeedPath(Int(getpid())).generator()
    while Date() < end {
      let isDone = try holding(scene) {
        let before = (try? String(contentsOf: number, encoding: .utf8)).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? 0
        usleep(500)
        try AtomicFile.write(to: number, isDurable: false) { try $0.write(Data("\(before + 1)\n".utf8)) }
      }
      if isDone { added += 1 }
      if Date().timeIntervalSince(lastSign) > 0.1 {
        sign += 1
        lastSign = Date()
        try show(sign)
        watch.look()
      }
      usleep(UInt32(random.integer(below: isDone ? 4000 : 1000)))
    }
    try AtomicFile.write("\(added)\n", to: place.appendingPathComponent("\(name).added-\(own)"))
    try others(saying: "\(name).end")
    let sum = try all.map { who in
      let text = try String(contentsOf: place.appendingPathComponent("\(name).added-\(who)"), encoding: .utf8)
      return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }.reduce(0, +)
    let found = (try? String(contentsOf: number, encoding: .utf8)).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? 0
    return Verdict.Count(added: sum, found: found)
  }

  private func count(_ name: String, _ all: [String], _ watch: Silence, taking: (URL) throws -> Lease?) throws -> Verdict.Count {
    try count(name, all, watch) { scene, body in
      guard let lease = try taking(scene) else { return false }
      try withExtendedLifetime(lease) { try body() }
      return true
    }
  }

  private static func locked(_ scene: URL, _ body: () throws -> Void) throws -> Bool {
    let descriptor = open(scene.appendingPathComponent("lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return false }
    try body()
    return true
  }

  /// How long nothing of the others was seen to change.
  private final class Silence {
    private var seen: [URL: (content: Data, since: Date)] = [:]
    private let files: [URL]
    private(set) var longest = 0.0

    init(of files: [URL]) { self.files = files }

    func look() {
      for file in files {
        guard let content = try? Data(contentsOf: file) else { continue }
        if let last = seen[file] {
          longest = max(longest, Date().timeIntervalSince(last.since))
          if last.content == content { continue }
        }
        seen[file] = (content, Date())
      }
    }
  }
}

extension Lease.Attempt {
  fileprivate var taken: Lease? { if case .taken(let lease) = self { lease } else { nil } }
}

extension ExecutionError {
  static func aloneInProof(_ count: Int, of wanted: Int, _ folder: URL) -> ExecutionError {
    ExecutionError(
      kind: .aloneInProof, problem: "\(count) of \(wanted) processes came together in \(folder.path), so nothing is proved.",
      remedy: "Start the command on \(wanted) machines at once, as in: srun -N\(wanted) medtransfer verify lease \(folder.path). "
        + "To try it on this machine alone, add --here.")
  }
}
