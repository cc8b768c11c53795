import Datasets
import Foundations
import Studies

/// Whether each part has images with and without each class: without both nothing is learned, and no AUROC, threshold or sensitivity
/// exists.
struct LabelLook: DataLook {
  static let codes = [
    FindingCode("labels.oneSided", .refused, "a training part has both labels of no class"),
    FindingCode("labels.absent", .warned, "a class is present in no image"),
    FindingCode("labels.partLacks", .warned, "a part lacks one of a class's labels, so that metrics cannot exist"),
    FindingCode("labels.few", .noted, "a part has few images of a class"),
  ]
  static let opensPictures = false

  /// Fewer present or absent images than this leave a metric to chance.
  static let few = 5

  private struct Count {
    let name: String
    var present = 0
    var absent = 0
    var isTwoSided: Bool { present > 0 && absent > 0 }
    var words: String { "\(name) \(present) present, \(absent) absent" }
  }

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard subject.task.kind.isClassification, !subject.classNames.isEmpty else { return [] }
    let counts = subject.parts.mapValues { Self.counts(in: $0, of: subject.classNames) }
    var found = [DataFinding]()
    if let training = counts[.training], !training.isEmpty, !training.contains(where: \.isTwoSided), subject.parts[.training]?.isEmpty == false {
      found.append(
        subject.finding(
          "labels.oneSided", .refused, part: .training, count: training.count, examples: training.map(\.name),
          "No class has both labels in the training part: \(firstFew(training.map(\.words))).",
          "Give training images of both kinds: correct the labels, the split, or the names of the classes."))
    }
    let absent = subject.classNames.indices.filter { index in
      !counts.isEmpty && counts.values.allSatisfy { $0[index].present == 0 }
    }.map { subject.classNames[$0] }
    if !absent.isEmpty {
      found.append(
        subject.finding(
          "labels.absent", .warned, count: absent.count, examples: absent,
          "\(counted(absent.count, "class", "classes")) \(verb(absent.count)) present in no image: \(firstFew(absent)).",
          "Check the spelling of the classes and their labels, or leave \(absent.count == 1 ? "it" : "them") out."))
    }
    for part in DatasetPart.allCases {
      guard let counts = counts[part], !counts.isEmpty, subject.parts[part]?.isEmpty == false else { continue }
      let scored = counts.filter { count in subject.task.scoredClasses.map { $0.contains(count.name) } ?? true }
      let lacking = scored.filter { !$0.isTwoSided && !absent.contains($0.name) }
      if !lacking.isEmpty, part != .training || training(counts) {
        found.append(
          subject.finding(
            "labels.partLacks", .warned, part: part, count: lacking.count, examples: lacking.map(\.words),
            "In the \(part) part \(counted(lacking.count, "class", "classes")) \(lacking.count == 1 ? "has" : "have") only one label: \(firstFew(lacking.map(\.words))).",
            Self.consequence(part)))
      }
      let few = scored.filter { $0.isTwoSided && min($0.present, $0.absent) < Self.few }
      if !few.isEmpty, part == .test {
        found.append(
          subject.finding(
            "labels.few", .noted, part: part, count: few.count, examples: few.map(\.words),
            "In the \(part) part \(counted(few.count, "class", "classes")) \(few.count == 1 ? "has" : "have") fewer than \(Self.few) images of one kind: \(firstFew(few.map(\.words))).",
            ""))
      }
    }
    return found
  }

  private func training(_ counts: [Count]) -> Bool { counts.contains(where: \.isTwoSided) }

  private static func consequence(_ part: DatasetPart) -> String {
    switch part {
    case .training: "Nothing of such a class can be learned; give images of both kinds, or leave the class out."
    case .validation: "No threshold of a decision can be set on it, so metrics of decisions cannot exist; give images of both kinds."
    case .test: "No AUROC, sensitivity or specificity of it can exist; give images of both kinds, or leave the class out of scoredClasses."
    }
  }

  private static func counts(in samples: [Sample], of names: [String]) -> [Count] {
    var counts = names.map { Count(name: $0) }
    for sample in samples {
      for (index, label) in sample.labels.enumerated() where index < counts.count {
        if label == 1 { counts[index].present += 1 } else if label == 0 { counts[index].absent += 1 }
      }
    }
    return counts
  }
}
