import CheckpointFixtures
import Foundation
import Foundations
import Testing

@testable import Containers
@testable import Weights

/// A ResNet-50 of two channels in every published layout, from Tools/goldens/layouts.py.
enum LayoutGolden {
  struct File: Decodable {
    /// The catalog entries that publish files like it.
    let entries: [String]
    /// The rules that explain its other keys, batch counters apart.
    let rules: Set<String>
    /// Which of the expected networks it holds.
    let network: String
  }

  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/layouts")

  static func index() throws -> [String: File] {
    try JSONDecoder().decode([String: File].self, from: Data(contentsOf: folder.appendingPathComponent("index.json")))
  }

  /// A network under torchvision's names, without counters.
  static func network(_ name: String) throws -> [String: NamedArray] {
    let arrays = try CheckpointFile.open(folder.appendingPathComponent("expected.safetensors")).arrays()
    let own = arrays.filter { $0.name.hasPrefix(name + "/") }.map { $0.renamed(String($0.name.dropFirst(name.count + 1))) }
    return Dictionary(own.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// What a matcher is asked for: the network with its counters.
  static func expected(_ network: [String: NamedArray]) -> [(name: String, shape: [Int])] {
    network.keys.sorted().flatMap { name -> [(name: String, shape: [Int])] in
      let own = (name: name, shape: network[name]?.shape ?? [])
      guard name.hasSuffix(".running_var") else { return [own] }
      return [own, (name: name.replacingOccurrences(of: ".running_var", with: KeyRules.counter), shape: [])]
    }
  }

  static func open(_ file: String) throws -> CheckpointFile { try CheckpointFile.open(folder.appendingPathComponent(file)) }
}

@Suite("Published layouts")
struct LayoutTests {
  static let files = ((try? LayoutGolden.index()) ?? [:]).keys.sorted()

  /// Every tensor of the match against the network, element by element, in torchvision's axes.
  static func expectEqual(_ match: BackboneMatcher.Match, _ network: [String: NamedArray], _ file: String) throws {
    #expect(match.tensors.count == network.count + network.keys.count { $0.hasSuffix(".running_var") }, "\(file)")
    for (name, golden) in network {
      let tensor = try #require(match.tensors[name], "\(file): \(name)")
      #expect(tensor.shape == golden.shape, "\(file): \(name)")
      #expect(try tensor.bytes() == golden.bytes(), "\(file): \(name)")
    }
  }

  @Test("The fixtures are there")
  func fixtures() { #expect(Self.files.count == 33) }

  /// Files with two complete networks, and what says which one the golden is of.
  static let several = ["dino-training.pth": "teacher", "pycontrast.pth": "model"]

  @Test("A file with a student and a teacher, or a network and its moving average, names both, and either is taken when it is said")
  func severalNetworks() throws {
    for (file, path) in Self.several {
      let golden = try #require(try LayoutGolden.index()[file])
      let network = try LayoutGolden.network(golden.network)
      let expected = LayoutGolden.expected(network)
      let checkpoint = try LayoutGolden.open(file)
      let error = try #require(try failure { _ = try BackboneMatcher.match(checkpoint, expected: expected, mode: .backbone) })
      #expect(error.kind == .several && error.ways.count == 2 && error.remedy.contains("set path: \(path)"), "\(error)")
      let match = try BackboneMatcher.match(checkpoint, expected: expected, mode: .backbone, keys: KeySelection(path: path))
      try Self.expectEqual(match, network, file)
      for way in error.ways {
        let other = try BackboneMatcher.match(checkpoint, expected: expected, mode: .backbone, keys: try #require(way.keys))
        #expect(other.tensors.count == match.tensors.count)
      }
    }
    #expect(
      try failure { _ = try BackboneMatcher.match(LayoutGolden.open("pycontrast.pth"), expected: LayoutGolden.expected(LayoutGolden.network("tiny")), mode: .backbone) }?
        .description == "pycontrast.pth: The file has 2 complete networks with different numbers: under model with the prefix “module.encoder.”; "
        + "under model_ema with the prefix “module.encoder.”. Say which is meant: set path: model, or set path: model_ema.")
  }

  @Test("Every file with one network loads without being named, element-equal to torchvision's network, its other keys explained", arguments: files)
  func unnamed(file: String) throws {
    guard Self.several[file] == nil else { return }
    let golden = try #require(try LayoutGolden.index()[file])
    let network = try LayoutGolden.network(golden.network)
    let checkpoint = try LayoutGolden.open(file)
    let match = try BackboneMatcher.match(checkpoint, expected: LayoutGolden.expected(network), mode: .backbone)
    try Self.expectEqual(match, network, file)
    #expect(Set(match.dropped.map(\.rule)) == golden.rules, "\(file)")
    // Exactly once: each array at the network's place is a tensor, a bias that went into one, or dropped.
    let place = try #require(KeyRules.descend(checkpoint.root, match.dictionaryPath))
    let outside = match.dropped.count { $0.rule.hasPrefix("outside ") }
    let filled = match.tensors.count - match.defaulted.count
    #expect(try place.arrays().count == filled + match.folded.count + match.dropped.count - outside, "\(file)")
  }

  @Test("Every file loads as each entry it stands for, in the entry's container, and gives the same", arguments: files)
  func asEntries(file: String) throws {
    let golden = try #require(try LayoutGolden.index()[file])
    let network = try LayoutGolden.network(golden.network)
    let checkpoint = try LayoutGolden.open(file)
    for id in golden.entries {
      let entry = try WeightsCatalog.named(id)
      let match = try BackboneMatcher.match(checkpoint, expected: LayoutGolden.expected(network), mode: .backbone, entry: entry)
      try Self.expectEqual(match, network, "\(file) as \(id)")
      #expect(match.entry?.id == id)
      #expect(checkpoint.container == entry.container, "\(file) as \(id)")
    }
  }

  @Test("Every entry that is not marked unverified has a fixture")
  func everyEntry() throws {
    let covered = Set(try LayoutGolden.index().values.flatMap(\.entries))
    for entry in WeightsCatalog.all where entry.verification == .fromCode {
      #expect(covered.contains(entry.id), "\(entry.id)")
    }
    #expect(covered.isSubset(of: WeightsCatalog.names))
  }

  @Test("A file that is not of an entry's layout is refused, and the sentence names the entries whose layout it has")
  func wrongEntry() throws {
    let network = LayoutGolden.expected(try LayoutGolden.network("tiny"))
    let swav = try LayoutGolden.open("swav.pth.tar")
    let error = try failure {
      _ = try BackboneMatcher.match(swav, expected: network, mode: .backbone, entry: WeightsCatalog.named("moco-v2"))
    }
    #expect(
      error?.description == "swav.pth.tar: The file should have torchvision's names under state_dict with the prefix "
        + "module.encoder_q., as the catalog entry moco-v2 says, but has nothing at that place. It has the network as "
        + "torchvision's names at its root with the prefix module.: name the entry that it is of (sela-v2, deepcluster-v2, swav), or leave the entry out.")
    let moco = try LayoutGolden.open("moco.pth.tar")
    let other = try failure {
      _ = try BackboneMatcher.match(moco, expected: network, mode: .backbone, entry: WeightsCatalog.named("chexpert"))
    }
    #expect(
      other?.description == "moco.pth.tar: The file should have torchvision's names under state_dict with the prefix module., as "
        + "the catalog entry chexpert says, but has only 0 of the 265 arrays there, among 646: "
        + "module.encoder_q.conv1.weight, module.encoder_q.bn1.weight, module.encoder_q.bn1.bias and 643 more. It has the network "
        + "as torchvision's names under state_dict with the prefix module.encoder_q.: name the entry that it is of (moco-v1, pcl-v1, "
        + "pcl-v2 and 1 more), or leave the entry out.")
  }

  @Test("SimCLR's variables are numbered in order of creation, a block's shortcut first")
  func tensorFlowNumbers() throws {
    let names = try PublishedStates.backbone("resnet50").map(\.name)
    let rules = try #require(KeyNaming.tensorFlow.rules(for: names))
    #expect(rules.count == 265)
    // The places that the converters of both versions agree on.
    let known = [
      "conv1": "conv2d", "layer1.0.downsample.0": "conv2d_1", "layer1.0.conv1": "conv2d_2", "layer1.0.conv3": "conv2d_4",
      "layer1.1.conv1": "conv2d_5", "layer2.0.downsample.0": "conv2d_11", "layer3.0.downsample.0": "conv2d_24",
      "layer4.0.downsample.0": "conv2d_43", "layer4.2.conv3": "conv2d_52",
    ]
    for (name, variable) in known {
      #expect(rules[name + ".weight"] == KeyRule(key: variable + "/kernel", axes: .outputFirst))
    }
    #expect(rules["layer2.0.downsample.1.running_var"]?.key == "batch_normalization_11/moving_variance")
  }

  @Test("Every naming maps a ResNet's tensors one to one, and a network that is no ResNet only to itself")
  func oneToOne() throws {
    for architecture in PublishedStates.titles.keys.sorted() {
      let names = try PublishedStates.backbone(architecture).map(\.name)
      for naming in KeyNaming.allCases where naming != .denseNetDotted {
        let rules = try #require(naming.rules(for: names))
        #expect(Set(rules.values.map(\.key)).count == rules.count, "\(naming) of \(architecture)")
      }
    }
    #expect(KeyNaming.keras.rules(for: ["cls_token"]) == nil)
    #expect(KeyNaming.denseNetDotted.rules(for: ["cls_token"]) == nil && KeyNaming.denseNetDotted.rules(for: ["layer1.0.conv1.weight"]) == nil)
    #expect(KeyNaming.torchvision.rules(for: ["cls_token"])?.count == 1)
  }

  @Test("Old names of dense layers have a dot where today's have none, and nothing else differs")
  func dottedNames() throws {
    let names = try PublishedStates.backbone("densenet121").map(\.name).filter { !$0.hasSuffix(KeyRules.counter) }
    let rules = try #require(KeyNaming.denseNetDotted.rules(for: names))
    #expect(rules.count == names.count && Set(rules.values.map(\.key)).count == names.count)
    let known = [
      "features.conv0.weight": "features.conv0.weight", "features.denseblock4.denselayer16.norm2.running_var": "features.denseblock4.denselayer16.norm.2.running_var",
      "features.denseblock1.denselayer1.conv1.weight": "features.denseblock1.denselayer1.conv.1.weight", "features.transition1.norm.bias": "features.transition1.norm.bias",
      "features.norm5.bias": "features.norm5.bias",
    ]
    for (name, key) in known { #expect(rules[name] == KeyRule(key: key)) }
  }

  @Test("A vision transformer of which nobody says what it is comes with the word that its heads are not told")
  func headsAreNotTold() throws {
    let network = try LayoutGolden.network("vit")
    let unnamed = try BackboneMatcher.match(LayoutGolden.open("mae.pth"), expected: LayoutGolden.expected(network), mode: .backbone)
    #expect(unnamed.cautions.count == 1 && unnamed.cautions[0].contains("how many heads"))
    let named = try BackboneMatcher.match(
      LayoutGolden.open("mae.pth"), expected: LayoutGolden.expected(network), mode: .backbone, entry: WeightsCatalog.named("mae-vit-b16"))
    #expect(named.cautions == [])
  }

  @Test("Names of Keras and haiku are read in each form in which files have them")
  func canonicalNames() {
    for key in ["conv1_conv/kernel", "conv1_conv.conv1_conv.kernel:0", "model_weights/resnet50/conv1_conv/kernel:0"] {
      #expect(KeyNaming.keras.canonical(key) == "conv1_conv/kernel")
    }
    #expect(KeyNaming.keras.canonical("optimizer_weights/Adam/conv1_conv/kernel/m:0") == nil)
    for field in ["online_params", "0"] {
      let key = "\(field).res_net50/~/block_group_0/~/block_1/~/conv_2.w"
      #expect(KeyNaming.haiku.canonical(key) == "block_group_0/block_1/conv_2.w")
    }
    #expect(KeyNaming.haiku.canonical("target_params.res_net50/~/initial_conv.w") == nil)
    #expect(KeyNaming.haiku.canonical("online_params.projector/linear_0.w") == nil)
  }
}

@Suite("Views of arrays")
struct ViewTests {
  @Test("Axes are put in another order without copying, and the elements follow")
  func permuted() throws {
    let array = try ramp("w", [2, 3, 4])
    let view = try array.permuted([2, 0, 1])
    #expect(view.shape == [4, 2, 3])
    let (values, moved) = (try array.doubles(), try view.doubles())
    for a in 0..<4 { for b in 0..<2 { for c in 0..<3 { #expect(moved[(a * 2 + b) * 3 + c] == values[(b * 3 + c) * 4 + a]) } } }
    #expect(try view.permuted([1, 2, 0]).bytes() == array.bytes())
    #expect(try array.permuted([0, 1, 2]).strides == nil)
    #expect(throws: ContainersError.self) { try array.permuted([0, 0, 1]) }
    #expect(throws: ContainersError.self) { try array.permuted([0, 1]) }
  }

  @Test("Axes of size 1 are left out, of a view too")
  func squeezed() throws {
    let array = try ramp("w", [1, 3, 1, 2])
    #expect(try array.squeezed().shape == [3, 2])
    #expect(try array.squeezed().bytes() == array.bytes())
    #expect(try array.permuted([3, 0, 1, 2]).squeezed().shape == [2, 3])
    #expect(try array.permuted([3, 0, 1, 2]).squeezed().doubles() == [0, 2, 4, 1, 3, 5].map { 0.25 + $0 / 64 })
    #expect(try ramp("s", [1, 1]).squeezed().shape == [])
  }
}
