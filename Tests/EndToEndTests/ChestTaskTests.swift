import Datasets
import Foundation
import Foundations
import PublishedCopies
import Studies
import Testing

@Suite("Built-in tasks of tables, lists, folders and archives")
struct ChestTaskTests {
  private func splits(_ task: String, _ write: (StudyFixture) throws -> Void) throws -> (StudyFixture, DatasetSplits) {
    let fixture = try StudyFixture()
    try write(fixture)
    let task = try BuiltInTaskCatalog.named(task).specification(root: fixture.url("copy").path)
    return (fixture, try DatasetResolver.resolve(task.data, kind: task.kind))
  }

  @Test("MIMIC-CXR: three tables become one, frontal images count, studies without labels do not, parts are the publisher's")
  func mimic() throws {
    let (_, splits) = try splits("MIMIC-CXR") { try TaskCopies.mimicCXR(in: $0.url("copy")) }
    #expect(splits.training.count == 15 && splits.validation.count == 5 && splits.test.count == 5)
    #expect((splits.training + splits.test).allSatisfy { $0.id.hasPrefix("files/p1") && !$0.id.contains("lateral") })
    let first = try #require(splits.training.first { $0.id.hasSuffix("-pa.jpg") })
    #expect(first.id == "files/p10/p10000032/s50414267/02aa804e-bde0afdd-112c0b34-10000032-pa.jpg" && first.patient == "10000032")
    #expect(first.labels.prefix(4) == [1, 0, Sample.uncertain, 0])
  }

  @Test("VinDr-CXR: two of three radiologists decide; the test table's other name of a class is understood")
  func vinDr() throws {
    let (_, splits) = try splits("VinDrCXR") { try TaskCopies.vinDrCXR(in: $0.url("copy")) }
    #expect(splits.training.count == 18 && splits.validation.count == 2 && splits.test.count == 8)
    for sample in splits.training + splits.validation + splits.test {
      let index = try #require(Int(sample.id.dropLast(6).suffix(4))) - 1000
      let expected: [Float] = [1, 3, 4, 5, 6, 7].map { (index + $0) % 3 == 0 ? 1 : 0 }
      #expect(sample.labels == expected, "\(sample.id)")
    }
  }

  @Test("PadChest: labels as Python lists, frontal images in numbered folders")
  func padChest() throws {
    let (_, splits) = try splits("PadChest") { try TaskCopies.padChest(in: $0.url("copy")) }
    let all = splits.training + splits.validation + splits.test
    #expect(all.count == 40 && all.allSatisfy { $0.labels.reduce(0, +) == 3 && $0.patient != nil })
    let first = try #require(all.first { $0.id == "21639657481000-0.png" })
    let present = first.labels.indices.filter { first.labels[$0] == 1 }
    #expect(present == [0, 4, 9])
    #expect(first.image.files[0].path.hasSuffix("/0/21639657481000-0.png"))
  }

  @Test("TBX11K and COVIDx: the class is in the list, by folder or by word")
  func lists() throws {
    let (_, tbx) = try splits("TBX11K") { try TaskCopies.tbx11k(in: $0.url("copy")) }
    #expect(tbx.test.count == 9 && tbx.test.first?.id == "health/h1024.png" && tbx.test.first?.labels == [1, 0, 0])
    #expect(tbx.test.last?.id == "tb/tb1032.png" && tbx.test.last?.labels == [0, 0, 1])
    let (_, covid) = try splits("COVIDx9A") { try TaskCopies.covidx(in: $0.url("copy"), isCXR4: false) }
    #expect(covid.test.map(\.labels).prefix(3) == [[1, 0, 0], [0, 1, 0], [0, 0, 1]])
    let (_, cxr4) = try splits("COVIDx-CXR4") { try TaskCopies.covidx(in: $0.url("copy"), isCXR4: true) }
    #expect(cxr4.validation.count == 6 && cxr4.validation.map(\.labels) == [[0], [1], [0], [1], [0], [1]])
  }

  @Test("What is planted in a copy is told: a missing image, a table without a partner, a line of another width, an unknown class")
  func faults() throws {
    let fixture = try StudyFixture()
    try TaskCopies.mimicCXR(in: fixture.url("mimic"))
    try fixture.write("dicom_id,ViewPosition\n", to: "mimic/mimic-cxr-2.0.0-metadata.csv.gz")
    let mimic = try fixture.run("tasks", "check", "MIMIC-CXR", "--root", "mimic")
    #expect(mimic.status == 1)
    #expect(
      mimic.output.contains(
        "49 of 49 rows of mimic-cxr-2.0.0-split.csv.gz have nothing in mimic-cxr-2.0.0-metadata.csv.gz with the same dicom_id, first line 2."),
      "\(mimic.output)")
    try TaskCopies.vinDrCXR(in: fixture.url("vindr"))
    try FileManager.default.removeItem(at: fixture.url("vindr/train/000434271f63a053c4128a0ba6351003.dicom"))
    let vindr = try fixture.run("tasks", "check", "VinDrCXR", "--root", "vindr")
    #expect(vindr.status == 1 && vindr.output.contains("1 of 28 images is not in "), "\(vindr.output)")
    try TaskCopies.covidx(in: fixture.url("covid"), isCXR4: false)
    let list = try fixture.text("covid/test_COVIDx9A.txt")
    try fixture.write("9 test 9.png normal cohen\n" + list, to: "covid/test_COVIDx9A.txt")
    let covid = try fixture.run("tasks", "check", "COVIDx9A", "--root", "covid")
    #expect(covid.status == 1)
    #expect(covid.output.contains("Line 1 of test_COVIDx9A.txt has 5 words, and the columns are patient, image, class and 1 more."), "\(covid.output)")
    try fixture.write(list.replacingOccurrences(of: "test-0.png normal", with: "test-0.png healthy"), to: "covid/test_COVIDx9A.txt")
    let unknown = try fixture.run("tasks", "check", "COVIDx9A", "--root", "covid")
    #expect(unknown.status == 1)
    #expect(unknown.output.contains("1 row of test_COVIDx9A.txt lists a name that is not known in the column “class”; the first is “healthy” in line 1."), "\(unknown.output)")
    try TaskCopies.medMNIST("bloodmnist.npz", in: fixture.url("blood"), channels: 3, classes: 8)
    let other = try fixture.run("tasks", "check", "RetinaMNIST", "--root", "blood")
    #expect(other.status == 1 && other.output.contains("There is no table at "), "\(other.output)")
    try FileManager.default.moveItem(at: fixture.url("blood/bloodmnist.npz"), to: fixture.url("blood/retinamnist.npz"))
    let mistaken = try fixture.run("tasks", "check", "RetinaMNIST", "--root", "blood")
    #expect(mistaken.status == 1 && mistaken.output.contains("has the class 5, and the task names 5, numbered from 0."), "\(mistaken.output)")
  }
}
