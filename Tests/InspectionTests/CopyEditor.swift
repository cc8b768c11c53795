import Foundation
import Foundations
import Studies

/// Changes files of a copy and takes every change back.
final class CopyEditor {
  let root: URL
  private var undo: [() throws -> Void] = []

  init(_ root: URL) { self.root = root }

  func url(_ path: String) -> URL { root.appendingPathComponent(path) }

  /// The path below the root of a file of it.
  func path(of file: URL) -> String { String(file.standardizedFileURL.path.dropFirst(root.standardizedFileURL.path.count + 1)) }

  func data(_ path: String) throws -> Data { try Data(contentsOf: url(path)) }

  func write(_ data: Data, to path: String) throws {
    let file = url(path), old = try? Data(contentsOf: file)
    undo.append { if let old { try old.write(to: file) } else { try FileManager.default.removeItem(at: file) } }
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }

  /// Moves a file or a folder away.
  func remove(_ path: String) throws { try move(path, to: path + ".away") }

  func move(_ path: String, to other: String) throws {
    // Outside the root, where it is no extra file.
    let (from, to) = (url(path), other.hasSuffix(".away") ? root.appendingPathExtension(UUID().uuidString) : url(other))
    try FileManager.default.moveItem(at: from, to: to)
    undo.append { try FileManager.default.moveItem(at: to, to: from) }
  }

  func restore() throws {
    for step in undo.reversed() { try step() }
    undo = []
  }

  /// Changes the rows of a table or list, its columns by name.
  func edit(_ path: String, columns: [String], separator: ManifestSource.ColumnSeparator, _ change: (inout CSV.Document) throws -> Void) throws {
    let text = String(decoding: try data(path), as: UTF8.self)
    var document: CSV.Document
    if separator == .space {
      document = CSV.Document(header: columns, rows: text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) })
    } else {
      document = try CSV.parse(text)
    }
    try change(&document)
    let edited =
      separator == .space
      ? document.rows.map { $0.joined(separator: " ") + "\n" }.joined() : CSV.encode([document.header] + document.rows)
    try write(Data(edited.utf8), to: path)
  }
}
