import Foundation
import Foundations
import Testing

@testable import Imaging

@Suite("Descriptions of image files")
struct ImageDescriptionTests {
  @Test("The digest of a DICOM or NIfTI file is that of pydicom's and nibabel's arrays", arguments: ["rle-frames-16.dcm", "j2k-16-signed.dcm", "rgb-8-planar.dcm"])
  func digest(name: String) throws {
    let golden = try #require(try MedicalGoldens.made.get().dicom[name])
    let description = try ImageDescription(MedicalGoldens.file(name))
    #expect(description.sha256 == golden.sha256)
    #expect(description.type == golden.type)
    #expect(try ImageDescription(MedicalGoldens.file("zipped.nii.gz")).sha256 == MedicalGoldens.made.get().nifti["zipped.nii.gz"]?.sha256)
  }

  @Test("A CT is described with its syntax, rescale and window")
  func ct() throws {
    let url = MedicalGoldens.file("rescale-window.dcm")
    let description = try ImageDescription(url)
    let samples = try DICOMFile.open(url).frame(0).doubles
    #expect(description.format == "DICOM" && description.width == 11 && description.height == 7)
    #expect(description.bitDepth == 12 && description.isSigned && description.channels == 1)
    #expect(description.minimum == samples.min() && description.maximum == samples.max())
    #expect(description.dicom?.windows == [.lung] && description.dicom?.rescaleIntercept == -1024)
    #expect(description.display == "window linear, center -600.0, width 1500.0")
    #expect(try ImageDescription(MedicalGoldens.file("monochrome1-8.dcm")).display == "as stored, inverted")
    #expect(try ImageDescription(url, window: .mediastinum).display == "window linear, center 40.0, width 400.0")
  }

  @Test("Pictures are described by their samples")
  func pictures() throws {
    let url = Goldens.image("png-grey16.png")
    let golden = try #require(try Goldens.images.get()["png-grey16.png"])
    let description = try ImageDescription(url)
    #expect(description.format == "PNG" && description.type == "uint16" && description.bitDepth == 16)
    #expect(description.minimum == golden.samples.min().map(Double.init) && description.maximum == golden.samples.max().map(Double.init))
    let bytes = golden.samples.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
    #expect(description.sha256 == Digest.sha256Hex(of: Data(bytes)))
    #expect(try ImageDescription(Goldens.image("jpeg-named.png")).format == "JPEG")
  }

  @Test("The preview of a volume is its middle axial slice, that of a DICOM file what is shown")
  func preview() throws {
    let volume = MedicalGoldens.file("axes-oblique.nii")
    let slice = try NIfTIFile.open(volume).slice(1, plane: .axial)
    #expect(try ImageDescription.preview(volume) == slice.stretched().pixelBuffer())
    let ct = MedicalGoldens.file("rescale-window.dcm")
    #expect(try ImageDescription.preview(ct, window: .lung) == DICOMFile.open(ct).pixelBuffer(0))
  }
}
