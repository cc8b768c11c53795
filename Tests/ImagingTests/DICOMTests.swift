import Foundation
import Foundations
import Synchronization
import Testing

@testable import Imaging

@Suite("DICOM")
struct DICOMTests {
  @Test("Every fixture's samples equal pydicom's: lossless ones exactly, lossy ones within two steps", arguments: MedicalGoldens.dicomNames)
  func samples(name: String) throws {
    let expected = try #require(try MedicalGoldens.made.get().dicom[name])
    let file = try DICOMFile.open(MedicalGoldens.file(name))
    let (type, bytes, values) = try file.allFrames()
    #expect(type == expected.type)
    #expect(file.shape == expected.shape)
    if expected.isLossy == true {
      #expect(largestDifference(MedicalGoldens.probes(values), expected.probes ?? []) <= 2)
    } else {
      #expect(Digest.sha256Hex(of: Data(bytes)) == expected.sha256)
    }
  }

  @Test("Every transfer syntax that is read has a fixture, but for the three of high-throughput JPEG 2000, which nothing here encodes")
  func everySyntax() throws {
    let covered = Set(try MedicalGoldens.made.get().dicom.values.compactMap(\.syntax))
    let read = Set(DICOMTransferSyntax.all.map(\.uid))
    let uncovered = read.subtracting(covered)
    #expect(uncovered == ["1.2.840.10008.1.2.1.98", "1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.202", "1.2.840.10008.1.2.4.203"])
  }

  @Test("Modality values equal pydicom's apply_modality_lut", arguments: MedicalGoldens.dicomNames)
  func rescaled(name: String) throws {
    let golden = try #require(try MedicalGoldens.made.get().dicom[name])
    guard let expected = golden.rescaled else { return }
    let file = try DICOMFile.open(MedicalGoldens.file(name))
    let values = try file.rescaled(0).values.map(Double.init)
    let scale = expected.map(abs).max() ?? 1
    let steps = golden.isLossy == true ? 2 * abs(file.header.rescaleSlope) : 0
    #expect(largestDifference(MedicalGoldens.probes(values), expected) <= scale * 1e-7 + steps)
  }

  @Test("Brightness equals what pydicom's LUT, window and palette functions give", arguments: MedicalGoldens.dicomNames)
  func displayed(name: String) throws {
    let golden = try #require(try MedicalGoldens.made.get().dicom[name])
    let expected = try #require(golden.displayed)
    let file = try DICOMFile.open(MedicalGoldens.file(name))
    let image = try file.displayed(0)
    let plane = image.width * image.height
    // Planes to pixels, as pydicom has them.
    let values = (0..<image.values.count).map { Double(image.values[$0 % image.channels * plane + $0 / image.channels]) }
    #expect(largestDifference(MedicalGoldens.probes(values), expected) <= (golden.isLossy == true ? 0.01 : 1e-6))
    let buffer = try file.pixelBuffer(0)
    #expect(buffer.bitDepth == (file.header.bitsStored > 8 || name.hasPrefix("palette") && name.hasSuffix("16.dcm") ? 16 : 8))
    let samples: [Double]
    switch buffer.samples {
    case .bytes(let bytes): samples = bytes.map { Double($0) / 255 }
    case .words(let words): samples = words.map { Double($0) / 65535 }
    }
    #expect(largestDifference(samples, values) <= 0.51 / Double(buffer.maximum))
    #expect(try ImageFile.read(MedicalGoldens.file(name)) == buffer)
  }

  @Test("A window that is named takes the place of the file's own")
  func window() throws {
    let file = try DICOMFile.open(MedicalGoldens.file("rescale-window.dcm"))
    let values = try file.rescaled(0).values
    let shown = try file.displayed(0, window: .mediastinum).values
    for (value, brightness) in zip(values, shown) {
      #expect(abs(Double(brightness) - min(max((Double(value) - 39.5) / 399 + 0.5, 0), 1)) < 1e-6)
    }
    #expect(shown.contains(0) && shown.contains(1))
    #expect(try file.displayed(0) == file.displayed(0, window: .lung))
    #expect(try file.displayDescription(0) == "window linear, center -600.0, width 1500.0")
  }

  @Test("A window whose width its function does not allow is refused")
  func badWindow() {
    let error = #expect(throws: ImagingError.self) { try IntensityWindow(center: 40, width: 0) }
    #expect(error?.description == "A window cannot have the center 40.0 and the width 0.0. Give finite numbers and a width of at least 1.")
    #expect(throws: ImagingError.self) { try IntensityWindow(center: .nan, width: 10) }
  }

