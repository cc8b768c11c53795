import Studies
import Testing

@Suite struct RecipeTests {
  @Test("The standard classification recipe is that of the 2021 benchmark")
  func classification() {
    for kind in [TaskKind.multiLabelClassification, .binaryClassification] {
      let recipe = Recipe.standard(for: kind)
      #expect(recipe.architecture == "resnet50")
      #expect(recipe.inputSize == 224 && recipe.resizeSize == 256 && recipe.inputChannels == 3)
      #expect(recipe.normalization == .imagenet && recipe.augmentation == .standard && recipe.shuffle)
      #expect(recipe.loss == .binaryCrossEntropy && recipe.learningRate == 2e-4)
      #expect(recipe.optimizer == .adam(AdamSettings(beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0)))
      #expect(recipe.schedule == .reduceOnPlateau(PlateauSettings(factor: 0.5, patience: 5, threshold: 1e-4)))
      #expect(recipe.batchSize == 32 && recipe.epochs == 1000 && recipe.earlyStoppingPatience == 10)
      #expect(recipe.mode == .fullFineTuning && recipe.precision == .float32 && recipe.testTimeAugmentation == .tenCrop)
    }
  }

  @Test("The standard segmentation recipe is that of the 2021 benchmark")
  func segmentation() {
    let recipe = Recipe.standard(for: .binarySegmentation)
    #expect(recipe.inputSize == 224 && recipe.resizeSize == 224 && recipe.normalization == .none)
    #expect(recipe.loss == .softDice && recipe.learningRate == 1e-3 && recipe.schedule == .cosine)
    #expect(recipe.batchSize == 32 && recipe.evaluationBatchSize == 48)
    #expect(recipe.epochs == 200 && recipe.earlyStoppingPatience == 20 && recipe.testTimeAugmentation == .none)
  }

  @Test("Images are resized to 256 for a crop of 224, and in that proportion for other crops")
  func resizeSize() {
    #expect(Recipe.standardResizeSize(for: .binaryClassification, inputSize: 224) == 256)
    #expect(Recipe.standardResizeSize(for: .binaryClassification, inputSize: 64) == 73)
    #expect(Recipe.standardResizeSize(for: .binarySegmentation, inputSize: 512) == 512)
  }
}
