internal import Figures
internal import Foundation
internal import Foundations
internal import RunStore

/// How initializations of the study were pre-trained on images without labels: on how many, what was left out, by which values, and what a probe
/// said of each epoch.
struct PretrainingSection: StudySection {
  /// What one pre-training needs no part of a group for.
  struct Part: Sendable {}

  struct Pretraining: Codable, Hashable, Sendable {
    struct Judged: Codable, Hashable, Sendable {
      let epoch: Int
      /// Mean AUROC over the probe's tasks, 0…1.
      let score: Double
    }

    let initialization: String
    let record: RunPretraining
    /// The epochs that the probe judged; empty without one.
    let judged: [Judged]
    /// Its heads by their names in the history; nil for the nearest neighbors alone.
    let heads: [String]?
    /// What was looked at before the first step too, to tell what is forgotten; nil where nothing was.
    let forgotten: [ForgottenTask]?

    /// The epoch whose state is kept.
    var kept: Judged? { judged.max { ($0.score, -$0.epoch) < ($1.score, -$1.epoch) } }
  }

  static let id = "pretraining"

  let pretrainings: [Pretraining]
  /// What of a finished pre-training cannot be read.
  let remarks: [String]

  static func part(of group: GroupContents) -> Part? { nil }

  static func make(_ parts: [CellGroup.Key: Part], _ context: SectionContext) throws -> PretrainingSection? {
    var found: [Pretraining] = [], remarks: [String] = []
    for initialization in context.outline.initializations {
      guard let run = initialization.pretraining else { continue }
      let reader = RunReader(context.source, run: run)
      do {
        // One that has not ended has nothing to tell yet; its children have no runs either.
        guard let record = try reader.readIfPresent(RunPretraining.self, from: RunPretraining.fileName),
          let history = try reader.bytes(RunDirectory.historyFileName)
        else { continue }
        let probed = ProbedEpochs(history)
        let forgotten = probed.forgotten
        found.append(
          Pretraining(
            initialization: initialization.name, record: record, judged: probed.judged, heads: probed.heads == ["kNN"] || probed.heads.isEmpty ? nil : probed.heads,
            forgotten: forgotten.isEmpty ? nil : forgotten))
      } catch {
        remarks.append("How \(initialization.name) was pre-trained cannot be read: \(sentence(for: error))")
      }
    }
    return found.isEmpty && remarks.isEmpty ? nil : PretrainingSection(pretrainings: found, remarks: remarks)
  }

  var title: String { "Pre-training on images without labels" }

  var sentences: [String] {
    pretrainings.map { made in
      ([made.record.extent] + made.record.statements + made.forgettingSentences).reduce("\(made.initialization), by \(made.record.method):") { "\($0) \($1)" }
    }
  }

  var tables: [ReportTable] { pretrainings.map(table) }

  private func table(_ made: Pretraining) -> ReportTable {
    var table = ReportTable(
      title: "How \(made.initialization) was pre-trained",
      caption: "Each value of \(made.record.method) as it was published (\(made.record.paper)), and the one that was used."
        + (made.record.remark.map { " \($0)" } ?? ""),
      label: "pretraining-\(made.initialization)",
      columns: [.init("Setting"), .init("Published", .right), .init("Used", .right), .init("Because"), .init("Published in")])
    for row in made.record.settings {
      table.append([
        .init(row.key), .init(RunPretraining.number(row.published)), .init(RunPretraining.number(row.used)), .init(row.reason ?? ""), .init(row.source),
      ])
    }
    return table
  }

  func figures(order: [String]) -> [Figure] {
    let curves = pretrainings.filter { $0.judged.count > 1 }.map { made in
      LearningCurves.Curve(
        made.initialization, epochs: made.judged.map { Double($0.epoch) }, values: made.judged.map { Estimate($0.score * 100) })
    }
    let isOfNeighbors = pretrainings.allSatisfy { $0.heads == nil }, whose = isOfNeighbors ? "nearest neighbors" : "heads on features"
    let probe = LearningCurves(
      labels: .init(
        id: "pretraining-probe", title: "What \(whose) said of each epoch of the pre-trainings",
        caption: "The mean AUROC over the probe's tasks\(isOfNeighbors ? "" : " and heads") on validation images. The state with the highest is kept.", notes: [], order: order),
      tasks: [.init(title: "Probe", axisTitle: "AUROC of \(whose), %", curves: curves)], bandMeaning: "", decimals: 2)
    return (curves.isEmpty ? [] : [probe.figure()]) + (forgettingCurves(order).map { [$0.figure()] } ?? [])
  }

  /// From before the first step on, a panel a task and head.
  private func forgettingCurves(_ order: [String]) -> LearningCurves? {
    let named = pretrainings.flatMap { made in (made.forgotten ?? []).map { (made: made.initialization, lost: $0) } }
    var titles: [String] = []
    for entry in named where !titles.contains(entry.lost.title) { titles.append(entry.lost.title) }
    if titles.isEmpty { return nil }
    let panels = titles.map { title in
      let curves = named.filter { $0.lost.title == title }.map { made, lost in
        LearningCurves.Curve(
          made, epochs: [0] + lost.points.map { Double($0.epoch) }, values: ([lost.atStart] + lost.points.map(\.score)).map { Estimate($0 * 100) })
      }
      return LearningCurves.Task(title: title, axisTitle: "AUROC, %", curves: curves)
    }
    return LearningCurves(
      labels: .init(
        id: "pretraining-forgetting", title: "What the pre-trainings forgot of what they started from",
        caption: "The AUROC on validation images of tasks that the start had learned: before the first step (epoch 0) and each time the probe was asked. It chose nothing.",
        notes: [], order: order), tasks: panels, bandMeaning: "", decimals: 2)
  }

  var opensMethods: Bool { true }

  var methods: String {
    pretrainings.map { made in
      "\(made.initialization) was pre-trained by \(made.record.method) (\(made.record.paper)) without labels: \(made.record.extent) "
        + (made.record.statements + made.forgettingSentences).joined(separator: " ")
    }.joined(separator: " ")
  }
}
