public import Vocabulary

extension MethodCatalog {
  /// What studies and their rules must know of the methods.
  public static let records: [PretrainingRecord] = all.map { method in
    PretrainingRecord(
      id: method.id, title: method.title,
      settings: Dictionary(method.settings.map { ($0.key.rawValue, $0.key.range) }) { first, _ in first })
  }
}
