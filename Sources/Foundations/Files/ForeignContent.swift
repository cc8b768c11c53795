/// What stands in a file's place when it is not there: what servers, version control and unpacking leave behind.
///
/// Known from the first bytes. An error that names it saves the look into the file.
public struct ForeignContent: Sendable, Equatable {
  /// With its article: “a Git LFS pointer”.
  public let name: String
  /// In the imperative.
  public let remedy: String

  /// - Parameter bytes: the first ones of a file, some hundred where there are as many.
  public init?(_ bytes: UnsafeRawBufferPointer) {
    guard let known = Self.all.first(where: { $0.isBeginning(bytes) }) else { return nil }
    self = known.content
  }

  private init(_ name: String, _ remedy: String) {
    self.name = name
    self.remedy = remedy
  }

  private typealias Known = (isBeginning: @Sendable (UnsafeRawBufferPointer) -> Bool, content: ForeignContent)

  private static let unpack = "Unpack it, and name the files in it."

  private static let all: [Known] = [
    (text("version https://git-lfs.github.com/"), ForeignContent("a Git LFS pointer, not the file itself", "Fetch the file with `git lfs pull` in its repository.")),
    (isAnnexPointer, ForeignContent("a git-annex pointer, not the file itself", "Fetch the file with `git annex get` or `datalad get`.")),
    (
      text("<!doctype html", "<html", "<head", "<script"),
      ForeignContent("an HTML page, as a server sends for a login or an error", "Download the file again, signed in where its source asks for it.")
    ),
    (isSVG, ForeignContent("an SVG drawing, which has no pixels", "Export it as PNG in the size that is wanted.")),
    (brand("heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"), ForeignContent("a HEIC picture, as phones take", "Convert it to PNG, for instance with `heif-convert`.")),
    (brand("avif", "avis"), ForeignContent("an AVIF picture", "Convert it to PNG, for instance with `avifdec`.")),
    (brand("isom", "iso2", "mp41", "mp42", "qt  ", "M4V "), ForeignContent("a video", "Write its frames as pictures, for instance with `ffmpeg`.")),
    (text("<?xml"), ForeignContent("an XML document, as a server sends for an error", "Download the file again, signed in where its source asks for it.")),
    (text("%pdf-"), ForeignContent("a PDF document", "Export its pictures, and name these.")),
    (signature([0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6]), ForeignContent("a zip archive", unpack)),
    (signature([0x1F, 0x8B]), ForeignContent("gzip data", "Unpack it with `gunzip`, or with `tar` where it holds an archive.")),
    (signature([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]), ForeignContent("a 7-Zip archive", unpack)),
    (signature(Array("Rar!".utf8)), ForeignContent("a RAR archive", unpack)),
    (signature([0xFD] + Array("7zXZ".utf8) + [0]), ForeignContent("xz data", "Unpack it with `unxz`.")),
    (signature([0x28, 0xB5, 0x2F, 0xFD]), ForeignContent("Zstandard data", "Unpack it with `unzstd`.")),
    (signature(Array("BZh".utf8)), ForeignContent("bzip2 data", "Unpack it with `bunzip2`.")),
    (isTar, ForeignContent("a tar archive", unpack)),
    (isZero, ForeignContent("empty space, all zeros, as a download leaves that was broken off", "Download the file again.")),
  ]

  private static func signature(_ starts: [UInt8]...) -> @Sendable (UnsafeRawBufferPointer) -> Bool {
    { bytes in starts.contains { bytes.starts(with: $0) } }
  }

  /// What a file of boxes (ISO/IEC 14496-12) says that it is.
  private static func brand(_ brands: String...) -> @Sendable (UnsafeRawBufferPointer) -> Bool {
    { bytes in bytes.count >= 12 && bytes[4..<8].elementsEqual("ftyp".utf8) && brands.contains { bytes[8..<12].elementsEqual($0.utf8) } }
  }

  private static let isSVG: @Sendable (UnsafeRawBufferPointer) -> Bool = { bytes in
    guard text("<svg", "<?xml", "<!--", "<!doctype svg")(bytes) else { return false }
    return String(decoding: bytes.prefix(2048), as: UTF8.self).contains("<svg")
  }

  /// Texts without regard to case, behind blanks and a byte order mark.
  private static func text(_ starts: String...) -> @Sendable (UnsafeRawBufferPointer) -> Bool {
    { bytes in
      var rest = bytes.prefix(512)
      if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
      rest = rest.drop { $0 == 32 || (9...13).contains($0) }
      return starts.contains { start in
        rest.count >= start.utf8.count && zip(rest, start.utf8).allSatisfy { $0 == $1 || (65...90).contains($0) && $0 + 32 == $1 }
      }
    }
  }

  private static let isAnnexPointer: @Sendable (UnsafeRawBufferPointer) -> Bool = { bytes in
    bytes.count < 4096 && String(decoding: bytes.prefix(512), as: UTF8.self).split(separator: "\n").first?.contains("/annex/objects/") == true
  }

  private static let isTar: @Sendable (UnsafeRawBufferPointer) -> Bool = { $0.count >= 262 && $0[257..<262].elementsEqual("ustar".utf8) }

  private static let isZero: @Sendable (UnsafeRawBufferPointer) -> Bool = { $0.count >= 128 && $0.prefix(4096).allSatisfy { $0 == 0 } }
}
