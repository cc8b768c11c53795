import CheckpointFixtures
import Foundation
import Foundations
import Testing

@testable import Containers
@testable import Weights

/// The names and shapes of torchvision's ResNets, and files that hold them.
enum ResNet {
  /// A state dict's names and shapes, without the classifier.
  static func backbone(
    depths: [Int], isBottleneck: Bool, width: Int = 64, inputChannels: Int = 3, counters: Bool = true
  ) -> [(name: String, shape: [Int])] {
    var state: [(name: String, shape: [Int])] = []
    func convolution(_ name: String, _ input: Int, _ output: Int, _ kernel: Int) {
      state.append((name + ".weight", [output, input, kernel, kernel]))
    }
    func normalization(_ name: String, _ channels: Int) {
      for part in ["weight", "bias", "running_mean", "running_var"] { state.append(("\(name).\(part)", [channels])) }
      if counters { state.append(("\(name).num_batches_tracked", [])) }
    }
    convolution("conv1", inputChannels, width, 7)
    normalization("bn1", width)
    var input = width
    for (layer, depth) in depths.enumerated() {
      let inner = width << layer
      let output = isBottleneck ? 4 * inner : inner
      for block in 0..<depth {
        let path = "layer\(layer + 1).\(block)"
        let kernels = isBottleneck ? [1, 3, 1] : [3, 3]
        let widths = isBottleneck ? [input, inner, inner, output] : [input, inner, output]
        for (index, kernel) in kernels.enumerated() {
          convolution("\(path).conv\(index + 1)", widths[index], widths[index + 1], kernel)
          normalization("\(path).bn\(index + 1)", widths[index + 1])
        }
        if block == 0 && (layer > 0 || isBottleneck) {
          convolution("\(path).downsample.0", input, output, 1)
          normalization("\(path).downsample.1", output)
        }
        input = output
      }
    }
    return state
  }

  static let resNet18 = backbone(depths: [2, 2, 2, 2], isBottleneck: false)
  static let resNet50 = backbone(depths: [3, 4, 6, 3], isBottleneck: true)
  /// A small network of the same form, for tests that read numbers.
  static let small = backbone(depths: [1, 1, 1, 1], isBottleneck: false, width: 2)

  /// A file whose arrays of these names and shapes all repeat the number 0.5, and take no room.
  static func file(_ state: [(name: String, shape: [Int])]) throws -> CheckpointFile {
    let half = MemoryByteSource(data: Data([0, 0, 0, 0x3F]))
    let counter = MemoryByteSource(data: Data(count: 8))
    return file(
      try state.map { name, shape in
        let isCounter = name.hasSuffix("num_batches_tracked")
        return try NamedArray(
          name: name, elementType: isCounter ? .int64 : .float32, shape: shape, source: isCounter ? counter : half,
          byteOffset: 0, strides: shape.map { _ in 0 })
      })
  }

  static func file(_ arrays: [NamedArray]) -> CheckpointFile {
    file(.dictionary(arrays.map { ($0.name, .array($0)) }))
  }

  static func file(_ root: CheckpointNode) -> CheckpointFile {
    CheckpointFile(
      url: URL(fileURLWithPath: "/weights/r.pth"), container: .torchArchive, root: root, metadata: [:],
      source: MemoryByteSource(data: Data("r".utf8)))
  }
}

func prefixed(_ prefix: String, _ state: [(name: String, shape: [Int])]) -> [(name: String, shape: [Int])] {
  state.map { (prefix + $0.name, $0.shape) }
}

@Suite("Matching a file to a network")
struct MatcherTests {
  @Test("The names are torchvision's: 122 of a ResNet-18 and 320 of a ResNet-50, less the classifier's two")
  func counts() {
    #expect(ResNet.resNet18.count == 120)
    #expect(ResNet.resNet50.count == 318)
  }

  @Test("A bare state dict matches one to one, and its classifier is dropped by name")
  func bare() throws {
    let file = try ResNet.file(ResNet.small + [("fc.weight", [1000, 16]), ("fc.bias", [1000])])
    let match = try BackboneMatcher.match(file, expected: ResNet.small, mode: .backbone)
    #expect(match.tensors.count == 72)
    for (name, shape) in ResNet.small {
      #expect(match.tensors[name]?.name == name)
      #expect(match.tensors[name]?.shape == shape)
    }
    #expect(match.dropped.map(\.key) == ["fc.weight", "fc.bias"])
    #expect(Set(match.dropped.map(\.rule)) == ["classifier head"])
    #expect((match.prefix, match.dictionaryPath, match.defaulted) == ("", [], []))
  }

