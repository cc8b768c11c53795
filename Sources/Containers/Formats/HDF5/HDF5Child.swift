internal import CHDF5
internal import Foundation
internal import Foundations

/// An HDF5 file, and the child processes in which the HDF5 library looks at it. See CHDF5.h for what they may do.
///
/// Nothing that a child says is trusted: every record has a limit, and so has what they may add up to.
struct HDF5Child: Sendable {
  let source: any ByteSource

  static let recordLimit = 2 << 20
  /// A child that has said nothing for so long is stopped.
  static let timeoutSeconds: Int32 = 120

  /// Starts a child and hands each of its records to `body`.
  ///
  /// - Parameters:
  ///   - path: the dataset to read; nil to describe all.
  ///   - resultByteCount: how much it will have to hold for that.
  func records(of path: String?, resultByteCount: Int, _ body: (UInt8, Data) throws -> Void) throws {
    try withRequest(path: path, resultByteCount: resultByteCount) { request in
      var child = chdf5_child()
      let number = withUnsafePointer(to: request) { chdf5_start($0, &child) }
      guard number == 0 else { throw Self.failed("it could not be started: \(systemMessage(number))") }
      defer { chdf5_finish(&child) }
      while true {
        let length = Int(try Self.read(child, count: 4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
        guard (1...Self.recordLimit).contains(length) else { throw Self.failed("its answer makes no sense") }
        let record = try Self.read(child, count: length)
        let (kind, rest) = (record[record.startIndex], Data(record.dropFirst()))
        switch kind {
        case UInt8(ascii: "Z"): return
        case UInt8(ascii: "E"): throw Self.failed(String(decoding: rest, as: UTF8.self))
        case UInt8(ascii: "R"):
          var reader = LittleEndianReader(rest)
          let (path, reason) = (try reader.text(), try reader.text())
          throw ContainersError.unsupported(.hdf5, "its entry \(path) \(reason), which is not read")
        default: try body(kind, rest)
        }
      }
    }
  }

  private static func read(_ child: chdf5_child, count: Int) throws -> Data {
    var data = Data(count: count)
    let status = data.withUnsafeMutableBytes { buffer in
      withUnsafePointer(to: child) { chdf5_read($0, buffer.baseAddress, buffer.count, timeoutSeconds) }
    }
    switch status {
    case 1: return data
    case 0: throw failed("it crashed or asked for more memory or time than the file can need")
    default: throw failed("it said nothing for \(timeoutSeconds) seconds")
    }
  }

  private func withRequest(path: String?, resultByteCount: Int, _ body: (chdf5_request) throws -> Void) throws {
    var request = chdf5_request()
    request.byte_count = source.byteCount
    request.file = -1
    // The file is mapped, the result held once, a chunk may be held packed and unpacked; the rest is the library's own.
    request.memory_bytes = UInt64(source.byteCount) + 3 * UInt64(resultByteCount) + 512 << 20
    request.cpu_seconds = 20 + UInt64(source.byteCount + resultByteCount) >> 24
    func run(_ request: chdf5_request) throws {
      guard let path else { return try body(request) }
      try path.withCString { path in
        var request = request
        request.path = path
        try body(request)
      }
    }
    if let file = source as? FileByteSource {
      try file.withDescriptor { descriptor in
        request.file = descriptor
        try run(request)
      }
    } else {
      // The child shares the caller's memory as it is when it starts.
      try source.read(offset: 0, count: source.byteCount).withUnsafeBytes { bytes in
        request.bytes = bytes.baseAddress
        try run(request)
      }
    }
  }

  static func failed(_ reason: String) -> ContainersError {
    ContainersError(.malformedContainer, "The HDF5 library could not read the file: \(reason).", remedy: fetchAgain)
  }
}

/// The elements of a dataset that do not lie in the file as they are: compressed, in pieces, or big-endian. They are unpacked
/// in a child, each time that they are read.
struct HDF5ElementSource: ByteSource {
  let child: HDF5Child
  let path: String
  let byteCount: Int

  func read(offset: Int, count: Int) throws -> Data {
    try check(offset: offset, count: count)
    var elements = Data(capacity: byteCount)
    try child.records(of: path, resultByteCount: byteCount) { kind, bytes in
      guard kind == UInt8(ascii: "B"), bytes.count <= byteCount - elements.count else {
        throw HDF5Child.failed("its answer about \(path) makes no sense")
      }
      elements += bytes
    }
    guard elements.count == byteCount else { throw HDF5Child.failed("its answer about \(path) makes no sense") }
    return count == byteCount ? elements : elements.subdata(in: offset..<offset + count)
  }
}

extension LittleEndianReader {
  /// Four bytes of length and UTF-8.
  mutating func text() throws -> String {
    let bytes = try bytes(Int(try uint32()))
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ContainersError.malformed(.hdf5, "a name in it is not UTF-8")
    }
    return text
  }
}
