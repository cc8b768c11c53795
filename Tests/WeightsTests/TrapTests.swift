import CheckpointFixtures
import Foundation
import Foundations
import Synchronization
import Testing

@testable import Containers
@testable import Weights

/// Counts the bytes that are read of it.
final class CountingByteSource: ByteSource {
  let byteCount: Int
  private let readCount = Mutex(0)

  init(byteCount: Int) { self.byteCount = byteCount }

  var bytesRead: Int { readCount.withLock { $0 } }

  func read(offset: Int, count: Int) throws -> Data {
    try check(offset: offset, count: count)
    readCount.withLock { $0 += count }
    return Data(count: count)
  }
}

/// What published files do that a careless reader gets wrong.
@Suite("Traps of published files")
struct TrapTests {
  static func refusal(
    _ state: [(name: String, shape: [Int])], under path: [String] = [], entry: String? = nil,
    expected: [(name: String, shape: [Int])]
  ) throws -> String? {
    try refusal(ResNet.file(state).root, under: path, entry: entry, expected: expected)
  }

  static func refusal(
    _ node: CheckpointNode, under path: [String] = [], entry: String? = nil, expected: [(name: String, shape: [Int])]
  ) throws -> String? {
    let root = path.reversed().reduce(node) { .dictionary([($1, $0)]) }
    return try failure {
      _ = try BackboneMatcher.match(
        ResNet.file(root), expected: expected, mode: .backbone, entry: entry.map { try WeightsCatalog.named($0) },
        offered: PublishedStates.offered)
    }?.description
  }

  /// `small` with one array replaced.
  static func small(replacing name: String, with array: NamedArray) throws -> CheckpointNode {
    let arrays = try ResNet.file(ResNet.small).arrays().map { $0.name == name ? array : $0 }
    return .dictionary(arrays.map { ($0.name, .array($0)) })
  }

