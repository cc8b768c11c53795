import Foundation
import Foundations
public import Studies
import Torch
import Training

/// What a person should know about a study's precision on this machine before waiting for it.
public enum PrecisionAdvice {
  /// A sentence where tasks compute in bfloat16 on a processor that has no instructions for it; nil otherwise.
  ///
  /// libtorch then emulates bfloat16: a training step of a small ResNet takes about ten times as long as in float32.
  public static func remark(on study: Study) throws -> String? {
    let tasks = study.tasks.filter { $0.recipe.precision == .bfloat16 }.map(\.name)
    guard !tasks.isEmpty, try NumericSetting.device(named: study.execution.device) == .cpu, processorLacksBFloat16() == true else {
      return nil
    }
    return "\(firstFew(tasks)) \(tasks.count == 1 ? "computes" : "compute") in bfloat16, which this processor has no instructions for: "
      + "it is emulated, and many times slower than float32. recipe.precision=float32 is faster, and makes runs of its own."
  }

  /// Nil where the machine does not tell, as outside Linux.
  static func processorLacksBFloat16(cpuInfo: String? = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) -> Bool? {
    guard let line = cpuInfo?.split(separator: "\n").first(where: { $0.hasPrefix("flags") || $0.hasPrefix("Features") }) else { return nil }
    // x86 names avx512_bf16 and amx_bf16, ARM names bf16.
    return !line.split(separator: " ").contains { ["avx512_bf16", "amx_bf16", "bf16"].contains($0) }
  }
}
