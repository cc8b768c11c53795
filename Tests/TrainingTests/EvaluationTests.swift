import Containers
import Datasets
import Foundation
import Foundations
import Loading
import Metrics
import Models
import NeuralNetworks
import Phantoms
import Testing
import Torch
import Weights

@testable import Studies
@testable import Training

@Suite("Evaluation, weights and devices", .serialized)
struct EvaluationTests {
  @Test("Ten-crop probabilities are the mean of the ten crops' sigmoids")
  func tenCrop() throws {
    let fixture = try TrainingFixture()
    fixture.recipe.precision = .float64
    let training = try fixture.makeTraining(MemoryRecorder())
    guard case .classification(let all) = try training.test() else {
      Issue.record("no classification")
      return
    }
    #expect(all.rows.map(\.id) == fixture.splits.test.map(\.id))
    let pipeline = try SamplePipeline(recipe: fixture.recipe, kind: fixture.kind, stage: .test)
    for (row, sample) in zip(all.rows, fixture.splits.test) {
      let prepared = try pipeline.load(sample, seed: SeedPath(0))
      #expect(prepared.imageShape[0] == 10)
      let logits = try withoutGradient {
        try training.procedure.network(Tensor(prepared.image, shape: prepared.imageShape).to(type: .float64), mode: .evaluation).doubles()
      }
      let mean = logits.map { 1 / (1 + exp(-$0)) }.reduce(0, +) / 10
      #expect(abs(row.probabilities[0] - mean) < 1e-6)
      #expect(row.targets == sample.labels && row.patient == sample.patient)
    }
  }

