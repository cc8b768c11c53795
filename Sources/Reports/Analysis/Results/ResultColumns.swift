internal import Foundations

/// The columns of a file of results: which of the two shapes it has, and where each column is.
struct ResultColumns {
  let places: [String: Int]
  /// One row a run, not one a cell.
  let hasRuns: Bool
  /// Columns that mean nothing here.
  let unused: [String]

  private static let shared = ["task", "initialization"], ofRuns = ["run", "value"], ofMeans = ["mean", "std", "n"]
  private static let optional = ["metric"]
  /// Of means alone.
  private static let optionalOfMeans = ["mark", "images", "accuracy", "congruence", "imagestd", "correlation"]

  /// - Parameter hasRunCount: the number of runs is given beside the file, so that it needs no column `n`.
  init(_ names: [String], source: String, hasRunCount: Bool) throws {
    var problems: [String] = []
    for name in Set(names.filter { name in names.count { $0 == name } > 1 }).sorted() {
      problems.append("line 1: there are two columns “\(name)”")
    }
    // The shape is the one that more of the columns speak for, misspelled ones included.
    func near(_ wanted: [String]) -> Int { wanted.count { names.contains($0) || nearest($0, in: names) != nil } }
    let exactRuns = Self.ofRuns.count { names.contains($0) }, exactMeans = Self.ofMeans.count { names.contains($0) }
    if exactRuns == 2 && exactMeans >= 2 {
      problems.append("line 1: it has the columns of runs (run, value) and of means (mean, std, n). Keep those of one kind")
    }
    hasRuns = exactRuns != exactMeans ? exactRuns > exactMeans : near(Self.ofRuns) >= near(Self.ofMeans)
    let required = Self.shared + (hasRuns ? Self.ofRuns : Self.ofMeans.filter { $0 != "n" || !hasRunCount })
    let known = Self.shared + Self.ofRuns + Self.ofMeans + Self.optional + (hasRuns ? [] : Self.optionalOfMeans)
    let strangers = names.filter { !known.contains($0) }
    for name in required where !names.contains(name) {
      let remedy =
        nearest(name, in: strangers).map { "Is it the one called “\($0)”?" }
        ?? (name == "n"
          ? "Add it, or give --as-n with the number of runs behind every mean."
          : "A file has task, initialization, run, value or task, initialization, mean, std, n.")
      problems.append("line 1: the column “\(name)” is missing. \(remedy)")
    }
    for name in strangers {
      // A misspelled optional column would otherwise be passed over in silence.
      guard !Self.optionalOfMeans.contains(name), let meant = nearest(name, in: Self.optional + (hasRuns ? [] : Self.optionalOfMeans)) else { continue }
      problems.append("line 1: there is no column “\(name)”. Did you mean “\(meant)”?")
    }
    guard problems.isEmpty else { throw ReportsError.malformedResults(source, problems) }
    unused = strangers
    places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
  }
}
