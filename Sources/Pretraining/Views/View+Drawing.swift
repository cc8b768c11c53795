internal import Foundation
public import Foundations
import Imaging

extension View {
  /// What is drawn for one image.
  ///
  /// Where it is cut and how it is varied come from two generators, so that a rule for one does not move the other.
  ///
  /// - Parameters:
  ///   - image: as its file has it.
  ///   - height, width: of the pixels that are cut: the image's own, or of the rectangle it was brought into.
  ///   - inputSize: the side of a full view.
  ///   - path: of the view: seed / epoch / image / view.
  public func draw(
    for image: SeenImage, height: Int, width: Int, inputSize: Int, rule: GrayRule, path: SeedPath
  ) throws -> ViewParameters {
    var places = (path / "crop").generator(), colors = (path / "operations").generator()
    let region = try geometry.region(of: image, rule: rule, using: &places)
    let (down, across) = (Double(height) / Double(image.height), Double(width) / Double(image.width))
    var drawn = ViewParameters(
      crop: CropBox(top: region.top * down, left: region.left * across, height: region.height * down, width: region.width * across).atLeastOnePixel(
        height: height, width: width))
    let side = geometry.cutSide(inputSize: inputSize)
    for operation in augmentation.operations {
      // All is drawn whatever the rule leaves of it: the rest is the same with it and without.
      for made in operation.draw(side: side, using: &colors) where rule.allows(made, for: image) {
        if made == .mirror, !drawn.operations.contains(where: \.movesPixels) { drawn.isMirrored.toggle() } else { drawn.operations.append(made) }
      }
    }
    drawn.cut = geometry.cut(inputSize: inputSize, using: &places)
    return drawn
  }
}

extension CropBox {
  /// A crop of a picture that was brought to a smaller size can be thinner than its pixels.
  fileprivate func atLeastOnePixel(height: Int, width: Int) -> CropBox {
    var box = self
    box.height = min(max(box.height, 1), Double(height))
    box.width = min(max(box.width, 1), Double(width))
    box.top = min(max(box.top, 0), Double(height) - box.height)
    box.left = min(max(box.left, 0), Double(width) - box.width)
    return box
  }
}

extension ViewGeometry {
  /// What of a picture is seen, in its pixels.
  fileprivate func region(of image: SeenImage, rule: GrayRule, using generator: inout SeededGenerator) throws -> CropBox {
    switch self {
    case .crop(let scale, _): return try Self.region(rule.scale(scale, for: image), of: image, using: &generator)
    case .jigsaw(let jigsaw): return try Self.region(rule.scale(jigsaw.scale, for: image), of: image, using: &generator)
    case .center:
      // The middle 224 of 256 pixels of the shorter side.
      let side = Double(min(image.width, image.height)) * 224 / 256
      return CropBox(top: (Double(image.height) - side) / 2, left: (Double(image.width) - side) / 2, height: side, width: side)
    }
  }

  private static func region(_ scale: ClosedRange<Double>, of image: SeenImage, using generator: inout SeededGenerator) throws -> CropBox {
    let region = try RandomResizedCrop(scale: scale).region(width: image.width, height: image.height, using: &generator)
    return CropBox(top: Double(region.y), left: Double(region.x), height: Double(region.height), width: Double(region.width))
  }

  /// The side that a crop is resized to, in pixels.
  func cutSide(inputSize: Int) -> Int {
    switch self {
    case .crop(_, let size), .center(let size): size.pixels(full: inputSize)
    case .jigsaw(let jigsaw): jigsaw.cellSide(inputSize: inputSize) * jigsaw.cellsPerSide
    }
  }

  fileprivate func cut(inputSize: Int, using generator: inout SeededGenerator) -> JigsawCut? {
    guard case .jigsaw(let jigsaw) = self else { return nil }
    let cell = jigsaw.cellSide(inputSize: inputSize), room = cell - jigsaw.patchSide(inputSize: inputSize)
    let corners = (0..<jigsaw.cellCount).map { index in
      [index / jigsaw.cellsPerSide * cell + generator.integer(below: room + 1), index % jigsaw.cellsPerSide * cell + generator.integer(below: room + 1)]
    }
    return JigsawCut(corners: generator.permutation(of: corners.count).map { corners[$0] })
  }
}

extension Jigsaw {
  /// In pixels: 85 where the input has 224.
  func cellSide(inputSize: Int) -> Int { max(Int((cropSize * Double(inputSize) / Double(cellsPerSide)).rounded()), 1) }

  /// In pixels: 64 where the input has 224; no more than a cell.
  func patchSide(inputSize: Int) -> Int { min(max(Int((patchSize * Double(inputSize)).rounded()), 1), cellSide(inputSize: inputSize)) }
}

extension ViewOperation {
  /// What is drawn of it for an image: nothing, one operation, or several.
  ///
  /// - Parameter side: of the view, in pixels.
  fileprivate func draw(side: Int, using generator: inout SeededGenerator) -> [DrawnOperation] {
    func isDone(_ probability: Double) -> Bool { generator.uniform() < probability }
    switch self {
    case .mirror(let probability): return isDone(probability) ? [.mirror] : []
    case .jitter(let jitter, let probability):
      let made = jitter.draw(using: &generator)
      return isDone(probability) ? made : []
    case .gray(let probability): return isDone(probability) ? [.gray] : []
    case .blur(let sigma, let kernelFraction, let probability):
      let drawn = generator.uniform(in: sigma)
      return isDone(probability) ? [.blur(sigma: drawn, kernel: Self.kernel(sigma, fraction: kernelFraction, side: side))] : []
    case .solarize(let threshold, let probability): return isDone(probability) ? [.solarize(threshold: threshold)] : []
    case .randAugment(let settings): return settings.draw(using: &generator)
    }
  }

  /// An odd number of pixels whose border can be mirrored: a part of the side, or three standard deviations of the widest blur to either side.
  private static func kernel(_ sigma: ClosedRange<Double>, fraction: Double?, side: Int) -> Int {
    let wanted = fraction.map { Int($0 * Double(side)) / 2 * 2 + 1 } ?? 2 * Int((3 * sigma.upperBound).rounded(.up)) + 1
    return min(max(wanted, 3), max(2 * side - 1, 1))
  }
}

extension ColorJitter {
  /// Each of the four, in an order that is drawn too, as torchvision's `ColorJitter` does.
  fileprivate func draw(using generator: inout SeededGenerator) -> [DrawnOperation] {
    let order = generator.permutation(of: 4)
    func factor(_ strength: Double) -> Double { generator.uniform(in: max(0, 1 - strength)...(1 + strength)) }
    let light: DrawnOperation =
      addsBrightness ? .addedBrightness(generator.uniform(in: -brightness...brightness)) : .brightness(factor(brightness))
    let all: [DrawnOperation] = [light, .contrast(factor(contrast)), .saturation(factor(saturation)), .hue(generator.uniform(in: -hue...hue))]
    return order.map { all[$0] }
  }
}
