public import Foundations

/// Damage behind checksums: a part of the file is changed and its checksums are made right again, so that the reader gets to
/// see the part.
public enum RepairedMutation {
  /// nil for a file that is none of the formats with checksums, or not as their writers write it.
  public static func mutated(_ original: [UInt8], donor: [UInt8], with generator: inout SeededGenerator) -> [UInt8]? {
    if original.starts(with: [0x50, 0x4B, 0x03, 0x04]) { return zip(original, donor: donor, with: &generator) }
    if original.count > 512, original[257..<262].elementsEqual("ustar".utf8) {
      return tar(original, donor: donor, with: &generator)
    }
    if original.suffix(8).elementsEqual([0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB]) {
      return table(original, donor: donor, with: &generator)
    }
    return nil
  }

  // MARK: Zip

  /// The members of a zip without ZIP64 and without a comment.
  static func members(_ zip: [UInt8]) -> [StoredArchives.ZipMember]? {
    guard let count = zip.number(at: zip.count - 12, width: 2), var position = zip.number(at: zip.count - 6, width: 4) else {
      return nil
    }
    var members: [StoredArchives.ZipMember] = []
    for _ in 0..<count {
      guard let method = zip.number(at: position + 10, width: 2), let sum = zip.number(at: position + 16, width: 4),
        let size = zip.number(at: position + 20, width: 4),
        let fullSize = zip.number(at: position + 24, width: 4), let nameLength = zip.number(at: position + 28, width: 2),
        let extra = zip.number(at: position + 30, width: 2), let comment = zip.number(at: position + 32, width: 2),
        let header = zip.number(at: position + 42, width: 4), let localName = zip.number(at: header + 26, width: 2),
        let localExtra = zip.number(at: header + 28, width: 2)
      else { return nil }
      let start = header + 30 + localName + localExtra
      guard start + size <= zip.count, position + 46 + nameLength <= zip.count else { return nil }
      let name = Array(zip[position + 46..<position + 46 + nameLength])
      members.append(
        StoredArchives.ZipMember(
          name: name, method: method, fullSize: fullSize, data: Array(zip[start..<start + size]), checksum: UInt32(truncatingIfNeeded: sum)))
      position += 46 + nameLength + extra + comment
    }
    return members
  }

  /// One member changes, mostly the pickle; the archive is written anew around it.
  private static func zip(_ original: [UInt8], donor: [UInt8], with generator: inout SeededGenerator) -> [UInt8]? {
    guard var members = members(original), !members.isEmpty else { return nil }
    let pickle = members.firstIndex { $0.name.suffix(8).elementsEqual("data.pkl".utf8) }
    let changed = pickle.flatMap { generator.integer(below: 5) == 0 ? nil : $0 } ?? generator.integer(below: members.count)
    let donorMembers = Self.members(donor) ?? []
    let donorData = donorMembers.first { $0.name.suffix(8).elementsEqual("data.pkl".utf8) }?.data ?? donorMembers.first?.data ?? []
    let all = 0..<members[changed].data.count
    members[changed].data = FileMutation.mutated(members[changed].data, donor: donorData, structure: all, with: &generator)
    if members[changed].method == 0 {
      members[changed].fullSize = members[changed].data.count
      members[changed].checksum = Checksums.crc32(members[changed].data)
    }
    return StoredArchives.zip(members)
  }

  // MARK: Tar

  /// Everything changes but the headers' own checksums, which are computed again wherever a header still starts.
  private static func tar(_ original: [UInt8], donor: [UInt8], with generator: inout SeededGenerator) -> [UInt8]? {
    var members: [(header: [UInt8], data: [UInt8])] = []
    var position = 0
    while position + 512 <= original.count, original[position] != 0 {
      let digits = original[position + 124..<position + 136].prefix { (0x30...0x37).contains($0) }
      let size = digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
      guard position + 512 + size <= original.count else { return nil }
      let start = position + 512
      members.append((Array(original[position..<start]), Array(original[start..<start + size])))
      position = start + (size + 511) / 512 * 512
    }
    guard !members.isEmpty else { return nil }
    let changed = generator.integer(below: members.count)
    let all = 0..<members[changed].data.count
    members[changed].data = FileMutation.mutated(members[changed].data, donor: donor, structure: all, with: &generator)
    var archive: [UInt8] = []
    for (index, member) in members.enumerated() {
      var header = member.header
      if index == changed {
        header.replaceSubrange(124..<136, with: octal(member.data.count, digits: 11) + [0])
        header.replaceSubrange(148..<156, with: [UInt8](repeating: 0x20, count: 8))
        header.replaceSubrange(148..<156, with: octal(header.reduce(0) { $0 + Int($1) }, digits: 6) + [0, 0x20])
      }
      archive += header + member.data + [UInt8](repeating: 0, count: (512 - member.data.count % 512) % 512)
    }
    return archive + [UInt8](repeating: 0, count: 1024)
  }

  private static func octal(_ number: Int, digits count: Int) -> [UInt8] {
    let digits = String(number, radix: 8).utf8
    return [UInt8](repeating: 0x30, count: count - digits.count) + digits
  }

  // MARK: LevelDB's table

  /// A block of the table changes without changing its length; the checksum after it is made right again.
  private static func table(_ original: [UInt8], donor: [UInt8], with generator: inout SeededGenerator) -> [UInt8]? {
    // The footer: the handles of the metaindex and of the index, then zeros and the mark.
    var position = original.count - 48
    _ = handle(original, &position)
    guard let index = handle(original, &position), let blocks = blocks(original, index) else { return nil }
    let block = (blocks + [index])[generator.integer(below: blocks.count + 1)]
    guard block.offset + block.size + 5 <= original.count else { return nil }
    let range = block.offset..<block.offset + block.size
    var content = FileMutation.mutated(Array(original[range]), donor: donor, structure: 0..<block.size, with: &generator)
    content = Array((content + [UInt8](repeating: 0, count: block.size)).prefix(block.size))
    var table = original
    table.replaceSubrange(range, with: content)
    let sum = Checksums.maskedCRC32C(content + [original[range.upperBound]])
    table.replaceSubrange(range.upperBound + 1..<range.upperBound + 5, with: [UInt8].number(Int(sum), width: 4))
    return table
  }

  private static func handle(_ table: [UInt8], _ position: inout Int) -> (offset: Int, size: Int)? {
    guard let offset = varint(table, &position), let size = varint(table, &position) else { return nil }
    return (offset, size)
  }

  private static func varint(_ bytes: [UInt8], _ position: inout Int) -> Int? {
    var (value, shift) = (0, 0)
    while position < bytes.count, shift < 63 {
      let byte = bytes[position]
      position += 1
      value |= Int(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
    }
    return nil
  }

  /// The handles that the entries of the index block hold.
  private static func blocks(_ table: [UInt8], _ index: (offset: Int, size: Int)) -> [(offset: Int, size: Int)]? {
    let end = index.offset + index.size
    guard end <= table.count, let restarts = table.number(at: end - 4, width: 4) else { return nil }
    var position = index.offset
    var blocks: [(offset: Int, size: Int)] = []
    while position < end - 4 - 4 * restarts {
      guard varint(table, &position) != nil, let own = varint(table, &position), varint(table, &position) != nil else { return nil }
      position += own
      guard let block = handle(table, &position) else { return nil }
      blocks.append(block)
    }
    return blocks
  }
}
