// Sums over features in float64, in one fixed order whatever the machine: eight running sums, then these in pairs.

private typealias Lane = SIMD8<Double>

private func lane(_ pointer: UnsafePointer<Float>) -> Lane { Lane(UnsafeRawPointer(pointer).loadUnaligned(as: SIMD8<Float>.self)) }

private func lane(_ pointer: UnsafePointer<Double>) -> Lane { UnsafeRawPointer(pointer).loadUnaligned(as: Lane.self) }

private func total(_ lane: Lane) -> Double {
  let four = lane.lowHalf + lane.highHalf, two = four.lowHalf + four.highHalf
  return two[0] + two[1]
}

/// Σ aᵢ bᵢ
func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ count: Int) -> Double {
  var sum = Lane.zero, index = 0
  while index + 8 <= count {
    sum += lane(a + index) * lane(b + index)
    index += 8
  }
  var rest = 0.0
  while index < count {
    rest += Double(a[index]) * Double(b[index])
    index += 1
  }
  return total(sum) + rest
}

/// Σ aᵢ bᵢ
func dot(_ a: UnsafePointer<Float>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
  var sum = Lane.zero, index = 0
  while index + 8 <= count {
    sum += lane(a + index) * lane(b + index)
    index += 8
  }
  var rest = 0.0
  while index < count {
    rest += Double(a[index]) * b[index]
    index += 1
  }
  return total(sum) + rest
}

/// y ← y + factor · x
func add(_ factor: Double, times x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Double>, _ count: Int) {
  var index = 0
  while index + 8 <= count {
    let sum = lane(UnsafePointer(y + index)) + factor * lane(x + index)
    UnsafeMutableRawPointer(y + index).storeBytes(of: sum, as: Lane.self)
    index += 8
  }
  while index < count {
    y[index] += factor * Double(x[index])
    index += 1
  }
}

/// Σ aᵢ bᵢ
func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for index in a.indices { sum += a[index] * b[index] }
  return sum
}
