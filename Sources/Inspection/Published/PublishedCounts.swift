public import Datasets
import Foundations
package import Studies

/// How a copy's images compare with the numbers that its publisher states.
package struct PublishedCounts {
  package struct Difference {
    /// A sentence with both numbers.
    package let sentence: String
    package let remedy: String
  }

  /// The published split whose sizes the parts have.
  package private(set) var split: String?
  package private(set) var differences: [Difference] = []

  /// - Parameter parts: all parts as they are used.
  package init(_ task: BuiltInTask, parts: [DatasetPart: [Sample]], classNames: [String]) {
    let samples = DatasetPart.allCases.flatMap { parts[$0, default: []] }
    compareTotals(task, samples)
    compareParts(task, parts)
    compareClasses(task, samples, classNames)
  }

  private mutating func compareTotals(_ task: BuiltInTask, _ samples: [Sample]) {
    func add(_ actual: Int, _ stated: Int, _ noun: String) {
      differences.append(
        Difference(
          sentence: "There \(actual == 1 ? "is" : "are") \(counted(actual, noun)), and \(task.dataset) is published with \(stated).",
          remedy: actual < stated ? "Complete the copy, or say in your paper which images you used." : "Check that nothing was added and that the version is the published one."))
    }
    if task.usesEveryImage, let stated = task.statedImages, stated != samples.count { add(samples.count, stated, "image") }
    let patients = Set(samples.compactMap(\.patient))
    if let stated = task.patients, !patients.isEmpty, stated != patients.count { add(patients.count, stated, "patient") }
  }

  private mutating func compareParts(_ task: BuiltInTask, _ parts: [DatasetPart: [Sample]]) {
    let images = parts.mapValues(\.count), patients = parts.mapValues { Set($0.compactMap(\.patient)).count }
    let fitting = task.splits.first { expected in expected.sizes.allSatisfy { part, size in images[part] == size } }
    split = fitting?.name
    guard let expected = task.splits.first else { return }
    func words(_ counts: [DatasetPart: Int]) -> String { DatasetPart.allCases.map { "\(counts[$0] ?? 0) \($0)" }.joined(separator: ", ") }
    guard let fitting else {
      let published = expected.sizes.map { "\($1) \($0)" }.joined(separator: ", ")
      differences.append(
        Difference(
          sentence: "The parts are \(words(images)) images, and those of the published split (\(expected.name)) are \(published).",
          remedy: "Get the files that the publisher's page names, or say in your paper which images you used."))
      return
    }
    let stated = fitting.patients.filter { part, count in patients[part, default: 0] > 0 && patients[part] != count }
    if !stated.isEmpty {
      differences.append(
        Difference(
          sentence:
            "The parts have \(words(patients)) patients, and those of the published split (\(fitting.name)) \(fitting.patients.map { "\($1) \($0)" }.joined(separator: ", ")).",
          remedy: "Get the files that the publisher's page names, or correct how patients are told from names."))
    }
  }

  private mutating func compareClasses(_ task: BuiltInTask, _ samples: [Sample], _ classNames: [String]) {
    let differing = classNames.enumerated().compactMap { index, name -> String? in
      guard let expected = task.positives[name] else { return nil }
      let actual = samples.count { $0.labels[index] == 1 }
      return expected == actual ? nil : "\(name) \(actual) instead of \(expected)"
    }
    if differing.isEmpty { return }
    differences.append(
      Difference(
        sentence: "\(counted(differing.count, "class", "classes")) \(differing.count == 1 ? "has" : "have") another number of images than published: \(firstFew(differing)).",
        remedy: "Check that the table is the publisher's own and whole; labels of another version give other results."))
  }
}

extension ExpectedSplit {
  /// The parts whose size the split fixes.
  fileprivate var sizes: [(DatasetPart, Int)] { Self.stated(training, validation, test) }
  /// The parts whose patients are published.
  fileprivate var patients: [(DatasetPart, Int)] { Self.stated(trainingPatients, validationPatients, testPatients) }

  private static func stated(_ training: Int?, _ validation: Int?, _ test: Int?) -> [(DatasetPart, Int)] {
    [(DatasetPart.training, training), (.validation, validation), (.test, test)].compactMap { part, count in count.map { (part, $0) } }
  }
}
