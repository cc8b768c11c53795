import Containers
import Foundation
import Torch

/// The MedTransfer side of `make benchmark-checkpoints`: answers lines of "prefix path" with the seconds of opening the file and of
/// making a tensor of every array under the prefix, "-" being all of them, and with the memory that took.
///
/// `peak` is the largest resident memory of the process so far and `before` that when the line came, both in bytes: asked of a
/// process of its own, their difference is what one file costs.
@main
struct CheckpointReadingBenchmark {
  static func main() throws {
    // As the command does: freed blocks stay with the process.
    _ = TorchRuntime.configureAllocator()
    // libtorch's own first tensor takes a while and is not part of any file.
    _ = try Tensor.fromBytes(UnsafeRawBufferPointer(start: nil, count: 0), shape: [0], type: .float32)
    while let line = readLine() {
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard words.count == 2 else { continue }
      let before = peakMemory()
      let start = DispatchTime.now().uptimeNanoseconds
      let tensors = try read(URL(fileURLWithPath: words[1]), prefix: words[0] == "-" ? "" : words[0])
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      let answer = #"{"seconds": \#(seconds), "tensors": \#(tensors.count), "before": \#(before), "peak": \#(peakMemory())}"#
      FileHandle.standardOutput.write(Data((answer + "\n").utf8))
    }
  }

  static func read(_ url: URL, prefix: String) throws -> [Tensor] {
    try CheckpointFile.open(url).arrays().filter { $0.name.hasPrefix(prefix) }.map { array in
      guard let type = ScalarType(safetensorsName: array.elementType.rawValue) else { throw CocoaError(.featureUnsupported) }
      return try array.bytes().withUnsafeBytes { try Tensor.fromBytes($0, shape: array.shape, type: type) }
    }
  }

  /// `VmHWM` of the process, in bytes.
  static func peakMemory() -> Int {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return (line?.split(whereSeparator: { !$0.isNumber }).first).flatMap { Int($0) }.map { $0 * 1024 } ?? 0
  }
}
