internal import Containers
public import Vocabulary

/// How a framework names and stores the tensors of a network: of a ResNet, where nothing else is said.
public enum KeyNaming: String, Codable, Hashable, Sendable, CaseIterable {
  /// `layer1.0.conv1.weight`: the names of torchvision, DINO, VISSL and all that start from it.
  case torchvision
  /// The same with what wrappers of PyTorch put between the parts: `layer1.0._checkpoint_wrapped_module.conv1.weight`.
  case wrapped
  /// `encoder.stages.0.layers.0.layer.0.convolution.weight`: Hugging Face's transformers.
  case transformers
  /// `4.0.conv1.weight`: torchvision's children in a row, by number: 0 is conv1, 1 is bn1, 4 to 7 are layer1 to layer4.
  case sequential
  /// `conv2d_2/kernel` and `batch_normalization_2/gamma`: numbered in order of creation, the shortcut of a block before its
  /// other convolutions. Kernels lie as [height, width, input, output].
  case tensorFlow
  /// `block_group_0/~/block_0/~/conv_0` in dictionaries of parameters and of states. Kernels as TensorFlow's; what belongs to a
  /// channel lies as [1, 1, 1, channels].
  case haiku
  /// `conv2_block1_1_conv/kernel`. Kernels as TensorFlow's. Convolutions have biases, which torchvision's have not; each goes
  /// into the normalization behind it.
  case keras
  /// `features.denseblock1.denselayer1.norm.1.weight`: torchvision's densely connected networks from before PyTorch 0.4, which allowed a dot in
  /// the name of a layer. Torchvision's own files still have them.
  case denseNetDotted

  public var description: String {
    switch self {
    case .torchvision: "torchvision's names"
    case .wrapped: "torchvision's names with wrappers between their parts"
    case .transformers: "the names of transformers"
    case .sequential: "torchvision's layers by number"
    case .tensorFlow: "TensorFlow's numbered variables"
    case .haiku: "haiku's modules"
    case .keras: "Keras's layers"
    case .denseNetDotted: "torchvision's names of dense layers from before PyTorch 0.4"
    }
  }
}

/// Where a tensor of the network is in a file, and how it lies there.
struct KeyRule: Hashable {
  /// How a stored array's axes become PyTorch's. Never copies.
  enum Axes: Hashable {
    case asStored
    /// [height, width, input, output] → [output, input, height, width].
    case outputFirst
    /// [1, 1, 1, channels] → [channels].
    case flat

    func callAsFunction(_ array: NamedArray) throws -> NamedArray {
      switch self {
      case .asStored: array
      case .outputFirst: array.shape.count == 4 ? try array.permuted([3, 2, 0, 1]) : array
      case .flat: try array.squeezed()
      }
    }
  }

  var key: String
  var axes = Axes.asStored
  /// The bias of the convolution in front, taken from a `running_mean`.
  var bias: String?
}

extension KeyNaming {
  /// Whether tensors have the network's own names behind the prefix.
  var hasOwnNames: Bool { self == .torchvision || self == .wrapped }

  /// Whether keys are taken as they are.
  var keepsKeys: Bool { self != .wrapped && self != .haiku && self != .keras }

  /// What the networks compute that are published under these names; nil where names say nothing of it.
  public var impliedArithmetic: Arithmetic? {
    switch self {
    case .tensorFlow: .samePooling
    case .haiku: .same
    case .keras: .keras
    case .torchvision, .wrapped, .transformers, .sequential, .denseNetDotted: nil
    }
  }

  /// For each of the network's tensors, where a file of this naming has it. Counters, which only PyTorch keeps, are left out.
  ///
  /// - Parameter expected: torchvision's names.
  /// - Returns: nil when the naming is not of such a network.
  func rules(for expected: [String]) -> [String: KeyRule]? {
    let names = expected.filter { !$0.hasSuffix(KeyRules.counter) }
    if hasOwnNames { return Dictionary(names.map { ($0, KeyRule(key: $0)) }, uniquingKeysWith: { first, _ in first }) }
    if self == .denseNetDotted { return Self.dottedRules(for: names) }
    let parts = names.compactMap { name in ResNetTensor(name).map { (name, $0) } }
    guard parts.count == names.count else { return nil }
    let places = Set(parts.map(\.1.place)).sorted()
    let numbers = Dictionary(places.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    var rules: [String: KeyRule] = [:]
    for (name, part) in parts {
      switch self {
      case .torchvision, .wrapped, .denseNetDotted: continue
      case .transformers: rules[name] = part.transformersRule
      case .sequential: rules[name] = KeyRule(key: part.sequentialName(of: name))
      case .tensorFlow: rules[name] = part.tensorFlowRule(number: numbers[part.place] ?? 0)
      case .haiku: rules[name] = part.haikuRule
      case .keras: rules[name] = part.kerasRule
      }
    }
    return rules
  }

  /// The part of a file's key that the rules speak of; nil for a key that is none of this naming.
  func canonical(_ key: String) -> String? {
    switch self {
    case .torchvision, .transformers, .sequential, .tensorFlow, .denseNetDotted: return key
    case .wrapped: return key.split(separator: ".", omittingEmptySubsequences: false).filter { !KeyRules.wrappers.contains($0) }.joined(separator: ".")
    case .haiku: return Self.haikuKey(key)
    case .keras: return Self.kerasKey(key)
    }
  }

  /// `….denselayer1.norm1.weight` lies as `….denselayer1.norm.1.weight`; all else under its own name.
  private static func dottedRules(for names: [String]) -> [String: KeyRule]? {
    var rules: [String: KeyRule] = [:], isDenseNet = false
    for name in names {
      var parts = name.split(separator: ".").map(String.init)
      if let layer = parts.firstIndex(where: { $0.hasPrefix("denselayer") }), layer + 1 < parts.count, ["norm", "conv"].contains(parts[layer + 1].dropLast()) {
        let part = parts[layer + 1]
        parts.replaceSubrange(layer + 1...layer + 1, with: [String(part.dropLast()), String(part.suffix(1))])
        isDenseNet = true
      }
      rules[name] = KeyRule(key: parts.joined(separator: "."))
    }
    return isDenseNet ? rules : nil
  }

  /// `online_state.res_net50/~/block_group_0/~/block_1/~/batchnorm_2/~/mean_ema.average` →
  /// `block_group_0/block_1/batchnorm_2/mean_ema.average`. Of the online network only.
  ///
  /// BYOL's experiment state is a Python named tuple, which a pickle holds without the names of its fields, so they may come
  /// by number: online_params, target_params, online_state, target_state, opt_state.
  private static func haikuKey(_ key: String) -> String? {
    let parts = key.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, ["online_params", "online_state", "0", "2"].contains(parts[0]) else { return nil }
    let modules = parts[1].split(separator: "/").filter { $0 != "~" }
    guard let first = modules.firstIndex(where: { $0.hasPrefix("initial_") || $0.hasPrefix("block_group_") }) else { return nil }
    return modules[first...].joined(separator: "/") + "." + parts[2]
  }

  /// `model_weights/conv1_conv/conv1_conv/kernel:0` → `conv1_conv/kernel`.
  private static func kerasKey(_ key: String) -> String? {
    let parts = key.split { $0 == "." || $0 == "/" }
    guard parts.count >= 2, parts[0] != "optimizer_weights" else { return nil }
    let variable = parts[parts.count - 1].split(separator: ":")[0]
    return "\(parts[parts.count - 2])/\(variable)"
  }
}
