/// How often it is so when the network says it is: observed frequency by predicted probability, and under it how many images fall
/// where.
public struct Reliability: FigureDescription {
  public struct Bin: Sendable, Equatable {
    public let lower: Double
    public let upper: Double
    public let count: Int
    /// The mean of the predicted probabilities; nil for an empty bin.
    public let predicted: Double?
    public let observed: Estimate?

    public init(lower: Double, upper: Double, count: Int, predicted: Double?, observed: Estimate?) {
      self.lower = lower
      self.upper = upper
      self.count = count
      self.predicted = predicted
      self.observed = observed
    }
  }

  public struct Curve: Sendable, Equatable {
    public let name: String
    public let bins: [Bin]

    public init(_ name: String, bins: [Bin]) {
      self.name = name
      self.bins = bins
    }
  }

  public let labels: FigureLabels
  public let curves: [Curve]

  public init(labels: FigureLabels, curves: [Curve]) {
    self.labels = labels
    self.curves = curves
  }

  public func figure() -> Figure {
    Figure(
      kind: .reliability, labels: labels, altText: altText, content: .panels([curvePanel, countPanel], columns: 2),
      legend: curves.map { LegendEntry($0.name, .lineAndMarker, styles[$0.name] ?? Style(.ink), series: $0.name) },
      notes: ["On the diagonal, probabilities mean what they say."], data: data)
  }

  private var styles: [String: Style] { labels.styles(curves.map(\.name), Style.line) }

  private var curvePanel: Panel {
    let diagonal = Layer.lines([[.init(0, 0), .init(1, 1)]], style: Style(.muted, dash: .dotted), width: 1)
    let layers = curves.flatMap { curve -> [Layer] in
      let points = curve.bins.compactMap { bin -> Layer.Datum? in
        guard let predicted = bin.predicted, let observed = bin.observed else { return nil }
        return .init(
          predicted, observed.value, below: observed.below, above: observed.above,
          hover: "\(curve.name): predicted \(fixed(predicted, 3)), observed \(observed.text(decimals: 3)), \(bin.count) images")
      }
      let style = styles[curve.name] ?? Style(.ink)
      return [
        Layer(.errors(points, isHorizontal: false), style: style, series: curve.name),
        Layer(.lines([points], width: 2, hasMarkers: true), style: style, series: curve.name),
      ]
    }
    return Panel(
      title: "Reliability", x: .unit(title: "Predicted probability"), y: .unit(title: "Observed frequency"),
      layers: [diagonal] + layers, height: 360, minimumWidth: 320, maximumWidth: 620)
  }

  private var countPanel: Panel {
    let highest = Double(curves.flatMap { $0.bins.map(\.count) }.max() ?? 1)
    let layers = curves.enumerated().map { index, curve -> Layer in
      // Bars of several curves share a bin side by side.
      let widths = curve.bins.map { ($0.upper - $0.lower) / Double(curves.count) }
      let data = zip(curve.bins, widths).map { bin, width in
        Layer.Datum(
          bin.lower + (Double(index) + 0.5) * width, Double(bin.count),
          hover: "\(curve.name): \(bin.count) images from \(fixed(bin.lower, 2)) to \(fixed(bin.upper, 2))")
      }
      var style = styles[curve.name] ?? Style(.ink)
      style.pattern = Style.Pattern.allCases[index % Style.Pattern.allCases.count]
      return Layer(
        .bars(data, width: 0.9 * (widths.min() ?? 0.1), isHorizontal: false), style: style, series: curve.name)
    }
    return Panel(
      title: "Images by predicted probability", x: .unit(title: "Predicted probability"),
      y: .numbers(0, max(1, highest * 1.06), title: "Images"), layers: layers, height: 360, minimumWidth: 320, maximumWidth: 620)
  }

  private var altText: String {
    "Reliability curves. "
      + curves.map { curve in
        let parts = curve.bins.compactMap { bin -> String? in
          guard let predicted = bin.predicted, let observed = bin.observed else { return nil }
          return "predicted \(fixed(predicted, 2)), observed \(fixed(observed.value, 2))"
        }
        return "\(curve.name): \(parts.joined(separator: "; "))."
      }.joined(separator: " ")
  }

  private var data: ReportTable {
    var table = ReportTable(
      columns: [
        .init("Curve"), .init("From", .right), .init("To", .right), .init("Images", .right), .init("Predicted", .right),
        .init("Observed", .right),
      ])
    for curve in curves {
      for bin in curve.bins {
        table.append([
          .init(curve.name), .init(fixed(bin.lower, 2)), .init(fixed(bin.upper, 2)), .init(String(bin.count)),
          .init(bin.predicted.map { fixed($0, 3) } ?? ReportTable.notApplicable),
          .init(bin.observed?.text(decimals: 3) ?? ReportTable.notApplicable),
        ])
      }
    }
    return table
  }
}
