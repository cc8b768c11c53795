import Foundation
import Testing

@testable import Figures

@Suite("What figures are made of")
struct SceneTests {
  @Test("Ticks are round, within their range, and have equal decimals")
  func ticks() {
    #expect(Axis.roundTicks(61.7, 71.7).map(\.label) == ["62", "64", "66", "68", "70"])
    #expect(Axis.roundTicks(0, 1).map(\.label) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
    #expect(Axis.roundTicks(97.5, 98.5, count: 4).map(\.label) == ["97.50", "97.75", "98.00", "98.25", "98.50"])
    #expect(Axis.roundTicks(-10, 5, count: 3).map(\.label) == ["−10", "−5", "0", "5"])
    #expect(Axis.roundTicks(3, 3).isEmpty)
    #expect(Axis.roundTicks(0, .infinity).isEmpty)
  }

  @Test("Marks follow the p-value; what is significantly worse has none where that is wanted")
  func marks() {
    #expect(
      [0.05, 0.049, 0.0099, 0.00099, 0.000099].map { SignificanceMark(pValue: $0).text } == ["n.s.", "*", "**", "***", "****"])
    #expect(SignificanceMark(pValue: 0.001, isWorse: true) == .none)
    #expect(SignificanceMark(pValue: 0.2, isWorse: true) == .notSignificant)
    #expect(SignificanceMark(pValue: 0.001, isWorse: false) == .stars(2))
    // An undefined p-value proves nothing.
    #expect(SignificanceMark(pValue: .nan) == .notSignificant)
  }

  @Test("Quartiles are numpy's, whiskers Tukey's")
  func fiveNumbers() throws {
    // numpy.percentile([3, 1, 4, 1, 5, 9, 2, 6], [25, 50, 75]) = 1.75, 3.5, 5.25
    let numbers = try #require(FiveNumbers([3, 1, 4, 1, 5, 9, 2, 6, .nan]))
    #expect([numbers.lowerQuartile, numbers.median, numbers.upperQuartile] == [1.75, 3.5, 5.25])
    #expect(numbers.lowerWhisker == 1 && numbers.upperWhisker == 9)
    #expect(FiveNumbers([]) == nil)
    #expect(FiveNumbers([2]).map { [$0.lowerWhisker, $0.median, $0.upperWhisker] } == [2, 2, 2])
  }

  @Test("Brackets that share a place are stacked, others stand side by side, and all are under the axis' end")
  func brackets() throws {
    let stack = BracketStack(
      [(0, 3, "a"), (0, 1, "b"), (2, 3, "c"), (0, 2, "d")], tops: [0: 5, 1: 6, 2: 5.5, 3: 5], lower: 0, top: 6)
    #expect(stack.levels == 3)
    guard case .lines(let segments, _, _) = stack.layers[0].shape, case .texts(let labels) = stack.layers[1].shape else {
      Issue.record("brackets are lines and texts")
      return
    }
    let heights = Dictionary(uniqueKeysWithValues: labels.map { ($0.text, $0.place.y) })
    let b = try #require(heights["b"])
    let c = try #require(heights["c"])
    let d = try #require(heights["d"])
    let a = try #require(heights["a"])
    #expect(b > 6 && c > 5.5 && d > b && d > c && a > d)
    #expect(labels.allSatisfy { $0.place.y < stack.upper })
    #expect(segments.allSatisfy { $0.count == 4 && $0[1].y == $0[2].y && $0[0].y < $0[1].y })
  }

  @Test("Any neighboring series differ in color, and in pattern or marker or dash too")
  func styles() {
    for index in 0..<40 {
      let (a, b) = (Style.bar(index), Style.bar(index + 1))
      let (c, d) = (Style.line(index), Style.line(index + 1))
      #expect(a.color != b.color && a.pattern != b.pattern)
      #expect(c.color != d.color && c.marker != d.marker && c.dash != d.dash)
    }
    #expect(Set((0..<40).map { "\(Style.bar($0).color) \(Style.bar($0).pattern)" }).count == 40)
    #expect(Set((0..<40).map { "\(Style.line($0).color) \(Style.line($0).marker) \(Style.line($0).dash)" }).count == 40)
  }

  @Test("Text has a contrast of 7 and more on the page, in light and dark; the hues of dark have 4.5")
  func contrast() {
    func luminance(_ code: String) -> Double {
      let number = Int(code.dropFirst(), radix: 16) ?? 0
      func linear(_ shift: Int) -> Double {
        let part = Double((number >> shift) & 255) / 255
        return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * linear(16) + 0.7152 * linear(8) + 0.0722 * linear(0)
    }
    func contrast(_ palette: Palette, _ color: Color) -> Double {
      let pair = [luminance(palette.code(color)), luminance(palette.code(.paper))].sorted()
      return (pair[1] + 0.05) / (pair[0] + 0.05)
    }
    #expect(
      Palette.light.fillCode(.orange) == Palette.light.code(.orange) && Palette.dark.fillCode(.paper) == Palette.dark.code(.paper)
    )
    for palette in [Palette.light, .dark] { for color in [Color.ink, .muted] { #expect(contrast(palette, color) >= 7) } }
    for color in Color.allCases where ![.grid, .paper].contains(color) { #expect(contrast(.dark, color) >= 4.5, "\(color)") }
  }

  @Test("Labels break at blanks first, then after hyphens and arrows, and lose no character")
  func lineBreaks() {
    #expect(TextMeasure.lines("86K (ChestX-ray14)", width: 100) == ["86K", "(ChestX-ray14)"])
    #expect(TextMeasure.lines("ImageNet->ChestX-ray14", width: 90) == ["ImageNet->", "ChestX-ray14"])
    #expect(TextMeasure.lines("short", width: 90) == ["short"])
    #expect(TextMeasure.lines("", width: 90) == [""])
    #expect(TextMeasure.lines("unbreakableword", width: 10) == ["unbreakableword"])
  }

  @Test("A line is thinned without moving by more than 1/2000 of the panel, and a short one not at all")
  func simplification() throws {
    let panel = Panel(x: Axis(lower: 0, upper: 1), y: Axis(lower: 0, upper: 1), layers: [])
    let line = (0...5000).map { Layer.Datum(Double($0) / 5000, (Double($0) / 5000).squareRoot()) }
    let thin = simplified(line, in: panel, above: 2000)
    #expect(thin.count < 200 && thin.first == line.first && thin.last == line.last)
    for point in line {
      let next = try #require(thin.firstIndex { $0.x >= point.x })
      let b = thin[next]
      let a = thin[max(0, next - 1)]
      let share = b.x > a.x ? (point.x - a.x) / (b.x - a.x) : 0
      // Across the line; near the start it is steep, so the distance upward alone would be larger.
      let slope = b.x > a.x ? (b.y - a.y) / (b.x - a.x) : 0
      #expect(abs(a.y + share * (b.y - a.y) - point.y) / (1 + slope * slope).squareRoot() <= 0.0005 + 1e-9)
    }
    #expect(simplified(Array(line.prefix(2000)), in: panel, above: 2000).count == 2000)
  }

  @Test("Every figure says in words what is to be seen, and carries its numbers", arguments: FigureKind.allCases)
  func words(kind: FigureKind) {
    let figure = Samples.figure(kind)
    #expect(figure.altText.count > 20)
    #expect(!figure.data.rows.isEmpty)
  }

  @Test("Where descriptions and values differ in number, the missing do not apply and the surplus is dropped")
  func mismatchedCounts() {
    let bars = Bars(
      labels: Samples.labels("x"), series: [.init("A", .bar(0))],
      tasks: [
        .init(
          title: "t", axisTitle: "", groups: [.init("", []), .init("", [Estimate(1), Estimate(2)])],
          brackets: [.init(from: .init(group: 7, series: 0), to: .init(series: 3), label: "p")])
      ])
    #expect(bars.tasks[0].groups.map(\.bars) == [[nil], [Estimate(1)]] && bars.tasks[0].brackets.isEmpty)
    #expect(!bars.figure().plotlyJSON().isEmpty)
    let numbered = NumberedBars(
      labels: Samples.labels("x"), baseline: "b", methods: ["A", "B"],
      tasks: [.init(title: "t", axisTitle: "", baseline: nil, bars: [.init(Estimate(1))])])
    #expect(numbered.figure().data.rows[2].map(\.text) == ["2", "B", "–"])
    let empty = LearningCurves(
      labels: Samples.labels("x"), tasks: [.init(title: "t", axisTitle: "", curves: [])], bandMeaning: "")
    #expect(!empty.figure().pgfplots().source.isEmpty)
  }
}
