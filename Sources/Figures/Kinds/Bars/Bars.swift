/// Bars with error bars in groups, on one or several tasks, with brackets between those that were tested against each other.
public struct Bars: FigureDescription {
  public struct Series: Sendable, Equatable {
    public let name: String
    public let style: Style

    public init(_ name: String, _ style: Style) {
      self.name = name
      self.style = style
    }
  }

  /// Bars that stand together; one for each series, nil where there is none to draw ("N/A").
  public struct Group: Sendable, Equatable {
    public let name: String
    public let bars: [Estimate?]

    public init(_ name: String = "", _ bars: [Estimate?]) {
      self.name = name
      self.bars = bars
    }
  }

  /// A bar by the numbers of its group and its series.
  public struct Place: Sendable, Equatable {
    public let group: Int
    public let series: Int

    public init(group: Int = 0, series: Int) {
      self.group = group
      self.series = series
    }
  }

  /// A bracket over two bars with what a test between them says.
  public struct Bracket: Sendable, Equatable {
    public let from: Place
    public let to: Place
    public let label: String

    public init(from: Place, to: Place, label: String) {
      self.from = from
      self.to = to
      self.label = label
    }
  }

  public struct Task: Sendable, Equatable {
    public let title: String
    /// What is measured, with its unit.
    public let axisTitle: String
    public let groups: [Group]
    public let brackets: [Bracket]
    /// The lower end of the axis; nil for one chosen from the numbers.
    public let lower: Double?

    public init(title: String, axisTitle: String, groups: [Group], brackets: [Bracket] = [], lower: Double? = nil) {
      self.title = title
      self.axisTitle = axisTitle
      self.groups = groups
      self.brackets = brackets
      self.lower = lower
    }
  }

  public let labels: FigureLabels
  public let series: [Series]
  public let tasks: [Task]
  public let columns: Int
  public let decimals: Int

  public init(labels: FigureLabels, series: [Series], tasks: [Task], columns: Int = 4, decimals: Int = 2) {
    self.labels = labels
    self.series = series
    // Missing bars are not applicable, surplus ones are dropped, and so is a bracket that points at no bar.
    self.tasks = tasks.map { task in
      let groups = task.groups.map { group in
        Group(group.name, series.indices.map { $0 < group.bars.count ? group.bars[$0] : nil })
      }
      func isThere(_ place: Place) -> Bool { groups.indices.contains(place.group) && series.indices.contains(place.series) }
      return Task(
        title: task.title, axisTitle: task.axisTitle, groups: groups,
        brackets: task.brackets.filter { isThere($0.from) && isThere($0.to) }, lower: task.lower)
    }
    self.columns = columns
    self.decimals = decimals
  }

  public func figure() -> Figure {
    let panels = tasks.map(panel)
    let isTruncated = panels.contains { $0.y.lower > 0 }
    return Figure(
      kind: .bars, labels: labels, altText: altText, content: .panels(panels, columns: columns),
      legend: namesBars ? [] : series.map { LegendEntry($0.name, .bar, $0.style, series: $0.name) },
      notes: isTruncated ? [truncationNote] : [], data: data)
  }

  /// With one task and one group, the names stand under the bars and no legend is needed.
  private var namesBars: Bool { tasks.count == 1 && (tasks.first?.groups.count ?? 0) <= 1 }

