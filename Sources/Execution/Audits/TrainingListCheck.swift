import Datasets
import Foundation
import Foundations
import Inspection
public import RunStore
public import Studies

/// Which test images are on the lists of training images that a study names for its weights.
///
/// Published weights may have seen the very images that a task is tested on, wherever those came from; where their authors publish
/// the list of their training images, that can be known.
public struct TrainingListCheck {
  let study: Study
  let data: StudyData
  /// Whether files are compared by their digests too, where a list has any: every test image is read for it.
  let comparesBytes: Bool

  public init(_ study: Study, data: StudyData, comparesBytes: Bool) {
    (self.study, self.data, self.comparesBytes) = (study, data, comparesBytes)
  }

  /// What was found of a task; nil where no initialization of it names a list.
  ///
  /// - Parameter kept: an earlier answer, which is given again where it is of the same data, lists and initializations.
  public func record(of task: TaskSpecification, kept: TrainingListRecord? = nil) throws -> TrainingListRecord? {
    var lists = [(path: String, initializations: [String])]()
    for initialization in study.initializations {
      let pair = Plan.NotApplicable(task: task.name, initialization: initialization.name)
      guard let list = study.weights(behind: initialization.name)?.trainingImages, !study.notApplicable.contains(pair) else { continue }
      if let index = lists.firstIndex(where: { $0.path == list }) {
        lists[index].initializations.append(initialization.name)
      } else {
        lists.append((list, [initialization.name]))
      }
    }
    if lists.isEmpty { return nil }
    let splits = try data.splits(of: task), tested = try data.testedSamples(of: task)
    if let kept, kept.data == splits.fingerprint, try isSame(kept.findings, lists) { return kept }
    let findings = try lists.map { list in
      let file = URL(fileURLWithPath: list.path)
      let found = try TrainingImageList(file).finding(splits, tested: tested, comparesBytes: comparesBytes)
      return TrainingListRecord.Finding(
        initializations: list.initializations, list: file.lastPathComponent, sha256: found.sha256, entries: found.entries,
        hasDigests: found.hasDigests,
        matches: found.matches.map { .init(image: $0.image, evidence: Self.evidence($0.evidence), entry: $0.entry) },
        unproven: found.unprovenCount)
    }
    return TrainingListRecord(task: task.name, data: splits.fingerprint, testImages: tested.count, findings: findings)
  }

  private func isSame(_ findings: [TrainingListRecord.Finding], _ lists: [(path: String, initializations: [String])]) throws -> Bool {
    guard findings.map(\.initializations) == lists.map(\.initializations), findings.allSatisfy({ $0.unproven != nil }) else { return false }
    // A list that is not there is told by whoever reads it.
    return zip(findings, lists).allSatisfy { (try? Digest.sha256Hex(ofFile: URL(fileURLWithPath: $1.path))) == $0.sha256 }
  }

  private static func evidence(_ evidence: TrainingImageList.Finding.Evidence) -> TrainingListRecord.Evidence {
    switch evidence {
    case .digest: .digest
    case .path: .path
    case .name: .name
    }
  }

  /// Looks at the tasks that are targets and keeps what was found below the output.
  ///
  /// - Parameter names: of the tasks.
  /// - Returns: what was found, one a task with a list.
  @discardableResult
  public func keep(_ names: Set<String>) throws -> [TrainingListRecord] {
    let output = study.outputDirectory, source = RunFolderSource(output)
    return try study.tasks.filter { $0.isTarget && names.contains($0.name) }.compactMap { task in
      let path = TrainingListRecord.path(of: task.name), place = output.appendingPathComponent(path)
      let kept = (try? StudyFiles.read(TrainingListRecord.self, at: path, from: source)) ?? nil
      guard let record = try record(of: task, kept: kept) else {
        // What was found on a list that the study no longer names is no finding of it.
        if FileManager.default.fileExists(atPath: place.path) { try FileManager.default.removeItem(at: place) }
        return nil
      }
      try AtomicFile.makeFolder(place.deletingLastPathComponent())
      try AtomicFile.writeIfChanged(try CanonicalJSON.encodePretty(record), to: place)
      return record
    }
  }
}

extension TrainingListRecord {
  /// One sentence a list with test images on it, and one a list with names that agree and prove nothing.
  public var sentences: [String] { matchSentences + findings.compactMap { $0.unprovenSentence(of: task) } }

  private var matchSentences: [String] {
    findings.filter { !$0.matches.isEmpty }.map { finding in
      let verb = finding.matches.count == 1 ? "is" : "are"
      return "\(finding.matches.count) of \(testImages) test images of \(task) \(verb) on \(finding.list), the list of the training images of "
        + "\(finding.initializations.joined(separator: ", ")): the result is marked † and left out of the verdict."
    }
  }
}
