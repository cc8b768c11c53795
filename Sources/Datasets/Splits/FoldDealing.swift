import Foundations
package import Studies

/// Deals all images of a source into folds, each of which is the test part once.
///
/// Whole patients are dealt (with `keepTogether`, what hangs together by copies too), or single images where patients are not known, stratum by
/// stratum of their rarest class, so that each fold has about its share of every class. Of a stratum those with most images come first, then in
/// the order of a hash of (seed, patient); each goes to the fold that has the fewest images of the stratum, of equal ones to that with the fewest
/// in all, so that folds are about equally large. The result depends on ids, patients and labels alone.
struct FoldDealing {
  let rule: SplitRule
  /// At least 2; a rule of the study refuses others.
  let count: Int
  var copies: CopyGroups?

  /// The parts of the fold that the rule names, else of the first: its images are the test part, and of the others validation images are carved
  /// as they are where there is one test part.
  ///
  /// - Throws: `DatasetsError` where there are fewer patients than folds, or a class is missing that a fold's numbers are to be of.
  func parts(_ samples: [Sample], classNames: [String]) throws -> (parts: [DatasetPart: [Sample]], carved: [DatasetPart: Int]) {
    let folds = try dealt(samples), fold = min(max(1, rule.fold ?? 1), count)
    try check(folds, classNames: classNames)
    let rest = folds.enumerated().filter { $0.offset != fold - 1 }.flatMap(\.element)
    let (validation, training) = SplitCarving(rule: rule, copies: copies).carve(rest, fraction: rule.validation, part: .validation)
    try checkTraining(training, fold: fold, of: samples, classNames: classNames)
    return ([.training: training, .validation: validation, .test: folds[fold - 1]], [.test: samples.count, .validation: rest.count])
  }

  /// The images of each fold.
  func dealt(_ samples: [Sample]) throws -> [[Sample]] {
    let strata = PatientGroup.strata(of: samples, seed: SeedPath(rule.seed) / "folds", together: copies)
    let groups = strata.reduce(0) { $0 + $1.count }
    guard groups >= count else {
      throw DatasetsError.tooFewForFolds(count, groups: groups, ofPatients: samples.contains { $0.patient != nil })
    }
    var folds = [[Sample]](repeating: [], count: count)
    for members in strata {
      var own = [Int](repeating: 0, count: count)
      let ordered = members.sorted { (-$0.samples.count, $0.order, $0.key) < (-$1.samples.count, $1.order, $1.key) }
      for group in ordered {
        let place = folds.indices.min { (own[$0], folds[$0].count, $0) < (own[$1], folds[$1].count, $1) } ?? 0
        own[place] += group.samples.count
        folds[place] += group.samples
      }
    }
    return folds
  }

  /// The number of each image's fold, by id.
  package func foldOf(_ samples: [Sample]) throws -> [String: Int] {
    let folds = try dealt(samples)
    return Dictionary(folds.enumerated().flatMap { fold, samples in samples.map { ($0.id, fold + 1) } }) { first, _ in first }
  }

  /// An area under a curve of a fold needs images with the class and without it; the mean over folds has none where one fold lacks it.
  private func check(_ folds: [[Sample]], classNames: [String]) throws {
    for (place, name) in classNames.enumerated() {
      for (label, word) in [(Float(1), "with"), (Float(0), "without")] where folds.joined().contains(where: { $0.labels[place] == label }) {
        guard let missing = folds.firstIndex(where: { fold in !fold.contains { $0.labels[place] == label } }) else { continue }
        let having = folds.joined().filter { $0.labels[place] == label }
        throw DatasetsError.foldWithoutClass(
          name, word: word, fold: missing + 1, of: count, images: having.count, patients: Set(having.map(PatientGroup.key)).count,
          ofPatients: having.contains { $0.patient != nil })
      }
    }
  }

  private func checkTraining(_ training: [Sample], fold: Int, of samples: [Sample], classNames: [String]) throws {
    for (place, name) in classNames.enumerated() {
      for (label, word) in [(Float(1), "with"), (Float(0), "without")]
      where samples.contains(where: { $0.labels[place] == label }) && !training.contains(where: { $0.labels[place] == label }) {
        throw DatasetsError.foldTrainsWithoutClass(name, word: word, fold: fold, of: count)
      }
    }
  }
}

extension DatasetSplits {
  private var allSamples: [Sample] { (training + validation + test).sorted(by: Sample.isBefore) }

  /// In which fold each image is tested, by id; nil for a rule without folds.
  package func foldOf(by rule: SplitRule, copies: CopyGroups?) throws -> [String: Int]? {
    try rule.folds.map { try FoldDealing(rule: rule, count: max(2, $0), copies: copies).foldOf(allSamples) }
  }

  /// The same images with the parts of one of their folds: what was found out about them need not be found out again.
  ///
  /// - Parameters:
  ///   - rule: with folds; which one is meant stands in it.
  ///   - copies: as when the data were listed.
  package func dealt(by rule: SplitRule, copies: CopyGroups?) throws -> DatasetSplits {
    guard let count = rule.folds else { return self }
    let (parts, carved) = try FoldDealing(rule: rule, count: max(2, count), copies: copies).parts(allSamples, classNames: classNames)
    return try DatasetSplits(parts: parts, classNames: classNames, maskClasses: maskClasses, numbers: numbers, carved: carved, remarks: remarks)
  }
}

extension DatasetsError {
  static func tooFewForFolds(_ count: Int, groups: Int, ofPatients: Bool) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableFolds,
      problem: "\(counted(groups, ofPatients ? "patient" : "image")) cannot be parted into \(count) folds, each of which needs one.",
      remedy: "Use fewer `folds`, or add images of more patients.")
  }

  static func foldWithoutClass(
    _ name: String, word: String, fold: Int, of count: Int, images: Int, patients: Int, ofPatients: Bool
  ) -> DatasetsError {
    let having = counted(images, "image") + (ofPatients ? " of \(counted(patients, "patient"))" : "")
    return DatasetsError(
      kind: .unsuitableFolds,
      problem: "Fold \(fold) of \(count) would be tested on no image \(word) “\(name)”: there \(images == 1 ? "is" : "are") \(having).",
      remedy: "Use fewer `folds`, another `seed` under `split`, or leave the class out.")
  }

  static func foldTrainsWithoutClass(_ name: String, word: String, fold: Int, of count: Int) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableFolds, problem: "Fold \(fold) of \(count) would be trained on no image \(word) “\(name)”.",
      remedy: "Use another `seed` or a smaller `validation` under `split`, or leave the class out.")
  }

  static func foldsBesideTestPart(_ count: Int) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableFolds, problem: "The data give a test part of \(counted(count, "image")), and in folds every image is tested once.",
      remedy: "Remove `folds`, or give all images as training images.")
  }
}
