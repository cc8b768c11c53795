public import Foundations

extension PublishedSet {
  /// The sets there are.
  public static var listing: Table {
    var table = Table(columns: [.init("Set"), .init("Is"), .init("Values", .right), .init("Tasks")])
    for set in all { table.append([set.name, set.title, String(set.entries.count), set.tasks.joined(separator: " ")]) }
    return table
  }

  /// Every value with its source, and what must be known of them, for a terminal so many columns wide; nil cuts nothing.
  public func terminalText(width: Int?) -> String {
    var table = Table(columns: [
      .init("Task"), .init("Initialization"), .init("%", .right), .init("Known to", .right), .init("Marked"), .init("Source"),
    ])
    for entry in entries {
      table.append([
        entry.task, entry.initialization, entry.value.text, "± \(fixed(entry.accuracy, 3))",
        entry.value.marks.map(\.text).joined(separator: ", "), entry.source,
      ])
    }
    return table.fitted(toWidth: width, cutting: ["Source", "Initialization"]).rendered() + "\n"
      + remarks.map { flowed($0, proseWidth(width)) }.joined()
  }
}

extension PublishedValue.Mark {
  /// `best`, `n.s.`, `***`, `p = 1.9e-1`.
  public var text: String {
    switch self {
    case .best: "best"
    case .equivalent: "equivalent"
    case .notSignificant: "n.s."
    case .stars(let count): String(repeating: "*", count: count)
    case .p(let value): "p = \(value)"
    }
  }
}
