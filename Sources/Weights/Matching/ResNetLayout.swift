internal import Containers
internal import Foundation
internal import Foundations

/// Which ResNet a set of names and shapes belongs to, as far as they tell; and the names and shapes of those that are offered.
public struct ResNetLayout: Equatable, Sendable {
  /// Blocks in each layer: four for ImageNet's ResNets, three for CIFAR-10's.
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
    if depths.last == 0 { depths.removeLast() }
  }

  /// The name that a recipe gives the architecture; nil for one that is none of the plain ResNets.
  var architecture: String? {
    Plain.all.first { $0.depths == depths && $0.isBottleneck == isBottleneck && innerShape == [$0.width, $0.width, 3, 3] }?.name
  }

  /// What it is called in a sentence.
  var description: String {
    if let architecture { return "a \(architecture.replacingOccurrences(of: "resnet", with: "ResNet-"))" }
    let blocks = isBottleneck ? "bottleneck" : "basic"
    let shape = innerShape.map(String.init).joined(separator: "×")
    let counts = depths.map(String.init).joined(separator: "-")
    return "a ResNet variant of \(counts) \(blocks) blocks whose inner convolution is \(shape)"
  }

  /// The names of the architectures whose tensors are known here.
  public static let architectures: [String] = Plain.all.map(\.name)

  /// The tensors of a backbone in `state_dict()` order, without the classifier: what a file of weights must hold, said without
  /// building the network.
  ///
  /// ImageNet's ResNets are torchvision's v1.5. CIFAR-10's (He et al. 2016, section 4.2) have a stem of 3 × 3, three layers of 16,
  /// 32 and 64 channels, and shortcuts without parameters.
  ///
  /// - Throws: `WeightsError` that names the nearest architecture.
  public static func expectedTensors(
    architecture: String, inputChannels: Int = 3
  ) throws -> [(name: String, shape: [Int])] {
    guard let plain = Plain.all.first(where: { $0.name == architecture }) else {
      throw WeightsError.unknownArchitecture(architecture, known: architectures)
    }
    return plain.tensors(inputChannels: inputChannels)
  }
}

/// A ResNet without variations.
private struct Plain {
  let name: String
  let depths: [Int]
  let isBottleneck: Bool
  /// The channels inside the first layer's blocks, and of the stem.
  let width: Int
  let stemKernel: Int
  let hasProjections: Bool

  static let all: [Plain] =
    [
      ("resnet18", [2, 2, 2, 2], false), ("resnet34", [3, 4, 6, 3], false), ("resnet50", [3, 4, 6, 3], true),
      ("resnet101", [3, 4, 23, 3], true), ("resnet152", [3, 8, 36, 3], true),
    ].map { Plain(name: $0, depths: $1, isBottleneck: $2, width: 64, stemKernel: 7, hasProjections: true) }
    + [20, 32, 44, 56].map { depth in
      Plain(
        name: "resnet\(depth)", depths: [Int](repeating: (depth - 2) / 6, count: 3), isBottleneck: false, width: 16,
        stemKernel: 3, hasProjections: false)
    }

  func tensors(inputChannels: Int) -> [(name: String, shape: [Int])] {
    var tensors: [(name: String, shape: [Int])] = []
    func unit(_ convolution: String, _ normalization: String, _ input: Int, _ output: Int, _ kernel: Int) {
      tensors.append((convolution + ".weight", [output, input, kernel, kernel]))
      for part in ["weight", "bias", "running_mean", "running_var"] { tensors.append(("\(normalization).\(part)", [output])) }
      tensors.append((normalization + KeyRules.counter, []))
    }
    unit("conv1", "bn1", inputChannels, width, stemKernel)
    var input = width
    for (layer, depth) in depths.enumerated() {
      let inner = width << layer
      let output = isBottleneck ? 4 * inner : inner
      for block in 0..<depth {
        let path = "layer\(layer + 1).\(block)"
        let kernels = isBottleneck ? [1, 3, 1] : [3, 3]
        let widths = isBottleneck ? [input, inner, inner, output] : [input, inner, output]
        for (index, kernel) in kernels.enumerated() {
          unit("\(path).conv\(index + 1)", "\(path).bn\(index + 1)", widths[index], widths[index + 1], kernel)
        }
        if hasProjections && block == 0 && input != output {
          unit("\(path).downsample.0", "\(path).downsample.1", input, output, 1)
        }
        input = output
      }
    }
    return tensors
  }
}

extension WeightsError {
  fileprivate static func unknownArchitecture(_ name: String, known: [String]) -> WeightsError {
    WeightsError(
      .unknownEntry, "The tensors of “\(name)” are not known without its network.", remedy: suggestion(for: name, in: known))
  }
}
