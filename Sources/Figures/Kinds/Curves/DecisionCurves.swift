internal import Foundations

/// Net benefit by threshold, with those of acting on all and on none; and how far two of the curves are apart, with a band.
public struct DecisionCurves: FigureDescription {
  public struct Curve: Sendable, Equatable {
    public let name: String
    /// One for each threshold.
    public let netBenefits: [Double]

    public init(_ name: String, netBenefits: [Double]) {
      self.name = name
      self.netBenefits = netBenefits
    }
  }

  /// The curves of one class, or of the mean over classes.
  public struct Part: Sendable, Equatable {
    public let title: String
    public let curves: [Curve]
    public let treatAll: [Double]

    public init(title: String, curves: [Curve], treatAll: [Double]) {
      self.title = title
      self.curves = curves
      self.treatAll = treatAll
    }
  }

  /// The first curve less the second.
  public struct Difference: Sendable, Equatable {
    public let first: String
    public let second: String
    /// One for each threshold; the error is the band.
    public let values: [Estimate]

    public init(first: String, second: String, values: [Estimate]) {
      self.first = first
      self.second = second
      self.values = values
    }
  }

  public let labels: FigureLabels
  /// Of all parts, in 0…1.
  public let thresholds: [Double]
  public let parts: [Part]
  public let difference: Difference?
  public let bandMeaning: String?

  public init(labels: FigureLabels, thresholds: [Double], parts: [Part], difference: Difference? = nil, bandMeaning: String? = nil) {
    self.labels = labels
    self.thresholds = thresholds
    self.parts = parts
    self.difference = difference
    self.bandMeaning = bandMeaning
  }

  public func figure() -> Figure {
    let names = distinct(parts.flatMap { $0.curves.map(\.name) }), styles = labels.styles(names, Style.line)
    let legend = names.map { LegendEntry($0, .line, styles[$0] ?? Style(.ink), series: $0) } + [LegendEntry("act on all", .line, Self.allStyle)]
    let panels = parts.map { panel($0, styles) } + [difference.map(differencePanel)].compactMap(\.self)
    return Figure(
      kind: .decisionCurves, labels: labels, altText: altText, content: .panels(panels, columns: min(2, panels.count)), legend: legend,
      notes: ["The dotted line at 0 is acting on none. Curves far below it are cut."]
        + (bandMeaning.map { ["The band is \($0); it is cut where the axis ends, which is as long as thresholds up to \(fixed(Self.highestOfAxis, 2)) need."] } ?? []),
      data: data)
  }

  private static let highestOfAxis = 0.8
  private static let allStyle = Style(.muted, dash: .dashed)

  private func panel(_ part: Part, _ styles: [String: Style]) -> Panel {
    // Acting on all falls without end; what is far below acting on none has nothing to say.
    let top = max(extent(part.curves.flatMap(\.netBenefits) + part.treatAll)?.upper ?? 0, 0.01), bottom = -0.25 * top
    func line(_ values: [Double], _ style: Style, series: String?, name: String) -> Layer {
      Layer(.lines(segments(values, above: bottom) { "\(name): \(fixed($0, 4)) at \(fixed($1, 2))" }, width: 2, hasMarkers: false), style: style, series: series)
    }
    let none = Layer.lines([[.init(0, 0), .init(1, 0)]], style: Style(.muted, dash: .dotted), width: 1)
    return Panel(
      title: part.title, x: .unit(title: "Threshold"), y: .numbers(bottom, 1.06 * top, title: "Net benefit"),
      layers: [none, line(part.treatAll, Self.allStyle, series: nil, name: "act on all")]
        + part.curves.map { line($0.netBenefits, styles[$0.name] ?? Style(.ink), series: $0.name, name: $0.name) },
      height: 360, minimumWidth: 320, maximumWidth: 620)
  }

