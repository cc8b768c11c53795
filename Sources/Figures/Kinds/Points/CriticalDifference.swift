internal import Foundations

/// Average ranks over tasks on one line, names at both sides, and a thick bar over those that cannot be told apart (Demšar 2006).
public struct CriticalDifference: FigureDescription {
  public struct Item: Sendable, Equatable {
    public let name: String
    public let rank: Double

    public init(_ name: String, rank: Double) {
      self.name = name
      self.rank = rank
    }
  }

  public let labels: FigureLabels
  /// Best (lowest rank) first.
  public let items: [Item]
  /// Sets that cannot be told apart, by the names of their items.
  public let cliques: [[String]]
  /// The critical difference of Nemenyi's test; nil for tests that have none, such as Wilcoxon's with Holm's correction.
  public let criticalDifference: Double?
  /// The test, its level and the number of tasks.
  public let test: String

  public init(labels: FigureLabels, items: [Item], cliques: [[String]], criticalDifference: Double?, test: String) {
    self.labels = labels
    self.items = items.filter(\.rank.isFinite).sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }
    self.cliques = cliques
    self.criticalDifference = criticalDifference
    self.test = test
  }

  public func figure() -> Figure {
    Figure(
      kind: .criticalDifference, labels: labels, altText: altText, content: .panels([panel], columns: 1),
      notes: ["Rank 1 is best. A thick bar joins those that cannot be told apart: \(test)."], data: data)
  }

  /// Cliques as ranges of ranks; those inside another say nothing more.
  private var spans: [(from: Double, to: Double)] {
    let all = cliques.compactMap { clique in extent(items.filter { clique.contains($0.name) }.map(\.rank)) }
      .filter { $0.upper > $0.lower }
    return all.enumerated().filter { index, span in
      !all.enumerated().contains { other, wider in
        other != index && wider.lower <= span.lower && wider.upper >= span.upper
          && (wider.upper - wider.lower > span.upper - span.lower || other < index)
      }
    }.map { (from: $1.lower, to: $1.upper) }.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
  }

  private var panel: Panel {
    let count = items.count
    let highest = max(2, Double(count))
    let half = (count + 1) / 2
    // Cliques lie under the scale, each on the first level where it meets no other.
    var levelEnds = [Double]()
    var bars = [[Layer.Place]]()
    for span in spans {
      let level = levelEnds.firstIndex { $0 + 0.08 < span.from } ?? levelEnds.count
      if level == levelEnds.count { levelEnds.append(span.to) } else { levelEnds[level] = span.to }
      let y = -0.45 - 0.4 * Double(level)
      bars.append([.init(span.from - 0.04, y), .init(span.to + 0.04, y)])
    }
    let first = -0.45 - 0.4 * Double(levelEnds.count) - 0.55
    let left = 1 - 0.06 * (highest - 1)
    let right = highest + 0.06 * (highest - 1)
    func depth(_ index: Int) -> Double { first - 0.8 * Double(index < half ? index : count - 1 - index) }
    let stems = items.enumerated().map { index, item -> [Layer.Datum] in
      let hover = "\(item.name): average rank \(fixed(item.rank, 2))"
      return [
        .init(item.rank, 0, hover: hover), .init(item.rank, depth(index), hover: hover),
        .init(index < half ? left : right, depth(index), hover: hover),
      ]
    }
    let ticks = Axis.roundTicks(1, highest, count: min(12, count)).filter { $0.place == $0.place.rounded() }
    var layers: [Layer] = [
      .lines([[.init(1, 0), .init(highest, 0)]] + ticks.map { [.init($0.place, 0), .init($0.place, 0.14)] }, width: 1.5),
      .text(ticks.map { .init(place: .init($0.place, 0.16), text: fixed($0.place, 0), side: .above) }),
      Layer(.lines(stems, width: 1.2, hasMarkers: false), style: Style(.blue)),
      .lines(bars, style: Style(.vermillion), width: 5),
    ]
    var top = 1.0
    if let difference = criticalDifference, difference.isFinite, difference > 0 {
      let end = 1 + min(difference, highest - 1)
      layers.append(
        .lines(
          [[.init(1, 1.15), .init(end, 1.15)], [.init(1, 1), .init(1, 1.3)], [.init(end, 1), .init(end, 1.3)]], width: 1.5))
      layers.append(
        .text([.init(place: .init((1 + end) / 2, 1.2), text: "CD = \(fixed(difference, 2))", side: .above)]))
      top = 2
    }
    let lowest = items.indices.map(depth).min() ?? -1
    func tick(_ index: Int) -> Axis.Tick { .init(depth(index), "\(items[index].name) (\(fixed(items[index].rank, 2)))") }
    return Panel(
      x: Axis(lower: left, upper: right, isVisible: false),
      y: Axis(lower: lowest - 0.5, upper: top, ticks: (0..<half).prefix(count).map(tick), isVisible: false),
      rightTicks: (half..<max(half, count)).map(tick), layers: layers,
      height: max(180, 60 + Int((top - lowest) * 30)), minimumWidth: 560)
  }

  private var altText: String {
    let ranks = items.map { "\($0.name) \(fixed($0.rank, 2))" }.joined(separator: "; ")
    let groups =
      cliques.isEmpty
      ? "All can be told apart." : "Not told apart: " + cliques.map { $0.joined(separator: ", ") }.joined(separator: "; ") + "."
    return "Critical-difference diagram. Average ranks, best first: \(ranks). \(groups)"
  }

  private var data: ReportTable {
    var table = ReportTable(columns: [.init("Initialization"), .init("Average rank", .right), .init("Not told apart from")])
    for item in items {
      let peers = distinct(cliques.filter { $0.contains(item.name) }.flatMap(\.self)).filter { $0 != item.name }
      table.append([.init(item.name), .init(fixed(item.rank, 2)), .init(peers.joined(separator: ", "))])
    }
    return table
  }
}
