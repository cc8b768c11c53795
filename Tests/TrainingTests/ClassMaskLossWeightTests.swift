import Datasets
import Foundation
import Foundations
import Loading
import NeuralNetworks
import Phantoms
import Studies
import Testing
import Torch

@testable import Training

private let side = 32

@Suite("Weights of several classes' masks")
struct ClassMaskLossWeightTests {
  /// Drawn lungs, whose masks stand for two classes: of the label map the heart is in none.
  private final class Drawn {
    let folder: URL

    init() throws {
      folder = FileManager.default.temporaryDirectory.appendingPathComponent("weights-\(UUID().uuidString)")
      try PhantomWriter.write(kind: .lungs, counts: PhantomCounts(training: 4, validation: 1, test: 1), size: side, seed: SeedPath(0), to: folder)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
  }

  private func recipe(_ kind: TaskKind, _ weights: ClassWeights?) -> Recipe {
    var recipe = Recipe.standard(for: kind)
    (recipe.architecture, recipe.inputSize, recipe.resizeSize, recipe.augmentation, recipe.classWeights) = ("resnet18", side, side, .none, weights)
    return recipe
  }

  private func splits(_ drawn: Drawn, _ kind: TaskKind) throws -> DatasetSplits {
    let split = SplitRule(validation: 0.3, test: 0.3)
    if kind == .multiclassSegmentation {
      var source = MaskFolderSource(training: FolderPair(images: drawn.path("images"), masks: drawn.path("masks")), split: split)
      source.meaning = MaskMeaning(labels: ["lung": [255], "heart": [7]])
      return try DatasetResolver.resolve(.maskFolders(source), kind: kind)
    }
    let pair = FolderPair(images: [drawn.path("images")], masks: [drawn.path("masks"), drawn.path("masks")], maskClasses: ["lung", "heart"])
    return try DatasetResolver.resolve(.maskFolders(MaskFolderSource(training: pair, split: split)), kind: kind)
  }

  @Test("Balanced weights count pixels: of a label map n over k times those of a class, the background one; of masks without over with the class")
  func balanced() throws {
    let drawn = try Drawn(), map = TaskKind.multiclassSegmentation, masks = TaskKind.multiLabelSegmentation
    func pixels(_ kind: TaskKind) throws -> (lung: Double, all: Double) {
      let pipeline = try SamplePipeline(recipe: recipe(kind, nil), kind: kind, stage: .validation), data = try splits(drawn, kind)
      let planes = try data.training.map { try #require(try pipeline.load($0, seed: SeedPath(1)).mask) }, place = try #require(data.maskClasses.firstIndex(of: "lung"))
      let lung = planes.reduce(0) { $0 + $1[(place * side * side)..<((place + 1) * side * side)].reduce(0) { $0 + Double($1) } }
      return (lung, Double(planes.count * side * side))
    }
    let found = try pixels(map), ofMap = try #require(try LossWeights(recipe(map, .balanced), kind: map, splits: splits(drawn, map)))
    #expect(found.lung > 0 && found.lung < found.all)
    // The order is that of the levels: the heart's 7 before the lung's 255. What no image has weighs 1.
    #expect(ofMap.values == [found.all / (3 * (found.all - found.lung)), 1, found.all / (3 * found.lung)], "\(ofMap.values)")
    let other = try pixels(masks), ofMasks = try #require(try LossWeights(recipe(masks, .balanced), kind: masks, splits: splits(drawn, masks)))
    #expect(ofMasks.values == [(other.all - other.lung) / other.lung, (other.all - other.lung) / other.lung])
    #expect(try LossWeights(recipe(map, nil), kind: map, splits: splits(drawn, map)) == nil)
  }

  @Test("Numbers are of classes by name, and of a label map of its background too; a name that there is not is refused")
  func named() throws {
    let drawn = try Drawn(), map = TaskKind.multiclassSegmentation, masks = TaskKind.multiLabelSegmentation
    #expect(try LossWeights(recipe(map, .perClass(["heart": 3, "background": 0.5])), kind: map, splits: splits(drawn, map))?.values == [0.5, 3, 1])
    #expect(try LossWeights(recipe(masks, .perClass(["heart": 3])), kind: masks, splits: splits(drawn, masks))?.values == [1, 3])
    let error = #expect(throws: TrainingError.self) { try LossWeights(recipe(masks, .perClass(["background": 3])), kind: masks, splits: splits(drawn, masks)) }
    #expect(error?.description == "The recipe's classWeights name the class “background”, which the data do not have. Choose one of: lung, heart.")
  }

  @Test("The objective weighs the cross entropy and leaves the soft Dice as it is")
  func objective() throws {
    let drawn = try Drawn(), numerics = NumericSetting(device: .cpu, precision: .float64)
    for (kind, channels) in [(TaskKind.multiclassSegmentation, 3), (.multiLabelSegmentation, 2)] {
      let logits = try Tensor((0..<channels * 16).map { sin(Double(3 * $0 + 1)) }, shape: [1, channels, 4, 4])
      let targets = try Tensor((0..<32).map { $0 % 5 == 0 && $0 < 16 || $0 % 7 == 4 && $0 >= 16 ? 1.0 : 0 }, shape: [1, 2, 4, 4])
      func loss(_ weights: ClassWeights?, _ loss: Loss) throws -> Double {
        var own = recipe(kind, weights)
        own.loss = loss
        let found = try LossWeights(own, kind: kind, splits: splits(drawn, kind))
        return try Objective(own, answer: kind.answer, weights: found, on: numerics)(logits: logits, targets: targets).item()
      }
      let entropy = kind == .multiclassSegmentation ? Loss.softmaxCrossEntropy : .binaryCrossEntropy, weights = ClassWeights.perClass(["heart": 4])
      let plain = try loss(nil, entropy), weighted = try loss(weights, entropy)
      #expect(abs(plain - weighted) > 1e-3)
      let both = try loss(weights, .diceCrossEntropy), bothPlain = try loss(nil, .diceCrossEntropy), ones = try loss(.perClass(["lung": 1]), entropy)
      #expect(abs(both - weighted - (bothPlain - plain)) < 1e-12 && abs(ones - plain) < 1e-12)
    }
  }
}
