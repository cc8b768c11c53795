import Foundation
import Foundations
import Imaging
import Studies

extension SliceTableSource: SampleSource {
  func samples(for kind: TaskKind) throws -> FoundSamples {
    try require(kind.isClassification, for: kind, instead: "`manifest` or `maskFolders`")
    return try SliceTableReader(source: self).read()
  }
}

/// Reads a table with one row a slice of a DICOM series. An id is the slice's path below its root: study/series/instance.dcm.
///
/// Such tables have millions of rows. So no slice is opened and none is asked for its size (a sample's byte count is 0, and the
/// fingerprint covers names, labels and studies): each series' folder is listed once, and a slice is there when its name is.
struct SliceTableReader {
  let source: SliceTableSource

  private var table: String { source.file.lastPathPart }

  /// The rows of one series.
  private struct Series {
    let folder: SampleFolder
    /// The path of the folder below the root.
    let path: String
    let study: String
    /// In the order of the table.
    var slices = [(name: String, labels: [Float])]()
  }

  func read() throws -> FoundSamples {
    guard try byteCount(ofFile: source.file) != nil else { throw DatasetsError.missingTable(source.file) }
    let root = try SourceFolder(source.imageRoot, key: "imageRoot")
    if source.labelColumns.isEmpty { throw DatasetsError.noLabels(table: table) }
    return FoundSamples(parts: [.training: try presentSlices(try allSeries(root: root), root: root)], classNames: source.labelColumns)
  }

  private func allSeries(root: SourceFolder) throws -> [Series] {
    let window = try source.windowCenter.flatMap { center in
      try source.windowWidth.map { try IntensityWindow(center: center, width: $0) }
    }
    let reach = source.channels == .threeNeighbors ? 1 : nil
    var series = [Series](), places = [String: Int](), combinations = LabelCombinations()
    var wrong = [(value: String, column: String, line: Int)](), unnamed = [Int]()
    let wanted = [source.studyColumn, source.seriesColumn, source.instanceColumn] + source.labelColumns
    let columns = { (header: [String]) in try wanted.map { try index(of: $0, in: header, table: table) } }
    try CSV.scan(contentsOf: URL(fileURLWithPath: source.file), separator: nil, columns: columns) { line, cells in
      let labels = cells[3...].enumerated().map { place, cell -> Float in
        guard let label = LabelReader.label(cell) else {
          wrong.append((cell, source.labelColumns[place], line))
          return .nan
        }
        return label
      }
      if cells[0].isEmpty { unnamed.append(line) }
      let path = "\(cells[0])/\(cells[1])"
      let place = places[path] ?? series.count
      if place == series.count {
        places[path] = place
        let key = SampleFolder.Key(root: root.url.path, path: path + "/", ending: ".dcm")
        series.append(Series(folder: SampleFolder(key, window: window, neighborReach: reach), path: path, study: cells[0]))
      }
      series[place].slices.append((cells[2], combinations.shared(labels)))
    }
    if let first = wrong.first {
      throw DatasetsError.notLabels(count: wrong.count, first: first.value, column: first.column, line: first.line, table: table)
    }
    if let first = unnamed.first { throw DatasetsError.missingPatients(count: unnamed.count, line: first, table: table) }
    return series
  }

  /// The slices whose file is in its series' folder, each once.
  private func presentSlices(_ series: [Series], root: SourceFolder) throws -> [Sample] {
    var present = [Sample](), missing = [String](), repeated = [String]()
    let total = series.reduce(0) { $0 + $1.slices.count }
    present.reserveCapacity(total)
    for one in series.sorted(by: { $0.path < $1.path }) {
      let files = Set(try FolderListing.namesIfAny(in: root.url.path + "/" + one.path) ?? [])
      var last: String?
      for (name, labels) in one.slices.sorted(by: { $0.name < $1.name }) {
        if last == name {
          repeated.append(one.folder.id(of: name))
        } else if files.contains(name + ".dcm") {
          present.append(Sample(folder: one.folder, name: name, labels: labels, patient: one.study, byteCount: 0))
        } else if source.rows == .all || present.isEmpty {
          missing.append(one.folder.id(of: name))
        }
        last = name
      }
    }
    if !repeated.isEmpty { throw DatasetsError.duplicateImages(repeated, table: table) }
    if !missing.isEmpty, source.rows == .all || present.isEmpty {
      throw DatasetsError.missingImages(missing, total: total, root: root.url.path, isKeepingPresent: source.rows == .present)
    }
    return present
  }
}
