import Testing
import Torch

@testable import Pretraining

@Suite("Objectives against their authors' code, in float64")
struct ObjectiveTests {
  private static let batch = 6, size = 8, codes = 5, images = 14
  private let golden: SelfSupervisedGolden
  /// The images of the batch.
  private let indices: Tensor

  init() throws {
    golden = try .load()
    _ = try Formula.uniform("first", [1])
    indices = try Tensor([3, 0, 13, 7, 5, 1] as [Int64])
  }

  private func rows(_ name: String, _ count: Int = batch, _ size: Int = size) throws -> Tensor { try Formula.uniform(name, [count, size]) }

  private func unit(_ name: String, _ count: Int = batch) throws -> Tensor { try rows(name, count).unitRows() }

  /// Expects a loss and its gradients by each input to be the golden's.
  private func expect(
    _ expected: SelfSupervisedGolden.Graded, _ inputs: [Tensor], within tolerance: Double = 1e-9, _ loss: ([Tensor]) throws -> Tensor
  ) throws {
    let leaves = try inputs.map { try $0.clone().setRequiresGradient(true) }
    let found = try loss(leaves)
    try found.backward()
    #expect(relativeDistance([try found.item()], [expected.loss]) < tolerance)
    #expect(leaves.count == expected.gradients.count)
    for (leaf, gradient) in zip(leaves, expected.gradients) {
      #expect(relativeDistance(try #require(leaf.gradient).doubles(), gradient) < tolerance)
    }
  }

  @Test("InfoNCE with a queue is solo-learn's and PyContrast's")
  func infoNCE() throws {
    try expect(golden.infoNCE, [unit("queries")]) {
      try Pretraining.infoNCE($0[0], keys: unit("keys"), queue: unit("queue", 7), temperature: 0.2)
    }
  }

  private func bank() throws -> (rows: Tensor, negatives: Tensor) {
    (try unit("bank", Self.images), try Formula.integers("negatives", [Self.batch, 4], below: Self.images))
  }

  @Test("Instance discrimination over sampled rows of a bank is PyContrast's, and PIRL's two terms are weighted as the paper's")
  func instances() throws {
    let (bank, negatives) = try bank()
    try expect(golden.instance.insdis, [unit("image")]) {
      try instanceDiscrimination($0[0], bank: bank, indices: indices, negatives: negatives, temperature: 0.07)
    }
    try expect(golden.instance.pirl, [unit("image"), unit("jigsaw")]) {
      try pretextInvariance(
        image: $0[0], jigsaw: $0[1], bank: bank, indices: indices, negatives: negatives, temperature: 0.07, jigsawWeight: 0.3)
    }
  }

  @Test("NT-Xent is solo-learn's mean over both views, half of the official code's")
  func ntXent() throws {
    try expect(golden.ntXent, [rows("first"), rows("second")]) { try Pretraining.ntXent($0[0], $0[1], temperature: 0.1) }
  }

  @Test("BYOL's regression and SimSiam's negative cosine are solo-learn's; without the stop the target has a gradient too")
  func regression() throws {
    let target = try rows("target")
    try expect(golden.regression.byol, [rows("prediction")]) { try bootstrapRegression($0[0], targets: target) }
    try expect(golden.regression.simsiam, [rows("prediction")]) { try negativeCosine($0[0], targets: target) }
    try expect(golden.regression.simsiamWithoutStop, [rows("prediction"), target]) {
      try negativeCosine($0[0], targets: $0[1], stopsGradient: false)
    }
  }

  @Test("Barlow Twins is solo-learn's at a scale of 1, VICReg the official code's")
  func redundancy() throws {
    try expect(golden.redundancy.barlow, [rows("first"), rows("second")]) { try barlowTwins($0[0], $0[1], offDiagonalWeight: 0.0051) }
    try expect(golden.redundancy.vicreg, [rows("first"), rows("second")]) {
      try varianceInvarianceCovariance($0[0], $0[1], invariance: 25, variance: 25, covariance: 1)
    }
  }

  @Test("SwAV's swapped prediction is solo-learn's, and so is DeepCluster-v2's classification, an image without a cluster left out")
  func clusters() throws {
    let codes = try (0..<2).map { try (3 * rows("code\($0)", Self.batch, Self.codes)).softmax(along: 1) }
    try expect(golden.clusters.swav, (0..<3).map { try rows("score\($0)", Self.batch, Self.codes) }) {
      try swappedPrediction(scores: $0, codes: codes, temperature: 0.1)
    }
    let own = try [Tensor([0, 3, 1, 4, 2, 2] as [Int64]), Tensor([1, 1, -100, 3, 3, 4] as [Int64])]
    try expect(golden.clusters.deepcluster, (0..<2).map { try rows("scores\($0)", 2 * Self.batch, Self.codes) }) {
      try clusterClassification(scores: $0, assignments: own, temperature: 0.1)
    }
  }

  @Test("ProtoNCE lists the batch's prototypes first, each over its own concentration, as PCL's formula does")
  func protoNCE() throws {
    let concentrations = try (Formula.uniform("phi", [9]) + 1.0) / 10.0 + 0.1
    let own = try Tensor([4, 0, 4, 7, 1, 0] as [Int64]), prototypes = try unit("prototypes", 9)
    try expect(golden.protoNCE, [unit("queries")]) {
      try prototypeContrast($0[0], prototypes: prototypes, concentrations: concentrations, own: own, negatives: Tensor([2, 8, 3] as [Int64]))
    }
    // A negative that does not count changes nothing.
    try expect(golden.protoNCE, [unit("queries")]) {
      try prototypeContrast(
        $0[0], prototypes: prototypes, concentrations: concentrations, own: own, negatives: Tensor([2, 5, 8, 3] as [Int64]),
        isDrawn: Tensor([true, false, true, true]))
    }
  }

  @Test("DINO's loss and its center are the official code's")
  func dino() throws {
    let center = try 0.3 * rows("center", 1, Self.codes), teacher = try (0..<2).map { try rows("teacher\($0)", Self.batch, Self.codes) }
    let temperature = golden.dino.temperatures[1]
    try expect(.init(loss: golden.dino.loss, gradients: golden.dino.gradients), (0..<4).map { try rows("student\($0)", Self.batch, Self.codes) }) {
      try selfDistillation(student: $0, teacher: teacher, center: center, studentTemperature: 0.1, teacherTemperature: temperature)
    }
    try moveCenter(center, towards: teacher, momentum: 0.9)
    #expect(relativeDistance(try center.doubles(), golden.dino.center) < 1e-12)
  }
}
