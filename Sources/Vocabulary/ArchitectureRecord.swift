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

  public init(
    id: String, title: String, stages: [FeatureStage], headName: String, arithmetics: [Arithmetic] = [.torchvision],
    naturalSize: Int = 224, inputChannels: [Int] = [1, 3]
  ) {
    self.id = id
    self.title = title
    self.stages = stages
    self.headName = headName
    self.arithmetics = arithmetics
    self.naturalSize = naturalSize
    self.inputChannels = inputChannels
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
