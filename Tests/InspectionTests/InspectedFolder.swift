import Foundation
import Foundations
import Imaging
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Inspection

/// A folder of drawn images and masks that lives as long as one test.
final class InspectedFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("inspection-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ relative: String) -> String { url.path + "/" + relative }

  func write(_ text: String, to path: String) throws { try write(Data(text.utf8), to: path) }

  func write(_ data: Data, to path: String) throws {
    let file = url.appendingPathComponent(path)
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: file)
  }

  /// An image that is like no other of another number.
  func image(_ path: String, _ number: Int, side: Int = 24) throws {
    let bytes = (0..<side * side).map { place -> UInt8 in
      // Blocks of one brightness each, drawn anew for every number.
      var state = UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(place % side / 3 * 64 + place / side / 3 + 1) &* 0xBF58_476D_1CE4_E5B9
      state = (state ^ state >> 29) &* 0x94D0_49BB_1331_11EB
      return UInt8((state ^ state >> 31) & 255)
    }
    try write(StoredPNG.gray(bytes, width: side), to: path)
  }

  /// A mask whose levels a function tells.
  func mask(_ path: String, side: Int = 24, _ level: (Int, Int) -> Int) throws {
    let bytes = (0..<side * side).map { UInt8(level($0 % side, $0 / side)) }
    try write(StoredPNG.gray(bytes, width: side), to: path)
  }

  func check(
    _ source: DataSource, kind: TaskKind, builtIn: String? = nil, accepted: [String] = [], opensPictures: Bool = true
  ) -> [DataFinding] {
    let task = TaskSpecification(name: "a", kind: kind, data: source, builtIn: builtIn, acceptedFindings: accepted)
    var masks = [MaskRole: UnderstoodMasks]()
    let splits = Result {
      try MaskRole.allCases.reduce(DatasetResolver.resolve(source, kind: kind)) { splits, role in
        let files = splits.automaticMasks(role)
        if files.isEmpty { return splits }
        let understood = try DatasetSplits.understand(files, ignoring: role.ignored(by: source))
        masks[role] = understood
        return splits.reading(understood.understanding, as: role)
      }
    }
    do {
      let check = try DataInspection(task, splits: splits).check(masks: masks, opensPictures: opensPictures)
      return (check.listingFindings + (check.pictures?.findings ?? [])).map { $0.accepted(by: task) }
    } catch {
      Issue.record(error)
      return []
    }
  }
}
