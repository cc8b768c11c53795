internal import Foundation

/// A paper whose numbers are carried here.
public enum Publication: String, Codable, Hashable, Sendable, CaseIterable {
  /// Hosseinzadeh Taher, Haghighi, Feng, Gotway, Liang: DART 2021, LNCS 12968, pages 3–13.
  case benchmark2021 = "2021"
  /// Hosseinzadeh Taher, Haghighi, Gotway, Liang: Medical Image Analysis 102 (2025) 103487.
  case followUp2025 = "2025"

  public var citation: String {
    switch self {
    case .benchmark2021: "Hosseinzadeh Taher et al. 2021, doi 10.1007/978-3-030-87722-4_1"
    case .followUp2025: "Hosseinzadeh Taher et al. 2025, Medical Image Analysis 102, 103487"
    }
  }

  /// Runs behind every value: the 2021 paper's authors say ten; of 2025 nothing that could be read says it, and ten are taken.
  public var runs: Int { 10 }
  public var saysRuns: Bool { self == .benchmark2021 }
}

/// One published value, in percent.
public struct PublishedValue: Codable, Hashable, Sendable {
  public enum Mark: Codable, Hashable, Sendable {
    case best, equivalent, notSignificant
    /// One for each factor of ten: * is below 0.05, ** below 0.01, *** below 0.001, **** below 0.0001.
    case stars(Int)
    case p(String)
  }

  public let task: String
  /// As the source calls it.
  public let initialization: String
  public let mean: Double
  /// Nil where none is given.
  public let standardDeviation: Double?
  public let marks: [Mark]
}

/// A table or figure of a paper, as numbers: facts, not its words.
public struct PublishedTable: Hashable, Sendable {
  public enum Reading: String, Codable, Hashable, Sendable { case printed, digitized }

  /// By which it is asked for: `published-2021-figure-1`.
  public let name: String
  public let paper: Publication
  /// `table 2`, `figure 1`.
  public let place: String
  public let reading: Reading
  public let tasks: [String]
  /// In the order of the source, as it calls them.
  public let initializations: [String]
  public let values: [PublishedValue]
  /// Cells of the text that are neither a value nor “–”: there is none, which a test holds.
  let unread: [String]

  /// `2021, table 2`.
  public var source: String { "\(paper.rawValue), \(place)" }

  public func value(_ task: String, _ initialization: String) -> PublishedValue? {
    values.first { $0.task == task && $0.initialization == initialization }
  }

  /// How far a value may be from what the paper plots or rounds, in percentage points.
  ///
  /// Printed values are rounded to two decimals. A figure was measured on its axis: a hundredth of a point where the axis spans two
  /// or three points (vessels and lungs of 2021), a twentieth elsewhere, a tenth on the poster of 2025.
  public func accuracy(of task: String) -> Double {
    switch (reading, paper) {
    case (.printed, _): 0.005
    case (.digitized, .followUp2025): 0.1
    case (.digitized, .benchmark2021): ["VFS", "LXS"].contains(task) ? 0.01 : 0.05
    }
  }

  /// Reads a text of columns between bars: the first line names the tasks; a value is `mean±std` or `mean` with marks behind it.
  init(name: String, paper: Publication, place: String, reading: Reading, text: String) {
    (self.name, self.paper, self.place, self.reading) = (name, paper, place, reading)
    let lines = text.split(separator: "\n").map { line in
      line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
    }
    tasks = lines.first.map { Array($0.dropFirst()) } ?? []
    var initializations: [String] = [], values: [PublishedValue] = [], unread: [String] = []
    for line in lines.dropFirst() {
      initializations.append(line[0])
      if line.count != tasks.count + 1 { unread.append(line.joined(separator: "|")) }
      for (task, cell) in zip(tasks, line.dropFirst()) where cell != "–" {
        if let value = PublishedValue(task: task, initialization: line[0], cell: cell) { values.append(value) } else { unread.append(cell) }
      }
    }
    (self.initializations, self.values, self.unread) = (initializations, values, unread)
  }
}

extension PublishedValue {
  fileprivate init?(task: String, initialization: String, cell: String) {
    let words = cell.split(separator: " ").map(String.init)
    let numbers = (words.first ?? "").split(separator: "±").map { Double($0) }
    guard (1...2).contains(numbers.count), let mean = numbers[0], numbers.allSatisfy({ $0 != nil }) else { return nil }
    let marks = words.dropFirst().map { Mark(word: $0) }
    guard marks.allSatisfy({ $0 != nil }) else { return nil }
    self.init(
      task: task, initialization: initialization, mean: mean, standardDeviation: numbers.count == 2 ? numbers[1] : nil,
      marks: marks.compactMap(\.self))
  }
}

extension PublishedValue.Mark {
  fileprivate init?(word: String) {
    switch word {
    case "best": self = .best
    case "equivalent": self = .equivalent
    case "ns": self = .notSignificant
    case _ where word.hasPrefix("p="): self = .p(String(word.dropFirst(2)))
    case _ where word.allSatisfy { $0 == "*" }: self = .stars(word.count)
    default: return nil
    }
  }
}
