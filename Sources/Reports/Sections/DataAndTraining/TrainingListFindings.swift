internal import Foundation
internal import Foundations
internal import RunStore
internal import Studies

/// What is kept of the lists of training images that a study names.
struct TrainingListFindings {
  let outline: StudyOutline
  let source: any RunSource

  init(_ outline: StudyOutline, _ source: any RunSource) { (self.outline, self.source) = (outline, source) }

  /// What was found on the lists of a task, of its data as they are.
  func current(_ task: StudyOutline.Task) -> [DataAndTraining.ListFinding] {
    guard let record = record(of: task) else { return [] }
    return record.findings.compactMap { finding in
      let names = finding.initializations.filter { name in outline.initializations.first { $0.name == name }?.trainingList == finding.list }
      guard !names.isEmpty else { return nil }
      return DataAndTraining.ListFinding(
        initializations: names, list: finding.list, sha256: finding.sha256, entries: finding.entries, testImages: record.testImages,
        found: Dictionary(grouping: finding.matches, by: \.evidence.rawValue).mapValues(\.count), unproven: finding.unprovenSentence(of: task.name))
    }
  }

  /// Why initializations have no part in a task's verdict, by name.
  func exclusions(_ task: StudyOutline.Task) -> [String: String] {
    var reasons = [String: String]()
    for finding in current(task) where finding.foundCount > 0 {
      let verb = finding.foundCount == 1 ? "is" : "are"
      for name in finding.initializations {
        reasons[name] = "\(grouped(finding.foundCount)) of \(grouped(finding.testImages)) test images \(verb) on \(finding.list), the list of its training images"
      }
    }
    return reasons
  }

  /// Initializations with a list that was not compared with the task's images as they are.
  func unchecked(_ task: StudyOutline.Task) -> [String] {
    let known = Set(current(task).flatMap(\.initializations))
    return outline.initializations.filter { start in
      start.trainingList != nil && outline.isApplicable(task: task.name, initialization: start.name) && !known.contains(start.name)
    }.map(\.name)
  }

  private func record(of task: StudyOutline.Task) -> TrainingListRecord? {
    guard let record = try? StudyFiles.read(TrainingListRecord.self, at: TrainingListRecord.path(of: task.name), from: source),
      task.isAbout(record.data, in: source)
    else { return nil }
    return record
  }
}
