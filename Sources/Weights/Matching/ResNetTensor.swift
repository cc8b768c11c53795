internal import Containers

/// What a tensor of a ResNet is, read off its torchvision name.
struct ResNetTensor {
  /// A convolution and the normalization behind it. Sorted in order of creation: a block's shortcut comes before its other
  /// convolutions, as in TensorFlow's SimCLR.
  struct Place: Hashable, Comparable {
    /// 0 for the stem, 1 to 4 for the layers.
    let layer: Int
    let block: Int
    /// 0 for the shortcut (and in the stem), 1 to 3 for `conv1` to `conv3`.
    let position: Int

    static func < (first: Place, second: Place) -> Bool {
      (first.layer, first.block, first.position) < (second.layer, second.block, second.position)
    }
  }

  let place: Place
  let isNormalization: Bool
  /// `weight`, `bias`, `running_mean`, `running_var`.
  let parameter: String

  /// Nil for a name that no torchvision ResNet has.
  init?(_ name: String) {
    let parts = name.split(separator: ".").map(String.init)
    guard let parameter = parts.last else { return nil }
    self.parameter = parameter
    if parts.count == 2, parts[0] == "conv1" || parts[0] == "bn1" {
      place = Place(layer: 0, block: 0, position: 0)
      isNormalization = parts[0] == "bn1"
    } else if parts.count >= 4, parts[0].hasPrefix("layer"), let layer = Int(parts[0].dropFirst(5)), let block = Int(parts[1]) {
      if parts.count == 5, parts[2] == "downsample", parts[3] == "0" || parts[3] == "1" {
        place = Place(layer: layer, block: block, position: 0)
        isNormalization = parts[3] == "1"
      } else if parts.count == 4, let position = parts[2].last?.wholeNumberValue, ["conv", "bn"].contains(parts[2].dropLast()) {
        place = Place(layer: layer, block: block, position: position)
        isNormalization = parts[2].hasPrefix("bn")
      } else {
        return nil
      }
    } else {
      return nil
    }
    let allowed = isNormalization ? ["weight", "bias", "running_mean", "running_var"] : ["weight"]
    guard allowed.contains(parameter) else { return nil }
  }

  private var isStem: Bool { place.layer == 0 }

  /// The name in a `Sequential` of torchvision's children: conv1, bn1, relu, maxpool, layer1 … layer4.
  func sequentialName(of name: String) -> String {
    let rest = name.drop { $0 != "." }
    return isStem ? "\(isNormalization ? 1 : 0)\(rest)" : "\(place.layer + 3)\(rest)"
  }

  var transformersRule: KeyRule {
    let kind = isNormalization ? "normalization" : "convolution"
    var module = "embedder.embedder"
    if !isStem {
      module = "encoder.stages.\(place.layer - 1).layers.\(place.block)"
      module += place.position == 0 ? ".shortcut" : ".layer.\(place.position - 1)"
    }
    return KeyRule(key: "\(module).\(kind).\(parameter)")
  }

  /// The parameter's name in TensorFlow and Keras.
  private var tensorFlowParameter: String {
    guard isNormalization else { return "kernel" }
    switch parameter {
    case "weight": return "gamma"
    case "bias": return "beta"
    case "running_mean": return "moving_mean"
    default: return "moving_variance"
    }
  }

  func tensorFlowRule(number: Int) -> KeyRule {
    let layer = (isNormalization ? "batch_normalization" : "conv2d") + (number == 0 ? "" : "_\(number)")
    return KeyRule(key: "\(layer)/\(tensorFlowParameter)", axes: isNormalization ? .asStored : .outputFirst)
  }

  var haikuRule: KeyRule {
    let kind = isNormalization ? "batchnorm" : "conv"
    var module = "initial_\(kind)"
    if !isStem {
      let unit = place.position == 0 ? "shortcut_\(kind)" : "\(kind)_\(place.position - 1)"
      module = "block_group_\(place.layer - 1)/block_\(place.block)/\(unit)"
    }
    guard isNormalization else { return KeyRule(key: module + ".w", axes: .outputFirst) }
    switch parameter {
    case "weight": return KeyRule(key: module + ".scale", axes: .flat)
    case "bias": return KeyRule(key: module + ".offset", axes: .flat)
    case "running_mean": return KeyRule(key: module + "/mean_ema.average", axes: .flat)
    default: return KeyRule(key: module + "/var_ema.average", axes: .flat)
    }
  }

  var kerasRule: KeyRule {
    let unit = isStem ? "conv1" : "conv\(place.layer + 1)_block\(place.block + 1)_\(place.position)"
    let key = "\(unit)_\(isNormalization ? "bn" : "conv")/\(tensorFlowParameter)"
    if parameter == "running_mean" { return KeyRule(key: key, bias: "\(unit)_conv/bias") }
    return KeyRule(key: key, axes: isNormalization ? .asStored : .outputFirst)
  }
}
