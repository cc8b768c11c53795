import Foundation
import Imaging
import Testing

@Suite("Masks of several classes as codes")
struct MaskCodingTests {
  private func mask(_ values: [UInt8]) throws -> Mask { try Mask(width: 3, height: 2, values: values) }

  @Test("Each class comes back from its codes, also after the nearest pixel was taken", arguments: [MaskCoding.exclusive, .overlapping])
  func roundTrip(coding: MaskCoding) throws {
    let classes = [try mask([1, 0, 0, 0, 0, 1]), try mask([0, 1, 0, 0, 0, 0]), try mask([0, 0, 0, 0, 0, 0])]
    let coded = try Mask(classes: classes, coding: coding)
    #expect(classes.indices.map { coded.ofClass($0, coding: coding) } == classes)
    #expect(coded.classCounts(3, coding: coding) == [2, 1, 0] && coded.foregroundCount == 3)
    let large = try coded.resized(width: 6, height: 4)
    #expect(try classes.indices.map { large.ofClass($0, coding: coding) } == classes.map { try $0.resized(width: 6, height: 4) })
  }

  @Test("Pixels of two classes are kept where they may be, and told with their number where they may not")
  func overlap() throws {
    let lung = try mask([1, 1, 1, 0, 0, 0]), clavicle = try mask([0, 1, 1, 1, 0, 0]), heart = try mask([1, 0, 0, 0, 0, 0])
    let coded = try Mask(classes: [lung, heart, clavicle], coding: .overlapping)
    #expect(coded.ofClass(0, coding: .overlapping) == lung && coded.ofClass(2, coding: .overlapping) == clavicle)
    let found = #expect(throws: Mask.Overlap.self) { try Mask(classes: [lung, heart, clavicle], coding: .exclusive) }
    #expect(found?.first == 0 && found?.second == 2 && found?.pixelCount == 2)
  }

  @Test("What is ignored is of no class, and masks of unlike sizes or too many are refused")
  func edges() throws {
    let coded = try Mask(classes: [mask([1, 1, 0, 0, 0, 0]), mask([0, 0, 1, 1, 0, 0])], coding: .exclusive)
    let left = try coded.subtracting(mask([0, 1, 1, 0, 0, 0]))
    #expect(left.values == [1, 0, 0, 2, 0, 0])
    #expect(throws: ImagingError.self) { try Mask(classes: [mask([0, 0, 0, 0, 0, 0]), Mask(width: 2, height: 2, values: [0, 0, 0, 0])], coding: .exclusive) }
    #expect(throws: ImagingError.self) { try Mask(classes: (0..<9).map { _ in try mask([0, 0, 0, 0, 0, 0]) }, coding: .overlapping) }
  }

  @Test("A file that numbers its classes is decoded once for all of them, and says of each what it says of one alone")
  func levels() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("levels-\(UUID().uuidString).png")
    defer { try? FileManager.default.removeItem(at: url) }
    try ImageFile.writePNG(PixelBuffer(width: 3, height: 2, channels: 1, bitDepth: 8, samples: .bytes([0, 1, 2, 3, 2, 255])), to: url)
    let sets: [Set<Int>] = [[1], [2, 3], [255]]
    #expect(try Mask.read(url, levelsOfEach: sets) == sets.map { try Mask.read(url, threshold: .levels($0)) })
    #expect(try Mask.read(url, labelsOfEach: sets) == sets.map { try Mask.read(url, labels: $0) })
    #expect(try Mask.read(url, labelsOfEach: sets).map(\.values) == [[0, 1, 0, 0, 0, 0], [0, 0, 1, 1, 1, 0], [0, 0, 0, 0, 0, 1]])
  }
}
