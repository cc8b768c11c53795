internal import Containers
public import Foundation
internal import Foundations

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// Gets one published file: goes on with what an earlier attempt left, checks what came, and puts it in place in one step.
public struct Download: Sendable {
  /// How far it is.
  public struct Progress: Sendable {
    public let byteCount: Int
    /// Nil where the server does not say.
    public let totalByteCount: Int?
    /// What was there before this process began.
    public let resumedByteCount: Int
  }

  /// What was done.
  public struct Outcome: Sendable {
    public let url: URL
    public let byteCount: Int
    public let sha256: String
    /// What was there before and did not have to come again.
    public let resumedByteCount: Int
    /// Whether the file was there, with the right checksum, and nothing was got.
    public let wasThere: Bool
  }

  public let address: URL
  public let target: URL
  public let checksum: PublishedChecksum?
  /// The pause before the second attempt, in seconds; it doubles with each further one.
  let pause: Double
  let limits: Limits

  /// What is borne with.
  public struct Limits: Sendable {
    /// The least bytes in a second, over any `window` in a row. Less counts as a connection that broke.
    public var leastBytesPerSecond = 1000.0
    /// Seconds over which the speed is taken, and after which silence counts as a connection that broke.
    public var window = 60.0
    /// Seconds for the whole file, with all attempts.
    public var seconds = 24 * 3600.0
    /// Bytes of a file whose size the server does not say.
    public var byteCount = 100 << 30

    public init() {}
  }

  /// How often a connection that breaks is taken up again, as long as each one brought something.
  static let attemptLimit = 5

  public init(from address: URL, to target: URL, checksum: PublishedChecksum? = nil, pause: Double = 1, limits: Limits = Limits()) {
    self.address = address
    self.target = target
    self.checksum = checksum
    self.pause = pause
    self.limits = limits
  }

  /// - Throws: `WeightsError` where the address, the server or the file is not what it should be, `FoundationsError`
  ///   where the disk is not. What came stays for the next attempt, unless it is of no use.
  public func run(_ watcher: @escaping (Progress) -> Void = { _ in }) throws -> Outcome {
    guard let scheme = address.scheme?.lowercased(), ["http", "https"].contains(scheme), address.host != nil else {
      throw WeightsError.noAddress(address.absoluteString)
    }
    if FileManager.default.fileExists(atPath: target.path) { return try existing() }
    let partial = try PartialFile(for: target), end = Date(timeIntervalSinceNow: limits.seconds)
    let digests: FileDigests
    do {
      digests = try wholeFile(partial, until: end, watcher)
    } catch {
      if partial.byteCount == 0 { partial.discard() }
      throw error
    }
    let byteCount = partial.byteCount
    try partial.finish(as: target)
    return Outcome(url: target, byteCount: byteCount, sha256: digests.sha256, resumedByteCount: partial.keptByteCount, wasThere: false)
  }

  /// Fills the partial file and holds it to the checksum.
  private func wholeFile(_ partial: PartialFile, until end: Date, _ watcher: @escaping (Progress) -> Void) throws -> FileDigests {
    try fill(partial, until: end, watcher)
    var digests = try FileDigests(partial.url)
    // A publisher's word goes before the server's.
    guard let checksum = checksum ?? partial.origin?.checksum.flatMap({ try? PublishedChecksum($0) }), !checksum.matches(digests) else {
      return digests
    }
    if partial.isJoined || partial.keptByteCount > 0 {
      // Its beginning may be of another file than its end: all of it anew.
      try partial.restart(from: PartialFile.Origin(address: address.absoluteString))
      try fill(partial, until: end, watcher)
      digests = try FileDigests(partial.url)
      if checksum.matches(digests) { return digests }
    }
    partial.discard()
    throw WeightsError.wrongChecksum(address, expected: checksum, digests)
  }