  @Test("The header's facts are read: rescale, windows, spacing, identifiers, functional groups")
  func header() throws {
    let ct = try DICOMFile.open(MedicalGoldens.file("rescale-window.dcm")).header
    #expect(ct.rows == 7 && ct.columns == 11 && ct.frames == 1 && ct.samplesPerPixel == 1)
    #expect(ct.bitsAllocated == 16 && ct.bitsStored == 12 && ct.highBit == 11 && ct.isSigned)
    #expect(ct.rescaleSlope == 1.5 && ct.rescaleIntercept == -1024)
    #expect(ct.windows == [.lung])
    #expect(ct.pixelSpacing == [0.5, 0.75])
    #expect(ct.modality == "CT" && ct.patientID == "formula-1")
    #expect(ct.sopInstanceUID == "1.2.826.0.1.3680043.8.498.1" && ct.studyInstanceUID == "1.2.826.0.1.3680043.8.498.2")
    #expect(ct.seriesInstanceUID == "1.2.826.0.1.3680043.8.498.3")
    #expect(ct.transferSyntaxUID == "1.2.840.10008.1.2.1" && ct.transferSyntaxName == "Explicit VR Little Endian")
    let two = try DICOMFile.open(MedicalGoldens.file("window-two.dcm")).header
    #expect(two.windows.map(\.center) == [1000, 3000] && two.windows.map(\.width) == [800, 100])
    #expect(try DICOMFile.open(MedicalGoldens.file("voi-lut.dcm")).header.hasVOILUT)
    #expect(try DICOMFile.open(MedicalGoldens.file("modality-lut.dcm")).header.hasModalityLUT)
    let groups = try DICOMFile.open(MedicalGoldens.file("functional-groups.dcm"))
    #expect(groups.header.rescaleSlope == 2 && groups.header.rescaleIntercept == -100)
    #expect(groups.header.pixelSpacing == [0.25, 0.5])
    #expect(try ImageFile.pixelSpacing(MedicalGoldens.file("functional-groups.dcm"), .frame(1)) == PixelSpacing(x: 0.5, y: 0.25))
    #expect(try ImageFile.pixelSpacing(MedicalGoldens.file("window-two.dcm")) == nil)
    #expect(try groups.displayDescription(1) == "window linear, center 5000.0, width 3000.0")
  }

  @Test("Samples that are no numbers, or infinite, become black or white and never an error")
  func notNumbers() throws {
    var data = try Data(contentsOf: MedicalGoldens.file("float-64.dcm"))
    let place = data.count - 8 * 77
    for (index, value) in [Double.nan, .infinity, -.infinity, 1e308, -1e308].enumerated() {
      withUnsafeBytes(of: value) { data.replaceSubrange(place + 8 * index..<place + 8 * index + 8, with: $0) }
    }
    let folder = try TemporaryFolder()
    let url = folder.url.appendingPathComponent("odd.dcm")
    try data.write(to: url)
    let file = try DICOMFile.open(url)
    #expect(try file.displayed(0).values.allSatisfy { (0...1).contains($0) })
    #expect(try file.displayed(0, window: .lung).values.prefix(5) == [0, 1, 0, 1, 0])
    #expect(try file.displayed(0, window: IntensityWindow(center: 0, width: 9, function: .sigmoid)).values.prefix(5) == [0, 1, 0, 1, 0])
    #expect(try file.pixelBuffer(0).bitDepth == 16)
  }

  @Test("Frames are read in any order, and one that is not there is refused")
  func frames() throws {
    let file = try DICOMFile.open(MedicalGoldens.file("j2k-fragments.dcm"))
    let forward = try (0..<3).map(file.frame)
    #expect(try [2, 0, 1].map(file.frame) == [forward[2], forward[0], forward[1]])
    #expect(forward[0] != forward[1] && forward[1] != forward[2])
    let error = #expect(throws: ImagingError.self) { try file.frame(3) }
    #expect(error?.problem.hasSuffix("has no frame 4: it has 3.") == true)
  }

  @Test(
    "Many threads that decode one file at once get the same samples as one",
    arguments: ["jls-12.dcm", "jpeg-lossless-frames.dcm", "jpeg-extended-12.dcm", "j2k-12.dcm", "rle-rgb.dcm"])
  func threads(name: String) throws {
    let file = try DICOMFile.open(MedicalGoldens.file(name))
    let alone = try file.frame(0)
    let agreeing = Mutex(0)
    DispatchQueue.concurrentPerform(iterations: 64) { _ in
      if (try? file.frame(0)) == alone { agreeing.withLock { $0 += 1 } }
    }
    #expect(agreeing.withLock { $0 } == 64)
  }

