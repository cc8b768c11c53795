import Foundation
import Foundations
import Studies
import Testing

@Suite("What a recipe says of gradients")
struct TrainingRuleTests {
  private func recipe(_ overrides: [String]) throws -> Recipe {
    try #require(try StudyText.decode(StudyText.chest, overrides).task(named: "findings")).recipe
  }

  @Test(
    "Every form of the optimizer is read, with the defaults that the documentation gives",
    arguments: [
      ("adam", OptimizerSpecification.adam(AdamSettings(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0))),
      ("adamW", .adamW(AdamSettings(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01))),
      ("{adamW: {weightDecay: 0.05, beta2: 0.95}}", .adamW(AdamSettings(beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0.05))),
      ("sgd", .sgd(MomentumSettings(momentum: 0.9, nesterov: false, weightDecay: 0))),
      ("{sgd: {momentum: 0.5, nesterov: true, weightDecay: 1e-4}}", .sgd(MomentumSettings(momentum: 0.5, nesterov: true, weightDecay: 1e-4))),
    ])
  func optimizers(text: String, expected: OptimizerSpecification) throws {
    #expect(try recipe(["recipe.optimizer=\(text)"]).optimizer == expected)
  }

  @Test(
    "Every form of the schedule is read",
    arguments: [
      ("constant", LearningRateSchedule.constant), ("cosine", .cosine), ("cosineBySteps", .cosineBySteps),
      ("{step: {epochs: 30}}", .step(StepSettings(epochs: 30, factor: 0.1))), ("{step: {epochs: 3, factor: 0.5}}", .step(StepSettings(epochs: 3, factor: 0.5))),
      ("{warmUp: {epochs: 5, then: cosine}}", .warmUp(WarmUpSettings(.epochs(5), then: .cosine))),
      (
        "{warmUp: {steps: 500, then: {reduceOnPlateau: {patience: 2}}}}",
        .warmUp(WarmUpSettings(.steps(500), then: .reduceOnPlateau(PlateauSettings(patience: 2))))
      ),
    ])
  func schedules(text: String, expected: LearningRateSchedule) throws {
    #expect(try recipe(["recipe.schedule=\(text)"]).schedule == expected)
  }

  @Test("The other keys are read, and a task's stand above the study's")
  func others() throws {
    let found = try recipe([
      "recipe.gradientClipping=1", "recipe.gradientAccumulation=4", "recipe.layerDecay=0.75", "recipe.optimizer=adamW",
      "recipe.weightDecayExclusions=normsAndBiases", "recipe.classWeights=balanced", "tasks.findings.recipe.classWeights={Edema: 3, Mass: 0.5}",
      "tasks.findings.recipe.gradientClipping=null",
    ])
    #expect(found.gradientClipping == nil && found.gradientAccumulation == 4 && found.layerDecay == 0.75)
    #expect(found.weightDecayExclusions == .normsAndBiases && found.classWeights == .perClass(["Edema": 3, "Mass": 0.5]))
  }

  @Test(
    "A word for the default leaves the recipe, and so the run, as it is without the key",
    arguments: [
      "classWeights=none", "classWeights=null", "weightDecayExclusions=none", "layerDecay=1", "layerDecay=1.0", "gradientAccumulation=1", "gradientClipping=null",
      "optimizer=adam", "optimizer={adam: {}}",
    ])
  func defaults(text: String) throws {
    #expect(try recipe(["recipe.\(text)"]) == .standard(for: .multiLabelClassification))
  }

