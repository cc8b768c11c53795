import Foundation
import Testing

@testable import Figures

@Suite("Figures as plotly's JSON")
struct PlotlyTests {
  private func bars(_ figure: Figure, _ panel: Int = 0) -> [JSONText] { figure.traces(panel).filter { $0["type"] == "bar" } }

  /// The texts of a panel with their places.
  private func texts(_ figure: Figure, _ panel: Int = 0) -> [(text: String, x: Double, y: Double)] {
    figure.traces(panel).filter { $0["mode"] == "text" }.flatMap { trace in
      zip(trace["text"]?.strings ?? [], zip(trace["x"]?.numbers ?? [], trace["y"]?.numbers ?? [])).map {
        ($0, $1.0 ?? .nan, $1.1 ?? .nan)
      }
    }
  }

  @Test("A name that has its place in an order looks the same whichever others are drawn; epochs are whole")
  func order() {
    func curves(_ names: [String]) -> LearningCurves {
      LearningCurves(
        labels: FigureLabels(id: "x", title: "X", order: ["A", "B", "C"]),
        tasks: [.init(title: "", axisTitle: "Y", curves: names.map { .init($0, epochs: [1, 2, 3], values: [Estimate(1), Estimate(2), Estimate(3)]) })],
        bandMeaning: "")
    }
    let all = curves(["A", "B", "C"]).figure(), part = curves(["A", "C"]).figure()
    #expect(part.legend.map(\.style) == [all.legend[0].style, all.legend[2].style] && all.legend[1].style != all.legend[2].style)
    #expect(all.panels[0].x.ticks.map(\.label) == ["1", "2", "3"])
  }

  @Test("Every kind gives valid JSON with a plot for each panel", arguments: FigureKind.allCases)
  func validJSON(kind: FigureKind) throws {
    let figure = Samples.figure(kind)
    #expect(figure.kind == kind)
    for colors in [PlotlyColors.fixed(.light), .fixed(.dark), .named] {
      let object = try JSONSerialization.jsonObject(with: Data(figure.plotlyJSON(colors).utf8)) as? [String: Any]
      let panels = try #require(object?["panels"] as? [[String: Any]])
      #expect(panels.count == figure.panels.count)
      #expect(panels.allSatisfy { ($0["data"] as? [Any])?.isEmpty == false && $0["layout"] is [String: Any] })
    }
    #expect(figure.panels.isEmpty == (kind == .images))
  }

  @Test("The same figure is the same bytes", arguments: FigureKind.allCases)
  func deterministic(kind: FigureKind) {
    #expect(Samples.figure(kind).plotlyJSON() == Samples.figure(kind).plotlyJSON())
    #expect(Samples.figure(kind).pgfplots() == Samples.figure(kind).pgfplots())
  }

  @Test("Bars have every value, their errors are the ones given, and what does not apply says so")
  func barValues() throws {
    let figure = Samples.figure(.bars)
    let first = bars(figure)
    let second = bars(figure, 1)
    #expect(first.map { $0["y"]?.numbers } == [[80.31], [], [83.57]])
    #expect(first[0]["error_y"]?["symmetric"] == true)
    #expect(first[0]["error_y"]?["array"]?.numbers == [0.11])
    #expect(texts(figure).contains { $0.text == "N/A" && $0.x == 1 })
    #expect(second.map { $0["y"]?.numbers } == [[67.54], [67.93], [68.43]])
    #expect(second[0]["error_y"]?["visible"] == false)
    // An interval keeps its two sides.
    #expect(second[2]["error_y"]?["symmetric"] == false)
    let above = try #require(second[2]["error_y"]?["array"]?.numbers.first ?? nil)
    let below = try #require(second[2]["error_y"]?["arrayminus"]?.numbers.first ?? nil)
    #expect(abs(above - 0.77) < 1e-9 && abs(below - 0.33) < 1e-9)
  }

  @Test("A bracket's label stands in the middle, above both bars and within the axis")
  func brackets() throws {
    let figure = Samples.figure(.bars)
    let label = try #require(texts(figure).first { $0.text == "p = 0.019" })
    #expect(label.x == 1)
    #expect(label.y > 83.57 + 0.23)
    #expect(label.y < figure.panels[0].y.upper)
  }

  @Test("Marks stand over the bars they belong to; what is unmarked has none")
  func marks() {
    let figure = Samples.figure(.numberedBars)
    let marks = texts(figure)
    #expect(marks.map(\.text) == ["*", "n.s."])
    #expect(marks.map(\.x) == [1, 2])
    #expect(marks[0].y > 81.93 + 0.18 && marks[1].y > 81.79 + 0.22)
    #expect(bars(figure).map { $0["y"]?.numbers } == [[81.09, 81.93, 81.79]])
  }

