public import Foundations
import Vocabulary

/// What can go wrong when a network is made or called.
public struct ModelsError: RemediedError, Equatable {
  public enum Code: String, Sendable {
    case unknownArchitecture, unsupportedArithmetic, unsupportedUse, invalidCount, invalidInput
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public var code: String { "models.\(kind.rawValue)" }
}

extension ModelsError {
  static func unknownArchitecture(_ id: String, known: [String]) -> ModelsError {
    ModelsError(
      kind: .unknownArchitecture, problem: "There is no architecture “\(id)”.", remedy: suggestion(for: id, in: known))
  }

  static func unsupportedArithmetic(_ arithmetic: Arithmetic, of architecture: Architecture) -> ModelsError {
    let known = architecture.arithmetics.map { "“\($0.rawValue)”" }.joined(separator: ", ")
    return ModelsError(
      kind: .unsupportedArithmetic,
      problem: "\(architecture.title) has no weights that were trained with the arithmetic “\(arithmetic.rawValue)”.",
      remedy: "Use \(known).")
  }

  static func invalidCount(_ what: String, value: Int) -> ModelsError {
    ModelsError(
      kind: .invalidCount, problem: "A network with \(value) \(what) cannot be made.", remedy: "Choose at least 1.")
  }

  static func invalidInput(_ shape: [Int], channels: Int) -> ModelsError {
    ModelsError(
      kind: .invalidInput, problem: "The network takes images of shape [batch, \(channels), height, width], not \(shape).",
      remedy: "Give batches of images with \(channels) channels, or make the network for other input channels.")
  }

  static func noClass(_ index: Int, of count: Int) -> ModelsError {
    ModelsError(
      kind: .invalidInput, problem: "The network has no class \(index); it has \(count).",
      remedy: "Choose one from 0 to \(count - 1).")
  }

  /// A vector that is a class token, asked for of maps alone.
  static let noToken = ModelsError(
    kind: .unsupportedUse, problem: "The network's vector is its class token, which feature maps alone do not give.",
    remedy: "Give all that the backbone made of the images.")

  static func unevenSize(_ shape: [Int], of architecture: Architecture) -> ModelsError {
    let multiple = architecture.record.sizeMultiple
    return ModelsError(
      kind: .invalidInput,
      problem: "\(architecture.title) cuts images into patches of \(multiple) × \(multiple) pixels, which those of \(shape[2]) × \(shape[3]) are no multiple of.",
      remedy: "Choose a height and a width that are multiples of \(multiple).")
  }

  static func noUNet(over architecture: Architecture) -> ModelsError {
    ModelsError(
      kind: .unsupportedUse, problem: "\(architecture.title) cannot be the encoder of a U-Net: its maps do not halve from stage to stage.",
      remedy: "Choose one of: \(ArchitectureCatalog.names(for: .unetEncoder).joined(separator: ", ")).")
  }

  static func noGradCAM(of architecture: Architecture) -> ModelsError {
    ModelsError(
      kind: .unsupportedUse, problem: "Grad-CAM does not fit \(architecture.title), whose head sees a class token and not the last feature map.",
      remedy: "Choose one of: \(ArchitectureCatalog.names(for: .gradCAM).joined(separator: ", ")).")
  }

  static func indivisibleSize(height: Int, width: Int, stride: Int) -> ModelsError {
    let halvings = stride.trailingZeroBitCount
    let times = ["", "once", "twice", "three times", "four times", "five times"]
    func up(_ size: Int) -> Int { (size + stride - 1) / stride * stride }
    return ModelsError(
      kind: .invalidInput,
      problem: "Images of \(height) × \(width) pixels do not fit the U-Net, which halves them \(halvings < times.count ? times[halvings] : "\(halvings) times").",
      remedy: "Choose a height and a width that are multiples of \(stride), such as \(up(height)) × \(up(width)).")
  }
}
