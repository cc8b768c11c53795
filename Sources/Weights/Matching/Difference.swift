internal import Containers
import Foundations

/// How a file and a network differ.
struct Difference {
  var missing: [String] = []
  var leftOver: [String] = []
  /// One clause for each array of another shape or type.
  var unequal: [String] = []

  var isEmpty: Bool { missing.isEmpty && leftOver.isEmpty && unequal.isEmpty }
  var onlyLeftOver: Bool { missing.isEmpty && unequal.isEmpty }

  mutating func compare(_ array: NamedArray, name: String, shape: [Int]) {
    if array.shape != shape {
      unequal.append("\(name) is \(array.shape) and should be \(shape)")
      return
    }
    let isCounter = name.hasSuffix(".num_batches_tracked")
    if isCounter ? array.elementType != .int64 : !array.elementType.isFloatingPoint {
      unequal.append("\(name) is \(array.elementType.rawValue) and should be \(isCounter ? "I64" : "a floating-point type")")
    }
  }

  var description: String {
    var parts: [String] = []
    if !missing.isEmpty { parts.append("\(missing.count) missing (\(firstFew(missing)))") }
    if !unequal.isEmpty { parts.append("\(unequal.count) of another shape or type (\(firstFew(unequal)))") }
    if !leftOver.isEmpty { parts.append("\(leftOver.count) left over (\(firstFew(leftOver)))") }
    return parts.joined(separator: ", ")
  }
}
