import CheckpointFixtures
import Foundation
import Testing

@testable import Containers
@testable import Weights

@Suite("The network of a file is found")
struct KeyDiscoveryTests {
  typealias State = [(name: String, shape: [Int])]

  static func wrapped(_ state: State, under path: [String], besides: [(key: String, value: CheckpointNode)] = []) throws -> CheckpointFile {
    let node = path.reversed().reduce(try ResNet.file(state).root) { .dictionary([("epoch", .scalar(.integer(3))), ($1, $0)] + besides) }
    return ResNet.file(node)
  }

  static let prefixes = [
    "", "model.backbone.", "_orig_mod.", "_fsdp_wrapped_module.", "student.", "image_encoder.", "module.student.backbone.", "net.0.encoder.trunk.",
    "online_encoder.net.", "_forward_module._orig_mod.", "a-strange name.",
  ]
  static let paths: [[String]] = [[], ["weights"], ["params"], ["ema"], ["state_dict"], ["model"], ["checkpoint", "best.one", "net"]]

  @Test("Behind any prefix, at any place, one network is found without being asked for", arguments: prefixes)
  func anyPrefix(prefix: String) throws {
    let other: State = prefix.isEmpty ? [] : [("text_encoder.embedding.weight", [2, 2]), ("logit_scale", [1])]
    for path in Self.paths {
      let file = try Self.wrapped(prefixed(prefix, ResNet.small) + other, under: path)
      let match = try BackboneMatcher.match(file, expected: ResNet.small, mode: .backbone)
      #expect(match.prefix == prefix && match.dictionaryPath == path && match.naming == .torchvision, "\(path)")
      #expect(match.tensors.count == ResNet.small.count)
      // Whatever is not behind the prefix is named as being outside of it.
      #expect(Set(match.dropped.map(\.key)) == Set(other.map(\.name)) && match.dropped.allSatisfy { $0.rule == "outside \(prefix)" })
    }
  }

  @Test("Wrappers between the parts of names are seen through")
  func wrappers() throws {
    let state = ResNet.small.map { name, shape in
      ("model._orig_mod." + name.replacing("layer1.", with: "layer1._fsdp_wrapped_module.").replacing(".0.conv2", with: ".0._checkpoint_wrapped_module.conv2"), shape)
    }
    let match = try BackboneMatcher.match(Self.wrapped(state, under: ["state_dict"]), expected: ResNet.small, mode: .backbone)
    #expect(match.naming == .wrapped && match.prefix == "model." && match.dropped.isEmpty)
  }

