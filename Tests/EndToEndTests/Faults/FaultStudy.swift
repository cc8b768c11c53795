import Foundation
import Foundations
import Testing

/// The quickest study that has everything a fault can meet: two tasks, one of them also as a source, and two seeds; six runs.
enum FaultStudy {
  static let findings = """
      findings:
        kind: multiLabelClassification
        data: {manifest: {file: findings/manifest.csv, imageRoot: findings, labelColumns: [Effusion, Nodule], patientColumn: patient, splitColumn: split}}
    """

  static let settings = "checkpointSeconds: 0\nrecipe: {architecture: resnet20, inputSize: 28, batchSize: 4, epochs: 2, testTimeAugmentation: none}"

  static func text(seeds: String = "[1, 2]") -> String {
    SmallStudy.text(
      seeds: seeds, initializations: ["random: random", "adapted: {trainedOn: effusion, from: random}"], tasks: [SmallStudy.effusion, findings],
      settings: settings
    ).replacingOccurrences(of: SmallStudy.recipe + "\n", with: "")
  }

  static func make(seeds: String = "[1, 2]") throws -> StudyFixture {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(text(seeds: seeds), to: "study.yaml")
    return fixture
  }
}

/// What can happen to a file.
enum FileFault: CaseIterable {
  case flip, cut, delete, exchange, folder

  /// Does it to a file.
  ///
  /// - Parameter other: another run's file of the same name, which takes its place in an exchange.
  func strike(_ file: URL, other: URL?, _ random: inout SeededGenerator) throws {
    var bytes = try Data(contentsOf: file)
    switch self {
    case .flip:
      if bytes.isEmpty { return try FileFault.delete.strike(file, other: other, &random) }
      bytes[random.integer(below: bytes.count)] ^= UInt8(1 << random.integer(below: 8))
      // In place, as a disk does it.
      let handle = try FileHandle(forWritingTo: file)
      try handle.write(contentsOf: bytes)
      try handle.close()
    case .cut:
      let handle = try FileHandle(forWritingTo: file)
      try handle.truncate(atOffset: UInt64(bytes.isEmpty ? 0 : random.integer(below: bytes.count)))
      try handle.close()
    case .delete: try FileManager.default.removeItem(at: file)
    case .folder:
      try FileManager.default.removeItem(at: file)
      try FileManager.default.createDirectory(at: file.appendingPathComponent("in it"), withIntermediateDirectories: true)
    case .exchange:
      guard let other, FileManager.default.fileExists(atPath: other.path) else { return try FileFault.flip.strike(file, other: nil, &random) }
      try FileManager.default.removeItem(at: file)
      try FileManager.default.copyItem(at: other, to: file)
    }
  }
}

/// The files of a folder and the folders in it, by path, but for leases.
func allFiles(in folder: URL) throws -> [String: Data] {
  var files: [String: Data] = [:]
  for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) where !path.hasSuffix("lease") {
    var isFolder: ObjCBool = false
    let file = folder.appendingPathComponent(path)
    guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue else { continue }
    files[path] = try Data(contentsOf: file)
  }
  return files
}

/// Those of a run whose bytes are promised, whatever happened on the way.
func promised(_ files: [String: Data]) -> [String: Data] {
  files.filter { InterruptionTests.promised.contains($0.key) || $0.key.hasPrefix("examples/") || $0.key == "quarantine.json" }
}
