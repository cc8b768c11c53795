/// The places of some numbers, from the smallest number to the largest; of equal ones the first comes first.
///
/// By radix in O(n), a byte at a time and without a branch on the numbers: a report orders the scores of every class of every
/// run, and comparing them would be a third of its work. NaN has no place of its own and stands at one of the ends.
public func risingOrder(of values: [Double]) -> [Int32] {
  let count = values.count
  return withUnsafeTemporaryAllocation(of: Placed.self, capacity: 2 * count) { items in
    var from = UnsafeMutableBufferPointer(rebasing: items[..<count]), to = UnsafeMutableBufferPointer(rebasing: items[count...])
    values.withUnsafeBufferPointer { values in
      for place in 0..<count { from.initializeElement(at: place, to: Placed(values[place], Int32(truncatingIfNeeded: place))) }
    }
    if count < 32 { sortByInsertion(from) } else { sortByRadix(&from, &to) }
    return [Int32](unsafeUninitializedCapacity: count) { places, length in
      for place in 0..<count { places.initializeElement(at: place, to: from[place].place) }
      length = count
    }
  }
}

/// A number as bits that order as it does, with its place.
private struct Placed {
  let key: UInt64
  let place: Int32

  init(_ value: Double, _ place: Int32) {
    // The sum makes −0 to 0, which it equals.
    let bits = (value + 0).bitPattern
    key = bits ^ (UInt64(bitPattern: Int64(bitPattern: bits) >> 63) | 1 << 63)
    self.place = place
  }
}

private func sortByInsertion(_ items: UnsafeMutableBufferPointer<Placed>) {
  for end in items.indices.dropFirst() {
    let item = items[end]
    var place = end
    while place > 0, items[place - 1].key > item.key {
      items[place] = items[place - 1]
      place -= 1
    }
    items[place] = item
  }
}

/// Orders `from` by the lowest byte, then stably by each higher one, with `to` as a second place for the items.
private func sortByRadix(_ from: inout UnsafeMutableBufferPointer<Placed>, _ to: inout UnsafeMutableBufferPointer<Placed>) {
  withUnsafeTemporaryAllocation(of: Int32.self, capacity: 8 * 256) { counts in
    counts.initialize(repeating: 0)
    for item in from {
      for byte in 0..<8 { counts[byte << 8 | Int(truncatingIfNeeded: item.key >> UInt64(8 * byte)) & 0xFF] += 1 }
    }
    for byte in 0..<8 {
      let starts = UnsafeMutableBufferPointer(rebasing: counts[byte << 8..<(byte + 1) << 8]), shift = UInt64(8 * byte)
      // A byte that is the same for all orders nothing.
      if Int(starts[Int(truncatingIfNeeded: from[0].key >> shift) & 0xFF]) == from.count { continue }
      var sum: Int32 = 0
      for value in 0..<256 { (starts[value], sum) = (sum, sum + starts[value]) }
      for item in from {
        let value = Int(truncatingIfNeeded: item.key >> shift) & 0xFF
        to.initializeElement(at: Int(starts[value]), to: item)
        starts[value] += 1
      }
      swap(&from, &to)
    }
  }
}
