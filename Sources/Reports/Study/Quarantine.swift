internal import Foundation
internal import Foundations
internal import RunStore
internal import Studies

/// The files that runs could not read and left out, by name.
enum Quarantine {
  private struct Entry: Decodable, Hashable {
    let id: String
    let reason: String?
  }

  private struct Content: Decodable {
    let training: [Entry]
    let test: [Entry]
  }

  /// One sentence a task; every run of a task sees the same files, so one run of each tells.
  static func remarks(of cells: [Cell], in source: any RunSource) -> [String] {
    var seen: Set<String> = []
    return cells.filter { seen.insert($0.task).inserted }.compactMap { cell in
      guard let content = try? RunReader(source, run: cell.relativePath).read(Content.self, from: "quarantine.json") else { return nil }
      let names = distinct((content.training + content.test).map(\.id))
      guard !names.isEmpty else { return nil }
      let test = content.test.isEmpty ? "" : ", \(content.test.count) of the test set"
      return "\(names.count) file\(names.count == 1 ? "" : "s") of \(cell.task) could not be read and \(names.count == 1 ? "is" : "are") left out\(test): \(firstFew(names))."
    }
  }
}
