/// Numbers from 0 that are joined as it turns out that they belong together.
struct DisjointIndices: Sendable {
  private var parents: [Int32]

  package init(count: Int) { parents = (0..<count).map { Int32($0) } }

  /// The least number that one is joined with: the order of joining makes no difference.
  mutating func representative(of index: Int) -> Int {
    var current = index
    while parents[current] != current {
      // Halves the way for whoever comes next.
      parents[current] = parents[Int(parents[current])]
      current = Int(parents[current])
    }
    return current
  }

  package mutating func join(_ first: Int, _ second: Int) {
    let (a, b) = (representative(of: first), representative(of: second))
    parents[max(a, b)] = Int32(min(a, b))
  }

  /// All sets, those of one number too, each in order.
  func sets() -> [[Int]] {
    var joined = self
    return Dictionary(grouping: parents.indices) { joined.representative(of: $0) }.values.sorted { $0[0] < $1[0] }
  }
}
