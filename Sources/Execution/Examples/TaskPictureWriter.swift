import Datasets
import Foundation
import Foundations
import Imaging
import Metrics
import RunStore
import Studies
import Torch
import Training

/// Draws, once all runs of a task have ended, the same few test images for every initialization: those that the runs together find best,
/// middling and worst, and the one they disagree about most. The networks are those that the runs left.
struct TaskPictureWriter {
  let data: StudyData
  let task: TaskSpecification
  let device: Device
  /// Cells that are not to come.
  let notNeeded: Set<String>

  private struct Run {
    let cell: Cell
    let directory: RunDirectory
  }

  private var output: URL { data.study.outputDirectory }
  private var folder: URL { output.appendingPathComponent(TaskPictures.folder(of: task.name), isDirectory: true) }

  /// Draws what is not there yet.
  ///
  /// - Returns: what a person should know; empty where there is nothing to say, also where the time has not come.
  func keep() throws -> [String] {
    // Networks of different folds have no test image in common: their runs show their own.
    guard task.folds == nil, let runs = try finishedRuns(), !runs.isEmpty else { return [] }
    let basis = TaskPictures.basis(of: runs.map(\.cell.identity))
    if let kept = try? TaskPictures.read(task.name, from: RunFolderSource(output)), kept.basis == basis, isWhole(kept) { return [] }
    let names = data.study.initializations.map(\.name).filter { name in runs.contains { $0.cell.initialization == name } }
    var choice = PictureChoice(initializations: names.count)
    for (index, name) in names.enumerated() {
      for run in runs where run.cell.initialization == name { choice.add(try PredictionsFile.readAll(run.directory.predictionsFile), of: index) }
    }
    let chosen = choice.chosen
    guard !chosen.isEmpty else { return [] }
    let medians = try names.map { name in try median(of: runs.filter { $0.cell.initialization == name }) }
    return try draw(chosen, names: names, medians: medians, basis: basis, runCount: runs.count)
  }

  /// Those with the most training images, of the first mode that trains networks; nil while one of them may still come.
  private func finishedRuns() throws -> [Run]? {
    // A run of a part of the study says nothing of the rest, whose weights need not be here.
    guard let plan = try? data.plan(PlanFilter(tasks: [task.name])) else { return nil }
    let all = plan.cells.filter { !notNeeded.contains($0.identity) && $0.role == .target && $0.task == task.name && $0.mode == task.trainingMode }
    guard let largest = all.map(\.fraction).max(by: { $0.value < $1.value }) else { return nil }
    let states = all.filter { $0.fraction == largest }.map { cell in
      (run: Run(cell: cell, directory: RunDirectory(of: cell, in: output)), word: RunDirectory(of: cell, in: output).state(of: cell).word)
    }
    guard states.allSatisfy({ [.finished, .failed, .broken].contains($0.word) }) else { return nil }
    return states.filter { $0.word == .finished }.map(\.run)
  }

