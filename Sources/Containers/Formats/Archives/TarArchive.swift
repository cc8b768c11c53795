internal import Foundation

/// The members of an uncompressed tar (POSIX.1-1988 `ustar` and what came before it). Members follow one another, so none
/// can share bytes with another.
struct TarArchive {
  private var members: [String: ByteSlice] = [:]
  /// Of its files, in their order.
  private(set) var names: [String] = []

  static let memberLimit = 10_000
  private static let blockByteCount = 512

  init(_ source: any ByteSource) throws {
    var position = 0
    var count = 0
    // Two empty blocks end a tar; one is enough here, and so is the file's end.
    while position + Self.blockByteCount <= source.byteCount {
      let header = [UInt8](try source.read(offset: position, count: Self.blockByteCount))
      if header.allSatisfy({ $0 == 0 }) { break }
      let (name, size, isFile) = try Self.member(header)
      position += Self.blockByteCount
      guard size <= source.byteCount - position else {
        throw ContainersError.truncated(needed: "\(size) bytes of the member \(name)", available: source.byteCount)
      }
      if isFile, members.updateValue(ByteSlice(of: source, offset: position, count: size), forKey: name) != nil {
        throw Self.malformed("it has two members named \(name)")
      }
      if isFile { names.append(name) }
      position += (size + Self.blockByteCount - 1) / Self.blockByteCount * Self.blockByteCount
      count += 1
      guard count <= Self.memberLimit else { throw ContainersError.tooLarge("members", limit: Self.memberLimit) }
    }
  }

  func has(_ name: String) -> Bool { members[name] != nil }

  /// The bytes of a member that the format always has.
  func bytes(of name: String) throws -> ByteSlice {
    try members[name].orThrow(Self.malformed("it has no member \(name)"))
  }

  private static func malformed(_ reason: String) -> ContainersError { .malformed(.torchTar, reason) }

  private static func member(_ header: [UInt8]) throws -> (name: String, size: Int, isFile: Bool) {
    // The checksum counts its own eight bytes as spaces.
    let sum = header.enumerated().reduce(0) { $0 + ((148..<156).contains($1.offset) ? 0x20 : Int($1.element)) }
    guard octal(header[148..<156]) == sum else { throw malformed("the header of a member is damaged") }
    guard let name = String(validating: header[0..<100].prefix { $0 != 0 }, as: UTF8.self) else {
      throw malformed("a member's name is not UTF-8")
    }
    guard let size = size(header[124..<136]) else { throw malformed("the size of the member \(name) is no number") }
    return (name.hasPrefix("./") ? String(name.dropFirst(2)) : name, size, header[156] == 0 || header[156] == 0x30)
  }

  /// Octal digits, or a big-endian number where the first bit is set, which GNU tar writes from 8 GiB on.
  private static func size(_ field: ArraySlice<UInt8>) -> Int? {
    guard let first = field.first, first & 0x80 != 0 else { return octal(field) }
    guard first == 0x80, field.dropFirst().prefix(4).allSatisfy({ $0 == 0 }) else { return nil }
    return field.suffix(7).reduce(0) { $0 << 8 | Int($1) }
  }

  private static func octal(_ field: ArraySlice<UInt8>) -> Int? {
    let digits = field.drop { $0 == 0x20 }.prefix { $0 != 0 && $0 != 0x20 }
    guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x37).contains($0) }) else { return nil }
    return digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
  }
}
