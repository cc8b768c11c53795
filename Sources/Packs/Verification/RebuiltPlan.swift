internal import Foundation
internal import Foundations
internal import Reports
internal import RunStore
internal import Studies

/// The study file of a pack planned again, with fingerprints in place of its data and weights.
struct RebuiltPlan {
  /// Nil where it cannot be planned.
  let outline: StudyOutline?
  let cells: [Cell]
  private let fault: PackVerification.Fault?

  init(_ pack: OpenedPack) {
    do {
      // Which seeds count follows from the predictions in the pack.
      let plan = try Self.plan(pack).asNeeded(from: PackFiles.runs(pack.files, name: pack.name)).plan
      (outline, cells, fault) = (StudyOutline(plan), plan.cells, nil)
    } catch {
      (outline, cells) = (nil, [])
      fault = .init("study.yaml", "cannot be planned: \(sentence(for: error))")
    }
  }

  var check: PackVerification.Check {
    .init(
      "Cells planned from the study file", count: cells.count, faults: [fault].compactMap(\.self))
  }

  private static func plan(_ pack: OpenedPack) throws -> Plan {
    guard let text = pack.files["study.yaml"], let prints = pack.files["fingerprints.json"] else {
      throw PacksError(.missing, "The pack lacks study.yaml or fingerprints.json.")
    }
    let study = try Study.decode(
      String(decoding: text, as: UTF8.self), file: URL(fileURLWithPath: "/pack/study.yaml"), overrides: pack.manifest.overrides)
    return try plan(study, JSONDecoder().decode(PlanFingerprints.self, from: prints), numericsRevision: revision(of: pack))
  }

  /// That of the first run that says it: all runs of a plan are of one.
  private static func revision(of pack: OpenedPack) -> Int {
    for path in pack.files.keys.sorted() where path.hasPrefix("runs/") && path.hasSuffix("/cell.json") {
      if let data = pack.files[path], let record = try? JSONDecoder().decode(CellRecord.self, from: data) { return record.configuration.numericsRevision }
    }
    return NumericsRevision.current
  }

  static func plan(_ study: Study, _ prints: PlanFingerprints, numericsRevision: Int = NumericsRevision.current) throws -> Plan {
    func missing(_ name: String) -> PacksError { PacksError(.missing, "There is no fingerprint of \(name).") }
    return try Plan(
      study,
      fingerprints: prints.answering(
        for: study,
        missing: Fingerprints(
          data: { throw missing($0.name) }, subset: { throw missing("\($0.name) at \($1.percentText)") },
          weights: { throw missing(URL(fileURLWithPath: $0).lastPathComponent) })),
      numericsRevision: numericsRevision)
  }
}