  private func isWhole(_ kept: TaskPictures) -> Bool {
    let files = kept.subjects.map(\.file) + kept.rows.flatMap { $0.pictures.map(\.file) }
    return files.allSatisfy { FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path) }
  }

  private func median(of runs: [Run]) throws -> Run {
    let metric = task.kind.tableMetrics[0]
    let values = try runs.map { (seed: $0.cell.seed, value: try $0.directory.metrics().value(of: metric)?.number) }
    return runs[MedianRun.index(values) ?? 0]
  }

  private func draw(_ chosen: [PictureChoice.Chosen], names: [String], medians: [Run], basis: String, runCount: Int) throws -> [String] {
    try AtomicFile.makeFolder(folder)
    try AtomicFile.removeLeftovers(in: folder)
    let splits = try data.splits(of: task)
    let samples = try chosen.map { one in
      guard let sample = splits.test.first(where: { $0.id == one.subject.id }) else { throw ExecutionError.noExample(one.subject.id) }
      return sample
    }
    var rows: [TaskPictures.Row] = [], subjects: [TaskPictures.Subject] = [], remarks: [String] = []
    for (index, (name, run)) in zip(names, medians).enumerated() {
      if StopRequest.current != nil { return [] }
      var pictures: [TaskPictures.Picture] = []
      if FileManager.default.fileExists(atPath: run.directory.weightsFile.path) {
        let painter = try painter(run, classes: splits.answerNames)
        if subjects.isEmpty { subjects = try self.subjects(chosen, samples, painter) }
        pictures = try zip(chosen, samples).enumerated().map { place, pair in
          try picture(pair.0, pair.1, painter, run, classes: splits.answerNames, file: "\(name)-\(place + 1).png")
        }
      } else {
        remarks.append("\(run.cell.relativePath) has no best.safetensors any more, so that it has no pictures.")
      }
      rows.append(
        TaskPictures.Row(
          initialization: name, seed: run.cell.seed, run: run.cell.identity, means: chosen.map { $0.means[index] }, pictures: pictures))
    }
    guard !subjects.isEmpty else { return remarks }
    let isMask = task.kind.isSegmentation
    let record = TaskPictures(
      task: task.name, kind: isMask ? .outlines : .gradCAM, legend: isMask ? ExamplePainter.outlinesLegend : ExamplePainter.gradCAMLegend,
      rule: PictureChoice.rule(isSegmentation: isMask, initializations: names.count), basis: basis, runCount: runCount, subjects: subjects,
      rows: rows)
    try AtomicFile.write(CanonicalJSON.encodePretty(record), to: output.appendingPathComponent(TaskPictures.path(of: task.name)))
    return remarks
  }

  private func painter(_ run: Run, classes: [String]) throws -> ExamplePainter {
    let record = try run.directory.record(), configuration = record.configuration
    let numerics = NumericSetting(device: device, precision: configuration.recipe.precision)
    let cache = try data.cache(of: task, recipe: configuration.recipe)
    let trained = try TrainedNetwork(
      weights: run.directory.weightsFile, kind: configuration.kind, configuration: configuration, answerNames: classes,
      numberScale: record.numberScale, numerics: numerics,
      loaders: LoaderSetting(workers: data.study.execution.loaderThreads, prefetch: 4, cache: cache))
    return ExamplePainter(network: trained.network, kind: trained.kind, recipe: trained.recipe, numerics: numerics, cache: cache)
  }

  private func subjects(_ chosen: [PictureChoice.Chosen], _ samples: [Sample], _ painter: ExamplePainter) throws -> [TaskPictures.Subject] {
    try zip(chosen, samples).enumerated().map { place, pair in
      let file = "image-\(place + 1).png"
      try ImageFile.writePNG(painter.plain(pair.1), to: folder.appendingPathComponent(file))
      return TaskPictures.Subject(roles: pair.0.roles, id: pair.0.subject.id, className: pair.0.subject.className, file: file)
    }
  }

  private func picture(
    _ chosen: PictureChoice.Chosen, _ sample: Sample, _ painter: ExamplePainter, _ run: Run, classes: [String], file: String
  ) throws -> TaskPictures.Picture {
    let url = folder.appendingPathComponent(file), value = try self.value(of: chosen.subject, run)
    guard let name = chosen.subject.className else {
      try ImageFile.writePNG(painter.outlines(sample), to: url)
      return TaskPictures.Picture(file: file, value: value, remark: nil)
    }
    guard let column = classes.firstIndex(of: name) else { throw ExecutionError.noExample(sample.id) }
    let heat = try painter.heat(sample, column: column)
    try ImageFile.writePNG(heat.picture, to: url)
    return TaskPictures.Picture(file: file, value: value, remark: heat.remark)
  }

  /// As the run's predictions have it.
  private func value(of subject: PictureChoice.Subject, _ run: Run) throws -> Double {
    let all = PictureChoice.values(try PredictionsFile.readAll(run.directory.predictionsFile))
    guard let found = all.first(where: { $0.subject == subject }) else { throw ExecutionError.noExample(subject.id) }
    return found.value
  }
}

extension StudyRunner {
  /// Pictures are no results: a study without them is finished, and says why it has none.
  func drawPictures(device: Device) {
    guard plan.study.execution.examples else { return }
    let planned = Set(plan.cells.filter { $0.role == .target }.map(\.task)), notNeeded = Set(plan.notNeeded.map(\.identity))
    for task in plan.study.tasks where planned.contains(task.name) && task.isTarget && task.kind.hasPictures && StopRequest.current == nil {
      do {
        for remark in try TaskPictureWriter(data: data, task: task, device: device, notNeeded: notNeeded).keep() { watcher(.aboutPictures(task: task.name, remark)) }
      } catch {
        watcher(.aboutPictures(task: task.name, "There are no pictures of the same images for all: \(sentence(for: error))"))
      }
    }
  }
}
