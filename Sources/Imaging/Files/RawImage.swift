public import Foundation

/// A picture without a header, such as the `.IMG` files of JSRT; what it holds, only its publisher's page says.
public struct RawImage: Sendable, Hashable, Codable {
  /// In pixels.
  public let width: Int
  /// In pixels.
  public let height: Int
  /// Bits a sample that mean something, 1 to 16; up to 8 are stored in a byte, more in two.
  public let bitDepth: Int
  public let isBigEndian: Bool
  /// Bytes before the first sample.
  public let offset: Int
  /// Whether 0 stands for white: samples are then turned over, so that 0 is black, as in MONOCHROME1.
  public let isWhiteZero: Bool

  public init(width: Int, height: Int, bitDepth: Int, isBigEndian: Bool, offset: Int = 0, isWhiteZero: Bool = false) {
    self.width = width
    self.height = height
    self.bitDepth = bitDepth
    self.isBigEndian = isBigEndian
    self.offset = offset
    self.isWhiteZero = isWhiteZero
  }

  /// The chest radiographs of JSRT (Shiraishi et al. 2000): 2048 × 2048 samples of 12 bits, high byte first, 0 white.
  public static let jsrt = RawImage(width: 2048, height: 2048, bitDepth: 12, isBigEndian: true, isWhiteZero: true)

  /// Reads a file that has exactly the stated size. Throws `ImagingError`, also where a sample passes the stated depth: then the
  /// byte order or the geometry is another one.
  public func read(_ url: URL) throws -> PixelBuffer {
    try requireSize(width: width, height: height)
    guard (1...16).contains(bitDepth), (0...ImageFile.byteLimit).contains(offset) else {
      throw ImagingError.geometry(
        "A raw image cannot have \(bitDepth) bits a sample behind \(offset) bytes.",
        remedy: "Give 1 to 16 bits and an offset within the file.")
    }
    let bytes = try FileBytes(url, limit: ImageFile.byteLimit)
    return try naming(url) { try bytes.withBytes(samples) }
  }

  /// The size of a whole file.
  public var byteCount: Int { offset + width * height * (bitDepth > 8 ? 2 : 1) }

  private func samples(_ bytes: UnsafeRawBufferPointer) throws -> PixelBuffer {
    let size = bitDepth > 8 ? 2 : 1
    let expected = byteCount
    guard bytes.count == expected else {
      let reason = "it has \(bytes.count) bytes, and \(width) × \(height) samples of \(bitDepth) bits need \(expected)"
      throw bytes.count < expected ? FormatFailure.truncated(reason) : FormatFailure.malformed(reason)
    }
    let maximum = UInt16((1 << bitDepth) - 1)
    func checked(_ sample: UInt16, _ index: Int) throws -> UInt16 {
      guard sample <= maximum else {
        throw FormatFailure.malformed("sample \(index) is \(sample), more than \(bitDepth) bits hold")
      }
      return isWhiteZero ? maximum - sample : sample
    }
    if size == 1 {
      let samples = try bytes.dropFirst(offset).enumerated().map { UInt8(try checked(UInt16($1), $0)) }
      return try PixelBuffer(width: width, height: height, channels: 1, bitDepth: bitDepth, samples: .bytes(samples))
    }
    let samples = try (0..<width * height).map { index in
      let value = bytes.loadUnaligned(fromByteOffset: offset + 2 * index, as: UInt16.self)
      return try checked(isBigEndian ? value.bigEndian : value.littleEndian, index)
    }
    return try PixelBuffer(width: width, height: height, channels: 1, bitDepth: bitDepth, samples: .words(samples))
  }
}
