import Foundation
import Models
import NeuralNetworks
import Torch

/// The MedTransfer side of `make benchmark`: answers lines of "setting steps" with the seconds of each training step.
///
/// Settings: `float32` and `bfloat16` (autocast). Memory formats are those that Training chooses: channels-last for bfloat16. The step is that of
/// Benchmarks/training_step.py: ResNet-50, batch 16 at 224 px, 14 classes, binary cross entropy, Adam.
@main
struct TrainingStepBenchmark {
  static func main() throws {
    _ = TorchRuntime.configureAllocator()
    if let threads = CommandLine.arguments.dropFirst().first.flatMap({ Int($0) }) { try TorchRuntime.setThreadCount(threads) }
    var step: (name: String, run: () throws -> Double)?
    while let line = readLine() {
      let words = line.split(separator: " ")
      guard words.count == 2, let count = Int(words[1]) else { continue }
      if step?.name != String(words[0]) {
        step = nil
        step = (String(words[0]), try makeStep(bfloat16: words[0] == "bfloat16"))
      }
      var seconds = [String]()
      for _ in 0..<count {
        let start = DispatchTime.now().uptimeNanoseconds
        _ = try step?.run()
        seconds.append(String(Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9))
      }
      let answer = #"{"setting": "\#(words[0])", "seconds": [\#(seconds.joined(separator: ", "))], "torch": "\#(TorchRuntime.version)"}"#
      FileHandle.standardOutput.write(Data((answer + "\n").utf8))
    }
  }

  static func makeStep(bfloat16: Bool) throws -> () throws -> Double {
    let generator = try Generator(seed: 0)
    let store = ParameterStore(memoryFormat: bfloat16 ? .channelsLast : .contiguous, generator: generator)
    let network = try makeClassifier(architecture: ArchitectureCatalog.named("resnet50"), classCount: 14, store: store)
    let optimizer = try Adam(store.trainableParameters, learningRate: 2e-4)
    let pixelCount: Int = 16 * 3 * 224 * 224
    let values: [Float] = (0..<pixelCount).map { index in Float((index &* 2_654_435_761) % 1000) / 1000 }
    let images = try Tensor(values, shape: [16, 3, 224, 224])
    let answers: [Float] = (0..<224).map { index in index.isMultiple(of: 3) ? 1 : 0 }
    let targets = try Tensor(answers, shape: [16, 14])
    return {
      try optimizer.zeroGradients()
      let loss = try withAutocast(.bfloat16, on: .cpu, enabled: bfloat16) {
        try binaryCrossEntropyWithLogits(network(images, mode: .training).to(type: .float32), targets: targets)
      }
      try loss.backward()
      try optimizer.step()
      return try loss.item()
    }
  }
}