  @Test("Of one of several classes, probabilities are the mean of the ten crops' softmax")
  func softmax() throws {
    let fixture = try TrainingFixture(classes: ["c", "a", "b"])
    #expect(fixture.splits.classNames == ["c", "a", "b"])
    fixture.recipe.precision = .float64
    let training = try fixture.makeTraining(MemoryRecorder())
    guard case .classification(let all) = try training.test() else {
      Issue.record("no classification")
      return
    }
    #expect(all.areExclusive)
    let pipeline = try SamplePipeline(recipe: fixture.recipe, kind: fixture.kind, stage: .test)
    for (row, sample) in zip(all.rows, fixture.splits.test) {
      let prepared = try pipeline.load(sample, seed: SeedPath(0))
      let logits = try withoutGradient {
        try training.procedure.network(Tensor(prepared.image, shape: prepared.imageShape).to(type: .float64), mode: .evaluation).doubles()
      }
      var mean = [0.0, 0, 0]
      for crop in 0..<10 {
        let powers = (0..<3).map { exp(logits[crop * 3 + $0]) }, sum = powers.reduce(0, +)
        for index in 0..<3 { mean[index] += powers[index] / sum / 10 }
      }
      for index in 0..<3 { #expect(abs(row.probabilities[index] - mean[index]) < 1e-6) }
      #expect(row.targets == sample.labels)
    }
  }

  @Test("Pixel counts are those of logit > 0 against the mask, at the network's size")
  func pixelCounts() throws {
    let fixture = try TrainingFixture(.lungs)
    fixture.recipe.precision = .float64
    let training = try fixture.makeTraining(MemoryRecorder())
    guard case .segmentation(let all) = try training.test() else {
      Issue.record("no segmentation")
      return
    }
    let pipeline = try SamplePipeline(recipe: fixture.recipe, kind: fixture.kind, stage: .test, keepsOriginals: true)
    for (row, sample) in zip(all.rows, fixture.splits.test) {
      let prepared = try pipeline.load(sample, seed: SeedPath(0))
      let logits = try withoutGradient {
        try training.procedure.network(Tensor(prepared.image, shape: prepared.imageShape).to(type: .float64), mode: .evaluation).doubles()
      }
      let mask = try #require(prepared.mask)
      #expect(row.counts == PixelConfusion(predicted: logits.map { $0 > 0 }, target: mask.map { $0 == 1 }))
      #expect(row.counts.truePositives + row.counts.falseNegatives > 0)
      // The outlines, on the pixels of the mask's own file.
      let side = fixture.recipe.inputSize, own = try #require(prepared.original?.mask)
      #expect(own.width != side)
      let pixels = interpolated(logits, side: side, width: own.width, height: own.height).map { $0 > 0 }
      let predicted = try #require(SegmentationMask(width: own.width, height: own.height, pixels: pixels))
      let target = try #require(SegmentationMask(width: own.width, height: own.height, pixels: own.pixels))
      let distances = try #require(SurfaceDistances.make(predicted: predicted, target: target).known)
      #expect(row.outline == OutlineAgreement(distances, tolerance: 2) && row.spacing == nil && row.centerline == nil)
    }
    #expect(all.unit == .pixels)
  }

  /// Linear between the centers of pixels; beyond the outermost their values.
  private func interpolated(_ values: [Double], side: Int, width: Int, height: Int) -> [Double] {
    func place(_ index: Int, of count: Int) -> (Int, Int, Double) {
      let center = min(max((Double(index) + 0.5) * Double(side) / Double(count) - 0.5, 0), Double(side - 1)), below = Int(center)
      return (below, min(below + 1, side - 1), center - Double(below))
    }
    return (0..<height).flatMap { y in
      (0..<width).map { x in
        let (top, bottom, v) = place(y, of: height), (left, right, u) = place(x, of: width)
        let upper = values[top * side + left] * (1 - u) + values[top * side + right] * u
        let lower = values[bottom * side + left] * (1 - u) + values[bottom * side + right] * u
        return upper * (1 - v) + lower * v
      }
    }
  }

  @Test("The validation set is seen in one view, and answered by the best weights")
  func validation() throws {
    let fixture = try TrainingFixture()
    fixture.recipe.epochs = 3
    let recorder = MemoryRecorder()
    let training = try fixture.makeTraining(recorder)
    try training.train()
    let answers = try training.validate()
    guard case .classification(let all) = answers else {
      Issue.record("no classification")
      return
    }
    #expect(all.rows.map(\.id) == fixture.splits.validation.map(\.id))
    let best = try #require(recorder.bestEpoch)
    #expect(answers.headline(of: fixture.kind) == best.validation?.metrics)
  }

  @Test("A classifier's written weights are the encoder of a U-Net, every tensor of it")
  func transfer() throws {
    let source = try TrainingFixture(), target = try TrainingFixture(.lungs)
    let classifier = try source.makeNetwork(seed: 5), unet = try target.makeNetwork(seed: 6)
    let file = source.folder.appendingPathComponent("best.safetensors")
    try WeightLoading.save(classifier, metadata: [:], to: file)
    let certificate = try WeightLoading.load(file, state: .backbone, into: unet)
    #expect(certificate.matchedCount == 120 && certificate.dropped.map(\.key).sorted() == ["fc.bias", "fc.weight"])
    for name in classifier.backboneNames {
      let from = try #require(classifier.store[name.state]).bytes()
      #expect(try from == #require(unet.store["encoder." + name.backbone]).bytes(), "\(name.backbone)")
    }
  }

  @Test("A file that lacks the head is no full state")
  func fullState() throws {
    let fixture = try TrainingFixture()
    let network = try fixture.makeNetwork()
    let file = fixture.folder.appendingPathComponent("backbone.safetensors")
    let arrays = try network.backboneNames.map { try #require(network.store[$0.state]).namedArray($0.backbone) }
    try SafetensorsFile.write(arrays, to: file)
    let before = try TrainingFixture.bytes(network)
    let error = #expect(throws: WeightsError.self) { try WeightLoading.load(file, state: .full, into: network) }
    #expect(error?.problem.contains("fc.weight") == true)
    #expect(try TrainingFixture.bytes(network) == before, "a refusal changes nothing")
  }

  @Test("Validation of a class without positives says so instead of giving a number")
  func undefinedAUROC() {
    let row = ClassificationPredictions.Row(id: "a", patient: nil, targets: [0], probabilities: [0.5])
    let predictions = Predictions.classification(ClassificationPredictions(classNames: ["x"], rows: [row]))
    #expect(predictions.headline["auroc"]?.number == nil)
    #expect(predictions.headline["auroc"]?.reason != nil)
  }

  @Test("A validation record has the metrics of the kind's table, each by the name that it had always, and the AUROC of all classifications")
  func headlineOfKind() throws {
    let rows = [(0.9, 1), (0.4, 0), (0.6, 1), (0.7, 0)].enumerated().map { place, row in
      ClassificationPredictions.Row(id: "\(place)", patient: nil, targets: [Float(row.1)], probabilities: [row.0])
    }
    let predictions = Predictions.classification(ClassificationPredictions(classNames: ["x"], rows: rows))
    for kind in TaskKind.allCases where kind.answer == .findings { #expect(predictions.headline(of: kind) == ["auroc": .value(0.75)]) }
    let rare = TaskKind("rare", answer: .findings, hasOneClass: true, recipe: .standard(for: .binaryClassification), losses: [], tableMetrics: [.averagePrecision])
    let judged = predictions.headline(of: rare)
    #expect(judged.keys.sorted() == ["auroc", "averagePrecision"] && judged["auroc"] == .value(0.75))
    #expect(abs((judged["averagePrecision"]?.number ?? 0) - 5.0 / 6) < 1e-12)
    let decided = TaskKind("decided", answer: .findings, recipe: .standard(for: .binaryClassification), losses: [], tableMetrics: [.f1])
    #expect(predictions.headline(of: decided)["f1"] == .undefined(reason: "no threshold is fixed while a network is trained"))
  }

  @Test("One broken image of a hundred is borne at 1 %, two are not")
  func brokenFiles() throws {
    let rule = BrokenFileRule(limit: 0.01), broken = [BrokenSample(id: "a.png", reason: "cut short"), BrokenSample(id: "b.png", reason: "empty")]
    #expect(throws: Never.self) { try rule.check(Array(broken.prefix(1)), of: 100) }
    let error = #expect(throws: TrainingError.self) { try rule.check(broken, of: 100) }
    #expect(
      error?.description
        == "2 of 100 images cannot be used, more than the 1.0 % that are allowed: a.png (cut short); b.png (empty). Repair or remove them, or raise recipe.brokenFileLimit.")
  }

  @Test("A device that is not there is refused by name")
  func devices() throws {
    #expect(try NumericSetting.device(named: "cpu") == .cpu)
    let error = #expect(throws: TrainingError.self) { try NumericSetting.device(named: "cuda:77") }
    #expect(error?.problem.hasPrefix("The device “cuda:77” is not there; this machine has cpu") == true)
    #expect(error?.remedy == "Set device to auto or to one of these.")
  }
}
