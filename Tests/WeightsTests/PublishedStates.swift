import CheckpointFixtures

@testable import Weights

extension PublishedStates {
  static let titles = [
    "resnet18": "ResNet-18", "resnet34": "ResNet-34", "resnet50": "ResNet-50", "resnet101": "ResNet-101", "resnet20": "ResNet-20",
    "resnet56": "ResNet-56",
  ]

  /// Some of the networks that are offered.
  static func offered() throws -> [OfferedNetwork] { try networks.get() }

  private static let networks = Result {
    try titles.keys.sorted().map { OfferedNetwork(id: $0, title: titles[$0] ?? $0, tensors: try backbone($0)) }
  }
}
