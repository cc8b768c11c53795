public import Foundation

/// What can go wrong in the foundations: files that cannot be read or written, and text that is not what it should be.
public struct FoundationsError: RemediedError, SystemCallError, Equatable {
  public enum Code: String, Sendable {
    case unreadableFile, unwritableFile, diskFull, existing, notText, tooLong, malformedCSV, notEncodable, noThread, noProcess, outputLost
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public private(set) var systemNumber: Int32?
  public var code: String { "foundations.\(kind.rawValue)" }
}

extension FoundationsError {
  public static func unreadable(_ url: URL, errno number: Int32) -> FoundationsError {
    FoundationsError(
      kind: .unreadableFile,
      problem: "The file \(url.path) cannot be read: \(systemMessage(number)).",
      remedy: limit(number) ?? (number == ENOENT ? "Check the path." : number == EACCES ? nil : SystemFault.remedy(number))
        ?? "Check that it is a file and that you may read it.",
      systemNumber: number)
  }

  static func unlistable(_ path: String, errno number: Int32) -> FoundationsError {
    FoundationsError(
      kind: .unreadableFile, problem: "The folder \(path) cannot be listed: \(systemMessage(number)).",
      remedy: limit(number) ?? (number == EACCES ? nil : SystemFault.remedy(number)) ?? "Check that it is a folder and that you may read it.",
      systemNumber: number)
  }

  public static func unwritable(_ url: URL, errno number: Int32) -> FoundationsError {
    if number == ENOSPC || number == EDQUOT {
      return FoundationsError(
        kind: .diskFull,
        problem: "There is no room left to write \(url.path).",
        remedy: "Free space on that disk, then run the same command again: finished work is kept.", systemNumber: number)
    }
    return FoundationsError(
      kind: .unwritableFile,
      problem: "The file \(url.path) cannot be written: \(systemMessage(number)).",
      remedy: limit(number) ?? "Check that the folder exists and that you may write there.", systemNumber: number)
  }

  /// What to do where not the file is at fault, but what the process or the disk may hold; nil for other errors.
  private static func limit(_ number: Int32) -> String? {
    switch number {
    case EMFILE: "This process may not open more files: raise the limit (ulimit -n), or take fewer loaderThreads."
    case ENFILE: "The machine may not open more files: end other processes, or raise its limit."
    case EFBIG: "Files of this size are not allowed here: raise the limit (ulimit -f), or take a disk that holds larger files."
    case EROFS: "The disk is mounted to be read only: choose an output on another."
    case EISDIR, ENOTDIR: "Something else has that name: move it away, or choose another."
    default: nil
    }
  }

  static func existing(_ url: URL) -> FoundationsError {
    FoundationsError(
      kind: .existing, problem: "The file \(url.path) is there already.",
      remedy: "Give --force to replace it, or another name.")
  }

  static func notText(_ url: URL) -> FoundationsError {
    FoundationsError(
      kind: .notText, problem: "The file \(url.path) is not UTF-8 text.",
      remedy: "Save it as UTF-8 (with .gz at the end of its name if it is compressed).")
  }

  static func tooLong(_ url: URL, limit: Int) -> FoundationsError {
    FoundationsError(
      kind: .tooLong, problem: "The text of \(url.path) is longer than \(spoken(bytes: limit)).",
      remedy: "Divide it into several files, or check that it is the right one.")
  }

  static func malformedCSV(line: Int, reason: String) -> FoundationsError {
    FoundationsError(
      kind: .malformedCSV, problem: "Line \(line) of the table is not valid CSV: \(reason).",
      remedy: "Quote fields that hold commas, quotes or line breaks, and give every row as many fields as the header.")
  }

  static func emptyTable() -> FoundationsError {
    FoundationsError(kind: .malformedCSV, problem: "The table is empty.", remedy: "Get it again from its source, or name another.")
  }

  /// Something else in a text's place.
  static func foreign(_ url: URL, _ content: ForeignContent) -> FoundationsError {
    FoundationsError(kind: .notText, problem: "The file \(url.path) is \(content.name).", remedy: content.remedy)
  }

  static func notEncodable(_ reason: String) -> FoundationsError {
    FoundationsError(
      kind: .notEncodable, problem: "A value cannot be written as JSON: \(reason).",
      remedy: "Report this with the command that led to it.")
  }
}

/// The operating system's own words for an error number.
public func systemMessage(_ number: Int32) -> String { String(cString: strerror(number)) }
