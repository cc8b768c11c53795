import Foundation
import Testing

@testable import Imaging

/// Files of Tools/goldens/medical_images.py that ask for something that cannot be done; what they are shown as stands in medical.json.
@Suite("DICOM files whose display elements are broken")
struct DICOMWishesTests {
  static let rows: [(name: String, kind: ImageRemark.Kind, words: String)] = [
    ("wish-lut-short.dcm", .displayElementPassedOver, "its VOI LUT has 99 entries of 100; its window is used"),
    ("wish-lut-bits-0.dcm", .displayElementPassedOver, "its VOI LUT has 0 bits; its window is used"),
    ("wish-lut-short-alone.dcm", .displayElementPassedOver, "its VOI LUT has 99 entries of 100; its whole range is shown"),
    ("wish-lut-second.dcm", .displayElementPassedOver, "its VOI LUT has 99 entries of 100; another VOI LUT is used"),
    ("wish-window-text.dcm", .displayElementPassedOver, "its window of center “UNKNOWN” and width “1500” is none; its whole range is shown"),
    ("wish-window-comma.dcm", .displayElementPassedOver, "its window of center “2048,5” and width “1500” is none; its whole range is shown"),
    ("wish-window-nan.dcm", .displayElementPassedOver, "its window of center “NaN” and width “1500” is none; its whole range is shown"),
    ("wish-window-second.dcm", .displayElementPassedOver, "its window of center “UNKNOWN” and width “1” is none; its next window is used"),
    ("wish-window-width-0.dcm", .displayElementPassedOver, "its window of center “2000” and width “0” is none; its whole range is shown"),
    ("wish-slope-0.dcm", .zeroSlope, "its rescale slope is 0, which counts as 1"),
  ]

  @Test("Each is read, and a remark says what was passed over and what is used", arguments: rows.map(\.name))
  func remarks(name: String) throws {
    let row = try #require(Self.rows.first { $0.name == name })
    // Where nothing else says what is black and white, the file's own values do.
    let whole = row.words.hasSuffix("its whole range is shown") ? [ImageRemark.withoutWindowOrUnit] : []
    #expect(try ImageDescription(MedicalGoldens.file(name)).remarks == [ImageRemark(row.kind, row.words)] + whole)
  }

  @Test(
    "Sequences that are empty or hold an empty item are no damage and no remark",
    arguments: ["wish-lut-empty-item.dcm", "wish-modality-empty-item.dcm", "wish-sequences-empty.dcm", "wish-spacing-text.dcm"])
  func empty(name: String) throws {
    let description = try ImageDescription(MedicalGoldens.file(name))
    #expect(description.remarks.isEmpty)
    #expect(description.dicom?.hasVOILUT == false && description.dicom?.hasModalityLUT == false && description.dicom?.pixelSpacing == nil)
  }

  @Test("A VOI LUT function that the standard has not is remarked, and its window is linear")
  func unknownFunction() throws {
    let bytes = try Data(contentsOf: MedicalGoldens.file("window-sigmoid.dcm")), name = Data("SIGMOID ".utf8)
    let place = try #require(bytes.range(of: name))
    var changed = bytes
    changed.replaceSubrange(place, with: Data("FOO     ".utf8))
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("function-\(UUID().uuidString).dcm")
    defer { try? FileManager.default.removeItem(at: file) }
    try changed.write(to: file)
    let description = try ImageDescription(file)
    #expect(description.remarks.map(\.words) == ["its VOI LUT function is “FOO”, which is none; its window is linear"])
    #expect(description.dicom?.windows.first?.function == .linear && description.display.hasPrefix("window linear"))
  }

  @Test("Padding is black under a window, inverted and as stored")
  func padding() throws {
    for (name, count) in [("padding-inverted.dcm", 10), ("padding-window.dcm", 6), ("padding-8.dcm", 1)] {
      let file = try DICOMFile.open(MedicalGoldens.file(name))
      let shown = try file.displayed(0).values, stored = try file.frame(0).doubles.enumerated().sorted { $0.element < $1.element }
      let padded = name == "padding-8.dcm" ? [stored[stored.count - 1]] : Array(stored.prefix(count))
      #expect(padded.allSatisfy { shown[$0.offset] == 0 }, "\(name)")
    }
  }

  @Test("A picture of one brightness, and one that uses little of a deep range, are said")
  func content() throws {
    let file = MedicalGoldens.file("window.dcm")
    let far = try ImageDescription(file, window: IntensityWindow(center: 90_000, width: 10))
    #expect(far.remarks == [ImageRemark(.oneBrightness, "all its pixels have the brightness 0 of 65535")])
    #expect(far.usedShareOfRange == 0)
    let wide = try ImageDescription(file, window: IntensityWindow(center: 20_480, width: 40_960))
    #expect(wide.remarks.map(\.kind) == [.narrowRange])
    #expect(try ImageDescription(file).remarks.isEmpty)
  }

  @Test("A segmented palette that ends early, leads nowhere or refers to itself is refused, and costs nothing")
  func palettes() {
    func expanded(_ numbers: [UInt16], _ count: Int = 4) throws -> [UInt16] {
      try SegmentedPalette(numbers, isWide: false, isBigEndian: false).expanded(to: count)
    }
    #expect(throws: FormatFailure.self) { try expanded([0, 9, 1, 2]) }
    #expect(throws: FormatFailure.self) { try expanded([1, 4, 9]) }
    #expect(throws: FormatFailure.self) { try expanded([0, 1, 7, 2, 1, 3, 0, 0, 0]) }
    #expect(throws: FormatFailure.self) { try expanded([0, 1, 7, 2, 255, 0, 0, 0, 1]) }
    #expect(throws: FormatFailure.self) { try expanded([7, 1, 1]) }
    #expect((try? expanded([0, 2, 10, 20, 1, 2, 25])) == [10, 20, 22, 25])
  }
}
