import CheckpointFixtures
import Containers
import Foundation
import Foundations
import Imaging
import Testing
import Weights

/// Files like those that are published, with weights that follow the formula of Tools/goldens/features.py.
enum PublishedFile {
  /// Numbers in −1..<1 that look drawn.
  static func scattered(_ count: Int, offset: Int) -> [Double] {
    (0..<count).map { i in
      let mixed = UInt32(truncatingIfNeeded: UInt64(i + offset) &* 2_654_435_769)
      return Double(mixed >> 8) / Double(1 << 23) - 1
    }
  }

  static func floats(_ values: [Double]) -> Data { values.map { Float($0) }.withUnsafeBytes { Data($0) } }

  /// The backbone of a ResNet-20 under torchvision's names, without counters.
  static func resNet20(prefix: String = "") throws -> [NamedArray] {
    let tensors = try PublishedStates.backbone("resnet20").filter { !$0.name.hasSuffix("num_batches_tracked") }
    return try tensors.enumerated().map { position, tensor in
      let v = scattered(tensor.shape.reduce(1, *), offset: 1000 * position + 1)
      let values: [Double] =
        switch tensor.name {
        case _ where tensor.name.hasSuffix("running_var"): v.map { 1 + 0.5 * $0 }
        case _ where tensor.name.hasSuffix("bn1.weight") || tensor.name.hasSuffix("bn2.weight"): v.map { 1 + 0.2 * $0 }
        default: v.map { 0.15 * $0 }
        }
      return try NamedArray(name: prefix + tensor.name, elementType: .float32, shape: tensor.shape, bytes: floats(values))
    }
  }

  /// As the CIFAR-10 files are: under `state_dict`, behind `module.`, with a head.
  static func writeCIFAR10(to url: URL, without name: String? = nil) throws {
    let head = try [("module.linear.weight", [10, 64]), ("module.linear.bias", [10])].map { name, shape in
      try NamedArray(name: name, elementType: .float32, shape: shape, bytes: Data(count: 4 * shape.reduce(1, *)))
    }
    try TorchArchiveWriter.write(try (resNet20(prefix: "module.") + head).filter { $0.name != name }, to: url)
  }

  /// The backbone of an architecture under its own names and a head, its numbers a short run of drawn ones again and again.
  static func write(_ architecture: String, inputChannels: Int = 3, extra: [NamedArray] = [], to url: URL) throws {
    let drawn = scattered(4096, offset: 1)
    func repeated(_ count: Int, scale: Double, shift: Double) -> Data {
      let block = floats(drawn.map { shift + scale * $0 })
      var data = Data(capacity: 4 * count)
      while data.count + block.count <= 4 * count { data.append(block) }
      return data + block.prefix(4 * count - data.count)
    }
    let arrays = try PublishedStates.backbone(architecture, inputChannels: inputChannels).filter { !$0.name.hasSuffix("num_batches_tracked") }.map { name, shape in
      let isScale = name.hasSuffix("running_var") || (shape.count == 1 && name.hasSuffix("weight"))
      let fan = Double(max(shape.dropFirst().reduce(1, *), 1))
      return try NamedArray(
        name: name, elementType: .float32, shape: shape,
        bytes: repeated(shape.reduce(1, *), scale: isScale ? 0.2 : (3 / fan).squareRoot(), shift: isScale ? 1 : 0))
    }
    try SafetensorsFile.write(arrays + extra, to: url)
  }

  /// A student and a teacher with other numbers, side by side in one dictionary, as distillation saves them.
  static func writeStudentAndTeacher(to url: URL) throws {
    let student = try resNet20(prefix: "student.")
    let teacher = try resNet20(prefix: "teacher.backbone.").map { array in
      let values = try array.doubles().map { array.name.hasSuffix("running_var") ? $0 : -$0 }
      return try NamedArray(name: array.name, elementType: .float32, shape: array.shape, bytes: floats(values))
    }
    try SafetensorsFile.write(student + teacher, to: url)
  }

  /// The backbone under TensorFlow's numbered variables, kernels as [height, width, input, output].
  static func writeTensorFlowNames(to url: URL) throws {
    let (own, parts) = (try resNet20(), ["weight": "gamma", "bias": "beta", "running_mean": "moving_mean", "running_var": "moving_variance"])
    var arrays: [NamedArray] = []
    // conv1, bn1, then each block's two convolutions and normalizations: a CIFAR network's shortcuts have no parameters.
    for (number, start) in stride(from: 0, to: own.count, by: 5).enumerated() {
      let suffix = number == 0 ? "" : "_\(number)"
      let kernel = try own[start].permuted([2, 3, 1, 0])
      arrays.append(
        try NamedArray(name: "base_model/conv2d\(suffix)/kernel", elementType: .float32, shape: kernel.shape, bytes: kernel.bytes()))
      for array in own[start + 1..<start + 5] {
        let part = parts[String(array.name.split(separator: ".").last ?? "")] ?? ""
        arrays.append(array.renamed("base_model/batch_normalization\(suffix)/\(part)"))
      }
    }
    try SafetensorsFile.write(arrays, to: url)
  }

  /// The picture of Tools/goldens/transforms.py, as a PNG.
  static func writePicture(width: Int, height: Int, channels: Int, to url: URL) throws {
    var samples = [UInt8]()
    for y in 0..<height {
      for x in 0..<width {
        for c in 0..<channels {
          let wave = (x * x * 3 + y * y * 5 + x * y * 7 + c * 50) / 16 % 256
          samples.append(UInt8((wave + (x / 4 + y / 3) % 2 * 40) % 256))
        }
      }
    }
    try ImageFile.writePNG(
      PixelBuffer(width: width, height: height, channels: channels, bitDepth: 8, samples: .bytes(samples)), to: url)
  }
}

extension NamedArray {
  func floats() throws -> [Float] {
    let data = try bytes()
    var values = [Float](repeating: 0, count: data.count / 4)
    values.withUnsafeMutableBytes { _ = data.copyBytes(to: $0) }
    return values
  }
}

extension Command.Result {
  /// What was said on standard error, with the fixture's folder cut out.
  func said(in fixture: StudyFixture) -> String { errors.replacingOccurrences(of: fixture.folder.path + "/", with: "") }
}
