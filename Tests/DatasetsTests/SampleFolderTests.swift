import DatasetFixtures
import Foundation
import Foundations
import Imaging
import Studies
import Testing

@testable import Datasets
@testable import Inspection

@Suite("Samples of shared folders are what samples with paths of their own are")
struct SampleFolderTests {
  static let paths = [
    "a.png", "b.png", "a.jpg", "a", "a/b.png", "a/b/c.png", "a-b/c.png", "a/b-c.png", "ab/c.png", "a.b/c.png", "a/b.c.png", "a/.png", "é/a.png",
    "a/é.png", "e\u{301}/b.png", "a/zz.png", "a/z.png", "Z/a.png", "10/a.png", "9/a.png",
  ]

  @Test("Id, file, order and equality are those of the path")
  func samePath() throws {
    var folders = SampleFolders()
    let samples = Self.paths.map { path in
      let (folder, name) = folders.place(path, root: "/data")
      return Sample(folder: folder, name: name, labels: [1], patient: "p", byteCount: 3)
    }
    let plain = Self.paths.map {
      Sample(id: $0, image: ImageReference(URL(fileURLWithPath: "/data/" + $0)), labels: [1], patient: "p", byteCount: 3)
    }
    #expect(samples.map(\.id) == Self.paths && samples == plain)
    #expect(samples.map(\.image) == plain.map(\.image) && samples.allSatisfy { $0.imageFingerprint == nil })
    for first in samples {
      for second in samples {
        #expect(Sample.isBefore(first, second) == (first.id < second.id), "\(first.id) \(second.id)")
        #expect((first == second) == (first.id == second.id))
      }
    }
    let relabeled = samples[4].labeled([.nan, 0])
    #expect(relabeled.id == "a/b.png" && relabeled.labels[0].isNaN && relabeled.image == samples[4].image && relabeled != samples[4])
  }

  @Test("A folder's window and neighbors are each file's")
  func window() throws {
    let window = try IntensityWindow(center: 100, width: 700)
    let folder = SampleFolder(SampleFolder.Key(root: "/r", path: "s/t/", ending: ".dcm"), window: window, neighborReach: 1)
    let sample = Sample(folder: folder, name: "i", byteCount: 0)
    var expected = ImageReference(URL(fileURLWithPath: "/r/s/t/i.dcm"), window: window)
    expected.neighborReach = 1
    #expect(sample.image == expected && sample.imageFingerprint == expected.fingerprint && expected.fingerprint != nil)
  }

  @Test("An audit of patients alone says of them what an audit of the images does")
  func patients() throws {
    let data = try TemporaryData()
    try data.write("image,label,patient,split\na.png,0,p,train\nb.png,1,q,train\nc.png,1,p,test\nd.png,0,r,val\ne.png,0,q,val\n", to: "t.csv")
    try data.touch(["a.png", "b.png", "c.png", "d.png", "e.png"])
    var source = ManifestSource(file: data.path("t.csv"), imageRoot: data.path)
    (source.pathColumn, source.labelColumns, source.patientColumn, source.splitColumn) = ("image", ["label"], "patient", "split")
    let audit = try PatientAudit(.manifest(source), kind: .binaryClassification)
    let whole = DatasetAudit(try ImageInventory(.manifest(source), kind: .binaryClassification))
    #expect(audit.sharedPatients == whole.sharedPatients && audit.imageCounts == whole.imageCounts && audit.patientCount == 3)
    #expect(audit.sharedPatients.map(\.patient) == ["p", "q"] && audit.hasLeakage)
  }
}
