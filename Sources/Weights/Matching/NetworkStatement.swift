internal import Containers
internal import Foundation
internal import Foundations

/// What is said beside a file of the network that its weights are of: the `config.json` of timm and of transformers, or the
/// metadata that this program writes.
///
/// Networks of the same names and shapes may compute otherwise, and the file alone does not tell: timm's resnetaa50 and resnetblur50
/// have ResNet-50's, and blur where it halves.
enum NetworkStatement: Equatable {
  /// Nothing is said.
  case none
  /// The network is one that computes as the one that is asked for.
  case same(name: String)
  /// It computes otherwise, in what the clause says.
  case other(name: String, difference: String)
  /// A name that is not known.
  case unknown(name: String)

  init(beside file: CheckpointFile) {
    // What this program wrote: a run's weights, or a converted file.
    if let name = file.metadata["architecture"] ?? file.metadata["identity"].map({ _ in "this program's" }) {
      self = .same(name: name)
    } else {
      self = Self.configuration(beside: file.url).map { Self(configuration: $0) } ?? .none
    }
  }

  /// A person's folder may have any file of that name: what is no object of JSON says nothing.
  private static func configuration(beside url: URL) -> [String: Any]? {
    let place = url.deletingLastPathComponent().appendingPathComponent("config.json")
    guard let size = (try? FileManager.default.attributesOfItem(atPath: place.path))?[.size] as? Int, size <= 1 << 20,
      let data = try? Data(contentsOf: place)
    else { return nil }
    return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any]
  }

  init(configuration: [String: Any]) {
    if let name = configuration["architecture"] as? String {
      self = Self.timm(String(name.prefix { $0 != "." }), arguments: configuration["model_args"] as? [String: Any] ?? [:])
    } else if configuration["model_type"] as? String == "resnet" {
      self = Self.transformers(configuration)
    } else if let name = configuration["model_type"] as? String ?? (configuration["architectures"] as? [String])?.first {
      self = .unknown(name: name)
    } else {
      self = .none
    }
  }

  private static func timm(_ name: String, arguments: [String: Any]) -> NetworkStatement {
    if name.wholeMatch(of: /.*net(aa|blur)[0-9]+[a-z0-9_]*/) != nil {
      return .other(name: name, difference: "it blurs where it halves the resolution")
    }
    let computing = ["aa_layer", "act_layer", "norm_layer", "output_stride", "avg_down", "block_args", "drop_block_rate"]
    if let key = arguments.keys.sorted().first(where: computing.contains) {
      return .other(name: name, difference: "it was made with \(key)")
    }
    let isPlain = name.wholeMatch(of: /(tv_|gluon_|ssl_|swsl_|ig_)?resnet(18|34|50|101|152)(_v1b)?|(tv_)?densenet121|vit_(tiny|small|base)_patch(16_224|14_dinov2)/) != nil
    return isPlain ? .same(name: name) : .unknown(name: name)
  }

  private static func transformers(_ configuration: [String: Any]) -> NetworkStatement {
    let name = (configuration["architectures"] as? [String])?.first ?? "resnet"
    if let activation = configuration["hidden_act"] as? String, activation != "relu" {
      return .other(name: name, difference: "its activation is \(activation)")
    }
    if configuration["downsample_in_bottleneck"] as? Bool == true {
      return .other(name: name, difference: "it strides in the first 1 × 1 convolution of a block")
    }
    if configuration["downsample_in_first_stage"] as? Bool == true {
      return .other(name: name, difference: "its first stage halves the resolution")
    }
    return .same(name: name)
  }
}

extension Matching {
  /// What a reader must know of what was loaded, each a sentence.
  ///
  /// - Throws: `WeightsError` where what lies beside the file says that its network computes otherwise, and no entry says what it is.
  func cautions(_ reading: KeyReading, ignored: [BackboneMatcher.Dropped]) throws -> [String] {
    guard mode == .backbone else { return Self.words(on: file.calledNames) }
    var found: [String] = []
    switch NetworkStatement(beside: file) {
    case .same: break
    case .none where entry == nil && required.contains("blocks.0.attn.qkv.weight"):
      found.append(
        "Nothing says which network the file is of but its names and shapes, which do not tell how many heads its attention has (MoCo-v3's ViT-S has 12, "
          + "others of that width 6): name the catalog entry, or keep the config.json that was published with it beside it.")
    case .none:
      // A published file is known by its entry; CIFAR's and densely connected networks have no such twins that are published.
      if entry == nil, reading.naming.impliedArithmetic == nil, required.contains(where: { $0.hasPrefix("layer4.") }) {
        found.append(
          "Nothing says which network the file is of but its names and shapes, which others have that compute otherwise (timm's "
            + "resnetaa50 and resnetblur50 have ResNet-50's): name the catalog entry, or keep the config.json that was published with it beside it.")
      }
    case .unknown(let name):
      found.append("The config.json beside the file says that it is of “\(name)”, which is not known: whether that computes as the network that was filled is not.")
    case .other(let name, let difference):
      guard entry != nil else { throw WeightsError.otherNetwork(name, difference) }
      found.append("The config.json beside the file says that it is of \(name): \(difference). The catalog entry says otherwise.")
    }
    let own = Set(expected.map { $0.name.prefix { $0 != "." } })
    let inside = ignored.filter { dropped in
      let key = dropped.key.dropFirst((reading.path + [""]).joined(separator: ".").count)
      return key.hasPrefix(reading.prefix) && own.contains(key.dropFirst(reading.prefix.count).prefix { $0 != "." })
    }
    if !inside.isEmpty {
      found.append(
        "\(inside.count) arrays among the backbone's own layers were left out as asked (\(firstFew(inside.map(\.key)))): the network that they are of computes otherwise.")
    }
    return found + Self.words(on: file.calledNames)
  }

  private static func words(on names: [String]) -> [String] {
    guard !names.isEmpty else { return [] }
    return ["The file's pickle names callables that are not PyTorch's or NumPy's (\(firstFew(names, atMost: 5))): Python would call them; here none was called."]
  }
}

extension WeightsError {
  fileprivate static func otherNetwork(_ name: String, _ difference: String) -> WeightsError {
    WeightsError(
      .otherNetwork, "The config.json beside the file says that it is of \(name), which has the same names and shapes and computes otherwise: \(difference).",
      remedy: "Give weights of the network that the study asks for; if the config.json is of another file, move it to a folder of its own.")
  }
}
