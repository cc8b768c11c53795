/// What there is to know about an architecture before one is made: what recipes, rules, weights and networks all ask of it.
public struct ArchitectureRecord: Hashable, Sendable, Identifiable {
  /// The name in recipes and on the command line, such as `resnet50`.
  public let id: String
  /// The name in tables and figures, such as `ResNet-50`.
  public let title: String
  /// The parts that the backbone consists of, from fine to coarse; each gives one feature map.
  public let stages: [FeatureStage]
  /// What the published classifier calls its last layer; every other name of its state is the backbone.
  public let headName: String
  /// The arithmetics that published weights of this architecture were trained with.
  public let arithmetics: [Arithmetic]
  /// The side in pixels of the images that it was designed for: 224 for ImageNet's, 32 for CIFAR-10's.
  public let naturalSize: Int
  /// The channels of images that it can be made for.
  public let inputChannels: [Int]
  /// What a side of an image must be a multiple of; 1 where any side will do.
  public let sizeMultiple: Int
  /// What can be made of it beside a classifier.
  public let uses: Set<ArchitectureUse>
  /// Whether it normalizes over the images of a batch, so that these depend on each other in training.
  public let normalizesBatches: Bool
  /// The first parts of those of the backbone's names that stand behind all stages, as a last normalization does; where the learning rate
  /// decays from stage to stage, theirs is the head's.
  public let closingNames: [String]

  public init(
    id: String, title: String, stages: [FeatureStage], headName: String, arithmetics: [Arithmetic] = [.torchvision],
    naturalSize: Int = 224, inputChannels: [Int] = [1, 3], sizeMultiple: Int = 1, uses: Set<ArchitectureUse> = Set(ArchitectureUse.allCases),
    normalizesBatches: Bool = true, closingNames: [String] = []
  ) {
    self.id = id
    self.title = title
    self.stages = stages
    self.headName = headName
    self.arithmetics = arithmetics
    self.naturalSize = naturalSize
    self.inputChannels = inputChannels
    self.sizeMultiple = sizeMultiple
    self.uses = uses
    self.normalizesBatches = normalizesBatches
    self.closingNames = closingNames
  }

  /// The length of the vector that the head sees.
  public var featureCount: Int { stages.last?.channels ?? 0 }

  /// Images of multiples of this size keep their proportions in every feature map.
  public var coarsestStride: Int { stages.last?.stride ?? 1 }

  /// The least side of an image: its last feature map is then one place.
  public var leastSize: Int { coarsestStride }

  /// The side that images are resized to before one of this size is cut out of them: as 256 is to 224; small pictures are not cut.
  public func resizeSize(forInput size: Int) -> Int { naturalSize < 64 ? size : size * 8 / 7 }
}

/// What can be made of a backbone beside a classifier. What an architecture's record does not name is refused, in words.
public enum ArchitectureUse: String, CaseIterable, Sendable {
  /// The encoder of a U-Net: its maps halve from the first stage to the last, none skipped on the way back to the image's size.
  case unetEncoder
  /// Grad-CAM: the head's vector is made of the last map alone.
  case gradCAM
  /// Self-supervised pre-training by the methods that are offered, whose recipes are of networks with batch normalization.
  case selfSupervision
}

/// A part of a backbone, and the feature map that it gives.
public struct FeatureStage: Sendable, Hashable {
  /// The name in fingerprints and exported features: `stem`, or as in the state, such as `layer1`.
  public let name: String
  /// The map's channels.
  public let channels: Int
  /// How many pixels of the image lie between two of the map.
  public let stride: Int
  /// Whether an odd side of the stage before loses its last row or column on the way to this one; else the last window hangs over.
  public let roundsDown: Bool

  public init(name: String, channels: Int, stride: Int, roundsDown: Bool = false) {
    self.name = name
    self.channels = channels
    self.stride = stride
    self.roundsDown = roundsDown
  }
}

extension ArchitectureRecord {
  /// The largest side up to one that images can have, and no less than the least one.
  public func size(upTo size: Int) -> Int { max(size / sizeMultiple, 1) * sizeMultiple }

  /// The side of each stage's map for an image of so many pixels a side.
  public func mapSizes(ofImage size: Int) -> [Int] {
    var size = size, stride = 1
    return stages.map { stage in
      let factor = stage.stride / stride
      size = stage.roundsDown ? size / factor : (size + factor - 1) / factor
      stride = stage.stride
      return size
    }
  }
}
