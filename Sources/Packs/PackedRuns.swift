internal import Checkpoints
internal import Foundation
internal import Foundations
internal import Metrics
internal import RunStore
internal import Studies

/// The runs of a pack, each held to what it says of itself.
struct PackedRuns {
  typealias Check = PackVerification.Check
  typealias Fault = PackVerification.Fault

  struct Run {
    let path: String
    let reader: RunReader
    /// Nil where cell.json cannot be read, with the reason.
    let record: CellRecord?
    let reason: String
  }

  let pack: OpenedPack
  let runs: [Run]

  init(_ pack: OpenedPack) {
    self.pack = pack
    let source = PackFiles.runs(pack.files, name: pack.name)
    runs = pack.runs.map { path in
      let reader = RunReader(source, run: String(path.dropFirst("runs/".count)))
      do {
        return Run(path: path, reader: reader, record: try reader.record(), reason: "")
      } catch {
        return Run(path: path, reader: reader, record: nil, reason: sentence(for: error))
      }
    }
  }

  /// Each run is one that the study plans, at its place, and its identity is the digest of its configuration.
  func placesCheck(_ plan: RebuiltPlan) -> Check {
    var faults: [Fault] = []
    let planned = Dictionary(plan.cells.map { ($0.identity, $0) }, uniquingKeysWith: { first, _ in first })
    for run in runs {
      guard let record = run.record else {
        faults.append(Fault(run.path, "cannot be read: \(run.reason)"))
        continue
      }
      if "runs/\(record.cell.relativePath)" != run.path {
        faults.append(Fault(run.path, "holds the run of \(record.cell), whose place is runs/\(record.cell.relativePath)"))
      }
      if plan.outline != nil, planned[record.cell.identity] != record.cell {
        faults.append(Fault(run.path, "is no run that study.yaml plans"))
      }
    }
    return Check("Identities of runs from their configurations", count: runs.count, faults: faults)
  }

  /// The certificate of each run is of the very weights that its configuration names.
  func certificatesCheck() -> Check {
    var faults: [Fault] = [], count = 0
    for run in runs {
      guard let record = run.record, let data = try? run.reader.bytes("certificate.json") else { continue }
      let name = "\(run.path)/certificate.json"
      switch record.configuration.start {
      case .random:
        count += 1
        if (try? JSONDecoder().decode([String: String].self, from: data)) != ["initialization": "random"] {
          faults.append(Fault(name, "is no certificate of random values, which cell.json starts from"))
        }
      case .weights(let fingerprint, _, let entry):
        count += 1
        guard let certificate = try? JSONDecoder().decode(Certificate.self, from: data) else {
          faults.append(Fault(name, "is no certificate of a file"))
          continue
        }
        if certificate.fingerprint != fingerprint {
          faults.append(
            Fault(name, "is of weights \(certificate.fingerprint.prefix(12))…, and cell.json starts from \(fingerprint.prefix(12))…"))
        }
        if let entry, certificate.entry?.id != entry {
          faults.append(Fault(name, "is of the entry \(certificate.entry?.id ?? "none"), and cell.json says \(entry)"))
        }
      case .cell(let identity):
        count += 1
        guard let certificate = try? JSONDecoder().decode(Certificate.self, from: data) else {
          faults.append(Fault(name, "is no certificate of a file"))
          continue
        }
        // Where the weights are in the pack, they are those.
        if let source = runs.first(where: { $0.record?.cell.identity == identity }),
          let digest = pack.digests["\(source.path)/best.safetensors"], digest != certificate.sha256
        {
          faults.append(Fault(name, "is of other weights than \(source.path)/best.safetensors"))
        }
      }
    }
    return Check("Certificates against configurations", count: count, faults: faults)
  }

  /// Every metric that a run wrote follows from its predictions.
  func metricsCheck() -> Check {
    var faults: [Fault] = [], count = 0
    for run in runs {
      guard let data = try? run.reader.bytes("metrics.json") else { continue }
      let name = "\(run.path)/metrics.json"
      do {
        let stated = try JSONDecoder().decode(RunMetrics.self, from: data)
        let predictions = try run.reader.predictions(imageCount: stated.imageCount)
        let own = predictions.allMetrics(validation: try run.reader.validationPredictions())
        for entry in stated.entries {
          count += 1
          let found = own.entries.first { $0.metric == entry.metric && $0.className == entry.className }?.value
          if found != entry.value {
            let title = entry.metric.title + (entry.className.map { " of \($0)" } ?? "")
            faults.append(Fault(name, "\(title) is \(Self.text(entry.value)), and the predictions give \(found.map(Self.text) ?? "none")"))
          }
        }
      } catch {
        faults.append(Fault(name, "cannot be checked: \(sentence(for: error))"))
      }
    }
    return Check("Metrics of runs from their predictions", count: count, faults: faults)
  }

  private static func text(_ value: MetricValue) -> String { value.number.map { "\($0)" } ?? "undefined (\(value.reason ?? ""))" }
}
