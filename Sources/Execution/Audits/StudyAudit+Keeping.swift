import Datasets
import Foundation
import Foundations
import Inspection
import RunStore
public import Studies

extension StudyAudit {
  /// Keeps the findings of each task in `audits/<task>.json` of the study's output, so that reports tell them.
  ///
  /// A task whose data cannot be run as they are, such as one with patients in two parts, has no runs that a finding could be of.
  ///
  /// - Returns: the tasks whose findings were kept.
  @discardableResult
  public func keep(_ study: Study, data: StudyData) throws -> [String] {
    let folder = study.outputDirectory.appendingPathComponent(StudyFiles.audits, isDirectory: true)
    var kept = [String]()
    for found in tasks {
      guard let task = study.task(named: found.task), let splits = try? data.splits(of: task) else { continue }
      try AtomicFile.makeFolder(folder)
      let shared = lineages.filter { $0.target == task.name && $0.overlap.sharedCount > 0 }.map {
        AuditRecord.Lineage(initializations: $0.initializations, trainedOn: $0.trainedOn, testImages: $0.overlap.sharedCount)
      }
      let record = AuditRecord(task: task.name, data: splits.fingerprint, found.audit, shared)
      try AtomicFile.writeIfChanged(
        try CanonicalJSON.encodePretty(record), to: study.outputDirectory.appendingPathComponent(AuditRecord.path(of: task.name)))
      kept.append(task.name)
    }
    return kept
  }
}

extension AuditRecord {
  init(task: String, data: String, _ audit: DatasetAudit, _ lineages: [Lineage]) {
    let groups = audit.identical, pairs = audit.nearDuplicates
    self.init(
      task: task, data: data, images: audit.imageCounts, patients: audit.patientCount, sharedPatients: audit.sharedPatients.count,
      identicalAcross: groups.count(where: \.crossesParts), identicalWithin: groups.count { !$0.crossesParts },
      nearAcross: pairs.count(where: \.crossesParts), nearWithin: pairs.count { !$0.crossesParts },
      labelConflicts: groups.count { !$0.conflictingClasses.isEmpty } + pairs.count { !$0.conflictingClasses.isEmpty },
      uniform: audit.uniformCount, unreadable: audit.unreadable.count,
      leakingTestImages: audit.leakingTestImages,
      lineages: lineages)
  }
}
