import Datasets
import Foundation
import Foundations
import Models
import NeuralNetworks
import Phantoms
import Studies
import Testing
import Torch

@testable import Training

@Suite("A recipe's rules of training", .serialized)
struct RecipeRuleTests {
  @Test("Without layer decay and exclusions all parameters are one group, in the network's order")
  func oneGroup() throws {
    let fixture = try TrainingFixture(), network = try fixture.makeNetwork()
    let groups = try fixture.recipe.parameterGroups(of: network)
    #expect(groups.count == 1 && groups[0].rateFactor == 1 && groups[0].weightDecay == nil)
    #expect(groups[0].parameters.map(\.name) == network.store.trainableParameters.map(\.name))
  }

  @Test(
    "Layer decay gives each stage its power, and the exclusions norms and biases a decay of 0",
    arguments: [
      ("resnet18", PhantomKind.effusion), ("resnet50", .effusion), ("resnet20", .effusion), ("resnet18", .lungs),
    ])
  func layers(architecture: String, phantom: PhantomKind) throws {
    let fixture = try TrainingFixture(phantom)
    fixture.recipe.architecture = architecture
    (fixture.recipe.layerDecay, fixture.recipe.weightDecayExclusions) = (0.5, .normsAndBiases)
    let network = try fixture.makeNetwork(), groups = try fixture.recipe.parameterGroups(of: network)
    #expect(groups.flatMap { $0.parameters.map(\.name) }.sorted() == network.store.trainableParameters.map(\.name).sorted())
    let stageCount = network.architecture.stages.count
    for group in groups {
      for (name, tensor) in group.parameters {
        // ResNet's names say their stage: layer<n>, or the stem; of the head and the decoder there is no backbone name.
        let word = network.backboneName(for: name)?.split(separator: ".").first.map(String.init)
        let stage = word.map { $0.hasPrefix("layer") ? Int($0.dropFirst("layer".count)) ?? -1 : 0 } ?? stageCount
        #expect(group.rateFactor == pow(0.5, Double(stageCount - stage)), "\(name)")
        #expect(group.weightDecay == (tensor.dimensionCount <= 1 ? 0 : nil), "\(name)")
        #expect((group.weightDecay == 0) == (name.hasSuffix(".bias") || tensor.dimensionCount == 1), "\(name)")
      }
    }
    #expect(Set(groups.map(\.rateFactor)).count == stageCount + 1)
  }

  /// `util/lr_decay.py` of MAE: patches and tokens 0, block i has i + 1, all else one more than the last block.
  @Test("A vision transformer's rates are those of BEiT and MAE: a power for each block, and the last normalization with the head")
  func transformerLayers() throws {
    let fixture = try TrainingFixture()
    fixture.recipe.architecture = "vit-ti16"
    fixture.recipe.layerDecay = 0.75
    let network = try fixture.makeNetwork(), groups = try fixture.recipe.parameterGroups(of: network)
    let rates = Dictionary(uniqueKeysWithValues: groups.flatMap { group in group.parameters.map { ($0.name, group.rateFactor) } })
    #expect(Set(rates.keys) == Set(network.store.trainableParameters.map(\.name)))
    for (name, rate) in rates {
      let parts = name.split(separator: ".")
      let layer = ["cls_token", "pos_embed", "patch_embed"].contains(parts[0]) ? 0 : parts[0] == "blocks" ? (Int(parts[1]) ?? -1) + 1 : 13
      #expect(abs(rate - pow(0.75, Double(13 - layer))) < 1e-15, "\(name)")
    }
    #expect(rates["norm.weight"] == 1 && rates["head.weight"] == 1)
  }

  @Test("Balanced weights of several classes are negatives over positives of the known training labels")
  func balancedLabels() throws {
    let fixture = try TrainingFixture()
    let labels = fixture.splits.training.map { $0.labels[0] }
    let positives = Double(labels.count { $0 == 1 })
    fixture.recipe.classWeights = .balanced
    let weights = try #require(try LossWeights(fixture.recipe, splits: fixture.splits))
    #expect(positives > 0 && positives < 12)
    #expect(weights.values == [(12 - positives) / positives])
    fixture.recipe.classWeights = nil
    #expect(try LossWeights(fixture.recipe, splits: fixture.splits) == nil)
  }

