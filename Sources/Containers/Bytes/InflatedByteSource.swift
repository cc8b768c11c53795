internal import CZlib
internal import Foundation
internal import Synchronization

/// A deflated member of a zip archive, as the bytes it unpacks to.
///
/// The first bytes are unpacked as often as they are asked for; whoever wants more has the whole unpacked once, into a
/// temporary file without a name, from which every part is then read at once. The CRC-32 is verified then.
final class InflatedByteSource: ByteSource {
  let name: String
  let byteCount: Int
  private let stored: any ByteSource
  private let expected: UInt32
  private let unpacked = Mutex<FileByteSource?>(nil)

  /// What is unpacked without a file: enough for every header.
  static let headLimit = 1 << 16

  init(name: String, stored: any ByteSource, byteCount: Int, crc32 expected: UInt32) {
    self.name = name
    self.stored = stored
    self.byteCount = byteCount
    self.expected = expected
  }

  func read(offset: Int, count: Int) throws -> Data {
    try check(offset: offset, count: count)
    let file = try unpacked.withLock { file in
      if file == nil, offset + count > Self.headLimit || byteCount <= Self.headLimit { file = try unpackWhole() }
      return file
    }
    if let file { return try file.read(offset: offset, count: count) }
    var head = Data()
    try inflate { piece in
      head += piece
      return head.count < offset + count
    }
    guard head.count >= offset + count else { throw failure("ends early") }
    return Data(head[offset..<offset + count])
  }

  private func unpackWhole() throws -> FileByteSource {
    var sum = CZlib.crc32(0, nil, 0)
    let file = try FileByteSource { append in
      try inflate { piece in
        sum = piece.withUnsafeBytes { CZlib.crc32(sum, $0.bindMemory(to: UInt8.self).baseAddress, uInt($0.count)) }
        try append(piece)
        return true
      }
    }
    guard file.byteCount == byteCount else { throw failure("unpacks to \(file.byteCount) bytes and not to \(byteCount)") }
    guard UInt32(truncatingIfNeeded: sum) == expected else { throw ContainersError.checksum(member: name) }
    return file
  }

  /// Hands on the unpacked bytes, never more than `byteCount`, until `body` has enough.
  private func inflate(_ body: (Data) throws -> Bool) throws {
    var stream = z_stream()
    guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw failure("cannot be unpacked: zlib has no memory")
    }
    defer { inflateEnd(&stream) }
    var output = Data(count: 1 << 18)
    var taken = 0
    var made = 0
    while taken < stored.byteCount {
      var input = try stored.read(offset: taken, count: min(1 << 18, stored.byteCount - taken))
      let inputCount = input.count
      var used = 0
      var isFull = false
      // A full output may leave more to come from input that is used up.
      while used < inputCount || isFull {
        let (status, consumed, produced) = Self.step(&stream, &input, from: used, into: &output)
        used += consumed
        made += produced
        isFull = produced == output.count
        guard status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR else { throw failure("is no deflate stream") }
        guard made <= byteCount else { throw failure("unpacks to more than the \(byteCount) bytes that the directory claims") }
        if produced > 0, try !body(output.prefix(produced)) { return }
        if status == Z_STREAM_END {
          guard taken + used == stored.byteCount else { throw failure("goes on behind the end of its deflate stream") }
          return
        }
        guard consumed > 0 || produced > 0 || used == inputCount else { throw failure("is no deflate stream") }
      }
      taken += inputCount
    }
    throw failure("ends early")
  }

  private static func step(
    _ stream: inout z_stream, _ input: inout Data, from: Int, into output: inout Data
  ) -> (status: Int32, consumed: Int, produced: Int) {
    let (inputCount, outputCount) = (input.count - from, output.count)
    let status = input.withUnsafeMutableBytes { source in
      output.withUnsafeMutableBytes { target in
        stream.next_in = source.bindMemory(to: UInt8.self).baseAddress?.advanced(by: from)
        stream.avail_in = uInt(inputCount)
        stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = uInt(outputCount)
        return CZlib.inflate(&stream, Z_NO_FLUSH)
      }
    }
    return (status, inputCount - Int(stream.avail_in), outputCount - Int(stream.avail_out))
  }

  private func failure(_ reason: String) -> ContainersError {
    ContainersError(.malformedArchive, "The member \(name) of the file \(reason).", remedy: fetchAgain)
  }
}

extension ZipArchive {
  /// Deflate makes at most a thousand bytes of one, and trained weights hardly shrink: an archive that claims more than this
  /// is refused, so that what it can fill is bounded by its own size.
  static let unfoldingLimit = 16
  static let unfoldingAllowance = 64 << 20

  /// The bytes of a member, unpacked when it is deflated.
  func unpackedBytes(of member: ZipMember) throws -> any ByteSource {
    guard member.isCompressed else {
      return try bytes(of: member.name).orThrow(.malformedArchive("the member \(member.name) is not there"))
    }
    guard member.method == 8 else {
      throw ContainersError.malformedArchive("the member \(member.name) is compressed with method \(member.method), not deflate")
    }
    return InflatedByteSource(
      name: member.name, stored: ByteSlice(of: source, offset: member.dataOffset, count: member.size),
      byteCount: member.fullSize, crc32: member.crc32)
  }

  /// Refuses an archive whose members claim to unpack to far more than it holds.
  func checkUnfolding() throws {
    let limit = max(Self.unfoldingAllowance, Extent.product(source.byteCount, Self.unfoldingLimit) ?? Int.max)
    var total = 0
    for member in members where member.isCompressed {
      let (sum, overflow) = total.addingReportingOverflow(member.fullSize)
      guard !overflow, sum <= limit else {
        throw ContainersError(
          .tooLarge, "The file of \(source.byteCount) bytes claims to unpack to more than \(limit).", remedy: fetchAgain)
      }
      total = sum
    }
  }
}
