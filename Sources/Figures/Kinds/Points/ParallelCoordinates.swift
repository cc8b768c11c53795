internal import Foundations

/// One line for each architecture, or each initialization, over several measures, every measure on its own scale.
///
/// Color is the family, dash the size within it; where the labels have an order, every line has the look of its name in all figures. The
/// names stand at the left, where the lines begin.
public struct ParallelCoordinates: FigureDescription {
  public struct Measure: Sendable, Equatable {
    public let name: String
    public let decimals: Int

    public init(_ name: String, decimals: Int = 1) {
      self.name = name
      self.decimals = decimals
    }
  }

  public struct Line: Sendable, Equatable {
    public let name: String
    public let family: String
    /// 0 for the largest of its family (solid), 1 (dashed), 2 (dotted).
    public let sizeRank: Int
    /// One for each measure; nil where it was not measured, and the line has a gap.
    public let values: [Double?]

    public init(_ name: String, family: String, sizeRank: Int, values: [Double?]) {
      self.name = name
      self.family = family
      self.sizeRank = sizeRank
      self.values = values
    }
  }

  /// What a line is.
  public enum Subject: Sendable, Equatable {
    /// Dashes follow its size.
    case architecture
    /// Dashes follow the order of the study.
    case initialization
    /// A network of some architecture, which is the family, from one of several initializations, in whose order the dashes are.
    case architectureFromInitialization

    var plural: String { self == .initialization ? "initializations" : "architectures" }
    var title: String { self == .initialization ? "Initialization" : "Architecture" }

    var dashes: String {
      switch self {
      case .architecture: "Within a family: solid for the largest, dashed for the next, dotted for the smallest."
      case .initialization: "Within a family the dashes follow the order of the study."
      case .architectureFromInitialization: "Colors are architectures; within one the dashes follow the order of the initializations."
      }
    }
  }

  public let labels: FigureLabels
  public let subject: Subject
  public let measures: [Measure]
  public let lines: [Line]

  public init(labels: FigureLabels, subject: Subject = .architecture, measures: [Measure], lines: [Line]) {
    self.labels = labels
    self.subject = subject
    self.measures = measures
    self.lines = lines.map { line in
      Line(
        line.name, family: line.family, sizeRank: line.sizeRank,
        values: measures.indices.map { $0 < line.values.count ? line.values[$0] : nil })
    }
  }

  public func figure() -> Figure {
    let looks = self.looks
    let legend = distinct(lines.map(series)).map { name in
      var style = looks[name] ?? Style(.ink)
      if !hasOwnLooks { style.dash = .solid }
      return LegendEntry(name, .lineAndMarker, style, series: name)
    }
    return Figure(
      kind: .parallelCoordinates, labels: labels, altText: altText, content: .panels([panel], columns: 1), legend: legend,
      notes: ["Every axis has its own scale." + (hasOwnLooks ? "" : " \(subject.dashes)")],
      data: data)
  }

  /// Whether a line looks as its name does in other figures; else as its family.
  private var hasOwnLooks: Bool { subject == .initialization && !labels.order.isEmpty }

  private func series(_ line: Line) -> String { hasOwnLooks ? line.name : line.family }

  private var looks: [String: Style] {
    hasOwnLooks
      ? labels.styles(lines.map(\.name), Style.line)
      : Dictionary(uniqueKeysWithValues: distinct(lines.map(\.family)).enumerated().map { ($1, Style.line($0)) })
  }

  private func style(_ line: Line, _ looks: [String: Style]) -> Style {
    var style = looks[series(line)] ?? Style(.ink)
    if !hasOwnLooks { style.dash = [.solid, .dashed, .dotted, .dashDotted][max(0, line.sizeRank) % 4] }
    return style
  }

  private var panel: Panel {
    let looks = self.looks
    let scales = measures.indices.map { measure -> (lower: Double, upper: Double) in
      let span = extent(lines.compactMap { $0.values[measure] }) ?? (0, 1)
      let margin = span.upper > span.lower ? 0.04 * (span.upper - span.lower) : 1
      return (span.lower - margin, span.upper + margin)
    }
    func height(_ measure: Int, _ value: Double) -> Double {
      (value - scales[measure].lower) / (scales[measure].upper - scales[measure].lower)
    }
    // The names are evenly spaced, in the order of the first measure, so that the lines leave them without needless crossings.
    let first: [Double] = lines.map { ($0.values.first ?? nil) ?? 0 }
    let order = lines.indices.sorted { first[$0] < first[$1] }
    func nameHeight(_ line: Int) -> Double {
      (Double(order.firstIndex(of: line) ?? 0) + 0.5) / Double(max(1, lines.count))
    }
    var layers = [
      Layer.lines(measures.indices.map { [.init(Double($0), 0), .init(Double($0), 1)] }, style: Style(.muted), width: 1)
    ]
    for (index, line) in lines.enumerated() {
      var segments = [[Layer.Datum(-0.8, nameHeight(index), hover: line.name)]]
      for (measure, value) in line.values.enumerated() {
        if let value, value.isFinite {
          let text = "\(line.name), \(measures[measure].name): \(fixed(value, measures[measure].decimals))"
          segments[segments.count - 1].append(.init(Double(measure), height(measure, value), hover: text))
        } else if segments.last?.isEmpty == false {
          segments.append([])
        }
      }
      layers.append(Layer(.lines(segments.filter { !$0.isEmpty }, width: 2, hasMarkers: true), style: style(line, looks), series: series(line)))
    }
    let ticks = measures.indices.flatMap { measure in
      Axis.roundTicks(scales[measure].lower, scales[measure].upper, count: 4).map { tick in
        Layer.Label(
          place: .init(Double(measure), height(measure, tick.place)), text: tick.label, side: .right, size: 9, color: .muted,
          hasBackground: true)
      }
    }
    layers.append(.text(ticks))
    return Panel(
      x: Axis(
        lower: -0.8, upper: Double(max(1, measures.count)) - 0.4, ticks: measures.enumerated().map { .init(Double($0), $1.name) }),
      y: Axis(lower: -0.02, upper: 1.02, ticks: lines.indices.map { .init(nameHeight($0), lines[$0].name) }),
      layers: layers, height: max(360, 90 + 30 * lines.count), minimumWidth: 180 + 84 * measures.count)
  }

  private var altText: String {
    let best = measures.indices.compactMap { measure -> String? in
      let known = lines.compactMap { line in line.values[measure].map { (line.name, $0) } }
      return known.max { $0.1 < $1.1 }.map { "\(measures[measure].name): \($0.0) (\(fixed($0.1, measures[measure].decimals)))" }
    }
    return "Parallel coordinates of \(lines.count) \(subject.plural) over \(measures.count) measures. The highest of each: "
      + best.joined(separator: "; ") + "."
  }

  private var data: ReportTable {
    var table = ReportTable(columns: [.init(subject.title), .init("Family")] + measures.map { .init($0.name, .right) })
    for line in lines {
      table.append(
        [.init(line.name), .init(line.family)]
          + line.values.enumerated().map { measure, value in
            .init(value.map { fixed($0, measures[measure].decimals) } ?? ReportTable.notApplicable)
          })
    }
    return table
  }
}
