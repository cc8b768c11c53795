package import Foundation
import Synchronization

/// A slice of CT as DICOM: explicit little endian, 16 bits signed, what the reader needs and no more.
package struct GeneratedSlice {
  var size: Int
  /// The third coordinate, in millimeters; nil leaves the position out.
  var place: Double?
  var instanceNumber: Int?
  /// In Hounsfield units + 1024, `[size, size]`, little endian.
  var pixels: Data

  /// - Parameter values: In Hounsfield units, `[size, size]`.
  package init(size: Int = 48, place: Double? = nil, instanceNumber: Int? = nil, values: [Int]) {
    self.init(size: size, place: place, instanceNumber: instanceNumber, pixels: Self.pixels(values))
  }

  static func pixels(_ values: [Int]) -> Data { values.map { Int16($0 + 1024).littleEndian }.withUnsafeBytes { Data($0) } }

  init(size: Int, place: Double?, instanceNumber: Int?, pixels: Data) {
    self.size = size
    self.place = place
    self.instanceNumber = instanceNumber
    self.pixels = pixels
  }

  package func data() -> Data {
    var body = Data()
    func element(_ group: UInt16, _ number: UInt16, _ type: String, _ value: Data) {
      var value = value
      if value.count % 2 == 1 { value.append(type == "UI" ? 0 : 32) }
      for word in [group, number] { withUnsafeBytes(of: word.littleEndian) { body.append(contentsOf: $0) } }
      body.append(Data(type.utf8))
      if type == "OW" {
        body.append(contentsOf: [0, 0])
        withUnsafeBytes(of: UInt32(value.count).littleEndian) { body.append(contentsOf: $0) }
      } else {
        withUnsafeBytes(of: UInt16(value.count).littleEndian) { body.append(contentsOf: $0) }
      }
      body.append(value)
    }
    func text(_ group: UInt16, _ number: UInt16, _ type: String, _ text: String) { element(group, number, type, Data(text.utf8)) }
    func short(_ group: UInt16, _ number: UInt16, _ value: Int) {
      element(group, number, "US", withUnsafeBytes(of: UInt16(value).littleEndian) { Data($0) })
    }
    text(0x0002, 0x0010, "UI", "1.2.840.10008.1.2.1")
    text(0x0008, 0x0060, "CS", "CT")
    if let instanceNumber { text(0x0020, 0x0013, "IS", String(instanceNumber)) }
    if let place {
      text(0x0020, 0x0032, "DS", "-180\\-170\\\(place)")
      text(0x0020, 0x0037, "DS", "1\\0\\0\\0\\1\\0")
    }
    short(0x0028, 0x0002, 1)
    text(0x0028, 0x0004, "CS", "MONOCHROME2")
    short(0x0028, 0x0010, size)
    short(0x0028, 0x0011, size)
    for (number, value) in [(UInt16(0x0100), 16), (0x0101, 16), (0x0102, 15), (0x0103, 1)] { short(0x0028, number, value) }
    text(0x0028, 0x1052, "DS", "-1024")
    text(0x0028, 0x1053, "DS", "1")
    element(0x7FE0, 0x0010, "OW", pixels)
    return Data(repeating: 0, count: 128) + Data("DICM".utf8) + body
  }
}

/// A copy of RSNA-STR PE with its exact layout: train.csv and train/study/series/slice.dcm. The names of files do not follow the scan.
package enum GeneratedEmbolism {
  package static let columns = [
    "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "pe_present_on_image", "negative_exam_for_pe", "qa_motion", "qa_contrast",
    "flow_artifact", "rv_lv_ratio_gte_1", "rv_lv_ratio_lt_1", "leftsided_pe", "chronic_pe", "true_filling_defect_not_pe",
    "rightsided_pe", "acute_and_chronic_pe", "central_pe", "indeterminate",
  ]

  package static func identifier(_ number: Int) -> String {
    let digits = String((UInt64(number) &* 0x9E37_79B9_7F4A_7C15) >> 16, radix: 16)
    return String(repeating: "0", count: 12 - digits.count) + digits
  }

  /// Writes the copy below `root`; slice 2 of every other study shows a dark filling defect in a bright vessel.
  package static func write(studies: Int, slices: Int, size: Int = 48, to root: URL) throws {
    var lines = [columns.joined(separator: ",")]
    for study in 0..<studies {
      let (studyName, series) = (identifier(study + 1), identifier(1000 + study))
      for slice in 0..<slices {
        let hasEmbolism = study % 2 == 0 && (1...2).contains(slice)
        let name = identifier(10_000 + study * 100 + slice)
        let file = GeneratedSlice(
          size: size, place: Double(-100 + 3 * slice), instanceNumber: slices - slice, pixels: pixels(size, slice: slice, hasEmbolism: hasEmbolism))
        try file.data().write(below: root, "train/\(studyName)/\(series)/\(name).dcm")
        let label = hasEmbolism ? "1" : "0"
        lines.append(([studyName, series, name, label] + [String](repeating: "0", count: 13)).joined(separator: ","))
      }
    }
    try (lines.joined(separator: "\n") + "\n").write(below: root, "train.csv")
  }

  private static let drawn = Mutex([String: Data]())

  /// A body of soft tissue with a vessel in its middle, in Hounsfield units; drawn once.
  private static func pixels(_ size: Int, slice: Int, hasEmbolism: Bool) -> Data {
    let key = "\(size) \(slice) \(hasEmbolism)"
    if let known = drawn.withLock({ $0[key] }) { return known }
    let scale = size * size
    let values = (0..<size * size).map { index -> Int in
      let (x, y) = (index % size - size / 2, index / size - size / 2)
      // Squared distances in parts of 48 × 48.
      let distance = (x * x + y * y) * 2304 / scale
      if distance > 400 { return -1000 }
      if distance > 60 { return 40 + slice }
      return hasEmbolism && distance < 25 ? 60 : 350
    }
    let pixels = GeneratedSlice.pixels(values)
    drawn.withLock { $0[key] = pixels }
    return pixels
  }
}
