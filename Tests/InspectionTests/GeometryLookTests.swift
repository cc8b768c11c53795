import Foundation
import Imaging
import Studies
import Testing

@testable import Datasets
@testable import Inspection

@Suite("An image and its label map are one grid, or it is said")
struct GeometryLookTests {
  private static let plain: [[Float]] = [[-2, 0, 0, 10], [0, -2, 0, 20], [0, 0, 3, 5]]

  /// A NIfTI-1 file of bytes with an sform, or without where it is nil.
  private func volume(_ shape: [Int] = [12, 10, 4], affine: [[Float]]?, slope: (Float, Float) = (0, 0), value: (Int, Int, Int) -> UInt8) -> Data {
    var header = Data(count: 352)
    func put<Value>(_ value: Value, at place: Int) { withUnsafeBytes(of: value) { header.replaceSubrange(place..<place + $0.count, with: $0) } }
    put(Int32(348), at: 0)
    put(Int16(3), at: 40)
    for (index, size) in shape.enumerated() { put(Int16(size), at: 42 + 2 * index) }
    for index in 3..<7 { put(Int16(1), at: 42 + 2 * index) }
    put(Int16(2), at: 70)
    put(Int16(8), at: 72)
    for (index, size) in [Float(1), 2, 2, 3].enumerated() { put(size, at: 76 + 4 * index) }
    put(Float(352), at: 108)
    put(slope.0, at: 112)
    put(slope.1, at: 116)
    if let affine {
      put(Int16(1), at: 254)
      for (row, values) in affine.enumerated() { for (column, value) in values.enumerated() { put(value, at: 280 + 16 * row + 4 * column) } }
    }
    header.replaceSubrange(344..<348, with: Data("n+1\0".utf8))
    var voxels = Data()
    for z in 0..<shape[2] { for y in 0..<shape[1] { for x in 0..<shape[0] { voxels.append(value(x, y, z)) } } }
    return header + voxels
  }

  private func check(_ affine: [[Float]]?, shape: [Int] = [12, 10, 4], image: [[Float]]? = GeometryLookTests.plain, turned: Bool = false) throws -> [DataFinding] {
    let data = try InspectedFolder()
    try data.write(#"{"labels": {"background": 0, "tumor": 1}, "file_ending": ".nii", "numTraining": 6}"#, to: "dataset.json")
    for number in 0..<6 {
      try data.write(volume(affine: image) { x, y, z in UInt8((x * 7 + y * 11 + z * 5 + number * 31) % 256) }, to: "imagesTr/c\(number)_0000.nii")
      try data.write(volume(shape, affine: affine) { x, y, _ in (turned ? shape[0] - 1 - x : x) < 4 && y < 5 ? 1 : 0 }, to: "labelsTr/c\(number).nii")
    }
    return data.check(.nnUNet(NNUNetSource(folder: data.url.path, split: SplitRule(validation: 0.2, test: 0.2))), kind: .binarySegmentation, opensPictures: false)
  }

  private func codes(_ findings: [DataFinding]) -> [String] { findings.filter { $0.severity != .noted }.map(\.code) }

  @Test("The same affine passes, and so does an array that was turned together with it, or one a tenth of a voxel beside it")
  func same() throws {
    #expect(try codes(check(Self.plain)) == [])
    // The first axis runs the other way and begins at the other end.
    #expect(try codes(check([[2, 0, 0, -12], [0, -2, 0, 20], [0, 0, 3, 5]], turned: true)) == [])
    #expect(try codes(check([[-2, 0, 0, 10.2], [0, -2, 0, 20], [0, 0, 3, 5]])) == [])
  }

  @Test(
    "An identity, a flipped axis, a shift, another spacing and no orientation beside one are refused",
    arguments: [
      [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], [[-2, 0, 0, 10], [0, 2, 0, 20], [0, 0, 3, 5]], [[-2, 0, 0, 14], [0, -2, 0, 20], [0, 0, 3, 5]],
      [[-2, 0, 0, 10], [0, -2, 0, 20], [0, 0, 2.5, 5]], nil,
    ] as [[[Float]]?])
  func other(affine: [[Float]]?) throws {
    let finding = try #require(try check(affine).first { $0.code == "geometry.grid" })
    #expect(finding.isRefusal && finding.count == 6 && finding.sentence.contains("c0_0000.nii and c0.nii"), "\(finding)")
  }

  @Test("A map that cannot be inverted is none: the next one counts, and it is said")
  func singular() throws {
    let singular: [[Float]] = [[-2, 0, 0, 10], [0, 0, 0, 20], [0, 0, 3, 5]]
    let found = try check(singular, image: singular)
    #expect(codes(found) == ["geometry.header"] && found.contains { $0.sentence.contains("its affine map (sform) cannot be inverted and is not used") }, "\(found)")
  }

  @Test("Scale factors that are no numbers are said, and those that mean none are not")
  func scale() throws {
    func remarks(_ slope: Float, _ intercept: Float) throws -> [String] {
      let data = try InspectedFolder()
      try data.write(volume(affine: Self.plain, slope: (slope, intercept)) { _, _, _ in 1 }, to: "v.nii")
      return try NIfTIFile.header(of: data.url.appendingPathComponent("v.nii")).remarks
    }
    #expect(try remarks(.nan, .nan) == [] && remarks(0, 3) == [] && remarks(2, 1) == [])
    #expect(try remarks(.infinity, 0).first?.contains("its scale factors (inf, 0.0) are no numbers") == true)
    #expect(try remarks(2, .nan).count == 1)
  }
}
