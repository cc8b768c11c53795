import Foundation
import Foundations

/// What a reader has to say of a source that it could use.
package struct SourceRemark: Sendable, Equatable {
  /// Whether it may make numbers mean something else; else it is worth knowing.
  package let isWarning: Bool
  package let words: String
  package let remedy: String
}

/// The names in a column of lists that are no class of the task: an image of which only such names are listed counts as without findings.
struct OtherNames {
  private let counts: [String: Int]
  private let classes: [String]

  /// - Parameter names: of each row.
  init(_ names: [String: Int], classes: [String]) {
    counts = names.filter { !classes.contains($0.key) }
    self.classes = classes
  }

  /// All of them, and before that those which look as if they were meant for a class.
  func remarks(column: String, table: String) -> [SourceRemark] {
    if counts.isEmpty { return [] }
    func words(_ names: [(key: String, value: Int)]) -> [String] { names.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "“\($0.key)” (\(counted($0.value, "row")))" } }
    let near = counts.filter { meant(by: $0.key) != nil }.map { $0 }
    let all = SourceRemark(
      isWarning: false,
      words:
        "\(counted(counts.count, "name")) in the column “\(column)” of \(table) \(counts.count == 1 ? "is" : "are") no class: \(firstFew(words(counts.map { $0 }), atMost: 6)).",
      remedy: "")
    guard let first = near.min(by: { $0.key < $1.key }), let meant = meant(by: first.key) else { return [all] }
    let rows = near.reduce(0) { $0 + $1.value }
    return [
      SourceRemark(
        isWarning: true,
        words:
          "In \(counted(rows, "row")) of \(table) the column “\(column)” lists what is no class and looks like one, such as “\(first.key)” for “\(meant)”: \(firstFew(words(near))).",
        remedy: "Spell each class one way, correct `labelSeparator`, or name what is none under `otherLabels`."),
      all,
    ]
  }

  /// The class that a name may be meant for: but for capitals, blanks, signs, marks that are not seen and letters of other scripts that look
  /// alike it is the same, or a list with another separator that holds it.
  private func meant(by name: String) -> String? {
    let plain = Self.plain(name), pieces = name.split { ";,/|+&".contains($0) }.map { Self.plain(String($0)) }
    return classes.first { known in
      let own = Self.plain(known)
      return own == plain || (pieces.count > 1 && pieces.contains(own)) || Self.looksAlike(own, plain)
    }
  }

  /// Letters and digits alone, in lower case.
  static func plain(_ name: String) -> [Unicode.Scalar] {
    name.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || ("0"..."9").contains($0) }
  }

  /// Whether two words differ only where one of them has a letter beyond ASCII for one of the other's.
  private static func looksAlike(_ first: [Unicode.Scalar], _ second: [Unicode.Scalar]) -> Bool {
    guard first.count == second.count, first.count > 3 else { return false }
    let differing = zip(first, second).filter { $0 != $1 }
    return 2 * differing.count < first.count && differing.allSatisfy { $0.isASCII != $1.isASCII }
  }
}
