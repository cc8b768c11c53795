public import Figures
internal import Foundation
internal import Foundations

/// A checklist with, for each item, the places of a report that answer it, or the word “author”.
///
/// Only places that are there are cited: a file of the report's folder, or a key of its `numbers.json`, with the value where it is one.
public struct FilledChecklist: Sendable {
  /// Who has to answer an item.
  public enum Standing: String, Sendable, CaseIterable {
    /// The report answers it.
    case run
    /// The report answers a part.
    case runAndAuthor = "run, author"
    case author
  }

  public struct Line: Sendable {
    public let number: String
    public let section: String
    public let topic: String
    public let standing: Standing
    /// `tables/data.csv: images and patients of each part`, one a place.
    public let citations: [String]
    /// What the author adds.
    public let remaining: String?
  }

  public let id: String
  public let title: String
  public let citation: String
  public let lines: [Line]

  /// - Parameters:
  ///   - files: the paths of the report's folder.
  ///   - numbers: the text of `numbers.json`.
  init(_ checklist: ReportingChecklist, files: [String], numbers: Data) throws {
    let places = ReportPlaces(files: files, numbers: numbers)
    (id, title, citation) = (checklist.id, checklist.title, checklist.citation)
    lines = checklist.items.map { item in
      let citations = item.evidence.compactMap(places.citation)
      return Line(
        number: item.number, section: item.section, topic: item.topic,
        standing: citations.isEmpty ? .author : item.remaining == nil ? .run : .runAndAuthor, citations: citations,
        remaining: citations.isEmpty ? nil : item.remaining)
    }
  }

  public func count(_ standing: Standing) -> Int { lines.count { $0.standing == standing } }

  /// One row an item.
  public var table: ReportTable {
    var table = ReportTable(
      title: "\(title): where this report answers it",
      caption: "Topics are in this program's words, not the checklist's; numbers are the paper's: \(citation). "
        + "“author”: no run can answer it, or this study's runs do not. A citation says that something is reported, not that it was done well.",
      label: "checklist-\(id)",
      columns: [.init("Item"), .init("Section"), .init("What is to be told"), .init("By"), .init("Where, and what the author adds")], headingColumns: 1)
    for line in lines {
      let places = line.citations + [line.remaining.map { "author: \($0)" }].compactMap(\.self)
      table.append([.init(line.number), .init(line.section), .init(line.topic), .init(line.standing.rawValue), .init(places.isEmpty ? "author" : places.joined(separator: "; "))])
    }
    return table
  }

  /// What was filled, for a terminal.
  public var summary: String {
    let counts = Standing.allCases.map { count($0) }
    return "\(title): of \(lines.count) items the report answers \(counts[0]), and \(counts[1]) in part; \(counts[2]) are the author's."
  }
}

/// What there is in a report to be cited.
struct ReportPlaces {
  private let files: Set<String>
  private let numbers: Any?

  init(files: [String], numbers: Data) {
    self.files = Set(files)
    self.numbers = try? JSONSerialization.jsonObject(with: numbers)
  }

  /// `tables/data.csv: images …`; nil where the place is not there.
  func citation(_ evidence: ChecklistEvidence) -> String? {
    if let needs = evidence.needs, !isKnown(needs.key, in: needs.list) { return nil }
    switch evidence.place {
    case .file(let path):
      guard path.contains("*") else { return files.contains(path) ? "\(path): \(evidence.says)" : nil }
      let ends = path.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
      let found = files.filter { $0.hasPrefix(ends[0]) && $0.hasSuffix(ends[ends.count - 1]) }.sorted()
      return found.isEmpty ? nil : "\(firstFew(found, atMost: 2)): \(evidence.says)"
    case .numbers(let path):
      guard let value = value(at: path) else { return nil }
      return "numbers.json, \(path)\(Self.scalar(value).map { " = \($0)" } ?? ""): \(evidence.says)"
    }
  }

  /// Whether an entry of a list has a value, not a reason why there is none.
  private func isKnown(_ key: String, in list: String) -> Bool {
    (value(at: list) as? [[String: Any]] ?? []).contains { entry in
      entry[key].map { ($0 as? [String: Any])?["notAvailable"] == nil } ?? false
    }
  }

  private func value(at path: String) -> Any? {
    path.split(separator: ".").reduce(numbers) { object, key in (object as? [String: Any])?[String(key)] }
  }

  private static func scalar(_ value: Any) -> String? {
    switch value {
    case let text as String: text
    case let number as NSNumber: "\(number)"
    default: nil
    }
  }
}
