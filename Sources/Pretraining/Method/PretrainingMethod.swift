import Foundations
public import Models
public import Training

/// A self-supervised method of the catalog: what there is to know about it, and how one is made.
public struct PretrainingMethod: Sendable, Identifiable {
  /// As studies name it: `moco-v2`.
  public let id: String
  public let title: String
  /// Where it was published.
  public let paper: String
  /// What is not as published; nil where nothing is known to differ but the scale.
  public let remark: String?
  /// What it looks at.
  public let views: ViewRecipe
  public let optimization: Optimization
  /// The published values, each with its source and the rule by which it follows the size of a training.
  public let settings: [Setting]
  /// What its authors and users advise against each kind of collapse.
  public let remedies: [CollapseKind: String]
  /// What its healthy trainings stay above.
  public let bounds: CollapseBounds
  private let make: @Sendable (MethodMaterials) throws -> any SelfSupervisedMethod

  init(
    _ id: String, _ title: String, paper: String, remark: String? = nil, views: ViewRecipe, optimization: Optimization, settings: [Setting],
    remedies: [CollapseKind: String], bounds: CollapseBounds = CollapseBounds(), make: @escaping @Sendable (MethodMaterials) throws -> any SelfSupervisedMethod
  ) {
    (self.id, self.title, self.paper, self.remark, self.views, self.optimization) = (id, title, paper, remark, views, optimization)
    (self.settings, self.remedies, self.bounds, self.make) = (settings, remedies, bounds, make)
  }

  /// Makes the method's heads, encoders and memories.
  ///
  /// - Throws: `PretrainingError` for a setting that the materials' lack.
  func assemble(_ materials: MethodMaterials) throws -> any SelfSupervisedMethod { try make(materials) }

  /// The bytes of what the method remembers between steps and no optimizer changes: queues, banks, centroids, centers. They are counted, not made.
  public func memoryBytes(settings: MethodSettings, backbone: BackboneNetwork, sampleCount: Int, numerics: NumericSetting) throws -> Int {
    let materials = try MethodMaterials(
      settings: settings, backbone: backbone, sampleCount: sampleCount, views: views, numerics: numerics, seed: SeedPath(0), countsMemory: true)
    _ = try assemble(materials)
    return materials.memory.byteCount
  }

  /// The values for a training of some size: the table that a plan prints.
  ///
  /// - Parameter overrides: values that a study sets itself, by the keys of the settings.
  /// - Throws: `PretrainingError` for a key that the method does not have and for a value that it cannot take.
  public func settings(for scale: TrainingScale, overrides: [String: Double] = [:]) throws -> MethodSettings {
    let known = settings.map(\.key.rawValue)
    for name in overrides.keys.sorted() where !known.contains(name) { throw PretrainingError.unknownSetting(name, of: self, known: known) }
    return MethodSettings(
      method: id,
      rows: try settings.map { setting in
        if let value = overrides[setting.key.rawValue] {
          guard setting.key.range.contains(value) else {
            throw PretrainingError.invalidSetting(setting.key.rawValue, value: value, valid: setting.key.range)
          }
          return .init(setting, used: value, reason: "set by the study")
        }
        let scaled = setting.rule.scaled(setting.published, scale)
        return .init(setting, used: scaled.value, reason: scaled.reason)
      })
  }
}
