import Foundation
import Testing

@testable import Imaging

/// The shared data folder: MEDTRANSFER_DATA, or ../shared/data beside the repository.
private enum RealData {
  static let root: URL? = {
    let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["MEDTRANSFER_DATA"].map { URL(fileURLWithPath: $0) }
    let folder = named ?? repository.deletingLastPathComponent().appendingPathComponent("shared/data")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()

  static let isThere = root != nil
  static let absence: Comment = "The real images are absent: set MEDTRANSFER_DATA to their folder."

  static func files(_ folder: String) throws -> [URL] {
    let url = try #require(root).appendingPathComponent(folder)
    return try FileManager.default.contentsOfDirectory(atPath: url.path).sorted().map { url.appendingPathComponent($0) }
      .filter(ImageFile.hasSupportedExtension)
  }
}

@Suite("Real images", .tags(.data), .enabled(if: RealData.isThere, RealData.absence))
struct RealDataTests {
  @Test("All of DRIVE's images are read: 40 of 565 × 584 RGB pixels")
  func driveImages() throws {
    let files = try RealData.files("drive/training/images") + RealData.files("drive/test/images")
    #expect(files.count == 40)
    for url in files {
      let image = try ImageFile.read(url)
      #expect(image.shape == [565, 584, 3, 8], "\(url.lastPathComponent)")
    }
  }

  @Test(
    "All of DRIVE's masks are read, whatever their palettes: vessels cover 4 to 20 %, the field of view 60 to 75 %",
    arguments: [
      ("training/1st_manual", 0.04...0.20), ("test/1st_manual", 0.04...0.20), ("test/2nd_manual", 0.04...0.20),
      ("training/mask", 0.60...0.75), ("test/mask", 0.60...0.75),
    ])
  func driveMasks(folder: String, share: ClosedRange<Double>) throws {
    let files = try RealData.files("drive/\(folder)")
    #expect(files.count == 20)
    for url in files {
      let mask = try Mask.read(url)
      #expect(mask.width == 565 && mask.height == 584)
      #expect(share.contains(Double(mask.foregroundCount) / Double(565 * 584)), "\(url.lastPathComponent)")
    }
  }

  @Test("All of the original chest X-rays are read: 1024 × 1024 grey")
  func chestOriginals() throws {
    let files = try RealData.files("chestxray14-1000/originals-1024")
    #expect(files.count == 40)
    for url in files {
      let image = try ImageFile.read(url)
      #expect(image.shape == [1024, 1024, 1, 8], "\(url.lastPathComponent)")
    }
  }

  @Test("JSRT's 247 lung masks with grey edges are read: lungs cover 10 to 55 %")
  func lungs() throws {
    let files = try RealData.files("jsrt-lungs/masks")
    #expect(files.count == 247)
    for url in files {
      let mask = try Mask.read(url)
      let share = Double(mask.foregroundCount) / Double(mask.width * mask.height)
      #expect((0.10...0.55).contains(share), "\(url.lastPathComponent)")
    }
  }

  @Test("The pediatric test set's 624 JPEG files are read")
  func pediatric() throws {
    let files = try RealData.files("pediatric-pneumonia/test/NORMAL") + RealData.files("pediatric-pneumonia/test/PNEUMONIA")
    #expect(files.count == 624)
    for url in files { #expect(try ImageFile.read(url).width == 224) }
  }
}
