public import Datasets
import Foundation
import Foundations
import Inspection
public import Loading
import RunStore
import Studies

/// The look at the data before any training.
extension StudyData {
  /// Looks at the data of some tasks. What was found by opening images is taken again as long as no file changed.
  ///
  /// - Parameters:
  ///   - names: of the tasks; nil for all.
  ///   - opensPictures: whether images are opened where nothing is kept of them.
  ///   - caching: builds the study's cache before, where it has one, so that images are decoded once for both, and is told how far it is;
  ///     nil builds none.
  ///   - progress: is told the task, how many of its images are done, and of how many.
  /// - Throws: `ExecutionError` for a finding that is accepted and that there is not.
  public func check(
    _ names: Set<String>? = nil, opensPictures: Bool = true, caching: ((String, CacheProgress) -> Void)? = nil,
    progress: @escaping @Sendable (String, Int, Int) -> Void = { _, _, _ in }
  ) throws -> StudyCheck {
    let tasks = study.tasks.filter { names?.contains($0.name) ?? true }
    for task in tasks {
      for code in task.acceptedFindings where !DataLooks.codes.contains(where: { $0.code == code }) {
        throw ExecutionError.unknownFinding(code, task: task.name)
      }
    }
    return StudyCheck(tasks: try tasks.map { try record(of: $0, opensPictures: opensPictures, caching: caching, progress: progress) })
  }

  private func record(
    of task: TaskSpecification, opensPictures: Bool, caching: ((String, CacheProgress) -> Void)?,
    progress: @escaping @Sendable (String, Int, Int) -> Void
  ) throws -> DataCheckRecord {
    // Whatever is wrong with one of the folds is wrong with the task.
    let every = Result { try task.everyFold.map { try splits(of: task.inFold($0)) } }
    let foldOf = try (try? every.get())?.first?.foldOf(by: task.data.split, copies: copies(of: task))
    let inspection = DataInspection(task, splits: every.map { $0[0] }, foldOf: foldOf), key = inspection.key()
    let place = study.outputDirectory.appendingPathComponent(DataCheckRecord.path(of: task.name))
    // One that is damaged is made anew.
    let kept = (try? StudyFiles.read(DataCheckRecord.self, at: DataCheckRecord.path(of: task.name), from: RunFolderSource(study.outputDirectory))) ?? nil
    let isKept = kept.map { $0.key == key && $0.pixels != nil || $0.key == key && !$0.isDecoded && $0.data != nil } ?? false
    let opens = opensPictures && !isKept
    var cache: SampleCache?, seen: SeenPictures?
    if opens, let caching, inspection.splits != nil {
      seen = inspection.watch()
      // A disk without room for the cache is told by the run that needs it, not here.
      do {
        cache = try self.cache(of: task, recipe: task.recipe, watcher: { caching(task.name, $0) }, decoded: seen?.watcher)
      } catch let error as DatasetsError where error.kind == .noRoomForCache {}
    }
    let check = try inspection.check(masks: masksByTask[task.name] ?? [:], opensPictures: opens, cache: cache, seen: seen) { progress(task.name, $0, $1) }
    var pixels = isKept ? kept?.pixels : nil
    if let pictures = check.pictures, pictures.isDecoded, let data = check.data {
      pixels = DataCheckRecord.pixels(of: pictures.digests.map { ($0.id, $0.digest) })
      if keepsChecks { try? keep(pictures, pixels: pixels ?? "", task: task, data: data) }
    }
    let codes = Set(DataLooks.codes(openingPictures: true))
    let ofPictures = check.pictures?.findings ?? (isKept ? kept?.findings.filter { codes.contains($0.code) } : nil) ?? []
    let findings = (check.listingFindings + ofPictures).map { $0.accepted(by: task) }
    let record = DataCheckRecord(
      task: task.name, data: check.data, key: key,
      parts: Self.parts(check, folds: task.folds == nil ? nil : try? every.get()),
      filesUsed: check.filesUsed, filesUnused: check.filesUnused, isDecoded: check.pictures?.isDecoded ?? (isKept && kept?.isDecoded == true),
      pixels: pixels, findings: findings.enumerated().sorted { ($0.element.severity, $0.offset) < ($1.element.severity, $1.offset) }.map(\.element),
      pictureCodes: codes.sorted())
    // A look at names alone does not replace one at images.
    if keepsChecks, check.pictures != nil || isKept {
      try? AtomicFile.makeFolder(place.deletingLastPathComponent())
      try? AtomicFile.writeIfChanged(try CanonicalJSON.encodePretty(record), to: place)
    }
    pixelsByTask[task.name] = pixels
    return record
  }