  private func fill(_ partial: PartialFile, until end: Date, _ watcher: @escaping (Progress) -> Void) throws {
    var attempt = 1
    while true {
      let before = partial.byteCount
      do {
        // A beginning that is of another file is dropped, and then all of it is asked for: twice at most.
        let isDone = try Transfer(download: self, partial: partial, end: end, watcher: watcher).run()
        guard try isDone || Transfer(download: self, partial: partial, end: end, watcher: watcher).run() else {
          throw WeightsError.refused(address, status: 416, target: target)
        }
        return
      } catch let error as WeightsError where error.kind == .connectionLost {
        // What is begun anew each time is worth another attempt as well.
        let hasBrought = partial.keptByteCount == 0 ? partial.byteCount > 0 : partial.byteCount > before
        guard hasBrought, attempt < Self.attemptLimit, Date() < end else { throw error }
        Thread.sleep(forTimeInterval: pause * Double(1 << (attempt - 1)))
        attempt += 1
      }
    }
  }

  /// A file that is there already is never replaced: it is right, or a person must look.
  private func existing() throws -> Outcome {
    guard let checksum else { throw WeightsError.downloadExists(target) }
    let digests = try FileDigests(target)
    guard checksum.matches(digests) else { throw WeightsError.wrongExisting(target, expected: checksum, digests) }
    let byteCount = try FileByteSource(target).byteCount
    return Outcome(url: target, byteCount: byteCount, sha256: digests.sha256, resumedByteCount: byteCount, wasThere: true)
  }
}

/// One request and what comes of it.
private struct Transfer {
  let download: Download
  let partial: PartialFile
  /// When the whole download must be done.
  let end: Date
  let watcher: (Download.Progress) -> Void

  private var address: URL { download.address }

  /// - Returns: false where what was there was of another file and was dropped: ask again.
  func run() throws -> Bool {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = download.limits.window
    configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
    let receiver = DownloadReceiver()
    let session = URLSession(configuration: configuration, delegate: receiver, delegateQueue: nil)
    let task = session.dataTask(with: request())
    task.resume()
    defer {
      receiver.close()
      task.cancel()
      session.invalidateAndCancel()
    }
    var speed = SpeedCheck(download.limits)
    while true {
      guard Date() < end else { throw WeightsError.tooLong(address, seconds: download.limits.seconds, done: partial.byteCount) }
      switch receiver.next(within: min(download.limits.window, max(0.01, end.timeIntervalSinceNow))) {
      case .badRedirect(let place): throw WeightsError.badRedirect(address, to: place)
      case .silence:
        guard Date() >= end else { throw WeightsError.tooSlow(address, done: partial.byteCount, limits: download.limits) }
      case .response(let response):
        switch try begin(response) {
        case .bytesFollow: report()
        case .isWhole: return true
        case .isAnother: return false
        }
      case .data(let data):
        try partial.append(data)
        try requireFit()
        guard speed.isKept(by: data.count) else { throw WeightsError.tooSlow(address, done: partial.byteCount, limits: download.limits) }
        report()
      case .end(let error):
        if let error { throw WeightsError.network(address, target: download.target, error, done: partial.byteCount) }
        let total = partial.origin?.byteCount
        guard total == nil || total == partial.byteCount else {
          throw WeightsError.connectionLost(address, done: partial.byteCount, of: total)
        }
        guard partial.byteCount > 0 else { throw WeightsError.empty(address) }
        if let answer = answerInstead() {
          partial.discard()
          throw WeightsError.noFile(answer, address, target: download.target)
        }
        return true
      }
    }
  }

  /// Holds what came to the size that was said, or to what any file may have.
  private func requireFit() throws {
    let limit = partial.origin?.byteCount ?? download.limits.byteCount
    guard partial.byteCount > limit else { return }
    let came = partial.byteCount
    partial.discard()
    throw WeightsError.tooMuch(address, came: came, limit: limit)
  }

  private func report() {
    watcher(
      Download.Progress(
        byteCount: partial.byteCount, totalByteCount: partial.origin?.byteCount, resumedByteCount: partial.keptByteCount))
  }