  private func panel(_ task: Task) -> Panel {
    let spacing = Double(series.count) + 0.7
    func x(_ place: Place) -> Double { Double(place.group) * spacing + Double(place.series) }
    let drawn = task.groups.flatMap { $0.bars.compactMap(\.self) }
    let span = extent(drawn.flatMap { [$0.bottom, $0.top] }) ?? (0, 1)
    let lower = task.lower ?? lowerEnd(span)
    let tops = Dictionary(
      uniqueKeysWithValues: task.groups.enumerated().flatMap { group, value in
        value.bars.indices.map { (x(Place(group: group, series: $0)), value.bars[$0]?.top ?? lower) }
      })
    let stack = BracketStack(task.brackets.map { (x($0.from), x($0.to), $0.label) }, tops: tops, lower: lower, top: span.upper)

    var layers = series.indices.map { index in
      Layer(
        .bars(
          task.groups.enumerated().compactMap { group, value in
            value.bars[index].map { datum($0, at: x(Place(group: group, series: index)), name: name(of: value, index)) }
          }, width: 0.8, isHorizontal: false),
        style: series[index].style, series: series[index].name)
    }
    let missing = task.groups.enumerated().flatMap { group, value in
      value.bars.indices.filter { value.bars[$0] == nil }.map { index in
        Layer.Label(
          place: .init(x(Place(group: group, series: index)), lower + (stack.upper - lower) * 0.02), text: "N/A", side: .above,
          color: .muted)
      }
    }
    if !missing.isEmpty { layers.append(.text(missing)) }
    layers += stack.layers

    let count = Double(task.groups.count) * spacing - 0.7
    var axis = Axis(lower: -0.7, upper: count - 0.3)
    if namesBars {
      axis.ticks = series.indices.map { Axis.Tick(Double($0), series[$0].name) }
    } else if task.groups.contains(where: { !$0.name.isEmpty }) {
      axis.ticks = task.groups.indices.map {
        Axis.Tick(Double($0) * spacing + Double(series.count - 1) / 2, task.groups[$0].name)
      }
    }
    return Panel(
      title: task.title, x: axis, y: .numbers(lower, stack.upper, title: task.axisTitle), layers: layers,
      height: 270 + 14 * stack.levels, minimumWidth: max(290, 80 + Int(count * (namesBars ? 44 : 22))),
      maximumWidth: 160 + Int(count * 110))
  }

  private func name(of group: Group, _ index: Int) -> String {
    group.name.isEmpty ? series[index].name : "\(group.name), \(series[index].name)"
  }

  private func datum(_ estimate: Estimate, at x: Double, name: String) -> Layer.Datum {
    .init(x, estimate.value, below: estimate.below, above: estimate.above, hover: "\(name): \(estimate.text(decimals: decimals))")
  }

  private var altText: String {
    "Bars with error bars. "
      + tasks.map { task in
        let bars = task.groups.flatMap { group in
          group.bars.indices.map { "\(name(of: group, $0)) \(group.bars[$0]?.text(decimals: decimals) ?? "not applicable")" }
        }
        return "\(task.title): \(bars.joined(separator: "; "))."
      }.joined(separator: " ")
  }

  private var data: ReportTable {
    let hasGroups = tasks.contains { $0.groups.contains { !$0.name.isEmpty } }
    var table = ReportTable(
      columns: [.init("Task")] + (hasGroups ? [.init("Group")] : []) + series.map { .init($0.name, .right) } + [.init("Tests")])
    for task in tasks {
      for (index, group) in task.groups.enumerated() {
        let tests = task.brackets.filter { $0.from.group == index }.map { bracket in
          let to = task.groups[bracket.to.group]
          return "\(name(of: group, bracket.from.series)) – \(name(of: to, bracket.to.series)): \(bracket.label)"
        }
        table.append(
          [.init(task.title)] + (hasGroups ? [.init(group.name)] : [])
            + group.bars.map { .init($0?.text(decimals: decimals) ?? ReportTable.notApplicable) }
            + [.init(tests.joined(separator: "; "))])
      }
    }
    return table
  }
}

/// Said under figures whose bars do not begin at zero: their lengths cannot be compared, only their ends.
let truncationNote = "Vertical axes do not begin at zero: compare the ends of the bars, not their lengths."

/// A round lower end a little below everything, at zero where that is near.
func lowerEnd(_ span: (lower: Double, upper: Double)) -> Double {
  let length = span.upper - span.lower
  guard length > 0 else { return span.lower > 0 ? span.lower * 0.95 : span.lower - 1 }
  let aim = span.lower - 0.35 * length
  if span.lower >= 0, aim <= 0.1 * span.upper { return 0 }
  let step = Axis.roundStep(length / 5)
  return (aim / step).rounded(.down) * step
}
