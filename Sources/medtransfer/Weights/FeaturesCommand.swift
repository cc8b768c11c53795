public import ArgumentParser
import Execution
import Foundation
import Foundations
public import Studies
import Torch

/// `medtransfer features --weights FILE --as ID --images FOLDER --output features.safetensors`
struct FeaturesCommand: StoppableCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Writes what a backbone with published weights computes from images.",
    discussion: """
      Images are prepared as the weights’ card says, and the network computes in the arithmetic that they were trained in: \
      `medtransfer weights show ID`. The output is safetensors with the \
      array `features` [images, features] and the images’ names in its metadata.
      """)

  @Option(help: "The checkpoint.", completion: .file())
  var weights: String
  @OptionGroup var options: WeightsOptions
  @Option(parsing: .upToNextOption, help: "Image files, or folders that are searched through and through.", completion: .file())
  var images: [String] = []
  @Option(help: "A safetensors file with the array `input` [batch, channels, height, width], as the network sees it.", completion: .file())
  var tensors: String?
  @Option(name: .shortAndLong, help: "The new file.", completion: .file())
  var output: String
  @Option(help: "pooled, or the mean over a stage's map: stem, layer1, layer2 ….")
  var layer = "pooled"
  @Option(help: "asTrained (default), or torchvision, samePooling, same or keras. What no entry tells is refused.")
  var arithmetic: ArithmeticChoice?
  @Option(help: "The side of the square the network sees; default: 224, and 32 for the CIFAR networks.")
  var size: Int?
  @Option(help: "auto, cpu or cuda:0.")
  var device = "auto"
  @Flag(help: "Replace the new file where it is there already.")
  var force = false

  func validate() throws {
    if images.isEmpty == (tensors == nil) { throw ValidationError("Give either --images or --tensors.") }
    if let size, size < 1 { throw ValidationError("Give --size a number of at least 1.") }
  }

  func run() throws {
    let target = URL(fileURLWithPath: output)
    try AtomicFile.requireFree(target, mayReplace: force)
    _ = TorchRuntime.configureAllocator()
    let found = images.isEmpty ? nil : try FeatureImages(images)
    let extraction = try FeatureExtraction(
      options.open(weights), layer: layer, arithmetic: arithmetic, device: device)
    let terminal = Terminal()
    for remark in extraction.remarks { terminal.note(remark) }
    defer { terminal.clearLine() }
    if let found {
      try extraction.run(found, size: size, to: target) { done in
        if terminal.isInteractive { terminal.replaceLine("\(done) of \(found.images.count) images") }
      }
    } else if let tensors {
      try extraction.run(tensors: URL(fileURLWithPath: tensors), to: target) { _ in }
    }
    terminal.clearLine()
    terminal.note("Written: \(target.path)")
  }
}

extension ArithmeticChoice: ExpressibleByArgument {}