  private func request() -> URLRequest {
    var request = URLRequest(url: address)
    // Compressed on the way, the bytes would not be those that ranges and sizes count.
    request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
    request.setValue("medtransfer", forHTTPHeaderField: "User-Agent")
    if let origin = partial.origin, origin.address == address.absoluteString, partial.byteCount > 0, mayGoOn(origin) {
      request.setValue("bytes=\(partial.byteCount)-", forHTTPHeaderField: "Range")
      // The server sends the rest only if the file is still the same, and all of it otherwise.
      if let validator = origin.validator { request.setValue(validator, forHTTPHeaderField: "If-Range") }
    }
    return request
  }

  /// Only where a mixture of two files would be noticed: by a validator whose equality means equal bytes, or by a checksum.
  private func mayGoOn(_ origin: PartialFile.Origin) -> Bool { origin.validator != nil || isHeldToChecksum(origin) }

  private func isHeldToChecksum(_ origin: PartialFile.Origin) -> Bool { download.checksum != nil || origin.checksum != nil }

  /// What the head of an answer says of the partial file.
  private enum Beginning {
    case bytesFollow
    case isWhole
    case isAnother
  }

  /// Looks at the head of an answer and makes the partial file ready for its bytes.
  private func begin(_ response: HTTPURLResponse) throws -> Beginning {
    let (strong, weak) = Self.validators(of: response)
    let origin = PartialFile.Origin(
      address: address.absoluteString, validator: strong, weakValidators: weak.isEmpty ? nil : weak, byteCount: Self.byteCount(of: response),
      checksum: Self.checksum(of: response))
    switch response.statusCode {
    case 206:
      guard let range = Self.range(of: response), range.start == partial.byteCount, isSame(origin) else {
        try partial.restart(from: PartialFile.Origin(address: address.absoluteString))
        return .isAnother
      }
      try requireRoom(origin.byteCount.map { $0 - partial.byteCount })
      partial.join()
    // The others of its hundred say that no file is in the answer, or not all of it.
    case 200, 203:
      guard origin.byteCount != 0 else { throw WeightsError.empty(address) }
      if Self.isPage(response) { throw WeightsError.noFile("a web page", address, target: download.target) }
      try requireRoom(origin.byteCount)
      try partial.restart(from: origin)
    case 416 where partial.byteCount > 0:
      if partial.origin?.byteCount == partial.byteCount { return .isWhole }
      try partial.restart(from: PartialFile.Origin(address: address.absoluteString))
      return .isAnother
    default:
      throw WeightsError.refused(address, status: response.statusCode, target: download.target)
    }
    return .bytesFollow
  }

  /// Whether a partial answer belongs to the file whose beginning is there: nothing that is said of it then and now differs, and
  /// the strong validator is the same, or a checksum will tell.
  private func isSame(_ origin: PartialFile.Origin) -> Bool {
    guard let earlier = partial.origin, earlier.byteCount == origin.byteCount, origin.byteCount != nil, mayGoOn(earlier) else { return false }
    let before = earlier.weakValidators ?? [:], now = origin.weakValidators ?? [:]
    guard before.allSatisfy({ now[$0.key] == nil || now[$0.key] == $0.value }) else { return false }
    return earlier.validator == origin.validator || (isHeldToChecksum(earlier) && (earlier.validator == nil || origin.validator == nil))
  }

  private func requireRoom(_ needed: Int?) throws {
    var status = statvfs()
    guard let needed, statvfs(partial.url.path, &status) == 0 else { return }
    let free = Int(clamping: UInt64(status.f_bavail)) * Int(clamping: UInt64(status.f_frsize))
    guard needed <= free else { throw WeightsError.noRoom(for: download.target, needed: needed, free: free) }
  }

  /// What came in a file's place: a page, or what a store of files says of an error, with the status of success; nil for anything else.
  private func answerInstead() -> String? {
    let head = String(decoding: partial.head(256), as: UTF8.self).lowercased()
    let start = head.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    if start.hasPrefix("<!doctype html") || start.hasPrefix("<html") { return "a web page" }
    if start.hasPrefix("<?xml") || start.hasPrefix("<error>") { return "an answer in XML" }
    // The index of sharded safetensors is JSON too.
    let isIndex = start.contains("\"weight_map\"") || start.contains("\"metadata\"")
    return start.hasPrefix("{") && !isIndex && start.dropFirst().drop(while: \.isWhitespace).hasPrefix("\"") ? "an answer in JSON" : nil
  }