  /// How published files name the same backbone, what they hold besides, and the rules that should explain it.
  static let layouts: [(path: [String], prefix: String, others: [String], rules: Set<String>)] = [
    ([], "", [], []),
    ([], "module.", ["module.projection_head.0.weight", "module.prototypes.weight"], ["projection head", "prototypes"]),
    (
      ["state_dict"], "module.encoder_q.",
      ["module.encoder_q.fc.0.weight", "module.encoder_k.conv1.weight", "module.queue", "module.queue_ptr"],
      ["classifier head", "momentum encoder", "memory bank"]
    ),
    (["model"], "module.encoder.", ["module.head.0.weight", "module.head_jig.fc1.weight"], ["classifier head", "projection head"]),
    (["model"], "module.backbone.", ["module.projector.0.weight", "module.bn.running_mean"], ["projection head"]),
    (["state_dict"], "backbone.", ["backbone.fc.weight"], ["classifier head"]),
    (["model_state_dict"], "", ["fc.0.weight"], ["classifier head"]),
    (["classy_state_dict", "base_model", "model", "trunk"], "_feature_blocks.", [], []),
    (["teacher"], "module.", ["module.head.mlp.0.weight"], ["classifier head"]),
    ([], "encoder.", ["decoder.blocks.0.conv1.0.weight", "segmentation_head.0.weight"], ["segmentation decoder"]),
  ]

  @Test("Every way in which published files wrap and prefix a backbone is recognized", arguments: layouts)
  func published(path: [String], prefix: String, others: [String], rules: Set<String>) throws {
    let state = prefixed(prefix, ResNet.small) + others.map { ($0, [2, 2]) }
    let inner = try ResNet.file(state).root
    let root = path.reversed().reduce(inner) { .dictionary([("epoch", .scalar(.integer(3))), ($1, $0)]) }
    let match = try BackboneMatcher.match(ResNet.file(root), expected: ResNet.small, mode: .backbone)
    #expect(match.tensors.count == ResNet.small.count)
    #expect(match.prefix == prefix)
    #expect(match.dictionaryPath == path)
    #expect(Set(match.dropped.map(\.rule)) == rules)
    #expect(Set(match.dropped.map(\.key)) == Set(others))
  }

  @Test("Parts of the file beside the network that hold arrays are named as dropped")
  func besides() throws {
    let network = try ResNet.file(ResNet.small).root
    let root = CheckpointNode.dictionary([
      ("state_dict", network), ("optimizer", .dictionary([("state", .list([network]))])), ("epoch", .scalar(.integer(1))),
    ])
    let match = try BackboneMatcher.match(ResNet.file(root), expected: ResNet.small, mode: .backbone)
    #expect(match.dropped == [BackboneMatcher.Dropped(key: "optimizer", rule: "outside state_dict")])
  }

  @Test("An explicit path is followed, and a wrong one lists what there is")
  func explicitPath() throws {
    let network = try ResNet.file(ResNet.small).root
    let file = ResNet.file(.dictionary([("student", .list([])), ("ema", .dictionary([("net", network)]))]))
    let match = try BackboneMatcher.match(file, expected: ResNet.small, mode: .backbone, keys: KeySelection(path: "ema.net"))
    #expect(match.dictionaryPath == ["ema", "net"])
    let error = try failure { _ = try BackboneMatcher.match(file, expected: ResNet.small, mode: .backbone, keys: KeySelection(path: "net")) }
    #expect(error?.description == "r.pth: The file has nothing under net. Choose one of its places with arrays: ema.")
  }

  @Test("Batch counters that are missing start at 0; counters that the network lacks are dropped by rule")
  func batchCounters() throws {
    let without = ResNet.backbone(depths: [1, 1, 1, 1], isBottleneck: false, width: 2, counters: false)
    let match = try BackboneMatcher.match(ResNet.file(without), expected: ResNet.small, mode: .backbone)
    #expect(match.defaulted.count == 12)
    #expect(try match.tensors["bn1.num_batches_tracked"]?.doubles() == [0])
    let other = try BackboneMatcher.match(ResNet.file(ResNet.small), expected: without, mode: .full)
    #expect(Set(other.dropped.map(\.rule)) == ["batch counter"])
    #expect(other.dropped.count == 12)
  }

