public import Datasets
import Foundation
import Foundations
import Studies

/// A folder of a copy with the files in it and below it.
struct CheckedFolder {
  /// Relative to the folder's own path.
  let files: [String]
  let path: String
  let isRequired: Bool
}

extension TaskCheck {
  /// Looks for one thing of the layout; returns the folders it is, if it is folders.
  mutating func inspect(_ item: LayoutItem, root: String, access: DataAccess) throws -> [CheckedFolder] {
    func isThere(_ path: String) throws -> Bool { try PathContent(root + "/" + path) != .nothing }
    let present = try item.forms.filter { try $0.paths.allSatisfy(isThere) }
    guard let form = present.first else {
      try addMissing(item, isThere: isThere, access: access)
      items.append(
        Item(role: item.role, paths: [], version: nil, count: nil, expectedCount: item.forms.first?.count, isRequired: item.isRequired))
      return []
    }
    if present.count > 1, let other = present.dropFirst().first {
      add(
        .difference, "\(item.role.capitalizedFirst) \(item.isPlural ? "are" : "is") there twice: \(form.words) and \(other.words); \(form.paths[0]) is read.",
        "Remove the one that you do not mean, so that nobody mistakes it.")
    }
    var folders = [CheckedFolder](), count: Int?
    switch item.content {
    case .table(let columns, let key): count = try inspectTable(form, columns: columns, key: key, root: root)
    case .list: count = try inspectList(form, root: root)
    case .files(let extensions):
      for path in form.paths {
        folders.append(CheckedFolder(files: try Self.files(below: root + "/" + path), path: path, isRequired: item.isRequired))
      }
      count = folders.reduce(0) { sum, folder in
        sum + folder.files.count { extensions.contains(($0.isEmpty ? folder.path : $0).pathEnding.lowercased()) }
      }
    }
    if let count, let expected = form.count, count != expected {
      let place = form.paths.count == 1 ? form.paths[0] : "\(form.paths[0]) to \(form.paths[form.paths.count - 1])"
      add(
        .difference,
        "\(place) \(form.paths.count == 1 ? "has" : "have") \(count) \(item.unit(count)), and the published copy has \(expected)\(form.version.map { " (\($0))" } ?? "").",
        count < expected ? "Download it again: a part is missing." : "Check that nothing was added and that the version is the one named.")
    }
    items.append(
      Item(
        role: item.role, paths: form.paths, version: form.version, count: count, expectedCount: form.count, isRequired: item.isRequired))
    return folders
  }

  /// Says what is missing: the rest of a form that is there in part, else the thing as a whole.
  private mutating func addMissing(_ item: LayoutItem, isThere: (String) throws -> Bool, access: DataAccess) rethrows {
    let begun = try item.forms.max { try $0.paths.count(where: isThere) < $1.paths.count(where: isThere) }
    if let begun, try begun.paths.contains(where: isThere) {
      let missing = try begun.paths.filter { try !isThere($0) }
      add(
        item.isRequired ? .problem : .difference,
        "\(item.role.capitalizedFirst) \(item.isPlural ? "are" : "is") there in part: \(listed(missing)) \(missing.count == 1 ? "is" : "are") missing.",
        item.isRequired ? access.steps : "Add the missing files, or remove the others.", files: missing)
    } else if item.isRequired {
      let places = item.forms.map { $0.paths.count == 1 ? $0.paths[0] : "\($0.paths[0]) to \($0.paths[$0.paths.count - 1])" }
      add(
        .problem, "\(item.role.capitalizedFirst) \(item.isPlural ? "are" : "is") not there: there is no \(places.joined(separator: " and no ")) in \(root).",
        "\(access.steps) See \(access.url).", files: item.forms.first?.paths ?? [])
    }
  }

