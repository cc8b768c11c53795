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
  }

  private struct State: Sendable {
    var news: [News] = []
    var isClosed = false
  }

  private let state = Mutex(State())
  private let filled = DispatchSemaphore(value: 0)
  private let room = DispatchSemaphore(value: DownloadReceiver.queueLimit)

  static let queueLimit = 64

  /// The next thing that came.
  func next() -> News {
    filled.wait()
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
    if let response = response as? HTTPURLResponse { put(.response(response)) }
    completionHandler(.allow)
  }

  func urlSession(_: URLSession, dataTask _: URLSessionDataTask, didReceive data: Data) { put(.data(data)) }

  func urlSession(_: URLSession, task _: URLSessionTask, didCompleteWithError error: (any Error)?) { put(.end(error)) }
}