  /// The parts of a line above a height, cut where they cross it.
  private func segments(_ values: [Double], above bottom: Double, hover: (Double, Double) -> String) -> [[Layer.Datum]] {
    var all: [[Layer.Datum]] = [], open: [Layer.Datum] = []
    func crossing(_ a: Int, _ b: Int) -> Layer.Datum {
      let share = (values[a] - bottom) / (values[a] - values[b])
      return .init(thresholds[a] + share * (thresholds[b] - thresholds[a]), bottom)
    }
    for place in 0..<min(values.count, thresholds.count) {
      let isAbove = values[place] >= bottom
      if place > 0, isAbove != (values[place - 1] >= bottom) { open.append(crossing(place - 1, place)) }
      if isAbove {
        open.append(.init(thresholds[place], values[place], hover: hover(values[place], thresholds[place])))
      } else if !open.isEmpty {
        all.append(open)
        open = []
      }
    }
    return all + (open.isEmpty ? [] : [open])
  }

  private func differencePanel(_ difference: Difference) -> Panel {
    let pairs = Array(zip(thresholds, difference.values)), banded = pairs.filter { $0.1.below != nil }
    // At the highest thresholds a single false alarm moves the curve by more than all else; the axis is what the others need.
    let usual = pairs.filter { $0.0 <= Self.highestOfAxis }.map(\.1)
    let span = extent((usual.isEmpty ? difference.values : usual).flatMap { [$0.bottom, $0.top] } + [0]) ?? (-1, 1)
    let room = max(0.06 * (span.upper - span.lower), 1e-6), (lower, upper) = (span.lower - room, span.upper + room)
    func held(_ value: Double) -> Double { min(max(value, lower), upper) }
    let outline = banded.map { Layer.Place($0, held($1.top)) } + banded.reversed().map { Layer.Place($0, held($1.bottom)) }
    let line = pairs.map { Layer.Datum($0, held($1.value), hover: "\($1.text(decimals: 4)) at \(fixed($0, 2))") }
    return Panel(
      title: "\(difference.first) less \(difference.second)", x: .unit(title: "Threshold"),
      y: .numbers(lower, upper, title: "Difference of net benefit"),
      layers: (outline.count > 2 ? [Layer(.area(outline, opacity: 0.16), style: Style(.ink))] : []) + [
        Layer.lines([[.init(0, 0), .init(1, 0)]], style: Style(.muted, dash: .dotted), width: 1),
        Layer(.lines([line], width: 2, hasMarkers: false), style: Style(.ink)),
      ], height: 360, minimumWidth: 320, maximumWidth: 620)
  }

  private static let tabled = [0.05, 0.1, 0.2, 0.3, 0.5]

  private func values(_ all: [Double]) -> [(threshold: Double, value: Double)] {
    Self.tabled.compactMap { wanted in
      zip(thresholds, all).first { abs($0.0 - wanted) < 1e-9 }.map { (wanted, $0.1) }
    }
  }

  private var altText: String {
    "Net benefit by threshold. "
      + parts.map { part in
        let all = part.curves.map { ($0.name, $0.netBenefits) } + [("acting on all", part.treatAll)]
        let words = all.map { name, line in "\(name) \(values(line).map { "\(fixed($0.value, 3)) at \(fixed($0.threshold, 2))" }.joined(separator: ", "))" }
        return (part.title.isEmpty ? "" : "\(part.title): ") + words.joined(separator: "; ") + "."
      }.joined(separator: " ")
  }

  /// At round thresholds; all points would fill pages.
  private var data: ReportTable {
    let known = values(thresholds)
    var table = ReportTable(columns: [.init("Part"), .init("Curve")] + known.map { .init("At \(fixed($0.threshold, 2))", .right) })
    for part in parts {
      for (name, line) in part.curves.map({ ($0.name, $0.netBenefits) }) + [("act on all", part.treatAll)] {
        table.append([.init(part.title), .init(name)] + values(line).map { .init(fixed($0.value, 4)) })
      }
    }
    if let difference {
      table.append(
        [.init("Difference"), .init("\(difference.first) less \(difference.second)")]
          + known.map { one in
            .init(
              zip(thresholds, difference.values).first { abs($0.0 - one.threshold) < 1e-9 }?.1.text(decimals: 4) ?? ReportTable.notApplicable)
          })
    }
    return table
  }
}
