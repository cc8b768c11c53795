/// The one run that stands for all seeds of a task and an initialization, where something can only be shown of one.
public enum MedianRun {
  /// The place of the median value, the lower of the two middle ones where their number is even; of equal values the first seed's.
  ///
  /// - Parameter results: of each run its seed and value; nil where it has none.
  public static func index(_ results: [(seed: Int, value: Double?)]) -> Int? {
    let known = results.indices.filter { results[$0].value != nil }
      .sorted { (results[$0].value ?? 0, results[$0].seed) < (results[$1].value ?? 0, results[$1].seed) }
    return known.isEmpty ? nil : known[(known.count - 1) / 2]
  }
}
