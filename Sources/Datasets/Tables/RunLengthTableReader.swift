import Foundation
import Foundations
import Imaging
import Studies

/// Reads a table whose masks are run lengths. Rows of one image are united; an id is the image as the table has it.
struct RunLengthTableReader {
  let source: ManifestSource

  private struct Entry {
    var lines: [Int]
    var cells: [String]
    var masks: [String]
  }

  func read() throws -> FoundSamples {
    let file = try existingTable()
    let table = file.lastPathPart
    let root = try SourceFolder(source.imageRoot, key: "imageRoot")
    let document = try Self.document(file), header = document.header
    let path = try index(of: source.pathColumn, in: header, table: table)
    let mask = try index(of: source.rleColumn ?? "", in: header, table: table)
    let patient = try source.patientColumn.map { try index(of: $0, in: header, table: table) }
    let part = try source.splitColumn.map { try index(of: $0, in: header, table: table) }
    let entries = united(document.rows, path: path, mask: mask)
    let files = try imageFiles(of: entries.map { $0.cells[path] }, root: root)
    if let patient, let unnamed = entries.first(where: { PatientName.of($0.cells[patient]) == nil }) {
      throw DatasetsError.missingPatients(
        count: entries.count { PatientName.of($0.cells[patient]) == nil }, line: unnamed.lines[0], word: unnamed.cells[patient], table: table)
    }
    let patterned = try source.patientPattern.map { try PatientPattern($0).patients(of: entries.map { $0.cells[path] }) }
    var parts = [DatasetPart: [Sample]]()
    for (place, entry) in entries.enumerated() {
      guard let (image, size) = files[place] else { continue }
      let word = part.map { entry.cells[$0] } ?? DatasetPart.training.rawValue
      guard let part = DatasetPart(word: word) else { throw DatasetsError.notAPart(word, line: entry.lines[0], table: table) }
      parts[part, default: []].append(
        Sample(
          id: entry.cells[path], image: ImageReference(image),
          mask: MaskReference(regions: entry.masks.map { .runLengths($0, format: format, width: nil, height: nil) }),
          patient: patient.flatMap { PatientName.of(entry.cells[$0]) } ?? patterned?[place], byteCount: size))
    }
    return FoundSamples(parts: parts, classNames: [])
  }

  /// The table as it is; the competition's own header has a space before its second name.
  static func document(_ file: String) throws -> CSV.Document {
    var document = try CSV.parse(try TextFile.read(URL(fileURLWithPath: file)), separator: nil)
    document.header = document.header.map { $0.trimmingCharacters(in: .whitespaces) }
    return document
  }

  private var format: RunLengthFormat {
    switch source.rleFormat {
    case .relativePairs: .relativePairs
    case .absolutePairs, nil: .absolutePairs
    case .counts: .counts
    case .compressedCounts: .compressedCounts
    }
  }

  private func existingTable() throws -> String {
    guard let file = try ([source.file] + source.otherFiles).first(where: { try byteCount(ofFile: $0) != nil }) else {
      throw DatasetsError.missingTable(source.file)
    }
    return file
  }

  /// One entry an image, in the order of its first row. What says that there is no object is no region.
  private func united(_ rows: [[String]], path: Int, mask: Int) -> [Entry] {
    var places = [String: Int](), entries = [Entry]()
    for (number, cells) in rows.enumerated() {
      let text = cells[mask].trimmingCharacters(in: .whitespaces)
      let masks = text.isEmpty || text == "-1" ? [] : [text]
      if let place = places[cells[path]] {
        entries[place].lines.append(number + 2)
        entries[place].masks += masks
      } else {
        places[cells[path]] = entries.count
        entries.append(Entry(lines: [number + 2], cells: cells, masks: masks))
      }
    }
    return entries
  }

  /// Each image's file and its size; nil where it is not there and need not be.
  private func imageFiles(of names: [String], root: SourceFolder) throws -> [(URL, Int)?] {
    let found: [(URL, Int)?]
    switch source.pathForm {
    case .path:
      found = try names.map { name in
        let path = root.path(of: name)
        return try byteCount(ofFile: path).map { (URL(fileURLWithPath: path, isDirectory: false), $0) }
      }
    case .stem:
      let files = try FilesBelow(root, stems: Set(names))
      found = names.map { files[$0] }
    }
    let missing = zip(names, found).filter { $1 == nil }.map(\.0)
    if !missing.isEmpty, source.rows == .all || missing.count == names.count {
      throw DatasetsError.missingImages(missing, total: names.count, root: root.url.path, isKeepingPresent: source.rows == .present)
    }
    return found
  }
}

/// The files anywhere below a folder by their names without endings.
struct FilesBelow {
  private var found = [String: (URL, Int)]()

  /// - Parameter stems: Those that are looked for; of others there may be several.
  init(_ folder: SourceFolder, stems: Set<String>) throws {
    for path in try FolderListing.paths(below: folder.url.path) {
      let name = path.lastPathPart
      // An identifier without an ending is its own stem.
      guard let stem = [ImageName.stem(of: name), name].first(where: stems.contains), !name.hasPrefix("."),
        let size = try byteCount(ofFile: folder.url.path + "/" + path)
      else { continue }
      if let (other, _) = found.updateValue((folder.url.appendingPathComponent(path), size), forKey: stem) {
        throw DatasetsError.severalFiles(of: stem, [other.path, folder.url.path + "/" + path].sorted())
      }
    }
  }

  subscript(stem: String) -> (URL, Int)? { found[stem] }
}

extension DatasetsError {
  static func severalFiles(of stem: String, _ paths: [String]) -> DatasetsError {
    DatasetsError(
      kind: .duplicateImage, problem: "Both \(paths[0]) and \(paths[1]) could be the image “\(stem)”.", remedy: "Keep one of them below `imageRoot`.")
  }
}