  private mutating func inspectTable(_ form: LayoutItem.Form, columns: [String], key: [String], root: String) throws -> Int? {
    do {
      // Tables may have millions of rows: no cell is kept but those of a key.
      let text = try TextFile.read(URL(fileURLWithPath: root + "/" + form.paths[0]))
      var count = 0, lineOfKey = [[String]: Int](), repeated = [(line: Int, first: Int)]()
      // SIIM-ACR's own header has a space before its second name.
      let header = try CSV.scan(text, columns: { header in key.compactMap { name in header.firstIndex { $0.trimmingCharacters(in: .whitespaces) == name } } }) { line, cells in
        count += 1
        if key.isEmpty || cells.count < key.count { return }
        if let first = lineOfKey[cells] { repeated.append((line, first)) } else { lineOfKey[cells] = line }
      }.map { $0.trimmingCharacters(in: .whitespaces) }
      for column in columns where !header.contains(column) {
        add(
          .problem, "The table \(form.paths[0]) has no column “\(column)”.",
          "\(suggestion(for: column, in: header)) Get the publisher's own table.")
      }
      if let first = repeated.first {
        add(
          .problem,
          "\(counted(repeated.count, "row")) of \(form.paths[0]) \(repeated.count == 1 ? "repeats" : "repeat") an earlier one's \(listed(key)); the first is line \(first.line), which repeats line \(first.first).",
          "Download the table again, or remove the rows that are there twice.")
      }
      return count
    } catch let error where !SystemFault.isFault(error) {
      add(.problem, "\(form.paths[0]): \((error as? any RemediedError)?.problem ?? "\(error)")", "Download the table again.")
      return nil
    }
  }

  private mutating func inspectList(_ form: LayoutItem.Form, root: String) throws -> Int? {
    do {
      return try form.paths.reduce(0) { count, path in
        let text = try TextFile.read(URL(fileURLWithPath: root + "/" + path))
        return count + text.utf8.split(whereSeparator: { $0 == 10 || $0 == 13 }).count
      }
    } catch let error where !SystemFault.isFault(error) {
      add(.problem, "\(form.paths[0]): \((error as? any RemediedError)?.problem ?? "\(error)")", "Download the list again.")
      return nil
    }
  }

  /// The files below a folder that are not hidden, relative to it, sorted.
  private static func files(below folder: String) throws -> [String] {
    // A path may be one file, such as an archive: it is below itself under no name.
    if try byteCount(ofFile: folder) != nil { return [""] }
    // A walk does not begin at a link, and folders of images often are links.
    let place = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    return try FolderListing.paths(below: place).filter { path in
      try !path.split(separator: "/").contains { $0.hasPrefix(".") } && byteCount(ofFile: place + "/" + path) != nil
    }
  }

  /// Files in the folders that no sample refers to and no row names. A folder of which nothing is used is not the task's.
  mutating func checkExtras(_ folders: [CheckedFolder], samples: [Sample], source: DataSource, root: String) {
    var used = Set(samples.flatMap(\.files).map(\.standardizedFileURL.path))
    // Images that the task leaves out, such as lateral views, belong to the copy.
    if let manifest = source.as(ManifestSource.self), !manifest.keep.isEmpty || !manifest.joins.isEmpty {
      used.formUnion(((try? ManifestReader(source: manifest, kind: .multiLabelClassification).namedFiles()) ?? []).map(\.standardizedFileURL.path))
    }
    for folder in folders {
      let extra = folder.files.filter { !used.contains(URL(fileURLWithPath: "\(root)/\(folder.path)/\($0)").standardizedFileURL.path) }
      guard !extra.isEmpty, folder.isRequired || extra.count < folder.files.count else { continue }
      add(
        .difference, "\(counted(extra.count, "file")) of \(folder.path) \(extra.count == 1 ? "is" : "are") no image of the task: \(firstFew(extra)).",
        "Remove \(extra.count == 1 ? "it" : "them"), or check that tables and images are of one version.", files: extra.map { "\(folder.path)/\($0)" })
    }
  }
}

extension LayoutItem {
  var isPlural: Bool { role.split(separator: " ").prefix(2).last?.hasSuffix("s") ?? false }

  func unit(_ count: Int) -> String {
    let word =
      switch content {
      case .table: "row"
      case .list: "line"
      case .files: "file"
      }
    return count == 1 ? word : word + "s"
  }
}

extension LayoutItem.Form {
  /// “Data_Entry_2017.csv (2017)”.
  var words: String {
    let place = paths.count == 1 ? paths[0] : "\(paths[0]) to \(paths[paths.count - 1])"
    return place + (version.map { " (\($0))" } ?? "")
  }
}

extension String {
  var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
