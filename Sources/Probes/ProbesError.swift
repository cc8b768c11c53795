public import Foundations

/// What can go wrong with heads on finished features.
public struct ProbesError: RemediedError, Equatable {
  public enum Code: String, Sendable {
    case unevenFeatures, featureNotFinite, malformedLabels, notExactlyOneClass, countsDiffer, widthsDiffer, nothingToLearnFrom, unusableSetting,
      nothingToChooseBy, tooFewImages
  }

  public let kind: Code
  public let problem: String
  public let remedy: String
  public var code: String { "probes.\(kind.rawValue)" }
}

extension ProbesError {
  static func unevenFeatures(_ count: Int, width: Int) -> ProbesError {
    ProbesError(
      kind: .unevenFeatures, problem: "\(count) numbers are no whole rows of \(width) features.",
      remedy: "Give the features row by row, each image with as many.")
  }

  static func featureNotFinite(_ value: Float, row: Int, column: Int) -> ProbesError {
    ProbesError(
      kind: .featureNotFinite, problem: "Feature \(column) of image \(row) is \(value).",
      remedy: "Check the weights with medtransfer weights inspect; a network whose features are no numbers cannot be compared.")
  }

  static func malformedLabels(_ labels: [Float], row: Int, classes: Int) -> ProbesError {
    ProbesError(
      kind: .malformedLabels, problem: "The labels of image \(row) are \(labels), for \(classes) classes.",
      remedy: "Give one label a class, in 0…1, or NaN where it is not known.")
  }

  static func notExactlyOneClass(_ labels: [Float], row: Int) -> ProbesError {
    ProbesError(
      kind: .notExactlyOneClass, problem: "The labels of image \(row) are \(labels), but its classes exclude each other.",
      remedy: "Give exactly one class the label 1 and the others 0.")
  }

  static func countsDiffer(features: Int, labels: Int) -> ProbesError {
    ProbesError(
      kind: .countsDiffer, problem: "There are features of \(features) images and labels of \(labels).", remedy: "Give both for the same images.")
  }

  static func widthsDiffer(_ width: Int, fitted: Int) -> ProbesError {
    ProbesError(
      kind: .widthsDiffer, problem: "These images have \(width) features each, those that the head was made of \(fitted).",
      remedy: "Take the features of one network.")
  }

  static func nothingToLearnFrom(_ className: String) -> ProbesError {
    ProbesError(
      kind: .nothingToLearnFrom, problem: "No training image has a known label for “\(className)”.",
      remedy: "Leave the class out, or give it labels.")
  }

  static func unusableSetting(_ name: String, _ value: Double, remedy: String) -> ProbesError {
    ProbesError(kind: .unusableSetting, problem: "\(name) is \(value).", remedy: remedy)
  }

  static func nothingToChooseBy(_ reason: String) -> ProbesError {
    ProbesError(
      kind: .nothingToChooseBy, problem: "The strength of the regularization cannot be chosen on the validation images: \(reason).",
      remedy: "Give validation images of which some have and some have not at least one of the classes, or use the mode kNN, which chooses nothing.")
  }

  static func tooFewImages(_ className: String, count: Int, wanted: Int) -> ProbesError {
    ProbesError(
      kind: .tooFewImages, problem: "\(wanted) images of “\(className)” are wanted for a support, and there are \(count).",
      remedy: "Draw fewer images a class.")
  }
}
