import Foundation
import Foundations
import Testing

@testable import Phantoms

@Suite("Drawn photographs show a thing, whose color tells nothing of what it is")
struct ObjectPhantomTests {
  private func photograph(_ number: Int, _ shape: ObjectPhantom.Shape, _ pattern: ObjectPhantom.Pattern) -> ObjectPhantom {
    ObjectPhantom(size: 32, shape: shape, pattern: pattern, image: SeedPath(3) / "image" / number)
  }

  @Test("Each kind of thing belongs to one shape, and is named after it")
  func names() {
    let names = ObjectPhantom.kindNames
    #expect(names.count == 32 && Set(names).count == 32)
    for (index, name) in names.enumerated() { #expect(name.hasSuffix(" " + ObjectPhantom.shapeNames[index / 4])) }
  }

  @Test("The same path draws the same pixels, and another draws others")
  func repeats() {
    for shape in ObjectPhantom.Shape.allCases {
      #expect(photograph(1, shape, .dotted).pixels == photograph(1, shape, .dotted).pixels)
      #expect(photograph(1, shape, .dotted).pixels != photograph(2, shape, .dotted).pixels)
      #expect(photograph(1, shape, .dotted).pixels != photograph(1, shape, .striped).pixels)
    }
  }

  @Test("Mean brightness and color are those of every other shape, within what chance does")
  func color() {
    let count = 240
    for channel in 0..<3 {
      let means = ObjectPhantom.Shape.allCases.map { shape -> (mean: Double, error: Double) in
        let values = (0..<count).map { number in
          let pixels = photograph(number * 8 + channel, shape, .plain).pixels
          return stride(from: channel, to: pixels.count, by: 3).reduce(0.0) { $0 + Double(pixels[$1]) } / 1024
        }
        let mean = values.reduce(0, +) / Double(count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count - 1)
        return (mean, (variance / Double(count)).squareRoot())
      }
      let all = means.map(\.mean).reduce(0, +) / 8
      // Eight shapes and three channels: four standard errors are exceeded by chance in one of 600 such tests. The draws are fixed by their seed.
      for mean in means { #expect(abs(mean.mean - all) < 4 * mean.error) }
    }
  }

  @Test("The thing covers a part of the picture whatever its shape", arguments: ObjectPhantom.Shape.allCases)
  func covers(shape: ObjectPhantom.Shape) {
    // Two photographs of the same draws differ where one has the thing's pattern: its surface.
    for number in 0..<20 {
      let plain = photograph(number, shape, .plain).pixels, other = photograph(number, shape, .checkered).pixels
      var changed = 0
      for pixel in 0..<1024 where plain[3 * pixel] != other[3 * pixel] { changed += 1 }
      #expect((8...700).contains(changed), "\(shape) \(number): \(changed)")
    }
  }
}
