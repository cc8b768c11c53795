/// The labels of an axis as they are drawn in a page: broken into lines where that makes them fit, slanted where nothing does.
struct TickLabels {
  let lines: [[String]]
  let isSlanted: Bool
  /// What slanted labels need in height beyond one line.
  let extraHeight: Int

  init(_ axis: Axis, isHorizontal: Bool, panel: Panel) {
    let names = axis.ticks.map(\.label)
    if isHorizontal {
      let room = TickRoom(axis, length: Double(panel.minimumWidth) - PanelTitle.left(of: panel) - 20).width - 6
      let broken = names.map { TextMeasure.lines($0, width: room) }
      let widest = broken.flatMap { $0.map { TextMeasure.width($0) } }.max() ?? 0
      isSlanted = widest > room
      lines = isSlanted ? names.map { TextMeasure.lines($0, width: 190) } : broken
      let longest = lines.flatMap { $0.map { TextMeasure.width($0) } }.max() ?? 0
      let most = lines.map(\.count).max() ?? 1
      // At 35 degrees a label is 0.57 times as high as it is long.
      extraHeight = isSlanted ? Int(0.57 * longest) + 12 * (most - 1) : 15 * (most - 1)
    } else {
      // As many lines as fit between two ticks; if they are few, the lines are long.
      let pitch = TickRoom(axis, length: Double(panel.height) - 70).width
      let most = max(1, Int(pitch / 18))
      lines = names.map { name in
        var width = 170.0
        var broken = TextMeasure.lines(name, width: width)
        while broken.count > most, width < 1000 {
          width *= 1.25
          broken = TextMeasure.lines(name, width: width)
        }
        return broken
      }
      isSlanted = false
      extraHeight = 0
    }
  }
}

/// How much room the label of a tick has along its axis.
struct TickRoom {
  let width: Double

  /// - Parameter length: of the whole axis.
  init(_ axis: Axis, length: Double) {
    let places = axis.ticks.map(\.place).sorted()
    let gap = zip(places, places.dropFirst()).map { $1 - $0 }.min() ?? (axis.upper - axis.lower)
    width = length * gap / max(axis.upper - axis.lower, 1e-9)
  }
}

/// The title of a panel in the lines that fit over its axis.
struct PanelTitle {
  let lines: [String]

  init(_ panel: Panel) {
    let room = max(120, Double(panel.minimumWidth) - Self.left(of: panel) - 24)
    lines = panel.title.isEmpty ? [] : TextMeasure.lines(panel.title, width: room, size: 13.5)
  }

  /// The room that the words at the left of the axis take.
  static func left(of panel: Panel) -> Double {
    let labels =
      TickLabels(panel.y, isHorizontal: false, panel: panel).lines.flatMap { $0.map { TextMeasure.width($0) } }.max() ?? 0
    return 16 + labels + (panel.y.title.isEmpty ? 0 : 24)
  }
}

extension Panel {
  /// The height in a page, with room for slanted or broken labels.
  var pageHeight: Int {
    height + TickLabels(x, isHorizontal: true, panel: self).extraHeight + 17 * max(0, PanelTitle(self).lines.count - 1)
  }

  /// The width in a page below which it is scrolled: where names at the sides are long, the plot keeps its room.
  var leastWidth: Int {
    func room(_ ticks: [Axis.Tick]) -> Double {
      var axis = y
      axis.ticks = ticks
      return TickLabels(axis, isHorizontal: false, panel: self).lines.flatMap { $0.map { TextMeasure.width($0) } }.max() ?? 0
    }
    return max(minimumWidth, Int(room(y.ticks) + room(rightTicks)) + 200)
  }
}
