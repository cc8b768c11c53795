import Foundation
import Pretraining
import Testing
import Torch

/// The goldens of Tools/goldens/views.py: what torchvision 0.28.0 makes of images, given the parameters.
struct ViewGolden: Decodable {
  struct Crop: Decodable {
    let interpolation: String
    let box: [Double]
    let mirrored: Bool
    let values: [Double]
  }

  struct Operation: Decodable {
    let name: String
    let numbers: [Double]
    let values: [Double]
  }

  /// Means over 100,000 draws of RandomResizedCrop on an image of 640 × 480 pixels.
  struct Law: Decodable {
    let scale: [Double]
    /// Of the image's.
    let area: Double
    /// The share of crops of less than 0.4 of the area.
    let below: Double
    /// log(width / height)
    let logRatio: Double
    /// Of the height, and of the width.
    let top: Double
    let left: Double
  }

  let laws: [Law]
  let crops: [Crop]
  let operations: [Operation]
  let grayContrast: [Double]

  static func load() throws -> ViewGolden {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/views.json")
    return try JSONDecoder().decode(ViewGolden.self, from: Data(contentsOf: file))
  }
}

/// Folded waves of 256 levels, another for each image and channel, in 0…1: the formula of views.py.
private func images(_ height: Int, _ width: Int, batch: Int = 2, type: ScalarType = .float64) throws -> Tensor {
  var levels: [Double] = []
  for b in 0..<batch {
    for c in 0..<3 {
      for y in 0..<height { for x in 0..<width { levels.append(Double(255 - abs((x * x * (c + 3) + 5 * y * y + 7 * x * y * (b + 1) + 41 * c + 90 * b) % 510 - 255))) } }
    }
  }
  return try (Tensor(levels, shape: [batch, 3, height, width]) / 255).to(type: type)
}

private func distance(_ tensor: Tensor, _ expected: [Double]) throws -> Double {
  let found = try tensor.to(type: .float64).doubles()
  guard found.count == expected.count else { return .infinity }
  return zip(found, expected).map { abs($0 - $1) }.max() ?? .infinity
}

private let fill = [0.25, 0.5, 0.125]

/// The operation of a golden's name.
private func operation(_ name: String, _ number: Double) throws -> DrawnOperation {
  let made: [String: DrawnOperation] = [
    "mirror": .mirror, "brightness": .brightness(number), "contrast": .contrast(number), "saturation": .saturation(number), "hue": .hue(number),
    "gray": .gray, "blur": .blur(sigma: number, kernel: 5), "solarize": .solarize(threshold: number), "invert": .invert, "autoContrast": .autoContrast,
    "equalize": .equalize, "posterize": .posterize(bits: Int(number)), "sharpness": .sharpness(number), "rotate": .rotate(degrees: number),
    "shearX": .shearX(number), "shearY": .shearY(number), "translateX": .translateX(number), "translateY": .translateY(number),
  ]
  return try #require(made[name])
}

@Suite("Views against torchvision")
struct ViewGoldenTests {
  // The goldens have eleven digits.
  @Test(
    "Crops are resized and mirrored as torchvision's resized_crop and hflip do it, bilinear and bicubic, each image by its own box",
    arguments: [
      (ScalarType.float64, 1e-10), (.float32, 2e-5),
    ])
  func crops(type: ScalarType, tolerance: Double) throws {
    let golden = try ViewGolden.load(), source = try images(20, 24, type: type)
    #expect(golden.crops.count == 8)
    for interpolation in [ViewInterpolation.bilinear, .bicubic] {
      let wanted = golden.crops.filter { $0.interpolation == interpolation.rawValue }
      // Two boxes at a time, one an image: the second pair is of other scales than the first.
      for pair in [[0, 1], [2, 3], [1, 3]] {
        let chosen = pair.map { wanted[$0] }
        let made = try cropResized(
          source, boxes: chosen.map { CropBox(top: $0.box[0], left: $0.box[1], height: $0.box[2], width: $0.box[3]) },
          isMirrored: chosen.map(\.mirrored), size: 7, interpolation: interpolation)
        for (row, crop) in chosen.enumerated() {
          let found = try made.narrow(along: 0, start: row, count: 1).narrow(along: 1, start: 1, count: 1)
          let expected = Array(crop.values[(row * 49)..<(row * 49 + 49)])
          #expect(try distance(found, expected) < tolerance, "\(interpolation) \(crop.box)")
        }
      }
    }
  }

  @Test("Every operation is torchvision's to the letter where its parameter is given", arguments: [(ScalarType.float64, 1e-10), (.float32, 1e-5)])
  func operations(type: ScalarType, tolerance: Double) throws {
    let golden = try ViewGolden.load(), source = try images(8, 9, type: type)
    #expect(golden.operations.count == 18)
    for wanted in golden.operations {
      let made = try DrawnOperation.apply(wanted.numbers.map { try operation(wanted.name, $0) }, to: source, fill: fill)
      // torchvision turns hues in float32 whatever the image is of.
      #expect(try distance(made, wanted.values) < (wanted.name == "hue" ? max(tolerance, 1e-6) : tolerance), "\(wanted.name)")
    }
  }

  @Test("The contrast of a picture of one channel is around its own mean")
  func grayContrast() throws {
    let golden = try ViewGolden.load(), gray = try images(8, 9).narrow(along: 1, start: 0, count: 1)
    #expect(try distance(DrawnOperation.apply([.contrast(0.3), .contrast(1.7)], to: gray, fill: [0]), golden.grayContrast) < 1e-10)
  }

  @Test("What one image of a batch is given does not reach another, and the images that come in stay as they are")
  func mixed() throws {
    let source = try images(8, 9), before = try source.doubles()
    let whole = CropBox(top: 0, left: 0, height: 8, width: 9)
    let view = View(.crop(scale: 0.2...1, size: .full), .none)
    func seen(_ operations: [[DrawnOperation]]) throws -> [Tensor] {
      try view.apply(operations.map { ViewParameters(crop: whole, operations: $0) }, to: source, inputSize: 8, fill: fill).unbind()
    }
    let plain = try seen([[], []]), varied = try seen([[.brightness(0.5), .hue(0.1)], [.gray, .equalize, .rotate(degrees: 10)]])
    let alone = try seen([[.brightness(0.5), .hue(0.1)], []]), other = try seen([[], [.gray, .equalize, .rotate(degrees: 10)]])
    #expect(try varied[0].isEqual(to: alone[0]) && varied[1].isEqual(to: other[1]))
    #expect(try alone[1].isEqual(to: plain[1]) && other[0].isEqual(to: plain[0]))
    #expect(try !varied[0].isEqual(to: plain[0]) && !varied[1].isEqual(to: plain[1]))
    #expect(try source.doubles() == before)
  }

  @Test("The patches of a jigsaw are those of the image, in the order that was drawn")
  func jigsaw() throws {
    let source = try images(9, 9)
    let corners = (0..<9).map { [$0 / 3 * 3 + $0 % 2, $0 % 3 * 3 + 1] }
    let cuts = [JigsawCut(corners: corners.reversed()), JigsawCut(corners: corners)]
    let patches = try jigsawPatches(source, cuts: cuts, side: 2)
    #expect(patches.shape == [2, 9, 3, 2, 2])
    for (image, cut) in cuts.enumerated() {
      for (place, corner) in cut.corners.enumerated() {
        let expected = try source.select(along: 0, index: image).narrow(along: 1, start: corner[0], count: 2).narrow(along: 2, start: corner[1], count: 2)
        #expect(try patches.select(along: 0, index: image).select(along: 0, index: place).isEqual(to: expected))
      }
    }
  }
}
