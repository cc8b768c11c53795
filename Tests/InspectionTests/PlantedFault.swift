import Foundation
import Foundations
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Inspection

/// One thing wrong in an otherwise whole copy, and the words of the finding that must tell it.
struct PlantedFault {
  let name: String
  /// Whether it is found only where every image is decoded.
  var needsDecoding = false
  /// Plants it, and says the words that one finding has, all of them.
  let plant: (CopyEditor) throws -> [String]
}

/// What faults a copy can have follows from the task's value: its layout, its source, and what is found by them.
struct FaultyCopy {
  let task: BuiltInTask
  let editor: CopyEditor
  let found: FoundSamples

  init(_ task: BuiltInTask, root: URL) throws {
    self.task = task
    editor = CopyEditor(root)
    found = try DatasetResolver.find(task.data.rooted(at: root.path), kind: task.kind)
  }

  var samples: [Sample] { DatasetPart.allCases.flatMap { found.parts[$0, default: []] } }

  /// Every fault that a copy of the task can have.
  func faults() throws -> [PlantedFault] {
    var faults = layoutFaults()
    switch task.data.description {
    case let source as ManifestSource: faults += try imageFaults() + tableFaults(source) + labelFaults(source) + splitFaults(source)
    case let source as SliceTableSource: faults += try imageFaults() + sliceTableFaults(source)
    case is MaskFolderSource: faults += try imageFaults() + maskFaults()
    case is ClassFolderSource, is NamedImageSource: faults += try imageFaults() + folderLabelFaults()
    case let source as ArraySource: faults += archiveFaults(source)
    default: break
    }
    return faults
  }

  /// The form of an item that the copy has.
  func form(of item: LayoutItem) -> LayoutItem.Form? {
    item.forms.first { $0.paths.allSatisfy { FileManager.default.fileExists(atPath: editor.url($0).path) } }
  }

  /// The item of the layout that a picture belongs to.
  func item(of file: URL) -> LayoutItem? {
    let path = editor.path(of: file)
    return task.layout.items.first { item in
      guard case .files(let extensions) = item.content, extensions.contains(file.pathExtension.lowercased()), let form = form(of: item) else { return false }
      return form.paths.contains { path.hasPrefix($0 + "/") }
    }
  }

  // MARK: Layout

  private func layoutFaults() -> [PlantedFault] {
    task.layout.items.flatMap { item -> [PlantedFault] in
      guard let form = form(of: item) else { return [] }
      var faults = [PlantedFault]()
      if item.isRequired {
        faults.append(
          PlantedFault(name: "\(item.role): missing") { editor in
            try editor.remove(form.paths[0])
            return [form.paths[0], form.paths.count == 1 ? "not there: there is no" : "there in part"]
          })
      }
      switch item.content {
      case .table(let columns, _):
        for column in columns {
          faults.append(
            PlantedFault(name: "\(item.role): no column \(column)") { editor in
              try editor.edit(form.paths[0], columns: [], separator: .comma) { table in
                let place = try #require(table.header.firstIndex { $0.trimmingCharacters(in: .whitespaces) == column })
                table.header[place] = "X" + column
              }
              return ["The table \(form.paths[0]) has no column “\(column)”"]
            })
        }
        faults.append(
          PlantedFault(name: "\(item.role): empty") { editor in
            try editor.write(Data(), to: form.paths[0])
            return [(form.paths[0] as NSString).lastPathComponent, "empty"]
          })
      case .list:
        faults.append(
          PlantedFault(name: "\(item.role): empty") { editor in
            try editor.write(Data(), to: form.paths[0])
            return ["\(form.paths[0]) has 0 lines, and the published copy has"]
          })
      // What may be missing is looked at only where something of it is used.
      case .files(let extensions) where item.isRequired && !extensions.contains("npz"):
        faults.append(
          PlantedFault(name: "\(item.role): an extra file") { editor in
            try editor.write(Data("x".utf8), to: form.paths[0] + "/notes.txt")
            return ["1 file of \(form.paths[0]) is no image of the task: notes.txt"]
          })
      case .files: break
      }
      return faults
    }
  }
}

extension DataSource {
  /// Whether something besides the folders says which images there are.
  var listsImages: Bool {
    description is ManifestSource || description is SliceTableSource
  }
}