  // MARK: Reading headers

  private static func isPage(_ response: HTTPURLResponse) -> Bool {
    (response.value(forHTTPHeaderField: "Content-Type") ?? "").lowercased().hasPrefix("text/html")
  }

  /// What the server says of the file's state. A date of the last change has steps of a second, so it is strong only where the answer is a
  /// minute younger (RFC 9110, section 8.8.2.2); an entity tag, only where it is not marked as weak.
  private static func validators(of response: HTTPURLResponse) -> (strong: String?, weak: [String: String]) {
    let tag = response.value(forHTTPHeaderField: "ETag"), changed = response.value(forHTTPHeaderField: "Last-Modified")
    var weak: [String: String] = [:]
    weak["ETag"] = tag?.hasPrefix("\"") == true ? nil : tag
    weak["Last-Modified"] = changed
    if let tag, tag.hasPrefix("\"") { return (tag, weak) }
    if tag == nil, let changed, let then = date(changed), let now = response.value(forHTTPHeaderField: "Date").flatMap(date),
      now.timeIntervalSince(then) >= 60
    {
      weak["Last-Modified"] = nil
      return (changed, weak)
    }
    return (nil, weak)
  }

  /// The MD5 of the whole file, as Google's storage gives it (`x-goog-hash`), and other servers (`Content-MD5`, which is a part's in the
  /// answer for a part). Both write its bytes in base64.
  private static func checksum(of response: HTTPURLResponse) -> String? {
    guard response.statusCode == 200 else { return nil }
    let parts = (response.value(forHTTPHeaderField: "x-goog-hash") ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    let stated = parts.first { $0.hasPrefix("md5=") }.map { String($0.dropFirst(4)) } ?? response.value(forHTTPHeaderField: "Content-MD5")
    guard let bytes = stated.flatMap({ Data(base64Encoded: $0) }), bytes.count == 16 else { return nil }
    let digits = Array("0123456789abcdef")
    return "md5:" + String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// `Sun, 06 Nov 1994 08:49:37 GMT`
  private static func date(_ text: String) -> Date? {
    let format = DateFormatter()
    format.locale = Locale(identifier: "en_US_POSIX")
    format.timeZone = TimeZone(secondsFromGMT: 0)
    format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
    return format.date(from: text)
  }

  /// The size of the whole file.
  private static func byteCount(of response: HTTPURLResponse) -> Int? {
    if response.statusCode == 206 { return range(of: response)?.total }
    return response.value(forHTTPHeaderField: "Content-Length").flatMap { Int($0) }
  }

  /// `bytes 100-199/200`
  private static func range(of response: HTTPURLResponse) -> (start: Int, total: Int?)? {
    guard let text = response.value(forHTTPHeaderField: "Content-Range")?.lowercased(), text.hasPrefix("bytes ") else { return nil }
    let parts = text.dropFirst("bytes ".count).split(whereSeparator: { $0 == "-" || $0 == "/" })
    guard parts.count == 3, let start = Int(parts[0].trimmingCharacters(in: .whitespaces)) else { return nil }
    return (start, Int(parts[2].trimmingCharacters(in: .whitespaces)))
  }
}

/// Whether bytes come fast enough.
private struct SpeedCheck {
  private let limits: Download.Limits
  private var start = Date()
  private var byteCount = 0

  init(_ limits: Download.Limits) { self.limits = limits }

  /// Counts bytes that came; false where those of a whole window were too few.
  mutating func isKept(by count: Int) -> Bool {
    byteCount += count
    let seconds = Date().timeIntervalSince(start)
    guard seconds >= limits.window else { return true }
    defer { (start, byteCount) = (Date(), 0) }
    return Double(byteCount) >= limits.leastBytesPerSecond * seconds
  }
}
