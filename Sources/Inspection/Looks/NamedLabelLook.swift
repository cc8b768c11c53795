import Datasets
import Foundations
import Studies

/// What counts as negative because the name of an image tells another label than the positive one.
struct NamedLabelLook: DataLook {
  static let codes = [FindingCode("labels.names", .warned, "names of images tell more labels than two, and all but the positive one count as negative")]
  static let opensPictures = false

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard let source = subject.task.data.as(NamedImageSource.self) else { return [] }
    let negative = source.labelCounts(of: subject.samples.map(\.sample.id)).filter { $0.key != source.positive }
    if negative.count < 2 { return [] }
    let words = negative.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "“\($0.key)” (\(counted($0.value, "image")))" }
    return [
      subject.finding(
        "labels.names", .warned, count: negative.count, examples: words,
        "Not “\(source.positive)” are the images of \(negative.count) labels in their names, which all count as negative: \(firstFew(words, atMost: 6)).",
        "Move the images of a label that means neither out of the folder, correct labelPattern, or accept it where each of them means negative.")
    ]
  }
}
