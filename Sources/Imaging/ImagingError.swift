internal import CImageCodecs
internal import Foundation
public import Foundations

/// What can go wrong with images: files that are missing, broken or of a kind that is not read, and impossible geometry.
public struct ImagingError: RemediedError, SystemCallError, Equatable {
  public enum Code: String, Sendable, CaseIterable {
    case unreadableFile, emptyFile, unknownFormat, truncated, malformed, tooLarge, unsupported, outOfMemory, unwritable
    case invalidGeometry
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public private(set) var systemNumber: Int32?
  public var code: String { "imaging.\(kind.rawValue)" }
}

extension ImagingError {
  private static let replaceFile = "Get the file again from its source, or leave it out of the data set."

  static func unreadable(_ url: URL, errno number: Int32) -> ImagingError {
    ImagingError(
      kind: .unreadableFile,
      problem: "The image \(url.path) cannot be read: \(systemMessage(number)).",
      remedy: number == ENOENT ? "Check the path." : (number == EACCES ? nil : SystemFault.remedy(number)) ?? "Check that it is a file and that you may read it.",
      systemNumber: number)
  }

  static func empty(_ url: URL) -> ImagingError {
    ImagingError(kind: .emptyFile, problem: "The image \(url.path) is empty.", remedy: replaceFile)
  }

  static func tooManyBytes(_ url: URL, byteCount: Int, limit: Int) -> ImagingError {
    ImagingError(
      kind: .tooLarge,
      problem: "The image \(url.path) has \(byteCount) bytes, more than the limit of \(limit).",
      remedy: "Store it compressed or smaller.")
  }

  static func unknownFormat(_ url: URL, _ bytes: UnsafeRawBufferPointer) -> ImagingError {
    if let foreign = ForeignContent(bytes) {
      return ImagingError(
        kind: .unknownFormat, problem: "The file \(url.path) is no image: it is \(foreign.name).", remedy: foreign.remedy)
    }
    if NIfTIFile.isVoxelFile(url) {
      return ImagingError(
        kind: .unknownFormat, problem: "The file \(url.path) has no header, and none of its name that ends in .hdr is beside it.",
        remedy: "Put the header there where it is of a NIfTI pair; a raw picture is read where its source says what it holds (rawImages).")
    }
    let digits = bytes.prefix(8).map { String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined(separator: " ")
    return ImagingError(
      kind: .unknownFormat,
      problem: "The file \(url.path) is no \(ImageFile.formatNames) image: it starts with the bytes \(digits).",
      remedy: "Convert it to one of these formats, or leave it out of the data set.")
  }

  /// The failure of a decoder: `status` is a code of `CImageCodecs.h` and `reason` its words for it.
  static func decoding(_ url: URL, status: Int32, reason: String, width: Int, height: Int, pixelLimit: Int) -> ImagingError {
    switch Int(status) {
    case CODECS_TRUNCATED:
      return ImagingError(kind: .truncated, problem: "The image \(url.path) is cut short: \(reason).", remedy: replaceFile)
    case CODECS_TOO_LARGE:
      return ImagingError(
        kind: .tooLarge,
        problem: "The image \(url.path) has \(width) × \(height) pixels, more than the limit of \(pixelLimit).",
        remedy: "Make it smaller, or cut it into tiles.")
    case CODECS_UNSUPPORTED:
      return ImagingError(
        kind: .unsupported,
        problem: "The image \(url.path) is of a kind that is not read: \(reason).",
        remedy: "Convert it to a grey or RGB PNG of 8 or 16 bits.")
    case CODECS_CONTRADICTORY:
      return ImagingError(
        kind: .malformed, problem: "The image \(url.path) contradicts itself: \(reason).",
        remedy: "Convert it with a program that opens it, or leave it out of the data set; a second copy from its source would be the same.")
    case CODECS_OUT_OF_MEMORY:
      return ImagingError(
        kind: .outOfMemory,
        problem: "There is not enough memory to read the image \(url.path).",
        remedy: "Use fewer loader threads, or make the image smaller.", systemNumber: ENOMEM)
    default:
      return ImagingError(kind: .malformed, problem: "The image \(url.path) is damaged: \(reason).", remedy: replaceFile)
    }
  }

  /// The failure of a reader that is not a decoder of one picture.
  static func format(_ url: URL, _ failure: FormatFailure) -> ImagingError {
    switch failure.detail {
    case .picture(let index, let count): return absent(url, index, of: count)
    case .pixels(let width, let height, let limit):
      return decoding(url, status: failure.status, reason: failure.reason, width: width, height: height, pixelLimit: limit)
    case .none: break
    }
    guard failure.status == CODECS_TOO_LARGE else {
      return decoding(url, status: failure.status, reason: failure.reason, width: 0, height: 0, pixelLimit: 0)
    }
    return ImagingError(
      kind: .tooLarge, problem: "The image \(url.path) is too large: \(failure.reason).",
      remedy: "Make it smaller, or cut it into tiles.")
  }

  /// - Parameter index: From 0; sentences count from 1, as commands and studies do.
  static func absent(_ url: URL, _ index: Int, of count: Int) -> ImagingError {
    geometry("The image \(url.path) has no frame \(index + 1): it has \(count).", remedy: "Ask for one of these, counted from 1.")
  }

  static func unwritable(_ url: URL, reason: String) -> ImagingError {
    ImagingError(
      kind: .unwritable,
      problem: "The image \(url.path) cannot be written as PNG: \(reason).",
      remedy: "Give it 8 or 16 bits a sample, or 1, 2 or 4 if it is grey.")
  }

  static func geometry(_ problem: String, remedy: String) -> ImagingError {
    ImagingError(kind: .invalidGeometry, problem: problem, remedy: remedy)
  }

  static func wrongSampleCount(_ count: Int, shape: [Int]) -> ImagingError {
    geometry(
      "An image of \(shape.map(String.init).joined(separator: " × ")) cannot hold \(count) values.",
      remedy: "Give positive sizes and as many values as their product.")
  }
}
