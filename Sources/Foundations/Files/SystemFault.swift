public import Foundation
internal import Synchronization

/// An error that may come from a call of the system, and knows its number then.
public protocol SystemCallError: Error {
  /// As `errno` had it; nil where no call of the system failed.
  var systemNumber: Int32? { get }
}

/// Failures of the machine and not of a file: a disk that gives no bytes, a server that went away, too many open files, no memory, no
/// permission. They say nothing of what is in a file, so nobody may judge the file by them: what was asked is asked again, and then the
/// work ends with a sentence, and is done when it is asked for the next time.
///
/// A file that is not there, or something else in its place, is no such failure: that is what a folder holds.
public enum SystemFault {
  private static let ofContent: Set<Int32> = [ENOENT, ENOTDIR, EISDIR, EINVAL, ENAMETOOLONG, ELOOP, ENXIO]
  /// Those that pass by themselves at times.
  private static let passing: Set<Int32> = [EIO, ESTALE, EMFILE, ENFILE, ENOMEM, EAGAIN, EINTR, ETIMEDOUT, EBUSY]

  /// Whether a number of the system says what a folder holds: nothing of that name, or something else.
  static func isOfContent(_ number: Int32) -> Bool { ofContent.contains(number) }

  /// The system's number of an error, also of one of Foundation's; nil for one that no call of the system gave.
  public static func number(of error: any Error) -> Int32? {
    if let own = error as? any SystemCallError { return own.systemNumber }
    if error is any RemediedError { return nil }
    let known = error as NSError
    if known.domain == NSPOSIXErrorDomain { return Int32(known.code) }
    return (known.userInfo[NSUnderlyingErrorKey] as? any Error).flatMap(number)
  }

  /// Whether an error says nothing of the content of files.
  public static func isFault(_ error: any Error) -> Bool { number(of: error).map { $0 != 0 && !ofContent.contains($0) } ?? false }

  /// Does something that may fail by the system's doing, a few times with short waits, and throws what it throws last.
  public static func patiently<Answer>(waits: [Double] = [0.05, 0.2, 0.75], _ body: () throws -> Answer) throws -> Answer {
    for wait in waits {
      do {
        return try body()
      } catch let error where number(of: error).map(passing.contains) == true {
        usleep(UInt32(wait * 1e6))
      }
    }
    return try body()
  }

  /// What something gives; nil where it cannot be understood. A failure of the system is thrown: it is no answer.
  public static func judged<Answer>(_ body: () throws -> Answer?) throws -> Answer? {
    do { return try body() } catch { if isFault(error) { throw error } }
    return nil
  }

  /// What to do about such a failure; nil for a number that says something of a file.
  public static func remedy(_ number: Int32) -> String? {
    if number == 0 || ofContent.contains(number) { return nil }
    return "That is the system's doing, and nothing is known of the file's content by it: see to the disk, and run the same command again."
  }
}

/// Patience for many files of one disk: once one of them has failed for good, the others are not waited for.
public final class Hurry: Sendable {
  private let isGivenUp = Mutex(false)

  public init() {}

  public func patiently<Answer>(_ body: () throws -> Answer) throws -> Answer {
    do {
      return try isGivenUp.withLock { $0 } ? body() : SystemFault.patiently(body)
    } catch {
      if SystemFault.isFault(error) { isGivenUp.withLock { $0 = true } }
      throw error
    }
  }
}
