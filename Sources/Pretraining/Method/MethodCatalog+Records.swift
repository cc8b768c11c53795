public import Vocabulary

extension MethodCatalog {
  /// What studies and their rules must know of the methods.
  public static let records: [PretrainingRecord] = all.map { method in
    PretrainingRecord(
      id: method.id, title: method.title, settings: ranges(method),
      settingsOfOthers: Dictionary(uniqueKeysWithValues: PretrainingOptimizer.allCases.map { ($0, ranges(method.trained(by: $0))) }))
  }

  private static func ranges(_ method: PretrainingMethod) -> [String: ClosedRange<Double>] {
    Dictionary(method.settings.map { ($0.key.rawValue, $0.key.range) }) { first, _ in first }
  }
}
