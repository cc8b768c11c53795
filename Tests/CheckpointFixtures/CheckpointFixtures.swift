public import Containers
public import Foundation

/// A folder that lives as long as one test.
public final class TemporaryFolder {
  public let url: URL

  public init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("checkpoints-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  public func file(_ name: String) -> URL { url.appendingPathComponent(name) }
}

/// An array of float32 in memory, filled with a ramp.
public func ramp(_ name: String, _ shape: [Int], type: ElementType = .float32) throws -> NamedArray {
  let count = shape.reduce(1, *)
  var data = Data(capacity: count * 4)
  for index in 0..<count {
    let value = Float(index % 97) / 64 + 0.25
    withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
  }
  return try NamedArray(name: name, elementType: type, shape: shape, bytes: data)
}

/// The folder of real files: `MEDTRANSFER_DATA`, else `../shared/data` next to the repository; nil when it is not there.
public func sharedData() -> URL? {
  let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  let folder =
    ProcessInfo.processInfo.environment["MEDTRANSFER_DATA"].map { URL(fileURLWithPath: $0) }
    ?? repository.deletingLastPathComponent().appendingPathComponent("shared/data")
  return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
}
