/// What is done to a view after it was cut, operation by operation, in this order. Values are of images in 0…1, before normalization.
public struct Augmentation: Codable, Hashable, Sendable {
  /// What the plan and the Methods section call it.
  public var name: String
  public var operations: [ViewOperation]
  /// How the crop is resized.
  public var interpolation: ViewInterpolation

  public init(_ name: String, _ operations: [ViewOperation], interpolation: ViewInterpolation = .bilinear) {
    self.name = name
    self.operations = operations
    self.interpolation = interpolation
  }
}

public enum ViewInterpolation: String, Codable, Hashable, Sendable { case bilinear, bicubic }

/// One step of an augmentation. A probability is of each image by itself.
public enum ViewOperation: Codable, Hashable, Sendable {
  /// Left and right change sides.
  case mirror(probability: Double)
  case jitter(ColorJitter, probability: Double)
  /// The luma in every channel.
  case gray(probability: Double)
  /// A Gaussian blur with a standard deviation, in pixels, drawn evenly from `sigma`.
  ///
  /// - kernelFraction: the kernel's side as a fraction of the view's; nil for one as wide as the blur needs.
  case blur(sigma: ClosedRange<Double>, kernelFraction: Double?, probability: Double)
  /// Values of at least `threshold` become 1 minus themselves.
  case solarize(threshold: Double, probability: Double)
  case randAugment(RandAugment)
}

/// Changes of brightness, contrast, saturation and hue in an order drawn for each image: torchvision's `ColorJitter`.
public struct ColorJitter: Codable, Hashable, Sendable {
  public var brightness: Double
  public var contrast: Double
  public var saturation: Double
  public var hue: Double
  /// Brightness is added (SimCLR's first version, TensorFlow's `random_brightness`) rather than multiplied.
  public var addsBrightness: Bool

  public init(_ brightness: Double, _ contrast: Double, _ saturation: Double, _ hue: Double, addsBrightness: Bool = false) {
    self.brightness = brightness
    self.contrast = contrast
    self.saturation = saturation
    self.hue = hue
    self.addsBrightness = addsBrightness
  }
}

/// `count` operations of RandAugment (Cubuk et al., 2020), of a magnitude that is normal around `magnitude` (of 10).
public struct RandAugment: Codable, Hashable, Sendable {
  public var count: Int
  public var magnitude: Double
  public var deviation: Double

  public init(count: Int, magnitude: Double, deviation: Double) {
    self.count = count
    self.magnitude = magnitude
    self.deviation = deviation
  }
}

extension Augmentation {
  private static let halfMirror = ViewOperation.mirror(probability: 0.5)
  private static let fifthGray = ViewOperation.gray(probability: 0.2)

  /// A: Wu et al. (2018), as their published code and MoCo-v1's have it.
  public static let a = Augmentation("A", [fifthGray, .jitter(ColorJitter(0.4, 0.4, 0.4, 0.4), probability: 1), halfMirror])

  /// A as PyContrast's code has it, which released InsDis and PIRL: the gray comes after the jitter.
  public static let aGrayLast = Augmentation(
    "A (PyContrast)", [halfMirror, .jitter(ColorJitter(0.4, 0.4, 0.4, 0.4), probability: 1), fifthGray])

  /// B: Chen et al., “Improved Baselines with Momentum Contrastive Learning” (2020), MoCo-v2's code.
  public static let b = Augmentation(
    "B",
    [
      .jitter(ColorJitter(0.4, 0.4, 0.4, 0.1), probability: 0.8), fifthGray, .blur(sigma: 0.1...2, kernelFraction: nil, probability: 0.5),
      halfMirror,
    ])

  /// S: SimCLR, Chen et al. (2020), appendix A, at a strength of 1.
  public static let s = simCLR("S", strength: 1, addsBrightness: true, kernelFraction: 0.1)

  /// S as SimCLR's second version has it: the brightness is multiplied.
  public static let s2 = simCLR("S2", strength: 1, addsBrightness: false, kernelFraction: 0.1)

  /// S as SwAV's code and its descendants have it, with the blur of MoCo-v2's.
  public static let swav = simCLR("S (SwAV)", strength: 1, addsBrightness: false, kernelFraction: nil)

  private static func simCLR(_ name: String, strength: Double, addsBrightness: Bool, kernelFraction: Double?) -> Augmentation {
    let color = 0.8 * strength
    return Augmentation(
      name,
      [
        halfMirror, .jitter(ColorJitter(color, color, color, 0.2 * strength, addsBrightness: addsBrightness), probability: 0.8), fifthGray,
        .blur(sigma: 0.1...2, kernelFraction: kernelFraction, probability: 0.5),
      ])
  }

  /// Y: BYOL, Grill et al. (2020), table 6, for the first view and the second. Barlow Twins, VICReg and DINO have it too.
  public static let y = (first: byol("Y1", blur: 1, solarization: 0), second: byol("Y2", blur: 0.1, solarization: 0.2))

  /// Y of DINO's small crops: half of them blurred, none solarized.
  public static let yLocal = byol("Y (small)", blur: 0.5, solarization: 0)

  private static func byol(_ name: String, blur: Double, solarization: Double) -> Augmentation {
    var operations: [ViewOperation] = [
      halfMirror, .jitter(ColorJitter(0.4, 0.4, 0.2, 0.1), probability: 0.8), fifthGray, .blur(sigma: 0.1...2, kernelFraction: nil, probability: blur),
    ]
    if solarization > 0 { operations.append(.solarize(threshold: 0.5, probability: solarization)) }
    return Augmentation(name, operations, interpolation: .bicubic)
  }

  /// D: InfoMin, Tian et al. (2020), as PyContrast's code has it.
  public static let d = Augmentation(
    "D",
    [
      halfMirror, .jitter(ColorJitter(0.8, 0.8, 0.8, 0.2), probability: 0.8), .blur(sigma: 0.1...2, kernelFraction: 0.1, probability: 0.5),
      .randAugment(RandAugment(count: 2, magnitude: 10, deviation: 0.5)), fifthGray,
    ])

  /// What a jigsaw's crop is changed by: Misra and van der Maaten (2020), the image as a whole before it is cut.
  public static let mirrorOnly = Augmentation("mirror", [halfMirror])

  /// Nothing is changed.
  public static let none = Augmentation("none", [])
}

extension ViewRecipe {
  /// Two crops of the full size.
  public static func two(_ first: Augmentation, _ second: Augmentation? = nil, scale: ClosedRange<Double>) -> ViewRecipe {
    ViewRecipe([first, second ?? first].map { View(.crop(scale: scale, size: .full), $0) })
  }

  /// Crops of the full size and more of a smaller one: the multi-crop of Caron et al., “Unsupervised Learning of Visual Features by
  /// Contrasting Cluster Assignments” (2020), section 3.2. The large ones come first.
  public static func multiCrop(
    _ large: [Augmentation], scale: ClosedRange<Double>, small: Augmentation, smallCount: Int, smallScale: ClosedRange<Double>, smallSize: Double
  ) -> ViewRecipe {
    ViewRecipe(
      large.map { View(.crop(scale: scale, size: .full), $0) }
        + (0..<smallCount).map { _ in View(.crop(scale: smallScale, size: .fraction(smallSize)), small) })
  }

  /// Adds a jigsaw puzzle behind the other views.
  public func withJigsaw(_ augmentation: Augmentation = .mirrorOnly) -> ViewRecipe {
    ViewRecipe(views + [View(.jigsaw(Jigsaw()), augmentation)])
  }
}
