internal import Containers
internal import Foundation
internal import Foundations
internal import Metrics
internal import RunStore
internal import Studies
internal import Weights

/// The runs of a pack, each held to what it says of itself.
struct PackedRuns {
  typealias Check = PackVerification.Check
  typealias Fault = PackVerification.Fault

  struct Run: Sendable {
    let path: String
    let reader: RunReader
    /// Nil where cell.json cannot be read, with the reason.
    let record: CellRecord?
    let reason: String
    /// Whether the pack itself says that it was broken when it was packed; no number rests on it then.
    let isSaidBroken: Bool
  }

  let pack: OpenedPack
  let runs: [Run]

  /// What was found of one run.
  struct Finding: Sendable {
    var count = 0
    var faults: [Fault] = []
  }

  init(_ pack: OpenedPack) {
    self.pack = pack
    let source = PackFiles.runs(pack.files, name: pack.name)
    let paths = pack.runs
    runs = concurrentMap(paths.count) { index in
      let path = paths[index], reader = RunReader(source, run: String(path.dropFirst("runs/".count)))
      do {
        return Run(path: path, reader: reader, record: try reader.record(), reason: "", isSaidBroken: Self.isSaidBroken(reader))
      } catch {
        return Run(path: path, reader: reader, record: nil, reason: sentence(for: error), isSaidBroken: Self.isSaidBroken(reader))
      }
    }
  }

  private static func isSaidBroken(_ reader: RunReader) -> Bool { (try? reader.read(RunSeal.self, from: RunSeal.fileName))?.broken != nil }

  /// The files of each sealed run are those that were packed. A run that was broken before stays so, and is no fault of the pack.
  func sealsCheck() -> Check {
    check("Seals of runs") { run in
      var found = Finding()
      guard let record = run.record, !run.isSaidBroken, (try? run.reader.read(RunStatus.self, from: "status.json"))?.seal != nil else { return found }
      found.count = 1
      if let reason = run.reader.condition(of: record.cell).state.reason { found.faults.append(Fault(run.path, "is broken: \(reason)")) }
      return found
    }
  }

  /// Looks at the runs on all processors, and puts together what was found in their order.
  func check(_ name: String, remark: String = "", further: [Fault] = [], _ look: @Sendable (Run) -> Finding) -> Check {
    let findings = concurrentMap(runs.count) { look(runs[$0]) }
    return Check(name, count: findings.reduce(0) { $0 + $1.count }, faults: further + findings.flatMap(\.faults), remark: remark)
  }

  /// Planned runs that do not count, as whoever has the study's folder is told.
  func uncounted(_ plan: RebuiltPlan) -> [UncountedRun] {
    let source = PackFiles.runs(pack.files, name: pack.name), cells = plan.cells
    return concurrentMap(cells.count) { UncountedRun(cells[$0], RunReader(source, run: cells[$0].relativePath).condition(of: cells[$0]).state) }
      .compactMap(\.self)
  }

  /// Each run is one that the study plans, at its place, and its identity is the digest of its configuration.
  func placesCheck(_ plan: RebuiltPlan) -> Check {
    var faults: [Fault] = []
    // By the whole cell: two tasks with the same data and recipe have runs of one identity, each at its own place.
    let planned = Set(plan.cells)
    for run in runs {
      guard let record = run.record else {
        // One that was broken when it was packed does not count, which is said; its bytes are held to the manifest.
        if !run.isSaidBroken { faults.append(Fault(run.path, "cannot be read: \(run.reason)")) }
        continue
      }
      // The run of another cell, as the pack itself says: it does not count.
      if run.isSaidBroken { continue }
      if "runs/\(record.cell.relativePath)" != run.path {
        faults.append(Fault(run.path, "holds the run of \(record.cell), whose place is runs/\(record.cell.relativePath)"))
      }
      if plan.outline != nil, !planned.contains(record.cell) {
        faults.append(Fault(run.path, "is no run that study.yaml plans"))
      }
    }
    return Check("Identities of runs from their configurations", count: runs.count, faults: faults)
  }

  /// The certificate of each run is of the very weights that its configuration names.
  func certificatesCheck() -> Check {
    let sources = Dictionary(runs.compactMap { run in run.record.map { ($0.cell.identity, run.path) } }, uniquingKeysWith: { first, _ in first })
    let digests = pack.digests
    return check("Certificates against configurations") { run in
      var found = Finding()
      guard let record = run.record, let data = try? run.reader.bytes("certificate.json") else { return found }
      let name = "\(run.path)/certificate.json"
      found.count = 1
      switch record.configuration.start {
      case .random:
        if (try? JSONDecoder().decode([String: String].self, from: data)) != ["initialization": "random"] {
          found.faults.append(Fault(name, "is no certificate of random values, which cell.json starts from"))
        }
      case .weights(let fingerprint, _, let entry):
        guard let certificate = try? JSONDecoder().decode(Certificate.self, from: data) else {
          found.faults.append(Fault(name, "is no certificate of a file"))
          break
        }
        if certificate.fingerprint != fingerprint {
          found.faults.append(
            Fault(name, "is of weights \(certificate.fingerprint.prefix(12))…, and cell.json starts from \(fingerprint.prefix(12))…"))
        }
        if let entry, certificate.entry?.id != entry {
          found.faults.append(Fault(name, "is of the entry \(certificate.entry?.id ?? "none"), and cell.json says \(entry)"))
        }
      case .cell(let identity):
        guard let certificate = try? JSONDecoder().decode(Certificate.self, from: data) else {
          found.faults.append(Fault(name, "is no certificate of a file"))
          break
        }
        // Where the weights are in the pack, they are those.
        if let source = sources[identity], let digest = digests["\(source)/best.safetensors"], digest != certificate.sha256 {
          found.faults.append(Fault(name, "is of other weights than \(source)/best.safetensors"))
        }
      }
      return found
    }
  }

  /// Every metric that a run wrote follows from its predictions.
  func metricsCheck() -> Check {
    check("Metrics of runs from their predictions") { run in
      var found = Finding()
      guard !run.isSaidBroken, let data = try? run.reader.bytes("metrics.json") else { return found }
      let name = "\(run.path)/metrics.json"
      do {
        let stated = try JSONDecoder().decode(RunMetrics.self, from: data)
        let predictions = try run.reader.predictions(imageCount: stated.imageCount)
        let own = predictions.allMetrics(validation: try run.reader.validationPredictions())
        found.count += stated.entries.count
        found.faults += stated.differences(from: own).map { Fault(name, $0.words) }
      } catch {
        found.faults.append(Fault(name, "cannot be checked: \(sentence(for: error))"))
      }
      return found
    }
  }
}
