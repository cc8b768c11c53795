import Foundation
import Testing

@testable import Imaging

extension Tag {
  /// Reads the real images of the shared data folder.
  @Tag static var data: Self
}

/// The files that Tools/goldens/images.py and transforms.py made.
enum Goldens {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens")

  static func image(_ name: String) -> URL { folder.appendingPathComponent("images").appendingPathComponent(name) }

  static func decode<Value: Decodable>(_ type: Value.Type, from name: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent(name)))
  }

  static let images = Result { try decode([String: DecodedImage].self, from: "images.json") }

  static let imageNames = ((try? images.get()) ?? [:]).keys.sorted()

  static let transforms = Result { try decode(Transforms.self, from: "transforms.json") }

  /// Pixels written as hexadecimal bytes.
  static func bytes(_ text: String) -> [UInt8] {
    let digits = Array(text.utf8).map { $0 < 97 ? $0 - 48 : $0 - 87 }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}

/// What decoding a fixture must give.
struct DecodedImage: Decodable {
  let width, height, channels, bitDepth, tolerance: Int
  let samples: [Int]
}

/// What Pillow, torchvision, OpenCV and SciPy do to `picture(width:height:channels:)`.
struct Transforms: Decodable {
  struct Resize: Decodable, CustomTestStringConvertible {
    let width, height, channels, newWidth, newHeight: Int
    let filter: ResizeFilter
    let pixels: String
    var testDescription: String { "\(width)×\(height)×\(channels) to \(newWidth)×\(newHeight) by \(filter)" }
  }

  struct Rotation: Decodable, CustomTestStringConvertible {
    let width, height: Int
    let degrees: Double
    let pixels: String
    var testDescription: String { "\(width)×\(height) by \(degrees) degrees" }
  }

  struct Crop: Decodable, CustomTestStringConvertible {
    let width, height, cropWidth, cropHeight: Int
    let ten: [String]
    let center: String
    var testDescription: String { "\(cropWidth)×\(cropHeight) of \(width)×\(height)" }
  }

  struct RandomCrop: Decodable {
    let width, height: Int
    let low, high: Double
    let seed: UInt64
    let region: [Int]
  }

  struct Lens: Decodable, CustomTestStringConvertible {
    let width, height: Int
    let k, shiftX, shiftY: Double
    let x, y: [Float]
    var testDescription: String { "\(width)×\(height), k = \(k)" }
  }

  struct Warp: Decodable {
    let width, height: Int
    let x, y, bilinear: [Float]
    let nearest: String
  }

  struct Elastic: Decodable {
    struct Map: Decodable { let x, y: [Float] }
    let width, height: Int
    let alpha, sigma, alphaAffine: Double
    let seed: UInt64
    let maps: [Map]
  }

  let resizes: [Resize]
  let rotations: [Rotation]
  let crops: [Crop]
  let randomCrops: [RandomCrop]
  let lenses: [Lens]
  let warp: Warp
  let elastic: Elastic
}

/// The picture of transforms.py: waves and a checkerboard, interleaved bytes.
func picture(width: Int, height: Int, channels: Int) throws -> PixelBuffer {
  var samples = [UInt8]()
  for y in 0..<height {
    for x in 0..<width {
      for c in 0..<channels {
        let wave = (x * x * 3 + y * y * 5 + x * y * 7 + c * 50) / 16 % 256
        samples.append(UInt8((wave + (x / 4 + y / 3) % 2 * 40) % 256))
      }
    }
  }
  return try PixelBuffer(width: width, height: height, channels: channels, bitDepth: 8, samples: .bytes(samples))
}

extension PixelBuffer {
  /// Width, height, channels, bits.
  var shape: [Int] { [width, height, channels, bitDepth] }
}

/// The bytes of an 8-bit image.
func bytes(of image: FloatImage) throws -> [UInt8] {
  guard case .bytes(let values) = try image.pixelBuffer().samples else { return [] }
  return values
}

/// The largest difference between two lists of equal length; 256 where their lengths differ.
func largestDifference(_ a: [UInt8], _ b: [UInt8]) -> Int {
  a.count == b.count ? zip(a, b).map { abs(Int($0) - Int($1)) }.max() ?? 0 : 256
}

/// A new folder that is removed when the value goes.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("imaging-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
