public import Torch

/// One operation with what was drawn for it. Brightness is in 0…1.
public enum DrawnOperation: Codable, Hashable, Sendable {
  case mirror
  /// A factor.
  case brightness(Double)
  /// Added to the brightness.
  case addedBrightness(Double)
  case contrast(Double)
  case saturation(Double)
  /// A part of the circle, −0.5…0.5.
  case hue(Double)
  case gray
  /// A standard deviation in pixels, and the pixels of the kernel.
  case blur(sigma: Double, kernel: Int)
  case solarize(threshold: Double)
  /// Added to what is below one half.
  case solarizeAdd(Double)
  case invert
  case autoContrast
  case equalize
  case posterize(bits: Int)
  case sharpness(Double)
  case rotate(degrees: Double)
  /// By how many pixels to the side a pixel further down is read.
  case shearX(Double)
  case shearY(Double)
  /// A part of the width.
  case translateX(Double)
  /// A part of the height.
  case translateY(Double)

  /// Whether it does nothing to gray images, or what only photographs bear.
  var isForColors: Bool {
    switch self {
    case .saturation, .hue, .gray, .solarize, .solarizeAdd, .invert: true
    default: false
    }
  }

  /// Whether a mirror before it is another than one behind it.
  var movesPixels: Bool {
    switch self {
    case .rotate, .shearX, .shearY, .translateX, .translateY: true
    default: false
    }
  }

  /// Operations of one name are done together; blurs of two kernels are not of one.
  var name: String {
    switch self {
    case .mirror: "mirror"
    case .brightness: "brightness"
    case .addedBrightness: "addedBrightness"
    case .contrast: "contrast"
    case .saturation: "saturation"
    case .hue: "hue"
    case .gray: "gray"
    case .blur(_, let kernel): "blur \(kernel)"
    case .solarize: "solarize"
    case .solarizeAdd: "solarizeAdd"
    case .invert: "invert"
    case .autoContrast: "autoContrast"
    case .equalize: "equalize"
    case .posterize: "posterize"
    case .sharpness: "sharpness"
    case .rotate: "rotate"
    case .shearX: "shearX"
    case .shearY: "shearY"
    case .translateX: "translateX"
    case .translateY: "translateY"
    }
  }

  /// The number that was drawn, where there is one.
  private var number: Double {
    switch self {
    case .brightness(let number), .addedBrightness(let number), .contrast(let number), .saturation(let number), .hue(let number),
      .blur(let number, _), .solarize(let number), .solarizeAdd(let number), .sharpness(let number), .rotate(let number), .shearX(let number),
      .shearY(let number), .translateX(let number), .translateY(let number):
      number
    case .posterize(let bits): Double(bits)
    case .mirror, .gray, .invert, .autoContrast, .equalize: 0
    }
  }

  /// Does operations of one name to one image each.
  ///
  /// - Parameters:
  ///   - images: `[operations, channels, height, width]`
  ///   - fill: the brightness, by channel, of what comes into a picture from outside.
  public static func apply(_ operations: [DrawnOperation], to images: Tensor, fill: [Double]) throws -> Tensor {
    guard let first = operations.first else { return images }
    let (height, width) = (images.shape[2], images.shape[3])
    func numbers() throws -> Tensor { try Tensor.placed(operations.map(\.number), shape: [operations.count, 1, 1, 1], like: images) }
    func moved(_ map: (Double) -> PixelMap) throws -> Tensor { try mapped(images, by: operations.map { map($0.number) }, fill: fill) }
    switch first {
    case .mirror: return try images.flip([3])
    case .brightness: return try brightnessAdjusted(images, factors: numbers())
    case .addedBrightness: return try (images + numbers()).clamp(min: 0, max: 1)
    case .contrast: return try contrastAdjusted(images, factors: numbers())
    case .saturation: return try saturationAdjusted(images, factors: numbers())
    case .hue: return try hueTurned(images, turns: numbers())
    case .gray: return try grayed(images)
    case .blur(_, let kernel): return try gaussianBlurred(images, sigmas: operations.map(\.number), kernelSize: kernel)
    case .solarize: return try solarized(images, thresholds: numbers())
    case .solarizeAdd: return try brightenedBelowHalf(images, amounts: numbers())
    case .invert: return try inverted(images)
    case .autoContrast: return try autoContrasted(images)
    case .equalize: return try equalized(images)
    case .posterize: return try posterized(images, bits: numbers())
    case .sharpness: return try sharpnessAdjusted(images, factors: numbers())
    case .rotate: return try moved { .rotation(degrees: $0) }
    case .shearX: return try moved { .horizontalShear(factor: $0, height: height, width: width) }
    case .shearY: return try moved { .verticalShear(factor: $0, height: height, width: width) }
    case .translateX: return try moved { .shift(x: $0 * Double(width), y: 0) }
    case .translateY: return try moved { .shift(x: 0, y: $0 * Double(height)) }
    }
  }
}
