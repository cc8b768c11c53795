import Foundation
import Foundations
import Imaging
import Studies

/// Copies of the sizes of published sets whose images are small, each like no other.
enum MadeUpImages {
  /// Gray pictures as PNG, a table with labels and patients, and shares of 10 % for validation and 20 % for the test.
  static func pictures(_ count: Int, side: Int, in folder: URL) throws -> DataSource {
    let root = folder.appendingPathComponent("pictures-\(count)-\(side)", isDirectory: true), table = root.appendingPathComponent("t.csv")
    let source = ManifestSource(
      file: table.path, imageRoot: root.path + "/images", labelColumns: ["L"], patientColumn: "patient", split: SplitRule(validation: 0.1, test: 0.2))
    if FileManager.default.fileExists(atPath: table.path) { return .manifest(source) }
    let images = root.appendingPathComponent("images", isDirectory: true)
    try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
    let patients = max(10, count * 30_805 / 112_120)
    let scratch = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    concurrentPerform(count) { number in
      // Written where files cost nothing to be written safely, and copied.
      let file = URL(fileURLWithPath: "\(scratch)/check-benchmark-\(getpid())-\(number).png")
      guard let picture = try? picture(number, side: side), (try? ImageFile.writePNG(picture, to: file)) != nil, let bytes = try? Data(contentsOf: file) else { return }
      try? bytes.write(to: images.appendingPathComponent(name(number)))
      try? FileManager.default.removeItem(at: file)
    }
    let rows = (0..<count).map { "\(name($0)),\($0 % 3 == 0 ? 1 : 0),\($0 * patients / count)\n" }
    try AtomicFile.write(Data(("path,L,patient\n" + rows.joined()).utf8), to: table)
    return .manifest(source)
  }

  /// Blocks of one brightness each under a grain, so that neither compression nor the search of copies has it easy.
  private static func picture(_ number: Int, side: Int) throws -> PixelBuffer {
    var generator = (SeedPath(7) / "check-benchmark" / number).generator()
    let blocks = (0..<64).map { _ in generator.integer(below: 200) }
    let bytes = (0..<side * side).map { place -> UInt8 in
      let block = blocks[place / side * 8 / side * 8 + place % side * 8 / side]
      return UInt8(block + (place &* 2_654_435_761 &+ number) >> 7 & 31)
    }
    return try PixelBuffer(width: side, height: side, channels: 1, bitDepth: 8, samples: .bytes(bytes))
  }

  private static func name(_ number: Int) -> String { "i\(String(format: "%06d", number)).png" }

  /// DICOM files of a header and few pixels, 246 a study, in the tree and with the table of RSNA-STR PE.
  static func slices(_ count: Int, in folder: URL) throws -> DataSource {
    let root = folder.appendingPathComponent("slices-\(count)", isDirectory: true), table = root.appendingPathComponent("train.csv")
    let source = SliceTableSource(
      file: table.path, imageRoot: root.path + "/train", labelColumns: ["pe"], windowCenter: 100, windowWidth: 700, split: SplitRule(validation: 0.1, test: 0.1))
    if FileManager.default.fileExists(atPath: table.path) { return .sliceTable(source) }
    var text = "StudyInstanceUID,SeriesInstanceUID,SOPInstanceUID,pe\n"
    let file = slice
    for number in 0..<count {
      let study = String(format: "s%05d", number / 246), series = "e\(study)", instance = String(format: "i%08d", number)
      let place = "\(root.path)/train/\(study)/\(series)"
      if number % 246 == 0 { try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true) }
      try Data(file).write(to: URL(fileURLWithPath: "\(place)/\(instance).dcm"))
      text += "\(study),\(series),\(instance),\(number % 27 == 0 ? 1 : 0)\n"
    }
    try AtomicFile.write(Data(text.utf8), to: table)
    return .sliceTable(source)
  }

  /// A picture of 8 × 8 pixels of 16 bits in explicit little endian.
  private static var slice: [UInt8] {
    func element(_ group: Int, _ number: Int, _ type: String, _ value: [UInt8]) -> [UInt8] {
      func bytes(_ value: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
      let isLong = type == "OW" || type == "OB"
      return bytes(group, 2) + bytes(number, 2) + Array(type.utf8) + (isLong ? [0, 0] + bytes(value.count, 4) : bytes(value.count, 2)) + value
    }
    func short(_ number: Int, _ value: Int) -> [UInt8] { element(0x28, number, "US", [UInt8(value & 255), UInt8(value >> 8)]) }
    let syntax = element(2, 0x10, "UI", Array("1.2.840.10008.1.2.1".utf8) + [0])
    let meta = element(2, 0, "UL", [UInt8(syntax.count), 0, 0, 0]) + syntax
    let image =
      short(2, 1) + element(0x28, 4, "CS", Array("MONOCHROME2 ".utf8)) + short(0x10, 8) + short(0x11, 8) + short(0x100, 16) + short(0x101, 16)
      + short(0x102, 15) + short(0x103, 0) + element(0x7FE0, 0x10, "OW", (0..<128).map { UInt8($0) })
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + meta + image
  }
}
