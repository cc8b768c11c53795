internal import Foundation
internal import Foundations
internal import Metrics

/// What a network answered to one batch of an evaluation. An evaluation that is interrupted goes on after the last of them that was kept.
public struct AnsweredBatch: Codable, Sendable {
  /// Its number, from 0.
  let number: Int
  /// The places of its samples among those of the evaluation, without the broken ones.
  let indices: [Int]
  let broken: [BrokenSample]
  /// Σ loss over its samples.
  let lossSum: Double
  let answers: Answers

  enum Answers: Codable, Sendable {
    /// `[samples, classes]`, row-major, as the bytes of float32: decimals need not give the same number back.
    case probabilities(Data)
    case masks([MaskAnswer])
    /// Of each sample one a class.
    case classMasks([[MaskAnswer]])
    /// `[samples, numbers]`, the same, in standard deviations from the mean.
    case numbers(Data)
    /// None of its samples could be read.
    case none
  }

  static func bytes(of probabilities: [Float]) -> Data { probabilities.withUnsafeBytes { Data($0) } }

  static func floats(of bytes: Data) -> [Float] {
    var floats = [Float](repeating: 0, count: bytes.count / MemoryLayout<Float>.size)
    floats.withUnsafeMutableBytes { _ = bytes.copyBytes(to: $0) }
    return floats
  }
}

/// What is known of one predicted mask.
struct MaskAnswer: Codable, Sendable {
  let counts: PixelConfusion
  /// Nil where only pixels are counted.
  let measured: MeasuredMask?
}

/// Which evaluation answers are of: of what part, by the network as it was after which step, and as thoroughly as what.
public struct EvaluationPlace: Codable, Hashable, Sendable {
  public let part: TrainingNews.Phase
  public let step: Int
  /// Of the best weights, after the training's end.
  public let isFinal: Bool
  /// A digest of the network that answers: the same step of another attempt, on another machine, may have other weights.
  public let network: String
}

/// What an evaluation tells and asks on its way. It can be left after any batch: it must not have changed anything by then.
public struct EvaluationWatcher {
  private let answeredBefore: () throws -> [AnsweredBatch]
  private let keeping: (AnsweredBatch) throws -> Void
  private let progress: (_ done: Int, _ count: Int) throws -> Void

  /// - Parameter progress: told how many samples of how many have been answered; may throw to end the evaluation.
  init(
    answeredBefore: @escaping () throws -> [AnsweredBatch] = { [] }, keeping: @escaping (AnsweredBatch) throws -> Void = { _ in },
    progress: @escaping (_ done: Int, _ count: Int) throws -> Void
  ) {
    (self.answeredBefore, self.keeping, self.progress) = (answeredBefore, keeping, progress)
  }

  /// Tells how many samples of how many have been answered.
  ///
  /// - Throws: `TrainingError` of kind `interrupted` where the process was asked to stop; the state is saved.
  public func callAsFunction(_ done: Int, _ count: Int) throws { try progress(done, count) }

  func answered() throws -> [AnsweredBatch] { try answeredBefore() }

  func keep(_ batch: AnsweredBatch) throws { try keeping(batch) }
}
