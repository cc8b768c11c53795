import Foundation
import Foundations
import Testing

@testable import Imaging

/// Real medical files are held to hashes that pydicom and nibabel gave (real-medical.json).
private enum RealMedicalData {
  static let root: URL? = {
    let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let named = ProcessInfo.processInfo.environment["MEDTRANSFER_DATA"].map { URL(fileURLWithPath: $0) }
    let folder = named ?? repository.deletingLastPathComponent().appendingPathComponent("shared/data")
    return FileManager.default.fileExists(atPath: folder.appendingPathComponent("dicom").path) ? folder : nil
  }()

  static let isThere = root != nil
  static let absence: Comment = "The real DICOM and NIfTI files are absent: set MEDTRANSFER_DATA to their folder."
}

@Suite("Real medical files", .tags(.data), .enabled(if: RealMedicalData.isThere, RealMedicalData.absence))
struct RealMedicalTests {
  /// How far a lossy file's samples may lie from pydicom's, in steps of the stored values. Over all samples of the 30 lossy files
  /// the largest difference is 1 for grey and 3 for subsampled colors: pydicom's JPEG decoder rounds its transform differently.
  static let tolerance = 3.0

  @Test("Every real DICOM image that pydicom decodes, 122 of them, decodes equal, or within the tolerance where its codec is lossy")
  func dicom() throws {
    let root = try #require(RealMedicalData.root)
    let files = try MedicalGoldens.real.get().dicom
    var equal = 0, close = 0
    for (name, expected) in files.sorted(by: { $0.key < $1.key }) where expected.refused == nil {
      let file = try DICOMFile.open(root.appendingPathComponent(name))
      let (type, bytes, values) = try file.allFrames()
      #expect(type == expected.type, "\(name)")
      #expect(file.shape == expected.shape, "\(name)")
      if Digest.sha256Hex(of: Data(bytes)) == expected.sha256 {
        equal += 1
      } else {
        let difference = largestDifference(MedicalGoldens.probes(values), expected.probes ?? [])
        #expect(expected.isLossy == true && difference <= Self.tolerance, "\(name): \(difference)")
        close += 1
      }
    }
    #expect(equal + close == 122)
  }

  @Test("Two files that pydicom does not decode are decoded, and the rest is refused with a sentence")
  func refused() throws {
    let root = try #require(RealMedicalData.root)
    let files = try MedicalGoldens.real.get().dicom.filter { $0.value.refused != nil }.keys.sorted()
    var decoded: [String] = [], sentences: [String: String] = [:]
    for path in files {
      let url = root.appendingPathComponent(path), name = url.lastPathComponent
      do {
        let file = try DICOMFile.open(url)
        _ = try file.frame(0)
        decoded.append(name)
      } catch let error as ImagingError {
        sentences[name] = error.problem.replacingOccurrences(of: "The image \(url.path) ", with: "")
      }
    }
    #expect(
      decoded == [
        "CTImage.dcm_JPEGProcess10_12TransferSyntax_1.2.840.10008.1.2.4.55.dcm",
        "CTImage.dcm_JPEGProcess6_8TransferSyntax_1.2.840.10008.1.2.4.53.dcm",
      ])
    #expect(
      sentences == [
        "JPEG-lossy.dcm": "is damaged: its JPEG code has errors.",
        "JPEG2000-embedded-sequence-delimiter.dcm":
          "is damaged: its JPEG 2000 data hold 3722445056 × 1024 pixels, its header says 256 × 1024.",
        "MR_truncated.dcm": "is cut short: its DICOM data end before the picture is complete.",
        "badVR.dcm": "contradicts itself: its number of frames is “1A”, which is no number.",
        "meta_missing_tsyntax.dcm": "is damaged: its DICOM header names no transfer syntax.",
        "nested_priv_SQ.dcm": "is damaged: its DICOM header gives no number of rows.",
      ])
  }

  @Test("Every file of the DICOM folder is read or refused with a sentence")
  func everyFile() throws {
    let folder = try #require(RealMedicalData.root).appendingPathComponent("dicom")
    let walker = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey]))
    var read = 0, refused = 0
    for case let url as URL in walker where (try? url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile) == true {
      do {
        _ = try ImageFile.read(url)
        read += 1
      } catch let error as ImagingError {
        #expect(error.problem.contains(url.path))
        refused += 1
      }
    }
    #expect(read >= 122, "\(read) read, \(refused) refused")
  }

  @Test("Every real NIfTI volume equals nibabel's, stored, scaled and turned to the patient's axes")
  func nifti() throws {
    let root = try #require(RealMedicalData.root)
    let files = try MedicalGoldens.real.get().nifti
    for (name, expected) in files where expected.refused == nil {
      let url = root.appendingPathComponent(name)
      try check(url, against: expected)
      if expected.canonical != nil { for plane in AnatomicalPlane.allCases { try checkCanonical(url, plane: plane, against: expected) } }
    }
    #expect(files.values.filter { $0.refused == nil }.count == 10)
    let broken = root.appendingPathComponent("nifti/not-nifti.nii")
    let error = #expect(throws: ImagingError.self) { try NIfTIFile.open(broken) }
    #expect(error?.problem == "The image \(broken.path) is damaged: it has no NIfTI header.")
  }

  @Test("All 12,954 rows of the SIIM-ACR table decode for images of 1024 × 1024, and each row with a mask has some object")
  func siimTable() throws {
    let root = try #require(RealMedicalData.root)
    let table = try CSV.parse(try TextFile.read(root.appendingPathComponent("dicom/siim/train-rle.csv.gz")))
    #expect(table.rows.count == 12_954)
    var withObject = 0
    for row in table.rows {
      let runs = try RunLengthFormat.relativePairs.runs(row[1], width: 1024, height: 1024)
      let isEmpty = row[1].trimmingCharacters(in: .whitespaces) == "-1"
      #expect(runs.isEmpty == isEmpty, "\(row[0])")
      if isEmpty { continue }
      withObject += 1
      guard withObject.isMultiple(of: 400) else { continue }
      let mask = try Mask(runLengths: row[1], format: .relativePairs, width: 1024, height: 1024)
      // The sum of every second number, which no decoder is needed for.
      let numbers = row[1].split(separator: " ").compactMap { Int($0) }
      let inRuns: Int = stride(from: 1, to: numbers.count, by: 2).reduce(0) { $0 + numbers[$1] }
      #expect(mask.foregroundCount == inRuns)
      #expect(mask.runLengths(.relativePairs) == row[1].trimmingCharacters(in: .whitespaces))
    }
    // As `grep -vcE ', *-1 *$'` counts them.
    #expect(withObject == 3576)
  }
}
