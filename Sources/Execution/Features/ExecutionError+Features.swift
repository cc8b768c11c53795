internal import Containers
internal import Foundation
internal import Foundations
internal import Models
internal import Studies
internal import Vocabulary
internal import Weights

extension ExecutionError {
  static func noImage(_ path: String) -> ExecutionError {
    ExecutionError(
      kind: .noFeatures, problem: "There is no image at \(path).",
      remedy: "Give image files, or a folder with some in it or below it.")
  }

  static func noLayer(_ name: String, known: [String]) -> ExecutionError {
    ExecutionError(
      kind: .noFeatures, problem: "The network has no layer “\(name)”.", remedy: "Choose one of: \(known.joined(separator: ", ")).")
  }

  static func otherArchitecture(_ architecture: String, of entry: WeightsEntry) -> ExecutionError {
    ExecutionError(
      kind: .noFeatures, problem: "“\(entry.id)” are weights of \(entry.architecture), and --architecture says \(architecture).",
      remedy: "Leave --architecture out, or leave --as out for weights of your own.")
  }

  /// Where names imply another arithmetic than torchvision's, or the one of the training is asked for, and no entry tells it.
  static func unknownArithmetic(_ naming: KeyNaming, _ architecture: Architecture) -> ExecutionError {
    let offered = architecture.arithmetics.map(\.rawValue).joined(separator: ", ")
    guard let implied = naming.impliedArithmetic else {
      return ExecutionError(
        kind: .noFeatures, problem: "The arithmetic that the weights were trained in is told by a catalog entry, and none is named.",
        remedy: "Name it with --as (`medtransfer weights list` shows all), or say --arithmetic with one of: \(offered).")
    }
    let entries = WeightsCatalog.all.filter { $0.layout.naming == naming }.map(\.id)
    return ExecutionError(
      kind: .noFeatures,
      problem: "The file has \(naming.description), under which networks of another arithmetic than torchvision's are published (\(implied.rawValue)), "
        + "and no catalog entry is named that tells which this one was trained in.",
      remedy: "Name it with --as, such as \(firstFew(entries)), or say --arithmetic with one of: \(offered).")
  }

  static func arithmeticNotOffered(_ entry: WeightsEntry) -> ExecutionError {
    ExecutionError(
      kind: .noFeatures, problem: "The arithmetic that “\(entry.id)” was trained in is not offered. \(entry.remark ?? "")",
      remedy: "Say --arithmetic torchvision for torchvision's.")
  }

  static func noCard(channels: Int) -> ExecutionError {
    ExecutionError(
      kind: .noFeatures, problem: "The network takes \(channels) channel\(channels == 1 ? "" : "s"), and no catalog entry says how images are prepared for it.",
      remedy: "Name the entry with --as, or give prepared images with --tensors.")
  }

  static func noInput(_ url: URL) -> ExecutionError {
    ExecutionError(
      kind: .noFeatures, problem: "The file \(url.path) has no array “input”.",
      remedy: "Write one of shape [batch, channels, height, width], as the network is to see it.")
  }

  static func unsuitableInput(_ url: URL, _ array: NamedArray, channels: Int) -> ExecutionError {
    ExecutionError(
      kind: .noFeatures,
      problem: "The array “input” of \(url.path) is \(array.elementType.rawValue) of shape \(array.shape).",
      remedy: "Write F32 of shape [batch, \(channels), height, width].")
  }
}
