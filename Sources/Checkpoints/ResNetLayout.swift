internal import Foundation

/// Which ResNet a set of names and shapes belongs to, as far as they tell: for the sentence that says what would fit.
struct ResNetLayout: Equatable {
  /// Blocks in each of layer1 to layer4.
  var depths: [Int]
  var isBottleneck: Bool
  /// The shape of the first block's second convolution, which tells wide and grouped variants apart.
  var innerShape: [Int]
  var inputChannels: Int

  /// Nil when the names are not those of a torchvision ResNet under some prefix.
  init?(_ shapes: [String: [Int]]) {
    let anchor = "layer1.0.conv2.weight"
    guard let name = shapes.keys.filter({ $0.hasSuffix(anchor) }).min(by: { ($0.count, $0) < ($1.count, $1) }),
      let inner = shapes[name]
    else { return nil }
    let prefix = String(name.dropLast(anchor.count))
    guard let stem = shapes[prefix + "conv1.weight"], stem.count == 4 else { return nil }
    innerShape = inner
    inputChannels = stem[1]
    isBottleneck = shapes[prefix + "layer1.0.conv3.weight"] != nil
    depths = (1...4).map { layer in
      var depth = 0
      while shapes["\(prefix)layer\(layer).\(depth).conv1.weight"] != nil { depth += 1 }
      return depth
    }
  }

  /// The name that a recipe gives the architecture; nil for one that is none of the plain ResNets.
  var architecture: String? {
    let plain: [(name: String, depths: [Int], isBottleneck: Bool)] = [
      ("resnet18", [2, 2, 2, 2], false), ("resnet34", [3, 4, 6, 3], false), ("resnet50", [3, 4, 6, 3], true),
      ("resnet101", [3, 4, 23, 3], true), ("resnet152", [3, 8, 36, 3], true),
    ]
    guard innerShape == [64, 64, 3, 3] else { return nil }
    return plain.first { $0.depths == depths && $0.isBottleneck == isBottleneck }?.name
  }

  /// What it is called in a sentence.
  var description: String {
    if let architecture { return "a \(architecture.replacingOccurrences(of: "resnet", with: "ResNet-"))" }
    let blocks = isBottleneck ? "bottleneck" : "basic"
    let shape = innerShape.map(String.init).joined(separator: "×")
    let counts = depths.map(String.init).joined(separator: "-")
    return "a ResNet variant of \(counts) \(blocks) blocks whose inner convolution is \(shape)"
  }
}
