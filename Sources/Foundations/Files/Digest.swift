internal import CCrypto
public import Foundation

/// SHA-256 (FIPS 180-4), through OpenSSL's libcrypto, which uses the CPU's own instructions.
public enum Digest {
  /// MD5 (RFC 1321) is here only to compare with what publishers give; it protects from damage, not from malice.
  public enum Algorithm: Sendable { case sha256, md5 }

  /// The digest of `data` as 64 lowercase hexadecimal digits.
  public static func sha256Hex(of data: Data) -> String {
    let hasher = Hasher()
    data.withUnsafeBytes { hasher.update($0) }
    return hasher.finalizeHex()
  }

  /// The digest of a text's UTF-8 bytes.
  public static func sha256Hex(of text: String) -> String { sha256Hex(of: Data(text.utf8)) }

  /// The digest of a file, read in pieces so that its size does not matter.
  public static func sha256Hex(ofFile url: URL) throws -> String { try hex(ofFile: url, .sha256) }

  /// The same by either algorithm.
  public static func hex(ofFile url: URL, _ algorithm: Algorithm) throws -> String {
    let descriptor = open(url.path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw FoundationsError.unreadable(url, errno: errno) }
    defer { close(descriptor) }
    var status = stat()
    // A pipe would end at once as an empty file does.
    if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO { throw FoundationsError.unreadable(url, errno: EISDIR) }
    let hasher = Hasher(algorithm)
    let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 16)
    defer { piece.deallocate() }
    while true {
      let count = read(descriptor, piece.baseAddress, piece.count)
      if count < 0 {
        if errno == EINTR { continue }
        throw FoundationsError.unreadable(url, errno: errno)
      }
      if count == 0 { return hasher.finalizeHex() }
      hasher.update(UnsafeRawBufferPointer(rebasing: piece[..<count]))
    }
  }

  /// A digest in the making. Not Sendable: it owns a libcrypto context.
  public final class Hasher {
    private let context = EVP_MD_CTX_new()

    private let byteCount: Int

    public init(_ algorithm: Algorithm = .sha256) {
      EVP_DigestInit_ex(context, algorithm == .sha256 ? EVP_sha256() : EVP_md5(), nil)
      byteCount = algorithm == .sha256 ? 32 : 16
    }

    deinit { EVP_MD_CTX_free(context) }

    public func update(_ bytes: UnsafeRawBufferPointer) { EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) }

    public func update(_ data: Data) { data.withUnsafeBytes { update($0) } }

    /// The bytes of the digest, 32 of SHA-256 and 16 of MD5. The hasher cannot be used after.
    public func finalize() -> [UInt8] {
      var digest = [UInt8](repeating: 0, count: byteCount)
      EVP_DigestFinal_ex(context, &digest, nil)
      return digest
    }

    /// The digest as lowercase hexadecimal digits. The hasher cannot be used after.
    public func finalizeHex() -> String {
      let digits = Array("0123456789abcdef".utf8)
      return String(decoding: finalize().flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
  }
}
