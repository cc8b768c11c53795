import Foundations

extension RandAugment {
  /// An operation at a strength of 0…1.
  private typealias Choice = @Sendable (_ strength: Double, _ generator: inout SeededGenerator) -> DrawnOperation

  /// The fifteen operations and their strengths as timm's first RandAugment has them, which PyContrast's code took for InfoMin. A sign is drawn
  /// for each movement.
  private static let choices: [Choice] = [
    { _, _ in .autoContrast },
    { _, _ in .equalize },
    { _, _ in .invert },
    { .rotate(degrees: signed(30 * $0, &$1)) },
    { strength, _ in .posterize(bits: Int(strength * 4)) },
    { strength, _ in .solarize(threshold: Double(Int(strength * 256)) / 255) },
    { strength, _ in .solarizeAdd(Double(Int(strength * 110)) / 255) },
    { strength, _ in .saturation(0.1 + 1.8 * strength) },
    { strength, _ in .contrast(0.1 + 1.8 * strength) },
    { strength, _ in .brightness(0.1 + 1.8 * strength) },
    { strength, _ in .sharpness(0.1 + 1.8 * strength) },
    { .shearX(signed(0.3 * $0, &$1)) },
    { .shearY(signed(0.3 * $0, &$1)) },
    { .translateX(signed(0.45 * $0, &$1)) },
    { .translateY(signed(0.45 * $0, &$1)) },
  ]

  private static func signed(_ value: Double, _ generator: inout SeededGenerator) -> Double { generator.uniform() < 0.5 ? -value : value }

  /// `count` operations, the same one twice too, each done to every second image.
  func draw(using generator: inout SeededGenerator) -> [DrawnOperation] {
    (0..<count).compactMap { _ in
      let choice = Self.choices[generator.integer(below: Self.choices.count)]
      let level = min(max(magnitude + deviation * generator.normal(), 0), 10)
      let operation = choice(level / 10, &generator)
      return generator.uniform() < 0.5 ? operation : nil
    }
  }
}
