internal import Containers

/// A reason to leave an array of a file out of a backbone, by the first part of its name or by its end.
///
/// Whatever is dropped is dropped by one of these and named in the certificate; a name that no rule covers is an error.
struct DropRule: Sendable {
  let name: String
  /// First parts of names, behind the prefix that was stripped.
  var components: Set<String> = []
  /// Ends of names.
  var suffixes: [String] = []
  /// The naming that the rule is about; nil for all.
  var naming: KeyNaming?

  static let all = [
    DropRule(
      name: "classifier head",
      components: [
        "fc", "classifier", "head", "heads", "linear", "last_linear", "classification_head", "head_supervised",
        "linear_classifier",
      ]),
    DropRule(name: "classifier head", components: ["predictions", "probs", "fc1000", "dense"], naming: .keras),
    // Of the CheXpert winner's network: a map of attention, and a normalization and a classifier for each finding.
    DropRule(name: "classifier head", components: Set(["attention_map", "global_pool"] + (0..<14).flatMap { ["fc_\($0)", "bn_\($0)"] })),
    DropRule(name: "operating points", components: ["op_threshs"]),
    // What masked images have in place of a patch, and what draws the hidden patches.
    DropRule(name: "mask token", components: ["mask_token"]),
    DropRule(name: "pixel decoder", components: ["decoder_embed", "decoder_pos_embed", "decoder_blocks", "decoder_norm", "decoder_pred"]),
    DropRule(name: "segmentation decoder", components: ["decoder", "segmentation_head"]),
    DropRule(name: "detector", components: ["rpn", "roi_heads", "fpn"]),
    // Barlow Twins' `bn` is the normalization behind its projector; no ResNet has a layer of that name.
    DropRule(
      name: "projection head",
      components: [
        "projection_head", "projection", "projector", "projector_k", "predictor", "value_transform", "head_contrastive",
        "head_jig", "bn",
      ]),
    DropRule(name: "prototypes", components: ["prototypes"]),
    DropRule(
      name: "momentum encoder",
      components: ["encoder_k", "momentum_encoder", "target_encoder", "teacher", "target_params", "target_state", "ema_model"]),
    // The target network's fields of BYOL's experiment state, where a pickle has them by number.
    DropRule(name: "momentum encoder", components: ["1", "3"], naming: .haiku),
    DropRule(name: "memory bank", components: ["queue", "queue_ptr", "memory", "memory_bank"]),
    DropRule(name: "optimizer", components: ["optimizer", "optimizer_weights", "opt_state"]),
    DropRule(name: "optimizer", components: ["4"], naming: .haiku),
    DropRule(name: "optimizer", suffixes: ["/Momentum"], naming: .tensorFlow),
    DropRule(name: "training counter", components: ["global_step", "save_counter"], naming: .tensorFlow),
    // Haiku's moving averages: `average` is what counts, the other two are how it is computed.
    DropRule(name: "moving average's working values", suffixes: [".hidden", ".counter"], naming: .haiku),
  ]

  /// The rule that explains a name, if any does.
  static func explaining(_ key: String, prefix: String, naming: KeyNaming = .torchvision) -> DropRule? {
    let components = firstParts(of: key, prefix: prefix, naming: naming)
    return all.first { rule in
      (rule.naming == nil || rule.naming == naming)
        && (components.contains { rule.components.contains($0) } || rule.suffixes.contains { key.hasSuffix($0) })
    }
  }

  /// What a rule may know a name by.
  private static func firstParts(of key: String, prefix: String, naming: KeyNaming) -> [String] {
    switch naming {
    case .torchvision, .wrapped, .transformers, .sequential, .tensorFlow, .denseNetDotted:
      let key = naming.canonical(key) ?? key
      return [first(key.dropFirst(commonFront(key, prefix).count))]
    case .haiku:
      let fields: Set = ["online_params", "online_state", "0", "2"]
      let field = first(key[...])
      return [fields.contains(field) ? first(key.dropFirst(field.count + 1)) : field]
    case .keras:
      let layer = naming.canonical(key).map { first($0[...]) } ?? ""
      // Keras numbers the layers of a kind: dense, dense_1.
      let unnumbered = layer.split(separator: "_").prefix { Int($0) == nil }.joined(separator: "_")
      return [first(key[...]), layer, unnumbered]
    }
  }

  private static func first(_ key: Substring) -> String { String(key.prefix { $0 != "." && $0 != "/" }) }

  /// The whole parts that a key begins with like the prefix, or a wrapper's `module.`: of `module.queue` and
  /// `module.encoder_q.` it is `module.`.
  private static func commonFront(_ key: String, _ prefix: String) -> String {
    var front = prefix
    while !front.isEmpty, !key.hasPrefix(front) {
      front = String(front.dropLast())
      front = front.lastIndex(of: ".").map { String(front[...$0]) } ?? ""
    }
    return front.isEmpty && key.hasPrefix("module.") ? "module." : front
  }
}
