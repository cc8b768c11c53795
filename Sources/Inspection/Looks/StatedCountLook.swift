import Datasets
import Foundation
import Foundations
import Studies

/// Whether there is as much as the data's own description says, or the publisher of a built-in task.
struct StatedCountLook: DataLook {
  static let codes = [FindingCode("cases.stated", .warned, "there are fewer or more cases, images, patients or labels than the description or the publisher states")]
  static let opensPictures = false

  func findings(in subject: DataSubject) -> [DataFinding] { described(subject) + published(subject) }

  /// nnU-Net's `numTraining`.
  private func described(_ subject: DataSubject) -> [DataFinding] {
    guard let source = subject.task.data.as(NNUNetSource.self),
      let description = try? NNUNetDescription(URL(fileURLWithPath: source.folder + "/dataset.json")), let stated = description.statedCount
    else { return [] }
    let folder = URL(fileURLWithPath: source.folder + "/labelsTr/").standardizedFileURL.path + "/"
    let cases = Set(subject.samples.flatMap { $0.sample.mask?.files ?? [] }.map { $0.standardizedFileURL.path }.filter { $0.hasPrefix(folder) })
    if cases.isEmpty || cases.count == stated { return [] }
    return [
      subject.finding(
        "cases.stated", .warned, count: cases.count,
        "dataset.json says that there are \(counted(stated, "training case")) (numTraining), and \(cases.count) \(verb(cases.count)) there with image and label map.",
        "Complete the copy, or correct numTraining.")
    ]
  }

  /// What the publisher of a built-in task states: images, patients, parts and images of each class.
  private func published(_ subject: DataSubject) -> [DataFinding] {
    guard subject.failure == nil, let name = subject.task.builtIn, let task = try? BuiltInTaskCatalog.named(name) else { return [] }
    let counts = PublishedCounts(task, parts: subject.parts, classNames: subject.classNames)
    // Who asks for the images that are there, or draws parts of his own, knows that they are others.
    let isChosen = subject.task.data.keepsPresentOnly || subject.task.data.split != task.data.split
    return counts.differences.map { difference in
      subject.finding(
        "cases.stated", isChosen ? .noted : .warned, count: subject.samples.count, difference.sentence, isChosen ? "" : difference.remedy)
    }
  }
}
