import Foundation
import Imaging
import Testing

@Suite("medtransfer images inspect")
struct ImagesInspectTests {
  /// A CT of 11 × 7 pixels that Tools/goldens/medical_images.py made, with pydicom's digest of its pixels in medical.json.
  private static let goldens = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("ImagingTests/Goldens")
  private static let ct = goldens.appendingPathComponent("medical/rescale-window.dcm")

  private struct Golden: Decodable {
    struct File: Decodable { let sha256: String }
    let dicom: [String: File]
  }

  private func digest() throws -> String {
    let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: Self.goldens.appendingPathComponent("medical.json")))
    return try #require(golden.dicom["rescale-window.dcm"]).sha256
  }

  @Test("A CT's facts are printed, one a line, and its preview is the picture that a network sees")
  func text() throws {
    let fixture = try StudyFixture()
    let result = try fixture.run("images", "inspect", Self.ct.path, "--to", "out.png")
    #expect(result.status == 0, "\(result.errors)")
    let lines = result.output.split(separator: "\n").map(String.init)
    for line in [
      "Format                      DICOM", "Transfer syntax             Explicit VR Little Endian (1.2.840.10008.1.2.1)",
      "Size                        11 × 7 pixels", "Samples                     1 a pixel, 12 bits, int16",
      "Photometric interpretation  MONOCHROME2", "Rescale                     1.5 × stored + -1024",
      "Windows                     center -600, width 1500 (linear)", "Spacing                     0.5 × 0.75 mm",
      "Modality                    CT", "Shown                       window linear, center -600.0, width 1500.0",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
    #expect(try lines.contains("SHA-256 of the pixels       \(digest())"))
    #expect(try ImageFile.read(fixture.url("out.png")) == ImageFile.read(Self.ct))
  }

  @Test("JSON holds the same facts, and a window on the command line changes the picture")
  func json() throws {
    let fixture = try StudyFixture()
    let result = try fixture.run("images", "inspect", Self.ct.path, "--json", "--window", "-100,400", "--to", "out.png")
    #expect(result.status == 0, "\(result.errors)")
    let facts = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect(facts["sha256"] as? String == (try digest()))
    #expect(facts["bitDepth"] as? Int == 12 && facts["isSigned"] as? Bool == true)
    #expect(facts["display"] as? String == "window linear, center -100.0, width 400.0")
    let dicom = try #require(facts["dicom"] as? [String: Any])
    #expect(dicom["rescaleIntercept"] as? Double == -1024)
    let window = try IntensityWindow(center: -100, width: 400)
    #expect(try ImageFile.read(fixture.url("out.png")) == DICOMFile.open(Self.ct).pixelBuffer(0, window: window))
  }

  @Test("A file that is no image ends in one sentence and status 1, and no preview is left")
  func refused() throws {
    let fixture = try StudyFixture()
    try fixture.write("no image", to: "note.txt")
    let result = try fixture.run("images", "inspect", "note.txt", "--to", "out.png")
    #expect(result.status == 1)
    #expect(
      result.errors
        == "medtransfer: The file \(fixture.url("note.txt").path) is no PNG, JPEG, TIFF, GIF, WebP, JPEG 2000, PGM/PPM, BMP, DICOM or NIfTI image: it starts with the bytes 6e 6f 20 69 6d 61 67 65. Convert it to one of these formats, or leave it out of the data set.\n"
    )
    #expect(!FileManager.default.fileExists(atPath: fixture.url("out.png").path))
  }

  @Test("A range on the command line shows what a study's pictures: {range: …} shows, and is refused where it is none")
  func range() throws {
    let fixture = try StudyFixture()
    let result = try fixture.run("images", "inspect", Self.ct.path, "--json", "--range", "-300,100", "--to", "out.png")
    #expect(result.status == 0, "\(result.errors)")
    let window = try IntensityWindow(from: -300, to: 100)
    #expect(try ImageFile.read(fixture.url("out.png")) == DICOMFile.open(Self.ct).pixelBuffer(0, window: window))
    let falling = try fixture.run("images", "inspect", Self.ct.path, "--range", "100,-300")
    #expect(falling.status != 0 && falling.errors.contains("--range takes two rising numbers: black,white, such as 0,4095."), "\(falling.errors)")
    #expect(try fixture.run("images", "inspect", Self.ct.path, "--range", "0,1", "--window", "0,1").status != 0)
  }

  @Test("A window that is no pair of numbers is refused")
  func badWindow() throws {
    let result = try StudyFixture().run("images", "inspect", Self.ct.path, "--window", "wide")
    #expect(result.status != 0)
    #expect(result.errors.contains("--window takes two numbers: center,width, such as -600,1500."))
  }
}
