import Datasets
import Foundation
import Studies

/// What looks are at: one task with what is known of its data.
struct DataSubject {
  let task: TaskSpecification
  /// Its parts as they are, also where they cannot be used so; empty where the source cannot be listed at all.
  let parts: [DatasetPart: [Sample]]
  let classNames: [String]
  /// Why the source cannot be used as it is; nil where it can.
  let failure: (any Error)?
  /// What its reader has to say of the source.
  let remarks: [SourceRemark]
  /// Each file of the source's folders.
  let files: FileUse
  /// What the masks of each role mean together, where their levels have to tell it.
  let masks: [MaskRole: UnderstoodMasks]
  /// What was seen of images and masks; nil where they were not opened.
  let pictures: PictureInventory?
  /// Which images are there twice; nil where they were not compared.
  let audit: DatasetAudit?

  var samples: [(part: DatasetPart, sample: Sample)] { DatasetPart.allCases.flatMap { part in parts[part, default: []].map { (part, $0) } } }

  /// The study's key of the source.
  var key: String { "tasks.\(task.name).data.\(task.data.key)" }

  func finding(
    _ code: String, _ severity: DataFinding.Severity, part: DatasetPart? = nil, count: Int, examples: [String] = [], _ sentence: String,
    _ remedy: String
  ) -> DataFinding {
    DataFinding(
      code: code, severity: severity, task: task.name, part: part?.rawValue, count: count, examples: examples, sentence: sentence, remedy: remedy)
  }
}

/// “is” or “are”.
func verb(_ count: Int) -> String { count == 1 ? "is" : "are" }
