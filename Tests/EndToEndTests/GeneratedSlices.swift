import Foundation

/// A slice of CT as DICOM: explicit little endian, 16 bits signed, what the reader needs and no more.
struct GeneratedSlice {
  var size = 48
  /// The third coordinate, in millimeters; nil leaves the position out.
  var place: Double?
  var instanceNumber: Int?
  /// In Hounsfield units, `[size, size]`.
  var values: [Int]

  func data() -> Data {
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
    var pixels = Data()
    for value in values { withUnsafeBytes(of: Int16(value + 1024).littleEndian) { pixels.append(contentsOf: $0) } }
    element(0x7FE0, 0x0010, "OW", pixels)
    return Data(repeating: 0, count: 128) + Data("DICM".utf8) + body
  }
}

/// A copy of RSNA-STR PE with its exact layout: train.csv and train/study/series/slice.dcm. The names of files do not follow the scan.
enum GeneratedEmbolism {
  static let columns = [
    "StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID", "pe_present_on_image", "negative_exam_for_pe", "qa_motion", "qa_contrast",
    "flow_artifact", "rv_lv_ratio_gte_1", "rv_lv_ratio_lt_1", "leftsided_pe", "chronic_pe", "true_filling_defect_not_pe",
    "rightsided_pe", "acute_and_chronic_pe", "central_pe", "indeterminate",
  ]

  static func identifier(_ number: Int) -> String {
    let digits = String((UInt64(number) &* 0x9E37_79B9_7F4A_7C15) >> 16, radix: 16)
    return String(repeating: "0", count: 12 - digits.count) + digits
  }

  /// Writes the copy below `root`; slice 2 of every other study shows a dark filling defect in a bright vessel.
  static func write(studies: Int, slices: Int, to root: URL) throws {
    var lines = [columns.joined(separator: ",")]
    for study in 0..<studies {
      let (studyName, series) = (identifier(study + 1), identifier(1000 + study))
      let folder = root.appendingPathComponent("train/\(studyName)/\(series)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      for slice in 0..<slices {
        let hasEmbolism = study % 2 == 0 && (1...2).contains(slice)
        let name = identifier(10_000 + study * 100 + slice)
        let values = (0..<48 * 48).map { index -> Int in
          let (x, y) = (index % 48 - 24, index / 48 - 24)
          if x * x + y * y > 400 { return -1000 }
          if x * x + y * y > 60 { return 40 + slice }
          return hasEmbolism && x * x + y * y < 25 ? 60 : 350
        }
        let file = GeneratedSlice(place: Double(-100 + 3 * slice), instanceNumber: slices - slice, values: values)
        try file.data().write(to: folder.appendingPathComponent(name + ".dcm"))
        let label = hasEmbolism ? "1" : "0"
        lines.append(([studyName, series, name, label] + [String](repeating: "0", count: 13)).joined(separator: ","))
      }
    }
    try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: root.appendingPathComponent("train.csv"))
  }
}