  @Test("A file that has the prefix on half of its names is refused, and both prefixes are named")
  func halfPrefixed() throws {
    let first = prefixed("module.", Array(ResNet.small.prefix(30)))
    let mixed = first + ResNet.small.dropFirst(30)
    let refusal = try Self.refusal(mixed, expected: ResNet.small)
    #expect(
      refusal
        == "r.pth: Only 35 of the network's 60 arrays have a namesake in the file, which has 72: module.conv1.weight, "
        + "module.bn1.weight, module.bn1.bias and 69 more. It names 35 of the network's arrays without a prefix and 25 with the "
        + "prefix module. (module.conv1.weight, module.bn1.weight, module.bn1.bias and 22 more). Give a file with one prefix for "
        + "all.")
    let nearly = prefixed("module.", ResNet.small.filter { $0.name != "bn1.bias" }) + [("bn1.bias", [2])]
    #expect(
      try Self.refusal(nearly, expected: ResNet.small)
        == "r.pth: The file does not fit the network: 1 missing (bn1.bias). It names 59 of the network's "
        + "arrays with the prefix module. and 1 without a prefix (bn1.bias). Give a file with one prefix for all.")
  }

  @Test("MoCo's prefix is taken off whole: the momentum encoder beside it is never mixed in")
  func momentumEncoder() throws {
    let query = try ResNet.small.map { name, shape in
      name.hasSuffix(KeyRules.counter) ? try counter(name) : try ramp("module.encoder_q." + name, shape)
    }
    let key = try ResNet.file(prefixed("module.encoder_k.", ResNet.small)).arrays()
    let file = ResNet.file(.dictionary([("state_dict", .dictionary((key + query).map { ($0.name, .array($0)) }))]))
    for entry in [nil, try WeightsCatalog.named("moco-v2")] {
      let match = try BackboneMatcher.match(file, expected: ResNet.small, mode: .backbone, entry: entry)
      #expect(match.prefix == "module.encoder_q.")
      #expect(try match.tensors["layer1.0.conv1.weight"]?.bytes() == ramp("w", [2, 2, 3, 3]).bytes())
      #expect(match.dropped.count == ResNet.small.count)
      #expect(Set(match.dropped.map(\.rule)) == ["momentum encoder"])
    }
  }

  private func counter(_ name: String) throws -> NamedArray {
    try NamedArray(name: "module.encoder_q." + name, elementType: .int64, shape: [], bytes: Data(count: 8))
  }

  @Test("A file whose module. was replaced first still loads, but not as the entry it came from")
  func replacedFirst() throws {
    let state = prefixed("encoder_q.", ResNet.small) + prefixed("encoder_k.", ResNet.small)
    #expect(try Self.refusal(state, under: ["state_dict"], expected: ResNet.small) == nil)
    #expect(
      try Self.refusal(state, under: ["state_dict"], entry: "moco-v2", expected: ResNet.small)
        == "r.pth: The file should have torchvision's names under state_dict with the prefix module.encoder_q., as the catalog "
        + "entry moco-v2 says, but has only 0 of the 60 arrays there, among 144: encoder_q.conv1.weight, "
        + "encoder_q.bn1.weight, encoder_q.bn1.bias and 141 more. It has the network as torchvision's names under state_dict with "
        + "the prefix encoder_q., which no catalog entry describes: set prefix: \"encoder_q.\", or leave the entry out.")
  }

  @Test("Of a memory bank beside the network, and of a queue among its arrays, not one byte is read")
  func memoryBank() throws {
    let bank = CountingByteSource(byteCount: 1_281_167 * 128 * 4)
    let queue = CountingByteSource(byteCount: 128 * 65_536 * 4)
    let memory = try NamedArray(
      name: "memory_1", elementType: .float32, shape: [1_281_167, 128], source: bank, byteOffset: 0, strides: nil)
    let keys = try NamedArray(
      name: "module.queue", elementType: .float32, shape: [128, 65_536], source: queue, byteOffset: 0, strides: nil)
    let network = try ResNet.file(prefixed("module.encoder.", ResNet.small)).arrays() + [keys]
    let root = CheckpointNode.dictionary([
      ("model", .dictionary(network.map { ($0.name, .array($0)) })), ("contrast", .dictionary([("memory_1", .array(memory))])),
    ])
    let match = try BackboneMatcher.match(
      ResNet.file(root), expected: ResNet.small, mode: .backbone, entry: WeightsCatalog.named("infomin"))
    #expect(match.dropped.map(\.key) == ["module.queue", "contrast"])
    #expect(match.dropped.map(\.rule) == ["memory bank", "outside model"])
    #expect((bank.bytesRead, queue.bytesRead) == (0, 0))
  }

  @Test("One missing tensor is named, with the file that the entry is published as")
  func missing() throws {
    let state = ResNet.small.filter { $0.name != "layer3.0.bn2.running_var" }
    #expect(
      try Self.refusal(state, entry: "barlow-twins", expected: ResNet.small)
        == "r.pth: The file does not fit the network: 1 missing (layer3.0.bn2.running_var). Give resnet50.pth from "
        + "https://dl.fbaipublicfiles.com/barlowtwins/ljng/resnet50.pth.")
  }

  @Test("One key that no rule explains is named")
  func unexplained() throws {
    #expect(
      try Self.refusal(ResNet.small + [("attention.weight", [2])], entry: "imagenet", expected: ResNet.small)
        == "r.pth: The file does not fit the network: 1 left over (attention.weight). No rule drops attention.weight; where "
        + "that is no part of the backbone, such as a head: set ignore: [attention].")
  }

  @Test("Another network's file is refused as an entry too, with the entry or the setting that fits")
  func otherNetwork() throws {
    #expect(
      try Self.refusal(prefixed("module.", ResNet.resNet18), under: ["state_dict"], entry: "chexpert", expected: ResNet.resNet50)?
        .hasSuffix(
          "The file holds a ResNet-18 and chexpert is a ResNet-50: leave the entry out and set architecture: resnet18.") == true)
    let small = try PublishedStates.backbone("resnet20")
    let large = try PublishedStates.backbone("resnet56")
    #expect(
      try Self.refusal(prefixed("module.", large), under: ["state_dict"], entry: "cifar10-resnet20", expected: small)?
        .hasSuffix(
          "The file holds a ResNet-56 and cifar10-resnet20 is a ResNet-20: name the entry that it is of (cifar10-resnet56) and set "
            + "architecture: resnet56.") == true)
  }

  @Test("A stem of one channel does not fit a network of three, nor the other way round")
  func channels() throws {
    func state(_ channels: Int) -> [(name: String, shape: [Int])] {
      ResNet.backbone(depths: [3, 4, 6, 3], isBottleneck: true, inputChannels: channels)
    }
    #expect(
      try Self.refusal(state(1), entry: "torchxrayvision", expected: state(3))
        == "r.pth: The file does not fit the network: 1 of another shape or type (conv1.weight is [64, 1, 7, 7] and should be "
        + "[64, 3, 7, 7]). The file's network takes 1 input channels and the study's 3: set inputChannels: 1.")
    #expect(
      try Self.refusal(state(3), entry: "imagenet", expected: state(1))?.hasSuffix("set inputChannels: 3.") == true)
  }

  @Test("A number that is not finite, and a variance of 0, are refused under an entry too")
  func badValues() throws {
    let infinite = try NamedArray(name: "bn1.bias", elementType: .float32, shape: [2], bytes: Data([0, 0, 0, 0, 0, 0, 0x80, 0x7F]))
    let remedy = "Give another checkpoint; this one was saved from a training that had failed, or is damaged."
    #expect(
      try Self.refusal(Self.small(replacing: "bn1.bias", with: infinite), entry: "dino", expected: ResNet.small)
        == "r.pth: The file holds numbers that no trained network has: 1 of the 2 numbers of bn1.bias are NaN or infinite. "
        + remedy)
    let zero = try NamedArray(name: "bn1.running_var", elementType: .float32, shape: [2], bytes: Data(count: 8))
    #expect(
      try Self.refusal(Self.small(replacing: "bn1.running_var", with: zero), entry: "dino", expected: ResNet.small)
        == "r.pth: The file holds numbers that no trained network has: bn1.running_var holds the variance 0.0, which is not "
        + "positive. \(remedy)")
  }

  @Test("Two arrays of one name are refused, whether the name is the file's or what a layout makes of it")
  func duplicates() throws {
    let array = CheckpointNode.array(try ramp("x", [2]))
    let twice = CheckpointNode.dictionary([
      ("a.b", array), ("a", .dictionary([("b", array)])),
    ])
    #expect(
      try Self.refusal(twice, expected: ResNet.small) == "r.pth: The name a.b occurs twice. Give every array a name of its own.")
    let models = CheckpointNode.dictionary([
      ("one", .dictionary([("conv1_conv/kernel", array)])), ("two", .dictionary([("conv1_conv/kernel", array)])),
    ])
    #expect(
      try Self.refusal(models, entry: "radimagenet-keras", expected: ResNet.small)
        == "r.pth: Two arrays of the file are conv1_conv/kernel: one.conv1_conv/kernel and two.conv1_conv/kernel. "
        + "Give a file with one network in it.")
  }

  @Test("A shape that differs is named as it lies in PyTorch, after the axes were turned")
  func shapes() throws {
    let expected: [(name: String, shape: [Int])] = [("conv1.weight", [4, 3, 7, 7]), ("bn1.weight", [4])]
    func file(_ kernel: [Int]) throws -> CheckpointNode {
      .dictionary([
        ("base_model/conv2d/kernel", .array(try ramp("k", kernel))),
        ("base_model/batch_normalization/gamma", .array(try ramp("g", [4]))),
      ])
    }
    #expect(try Self.refusal(file([7, 7, 3, 4]), entry: "simclr-v2", expected: expected) == nil)
    #expect(
      try Self.refusal(file([4, 3, 7, 7]), entry: "simclr-v2", expected: expected)?.contains(
        "conv1.weight is [7, 7, 4, 3] and should be [4, 3, 7, 7]") == true)
  }

  @Test("A SimCLR file with a convolution too many, or without one, is refused")
  func tensorFlowCounts() throws {
    let names = ResNet.small.map(\.name)
    let rules = try #require(KeyNaming.tensorFlow.rules(for: names))
    func file(_ change: (inout [(key: String, value: CheckpointNode)]) -> Void) throws -> CheckpointNode {
      var items: [(key: String, value: CheckpointNode)] = try ResNet.small.compactMap { name, shape in
        guard let rule = rules[name] else { return nil }
        let stored = shape.count == 4 ? [shape[2], shape[3], shape[1], shape[0]] : shape
        return ("base_model/" + rule.key, .array(try ramp(name, stored)))
      }
      change(&items)
      return .dictionary(items)
    }
    #expect(try Self.refusal(file { _ in }, entry: "simclr-v1", expected: ResNet.small) == nil)
    let extra = CheckpointNode.array(try ramp("k", [1, 1, 2, 2]))
    #expect(
      try Self.refusal(file { $0.append(("base_model/conv2d_99/kernel", extra)) }, entry: "simclr-v1", expected: ResNet.small)?
        .contains("1 left over (base_model/conv2d_99/kernel). No rule drops base_model/conv2d_99/kernel") == true)
    let incomplete = try file { $0.removeAll { $0.key == "base_model/conv2d_4/kernel" } }
    #expect(try Self.refusal(incomplete, entry: "simclr-v1", expected: ResNet.small)?.contains("1 missing (") == true)
  }

  @Test("A convolution's bias goes into the running mean behind it, and the certificate names it")
  func foldedBias() throws {
    func array(_ name: String, _ values: [Float]) throws -> CheckpointNode {
      let data = values.reduce(into: Data()) { data, value in
        withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
      }
      return .array(try NamedArray(name: name, elementType: .float32, shape: [values.count], bytes: data))
    }
    let file = ResNet.file(
      .dictionary([
        ("conv1_conv", .dictionary([("kernel:0", .array(try ramp("k", [1, 1, 3, 2]))), ("bias:0", try array("b", [0.5, -2]))])),
        ("conv1_bn", .dictionary([("moving_mean:0", try array("m", [0.25, 1])), ("gamma:0", try array("g", [1, 1]))])),
      ]))
    let expected: [(name: String, shape: [Int])] = [
      ("conv1.weight", [2, 3, 1, 1]), ("bn1.running_mean", [2]), ("bn1.weight", [2]), ("bn1.num_batches_tracked", []),
    ]
    let match = try BackboneMatcher.match(
      file, expected: expected, mode: .backbone, entry: WeightsCatalog.named("radimagenet-keras"))
    #expect(try match.tensors["bn1.running_mean"]?.doubles() == [-0.25, 3])
    #expect(match.folded == ["conv1_conv.bias:0"])
    #expect(match.dropped.isEmpty)
    #expect(try Certificate(file: file, match: match).folded == match.folded)
  }
}
