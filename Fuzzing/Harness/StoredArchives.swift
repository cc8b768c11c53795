/// Archives around bytes that are not compressed, with right checksums and lengths: what is damaged inside is seen by the reader.
public enum StoredArchives {
  /// A gzip file.
  public static func gzip(_ content: [UInt8]) -> [UInt8] {
    [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] + deflated(content) + .number(Int(Checksums.crc32(content)), width: 4)
      + .number(content.count, width: 4)
  }

  /// A zip file.
  ///
  /// - Parameter isDeflated: whether members say that they are compressed, as those of `numpy.savez_compressed` do.
  public static func zip(_ members: [(name: String, data: [UInt8])], isDeflated: Bool) -> [UInt8] {
    zip(
      members.map { member in
        ZipMember(
          name: Array(member.name.utf8), method: isDeflated ? 8 : 0, fullSize: member.data.count,
          data: isDeflated ? deflated(member.data) : member.data, checksum: Checksums.crc32(member.data))
      })
  }

  struct ZipMember {
    var name: [UInt8]
    /// 0 for stored, 8 for deflated.
    var method: Int
    var fullSize: Int
    var data: [UInt8]
    /// Of the content before it was compressed.
    var checksum: UInt32
  }

  static func zip(_ members: [ZipMember]) -> [UInt8] {
    var (archive, directory): ([UInt8], [UInt8]) = ([], [])
    for member in members {
      let offset = archive.count
      let fields =
        [UInt8].number(member.method, width: 2) + .number(0, width: 4) + .number(Int(member.checksum), width: 4)
        + .number(member.data.count, width: 4) + .number(member.fullSize, width: 4) + .number(member.name.count, width: 2)
      archive += [0x50, 0x4B, 3, 4, 20, 0, 0, 0] + fields + .number(0, width: 2) + member.name + member.data
      directory += [0x50, 0x4B, 1, 2, 20, 0, 20, 0, 0, 0] + fields + .number(0, width: 12) + .number(offset, width: 4) + member.name
    }
    let counts = [UInt8].number(members.count, width: 2)
    let end = counts + counts + .number(directory.count, width: 4) + .number(archive.count, width: 4) + .number(0, width: 2)
    return archive + directory + [0x50, 0x4B, 5, 6, 0, 0, 0, 0] + end
  }

  /// Blocks of DEFLATE that hold their bytes as they are.
  private static func deflated(_ content: [UInt8]) -> [UInt8] {
    let limit = 65_535
    return stride(from: 0, through: content.count, by: limit).flatMap { start -> [UInt8] in
      let piece = content[start..<min(start + limit, content.count)]
      let isLast = start + limit > content.count
      let head: [UInt8] = [isLast ? 1 : 0]
      let length: [UInt8] = .number(piece.count, width: 2), complement: [UInt8] = .number(~piece.count & 0xFFFF, width: 2)
      return head + length + complement + piece
    }
  }
}
