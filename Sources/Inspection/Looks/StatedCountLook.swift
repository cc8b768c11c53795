import Datasets
import Foundation
import Studies

/// Whether there is as much as the data's own description says.
struct StatedCountLook: DataLook {
  static let codes = [FindingCode("cases.stated", .warned, "there are fewer or more cases than the description says")]
  static let opensPictures = false

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard case .nnUNet(let source) = subject.task.data,
      let description = try? NNUNetDescription(URL(fileURLWithPath: source.folder + "/dataset.json")), let stated = description.statedCount
    else { return [] }
    let folder = source.folder + "/labelsTr/"
    let cases = Set(subject.samples.flatMap { $0.sample.mask?.files ?? [] }.map { $0.standardizedFileURL.path }.filter { $0.hasPrefix(URL(fileURLWithPath: folder).standardizedFileURL.path) })
    if cases.isEmpty || cases.count == stated { return [] }
    return [
      subject.finding(
        "cases.stated", .warned, count: cases.count, "dataset.json says that there are \(counted(stated, "training case")) (numTraining), and \(cases.count) \(verb(cases.count)) there with image and label map.",
        "Complete the copy, or correct numTraining.")
    ]
  }
}