  @Test("What a classifier or a U-Net wrote as safetensors is a backbone for either and a whole network for itself")
  func ownFiles() throws {
    let folder = try TemporaryFolder()
    let head: [(name: String, shape: [Int])] = [("fc.weight", [3, 16]), ("fc.bias", [3])]
    let decoder: [(name: String, shape: [Int])] = [
      ("decoder.blocks.0.conv1.0.weight", [2, 2, 3, 3]), ("segmentation_head.0.bias", [1]),
    ]
    let networks = ["classifier": ResNet.small + head, "unet": prefixed("encoder.", ResNet.small) + decoder]
    for (name, state) in networks {
      let arrays = try state.map { name, shape in
        name.hasSuffix("num_batches_tracked")
          ? try NamedArray(name: name, elementType: .int64, shape: shape, bytes: Data(count: 8)) : try ramp(name, shape)
      }
      try SafetensorsFile.write(arrays, to: folder.file(name))
      let file = try CheckpointFile.open(folder.file(name))
      let backbone = try BackboneMatcher.match(file, expected: ResNet.small, mode: .backbone)
      #expect(backbone.tensors.count == ResNet.small.count)
      #expect(backbone.dropped.count == 2)
      #expect(try backbone.tensors["layer4.0.conv2.weight"]?.bytes() == ramp("w", [16, 16, 3, 3]).bytes())
      let full = try BackboneMatcher.match(file, expected: state, mode: .full)
      #expect(full.tensors.count == state.count)
      #expect(full.dropped.isEmpty)
    }
  }
}

@Suite("Refusing a file that does not fit")
struct MismatchTests {
  static func refusal(
    _ file: [(name: String, shape: [Int])], _ expected: [(name: String, shape: [Int])], _ mode: BackboneMatcher.Mode = .backbone
  ) throws -> String? {
    let checkpoint = try ResNet.file(file)
    return try failure {
      _ = try BackboneMatcher.match(checkpoint, expected: expected, mode: mode, offered: PublishedStates.offered)
    }?.description
  }