  /// What is counted: training, validation and test images, or where there are folds the images that each is tested on.
  private static func parts(_ check: DataCheck, folds: [DatasetSplits]?) -> [DataCheckRecord.Part] {
    if let folds { return folds.enumerated().map { DataCheckRecord.Part("fold \($0 + 1)", $1.extent(of: .test)) } }
    return DatasetPart.allCases.compactMap { part in check.parts[part].map { DataCheckRecord.Part(part.rawValue, $0) } }
  }

  /// The digest of a task's pixels as they are, where they were looked at.
  func pixels(of task: String) -> String? { pixelsByTask[task] ?? nil }

  /// Keeps the digest of each image, and what is there twice where no audit says it, so that the report tells the metric without
  /// images that are known from training.
  private func keep(_ pictures: DataCheck.Pictures, pixels: String, task: TaskSpecification, data: String) throws {
    let place = study.outputDirectory.appendingPathComponent(DataCheckRecord.digestsPath(of: task.name, pixels: pixels))
    try AtomicFile.makeFolder(place.deletingLastPathComponent())
    let rows = pictures.digests.map { CSV.encode([$0.id, $0.digest]) }
    try AtomicFile.writeIfChanged(Data((CSV.encode(["path", "pixels"]) + rows.joined()).utf8), to: place)
    guard let audit = pictures.audit else { return }
    let path = AuditRecord.path(of: task.name)
    let kept = try? StudyFiles.read(AuditRecord.self, at: path, from: RunFolderSource(study.outputDirectory))
    // What initializations were trained on is told by an audit alone.
    let lineages = kept?.data == data ? kept?.lineages ?? [] : []
    let target = study.outputDirectory.appendingPathComponent(path)
    try AtomicFile.makeFolder(target.deletingLastPathComponent())
    try AtomicFile.writeIfChanged(try CanonicalJSON.encodePretty(AuditRecord(task: task.name, data: data, audit, lineages)), to: target)
  }
}

extension DataCheckRecord.Part {
  init(_ part: String, _ extent: PartExtent) {
    self.init(
      part: part, images: extent.images, patients: extent.patients,
      classes: extent.classes.map {
        SplitRecord.ClassCount(name: $0.name, present: $0.present, absent: $0.absent, uncertain: $0.uncertain, unknown: $0.unknown)
      })
  }
}

extension ExecutionError {
  static func unknownFinding(_ code: String, task: String) -> ExecutionError {
    ExecutionError(
      kind: .unknownFinding, problem: "The task “\(task)” accepts the finding “\(code)”, and there is no such finding.",
      remedy: suggestion(for: code, in: DataLooks.codes.map(\.code)))
  }

  /// Data that cannot be listed, with whatever else is refused of them.
  static func unplannable(_ error: StudiesError, _ findings: [DataFinding]) -> ExecutionError {
    let others = findings.filter { $0.code != "source.unusable" }.map { "\n  \($0.task) [\($0.code)]: \($0.sentence) \($0.remedy)" }
    return ExecutionError(kind: .refusedData, problem: error.description + others.joined(), remedy: "")
  }

  static func refusedData(_ findings: [DataFinding]) -> ExecutionError {
    let lines = findings.map { "\n  \($0.task)\($0.part.map { ", \($0)" } ?? "") [\($0.code)]: \($0.sentence)\($0.remedy.isEmpty ? "" : " \($0.remedy)")" }
    return ExecutionError(
      kind: .refusedData,
      problem: "The data cannot be used as they are: \(findings.count) finding\(findings.count == 1 ? "" : "s").\(lines.joined())",
      remedy: "\nCorrect \(findings.count == 1 ? "it" : "them"), or take a finding as read with data: {accept: [\(findings[0].code)]}.")
  }
}
