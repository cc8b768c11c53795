import Foundation
import Foundations
import Pretraining
import Testing

@Suite("How views are drawn")
struct ViewDrawingTests {
  private static let recipes: [(String, ViewRecipe)] = MethodCatalog.all.map { ($0.id, $0.views) }

  private func draw(_ view: View, image: SeenImage, rule: GrayRule, count: Int = 40, side: Int = 448) throws -> [ViewParameters] {
    try (0..<count).map { try view.draw(for: image, height: side, width: side, inputSize: 224, rule: rule, path: SeedPath(7) / "image \($0)") }
  }

  private static let gray = SeenImage(width: 640, height: 480, isGray: true), color = SeenImage(width: 640, height: 480, isGray: false)

  @Test(
    "Gray images get no hue, saturation, random gray, solarization or inversion, and crops of a fifth or more; with the rule off, they get what others get",
    arguments: recipes.indices)
  func grayRule(index: Int) throws {
    let (method, recipe) = Self.recipes[index]
    func isForColors(_ operation: DrawnOperation) -> Bool {
      switch operation {
      case .hue, .saturation, .gray, .solarize, .solarizeAdd, .invert: true
      default: false
      }
    }
    // The whole of the source is 448 × 448 pixels. A side is rounded to a whole pixel of 480 or 640.
    func area(_ parameters: ViewParameters) -> Double { parameters.crop.height * parameters.crop.width / (448 * 448) }
    for view in recipe.views {
      let ruled = try draw(view, image: Self.gray, rule: .on), free = try draw(view, image: Self.gray, rule: .off), colored = try draw(view, image: Self.color, rule: .on)
      #expect(!ruled.flatMap(\.operations).contains(where: isForColors), "\(method)")
      #expect(ruled.allSatisfy { area($0) > GrayRule.leastArea * 0.98 }, "\(method)")
      #expect(free == colored, "\(method)")
      // The rule takes away, and changes nothing of what it leaves.
      for (one, other) in zip(ruled, free) { #expect(one.operations == other.operations.filter { !isForColors($0) }) }
    }
  }

  @Test("Crops are of torchvision's law, in the proportions of the picture and not of the square it was brought to")
  func crops() throws {
    for law in try ViewGolden.load().laws {
      let drawn = try draw(View(.crop(scale: law.scale[0]...law.scale[1], size: .full), .none), image: Self.color, rule: .on, count: 5_000).map(\.crop)
      #expect(drawn.allSatisfy { $0.top >= 0 && $0.left >= 0 && $0.top + $0.height <= 448.001 && $0.left + $0.width <= 448.001 })
      func mean(_ value: (CropBox) -> Double) -> Double { drawn.reduce(0) { $0 + value($1) } / Double(drawn.count) }
      let area = { (box: CropBox) in box.height * box.width / (448 * 448) }, ratio = { (box: CropBox) in log(box.width * 640 / (box.height * 480)) }
      // Four standard errors of means whose values spread by no more than 0.3.
      let bound = 4 * 0.3 / Double(5_000).squareRoot()
      #expect(abs(mean(area) - law.area) < bound && abs(mean(ratio) - law.logRatio) < bound)
      #expect(abs(mean { area($0) < 0.4 ? 1 : 0 } - law.below) < 4 * 0.5 / Double(5_000).squareRoot())
      #expect(abs(mean { $0.top / 448 } - law.top) < bound && abs(mean { $0.left / 448 } - law.left) < bound)
    }
  }

  @Test("Probabilities and ranges are those of the augmentation")
  func frequencies() throws {
    let view = View(.crop(scale: 0.2...1, size: .full), .b), drawn = try draw(view, image: Self.color, rule: .on, count: 1500)
    func share(_ isMeant: (ViewParameters) -> Bool) -> Double { Double(drawn.count(where: isMeant)) / Double(drawn.count) }
    func has(_ isMeant: @escaping (DrawnOperation) -> Bool) -> Double { share { $0.operations.contains(where: isMeant) } }
    #expect(abs(share(\.isMirrored) - 0.5) < 0.05)
    #expect(abs(has { if case .brightness(let factor) = $0 { (0.6...1.4).contains(factor) } else { false } } - 0.8) < 0.05)
    #expect(abs(has { if case .hue(let turn) = $0 { abs(turn) <= 0.1 } else { false } } - 0.8) < 0.05)
    #expect(abs(has { $0 == .gray } - 0.2) < 0.05)
    #expect(abs(has { if case .blur(let sigma, let kernel) = $0 { (0.1...2).contains(sigma) && kernel == 13 } else { false } } - 0.5) < 0.05)
    // The four of a jitter come in every order.
    let orders = Set(
      drawn.map { $0.operations.prefix { if case .gray = $0 { false } else if case .blur = $0 { false } else { true } }.map { "\($0)".prefix(4) }.joined() }.filter { !$0.isEmpty })
    #expect(orders.count == 24)
  }

  @Test("What is drawn depends on the path alone")
  func paths() throws {
    let view = View(.jigsaw(Jigsaw()), .d)
    let first = try draw(view, image: Self.color, rule: .on, count: 20), second = try draw(view, image: Self.color, rule: .on, count: 20)
    #expect(first == second && Set(first).count == 20)
    let cuts = first.compactMap(\.cut)
    #expect(cuts.count == 20 && cuts.allSatisfy { $0.corners.count == 9 && $0.corners.allSatisfy { corner in corner.allSatisfy { (0...191).contains($0) } } })
  }
}