  @Test("The baseline is a line through the whole panel and a band of one standard deviation")
  func baseline() throws {
    let figure = Samples.figure(.numberedBars)
    let traces = figure.traces()
    let band = try #require(traces.first { $0["fill"] == "toself" })
    #expect(band["y"]?.numbers.compactMap(\.self) == [81.55, 81.55, 81.7 + 0.15, 81.7 + 0.15])
    let line = try #require(traces.first { $0["mode"] == "lines" && $0["fill"] == nil })
    #expect(line["y"]?.numbers == [81.7, 81.7])
    #expect(line["x"]?.numbers == [figure.panels[0].x.lower, figure.panels[0].x.upper])
  }

  @Test("Learning curves have each epoch, and a band only where a spread is known")
  func curves() throws {
    let traces = Samples.figure(.learningCurves).traces()
    let bands = traces.filter { $0["fill"] == "toself" }
    let lines = traces.filter { $0["mode"] == "lines+markers" }
    #expect(bands.count == 1)
    #expect(bands[0]["y"]?.numbers == [72, 76, 77.5, 76.5, 74, 68])
    #expect(lines.map { $0["y"]?.numbers } == [[70, 75, 77], [72, 78]])
    #expect(Set(lines.compactMap { $0["line"]?["dash"]?.string }).count == 2)
  }

  @Test("Parallel coordinates scale each axis by itself, and a missing value is a gap in its line")
  func parallel() throws {
    let figure = Samples.figure(.parallelCoordinates)
    let lines = figure.traces().filter { $0["mode"] == "lines+markers" }
    #expect(lines.count == 3)
    // On every axis the highest is at the same height, and so is the lowest.
    let heights = lines.map { $0["y"]?.numbers ?? [] }
    let ends = try (#require(heights[0][1]), #require(heights[0][3]))
    #expect(abs(ends.0 - ends.1) < 1e-9)
    #expect(heights[1].contains(nil))
    #expect(lines[0]["line"]?["dash"] == "solid" && lines[1]["line"]?["dash"] == "dash")
    #expect(lines[0]["line"]?["color"] == lines[1]["line"]?["color"] && lines[0]["line"]?["color"] != lines[2]["line"]?["color"])
    #expect(lines[0]["hovertext"]?.strings.contains("Big, X: 83.8") == true)
  }

  @Test("Differences hang from zero, with their value and mark beyond their end")
  func differences() throws {
    let figure = Samples.figure(.differenceBars)
    let texts = texts(figure)
    #expect(bars(figure).map { $0["y"]?.numbers } == [[-2.8, 0.24], [-10.3]])
    #expect(texts.map(\.text) == ["−2.80", "****", "+0.24", "*", "−10.30"])
    #expect(texts[0].y < -2.8 && texts[1].y < texts[0].y)
    #expect(texts[2].y > 0.24 && texts[3].y > texts[2].y)
    #expect(figure.panels[0].y.lower < texts[4].y && figure.panels[0].y.upper > texts[3].y)
  }

  @Test("Lying bars lie, first group on top, with the difference beyond the longest error bar")
  func horizontal() throws {
    let figure = Samples.figure(.horizontalBars)
    let all = bars(figure)
    #expect(all.allSatisfy { $0["orientation"] == "h" })
    #expect(all.map { $0["x"]?.numbers } == [[90.03], [86.37]])
    #expect(all.map { $0["error_x"]?["array"]?.numbers } == [[0.4], [0.6]])
    let places = all.compactMap { $0["y"]?.numbers.first ?? nil }
    #expect(places[0] > places[1])
    let difference = try #require(texts(figure).first)
    #expect(difference.text == "<b>+3.66</b>" && difference.x > 90.43)
  }

  @Test("Dots have the look of their family, and the baseline is a line")
  func dots() throws {
    let traces = Samples.figure(.dotPlot).traces().filter { $0["mode"] == "markers" }
    #expect(traces.map { $0["name"]?.string } == ["Contrastive", "Clustering"])
    #expect(traces.map { $0["y"]?.numbers } == [[93.57], [95.06]])
    #expect(traces.map { $0["x"]?.numbers } == [[0], [1]])
    #expect(traces[0]["marker"]?["symbol"] != traces[1]["marker"]?["symbol"])
  }

  @Test("Boxes have the quartiles, and every run is a dot")
  func boxes() throws {
    let traces = Samples.figure(.boxPlot).traces()
    let box = try #require(traces.first { $0["type"] == "box" })
    #expect(["lowerfence", "q1", "median", "q3", "upperfence"].map { box[$0]?.numbers } == [[1], [2], [3], [4], [4]])
    let dots = try #require(traces.first { $0["mode"] == "markers" })
    #expect(dots["y"]?.numbers == [1, 2, 3, 4, 100])
  }

  @Test("Ranks are in order, at half of them the side changes, and cliques lie between their ends")
  func ranks() throws {
    let figure = Samples.figure(.criticalDifference)
    let panel = figure.panels[0]
    #expect(panel.y.ticks.map(\.label) == ["A (1.25)", "B (1.75)"])
    #expect(panel.rightTicks.map(\.label) == ["C (3.50)", "D (3.50)"])
    let cliques = try #require(figure.traces().first { $0["line"]?["width"] == 5 })
    #expect(cliques["x"]?.numbers == [1.21, 1.79, nil, 1.71, 3.54])
    #expect(texts(figure).contains { $0.text == "CD = 1.10" })
  }

  @Test("Of two cliques, the one within the other is not drawn")
  func nestedCliques() throws {
    let items = [("A", 1.0), ("B", 2.0), ("C", 3.0)].map { CriticalDifference.Item($0, rank: $1) }
    let figure = CriticalDifference(
      labels: Samples.labels("x"), items: items, cliques: [["A", "B"], ["A", "B", "C"]], criticalDifference: nil, test: "t"
    ).figure()
    let drawn = try #require(figure.traces().first { $0["line"]?["width"] == 5 })
    #expect(drawn["x"]?.numbers.count == 2)
  }

  @Test("ROC curves have their points, a band within 0 and 1, and the diagonal")
  func roc() throws {
    let traces = Samples.figure(.receiverOperating).traces()
    let band = try #require(traces.first { $0["fill"] == "toself" })
    #expect(band["y"]?.numbers.compactMap(\.self).max() == 1)
    #expect(traces.contains { $0["x"]?.numbers == [0, 0.1, 0.3, 1] && $0["y"]?.numbers == [0, 0.8, 0.95, 1] })
    #expect(traces.contains { $0["x"]?.numbers == [0, 1] && $0["y"]?.numbers == [0, 1] })
  }

  @Test("Empty bins have no point in the reliability curve and a count of 0 under it")
  func reliability() throws {
    let figure = Samples.figure(.reliability)
    #expect(
      figure.traces().contains { $0["mode"] == "lines+markers" && $0["x"]?.numbers == [0.21] && $0["y"]?.numbers == [0.25] })
    #expect(bars(figure, 1)[0]["y"]?.numbers == [40, 0])
  }

