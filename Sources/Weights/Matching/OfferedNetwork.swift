/// A network that is offered, as far as a file of weights can be told to be of it: asked for only where a file does not fit.
public struct OfferedNetwork: Sendable {
  /// The name that a recipe gives the architecture, such as `resnet50`.
  public let id: String
  /// What it is called in a sentence, such as `ResNet-50`.
  public let title: String
  /// The channels of images that it can be made for.
  public let inputChannels: [Int]
  /// The backbone's tensors for images of three channels, under PyTorch's names and in their order.
  public let tensors: [(name: String, shape: [Int])]

  public init(id: String, title: String, tensors: [(name: String, shape: [Int])], inputChannels: [Int] = [1, 3]) {
    self.id = id
    self.inputChannels = inputChannels
    self.title = title
    self.tensors = tensors
  }

  /// The names that a file must have.
  var required: [String] { tensors.map(\.name).filter { !$0.hasSuffix(KeyRules.counter) } }

  /// The channels of images that these tensors are for: the second number of the first tensor of four.
  static func inputChannels(of tensors: [(name: String, shape: [Int])]) -> Int? { tensors.first { $0.shape.count == 4 }?.shape[1] }

  /// The tensors for images of so many channels.
  func tensors(inputChannels: Int) -> [(name: String, shape: [Int])] { Self.replacing(inputChannels: inputChannels, in: tensors) }

  /// The same tensors with the second number of the first of four replaced.
  static func replacing(inputChannels: Int, in tensors: [(name: String, shape: [Int])]) -> [(name: String, shape: [Int])] {
    var tensors = tensors
    if let stem = tensors.firstIndex(where: { $0.shape.count == 4 }) { tensors[stem].shape[1] = inputChannels }
    return tensors
  }

  /// Whether these are the tensors of this network, but for the channels of its images.
  func isOf(_ other: [(name: String, shape: [Int])]) -> Bool {
    guard tensors.count == other.count else { return false }
    let stem = tensors.firstIndex { $0.shape.count == 4 }
    return zip(tensors, other).enumerated().allSatisfy { index, pair in
      let (own, theirs) = pair
      guard own.name == theirs.name else { return false }
      guard index == stem, own.shape.count == theirs.shape.count else { return own.shape == theirs.shape }
      return own.shape.enumerated().allSatisfy { $0.offset == 1 || $0.element == theirs.shape[$0.offset] }
    }
  }
}
