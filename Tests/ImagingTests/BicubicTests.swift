import Foundation
import Testing

@testable import Imaging

@Suite("Bicubic resizing")
struct BicubicTests {
  static let goldens = try? JSONDecoder().decode(
    [Transforms.Resize].self, from: Data(contentsOf: Goldens.folder.appendingPathComponent("bicubic.json")))

  @Test("The goldens are there")
  func goldensAreThere() { #expect(Self.goldens?.count == 8) }

  @Test("It equals Pillow's within one gray level, overshoot and all", arguments: goldens ?? [])
  func likePillow(_ row: Transforms.Resize) throws {
    let image = FloatImage(try picture(width: row.width, height: row.height, channels: row.channels))
    let resized = try image.resized(width: row.newWidth, height: row.newHeight, filter: row.filter)
    #expect(largestDifference(try bytes(of: resized), Goldens.bytes(row.pixels)) <= 1)
  }

  @Test("It is sharper than bilinear: an edge overshoots, and what leaves 0…1 is cut off")
  func overshoot() throws {
    let step = try FloatImage(width: 8, height: 1, channels: 1, values: [0.2, 0.2, 0.2, 0.2, 0.8, 0.8, 0.8, 0.8])
    let cubic = try step.resized(width: 32, height: 1, filter: .bicubicAntialiased).values
    #expect((cubic.min() ?? 0) < 0.17 && (cubic.max() ?? 0) > 0.83)
    let full = try FloatImage(width: 8, height: 1, channels: 1, values: [0, 0, 0, 0, 1, 1, 1, 1])
    #expect(try full.resized(width: 32, height: 1, filter: .bicubicAntialiased).values.allSatisfy { (0...1).contains($0) })
  }
}