  @Test("Sequences nested a hundred thousand deep cost time and no stack")
  func nesting() throws {
    let plain = try Data(contentsOf: MedicalGoldens.file("explicit-little-16.dcm"))
    // Before group 8 ends: a private sequence that opens and opens, then all its ends.
    let place = try #require(plain.range(of: Data([0x10, 0x00, 0x20, 0x00]))).lowerBound
    let depth = 100_000
    let open = Data([0x09, 0x00, 0x10, 0x10, 0x53, 0x51, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0x00, 0xE0, 0xFF, 0xFF, 0xFF, 0xFF])
    let close = Data([0xFE, 0xFF, 0x0D, 0xE0, 0, 0, 0, 0, 0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0])
    var deep = plain.prefix(place)
    for _ in 0..<depth { deep += open }
    let unclosed = deep
    for _ in 0..<depth { deep += close }
    deep += plain.suffix(from: place)
    #expect(try decode(deep) == decode(plain))
    let error = #expect(throws: ImagingError.self) { try decode(unclosed) }
    #expect(error?.problem == "The image /fuzz is cut short: its DICOM data end within a sequence.")
  }

  static let sentences: [(name: String, kind: ImagingError.Code, problem: String)] = [
    ("broken-no-image.dcm", .unsupported, "is of a kind that is not read: a DICOM file without an image."),
    ("broken-video.dcm", .unsupported, "is of a kind that is not read: a DICOM file of transfer syntax 1.2.840.10008.1.2.4.100."),
    ("broken-cut.dcm", .truncated, "is cut short: its DICOM data end before the picture is complete."),
    ("broken-header-only.dcm", .truncated, "is cut short: its DICOM data end before the picture is complete."),
    ("broken-cut-jpeg.dcm", .truncated, "is cut short: its DICOM data end before the picture is complete."),
    ("broken-huge.dcm", .tooLarge, "is too large: it has 60000 × 60000 pixels, more than the limit of 100000000."),
    (
      "broken-size-mismatch.dcm", .malformed,
      "is damaged: its JPEG 2000 data hold 40 × 36 pixels, its header says 24 × 16."
    ),
    ("broken-frames-compressed.dcm", .malformed, "contradicts itself: its DICOM header promises 5 frames and there are 1."),
    ("broken-slope-text.dcm", .malformed, "contradicts itself: its rescale slope is “NONE”, which is no number."),
    (
      "broken-jpeg-as-plain.dcm", .malformed,
      "contradicts itself: its transfer syntax says uncompressed, and its pixel data are a JPEG stream."
    ),
    (
      "broken-photometric.dcm", .unsupported,
      "is of a kind that is not read: a DICOM file with 3 samples a pixel and the photometric interpretation “HSV”."
    ),
  ]

  @Test("Every broken fixture is refused with its own words", arguments: sentences.map(\.name))
  func words(name: String) throws {
    let row = try #require(Self.sentences.first { $0.name == name })
    let url = MedicalGoldens.file(name)
    let error = try #require(throws: ImagingError.self) { try ImageFile.read(url) }
    #expect(error.kind == row.kind)
    #expect(error.problem == "The image \(url.path) \(row.problem)")
  }

  @Test("RLE segments that lie outside of their stream, or end early, are refused; DCMTK's decoder ends the process there")
  func damagedRunLengths() throws {
    let whole = try Data(contentsOf: MedicalGoldens.file("rle-8.dcm"))
    // One segment that begins behind the header of 64 bytes.
    let header = try #require(whole.range(of: Data([1, 0, 0, 0, 64, 0, 0, 0]))).lowerBound
    let length = UInt8(whole[header - 4])
    for (place, bytes, problem) in [
      (header + 4, [0x40, 0x42, 0x0F, 0x00], "is damaged: its RLE segments lie outside of its RLE data."),
      (header + 4, [0x04, 0x00, 0x00, 0x00], "is damaged: its RLE segments lie outside of its RLE data."),
      (header, [0x03, 0x00, 0x00, 0x00], "is damaged: its RLE data have 3 segments, its header makes 1."),
      (header + 4, [length - 2, 0, 0, 0], "is cut short: its RLE data end before the picture is complete."),
    ] as [(Int, [UInt8], String)] {
      var damaged = whole
      damaged.replaceSubrange(place..<place + 4, with: bytes)
      let error = try #require(throws: ImagingError.self) { try decode(damaged) }
      #expect(error.problem == "The image /fuzz \(problem)")
    }
  }

  @Test("Of 40 promised frames the first is there and is read, and the second is refused")
  func tooFewFrames() throws {
    let file = try DICOMFile.open(MedicalGoldens.file("broken-frames.dcm"))
    #expect(try file.frame(0).count == 77)
    let error = #expect(throws: ImagingError.self) { try file.frame(1) }
    #expect(error?.problem.hasSuffix("contradicts itself: its header asks for 154 bytes of pixels, and it has 78.") == true)
    #expect(error?.remedy == "Convert it with a program that opens it, or leave it out of the data set; a second copy from its source would be the same.")
  }
}
