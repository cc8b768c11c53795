import Foundation
import Foundations
import Studies
import Testing

@Suite("Modes as a factor of the grid")
struct ModeTests {
  private func plan(_ overrides: [String] = [], filter: PlanFilter = PlanFilter()) throws -> Plan {
    try Plan(try StudyText.decode(StudyText.chest, overrides), filter: filter, fingerprints: namedFingerprints)
  }

  private func words(_ plan: Plan) -> [String] { plan.cells.map { "\($0.task) \($0.initialization) \($0.seed) \($0.mode.rawValue)" } }

  @Test("Runs that train keep their identity and their place when heads are added beside them, and a list of one mode is that mode")
  func identities() throws {
    let before = try plan(), with = try plan(["recipe.mode=[fullFineTuning, linearProbe, kNN]"])
    let trained = with.cells.filter { $0.mode == .fullFineTuning }
    #expect(trained.map(\.identity) == before.cells.map(\.identity) && trained.map(\.relativePath) == before.cells.map(\.relativePath))
    for (own, other) in zip(trained, before.cells) { #expect(try CanonicalJSON.encode(own) == CanonicalJSON.encode(other)) }
    #expect(with.cells.count > trained.count && Set(with.cells.map(\.identity)).count == with.cells.count)
    #expect(try plan(["recipe.mode=[fullFineTuning]"]).cells == before.cells)
    #expect(try plan(["recipe.mode=frozenBackbone"]).cells.allSatisfy { $0.relativePath.contains("seed\($0.seed)-\($0.identity.prefix(12))") })
  }

  @Test("Each mode of each target is a run of its own behind the others of its seed; what others start from is trained")
  func cells() throws {
    let plan = try plan(["tasks.tuberculosis.recipe.mode=[linearProbe, fullFineTuning]", "seeds=[3]"])
    #expect(
      words(plan) == [
        "findings imagenet 3 fullFineTuning", "pneumonia adapted 9 fullFineTuning", "findings random 3 fullFineTuning",
        "tuberculosis random 3 linearProbe", "tuberculosis random 3 fullFineTuning", "tuberculosis imagenet 3 linearProbe",
        "tuberculosis imagenet 3 fullFineTuning", "tuberculosis adapted 3 linearProbe", "tuberculosis adapted 3 fullFineTuning",
        "tuberculosis twice 3 linearProbe", "tuberculosis twice 3 fullFineTuning",
      ])
    let head = try #require(plan.cells.first { $0.mode == .linearProbe })
    #expect(head.relativePath == "tuberculosis/random/seed3-linearProbe-\(head.identity.prefix(12))")
    #expect(head.description == "tuberculosis from random, linear probe, seed 3")
    #expect(plan.cells.dropFirst(2).allSatisfy { $0.role == .target })
    // Of a list for all tasks, a pre-training takes what trains.
    let all = try self.plan(["recipe.mode=[kNN, fullFineTuning]", "seeds=[3]"])
    #expect(all.cells.filter { $0.role == .pretraining || $0.task == "pneumonia" }.allSatisfy { $0.mode == .fullFineTuning })
    #expect(all.cells.contains { $0.task == "findings" && $0.mode == .kNN })
  }

