internal import Containers
internal import Foundation
internal import Foundations

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

extension WeightsError {
  static func noChecksum(_ text: String) -> WeightsError {
    WeightsError(
      .checksum, "“\(text)” is no checksum.",
      remedy: "Give the 64 hexadecimal digits of a SHA-256, or md5: and the 32 of an MD5.")
  }

  static func noAddress(_ text: String) -> WeightsError {
    WeightsError(.download, "“\(text)” is no address of a file.", remedy: "Give one that begins with https:// or http://.")
  }

  static func downloadExists(_ url: URL) -> WeightsError {
    WeightsError(
      .exists, "The file \(url.path) is there already, and no checksum tells whether it is the right one.",
      remedy: "Remove it to get it again, or give --sha256 to have it checked.")
  }

  static func wrongExisting(_ url: URL, expected: PublishedChecksum, _ digests: FileDigests) -> WeightsError {
    WeightsError(
      .exists, "The file \(url.path) is there already, but it is another one: \(comparison(expected, digests)).",
      remedy: "Remove it, then run the same command again.")
  }

  static func downloadInWork(_ url: URL) -> WeightsError {
    WeightsError(
      .download, "Another process is getting this file: it holds \(url.path).", remedy: "Wait for it to end.")
  }

  /// The connection broke on the way, or there was none.
  static func network(_ address: URL, target: URL, _ error: any Error, done: Int) -> WeightsError {
    let number = (error as NSError).code
    let reason: String
    switch URLError.Code(rawValue: number) {
    case .cannotFindHost, .dnsLookupFailed: reason = "its name is not known"
    case .cannotConnectToHost: reason = "it does not answer"
    case .notConnectedToInternet: reason = "there is no network"
    case .timedOut: reason = "nothing came in time"
    case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate, .serverCertificateNotYetValid,
      .serverCertificateHasUnknownRoot:
      reason = "no secure connection can be made with it"
    case .networkConnectionLost: return connectionLost(address, done: done, of: nil)
    default:
      if done > 0 { return connectionLost(address, done: done, of: nil) }
      reason = "\(error.localizedDescription) (\(number))"
    }
    return WeightsError(
      done > 0 ? .connectionLost : .download, "The server \(address.host ?? address.absoluteString) cannot be reached: \(reason).",
      remedy: "Check the network and run the same command again, or get \(address.absoluteString) on another machine and put it at \(target.path).")
  }

  static func connectionLost(_ address: URL, done: Int, of total: Int?) -> WeightsError {
    let size = total.map { " of \($0)" } ?? ""
    return WeightsError(
      .connectionLost, "The connection to \(address.host ?? address.absoluteString) ended after \(done)\(size) bytes.",
      remedy: "Run the same command again: it goes on where it stopped.")
  }

  /// A server that sends a trickle, or nothing any more.
  static func tooSlow(_ address: URL, done: Int, limits: Download.Limits) -> WeightsError {
    WeightsError(
      .connectionLost,
      "From \(address.host ?? address.absoluteString) less than \(spoken(bytes: Int(limits.leastBytesPerSecond))) a second came for \(spoken(seconds: limits.window)), after \(done) bytes.",
      remedy: "Run the same command again, or give another address of the file with --from.")
  }

  static func tooLong(_ address: URL, seconds: Double, done: Int) -> WeightsError {
    WeightsError(
      .download, "\(address.absoluteString) was not there whole after \(spoken(seconds: seconds)): \(done) bytes had come.",
      remedy: "Run the same command again, with more --hours, or give another address of the file with --from.")
  }

  static func tooMuch(_ address: URL, came: Int, limit: Int) -> WeightsError {
    WeightsError(
      .download, "\(address.absoluteString) gives \(came) bytes and more, where \(limit) are the most.",
      remedy: "Give another address of the file with --from.")
  }

  static func empty(_ address: URL) -> WeightsError {
    WeightsError(
      .download, "\(address.absoluteString) gives an empty file.", remedy: "Look for it on its publisher's page, and give its new address with --from.")
  }

  static func badRedirect(_ address: URL, to place: String) -> WeightsError {
    WeightsError(
      .download, "\(address.absoluteString) sends on to \(place), which is not followed: it is no address of the web, less secure, or one too many.",
      remedy: "Give the file's own address with --from.")
  }

  static func noFile(_ answer: String, _ address: URL, target: URL) -> WeightsError {
    WeightsError(
      .download, "\(address.absoluteString) gives \(answer), not a file.",
      remedy: "Open it in a browser, get the file there, and put it at \(target.path).")
  }

  static func refused(_ address: URL, status: Int, target: URL) -> WeightsError {
    let url = address.absoluteString
    return switch status {
    case 404, 410:
      WeightsError(
        .download, "There is no file at \(url) (HTTP \(status)).",
        remedy: "Look for it on its publisher's page, and give its new address with --from.")
    case 401, 403:
      WeightsError(
        .download, "The server does not give \(url) to everyone (HTTP \(status)).",
        remedy: "Get it with a browser, where you can log in, and put it at \(target.path).")
    case 429, 500...599:
      WeightsError(.download, "The server cannot give \(url) now (HTTP \(status)).", remedy: "Run the same command again later.")
    case 201...299:
      WeightsError(
        .download, "The server answers \(url) with HTTP \(status), which holds no file.", remedy: "Give another address of the file with --from.")
    default:
      WeightsError(
        .download, "The server answers \(url) with HTTP \(status).", remedy: "Give another address of the file with --from.")
    }
  }

  static func noRoom(for target: URL, needed: Int, free: Int) -> WeightsError {
    WeightsError(
      .diskFull, "There is no room for \(target.path): \(needed) bytes are to come, and \(free) are free.",
      remedy: "Free space on that disk, or name another folder with --to.")
  }

  static func wrongChecksum(_ address: URL, expected: PublishedChecksum, _ digests: FileDigests) -> WeightsError {
    WeightsError(
      .checksum, "What \(address.absoluteString) gave is not the published file: \(comparison(expected, digests)). It was removed.",
      remedy: "Check the address and the checksum, then run the same command again.")
  }

  private static func comparison(_ expected: PublishedChecksum, _ digests: FileDigests) -> String {
    let found = expected.algorithm == .md5 ? digests.md5 : digests.sha256
    return "its \(expected.algorithm.rawValue) is \(found), and \(expected.digits)\(expected.digits.count < expected.algorithm.digitCount ? "…" : "") was expected"
  }
}
