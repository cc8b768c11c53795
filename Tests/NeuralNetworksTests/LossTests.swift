import Foundations
import NeuralNetworks
import Testing
import Torch

@Suite struct LossTests {
  private func check(
    _ golden: TrainingRuleGolden.Loss, logits values: [Double], _ loss: (Tensor) throws -> Tensor
  ) throws {
    for (type, tolerance) in [(ScalarType.float64, 1e-12), (.float32, 1e-5)] {
      let logits = try Tensor(values, shape: [3, 4]).to(type: type)
      try logits.setRequiresGradient(true)
      let result = try loss(logits)
      try result.backward()
      #expect(result.shape == [])
      #expect(relativeDistance([try result.item()], [golden.loss]) < tolerance)
      let gradient = try #require(logits.gradient).to(type: .float64).doubles()
      #expect(relativeDistance(gradient, golden.gradient) < tolerance)
    }
  }

  @Test("Soft Dice and its gradient equal the formula differentiated by PyTorch")
  func softDice() throws {
    let golden = try TrainingRuleGolden.load().losses
    let targets = try Tensor(golden.targets, shape: [3, 4])
    try check(golden.softDice, logits: golden.logits) { try softDiceLoss($0, targets: targets) }
  }

  @Test("Binary cross entropy without unknown targets equals PyTorch's")
  func binaryCrossEntropy() throws {
    let golden = try TrainingRuleGolden.load().losses
    let targets = try Tensor(golden.targets, shape: [3, 4])
    try check(golden.binaryCrossEntropy, logits: golden.logits) { try maskedBinaryCrossEntropy($0, targets: targets) }
  }

  @Test("Binary cross entropy with unknown targets equals PyTorch's over the known ones, with gradient 0 at the others")
  func masked() throws {
    let golden = try TrainingRuleGolden.load().losses
    let masked = zip(golden.targets, golden.known).map { $1 ? $0 : .nan }
    let targets = try Tensor(masked, shape: [3, 4])
    #expect(golden.known.contains(false))
    try check(golden.maskedBinaryCrossEntropy, logits: golden.logits) {
      try maskedBinaryCrossEntropy($0, targets: targets)
    }
  }

  @Test("Where nothing is known, binary cross entropy is 0 and so is its gradient")
  func nothingKnown() throws {
    let logits = try Tensor([1.0, -200.0], shape: [1, 2])
    try logits.setRequiresGradient(true)
    let loss = try maskedBinaryCrossEntropy(logits, targets: Tensor([Double.nan, .nan], shape: [1, 2]))
    try loss.backward()
    #expect(try loss.item() == 0)
    #expect(try logits.gradient?.doubles() == [0, 0])
  }

  @Test("Binary cross entropy of a logit of 200 that is wrong is 200, not infinite")
  func confident() throws {
    let loss = try maskedBinaryCrossEntropy(Tensor([200.0, -200.0]), targets: Tensor([0.0, 1.0]))
    #expect(abs(try loss.item() - 200) < 1e-9)
  }

  @Test("Losses of numbers are the means of their formulas over the known targets, with the formula's gradient there and 0 elsewhere")
  func numbers() throws {
    let answers = [0.5, -2, 3, 1], targets = [1.0, 1, .nan, 1.25], known = [0, 1, 3]
    let differences = known.map { answers[$0] - targets[$0] }
    func check(_ loss: (Tensor, Tensor) throws -> Tensor, _ value: (Double) -> Double, _ slope: (Double) -> Double) throws {
      let z = try Tensor(answers, shape: [2, 2])
      try z.setRequiresGradient(true)
      let found = try loss(z, Tensor(targets, shape: [2, 2]))
      try found.backward()
      #expect(abs(try found.item() - differences.map(value).reduce(0, +) / 3) < 1e-12)
      let gradient = try #require(z.gradient).doubles()
      #expect(gradient[2] == 0 && zip(known, differences).allSatisfy { abs(gradient[$0] - slope($1) / 3) < 1e-12 })
    }
    try check({ try maskedSquaredError($0, targets: $1) }, { $0 * $0 }, { 2 * $0 })
    try check({ try maskedHuberLoss($0, targets: $1) }, { abs($0) < 1 ? $0 * $0 / 2 : abs($0) - 0.5 }, { min(max($0, -1), 1) })
    #expect(try maskedSquaredError(Tensor([1.0], shape: [1, 1]), targets: Tensor([Double.nan], shape: [1, 1])).item() == 0)
  }

