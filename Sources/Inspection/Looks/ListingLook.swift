import Datasets
import Foundations
import Studies

/// Whether the source can be used as it is at all: tables, folders, labels, parts.
struct ListingLook: DataLook {
  static let codes = [
    FindingCode("source.unusable", .refused, "the data cannot be used as they are"),
    FindingCode("source.partly", .warned, "a part of a table or of annotations cannot be used as it is meant"),
    FindingCode("labels.others", .noted, "names in a column of lists that are no class"),
  ]
  static let opensPictures = false

  func findings(in subject: DataSubject) -> [DataFinding] {
    let partly = subject.remarks.map { remark in
      subject.finding(remark.isWarning ? "source.partly" : "labels.others", remark.isWarning ? .warned : .noted, count: 1, remark.words, remark.remedy)
    }
    guard let failure = subject.failure else { return partly }
    let remedied = failure as? any RemediedError
    return [
      subject.finding("source.unusable", .refused, count: 1, remedied?.problem ?? "\(failure)", remedied?.remedy ?? "Correct the file.")
    ] + partly
  }
}
