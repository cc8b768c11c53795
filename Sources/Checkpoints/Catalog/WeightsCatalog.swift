internal import Foundations

/// The published weights that are known, one line each.
public enum WeightsCatalog {
  public static let all: [WeightsEntry] = [
    .imageNetV1
  ]

  public static let names: [String] = all.map(\.id)

  /// The entry of that id.
  ///
  /// - Throws: `CheckpointsError` that names the nearest id, or all of them.
  public static func named(_ id: String) throws(CheckpointsError) -> WeightsEntry {
    guard let found = all.first(where: { $0.id == id }) else { throw CheckpointsError.unknownEntry(id, known: names) }
    return found
  }
}