  @Test("A study without the new keys has the identities that it had before them")
  func recordedIdentities() throws {
    // From the cell.json files of a run of this study by version 58f368b, before there were other optimizers than Adam.
    let effusion = "c15463d854c2c9f7f6580100b35f822acf372731e5d9e3d0aa12f569189506db"
    let lungs = "da5fa4512e50f041e9a819f9e3fa2c1d06aacd0e58cbe901b765666890daed25"
    let half = "5ad0cb9b3f47634a64db0fcad21a231c64f5b6cdc400b04ee775f55d08d1ab7f"
    let study = try StudyText.decode(
      """
      recipe: {architecture: resnet18, inputSize: 64, batchSize: 6, epochs: 3}
      initializations:
        random: random
        chest: {trainedOn: effusion, from: random}
      tasks:
        effusion:
          kind: binaryClassification
          data: {manifest: {file: effusion/manifest.csv, labelColumns: [Effusion]}}
        plain:
          kind: binaryClassification
          data: {manifest: {file: effusion/manifest.csv, labelColumns: [Effusion]}}
          fraction: [0.5, 1]
          recipe: {schedule: cosine, mode: frozenBackbone, augmentation: none, maximumSteps: 7, optimizer: {adam: {weightDecay: 0.01}}, learningRate: 0.01, epochs: 5, earlyStoppingPatience: 0}
        lungs:
          kind: binarySegmentation
          data: {manifest: {file: lungs/manifest.csv, maskColumn: mask}}
      """)
    let plan = try Plan(
      study, fingerprints: Fingerprints(data: { $0.name == "lungs" ? lungs : effusion }, subset: { _, _ in half }, weights: { $0 }))
    // As of the numerics revision that they were made with. What starts from another run's weights follows from that run's identity.
    let found = Dictionary(
      uniqueKeysWithValues: try plan.cells.filter { $0.source == nil }.map { cell in
        let now = try #require(plan.configurations[cell.identity])
        let then = CellConfiguration(
          kind: now.kind, recipe: now.recipe, arithmetic: now.arithmetic, data: now.data, start: now.start, seed: now.seed, numericsRevision: 2,
          fraction: now.fraction ?? .whole, scoredClasses: now.scoredClasses)
        return ("\(cell.task) \(cell.initialization) \(cell.fraction)", try then.identity())
      })
    #expect(
      found == [
        "effusion random 1": "ae25efd4064dd4ef169b8d93c24b7ab0113eec15d91fcb4c7a432237aec7e766",
        "plain random 0.5": "84d86dc29abbe387775703a73baf72603932913cbbac4776ef415fcbc6577b0c",
        "plain random 1": "7ff445188ea8cc4f1586d6a4eb8ffa15a0c18205911655dd62aaff7b0bc9bd19",
        "lungs random 1": "ed590b477dee88821f76f948084dc356e8c19f6c92ed1c0c18cf7b4a85272048",
      ])
  }

  static let refused: [(String, String)] = [
    ("optimizer=adamw", "recipe.optimizer cannot be “adamw”. Did you mean “adamW”?"),
    ("optimizer={adamW: {beta3: 0.9}}", "There is no key “beta3” in recipe.optimizer.adamW. Did you mean “beta1”?"),
    ("optimizer={sgdd: {}}", "There is no key “sgdd” in recipe.optimizer. Did you mean “sgd”?"),
    ("optimizer={adam: {}, sgd: {}}", "recipe.optimizer has 2 keys. Choose one of: adam, adamW, sgd."),
    ("optimizer={adamW: {beta1: 1}}", "AdamW's beta1 1.0 is not in 0 ≤ beta1 < 1. Use a number such as 0.9."),
    ("optimizer={adamW: {weightDecay: -1}}", "AdamW's weightDecay -1.0 is negative. Use 0 or a positive number."),
    ("optimizer={sgd: {momentum: 1}}", "The momentum 1.0 is not in 0 ≤ momentum < 1. Use a number such as 0.9."),
    ("optimizer={sgd: {momentum: 0, nesterov: true}}", "Nesterov's momentum is wanted, and the momentum is 0. Give a momentum such as 0.9."),
    ("optimizer={sgd: {weightDecay: -1}}", "sgd's weightDecay -1.0 is negative. Use 0 or a positive number."),
    ("schedule=cosin", "recipe.schedule cannot be “cosin”. Did you mean “cosine”?"),
    ("schedule={step: {}}", "recipe.schedule.step has no “epochs”. Add the key “epochs”."),
    ("schedule={step: {epochs: 0}}", "The rate is lowered after every 0 epochs. Use a whole number from 1."),
    ("schedule={step: {epochs: 1, factor: 1}}", "The step's factor 1.0 is not between 0 and 1. Use a number such as 0.1."),
    ("schedule={warmup: {epochs: 1, then: cosine}}", "There is no key “warmup” in recipe.schedule. Did you mean “warmUp”?"),
    ("schedule={warmUp: {then: cosine}}", "recipe.schedule.warmUp does not say its length once. Give it either epochs or steps, such as {epochs: 5, then: cosine}."),
    (
      "schedule={warmUp: {epochs: 1, steps: 2, then: cosine}}",
      "recipe.schedule.warmUp does not say its length once. Give it either epochs or steps, such as {epochs: 5, then: cosine}."
    ),
    ("schedule={warmUp: {epochs: 1}}", "recipe.schedule.warmUp has no “then”. Add the key “then”."),
    (
      "schedule={warmUp: {epochs: 1, then: {warmUp: {epochs: 1, then: cosine}}}}",
      "There is no key “warmUp” in recipe.schedule.warmUp.then. Choose one of: reduceOnPlateau, step."
    ),
    ("schedule={warmUp: {epochs: 0, then: cosine}}", "The warm-up has 0 epochs. Use a whole number from 1, or leave warmUp out."),
    ("schedule={warmUp: {steps: 0, then: cosine}}", "The warm-up has 0 steps. Use a whole number from 1, or leave warmUp out."),
    ("schedule={warmUp: {epochs: 1000, then: cosine}}", "The warm-up of 1000 epochs leaves none of the 1000 epochs to what follows. Use fewer than recipe.epochs."),
    (
      "schedule={warmUp: {epochs: 1, then: {reduceOnPlateau: {factor: 2}}}}",
      "The plateau's factor 2.0 is not between 0 and 1. Use a number such as 0.5."
    ),
    ("gradientClipping=0", "The gradientClipping 0.0 is not positive. Use a norm such as 1, or null for no limit."),
    ("gradientAccumulation=0", "gradientAccumulation is 0. Use a whole number from 1."),
    ("layerDecay=1.5", "The layerDecay 1.5 is not above 0 and at most 1. Use a number such as 0.75."),
    (
      "weightDecayExclusions=normsAndBiases",
      "The weightDecayExclusions have no part in an optimizer without weight decay. Give the optimizer a weightDecay, such as {adamW: {weightDecay: 0.05}}, or leave them out."
    ),
    ("weightDecayExclusions=norms", "recipe.weightDecayExclusions cannot be “norms”. Choose one of: none, normsAndBiases."),
    ("classWeights=balance", "recipe.classWeights cannot be “balance”. Did you mean “balanced”?"),
    ("classWeights={}", "The classWeights name no class. Write balanced, or {<class>: <number>}."),
    ("classWeights={Edema: 0}", "The weight 0.0 of the class “Edema” is not positive. Use a number such as 2."),
    ("classWeights={Edma: 2}", "The weighted class “Edma” is no class of “findings”. Did you mean “Edema”?"),
  ]

  @Test("What cannot be is refused, each with its sentence", arguments: refused)
  func violations(override: String, sentence: String) {
    let text = """
      initializations: {random: random}
      tasks:
        findings:
          kind: multiLabelClassification
          data: {manifest: {file: labels.csv, labelColumns: [Edema, Mass]}}
      """
    #expect(StudyText.violations(text, ["recipe.\(override)"]) == ["override recipe.\(override): \(sentence)"])
  }

  @Test("All that is wrong is said at once")
  func all() {
    let overrides = ["recipe.gradientClipping=-1", "recipe.optimizer={sgd: {momentum: 2}}", "recipe.schedule={step: {epochs: 0}}", "recipe.layerDecy=1"]
    #expect(
      Set(StudyText.violations(StudyText.small, overrides)) == [
        "override recipe.gradientClipping=-1: The gradientClipping -1.0 is not positive. Use a norm such as 1, or null for no limit.",
        "override recipe.layerDecy=1: There is no key “layerDecy” in recipe. Did you mean “layerDecay”?",
        "override recipe.optimizer={sgd: {momentum: 2}}: The momentum 2.0 is not in 0 ≤ momentum < 1. Use a number such as 0.9.",
        "override recipe.schedule={step: {epochs: 0}}: The rate is lowered after every 0 epochs. Use a whole number from 1.",
      ])
  }

  @Test("What has no part in a task is refused there")
  func withoutPart() {
    #expect(
      StudyText.violations(StudyText.small, ["recipe.classWeights=balanced"]) == [
        "override recipe.classWeights=balanced: The classWeights are for classification, not for segmentation of one object. Leave them out."
      ])
    #expect(
      StudyText.violations(StudyText.small, ["recipe.layerDecay=0.5", "recipe.mode=frozenBackbone"]) == [
        "override recipe.layerDecay=0.5: The layerDecay has no part in the mode frozenBackbone, which trains no stage. Leave one of them out."
      ])
    let uncertain = """
      initializations: {random: random}
      tasks:
        findings:
          kind: multiLabelClassification
          data: {manifest: {file: labels.csv, labelColumns: [Edema, Mass], uncertainLabel: -1}}
          recipe: {labelPolicy: multiClass, classWeights: balanced}
      """
    #expect(
      StudyText.violations(uncertain) == [
        "line 6: The classWeights are of positive labels, and the labelPolicy multiClass has a third state of each. Leave them out, or choose another labelPolicy such as ones."
      ])
  }
}
