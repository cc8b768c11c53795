internal import Foundation
internal import Foundations
internal import FuzzHarness
internal import Imaging

/// Texts of run lengths, for an image of a few sizes.
struct RunLengthTexts: FuzzedFormat {
  let format: RunLengthFormat
  let name: String
  private let fixtures: [(text: [UInt8], width: Int, height: Int)]

  static let all = [
    RunLengthTexts(.relativePairs, "relativeRunLengths"), RunLengthTexts(.absolutePairs, "absoluteRunLengths"),
    RunLengthTexts(.counts, "cocoCounts"), RunLengthTexts(.compressedCounts, "cocoLetters"),
  ]

  /// Masks of a closed formula: none, all, a frame's corner, stripes and blots.
  private init(_ format: RunLengthFormat, _ name: String) {
    self.format = format
    self.name = name
    let sizes = [(1, 1), (7, 3), (16, 16), (61, 40), (128, 96)]
    let shapes: [(Int, Int) -> Bool] = [
      { _, _ in false }, { _, _ in true }, { x, y in x == 0 || y == 0 }, { x, y in (x / 3 + y / 5) % 2 == 1 },
      { x, y in (x * x + 3 * y * y + x * y) % 97 < 40 },
    ]
    fixtures = sizes.flatMap { width, height in
      shapes.compactMap { isObject in
        let values = (0..<width * height).map { isObject($0 % width, $0 / width) ? UInt8(1) : 0 }
        return (try? Mask(width: width, height: height, values: values)).map { (Array($0.runLengths(format).utf8), width, height) }
      }
    }
  }

  var fixtureCount: Int { fixtures.count }

  func whole(_ fixture: Int) -> FuzzInput { input(fixtures[fixture].text, of: fixture) }

  private func input(_ text: [UInt8], of fixture: Int) -> FuzzInput {
    FuzzInput(files: [FuzzInput.File(name: "mask.txt", bytes: text)], fixture: fixture)
  }

  func input(with generator: inout SeededGenerator) -> FuzzInput {
    let chosen = generator.integer(below: fixtures.count), donor = fixtures[generator.integer(below: fixtures.count)].text
    return input(TextMutation.mutated(fixtures[chosen].text, donor: donor, with: &generator), of: chosen)
  }

  func exercise(_ input: FuzzInput, in folder: URL) throws {
    let (_, width, height) = fixtures[input.fixture]
    let mask = try Mask(runLengths: String(decoding: input.files[0].bytes, as: UTF8.self), format: format, width: width, height: height)
    // What was read is what is written and read again.
    let again = try Mask(runLengths: mask.runLengths(format), format: format, width: width, height: height)
    if again != mask { throw OtherMask() }
  }

  private struct OtherMask: Error {}

  func isRefusal(_ error: any Error) -> Bool { error is ImagingError }
}
