internal import Foundation

/// One stored file of a zip archive.
struct ZipMember: Sendable, Equatable {
  var name: String
  var crc32: UInt32
  /// The bytes it takes in the archive.
  var size: Int
  /// The bytes it has when unpacked, as the directory claims.
  var fullSize: Int
  /// 0 for stored, 8 for deflate.
  var method: UInt16
  var isCompressed: Bool { method != 0 }
  /// Where its local header and its bytes start, from the start of the archive.
  var headerOffset: Int
  var dataOffset: Int
}

/// The directory of a zip archive (PKWARE APPNOTE 6.3).
///
/// Members are stored or deflated: torch.save writes only stored ones, TorchScript and NumPy both.
/// Sizes come from the central directory, since torch.save leaves them out of the local headers; ZIP64 is read. Members
/// may not share a name or a byte, so an archive cannot unfold into more than its own size.
struct ZipArchive: Sendable {
  let source: any ByteSource
  /// In the order of the central directory.
  let members: [ZipMember]
  private let indices: [String: Int]
  /// False when the writer put 0 in place of every CRC-32, as torch.save does when told to compute none.
  private let hasChecksums: Bool

  static let memberLimit = 1_000_000

  init(_ source: any ByteSource) throws {
    self.source = source
    let directory = try ZipDirectory(locating: source)
    var members = try directory.members(in: source)
    try Self.resolve(&members, in: source, end: directory.offset)
    var indices: [String: Int] = [:]
    for (index, member) in members.enumerated() where indices.updateValue(index, forKey: member.name) != nil {
      throw ContainersError.malformedArchive("it has two members named \(member.name)")
    }
    self.members = members
    self.indices = indices
    hasChecksums = members.contains { $0.crc32 != 0 }
  }

  func has(_ name: String) -> Bool { indices[name] != nil }

  /// The bytes of a member, verified against its CRC-32 when they are first read; nil when there is no such member.
  func bytes(of name: String) throws -> (any ByteSource)? {
    guard let index = indices[name] else { return nil }
    let member = members[index]
    // torch.save compresses nothing; whoever packed the file anew may have.
    if member.isCompressed { return try unpackedBytes(of: member) }
    return CheckedByteSource(
      name: name, of: source, offset: member.dataOffset, count: member.size, crc32: hasChecksums ? member.crc32 : nil)
  }

  /// Finds where each member's bytes start and checks that no two members share a byte.
  private static func resolve(_ members: inout [ZipMember], in source: any ByteSource, end: Int) throws {
    for index in members.indices {
      let member = members[index]
      guard member.headerOffset <= end - 30 else {
        throw ContainersError.malformedArchive("the member \(member.name) starts past the directory")
      }
      var header = LittleEndianReader(try source.read(offset: member.headerOffset, count: 30))
      guard try header.uint32() == 0x0403_4B50 else {
        throw ContainersError.malformedArchive("the member \(member.name) has no header where the directory says")
      }
      try header.skip(22)
      let nameLength = Int(try header.uint16())
      let start = member.headerOffset + 30 + nameLength + Int(try header.uint16())
      guard start <= end, member.size <= end - start else {
        throw ContainersError.malformedArchive("the member \(member.name) reaches past the directory")
      }
      guard try source.read(offset: member.headerOffset + 30, count: nameLength).elementsEqual(member.name.utf8) else {
        throw ContainersError.malformedArchive("the member \(member.name) has another name in its own header")
      }
      members[index].dataOffset = start
    }
    var last = 0
    for member in members.sorted(by: { $0.headerOffset < $1.headerOffset }) {
      guard member.headerOffset >= last else {
        throw ContainersError.malformedArchive("the member \(member.name) overlaps the one before it")
      }
      last = member.dataOffset + member.size
    }
  }
}

/// Where the central directory is and how many members it claims.
struct ZipDirectory {
  var offset: Int
  var size: Int
  var count: Int

  /// Finds the end-of-directory record, which is followed only by a comment of at most 65535 bytes.
  init(locating source: any ByteSource) throws {
    let tailCount = min(source.byteCount, 22 + 0xFFFF)
    let tailStart = source.byteCount - tailCount
    let tail = [UInt8](try source.read(offset: tailStart, count: tailCount))
    let position = stride(from: tailCount - 22, through: 0, by: -1).first { start in
      tail[start..<start + 4].elementsEqual([0x50, 0x4B, 0x05, 0x06])
        && Int(tail[start + 20]) | Int(tail[start + 21]) << 8 == tailCount - start - 22
    }
    guard let position else {
      throw ContainersError.malformedArchive("it has no directory, as if it were cut short")
    }
    var record = LittleEndianReader(Data(tail[position...]))
    try record.skip(4)
    let disks = (try record.uint16(), try record.uint16())
    let counts = (try record.uint16(), try record.uint16())
    (size, offset, count) = (Int(try record.uint32()), Int(try record.uint32()), Int(counts.1))
    if count == 0xFFFF || size == 0xFFFF_FFFF || offset == 0xFFFF_FFFF {
      try readZip64(before: tailStart + position, in: source)
    } else {
      guard disks == (0, 0), counts.0 == counts.1 else {
        throw ContainersError.malformedArchive("it is one part of an archive of several")
      }
    }
    guard offset <= tailStart + position, size <= tailStart + position - offset else {
      throw ContainersError.malformedArchive("its directory reaches past its end")
    }
    guard count <= ZipArchive.memberLimit else {
      throw ContainersError.tooLarge("\(count) members", limit: ZipArchive.memberLimit)
    }
  }

