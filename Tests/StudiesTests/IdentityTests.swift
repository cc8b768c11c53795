import Containers
import Foundation
import Foundations
import Studies
import Testing
import Vocabulary
import Weights

@Suite struct IdentityTests {
  private let base = CellConfiguration(
    kind: .multiLabelClassification, recipe: .standard(for: .multiLabelClassification), data: "d", start: .random, seed: 1,
    numericsRevision: 1)

  @Test("The identity of a known configuration never changes")
  func golden() throws {
    // Made with Python's json (sort_keys, separators "," and ":") and hashlib from the same values.
    #expect(try base.identity() == "f64fccb8f6a2eb1f0fe615283c50774a5bc6771427b51377a71c1240071a8531")
  }

  @Test("A configuration read back from its JSON has the same identity")
  func roundTrip() throws {
    var recipe = Recipe.standard(for: .binarySegmentation)
    recipe.learningRate = 0.1 + 0.2
    recipe.maximumSteps = 5
    for (normalization, schedule, optimizer, weights) in [
      (Normalization.none, LearningRateSchedule.cosine, OptimizerSpecification.adam(AdamSettings()), ClassWeights?.none),
      (.imagenet, .constant, .adamW(.standardAdamW), .balanced),
      (.custom(mean: [0.1], standardDeviation: [1e-7]), .reduceOnPlateau(PlateauSettings()), .sgd(MomentumSettings(nesterov: true)), .perClass(["a": 0.1])),
      (.none, .step(StepSettings(epochs: 3)), .adamW(AdamSettings()), nil),
      (.none, .warmUp(WarmUpSettings(.steps(9), then: .reduceOnPlateau(PlateauSettings()))), .adamW(AdamSettings()), nil),
      (.none, .warmUp(WarmUpSettings(.epochs(2), then: .cosineBySteps)), .adamW(AdamSettings()), nil),
    ] {
      recipe.normalization = normalization
      recipe.schedule = schedule
      recipe.optimizer = optimizer
      recipe.classWeights = weights
      recipe.layerDecay = weights == nil ? nil : 0.65
      let configuration = CellConfiguration(kind: .binarySegmentation, recipe: recipe, data: "d", start: .weights(fingerprint: "w", state: .full, entry: nil), seed: 3)
      let read = try JSONDecoder().decode(CellConfiguration.self, from: try CanonicalJSON.encode(configuration))
      #expect(read == configuration)
      #expect(try read.identity() == configuration.identity())
    }
  }

  @Test("What only says when a run gives up is no part of the identity, and what earlier versions made of it is still known")
  func limit() throws {
    var recipe = base.recipe
    recipe.brokenFileLimit = 0.02
    let changed = CellConfiguration(kind: base.kind, recipe: recipe, arithmetic: base.arithmetic, data: base.data, start: base.start, seed: base.seed, numericsRevision: 1)
    #expect(try changed.identity() == base.identity())
    let earlier = Digest.sha256Hex(of: try CanonicalJSON.encode(changed))
    #expect(try earlier != base.identity() && changed.isIdentified(by: earlier))
  }

