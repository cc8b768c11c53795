internal import Foundation
internal import Foundations

/// The claims of a folder: files `.claim-N.lease`, each a line that says who holds it, and a line of fixed length that changes.
package struct ClaimFolder: ClaimStore {
  package let path: String
  package let patience: LeasePatience
  package let observer: ClaimHolder

  package init(_ path: String, patience: LeasePatience = .current) {
    self.path = path
    self.patience = patience
    observer = .current()
  }

  private static let prefix = ".claim-", suffix = ".lease"
  private static let signLength = 14

  /// Whether a file of a run's folder is a claim or what was seen of one.
  static func isClaim(_ name: String) -> Bool { name.hasPrefix(prefix) && name.hasSuffix(suffix) }

  private func file(_ word: some CustomStringConvertible) -> String { "\(path)/\(Self.prefix)\(word)\(Self.suffix)" }
  private func failed(_ number: Int32) -> RunStoreError { .leaseFailed(URL(fileURLWithPath: "\(path)/lease"), errno: number) }

  package var now: Double { Self.now }

  static var now: Double {
    var time = timespec()
    #if os(Linux)
      clock_gettime(CLOCK_BOOTTIME, &time)
    #else
      clock_gettime(CLOCK_MONOTONIC, &time)
    #endif
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  package func numbers() throws -> [Int] {
    let names: [String]
    do { names = try FolderListing.names(in: path) } catch { throw failed(SystemFault.number(of: error) ?? EIO) }
    return names.compactMap { name in
      guard Self.isClaim(name), let number = Int(name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)) else { return nil }
      return Self.numbers.contains(number) ? number : nil
    }
  }

  /// No claim of ours has a higher number, and one more than it is a number too.
  private static let numbers = 1...1_000_000_000_000_000

  /// Moves aside what has the name of a claim and is no file. Whoever asks is about to take the next one.
  func makePlaces() throws {
    for name in try FolderListing.namesIfAny(in: path) ?? [] where Self.isClaim(name) {
      try AtomicFile.makePlace(for: .file, at: URL(fileURLWithPath: "\(path)/\(name)"))
    }
  }

  package func create(_ number: Int) throws -> Bool {
    let descriptor = open(file(number), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      if errno == EEXIST { return false }
      throw failed(errno)
    }
    var holder = observer
    holder.began = Date().formatted(.iso8601)
    do {
      let line = try CanonicalJSON.encode(holder) + Data("\n\(Self.text(.beat(0)))\n".utf8)
      let problem = Self.write(line, to: descriptor, at: 0)
      // Another node sees what was written before a close.
      if close(descriptor) != 0 || problem != 0 { throw failed(problem == 0 ? errno : problem) }
    } catch {
      remove(number)
      throw error
    }
    return true
  }

  package func content(_ number: Int) throws -> ClaimContent? {
    let descriptor = open(file(number), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT || errno == ESTALE { return nil }
      throw failed(errno)
    }
    defer { close(descriptor) }
    var status = stat(), bytes = [UInt8](repeating: 0, count: 4096)
    guard fstat(descriptor, &status) == 0 else { throw failed(errno) }
    let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
    if count < 0 { throw failed(errno) }
    let lines = bytes.prefix(count).split(separator: UInt8(ascii: "\n"))
    let holder = lines.first.flatMap { try? JSONDecoder().decode(ClaimHolder.self, from: Data($0)) }
    let sign = holder != nil && lines.count > 1 ? String(decoding: lines[1], as: UTF8.self) : "unreadable"
    #if os(Linux)
      let modified = Double(status.st_mtim.tv_sec)
    #else
      let modified = Double(status.st_mtimespec.tv_sec)
    #endif
    return ClaimContent(
      holder: holder, sign: "\(sign) \(Int(modified))", isReleased: sign == Self.text(.released),
      apparentAge: Date().timeIntervalSince1970 - modified)
  }

  package func exists(_ number: Int) throws -> Bool {
    // Opening asks the server, where looking for a name may be answered from memory.
    let descriptor = open(file(number), O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    if descriptor >= 0 {
      close(descriptor)
      return true
    }
    if errno == ENOENT || errno == ESTALE || errno == ENOTDIR { return false }
    throw failed(errno)
  }

  package func mark(_ number: Int, _ mark: ClaimMark) throws -> Bool {
    let descriptor = open(file(number), O_WRONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      if [ENOENT, ESTALE, ENOTDIR, ENXIO].contains(errno) { return false }
      throw failed(errno)
    }
    var status = stat()
    let line = Data("\(Self.text(mark))\n".utf8)
    guard fstat(descriptor, &status) == 0, status.st_size > line.count else {
      close(descriptor)
      return false
    }
    let problem = Self.write(line, to: descriptor, at: status.st_size - off_t(line.count))
    if close(descriptor) != 0 || problem != 0 { throw failed(problem == 0 ? errno : problem) }
    return true
  }

  /// Writes all, and returns 0 or the error's number.
  private static func write(_ data: Data, to descriptor: Int32, at place: off_t) -> Int32 {
    data.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let count = pwrite(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, place + off_t(done))
        if count < 0, errno != EINTR { return errno }
        done += max(count, 0)
      }
      return 0
    }
  }

  package func remove(_ number: Int) { unlink(file(number)) }

  /// Of one length, so that it can be written in place.
  private static func text(_ mark: ClaimMark) -> String {
    let text =
      switch mark {
      case .beat(let count): "beat \(count)"
      case .released: "released"
      }
    return text.padding(toLength: signLength, withPad: " ", startingAt: 0)
  }

  // MARK: - What this machine saw

  /// With the system that saw it: after a start its clock is another.
  private struct Seen: Codable {
    let system: String
    let sighting: ClaimSighting
  }

  private var seenFile: String {
    file("seen-\(observer.host.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == ".") })")
  }

  package func sighting() -> ClaimSighting? {
    guard let data = FileManager.default.contents(atPath: seenFile), let seen = try? JSONDecoder().decode(Seen.self, from: data),
      seen.system == observer.system
    else { return nil }
    return seen.sighting
  }

  package func keep(_ sighting: ClaimSighting) {
    guard let data = try? CanonicalJSON.encode(Seen(system: observer.system, sighting: sighting)) else { return }
    try? AtomicFile.write(to: URL(fileURLWithPath: seenFile), isDurable: false) { try $0.write(data) }
  }

  /// What was seen of claims before the one that counts now.
  func forgetSightings() { unlink(seenFile) }

  // MARK: - What is known of holders

  package func fate(of holder: ClaimHolder) -> ClaimHolder.Fate { holder.fate(seenBy: observer) }

  package func isReportedGone(_ holder: ClaimHolder) -> Bool? { holder.job.flatMap(SlurmJobs.isGone) }
}
