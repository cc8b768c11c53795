import Foundations
import Testing

@Suite struct RisingOrderTests {
  @Test("The order is that of a stable sort, with ties, signs, zeros and infinities", arguments: [0, 1, 2, 31, 32, 33, 200, 5000])
  func stable(count: Int) {
    var generator = SeedPath(count).generator()
    let special = [0.0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, 1, -1]
    for kind in 0..<4 {
      let values = (0..<count).map { _ -> Double in
        switch kind {
        case 0: generator.uniform()
        case 1: Double(generator.integer(below: 5)) / 4
        case 2: special[generator.integer(below: special.count)]
        default: (generator.uniform() - 0.5) * (generator.integer(below: 2) == 0 ? 1e-300 : 1e300)
        }
      }
      let expected = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
      #expect(risingOrder(of: values).map(Int.init) == expected)
    }
  }

  @Test("Numbers that are no numbers stand at an end, and every place is there once")
  func withoutOrder() {
    let values = (0..<100).map { number -> Double in number % 7 == 0 ? .nan : Double(100 - number) }
    let order = risingOrder(of: values).map(Int.init)
    #expect(Set(order) == Set(values.indices))
    let numbers = order.map { values[$0] }.filter { !$0.isNaN }
    #expect(numbers == numbers.sorted())
  }
}