  @Test("Every field that alters numbers alters the identity")
  func sensitivity() throws {
    let changes: [(String, (inout Recipe) -> Void)] = [
      ("architecture", { $0.architecture = "resnet18" }), ("inputSize", { $0.inputSize = 225 }),
      ("resizeSize", { $0.resizeSize = 257 }), ("inputChannels", { $0.inputChannels = 1 }),
      ("normalization", { $0.normalization = .none }), ("interpolation", { $0.interpolation = .bicubic }),
      ("augmentation", { $0.augmentation = .none }),
      ("shuffle", { $0.shuffle = false }), ("loss", { $0.loss = .softDice }),
      ("beta1", { $0.optimizer = .adam(AdamSettings(beta1: 0.91)) }), ("beta2", { $0.optimizer = .adam(AdamSettings(beta2: 0.9991)) }),
      ("epsilon", { $0.optimizer = .adam(AdamSettings(epsilon: 1.0000000000000002e-8)) }),
      ("weightDecay", { $0.optimizer = .adam(AdamSettings(weightDecay: 1e-5)) }), ("learningRate", { $0.learningRate = 2e-4.nextUp }),
      ("schedule", { $0.schedule = .cosine }), ("factor", { $0.schedule = .reduceOnPlateau(PlateauSettings(factor: 0.6)) }),
      ("patience", { $0.schedule = .reduceOnPlateau(PlateauSettings(patience: 6)) }),
      ("threshold", { $0.schedule = .reduceOnPlateau(PlateauSettings(threshold: 2e-4)) }), ("batchSize", { $0.batchSize = 31 }),
      ("evaluationBatchSize", { $0.evaluationBatchSize = 31 }), ("epochs", { $0.epochs = 999 }), ("maximumSteps", { $0.maximumSteps = 1 }),
      ("earlyStoppingPatience", { $0.earlyStoppingPatience = nil }), ("mode", { $0.mode = .frozenBackbone }), ("featureStage", { $0.featureStage = "layer3" }),
      ("precision", { $0.precision = .bfloat16 }), ("testTimeAugmentation", { $0.testTimeAugmentation = .none }),
      ("reducedSize", { $0.reducedSize = 512 }),
      ("labelPolicy", { $0.labelPolicy = .lsrOnes }), ("classWeights", { $0.classWeights = .balanced }),
      ("weights", { $0.classWeights = .perClass(["a": 2]) }), ("another class", { $0.classWeights = .perClass(["b": 2]) }),
      ("weight", { $0.classWeights = .perClass(["a": 3]) }), ("adamW", { $0.optimizer = .adamW(AdamSettings()) }),
      ("sgd", { $0.optimizer = .sgd(MomentumSettings()) }), ("momentum", { $0.optimizer = .sgd(MomentumSettings(momentum: 0.8)) }),
      ("nesterov", { $0.optimizer = .sgd(MomentumSettings(nesterov: true)) }),
      ("decay", { $0.optimizer = .sgd(MomentumSettings(weightDecay: 0.1)) }),
      ("weightDecayExclusions", { $0.weightDecayExclusions = .normsAndBiases }), ("layerDecay", { $0.layerDecay = 0.75 }),
      ("gradientClipping", { $0.gradientClipping = 1 }), ("gradientAccumulation", { $0.gradientAccumulation = 2 }),
      ("constant", { $0.schedule = .constant }), ("cosineBySteps", { $0.schedule = .cosineBySteps }),
      ("step", { $0.schedule = .step(StepSettings(epochs: 30)) }), ("step factor", { $0.schedule = .step(StepSettings(epochs: 30, factor: 0.2)) }),
      ("warm-up in epochs", { $0.schedule = .warmUp(WarmUpSettings(.epochs(5), then: .cosine)) }),
      ("warm-up in steps", { $0.schedule = .warmUp(WarmUpSettings(.steps(5), then: .cosine)) }),
      ("another after it", { $0.schedule = .warmUp(WarmUpSettings(.steps(5), then: .constant)) }),
    ]
    var identities = [try base.identity()]
    for (_, change) in changes {
      var recipe = base.recipe
      change(&recipe)
      identities.append(try CellConfiguration(kind: base.kind, recipe: recipe, data: "d", start: .random, seed: 1, numericsRevision: 1).identity())
    }
    let others = [
      CellConfiguration(kind: .binaryClassification, recipe: base.recipe, data: "d", start: .random, seed: 1, numericsRevision: 1),
      CellConfiguration(kind: base.kind, recipe: base.recipe, data: "e", start: .random, seed: 1, numericsRevision: 1),
      CellConfiguration(kind: base.kind, recipe: base.recipe, data: "d", start: .weights(fingerprint: "w", state: .backbone, entry: nil), seed: 1, numericsRevision: 1),
      CellConfiguration(kind: base.kind, recipe: base.recipe, data: "d", start: .weights(fingerprint: "w", state: .full, entry: nil), seed: 1, numericsRevision: 1),
      CellConfiguration(kind: base.kind, recipe: base.recipe, data: "d", start: .weights(fingerprint: "v", state: .full, entry: nil), seed: 1, numericsRevision: 1),
      CellConfiguration(kind: base.kind, recipe: base.recipe, data: "d", start: .weights(fingerprint: "v", state: .full, entry: "e"), seed: 1, numericsRevision: 1),
      CellConfiguration(kind: base.kind, recipe: base.recipe, arithmetic: .same, data: "d", start: .random, seed: 1, numericsRevision: 1),
      CellConfiguration(kind: base.kind, recipe: base.recipe, data: "d", start: .cell(identity: "w"), seed: 1, numericsRevision: 1),
      CellConfiguration(kind: base.kind, recipe: base.recipe, data: "d", start: .random, seed: 2, numericsRevision: 1),
      CellConfiguration(kind: base.kind, recipe: base.recipe, data: "d", start: .random, seed: 1, numericsRevision: 2),
      CellConfiguration(kind: base.kind, recipe: base.recipe, data: "d", start: .random, seed: 1, numericsRevision: 1, scoredClasses: ["a"]),
    ]
    identities += try others.map { try $0.identity() }
    #expect(Set(identities).count == 1 + changes.count + others.count)
    // Every field of a recipe is among the changes, so a new one cannot be forgotten here.
    #expect(Mirror(reflecting: base.recipe).children.count == 29)
  }

  @Test("Paths, names, the device and numbers of threads do not alter identities")
  func insensitivity() throws {
    let same = Fingerprints(data: { $0.kind == .binarySegmentation ? "s" : "d" }, weights: { _ in "w" })
    let text = """
      initializations: {first: {weights: a.pth}}
      tasks:
        one: {kind: binaryClassification, data: {classFolders: {training: a, positive: b}}}
      """
    let other = """
      name: other
      output: elsewhere
      device: cpu
      threads: 7
      loaderThreads: 9
      checkpointSeconds: 1
      initializations: {second: {weights: /b.pth}}
      tasks:
        two: {kind: binaryClassification, data: {classFolders: {training: /c, positive: d}}}
      """
    let first = try Plan(try StudyText.decode(text), fingerprints: same).cells
    let second = try Plan(try StudyText.decode(other), fingerprints: same).cells
    #expect(first.count == 1 && first.map(\.identity) == second.map(\.identity))
    #expect(first[0].relativePath != second[0].relativePath)
  }

  @Test("What a pre-training run is made of alters the identity of what starts from it")
  func chains() throws {
    let study = try StudyText.decode(StudyText.chest)
    let before = try Plan(study, fingerprints: namedFingerprints)
    let after = try Plan(study, fingerprints: Fingerprints(data: { "data of \($0.name)" }, weights: { _ in "other content" }))
    func identities(_ plan: Plan, _ initialization: String) -> Set<String> {
      Set(plan.cells.filter { $0.initialization == initialization }.map(\.identity))
    }
    #expect(identities(before, "random") == identities(after, "random"))
    for name in ["imagenet", "adapted", "twice"] { #expect(identities(before, name).isDisjoint(with: identities(after, name))) }
  }
}
