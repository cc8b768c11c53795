public import Torch

/// DINO's cross-entropy between a teacher and a student: Caron et al., “Emerging Properties in Self-Supervised Vision Transformers”
/// (2021), equation 3 and algorithm 1.
///
/// With P_t = softmax((t − c)/τ_t) of each large view and P_s = softmax(s/τ_s) of every view, L is the mean over all pairs of different
/// views of −(1/B) Σ P_t log P_s.
///
/// - Parameters:
///   - student: s of each view, `[batch, outputs]`.
///   - teacher: t of the large views, which come first among the student's; no gradient goes to them.
///   - center: c, `[1, outputs]`.
/// - Returns: a scalar.
public func selfDistillation(
  student: [Tensor], teacher: [Tensor], center: Tensor, studentTemperature: Double, teacherTemperature: Double
) throws -> Tensor {
  let targets = try teacher.map { try (($0 - center) / teacherTemperature).softmax(along: 1) }
  return try swappedPrediction(scores: student, codes: targets, temperature: studentTemperature)
}

/// c ← m c + (1 − m) mean of the teacher's outputs over the batch and its views (equation 4), in place.
func moveCenter(_ center: Tensor, towards teacher: [Tensor], momentum: Double) throws {
  try withoutGradient {
    _ = try center.copy(from: center * momentum + cat(teacher).mean(over: [0], keep: true) * (1 - momentum))
  }
}
