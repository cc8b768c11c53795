internal import Containers
internal import Foundation
internal import Foundations

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
