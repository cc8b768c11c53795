/// A reason to leave an array of a file out of a backbone, by the first part of its name.
///
/// Whatever is dropped is dropped by one of these and named in the certificate; a name that no rule covers is an error.
struct DropRule: Sendable {
  let name: String
  /// First parts of names, behind the prefix that was stripped.
  let components: Set<String>

  static let all = [
    DropRule(
      name: "classifier head",
      components: ["fc", "classifier", "head", "heads", "linear", "last_linear", "classification_head", "head_supervised"]),
    DropRule(name: "segmentation decoder", components: ["decoder", "segmentation_head"]),
    // Barlow Twins' `bn` is the normalization behind its projector; no ResNet has a layer of that name.
    DropRule(
      name: "projection head",
      components: ["projection_head", "projection", "projector", "predictor", "head_contrastive", "head_jig", "bn"]),
    DropRule(name: "prototypes", components: ["prototypes"]),
    DropRule(name: "momentum encoder", components: ["encoder_k", "momentum_encoder", "target_encoder", "teacher"]),
    DropRule(name: "memory bank", components: ["queue", "queue_ptr", "memory", "memory_bank"]),
  ]

  /// The rule that explains a name, if any does.
  static func explaining(_ key: String, prefix: String) -> DropRule? {
    var rest = key[...]
    if key.hasPrefix(prefix) {
      rest = rest.dropFirst(prefix.count)
    } else if key.hasPrefix("module.") {
      rest = rest.dropFirst("module.".count)
    }
    let component = String(rest.prefix { $0 != "." })
    return all.first { $0.components.contains(component) }
  }
}
