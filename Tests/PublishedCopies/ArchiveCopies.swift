package import Foundation

/// Copies of MedMNIST's archives.
extension TaskCopies {
  /// One archive with the publisher's six keys: images of bytes, `[items, side, side]` or with three channels, and labels of bytes.
  ///
  /// - Parameters:
  ///   - labels: How many columns the labels have: 1 for the number of a class.
  ///   - classes: How many classes there are; every part has each.
  package static func medMNIST(_ file: String, in root: URL, channels: Int, labels: Int = 1, classes: Int, side: Int = 28) throws {
    var arrays = [(key: String, array: NumPyArchive.Array)]()
    for (part, count) in [("train", 2 * classes), ("val", classes), ("test", classes)] {
      let pixels = (0..<count).flatMap { ramp($0, side, channels: channels).bytes }
      arrays.append(("\(part)_images", NumPyArchive.Array(shape: [count, side, side] + (channels == 1 ? [] : [channels]), bytes: pixels)))
      let numbers = (0..<count).flatMap { item -> [UInt8] in
        if labels == 1 { return [UInt8(item % classes)] }
        return (0..<labels).map { (item + $0) % 3 == 0 || item % labels == $0 ? 1 : 0 }
      }
      arrays.append(("\(part)_labels", NumPyArchive.Array(shape: [count, labels], bytes: numbers)))
    }
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    try NumPyArchive.write(arrays, to: root.appendingPathComponent(file))
  }
}