  @Test("Balanced weights of classes that exclude each other are n over k times their images")
  func balancedClasses() throws {
    let fixture = try TrainingFixture(classes: ["c", "a", "b"])
    fixture.recipe.classWeights = .balanced
    let counts = (0..<3).map { index in Double(fixture.splits.training.count { $0.labels[index] == 1 }) }
    #expect(try LossWeights(fixture.recipe, splits: fixture.splits)?.values == counts.map { 12 / (3 * $0) })
    fixture.recipe.classWeights = .perClass(["a": 3])
    #expect(try LossWeights(fixture.recipe, splits: fixture.splits)?.values == [1, 3, 1])
    fixture.recipe.classWeights = .perClass(["purple": 3])
    let error = #expect(throws: TrainingError.self) { try LossWeights(fixture.recipe, splits: fixture.splits) }
    #expect(error?.description == "The recipe's classWeights name the class “purple”, which the data do not have. Choose one of: c, a, b.")
  }

  @Test("Weights change the loss of training and validation, and weights of 1 change nothing")
  func weightedLosses() throws {
    let fixture = try TrainingFixture()
    fixture.recipe.epochs = 1
    func train(_ weights: ClassWeights?) throws -> MemoryRecorder {
      let recorder = MemoryRecorder()
      fixture.recipe.classWeights = weights
      try fixture.makeTraining(recorder).train()
      return recorder
    }
    let plain = try train(nil), ones = try train(.perClass(["Effusion": 1])), weighted = try train(.perClass(["Effusion": 4]))
    #expect(plain.steps == ones.steps && plain.epochs == ones.epochs)
    #expect(weighted.steps[0].loss > plain.steps[0].loss)
    #expect(weighted.epochs[0].validation?.loss != plain.epochs[0].validation?.loss)
  }

  @Test("Accumulated batches make one step, whose loss is the mean over their images; an epoch's rest is one more step")
  func accumulation() throws {
    let fixture = try TrainingFixture()
    // Batches of 5, 5 and 2.
    (fixture.recipe.batchSize, fixture.recipe.epochs, fixture.recipe.learningRate) = (5, 1, 0)
    func losses(_ count: Int?) throws -> [Double] {
      let recorder = MemoryRecorder()
      fixture.recipe.gradientAccumulation = count
      let training = try fixture.makeTraining(recorder)
      try training.train()
      #expect(training.samplesTrainedNow == 12)
      #expect(recorder.news.filter { $0.phase == .training }.map(\.imagesDone).last == 12)
      return recorder.steps.map(\.loss)
    }
    let single = try losses(nil), double = try losses(2), whole = try losses(3)
    #expect(single.count == 3 && double.count == 2 && whole.count == 1)
    #expect(abs(double[0] - (single[0] + single[1]) / 2) < 1e-6 && abs(double[1] - single[2]) < 1e-6)
    #expect(abs(whole[0] - (5 * single[0] + 5 * single[1] + 2 * single[2]) / 12) < 1e-6)
  }

  @Test("A warm-up in epochs is so many times the steps of an epoch, and the schedule after it has the other epochs")
  func schedules() throws {
    var recipe = Recipe.standard(for: .binaryClassification)
    (recipe.learningRate, recipe.epochs, recipe.batchSize, recipe.gradientAccumulation) = (0.1, 10, 4, 2)
    let extent = recipe.extent(sampleCount: 21)
    // Six batches, the last of one image; three steps.
    #expect(extent.stepsPerEpoch == 3 && extent.stepCount == 30)
    recipe.schedule = .warmUp(WarmUpSettings(.epochs(2), then: .cosineBySteps))
    #expect(
      try recipe.makeSchedule(for: extent)
        == .warmUp(WarmUp(stepCount: 6, then: .cosineBySteps(CosineBySteps(initial: 0.1, stepCount: 24)))))
    recipe.schedule = .warmUp(WarmUpSettings(.steps(4), then: .cosine))
    #expect(
      try recipe.makeSchedule(for: extent) == .warmUp(WarmUp(stepCount: 4, then: .cosine(DelayedCosine(initial: 0.1, epochCount: 8)))))
    recipe.maximumSteps = 20
    recipe.schedule = .cosineBySteps
    #expect(try recipe.makeSchedule(for: recipe.extent(sampleCount: 21)) == .cosineBySteps(CosineBySteps(initial: 0.1, stepCount: 20)))
  }

  @Test("The history's rate is that of an epoch's last step, also where the training went on at the epoch's end")
  func recordedRates() throws {
    let fixture = try TrainingFixture()
    fixture.recipe.learningRate = 0.004
    fixture.recipe.schedule = .warmUp(WarmUpSettings(.steps(4), then: .constant))
    let recorder = MemoryRecorder()
    recorder.savesAlways = true
    try fixture.makeTraining(recorder).train()
    // Three steps an epoch.
    #expect(recorder.epochs.map(\.learningRate) == [0.003, 0.004])
    let again = MemoryRecorder()
    again.start = recorder.snapshots[2]
    #expect(try recorder.snapshots[2].loop.step == 3)
    try fixture.makeTraining(again).train()
    #expect(again.epochs.map(\.learningRate) == [0.003, 0.004])
  }
}
