import CheckpointFixtures
import Foundation
import Foundations
import Testing

@testable import Containers

@Suite("Published files of TensorFlow and NumPy", .tags(.data), .enabled(if: sharedData() != nil, "the shared data folder is not there"))
struct ContainerDataTests {
  static func file(_ name: String) throws -> URL {
    try #require(sharedData()).appendingPathComponent("checkpoints").appendingPathComponent(name)
  }

  /// What TensorFlow 2.21 reads from it.
  @Test(
    "A bundle of TensorFlow 1 is read whole, however it is named",
    arguments: [
      "tensorflow1", "tensorflow1/model.ckpt", "tensorflow1/model.ckpt.index", "tensorflow1/model.ckpt.data-00000-of-00001",
    ])
  func tensorFlow(name: String) throws {
    let file = try CheckpointFile.open(Self.file(name))
    let arrays = Dictionary(uniqueKeysWithValues: try file.arrays().map { ($0.name, $0) })
    #expect(arrays.count == 39)
    #expect(arrays["wcv1"]?.shape == [6, 6, 1, 7])
    #expect(arrays["wfc"]?.shape == [256, 128])
    #expect(try arrays["Variable"]?.doubles() == [450])
    let bias = try #require(try arrays["b0"]?.doubles())
    let sum: Double = bias.reduce(0, +)
    #expect(abs(sum + 2.1401143074035645) < 1e-12)
    for (name, array) in arrays { #expect(try array.statistics() != nil, "\(name)") }
  }

  @Test(
    "Every .npy and .npz file of other projects is read",
    arguments: [
      ("candle/test.npy", [[10]]), ("candle/test.npz", [[10], [10]]), ("tch/linear/ws.npy", [[4, 257]]),
    ])
  func numPy(name: String, shapes: [[Int]]) throws {
    let file = try CheckpointFile.open(Self.file(name))
    #expect(try file.arrays().map(\.shape).sorted { $0.count < $1.count } == shapes)
    for array in try file.arrays() { #expect(try array.bytes().count == array.byteCount) }
  }
}
