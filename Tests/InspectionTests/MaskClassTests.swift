import Foundation
import Foundations
import Imaging
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Inspection

@Suite("Classes and numbered objects in masks are met, whatever JPEG and resizing made of their levels")
struct MaskClassTests {
  private static let side = 64

  /// Four masks of 64 × 64: a disc of one level in a larger one of another.
  private func discs(_ inner: Int, in outer: Int) -> [[UInt8]] {
    (0..<4).map { number in
      (0..<Self.side * Self.side).map { place in
        let x = Double(place % Self.side) - 27 - Double(number), y = Double(place / Self.side) - 32, distance = (x * x + y * y).squareRoot()
        return UInt8(distance < 12 ? inner : distance < 24 ? outer : 0)
      }
    }
  }

  /// Vessels, the hardest of two-level masks for JPEG: lines of one to three pixels.
  private func lines() -> [[UInt8]] {
    (0..<3).map { number in
      (0..<Self.side * Self.side).map { place in
        let (x, y) = (place % Self.side, place / Self.side), down = (x + y * (number + 2) / 7) % 19, across = (y + x / (number + 3)) % 23
        return down < 1 + number % 3 || across < 2 ? 255 : 0
      }
    }
  }

  /// By linear interpolation.
  private func resized(_ mask: [UInt8], to side: Int) throws -> PixelBuffer {
    let picture = try PixelBuffer(width: Self.side, height: Self.side, channels: 1, bitDepth: 8, samples: .bytes(mask))
    let values = try FloatImage(picture).resized(width: side, height: side).values
    return try PixelBuffer(width: side, height: side, channels: 1, bitDepth: 8, samples: .bytes(values.map { UInt8((min(max($0, 0), 1) * 255).rounded()) }))
  }

  private func understoodJPEG(_ masks: [[UInt8]], quality: Int) throws -> UnderstoodMasks {
    let data = try InspectedFolder()
    for (number, mask) in masks.enumerated() { try data.write(GrayJPEG.file(mask, width: Self.side, quality: quality), to: "\(number).jpg") }
    return try DatasetSplits.understand(masks.indices.map { data.url.appendingPathComponent("\($0).jpg") })
  }

  @Test("Three classes as JPEG are refused with the levels that most pixels have; two levels at the same quality are read", arguments: [50, 75, 95])
  func jpeg(quality: Int) throws {
    for (inner, outer) in [(255, 128), (170, 85), (128, 255), (255, 200)] {
      let understood = try understoodJPEG(discs(inner, in: outer), quality: quality)
      #expect(understood.understanding == .unclear, "\(inner) in \(outer)")
      #expect(understood.survey.isLossy)
      let peaks = understood.survey.peaks.map(\.level), levels = [0, inner, outer].sorted()
      #expect(levels.allSatisfy { level in peaks.contains { abs($0 - level) <= 3 } }, "\(peaks)")
    }
    for masks in [discs(255, in: 0), discs(128, in: 128), lines()] {
      let two = try understoodJPEG(masks, quality: quality)
      #expect(two.understanding != .unclear, "\(two.survey.peaks)")
    }
  }

  @Test("Three classes that were resized are refused; two levels resized alike are read", arguments: [32, 45, 96, 128])
  func resizing(side: Int) throws {
    for (inner, outer) in [(255, 128), (255, 100), (170, 85), (255, 200)] {
      #expect(try MaskUnderstanding(discs(inner, in: outer).map { MaskLevels(try resized($0, to: side)) }) == .unclear, "\(inner) in \(outer)")
    }
    for masks in [discs(255, in: 0), lines()] {
      #expect(try MaskUnderstanding(masks.map { MaskLevels(try resized($0, to: side)) }) != .unclear)
    }
  }

  @Test("The refusal of JPEG classes shows where most pixels lie instead of all levels, and says what settles it")
  func sentence() throws {
    let data = try InspectedFolder()
    for (number, mask) in discs(255, in: 128).enumerated() {
      try data.image("images/c\(number).png", number, side: Self.side)
      try data.write(GrayJPEG.file(mask, width: Self.side, quality: 75), to: "masks/c\(number).jpg")
    }
    let source = MaskFolderSource(training: FolderPair(images: data.path("images"), masks: data.path("masks")), split: SplitRule(validation: 0.2, test: 0.2))
    let finding = try #require(data.check(.maskFolders(source), kind: .binarySegmentation).first { $0.code == "masks.levels" })
    #expect(finding.isRefusal && finding.sentence.contains("most pixels lie around 0 (") && finding.sentence.count < 250, "\(finding.sentence)")
    #expect(finding.remedy.contains("threshold: 64 or 191, the highest level that is background, where they are classes that JPEG changed"), "\(finding.remedy)")
  }

  @Test("Numbered objects are refused, be they small and round, touching, or many", arguments: [(64, 5, 3, 1), (40, 5, 3, 1), (100, 4, 1, 2), (25, 5, 5, 10), (144, 5, 0, 1)])
  func instances(count: Int, across: Int, gap: Int, step: Int) throws {
    let columns = (96 - 4) / (across + gap), radius = Double(across) / 2
    let pixels = (0..<96 * 96).map { place -> UInt8 in
      let (x, y) = (place % 96 - 2, place / 96 - 2)
      guard x >= 0, y >= 0, x / (across + gap) < columns else { return 0 }
      let number = y / (across + gap) * columns + x / (across + gap) + 1
      let (u, v) = (Double(x % (across + gap)) + 0.5 - radius, Double(y % (across + gap)) + 0.5 - radius)
      return number <= count && u * u + v * v <= radius * radius ? UInt8(number * step) : 0
    }
    let levels = MaskLevels(try PixelBuffer(width: 96, height: 96, channels: 1, bitDepth: 8, samples: .bytes(pixels)))
    #expect(levels.counts.count == count + 1)
    #expect(MaskUnderstanding([levels]) == .unclear)
  }

  @Test("A limit between two levels that is neither 0 nor half of the range is warned of; the others are noted")
  func unusualLimit() throws {
    for (level, severity) in [(90, DataFinding.Severity.warned), (255, .noted)] {
      let data = try InspectedFolder()
      for number in 0..<10 {
        try data.image("images/c\(number).png", number)
        // Soft edges, and one file of background and edge alone, which by itself would be two levels.
        try data.mask("masks/c\(number).png") { x, _ in number == 4 ? (x == 0 ? level / 3 : 0) : x < 8 ? level : x == 8 ? 2 * level / 3 : x == 9 ? level / 3 : 0 }
      }
      let source = MaskFolderSource(training: FolderPair(images: data.path("images"), masks: data.path("masks")), split: SplitRule(validation: 0.2, test: 0.2))
      let found = data.check(.maskFolders(source), kind: .binarySegmentation).first { $0.code == "masks.read" }
      #expect(found?.severity == severity, "\(level): \(String(describing: found))")
    }
  }
}
