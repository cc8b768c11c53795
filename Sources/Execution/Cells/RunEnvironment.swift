import Foundation
import RunStore
import Torch

extension RunEnvironment {
  /// Of this process.
  ///
  /// - Parameter processes: how many the study is spread over on this machine.
  init(device: Device, processes: Int, spread: RunSpread? = nil) {
    self.init(
      program: "medtransfer \(ProgramVersion.number)", libtorch: TorchRuntime.version, device: device.description,
      threads: TorchRuntime.threadCount, processor: Self.processorName(), vectorInstructions: TorchRuntime.cpuCapability,
      system: ProcessInfo.processInfo.operatingSystemVersionString, threadWaiting: Self.threadWaiting(),
      processes: processes > 1 ? processes : nil, spread: spread)
  }

  /// The part of it that no study changes.
  static var machine: (processor: String, vectorInstructions: String) { (processorName(), TorchRuntime.cpuCapability) }

  /// `OMP_WAIT_POLICY` and what else settles it, as far as they are set.
  private static func threadWaiting() -> String? {
    let said = ["OMP_WAIT_POLICY", "GOMP_SPINCOUNT", "KMP_BLOCKTIME"].compactMap { name in
      ProcessInfo.processInfo.environment[name].map { "\(name)=\($0)" }
    }
    return said.isEmpty ? nil : said.joined(separator: " ")
  }

  private static func processorName() -> String {
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return "unknown" }
    let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line.flatMap { $0.split(separator: ":").last }.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
  }
}

/// The version of this program.
public enum ProgramVersion {
  public static let number = "0.1.0"
}