  private mutating func readZip64(before end: Int, in source: any ByteSource) throws {
    guard end >= 20 else { throw ContainersError.malformedArchive("its ZIP64 record is missing") }
    var locator = LittleEndianReader(try source.read(offset: end - 20, count: 20))
    // Some writers put the marker values into an archive that needs no ZIP64; then they are the values themselves.
    guard try locator.uint32() == 0x0706_4B50 else { return }
    try locator.skip(4)
    let recordOffset = try locator.count()
    guard recordOffset <= end - 20 - 56 else { throw ContainersError.malformedArchive("its ZIP64 record is missing") }
    var record = LittleEndianReader(try source.read(offset: recordOffset, count: 56))
    guard try record.uint32() == 0x0606_4B50 else { throw ContainersError.malformedArchive("its ZIP64 record is missing") }
    try record.skip(20)
    let counts = (try record.count(), try record.count())
    guard counts.0 == counts.1 else { throw ContainersError.malformedArchive("it is one part of an archive of several") }
    count = counts.1
    size = try record.count()
    offset = try record.count()
  }

  /// The members, without where their bytes start.
  func members(in source: any ByteSource) throws -> [ZipMember] {
    guard count <= size / 46 else {
      throw ContainersError.malformedArchive("its directory of \(size) bytes cannot list \(count) members")
    }
    var reader = LittleEndianReader(try source.read(offset: offset, count: size))
    var members: [ZipMember] = []
    members.reserveCapacity(count)
    for _ in 0..<count { members.append(try Self.member(from: &reader)) }
    return members
  }

  private static func member(from reader: inout LittleEndianReader) throws -> ZipMember {
    guard try reader.uint32() == 0x0201_4B50 else { throw ContainersError.malformedArchive("its directory is damaged") }
    try reader.skip(4)
    let flags = try reader.uint16()
    let method = try reader.uint16()
    try reader.skip(4)
    let crc32 = try reader.uint32()
    var sizes = (stored: Int(try reader.uint32()), full: Int(try reader.uint32()))
    let lengths = (name: Int(try reader.uint16()), extra: Int(try reader.uint16()), comment: Int(try reader.uint16()))
    try reader.skip(8)
    var headerOffset = Int(try reader.uint32())
    guard let name = String(validating: try reader.bytes(lengths.name), as: UTF8.self) else {
      throw ContainersError.malformedArchive("a member's name is not UTF-8")
    }
    try readZip64Extra(try reader.bytes(lengths.extra), sizes: &sizes, headerOffset: &headerOffset)
    try reader.skip(lengths.comment)
    guard flags & 1 == 0 else {
      throw ContainersError(
        .unsupportedContainer, "The archive's member \(name) is encrypted.", remedy: "Unpack it with its password, and give the checkpoint in it.")
    }
    guard method != 0 || sizes.stored == sizes.full else {
      throw ContainersError.malformedArchive("the member \(name) is stored in \(sizes.stored) bytes but claims \(sizes.full)")
    }
    return ZipMember(
      name: name, crc32: crc32, size: sizes.stored, fullSize: sizes.full, method: method, headerOffset: headerOffset, dataOffset: 0)
  }

  /// The 64-bit values, each present only when its 32-bit field holds the marker, in this order: full, stored, offset.
  private static func readZip64Extra(
    _ extra: ArraySlice<UInt8>, sizes: inout (stored: Int, full: Int), headerOffset: inout Int
  ) throws {
    var reader = LittleEndianReader(Data(extra))
    while reader.remaining >= 4 {
      let identifier = try reader.uint16()
      let length = Int(try reader.uint16())
      guard identifier == 1 else {
        try reader.skip(min(length, reader.remaining))
        continue
      }
      if sizes.full == 0xFFFF_FFFF { sizes.full = try reader.count() }
      if sizes.stored == 0xFFFF_FFFF { sizes.stored = try reader.count() }
      if headerOffset == 0xFFFF_FFFF { headerOffset = try reader.count() }
      return
    }
  }
}
