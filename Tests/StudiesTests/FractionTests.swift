import Foundation
import Foundations
import Studies
import Testing

@Suite("Fractions of the training images in a study")
struct FractionTests {
  private func plan(_ overrides: [String] = [], filter: PlanFilter = PlanFilter()) throws -> Plan {
    try Plan(try StudyText.decode(StudyText.chest, overrides), filter: filter, fingerprints: namedFingerprints)
  }

  private func words(_ plan: Plan) -> [String] { plan.cells.map { "\($0.task) \($0.initialization) \($0.seed) \($0.fraction)" } }

  @Test("A study without fractions and one with fraction 1 have the same cells, whose records say nothing of fractions")
  func whole() throws {
    let without = try plan(), with = try plan(["fraction=1"])
    #expect(without.cells == with.cells && without.configurations == with.configurations)
    for cell in without.cells {
      #expect(cell.fraction == .whole)
      #expect(!String(decoding: try CanonicalJSON.encode(cell), as: UTF8.self).contains("fraction"))
      #expect(cell.relativePath == "\(cell.task)/\(cell.initialization)/seed\(cell.seed)-\(cell.identity.prefix(12))")
    }
  }

  @Test("Each fraction is a run of its own; pre-training runs see all images and come first")
  func cells() throws {
    let plan = try plan(["fraction=[0.1, 1]", "tasks.findings.fraction=[0.25]", "seeds=[3]"])
    #expect(
      words(plan) == [
        "findings imagenet 3 1", "pneumonia adapted 9 1", "findings random 3 0.25", "findings imagenet 3 0.25",
        "tuberculosis random 3 0.1", "tuberculosis random 3 1", "tuberculosis imagenet 3 0.1", "tuberculosis imagenet 3 1",
        "tuberculosis adapted 3 0.1", "tuberculosis adapted 3 1", "tuberculosis twice 3 0.1", "tuberculosis twice 3 1",
      ])
    #expect(plan.cells[0].role == .pretraining, "the whole of findings is not among its fractions")
    #expect(plan.cells.dropFirst(2).allSatisfy { $0.role == .target })
    #expect(Set(plan.cells.map(\.identity)).count == plan.cells.count)
    let part = try #require(plan.cells.first { $0.fraction.value == 0.25 })
    #expect(part.relativePath == "findings/random/seed3-fraction-0.25-\(part.identity.prefix(12))")
    #expect(part.description == "findings from random, seed 3, 25 % of the training images")
    #expect(try JSONDecoder().decode(Cell.self, from: CanonicalJSON.encode(part)) == part)
  }

  @Test("Runs on all images keep their identities when fractions are added; a subset's content alters its run's")
  func identities() throws {
    let before = Set(try plan().cells.map(\.identity)), with = try plan(["fraction=[0.1, 1]"])
    #expect(Set(with.cells.filter(\.fraction.isWhole).map(\.identity)) == before)
    let other = try Plan(
      try StudyText.decode(StudyText.chest, ["fraction=[0.1, 1]"]),
      fingerprints: Fingerprints(data: { "data of \($0.name)" }, subset: { "\($1) of \($0.name)" }, weights: { "content of \($0)" }))
    for (first, second) in zip(with.cells, other.cells) { #expect((first.identity == second.identity) == first.fraction.isWhole) }
  }

  @Test("A filter by fraction keeps what is wanted and the whole pre-training runs it needs")
  func filter() throws {
    let tenth = try #require(TrainingFraction(0.1))
    let overrides = ["fraction=[0.1, 1]", "seeds=[3]"]
    #expect(
      words(try plan(overrides, filter: PlanFilter(tasks: ["tuberculosis"], initializations: ["adapted"], fractions: [tenth]))) == [
        "findings imagenet 3 1", "tuberculosis adapted 3 0.1",
      ])
    do {
      _ = try plan(overrides, filter: PlanFilter(fractions: [try #require(TrainingFraction(0.37))]))
      Issue.record("An unknown fraction was taken.")
    } catch let error as StudiesError {
      #expect(error.description == "The study has no fraction “0.37”. Choose one of: 0.1, 1.")
    }
  }

  @Test("A subset without fingerprint is said with its fraction")
  func missing() throws {
    struct Small: Error, CustomStringConvertible { let description = "Too small." }
    let fingerprints = Fingerprints(data: { $0.name }, subset: { _, _ in throw Small() }, weights: { $0 })
    do {
      _ = try Plan(try StudyText.decode(StudyText.small, ["fraction=[0.01, 1]"]), fingerprints: fingerprints)
      Issue.record("A subset that is not there was planned.")
    } catch let error as StudiesError {
      #expect(error.problem == "The study cannot be planned: The data of the task “vessels” at 1 %: Too small.")
    }
  }

  @Test(
    "Fractions that cannot be are refused at their place",
    arguments: [
      ("fraction=[0.1, 1.5]", "The fraction 1.5 is not above 0 and at most 1. Write 10 % of the training images as 0.1."),
      ("fraction=0", "The fraction 0.0 is not above 0 and at most 1. Write 10 % of the training images as 0.1."),
      ("fraction=[0.1, 0.10]", "The fractions repeat 0.1. List each once: a repeated fraction is the same run, not another one."),
      ("fraction=[]", "The list of fractions is empty. List at least one, such as [0.1, 1], or leave it out."),
      (
        "tasks.pneumonia.fraction=0.5",
        "The task “pneumonia” is not a target, and a pre-training runs on all its images. Remove fraction, or set target: true."
      ),
    ])
  func violations(override: String, sentence: String) {
    #expect(StudyText.violations(StudyText.chest, [override]) == ["override \(override): \(sentence)"])
  }

  @Test("A fraction is written as it is read, and in percent")
  func texts() throws {
    let texts = try [0.01, 0.07, 0.125, 1].map { try #require(TrainingFraction($0)) }
    #expect(texts.map(\.description) == ["0.01", "0.07", "0.125", "1"])
    #expect(texts.map(\.percentText) == ["1 %", "7 %", "12.5 %", "100 %"])
  }
}
