import Foundations
import Studies

/// Whether the source can be used as it is at all: tables, folders, labels, parts.
struct ListingLook: DataLook {
  static let codes = [FindingCode("source.unusable", .refused, "the data cannot be used as they are")]
  static let opensPictures = false

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard let failure = subject.failure else { return [] }
    let remedied = failure as? any RemediedError
    return [
      subject.finding("source.unusable", .refused, count: 1, remedied?.problem ?? "\(failure)", remedied?.remedy ?? "Correct the file.")
    ]
  }
}
