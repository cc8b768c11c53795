/// The candidate that a person most likely meant by `name`, or nil when none is near.
///
/// Near means a Damerau–Levenshtein distance (optimal string alignment, case ignored) of at most a third of the longer name, at least 1.
public func nearest(_ name: String, in candidates: [String]) -> String? {
  let scored = candidates.map { ($0, editDistance(name.lowercased(), $0.lowercased())) }
  guard let best = scored.min(by: { $0.1 < $1.1 }) else { return nil }
  let limit = max(1, max(name.count, best.0.count) / 3)
  return best.1 <= limit ? best.0 : nil
}

/// "Did you mean “x”?" for the nearest candidate, else the list of valid names.
public func suggestion(for name: String, in candidates: [String]) -> String {
  if let near = nearest(name, in: candidates) { return "Did you mean “\(near)”?" }
  if candidates.isEmpty { return "There are none." }
  return "Choose one of: \(candidates.joined(separator: ", "))."
}

/// The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbors.
func editDistance(_ first: String, _ second: String) -> Int {
  let a = Array(first), b = Array(second)
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var beforeLast = [Int](repeating: 0, count: b.count + 1)
  var last = Array(0...b.count)
  for i in 1...a.count {
    var row = [i] + [Int](repeating: 0, count: b.count)
    for j in 1...b.count {
      let cost = a[i - 1] == b[j - 1] ? 0 : 1
      row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] { row[j] = min(row[j], beforeLast[j - 2] + 1) }
    }
    beforeLast = last
    last = row
  }
  return last[b.count]
}
