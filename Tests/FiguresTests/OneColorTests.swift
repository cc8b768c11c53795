import Testing

@testable import Figures

@Suite("One name, one color")
struct OneColorTests {
  private static let order = ["Base", "Beta", "Alpha", "Gamma"]

  private static func labels(_ id: String) -> FigureLabels { .init(id: id, title: id, order: order) }

  /// Every kind of figure whose marks stand for initializations, of Alpha and Gamma beside Base, in another order than that of the looks.
  static let figures: [Figure] = [
    NumberedBars(
      labels: labels("numbered"), baseline: "Base", methods: ["Gamma", "Alpha"],
      tasks: [.init(title: "One", axisTitle: "AUC, %", baseline: Estimate(80), bars: [.init(Estimate(81)), .init(Estimate(82))])]
    ).figure(),
    DotPlot(
      labels: labels("dots"), baselineName: "Base", items: [.init("Gamma", family: "F"), .init("Alpha", family: "F")],
      tasks: [.init(title: "One", axisTitle: "AUC, %", baseline: 80, values: [Estimate(81), Estimate(82)])]
    ).figure(),
    ParallelCoordinates(
      labels: labels("parallel"), subject: .initialization, measures: [.init("One"), .init("Two")],
      lines: [.init("Gamma", family: "F", sizeRank: 0, values: [1, 2]), .init("Alpha", family: "F", sizeRank: 1, values: [2, 1])]
    ).figure(),
    DifferenceBars(
      labels: labels("differences"), categories: ["10 %"], categoryTitle: "Images", axisTitle: "Difference",
      series: [.init("Gamma − Base", subject: "Gamma", values: [.init(Estimate(1))]), .init("Alpha − Base", subject: "Alpha", values: [.init(Estimate(2))])]
    ).figure(),
    LearningCurves(
      labels: labels("curves"),
      tasks: [.init(title: "One", axisTitle: "AUC", curves: [.init("Gamma", epochs: [1], values: [Estimate(1)]), .init("Alpha", epochs: [1], values: [Estimate(2)])])],
      bandMeaning: "± 1"
    ).figure(),
    AmountCurves(
      labels: labels("amounts"),
      tasks: [
        .init(
          title: "One", axisTitle: "AUC",
          curves: [.init("Gamma", fractions: [1], values: [Estimate(1)]), .init("Alpha", fractions: [1], values: [Estimate(2)])], ways: [])
      ], errorMeaning: "intervals"
    ).figure(),
  ]

  @Test("A name has the color of its place in the order, whatever is drawn beside it and in whatever order", arguments: OneColorTests.figures)
  func same(figure: Figure) {
    let layers = figure.panels.flatMap(\.layers)
    func colors(_ name: String) -> Set<Color> {
      Set(layers.filter { layer in layer.hovers.contains { $0.contains(name) } }.map(\.style.color))
    }
    // Places 2 and 3 of the order.
    #expect(colors("Alpha") == [Style.line(2).color], "\(figure.id)")
    #expect(colors("Gamma") == [Style.line(3).color], "\(figure.id)")
  }

  @Test("Sixteen initializations have sixteen colors, and twenty-three differ by color and pattern, marker or dash")
  func colors() {
    #expect(Set((0..<16).map { Style.line($0).color }).count == 16 && (0..<16).allSatisfy { Style.bar($0).color == Style.line($0).color })
    struct Look: Hashable { let color: Color, marks: [String] }
    func looks(_ style: (Int) -> Style) -> Set<Look> {
      Set(
        (0..<23).map { place in
          let look = style(place)
          return Look(color: look.color, marks: [look.pattern.rawValue, look.marker.rawValue, look.dash.rawValue])
        })
    }
    #expect(looks(Style.line).count == 23 && looks(Style.bar).count == 23)
    for palette in [Palette.light, .dark] { #expect(Set(Color.allCases.map(palette.code)).count == Color.allCases.count) }
  }

  @Test("Without an order, figures of published results look as their papers have them")
  func published() {
    let bars = Samples.figure(.numberedBars)
    let colors = Set(bars.panels.flatMap(\.layers).filter { if case .bars = $0.shape { true } else { false } }.map(\.style.color))
    #expect(colors == [.neutral])
    #expect(bars.legend[0].style.color == .vermillion)
  }
}

extension Layer {
  /// What a pointer over its marks shows.
  fileprivate var hovers: [String] {
    switch shape {
    case .bars(let data, _, _), .points(let data, _), .errors(let data, _): data.map(\.hover)
    case .lines(let segments, _, _): segments.flatMap { $0.map(\.hover) }
    default: []
    }
  }
}
