internal import Foundation
internal import Foundations
internal import RunStore
internal import Studies

/// The files that runs could not read and left out, by name.
enum Quarantine {
  private struct Entry: Decodable, Hashable {
    let id: String
  }

  /// By part. Runs of older programs name no validation images.
  private struct Content: Decodable {
    let training: [Entry]
    let validation: [Entry]?
    let test: [Entry]
  }

  /// The images that a run's file names, by part.
  static func ids(in file: Data) -> [String: Set<String>]? {
    guard let content = try? JSONDecoder().decode(Content.self, from: file) else { return nil }
    let parts = [("training", content.training), ("validation", content.validation ?? []), ("test", content.test)]
    return Dictionary(uniqueKeysWithValues: parts.map { ($0, Set($1.map(\.id))) })
  }

  /// At most this many files of a task are named.
  static let mostNames = 20

  /// One sentence a task, of all its runs: those with a part of the training images have not seen every file.
  static func remarks(of cells: [Cell], in source: any RunSource) -> [String] {
    let files = concurrentMap(cells.count) { index in
      (try? RunReader(source, run: cells[index].relativePath).bytes("quarantine.json")).flatMap { $0 }
    }
    return distinct(cells.map(\.task)).compactMap { task in
      let found = cells.indices.filter { cells[$0].task == task }.compactMap { files[$0] }
      // The runs of a task mostly say the same, byte for byte, which need not be read twice.
      let contents = Set(found).sorted { $0.lexicographicallyPrecedes($1) }.compactMap { try? JSONDecoder().decode(Content.self, from: $0) }
      let parts = [
        ("training", contents.flatMap(\.training)), ("validation", contents.flatMap { $0.validation ?? [] }), ("test", contents.flatMap(\.test)),
      ].map { (name: $0, ids: Set($1.map(\.id))) }.filter { !$0.ids.isEmpty }
      let names = parts.reduce(into: Set<String>()) { $0.formUnion($1.ids) }.sorted()
      guard !names.isEmpty else { return nil }
      let plural = names.count == 1 ? "file of \(task) could not be read and is" : "files of \(task) could not be read and are"
      let counts = parts.map { "\(grouped($0.ids.count)) of the \($0.name) set" }
      let more = names.count > mostNames ? "; all are" : "; why is"
      return "\(grouped(names.count)) \(plural) left out (\(listed(counts))): \(firstFew(names, atMost: mostNames))\(more) in quarantine.json of the runs."
    }
  }
}