  @Test("Cross entropy equals PyTorch's")
  func crossEntropy() throws {
    let golden = try TrainingRuleGolden.load().losses
    let classes = try Tensor(golden.classes)
    try check(golden.crossEntropy, logits: golden.logits) { try softmaxCrossEntropy($0, targets: classes) }
    let width = golden.logits.count / golden.classes.count
    let certain = golden.classes.flatMap { truth in (0..<width).map { $0 == Int(truth) ? 1.0 : 0 } }
    let targets = try Tensor(certain, shape: [golden.classes.count, width])
    try check(golden.crossEntropy, logits: golden.logits) { try softmaxCrossEntropy($0, targets: targets) }
  }

  @Test("Weighted binary cross entropy with unknown targets equals PyTorch's with pos_weight over the known ones")
  func weightedBinaryCrossEntropy() throws {
    let golden = try TrainingRuleGolden.load().losses
    let targets = try Tensor(zip(golden.targets, golden.known).map { $1 ? $0 : .nan }, shape: [3, 4])
    let weights = try Tensor(golden.weights)
    try check(golden.weightedBinaryCrossEntropy, logits: golden.logits) {
      try maskedBinaryCrossEntropy($0, targets: targets, positiveWeights: weights)
    }
  }

  @Test("Weighted cross entropy equals PyTorch's of a class's index, also where targets are probabilities")
  func weightedCrossEntropy() throws {
    let golden = try TrainingRuleGolden.load().losses
    let classes = try Tensor(golden.classes), certain = try classes.oneHot(classCount: 4).to(type: .float64)
    let weights = try Tensor(golden.weights)
    for targets in [classes, certain] {
      try check(golden.weightedCrossEntropy, logits: golden.logits) {
        try softmaxCrossEntropy($0, targets: targets, classWeights: weights)
      }
    }
  }

  @Test("Cross entropy of a logit of 1000 that is wrong is 1000, not infinite")
  func farWrong() throws {
    let logits = try Tensor([1000.0, 0], shape: [1, 2])
    #expect(abs(try softmaxCrossEntropy(logits, targets: Tensor([0.0, 1], shape: [1, 2])).item() - 1000) < 1e-9)
  }

  @Test("Logits in bfloat16 give a loss in float32")
  func halfPrecision() throws {
    let logits = try Tensor([0.5, -0.5]).to(type: .bfloat16)
    let targets = try Tensor([1.0, 0.0])
    #expect(try softDiceLoss(logits, targets: targets).scalarType == .float32)
    #expect(try maskedBinaryCrossEntropy(logits, targets: targets).scalarType == .float32)
  }

  @Test("Soft Dice of a batch is that of its pixels in any order, and an empty mask called empty costs almost nothing")
  func diceLaws() throws {
    let logits = try Tensor([3.0, -2, 0.5, 1], shape: [2, 1, 1, 2]), targets = try Tensor([1.0, 0, 0, 1], shape: [2, 1, 1, 2])
    let flat = try softDiceLoss(Tensor([1.0, 0.5, -2, 3]), targets: Tensor([1.0, 0, 0, 1])).item()
    #expect(abs(try softDiceLoss(logits, targets: targets).item() - flat) < 1e-12)
    let empty = try softDiceLoss(Tensor([-30.0, -30]), targets: Tensor([0.0, 0])).item()
    #expect(empty >= 0 && empty < 1e-9)
  }

  @Test("Targets of another shape are refused")
  func shapes() throws {
    let error = #expect(throws: NeuralNetworksError.self) {
      try softDiceLoss(Tensor.zeros([2, 1]), targets: Tensor.zeros([2]))
    }
    #expect(
      error?.description
        == "The targets have the shape [2], where [2, 1] is needed. Give one target for each logit.")
  }
}