  @Test("The stage that heads see is part of their identity alone and only where it is said; one that the architecture has not is refused")
  func stages() throws {
    let modes = "recipe.mode=[fullFineTuning, linearProbe]"
    let before = try plan([modes]), stage = try plan([modes, "recipe.featureStage=last"])
    #expect(try plan([modes, "recipe.featureStage=pooled"]).cells == before.cells)
    #expect(stage.cells.count == before.cells.count)
    for (own, other) in zip(stage.cells, before.cells) where other.source == nil {
      #expect((own.identity == other.identity) == (own.mode == .fullFineTuning), "\(own)")
    }
    #expect(
      StudyText.violations(StudyText.chest, [modes, "recipe.featureStage=lost"]).first?.hasSuffix("resnet50 has no stage “lost”. Did you mean “last”?") == true)
    #expect(
      StudyText.violations(StudyText.chest, ["recipe.featureStage=last"]) == [
        "override recipe.featureStage=last: The featureStage last has no part in the mode fullFineTuning, which makes no head on features. "
          + "Leave it out, or add linearProbe, kNN or fewShot to the modes."
      ])
  }

  @Test("A head does not depend on how networks are trained, and does on how images are prepared")
  func headRecipe() throws {
    // Heads on networks that the study itself trains are on other networks where they are trained otherwise.
    func identities(_ override: String...) throws -> [String] {
      try plan(["recipe.mode=[fullFineTuning, linearProbe]"] + override).cells.filter { $0.mode == .linearProbe && $0.source == nil }.map(\.identity)
    }
    let before = try identities()
    #expect(before.count == 8)
    for training in [
      "recipe.epochs=3", "recipe.learningRate=0.5", "recipe.augmentation=none", "recipe.testTimeAugmentation=none", "recipe.batchSize=7",
      "recipe.optimizer={sgd: {momentum: 0.9}}", "recipe.schedule=constant",
    ] { #expect(try identities(training) == before, "\(training)") }
    for preparation in ["recipe.inputSize=96", "recipe.precision=bfloat16", "recipe.interpolation=bicubic"] {
      #expect(try Set(identities(preparation)).isDisjoint(with: before), "\(preparation)")
    }
    let configuration = try #require(try plan(["recipe.mode=[linearProbe, fullFineTuning]"]).configurations.values.first { $0.recipe.mode == .linearProbe })
    #expect(configuration.recipe.testTimeAugmentation == .none && configuration.recipe.augmentation == .none)
  }

  @Test("A filter by mode keeps what is wanted and the trained runs it needs")
  func filter() throws {
    let overrides = ["recipe.mode=[fullFineTuning, linearProbe]", "seeds=[3]"]
    #expect(
      words(try plan(overrides, filter: PlanFilter(tasks: ["tuberculosis"], initializations: ["adapted"], modes: [.linearProbe]))) == [
        "findings imagenet 3 fullFineTuning", "tuberculosis adapted 3 linearProbe",
      ])
    #expect {
      try plan(overrides, filter: PlanFilter(modes: [.kNN]))
    } throws: {
      sentence(for: $0) == "The study has no mode “kNN”. Choose one of: fullFineTuning, linearProbe."
    }
  }

  @Test(
    "Modes that cannot be are refused at their place",
    arguments: [
      ("recipe.mode=[linearProbe, linearProbe]", "The modes repeat linearProbe. List each once: a repeated mode is the same run, not another one."),
      ("recipe.mode=full", "recipe.mode cannot be “full”. Choose one of: fullFineTuning, frozenBackbone, linearProbe, kNN, fewShot."),
      ("recipe.mode=[]", "recipe.mode is a list, not a mode or a list of modes. List at least one, such as [fullFineTuning, linearProbe]."),
      (
        "recipe.mode=linearProbe",
        "The initialization “adapted” is trained on “findings”, of which the mode linearProbe trains no network. Add fullFineTuning to its modes."
      ),
      (
        "tasks.pneumonia.recipe.mode=[fullFineTuning, kNN]",
        "The task “pneumonia” is not a target, and a pre-training runs in one mode. Give it one mode, or set target: true."
      ),
    ])
  func refused(_ override: String, _ sentence: String) {
    let found = StudyText.violations(StudyText.chest, [override])
    #expect(found.contains { $0.hasSuffix(sentence) }, "\(found)")
  }

  @Test("Segmentation tasks, and labels with a third state, refuse heads on features")
  func heads() {
    let found = StudyText.violations(StudyText.small, ["recipe.mode=[fullFineTuning, linearProbe]"])
    #expect(
      found.contains {
        $0.hasSuffix(
          "The mode linearProbe says what an image is of, by one vector of features, and gives no mask. "
            + "Use it for classification; for binarySegmentation use fullFineTuning or frozenBackbone.")
      }, "\(found)")
    let uncertain = StudyText.violations(StudyText.chest, ["tasks.findings.recipe={mode: [fullFineTuning, kNN], labelPolicy: multiClass}"])
    #expect(
      uncertain.contains {
        $0.hasSuffix("The mode kNN has no third state for uncertain labels, as the labelPolicy multiClass has. Use another labelPolicy, such as ones or ignore.")
      }, "\(uncertain)")
  }
}
