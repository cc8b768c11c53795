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

  /// How often a connection that breaks is taken up again, as long as each one brought something.
  static let attemptLimit = 5
  /// Seconds without a byte after which a connection counts as broken.
  static let patience = 60.0

  public init(from address: URL, to target: URL, checksum: PublishedChecksum? = nil, pause: Double = 1) {
    self.address = address
    self.target = target
    self.checksum = checksum
    self.pause = pause
  }

  /// - Throws: `WeightsError` where the address, the server or the file is not what it should be, `FoundationsError`
  ///   where the disk is not. What came stays for the next attempt, unless it is of no use.
  public func run(_ watcher: @escaping (Progress) -> Void = { _ in }) throws -> Outcome {
    guard let scheme = address.scheme?.lowercased(), ["http", "https"].contains(scheme), address.host != nil else {
      throw WeightsError.noAddress(address.absoluteString)
    }
    if FileManager.default.fileExists(atPath: target.path) { return try existing() }
    let partial = try PartialFile(for: target)
    do {
      try fill(partial, watcher)
    } catch {
      if partial.byteCount == 0 { partial.discard() }
      throw error
    }
    let digests = try FileDigests(partial.url)
    if let checksum, !checksum.matches(digests) {
      partial.discard()
      throw WeightsError.wrongChecksum(address, expected: checksum, digests)
    }
    let byteCount = partial.byteCount
    try partial.finish(as: target)
    return Outcome(url: target, byteCount: byteCount, sha256: digests.sha256, resumedByteCount: partial.keptByteCount, wasThere: false)
  }

  private func fill(_ partial: PartialFile, _ watcher: @escaping (Progress) -> Void) throws {
    var attempt = 1
    while true {
      let before = partial.byteCount
      do {
        // A beginning that is of another file is dropped, and then all of it is asked for: twice at most.
        let isDone = try Transfer(download: self, partial: partial, watcher: watcher).run()
        guard try isDone || Transfer(download: self, partial: partial, watcher: watcher).run() else {
          throw WeightsError.refused(address, status: 416, target: target)
        }
        return
      } catch let error as WeightsError where error.kind == .connectionLost {
        guard attempt < Self.attemptLimit, partial.byteCount > before else { throw error }
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
  let watcher: (Download.Progress) -> Void

  private var address: URL { download.address }

  /// - Returns: false where what was there was of another file and was dropped: ask again.
  func run() throws -> Bool {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = Download.patience
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
    while true {
      switch receiver.next() {
      case .response(let response):
        switch try begin(response) {
        case .bytesFollow: report()
        case .isWhole: return true
        case .isAnother: return false
        }
      case .data(let data):
        try partial.append(data)
        report()
      case .end(let error):
        if let error { throw WeightsError.network(address, target: download.target, error, done: partial.byteCount) }
        let total = partial.origin?.byteCount
        guard total == nil || total == partial.byteCount else {
          throw WeightsError.connectionLost(address, done: partial.byteCount, of: total)
        }
        guard !looksLikePage() else {
          partial.discard()
          throw WeightsError.webPage(address, target: download.target)
        }
        return true
      }
    }
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
    if let origin = partial.origin, origin.address == address.absoluteString, partial.byteCount > 0 {
      request.setValue("bytes=\(partial.byteCount)-", forHTTPHeaderField: "Range")
      // The server sends the rest only if the file is still the same, and all of it otherwise.
      if let validator = origin.validator { request.setValue(validator, forHTTPHeaderField: "If-Range") }
    }
    return request
  }

  /// What the head of an answer says of the partial file.
  private enum Beginning {
    case bytesFollow
    case isWhole
    case isAnother
  }

  /// Looks at the head of an answer and makes the partial file ready for its bytes.
  private func begin(_ response: HTTPURLResponse) throws -> Beginning {
    let origin = PartialFile.Origin(
      address: address.absoluteString, validator: Self.validator(of: response), byteCount: Self.byteCount(of: response))
    switch response.statusCode {
    case 206:
      guard let range = Self.range(of: response), range.start == partial.byteCount, isSame(origin) else {
        try partial.restart(from: PartialFile.Origin(address: address.absoluteString))
        return .isAnother
      }
      try requireRoom(origin.byteCount.map { $0 - partial.byteCount })
    case 200..<300:
      guard !Self.isPage(response) else { throw WeightsError.webPage(address, target: download.target) }
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

  /// Whether a partial answer belongs to the file whose beginning is there: the same validator, or, where a server gives
  /// none, the same size.
  private func isSame(_ origin: PartialFile.Origin) -> Bool {
    guard let earlier = partial.origin, earlier.byteCount == origin.byteCount else { return false }
    guard earlier.validator != nil || origin.validator != nil else { return origin.byteCount != nil }
    return earlier.validator == origin.validator
  }

  private func requireRoom(_ needed: Int?) throws {
    var status = statvfs()
    guard let needed, statvfs(partial.url.path, &status) == 0 else { return }
    let free = Int(clamping: UInt64(status.f_bavail)) * Int(clamping: UInt64(status.f_frsize))
    guard needed <= free else { throw WeightsError.noRoom(for: download.target, needed: needed, free: free) }
  }

  private func looksLikePage() -> Bool {
    let head = String(decoding: partial.head(256), as: UTF8.self).lowercased()
    let start = head.drop { $0.isWhitespace || $0 == "\u{FEFF}" }
    return start.hasPrefix("<!doctype html") || start.hasPrefix("<html")
  }

  // MARK: Reading headers

  private static func isPage(_ response: HTTPURLResponse) -> Bool {
    (response.value(forHTTPHeaderField: "Content-Type") ?? "").lowercased().hasPrefix("text/html")
  }

  /// A strong entity tag, else the date of the last change.
  private static func validator(of response: HTTPURLResponse) -> String? {
    if let tag = response.value(forHTTPHeaderField: "ETag"), tag.hasPrefix("\"") { return tag }
    return response.value(forHTTPHeaderField: "Last-Modified")
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