  @Test("A matrix has its first row on top and fuller cells for smaller p-values")
  func matrix() throws {
    let map = try #require(Samples.figure(.matrix).traces().first { $0["type"] == "heatmap" })
    // plotly counts rows from the bottom.
    #expect(map["z"]?.elements.map(\.numbers) == [[1, nil], [nil, 1 / 3.0]])
  }

  @Test("Numbers that are not finite are left out, and no axis is spoilt by them")
  func notFinite() {
    let figure = Bars(
      labels: Samples.labels("x"), series: [.init("A", .bar(0)), .init("B", .bar(1))],
      tasks: [.init(title: "t", axisTitle: "y", groups: [.init("", [Estimate(.nan, error: .infinity), Estimate(50, error: 1)])])]
    ).figure()
    #expect(figure.panels[0].y.lower.isFinite && figure.panels[0].y.upper.isFinite)
    #expect(bars(figure)[0]["y"]?.encoded == "[null]")
    #expect(!figure.pgfplots().source.contains("nan"))
  }

  @Test("Colors are in the palette's words or in names that no text can be taken for")
  func colors() {
    let series = Bars.Series("\u{1}orange", .bar(0))
    let figure = Bars(
      labels: Samples.labels("x"), series: [series],
      tasks: [.init(title: "t", axisTitle: "y", groups: [.init("", [Estimate(1)])])]
    ).figure()
    #expect(figure.plotlyJSON(.named).contains("\"\\u0001neutral-fill\""))
    #expect(figure.panels[0].x.ticks[0].label == "\u{1}orange")
    #expect(figure.traces()[0]["name"] == "orange")
    #expect(!figure.plotlyJSON(.fixed(.light)).contains("\\u0001neutral-fill"))
    #expect(figure.plotlyJSON(.fixed(.light)).contains(Palette.light.code(.neutral)))
  }
}
