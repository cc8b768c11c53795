import Foundation
import Studies
import Testing

@Suite("Folds in a study")
struct FoldPlanTests {
  private func text(_ split: String, more: String = "", seeds: String = "2", initializations: String = "{random: random}", data: String = "") -> String {
    """
    seeds: \(seeds)
    initializations: \(initializations)
    tasks:
      x:
        kind: binaryClassification
        \(more)
        data: {classFolders: {training: a, positive: p\(data), split: \(split)}}
    """
  }

  private func plan(_ split: String, more: String = "", filter: PlanFilter = PlanFilter()) throws -> Plan {
    try Plan(
      StudyText.decode(text(split, more: more)), filter: filter,
      fingerprints: Fingerprints(
        data: { "\($0.name) \($0.data.split.fold ?? 0)" }, subset: { "\($0.name) \($0.data.split.fold ?? 0) \($1)" }, weights: { $0 }))
  }

  @Test("Every fold of every seed is a run of its own, with the data of its fold, and a study without folds has the runs that it had")
  func cells() throws {
    let plan = try plan("{folds: 3}")
    #expect(plan.cells.map { "\($0.seed) \($0.fold ?? 0)" } == ["1 1", "1 2", "1 3", "2 1", "2 2", "2 3"])
    #expect(plan.cells.map { plan.configurations[$0.identity]?.data } == ["x 1", "x 2", "x 3", "x 1", "x 2", "x 3"])
    #expect(Set(plan.cells.map(\.identity)).count == 6 && Set(plan.cells.map(\.relativePath)).count == 6)
    #expect(plan.cells[1].relativePath == "x/random/seed1-fold-2-\(plan.cells[1].identity.prefix(12))")
    #expect(plan.cells[1].description == "x from random, seed 1, fold 2")
    let read = try JSONDecoder().decode(Cell.self, from: JSONEncoder().encode(plan.cells[1]))
    #expect(read == plan.cells[1])
    // What a study without folds writes says nothing of them.
    let plain = try self.plan("{seed: 0}"), cell = plain.cells[0]
    let written = String(decoding: try JSONEncoder().encode(cell), as: UTF8.self)
    #expect(cell.fold == nil && !written.contains("fold"))
    let data = try JSONEncoder().encode(plain.study.tasks[0].data)
    #expect(!String(decoding: data, as: UTF8.self).contains("fold"))
  }

  @Test("Folds times fractions, one cell by its place, and fingerprints that are kept for each fold")
  func parts() throws {
    let plan = try plan("{folds: 2}", more: "fraction: [0.5, 1]")
    #expect(plan.cells.count == 8)
    let wanted = plan.cells[5]
    #expect(try self.plan("{folds: 2}", more: "fraction: [0.5, 1]", filter: PlanFilter(cells: [wanted.relativePath])).cells == [wanted])
    let prints = PlanFingerprints(plan)
    #expect(Set(prints.data.keys) == ["x/fold-1", "x/fold-2", "x/fold-1@0.5", "x/fold-2@0.5"])
    struct Unknown: Error {}
    let again = try Plan(
      plan.study,
      fingerprints: prints.answering(
        for: plan.study, missing: Fingerprints(data: { _ in throw Unknown() }, subset: { _, _ in throw Unknown() }, weights: { _ in throw Unknown() })))
    #expect(again.cells == plan.cells)
  }

  @Test(
    "What folds cannot be is refused in a sentence",
    arguments: [
      ("{folds: 1}", "", "2", "{random: random}", "", "1 fold leaves nothing to train on. Use 2 folds or more, such as 5; or remove folds for one test part."),
      ("{folds: 5, test: 0.2}", "", "2", "{random: random}", "", "names both folds and a test fraction, and in folds every image is tested once. Keep one of them."),
      ("{folds: 5, file: s.csv}", "", "2", "{random: random}", "", "The task “x” is parted into folds and by a table (split.file). Keep one of them."),
      (
        "{folds: 5}", "", "2", "{random: random}", ", test: b",
        "The task “x” has a test part of its own, and in folds every image is tested once. Remove folds, or give all images as training images."
      ),
      (
        "{folds: 5}", "", "auto", "{random: random}", "",
        "The task “x” is parted into folds, and seeds: auto adds seeds by looks whose levels were made for one test part. List the seeds, such as seeds: 3."
      ),
      (
        "{folds: 5}", "", "2", "{random: random, more: {trainedOn: x, from: random}}", "",
        "The initialization “more” is trained on “x”, which has a network for each of 5 folds. Train it on a task without folds."
      ),
      (
        "{folds: 5}", "target: false", "2", "{random: random}", "",
        "The task “x” is not a target, and a pre-training is one run on all its images. Remove folds, or set target: true."
      ),
      ("{folds: five}", "", "2", "{random: random}", "", "not a whole number."),
    ])
  func refused(split: String, more: String, seeds: String, initializations: String, data: String, sentence: String) {
    let found = StudyText.violations(text(split, more: more, seeds: seeds, initializations: initializations, data: data))
    #expect(found.contains { $0.contains(sentence) }, "\(found)")
  }
}
