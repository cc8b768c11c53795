import Foundation
import Foundations
import Imaging
import Studies

/// Lists images of which nothing is said but whose they are. An id is the image's path below its folder, as in other sources.
enum UnlabeledReader {
  /// - Parameter task: the parts of a task, all that it has.
  /// - Throws: `DatasetsError` for a folder, a table, a column or images that are not there.
  static func read(_ source: UnlabeledSource, task: (String) throws -> [Sample]) throws -> [Sample] {
    switch source {
    case .task(let name): return try task(name)
    case .folder(let path, let pattern): return try folder(path, pattern: pattern)
    case .manifest(let table): return try rows(of: table)
    }
  }

  private static func folder(_ path: String, pattern: String?) throws -> [Sample] {
    var files = [FoundFile](), seen = Set<String>()
    try gather(SourceFolder(path, key: "folder"), below: "", into: &files, seen: &seen)
    if files.isEmpty { throw DatasetsError.noImages(folder: path, formats: ImageFile.supportedExtensions.sorted()) }
    files.sort { $0.name < $1.name }
    let patients = try pattern.map { try PatientPattern($0).groups(of: files.map(\.name)) }
    var folders = SampleFolders()
    return files.indices.map { index in
      let place = folders.place(files[index].name, root: path)
      return Sample(folder: place.folder, name: place.name, patient: patients?[index], byteCount: files[index].byteCount)
    }
  }

  /// - Parameter seen: the folders that were looked into, so that a link to one above ends.
  private static func gather(_ folder: SourceFolder, below path: String, into files: inout [FoundFile], seen: inout Set<String>) throws {
    guard seen.insert(folder.url.resolvingSymlinksInPath().path).inserted else { return }
    files += try folder.imagesIfAny().map { FoundFile(name: path + $0.name, byteCount: $0.byteCount) }
    for name in try folder.subfolders() {
      try gather(SourceFolder(folder.url.path + "/" + name, key: "folder"), below: "\(path)\(name)/", into: &files, seen: &seen)
    }
  }

  private static func rows(of table: UnlabeledTable) throws -> [Sample] {
    guard try byteCount(ofFile: table.file) != nil else { throw DatasetsError.missingTable(table.file, others: []) }
    let name = table.file.lastPathPart, finder = try ImageFinder(root: table.imageRoot, folders: [])
    var rows = [(path: String, patient: String?)]()
    let columns = { (names: [String]) in
      let header = names.map { $0.trimmingCharacters(in: .whitespaces) }
      return try ([table.pathColumn] + [table.patientColumn].compactMap(\.self)).map { try index(of: $0, in: header, table: name) }
    }
    try CSV.scan(contentsOf: URL(fileURLWithPath: table.file), separator: nil, columns: columns) { _, cells in
      rows.append((cells[0].trimmingCharacters(in: .whitespaces), cells.count > 1 ? PatientName.of(cells[1]) : nil))
    }
    let patients = try table.patientPattern.map { try PatientPattern($0).groups(of: rows.map(\.path)) }
    var folders = SampleFolders(), missing = [String](), seen = Set<String>(), samples = [Sample]()
    for (row, pattern) in zip(rows, patients ?? rows.map { _ in nil }) where seen.insert(row.path).inserted {
      guard let found = try finder.find(row.path) else {
        missing.append(row.path)
        continue
      }
      let place = folders.place(row.path, root: found.root)
      samples.append(Sample(folder: place.folder, name: place.name, patient: row.patient ?? pattern, byteCount: found.byteCount))
    }
    if !missing.isEmpty { throw DatasetsError.missingImages(missing, total: seen.count, root: finder.place, isKeepingPresent: false) }
    return samples
  }
}
