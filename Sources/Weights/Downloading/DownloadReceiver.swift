internal import Containers
internal import Dispatch
internal import Foundation
internal import Synchronization

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// Hands the answer to one request to closures, in order, on the thread that waits for it.
///
/// The session's own thread and the waiting one take turns over a queue of a bounded size, so that a network faster than
/// the disk does not fill the memory.
final class DownloadReceiver: NSObject, URLSessionDataDelegate, Sendable {
  enum News: Sendable {
    case response(HTTPURLResponse)
    case data(Data)
    case end((any Error)?)
    /// The server sends on to an address that is not followed.
    case badRedirect(to: String)
    /// Nothing came in the time given.
    case silence
  }

  private struct State: Sendable {
    var news: [News] = []
    var isClosed = false
    var redirects = 0
    /// Where the server sends on to, and is not followed.
    var refused: String?
  }

  private let state = Mutex(State())
  private let filled = DispatchSemaphore(value: 0)
  private let room = DispatchSemaphore(value: DownloadReceiver.queueLimit)

  static let queueLimit = 64

  /// How often an address may send on to another.
  static let redirectLimit = 10

  /// The next thing that came, waiting at most some seconds for it.
  func next(within seconds: Double) -> News {
    guard filled.wait(timeout: .now() + seconds) == .success else { return .silence }
    let news = state.withLock { $0.news.removeFirst() }
    room.signal()
    return news
  }

  /// Lets the session's thread go on without anyone who reads.
  func close() {
    state.withLock { $0.isClosed = true }
    for _ in 0..<Self.queueLimit { room.signal() }
  }

  private func put(_ news: News) {
    room.wait()
    let isClosed = state.withLock { state in
      if !state.isClosed { state.news.append(news) }
      return state.isClosed
    }
    if isClosed { room.signal() } else { filled.signal() }
  }

  func urlSession(
    _: URLSession, dataTask _: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    if refused == nil, let response = response as? HTTPURLResponse { put(.response(response)) }
    completionHandler(.allow)
  }

  func urlSession(
    _: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse, newRequest: URLRequest,
    completionHandler: @escaping (URLRequest?) -> Void
  ) {
    let count = state.withLock { state in
      state.redirects += 1
      return state.redirects
    }
    let location = response.value(forHTTPHeaderField: "Location") ?? ""
    guard count <= Self.redirectLimit, let target = newRequest.url, Self.mayFollow(from: response.url, to: target, said: location) else {
      // It is told when the session is done with it: a task that is canceled while a redirect is being answered ends the process.
      state.withLock { $0.refused = location }
      return completionHandler(nil)
    }
    completionHandler(newRequest)
  }

  /// Only where the web's files are, and never from a secure connection to one that is not.
  ///
  /// - Parameter said: the address as the server gives it. What is made of one without a host has the earlier host, and looks like one of the web.
  private static func mayFollow(from origin: URL?, to target: URL, said: String) -> Bool {
    let isRelative = said.prefix { $0 != ":" }.contains { "/?#".contains($0) } || !said.contains(":")
    guard isRelative || ["http://", "https://"].contains(where: { said.lowercased().hasPrefix($0) }) else { return false }
    guard let scheme = target.scheme?.lowercased(), target.host?.isEmpty == false else { return false }
    return scheme == "https" || (scheme == "http" && origin?.scheme?.lowercased() != "https")
  }

  func urlSession(_: URLSession, dataTask _: URLSessionDataTask, didReceive data: Data) { if refused == nil { put(.data(data)) } }

  func urlSession(_: URLSession, task _: URLSessionTask, didCompleteWithError error: (any Error)?) {
    put(refused.map { .badRedirect(to: $0) } ?? .end(error))
  }

  private var refused: String? { state.withLock { $0.refused } }
}
