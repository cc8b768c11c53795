internal import Foundations
internal import Vocabulary

/// The architecture is one of the catalog's, where the catalog is known.
struct ArchitectureIsKnown: RecipeRule {
  let names: [String]

  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    if names.isEmpty || names.contains(recipe.architecture) { return [] }
    return [
      RecipeFinding(
        "architecture", "There is no architecture “\(recipe.architecture)”.", suggestion(for: recipe.architecture, in: names))
    ]
  }
}

/// A mask is drawn by a U-Net, so its architecture can be one's encoder.
struct ArchitectureFitsKind: RecipeRule {
  let architectures: [ArchitectureRecord]

  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    guard kind.isSegmentation, let record = architectures.first(where: { $0.id == recipe.architecture }), !record.uses.contains(.unetEncoder)
    else { return [] }
    let others = architectures.filter { $0.uses.contains(.unetEncoder) }.map(\.id)
    return [
      RecipeFinding(
        "architecture", "\(record.title) cannot be the encoder of a U-Net, as segmentation needs: its maps do not halve from stage to stage.",
        "Choose one of: \(others.joined(separator: ", ")).")
    ]
  }
}

/// The input is large enough for the architecture's halvings, of whole patches, and segmentation can double it back.
struct InputSizeFits: RecipeRule {
  let architectures: [ArchitectureRecord]

  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    let record = architectures.first { $0.id == recipe.architecture }
    let least = record?.leastSize ?? 1, stride = record?.coarsestStride ?? 1
    if !(least...Self.greatest).contains(recipe.inputSize) {
      return [
        RecipeFinding(
          "inputSize", "The inputSize \(recipe.inputSize) is not between \(least) and \(Self.greatest).",
          "Use a side in pixels such as \(record?.naturalSize ?? 224).")
      ]
    }
    if let record, recipe.inputSize % record.sizeMultiple != 0 {
      let below = record.size(upTo: recipe.inputSize)
      return [
        RecipeFinding(
          "inputSize", "The inputSize \(recipe.inputSize) is not a multiple of \(record.sizeMultiple), the side of the patches into which \(record.title) cuts images.",
          "Use \(below) or \(below + record.sizeMultiple).")
      ]
    }
    if kind.isSegmentation, recipe.inputSize % stride != 0 {
      let below = recipe.inputSize / stride * stride
      return [
        RecipeFinding(
          "inputSize", "The inputSize \(recipe.inputSize) is not a multiple of \(stride), which segmentation with \(recipe.architecture) needs.",
          "Use \(below) or \(below + stride).")
      ]
    }
    return []
  }

  static let greatest = 4096
}

/// Images are resized to at least what is cut out of them.
struct ResizeSizeFits: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    // A size that is out of range has its own sentence.
    guard (1...InputSizeFits.greatest).contains(recipe.inputSize) else { return [] }
    if kind.isSegmentation {
      if recipe.resizeSize == recipe.inputSize { return [] }
      return [
        RecipeFinding(
          "resizeSize",
          "The resizeSize \(recipe.resizeSize) is not the inputSize \(recipe.inputSize): segmentation resizes straight to the input.",
          "Leave resizeSize out for segmentation tasks.")
      ]
    }
    if (recipe.inputSize...8192).contains(recipe.resizeSize) { return [] }
    return [
      RecipeFinding(
        "resizeSize", "The resizeSize \(recipe.resizeSize) is not between the inputSize \(recipe.inputSize) and 8192.",
        "Use a side in pixels such as \(Recipe.standardResizeSize(for: kind, inputSize: recipe.inputSize)).")
    ]
  }
}

/// Images are not reduced below what is then made of them.
struct ReducedSizeFits: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    guard let size = recipe.reducedSize, !(recipe.resizeSize...8192).contains(size) else { return [] }
    return [
      RecipeFinding(
        "reducedSize", "The reducedSize \(size) is not between the resizeSize \(recipe.resizeSize) and 8192.",
        "Use a side in pixels such as \(2 * recipe.resizeSize), or leave it out to keep images as they are.")
    ]
  }
}

/// Images have as many channels as the architecture can be made for.
struct InputChannelsAreSupported: RecipeRule {
  let architectures: [ArchitectureRecord]

  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    let known = architectures.first { $0.id == recipe.architecture }?.inputChannels ?? [1, 3]
    if known.contains(recipe.inputChannels) { return [] }
    let valid = known.sorted(by: >).map { $0 == 1 ? "1 for gray images" : String($0) }.joined(separator: ", or ")
    return [RecipeFinding("inputChannels", "The inputChannels are \(recipe.inputChannels).", "Use \(valid).")]
  }
}

/// A normalization has one finite mean and one positive standard deviation a channel.
struct NormalizationFitsChannels: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    guard case .custom(let mean, let standardDeviation) = recipe.normalization else { return [] }
    if mean.count != recipe.inputChannels || standardDeviation.count != recipe.inputChannels {
      return [
        RecipeFinding(
          "normalization",
          "The normalization has \(mean.count) means and \(standardDeviation.count) standard deviations for \(recipe.inputChannels) channels.",
          "Give one of each for every channel.")
      ]
    }
    if let bad = standardDeviation.first(where: { !($0 > 0 && $0.isFinite) }) {
      return [
        RecipeFinding("normalization.standardDeviation", "The standard deviation \(bad) is not positive.", "Use positive numbers on the scale 0 to 1.")
      ]
    }
    if let bad = mean.first(where: { !$0.isFinite }) {
      return [RecipeFinding("normalization.mean", "The mean \(bad) is not a number.", "Use numbers on the scale 0 to 1.")]
    }
    return []
  }
}

/// The unreadable files that are borne are a fraction.
struct BrokenFileLimitIsAFraction: RecipeRule {
  func findings(in recipe: Recipe, for kind: TaskKind) -> [RecipeFinding] {
    if (0...1).contains(recipe.brokenFileLimit) { return [] }
    return [
      RecipeFinding(
        "brokenFileLimit", "The brokenFileLimit \(recipe.brokenFileLimit) is not between 0 and 1.",
        "Use the fraction of files that may be unreadable, such as 0.01.")
    ]
  }
}