  @Test("Names of transformers are read, each as the tensor that its numbers show it to be", arguments: ["resnet18", "resnet50"])
  func transformers(architecture: String) throws {
    let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/transformers.json")
    let golden = try #require(try JSONDecoder().decode([String: [String: String]].self, from: Data(contentsOf: url))[architecture])
    let expected = try PublishedStates.backbone(architecture)
    let shapes = Dictionary(uniqueKeysWithValues: expected.map { ($0.name, $0.shape) })
    for prefix in ["", "vision_model."] {
      let state = golden.keys.sorted().map { (name: prefix + $0, shape: golden[$0].flatMap { shapes[$0] } ?? [2]) }
      let matching = Matching(file: try ResNet.file(state), expected: expected, mode: .backbone, keys: KeySelection(), offered: { [] })
      let reading = try matching.choose(in: KeyPool(matching.root, keys: KeySelection()))
      #expect(reading.naming == .transformers && reading.prefix == prefix + "resnet.")
      let found = try matching.assign(reading)
      #expect(found.difference.isEmpty && found.defaulted.isEmpty)
      #expect(Set(found.dropped.map(\.rule)) == ["classifier head"])
      let rules = try #require(KeyNaming.transformers.rules(for: expected.map(\.name)))
      for (name, rule) in rules { #expect(golden["resnet." + rule.key] == name) }
    }
  }

  @Test("Of a student and its teacher, a network and its average, none is taken; each is named with what singles it out, and that works")
  func several() throws {
    let (one, two) = (try Self.numbers(ResNet.small, 0.5), try Self.numbers(ResNet.small, 0.25))
    func flat(_ prefix: String, _ node: CheckpointNode) throws -> [(key: String, value: CheckpointNode)] {
      try node.arrays().map { (prefix + $0.name, .array($0)) }
    }
    let files: [CheckpointNode] = [
      .dictionary([("student", one), ("teacher", two)]), .dictionary([("state_dict", one), ("ema", .dictionary([("model", two)]))]),
      .dictionary([("model", .dictionary(try flat("student.backbone.", one) + flat("teacher.backbone.", two)))]),
      .dictionary(try flat("", one) + flat("ema_model.module.", two)),
      .dictionary([("state_dict", .dictionary(try flat("", one) + flat("ema_", two)))]), .dictionary(try flat("", one) + flat("average.", two)),
      .dictionary([("a", .dictionary(try flat("net.", one))), ("b", .dictionary(try flat("net.", two) + flat("old.", one)))]),
    ]
    for root in files {
      let file = ResNet.file(root)
      let error = try #require(try failure { _ = try BackboneMatcher.match(file, expected: ResNet.small, mode: .backbone) })
      #expect(error.kind == .several && error.ways.count >= 2)
      var seen = Set<Data>()
      for way in error.ways {
        let match = try BackboneMatcher.match(file, expected: ResNet.small, mode: .backbone, keys: try #require(way.keys))
        seen.insert(try #require(match.tensors["conv1.weight"]).bytes())
      }
      #expect(seen.count == 2)
    }
  }

  @Test("A counter in half precision is as one that is absent: it starts at 0 and is named")
  func halfCounters() throws {
    let arrays = try Self.numbers(ResNet.small, 0.5).arrays().map { array -> (key: String, value: CheckpointNode) in
      guard array.name.hasSuffix(KeyRules.counter) else { return (array.name, .array(array)) }
      return (array.name, .array(try NamedArray(name: array.name, elementType: .float16, shape: array.shape, bytes: Data([0x00, 0x7C]))))
    }
    let match = try BackboneMatcher.match(ResNet.file(.dictionary(arrays)), expected: ResNet.small, mode: .backbone)
    let counters = ResNet.small.map(\.name).filter { $0.hasSuffix(KeyRules.counter) }
    #expect(!counters.isEmpty && match.defaulted == counters)
    for name in counters { #expect(try match.tensors[name]?.bytes() == Data(count: 8)) }
  }

  @Test("Two complete networks with the same numbers are one")
  func copies() throws {
    let node = try ResNet.file(ResNet.small).root
    let match = try BackboneMatcher.match(ResNet.file(.dictionary([("model", node), ("best", node)])), expected: ResNet.small, mode: .backbone)
    #expect(match.dictionaryPath == ["model"] && match.dropped.map(\.key) == ["best"])
  }

  /// The state with all numbers alike.
  static func numbers(_ state: State, _ value: Float) throws -> CheckpointNode {
    let data = withUnsafeBytes(of: value.bitPattern.littleEndian) { Data($0) }
    let (numbers, counter) = (MemoryByteSource(data: data), MemoryByteSource(data: Data(count: 8)))
    return .dictionary(
      try state.map { name, shape in
        let isCounter = name.hasSuffix(KeyRules.counter)
        let array = try NamedArray(
          name: name, elementType: isCounter ? .int64 : .float32, shape: shape, source: isCounter ? counter : numbers, byteOffset: 0,
          strides: shape.map { _ in 0 })
        return (name, .array(array))
      })
  }

  // MARK: What a person says

  @Test("A prefix may be said without its dot, and from the root of the file; one that is not there says so")
  func prefixForms() throws {
    let file = try Self.wrapped(prefixed("student.", ResNet.small) + prefixed("teacher.", ResNet.small.map { ($0.name, $0.shape) }), under: ["model"])
    for prefix in ["teacher.", "teacher", "model.teacher."] {
      let match = try BackboneMatcher.match(file, expected: ResNet.small, mode: .backbone, keys: KeySelection(prefix: prefix))
      #expect(match.prefix == "teacher." && match.dictionaryPath == ["model"])
    }
    let error = try failure {
      _ = try BackboneMatcher.match(file, expected: ResNet.small, mode: .backbone, keys: KeySelection(prefix: "tutor."))
    }
    #expect(error != nil)
  }

  @Test("Ignored keys are left out and named, by a name, a pattern or one key; what is not there is an error")
  func ignore() throws {
    let extra: State = [("adapter.down.weight", [2]), ("layer1.0.se.fc1.weight", [2]), ("scale", [1])]
    let file = try Self.wrapped(ResNet.small + extra, under: ["state_dict"])
    func match(_ ignore: [String], prefix: String? = nil) throws -> BackboneMatcher.Match {
      try BackboneMatcher.match(file, expected: ResNet.small, mode: .backbone, keys: KeySelection(prefix: prefix, ignore: ignore))
    }
    for ignore in [["adapter", "*.se.*", "scale"], ["adapter.*", "layer1.0.se", "state_dict.scale"]] {
      let found = try match(ignore)
      #expect(Set(found.dropped.map(\.key)) == Set(extra.map { "state_dict." + $0.name }))
      #expect(Set(found.dropped.map(\.rule)) == Set(ignore.map { "ignore: \($0)" }))
      // What lies among the backbone's own layers makes it another network.
      #expect(found.cautions.contains { $0.contains("layer1.0.se.fc1.weight") && $0.contains("computes otherwise") })
    }
    #expect(
      try failure { _ = try match(["adapter", "*.se.*", "scale", "scala"]) }?.problem
        == "r.pth: Nothing in the file is “scala”, which is to be ignored.")
    #expect(try failure { _ = try match(["adapter", "scale", "layer1.0.conv1", "*.se.*"]) }?.problem.contains("1 missing (layer1.0.conv1.weight)") == true)
  }

  // MARK: What cannot be told from names

  @Test("A config.json beside the file tells timm's blurring networks, which have ResNet-50's names and shapes; without one the certificate says so")
  func configurations() throws {
    let folder = try TemporaryFolder()
    let arrays = try ResNet.file(ResNet.small).arrays().map { try NamedArray(name: $0.name, elementType: $0.elementType, shape: $0.shape, bytes: $0.bytes()) }
    try SafetensorsFile.write(arrays, to: folder.file("model.safetensors"))
    func match(_ configuration: String?, entry: String? = nil) throws -> BackboneMatcher.Match {
      try? FileManager.default.removeItem(at: folder.file("config.json"))
      if let configuration { try Data(configuration.utf8).write(to: folder.file("config.json")) }
      return try BackboneMatcher.match(
        CheckpointFile.open(folder.file("model.safetensors")), expected: ResNet.small, mode: .backbone, entry: entry.map { try WeightsCatalog.named($0) })
    }
    let silent = try match(nil).cautions
    #expect(silent.count == 1 && silent[0].contains("resnetaa50"))
    for same in [
      #"{"architecture": "resnet50", "num_classes": 1000}"#, #"{"architecture": "tv_resnet50.tv_in1k"}"#,
      #"{"model_type": "resnet", "hidden_act": "relu", "downsample_in_bottleneck": false}"#,
    ] { #expect(try match(same).cautions == [], "\(same)") }
    for unknown in [#"{"architecture": "resnet50_of_ours"}"#, #"{"model_type": "vit"}"#] {
      #expect(try match(unknown).cautions.first?.contains("is not known") == true, "\(unknown)")
    }
    for (other, name) in [
      (#"{"architecture": "resnetaa50"}"#, "resnetaa50"), (#"{"architecture": "resnetblur50.bt_in1k"}"#, "resnetblur50"),
      (#"{"architecture": "resnet50", "model_args": {"act_layer": "gelu"}}"#, "act_layer"),
      (#"{"model_type": "resnet", "hidden_act": "gelu"}"#, "gelu"),
      (#"{"model_type": "resnet", "downsample_in_bottleneck": true}"#, "1 × 1"),
    ] {
      let error = try failure { _ = try match(other) }
      #expect(error?.kind == .otherNetwork && error?.problem.contains(name) == true, "\(other)")
      // An entry says what the file is; the certificate says that the two disagree.
      #expect(try match(other, entry: "barlow-twins").cautions.first?.contains("says otherwise") == true)
    }
    // No object of JSON, or one that says nothing, is as none.
    for nothing in ["[1, 2]", "{", "{}"] { #expect(try match(nothing).cautions == silent) }
  }

  @Test("Names of TensorFlow, haiku and Keras imply an arithmetic, and a certificate of another says so")
  func impliedArithmetic() throws {
    for (file, implied) in [("simclr.ckpt.index", "samePooling"), ("byol.pkl", "same"), ("keras.h5", "keras")] {
      let network = LayoutGolden.expected(try LayoutGolden.network("tiny"))
      let checkpoint = try LayoutGolden.open(file)
      let match = try BackboneMatcher.match(checkpoint, expected: network, mode: .backbone)
      let certificate = try Certificate(file: checkpoint, match: match)
      #expect(certificate.cautions?.contains { $0.contains("arithmetic: \(implied)") } == true, "\(file)")
      let own = try Certificate(file: checkpoint, match: match, arithmetic: try #require(match.naming.impliedArithmetic))
      #expect(own.cautions?.contains { $0.contains("arithmetic:") } == false, "\(file)")
    }
  }
}
