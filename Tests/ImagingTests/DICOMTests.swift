import Foundation
import Foundations
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
}
