import DatasetFixtures
import Foundation
import Foundations
import Imaging
import Studies
import Testing

@testable import Datasets

@Suite("Tables of run lengths")
struct RunLengthTableTests {
  private func failure(_ source: ManifestSource) -> String {
    do {
      _ = try RunLengthTableReader(source: source).read()
      return "no failure"
    } catch { return "\(error)" }
  }

  private func dataset() throws -> (TemporaryData, ManifestSource) {
    let data = try TemporaryData()
    try data.touch(["tree/1/a/1.2.3.4.dcm", "tree/1/b/1.2.3.5.dcm", "tree/2/IM7"])
    try data.write("ImageId, EncodedPixels, who, part\n1.2.3.4, 1 2,p,train\n1.2.3.5, -1,q,val\n1.2.3.4,5 1,p,train\nIM7,,r,test\n", to: "t.csv")
    return (
      data,
      ManifestSource(
        file: data.path("t.csv"), imageRoot: data.path("tree"), pathColumn: "ImageId", pathForm: .stem, rleColumn: "EncodedPixels",
        rleFormat: .relativePairs)
    )
  }

  @Test("Rows of one image are united, -1 and nothing are no object, and images are found by name anywhere below the folder")
  func rows() throws {
    var (data, source) = try dataset()
    source.patientColumn = "who"
    source.splitColumn = "part"
    let parts = try RunLengthTableReader(source: source).read().parts
    let first = try #require(parts[.training]?.first)
    #expect(first.id == "1.2.3.4" && first.patient == "p" && first.image.files == [data.url.appendingPathComponent("tree/1/a/1.2.3.4.dcm")])
    #expect(first.mask?.regions == ["1 2", "5 1"].map { .runLengths($0, format: .relativePairs, width: nil, height: nil) })
    #expect(parts[.validation]?.first?.mask == .empty && parts[.test]?.first?.mask == .empty)
    #expect(parts[.test]?.first?.image.files.first?.lastPathComponent == "IM7")
  }

  @Test("Images that are missing or doubtful, and columns that are not there, are named")
  func faults() throws {
    var (data, source) = try dataset()
    try data.touch(["tree/2/1.2.3.5.dcm"])
    #expect(
      failure(source)
        == "Both \(data.path)/tree/1/b/1.2.3.5.dcm and \(data.path)/tree/2/1.2.3.5.dcm could be the image “1.2.3.5”. Keep one of them below `imageRoot`.")
    try FileManager.default.removeItem(atPath: data.path("tree/2/1.2.3.5.dcm"))
    try FileManager.default.removeItem(atPath: data.path("tree/2/IM7"))
    #expect(
      failure(source)
        == "1 of 3 images is not in \(data.path)/tree: IM7. Correct `imageRoot`, or set `rows: present` to keep only the rows whose image is there.")
    source.rows = .present
    #expect(try RunLengthTableReader(source: source).read().parts[.training]?.count == 2)
    source.rleColumn = "EncodedPixel"
    #expect(failure(source) == "The table t.csv has no column “EncodedPixel”. Did you mean “EncodedPixels”?")
    source.file = data.path("u.csv")
    #expect(failure(source).hasPrefix("There is no table at \(data.path)/u.csv."))
  }

  @Test(
    "The real table of SIIM-ACR: 12,047 images, of which the one that is there is read with its mask; masks of several rows unite",
    .tags(.data), .realImages)
  func siim() throws {
    let source = ManifestSource(
      file: RealData.path("dicom/siim/train-rle.csv.gz"), imageRoot: RealData.path("dicom/siim"), pathColumn: "ImageId", pathForm: .stem,
      rleColumn: "EncodedPixels", rleFormat: .relativePairs, rows: .present)
    let samples = try #require(try RunLengthTableReader(source: source).read().parts[.training])
    #expect(samples.map(\.id) == ["1.2.276.0.7230010.3.1.4.8323329.6904.1517875201.850819"])
    let sample = try #require(samples.first), image = try sample.image.read()
    #expect(image.width == 1024 && image.height == 1024 && sample.mask == .empty)
    // A row of the same table with an object, on the same image: the pixels are those that the run lengths count.
    let table = try CSV.parse(try TextFile.read(URL(fileURLWithPath: source.file)))
    let groups = Dictionary(grouping: table.rows.filter { $0[1].trimmingCharacters(in: .whitespaces) != "-1" }, by: { $0[0] })
    #expect(groups.count == 2669)
    let several = try #require(groups.values.filter { $0.count > 1 }.min { $0[0][0] < $1[0][0] })
    let masks = try several.map { try Mask(runLengths: $0[1], format: .relativePairs, width: 1024, height: 1024) }
    let united = try MaskReference(regions: several.map { .runLengths($0[1], format: .relativePairs, width: nil, height: nil) })
      .read(for: image, of: sample.id)
    let either = united.values.indices.filter { place in masks.contains { $0.values[place] == 1 } }.count
    #expect(united.foregroundCount == either && either > 0)
  }
}