  @Test("A ResNet-50 for a study of resnet18 is named, with the setting that fits")
  func otherDepth() throws {
    #expect(
      try Self.refusal(ResNet.resNet50 + [("fc.bias", [1000])], ResNet.resNet18)
        == "r.pth: The file does not fit the network: 23 of another shape or type (layer1.0.conv1.weight is [64, 64, 1, 1] and "
        + "should be [64, 64, 3, 3], layer1.1.conv1.weight is [64, 256, 1, 1] and should be [64, 64, 3, 3], "
        + "layer2.0.conv1.weight is [128, 256, 1, 1] and should be [128, 64, 3, 3] and 20 more), "
        + "198 left over (layer1.0.conv3.weight, layer1.0.bn3.weight, layer1.0.bn3.bias and 195 more). "
        + "The file holds a ResNet-50 and the study asks for resnet18: set architecture: resnet50.")
  }

  @Test("A ResNet-18 for a study of resnet50 has too few names; the sentence counts them and names the setting")
  func fewerNames() throws {
    #expect(
      try Self.refusal(prefixed("module.", ResNet.resNet18), ResNet.resNet50)
        == "r.pth: Only 100 of the network's 265 arrays have a namesake in the file, which has 120: module.conv1.weight, "
        + "module.bn1.weight, module.bn1.bias and 117 more. "
        + "The file holds a ResNet-18 and the study asks for resnet50: set architecture: resnet18.")
  }

  @Test("A variant that is not offered is described, not mistaken for a plain ResNet")
  func variant() throws {
    let wide = ResNet.resNet50.map { name, shape in (name, name == "layer1.0.conv2.weight" ? [128, 128, 3, 3] : shape) }
    #expect(
      try Self.refusal(wide, ResNet.resNet50)?.hasSuffix(
        "The file has the names of a ResNet-50 and other shapes, such as a wider variant has, which is not offered. Give weights of "
          + "resnet50.") == true)
  }

  @Test("Another number of input channels is named, with the setting that fits")
  func inputChannels() throws {
    let gray = ResNet.backbone(depths: [2, 2, 2, 2], isBottleneck: false, inputChannels: 1)
    #expect(
      try Self.refusal(gray, ResNet.resNet18)
        == "r.pth: The file does not fit the network: 1 of another shape or type (conv1.weight is [64, 1, 7, 7] and should be "
        + "[64, 3, 7, 7]). The file's network takes 1 input channels and the study's 3: set inputChannels: 1.")
  }

  @Test("A missing tensor and a key that no rule explains are listed")
  func missingAndLeftOver() throws {
    let file = ResNet.small.filter { $0.name != "layer2.0.bn1.bias" } + [("adapter.weight", [1])]
    #expect(
      try Self.refusal(file, ResNet.small)
        == "r.pth: The file does not fit the network: 1 missing (layer2.0.bn1.bias), 1 left over (adapter.weight). "
        + "Give weights of the network that the study asks for, under torchvision's names.")
  }

  @Test("For a whole network nothing may be left over, not even a head")
  func fullMode() throws {
    #expect(
      try Self.refusal(ResNet.small + [("fc.bias", [2])], ResNet.small, .full)
        == "r.pth: The file does not fit the network: 1 left over (fc.bias). "
        + "Set state: backbone.")
  }

  @Test("A file of something else shows its names")
  func somethingElse() throws {
    #expect(
      try Self.refusal([("cls_token", [1, 1, 8]), ("pos_embed", [1, 5, 8])], ResNet.small)
        == "r.pth: Only 0 of the network's 60 arrays have a namesake in the file, which has 2: cls_token, pos_embed. "
        + "Give weights of the network that the study asks for, under torchvision's names.")
    #expect(
      try Self.refusal([], ResNet.small)
        == "r.pth: The file holds no arrays. Give a file that holds a network's weights.")
  }

  @Test("A prefix that brings fewer than nine tenths of the names is not taken")
  func ninetyPercent() throws {
    let names = ResNet.small.map(\.name).filter { !$0.hasSuffix("num_batches_tracked") }
    func refusal(without count: Int) throws -> WeightsError? {
      let left = Set(names.dropLast(count))
      let file = try ResNet.file(prefixed("module.", ResNet.small.filter { left.contains($0.name) }))
      return try failure { _ = try BackboneMatcher.match(file, expected: ResNet.small, mode: .backbone) }
    }
    #expect(names.count == 60)
    #expect(try refusal(without: 0) == nil)
    #expect(try refusal(without: 6)?.kind == .mismatch)
    #expect(try refusal(without: 7)?.kind == .noMatch)
  }

  static func refusal(of name: String, bits: UInt32) throws -> String? {
    let arrays = try ResNet.file(ResNet.small).arrays().map { array in
      guard array.name == name else { return array }
      var data = try array.bytes()
      for (index, shift) in [0, 8, 16, 24].enumerated() { data[index] = UInt8(truncatingIfNeeded: bits >> shift) }
      return try NamedArray(name: name, elementType: .float32, shape: array.shape, bytes: data)
    }
    return try failure { _ = try BackboneMatcher.match(ResNet.file(arrays), expected: ResNet.small, mode: .backbone) }?.description
  }

  @Test("Numbers that are not finite and variances that are not positive are refused, and named")
  func badValues() throws {
    let remedy = "Give another checkpoint; this one was saved from a training that had failed, or is damaged."
    #expect(
      try Self.refusal(of: "layer1.0.conv1.weight", bits: 0x7FC0_0000)
        == "r.pth: The file holds numbers that no trained network has: 1 of the 36 numbers of layer1.0.conv1.weight are NaN "
        + "or infinite. \(remedy)")
    #expect(try Self.refusal(of: "bn1.bias", bits: 0xFF80_0000)?.contains("1 of the 2 numbers of bn1.bias") == true)
    #expect(
      try Self.refusal(of: "bn1.running_var", bits: 0)
        == "r.pth: The file holds numbers that no trained network has: bn1.running_var holds the variance 0.0, which is not "
        + "positive. \(remedy)")
    #expect(try Self.refusal(of: "bn1.running_var", bits: 0xBF00_0000) != nil)
    #expect(try Self.refusal(of: "bn1.running_var", bits: 1) == nil)
  }

  @Test("Whole numbers are no weights")
  func elementType() throws {
    let arrays = try ResNet.file(ResNet.small).arrays().map { array in
      array.name == "bn1.bias" ? try NamedArray(name: "bn1.bias", elementType: .int32, shape: [2], bytes: Data(count: 8)) : array
    }
    let error = try failure { _ = try BackboneMatcher.match(ResNet.file(arrays), expected: ResNet.small, mode: .backbone) }
    #expect(error?.problem.contains("bn1.bias is I32 and should be a floating-point type") == true)
  }
}
