import ArgumentParser
import Execution
import Foundation
import Foundations
import RunStore
import Studies

/// `medtransfer tasks split STUDY --task T --to FILE.csv`
struct TasksSplitCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split",
    abstract: "Writes which image of a task is in which part, so that others can use the same split.",
    discussion: """
      The table has the columns path, patient, split, fraction and one a class. Beside it a JSON file keeps the table's SHA-256 and the \
      fingerprint that runs record. Of a task with folds there is one table for each, FILE.fold-1.csv and on. A study uses the table with split: {file: FILE.csv} under the task's data.
      """)

  @OptionGroup var source: TaskSourceOptions
  @Option(name: .customLong("to"), help: ArgumentHelp("The table to write.", valueName: "FILE.csv"))
  var target: String
  @Flag(help: "Replace a table that is there.")
  var force = false

  func validate() throws {
    guard URL(fileURLWithPath: target).pathExtension.lowercased() == "csv" else {
      throw ValidationError("“\(target)” is no name of a table. Give one that ends in .csv.")
    }
  }

  func run() throws {
    let study = try source.read(), url = URL(fileURLWithPath: target)
    let task = try study.onlyTask(named: source.tasks)
    let stem = url.deletingPathExtension().lastPathComponent, folder = url.deletingLastPathComponent(), data = StudyData(study)
    let places = task.everyFold.map { fold in
      (task: task.inFold(fold), url: folder.appendingPathComponent(SplitRecord.stem(of: stem, fold: fold)).appendingPathExtension("csv"))
    }
    for place in places { try AtomicFile.requireFree(place.url, mayReplace: force) }
    for place in places {
      let export = try SplitExport(place.task, data: data, table: place.url.lastPathComponent)
      if force { try? FileManager.default.removeItem(at: place.url) }
      try export.write(to: folder)
      let images = ["training", "validation", "test"].map { "\(export.summary.images[$0] ?? 0) \($0)" }.joined(separator: ", ")
      let fold = export.summary.fold.map { ", fold \($0.number) of \($0.count)" } ?? ""
      Terminal.show("SHA-256 \(export.summary.sha256)\nData fingerprint \(export.summary.data)\n\(task.name)\(fold): \(images) images")
      Terminal().note("Written: \(place.url.path), with its digest in \(place.url.deletingPathExtension().lastPathComponent).json")
    }
  }
}
