import Foundation
import Testing

@testable import Foundations

@Suite("Randomness is a value of a path")
struct SeedTests {
  @Test("The seed is the first eight bytes of the SHA-256 of the length-prefixed components")
  func seedIsTheDigest() {
    var bytes = Data()
    for component in ["7", "cell", "3"] {
      withUnsafeBytes(of: UInt64(component.utf8.count).littleEndian) { bytes.append(contentsOf: $0) }
      bytes.append(contentsOf: component.utf8)
    }
    let digits = Digest.sha256Hex(of: bytes)
    let littleEndian = stride(from: 14, through: 0, by: -2).map { digits.dropFirst($0).prefix(2) }.joined()
    #expect((SeedPath(7) / "cell" / 3).seed == UInt64(littleEndian, radix: 16))
  }

  @Test("Where one component ends matters: ab/c and a/bc differ")
  func componentsDoNotRunTogether() {
    #expect((SeedPath(1) / "ab" / "c").seed != (SeedPath(1) / "a" / "bc").seed)
  }

  @Test("xoshiro256** gives the numbers of its reference implementation")
  func xoshiroReference() {
    // The reference algorithm, written out on its own: SplitMix64 fills the state, then the published update.
    var z: UInt64 = 42
    func splitMix() -> UInt64 {
      z &+= 0x9E37_79B9_7F4A_7C15
      var x = z
      x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
      x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
      return x ^ (x >> 31)
    }
    var s = [splitMix(), splitMix(), splitMix(), splitMix()]
    var generator = SeededGenerator(seed: 42)
    for _ in 0..<100 {
      let product = s[1] &* 5
      let expected = ((product << 7) | (product >> 57)) &* 9
      let t = s[1] << 17
      s[2] ^= s[0]
      s[3] ^= s[1]
      s[1] ^= s[2]
      s[0] ^= s[3]
      s[2] ^= t
      s[3] = (s[3] << 45) | (s[3] >> 19)
      #expect(generator.next() == expected)
    }
  }

  @Test("Uniform numbers fill [0, 1) evenly and normal ones have mean 0 and variance 1")
  func momentsAreRight() {
    var generator = SeedPath(0).generator()
    let uniforms = (0..<20_000).map { _ in generator.uniform() }
    #expect(uniforms.allSatisfy { $0 >= 0 && $0 < 1 })
    let center: Double = uniforms.reduce(0, +) / 20_000
    #expect(abs(center - 0.5) < 0.01)
    let normals = (0..<20_000).map { _ in generator.normal() }
    let mean = normals.reduce(0, +) / 20_000
    let variance = normals.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 19_999
    #expect(abs(mean) < 0.03 && abs(variance - 1) < 0.04)
  }

  @Test("A permutation holds each index once and follows the seed", arguments: [0, 1, 2, 17, 1000])
  func permutations(count: Int) {
    var first = SeedPath(3).generator(), second = SeedPath(3).generator()
    let order = first.permutation(of: count)
    #expect(order.sorted() == Array(0..<count))
    #expect(order == second.permutation(of: count))
  }
}
