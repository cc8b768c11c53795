import Datasets
import Studies

/// What the look at the data says of images that runs are only asked about: nothing is trained on them, so that what a training needs is no
/// fault of theirs.
struct TestSetCheck {
  /// What keeps a network from learning, or a training part from being one.
  private static let ofTraining: Set = ["labels.oneSided", "numbers.constant", "masks.classAbsent", "copies.acrossParts", "copies.within", "labels.partLacks", "numbers.partLacks"]

  let refusals: [DataFinding]
  let warnings: [DataFinding]

  init(_ check: StudyCheck, part: ExternalValidation.Part) {
    // Of the other parts no image is asked about. Whether all masks are empty is said of each part.
    let asked = check.findings.filter { finding in
      !Self.ofTraining.contains(finding.code) && (part == .all || finding.part.map { $0 == DatasetPart.test.rawValue } ?? true)
    }
    refusals = asked.filter(\.isRefusal)
    warnings = asked.filter { $0.severity == .warned && !$0.isAccepted }
  }
}
