public import Foundations

/// How well the center lines of predicted and true tubes, such as vessels, lie in each other's tubes, in one image: the counts that
/// clDice is made of (Shit et al. 2021, CVPR, equations 1 and 2).
///
/// S is the skeleton and V the mask; P is the prediction and L the truth.
public struct CenterlineAgreement: Codable, Hashable, Sendable {
  /// |S_P|, in pixels.
  public let predicted: Int
  /// |S_P ∩ V_L|
  public let predictedInTarget: Int
  /// |S_L|
  public let target: Int
  /// |S_L ∩ V_P|
  public let targetInPredicted: Int

  /// - Returns: nil where a part is greater than its whole, or below 0.
  public init?(predicted: Int, predictedInTarget: Int, target: Int, targetInPredicted: Int) {
    guard 0 <= predictedInTarget, predictedInTarget <= predicted, 0 <= targetInPredicted, targetInPredicted <= target else { return nil }
    self.predicted = predicted
    self.predictedInTarget = predictedInTarget
    self.target = target
    self.targetInPredicted = targetInPredicted
  }

  /// - Returns: not available when the masks differ in size.
  public static func make(predicted: SegmentationMask, target: SegmentationMask) -> Available<CenterlineAgreement> {
    guard predicted.width == target.width, predicted.height == target.height else {
      return .notAvailable(
        reason: "the prediction is \(predicted.width)×\(predicted.height), the truth \(target.width)×\(target.height)")
    }
    let (lines, inTarget) = predicted.skeleton.count(within: target), (truth, inPredicted) = target.skeleton.count(within: predicted)
    return CenterlineAgreement(predicted: lines, predictedInTarget: inTarget, target: truth, targetInPredicted: inPredicted)
      .map { .value($0) } ?? .notAvailable(reason: "a part is greater than its whole")
  }

  /// 2 · Tprec · Tsens / (Tprec + Tsens), with the topology's precision Tprec = |S_P ∩ V_L| / |S_P| and sensitivity
  /// Tsens = |S_L ∩ V_P| / |S_L|, in 0...1.
  ///
  /// As for Dice of an image, nothing to find and nothing found is 1; one empty mask is 0, since the share that exists is 0.
  public var clDice: Double {
    if predicted == 0, target == 0 { return 1 }
    guard predictedInTarget > 0, targetInPredicted > 0 else { return 0 }
    let precision = Double(predictedInTarget) / Double(predicted), sensitivity = Double(targetInPredicted) / Double(target)
    return 2 * precision * sensitivity / (precision + sensitivity)
  }
}
