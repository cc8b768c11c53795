extension Recipe {
  /// The recipe of the 2021 benchmark (Hosseinzadeh Taher et al., arXiv 2108.05930, and the defaults of its released code).
  ///
  /// Not from there: `precision` could only be float32 then, `brokenFileLimit` is this project's, and the classification
  /// batch for evaluation equals the training batch.
  public static func standard(for kind: TaskKind) -> Recipe {
    kind.standardRecipe
  }

  static let classification = Recipe(
    architecture: "resnet50", inputSize: 224, resizeSize: 256, inputChannels: 3, normalization: .imagenet,
    augmentation: .standard, shuffle: true, loss: .binaryCrossEntropy, optimizer: .adam(AdamSettings()),
    learningRate: 2e-4, schedule: .reduceOnPlateau(PlateauSettings()), batchSize: 32, evaluationBatchSize: 32,
    epochs: 1000, maximumSteps: nil, earlyStoppingPatience: 10, mode: .fullFineTuning, precision: .float32,
    testTimeAugmentation: .tenCrop, brokenFileLimit: 0.01)

  static let segmentation = Recipe(
    architecture: "resnet50", inputSize: 224, resizeSize: 224, inputChannels: 3, normalization: .none,
    augmentation: .standard, shuffle: true, loss: .softDice, optimizer: .adam(AdamSettings()), learningRate: 1e-3,
    schedule: .cosine, batchSize: 32, evaluationBatchSize: 48, epochs: 200, maximumSteps: nil,
    earlyStoppingPatience: 20, mode: .fullFineTuning, precision: .float32, testTimeAugmentation: .none,
    brokenFileLimit: 0.01)

  /// The side to resize to before a crop of `inputSize`: the 256 for 224 of the 2021 benchmark, in proportion.
  public static func standardResizeSize(for kind: TaskKind, inputSize: Int) -> Int {
    // 256 / 224 = 8 / 7, rounded to the nearest pixel; overflow cannot occur for sizes that validation lets through.
    kind.isSegmentation ? inputSize : Int((Double(inputSize) * 8 / 7).rounded())
  }
}

extension Recipe {
  /// How many numbers the network answers with for these classes: one each, or one for each of three states.
  public func outputCount(classes: Int) -> Int { labelPolicy == .multiClass ? 3 * classes : classes }

  /// This recipe with changes, as built-in tasks state theirs.
  func changed(_ change: (inout Recipe) -> Void) -> Recipe {
    var recipe = self
    change(&recipe)
    return recipe
  }
}
