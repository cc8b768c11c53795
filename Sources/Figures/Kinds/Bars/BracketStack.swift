/// Brackets over bars, stacked so that none touches another, a bar or a label, and the axis that has room for them.
struct BracketStack {
  /// The upper end of the axis.
  let upper: Double
  let levels: Int
  let layers: [Layer]

  /// - Parameters:
  ///   - brackets: each from one place of the horizontal axis to another, with its label.
  ///   - tops: where the bar and error bar at a place ends.
  ///   - lower: the lower end of the axis.
  ///   - top: the highest end of all bars.
  init(_ brackets: [(from: Double, to: Double, label: String)], tops: [Double: Double], lower: Double, top: Double) {
    let sorted = brackets.map { (from: min($0.from, $0.to), to: max($0.from, $0.to), label: $0.label) }
      .sorted { ($0.to - $0.from, $0.from) < ($1.to - $1.from, $1.from) }
    // A bracket lies above every shorter one that shares a place with it. Labels are wider than short brackets: 0.45 more a side.
    var level = [Int]()
    for (index, bracket) in sorted.enumerated() {
      let below = sorted[..<index].indices.filter {
        sorted[$0].from - 0.45 < bracket.to + 0.45 && bracket.from - 0.45 < sorted[$0].to + 0.45
      }
      level.append((below.map { level[$0] }.max() ?? -1) + 1)
    }
    levels = (level.max() ?? -1) + 1
    // One level is 9 % of the axis and the room over the bars 4 %, so the axis ends where everything fits.
    let share = 0.09 * Double(levels) + 0.04
    let length = max(top - lower, 1e-9) / (1 - share)
    upper = lower + length
    let step = 0.09 * length

    // A bracket whose bars are low hangs low too, as long as it clears what it spans and what is under it.
    var heights = [Double]()
    for (index, bracket) in sorted.enumerated() {
      let spanned = tops.filter { $0.key > bracket.from - 0.95 && $0.key < bracket.to + 0.95 }.values.max() ?? top
      let under = sorted[..<index].indices.filter {
        sorted[$0].from - 0.45 < bracket.to + 0.45 && bracket.from - 0.45 < sorted[$0].to + 0.45
      }.map { heights[$0] + step }.max()
      heights.append(max(spanned + 0.025 * length, under ?? lower))
    }
    let hook = 0.012 * length
    layers =
      sorted.isEmpty
      ? []
      : [
        .lines(
          zip(sorted, heights).map { bracket, height in
            [
              .init(bracket.from, height - hook), .init(bracket.from, height), .init(bracket.to, height),
              .init(bracket.to, height - hook),
            ]
          }),
        .text(
          zip(sorted, heights).map { bracket, height in
            Layer.Label(place: .init((bracket.from + bracket.to) / 2, height), text: bracket.label, side: .above)
          }),
      ]
  }
}
