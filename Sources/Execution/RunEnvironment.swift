import Foundation
import Torch

/// Where a run was computed: what may differ between machines that give other bytes for the same run.
struct RunEnvironment: Codable {
  let program: String
  let libtorch: String
  let device: String
  let threads: Int
  let processor: String
  let vectorInstructions: String
  let system: String

  init(device: Device) {
    program = "medtransfer \(ProgramVersion.number)"
    libtorch = TorchRuntime.version
    self.device = device.description
    threads = TorchRuntime.threadCount
    processor = Self.processorName()
    vectorInstructions = TorchRuntime.cpuCapability
    system = ProcessInfo.processInfo.operatingSystemVersionString
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
