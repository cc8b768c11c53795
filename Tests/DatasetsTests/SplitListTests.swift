import DatasetFixtures
import Foundation
import Foundations
import Studies
import Testing

@testable import Datasets

@Suite("Lists say which image is in which part")
struct SplitListTests {
  /// A small DXC14: 36 images of 12 patients, the last two of them in the test list.
  private func chest(_ change: (TemporaryData) throws -> Void = { _ in }) throws -> (data: TemporaryData, task: TaskSpecification) {
    let data = try TemporaryData(), task = try BuiltInTaskCatalog.named("DXC14")
    let names = (0..<36).map { "000000\($0 / 3 + 10)_00\($0 % 3).png" }
    try data.touch(names.enumerated().map { "images_0\($0 < 18 ? "01" : "12")/images/\($1)" })
    let rows = names.enumerated().map { "\($1),\(task.classNames[$0 % 14])|\(task.classNames[($0 + 1) % 14]),\($0 / 3 + 10)\n" }
    try data.write("Image Index,Finding Labels,Patient ID\n" + rows.joined(), to: "Data_Entry_2017_v2020.csv")
    try data.write(names.prefix(30).joined(separator: "\n"), to: "train_val_list.txt")
    try data.write(names.suffix(6).joined(separator: "\r\n") + "\r\n", to: "test_list.txt")
    try change(data)
    return (data, task.specification(root: data.path))
  }

  private func resolve(_ task: TaskSpecification) throws -> DatasetSplits {
    try DatasetResolver.resolve(task.data, kind: task.kind)
  }

  private func failure(_ task: TaskSpecification) -> String {
    #expect(throws: DatasetsError.self) { try resolve(task) }.map(\.description) ?? ""
  }

  @Test("The official lists are kept, and validation patients are carved from the training list")
  func official() throws {
    let (data, task) = try chest()
    let splits = try resolve(task)
    #expect(splits.test.count == 6 && Set(splits.test.compactMap(\.patient)) == ["00000020", "00000021"])
    #expect(splits.validation.count == 3 && splits.training.count == 27)
    #expect(try resolve(task) == splits)
    // Twelve folders or one: the same data.
    for folder in ["images_001/images", "images_012/images"] {
      for name in try FileManager.default.contentsOfDirectory(atPath: data.path(folder)) {
        let text = try String(contentsOfFile: data.path("\(folder)/\(name)"), encoding: .utf8)
        try data.write(text, to: "images/\(name)")
      }
      try FileManager.default.removeItem(atPath: data.path(folder))
    }
    #expect(try resolve(task).fingerprint == splits.fingerprint)
  }

  @Test("A list of validation patients takes their training images, and the lists of 2021 stand above both")
  func precedence() throws {
    let (data, task) = try chest { try $0.write("00000012\n00000013\n", to: "validation_patients_2021.txt") }
    #expect(Set(try resolve(task).validation.compactMap(\.patient)) == ["00000012", "00000013"])
    let names = (0..<36).map { "000000\($0 / 3 + 10)_00\($0 % 3).png" }
    for (file, range) in [("train", 0..<24), ("val", 24..<30), ("test", 30..<36)] {
      try data.write(names[range].map { "\($0) 0 1 0\n" }.joined(), to: "Xray14_\(file)_official.txt")
    }
    let splits = try resolve(task)
    #expect(splits.training.count == 24 && splits.validation.count == 6 && splits.test.count == 6)
    #expect(splits.validation.first?.id == "00000018_000.png")
  }

  @Test("Lists that are missing, that repeat an image or leave one out are told with what to do")
  func mistakes() throws {
    let missing = try chest { try FileManager.default.removeItem(atPath: $0.path("test_list.txt")) }
    #expect(failure(missing.task).hasPrefix("The lists that divide the images into parts are not there. Put Xray14_train_official.txt,"))
    let twice = try chest { try $0.write("00000010_000.png\n00000020_000.png\n", to: "test_list.txt") }
    #expect(
      failure(twice.task)
        == "1 image is more than once in train_val_list.txt and test_list.txt: 00000010_000.png. Keep each image in one list, once.")
    let left = try chest { try $0.write("00000020_000.png\n", to: "test_list.txt") }
    #expect(
      failure(left.task)
        == "5 of 36 images are in none of train_val_list.txt and test_list.txt: 00000020_001.png, 00000020_002.png, 00000021_000.png and 2 more. Give the lists that belong to these images."
    )
    let overlap = try chest {
      let names = (0..<36).map { "000000\($0 / 3 + 10)_00\($0 % 3).png" }
      try $0.write(names.prefix(31).joined(separator: "\n"), to: "train_val_list.txt")
      try $0.write(names.suffix(5).joined(separator: "\n"), to: "test_list.txt")
    }
    #expect(
      failure(overlap.task).hasPrefix("1 patient has images both in the training part and in the test part: 00000020."))
  }

  @Test("A label in a file's name is read, and its split is carved in the published proportions or by the lists")
  func shenzhen() throws {
    let data = try TemporaryData(), task = try BuiltInTaskCatalog.named("TXC").specification(root: data.path)
    // 326 normal images and 336 with tuberculosis, as the set has them.
    let names = (1...662).map { "CHNCXR_0\($0 < 10 ? "00" : $0 < 100 ? "0" : "")\($0)_\($0 <= 326 ? 0 : 1).png" }
    try data.touch(names.map { "CXR_png/\($0)" })
    let carved = try resolve(task)
    #expect([carved.training, carved.validation, carved.test].map(\.count) == [463, 65, 134])
    #expect(carved.all.count { $0.labels == [1] } == 336)
    for (file, range) in [("train", 0..<463), ("valid", 463..<528), ("test", 528..<662)] {
      try data.write(names[range].map { "\($0),\($0.hasSuffix("1.png") ? 1 : 0)\n" }.joined(), to: "ShenzenCXR_\(file)_data.txt")
    }
    let listed = try resolve(task)
    #expect(listed.validation.map(\.id) == names[463..<528].sorted())
    try FileManager.default.removeItem(atPath: data.path("CXR_png/\(names[0])"))
    #expect(
      failure(task).hasPrefix(
        "1 of 662 images of ShenzenCXR_train_data.txt, ShenzenCXR_valid_data.txt and ShenzenCXR_test_data.txt is not there: CHNCXR_0001_0.png."))
    try data.touch(["CXR_png/other.png"])
    #expect(failure(task).hasPrefix("1 of 662 file names does not match “^CHNCXR_\\d+_([01])[.]png$”: other.png."))
  }
}

@Suite("The published splits come out of the published files", .realImages)
struct PublishedSplitTests {
  @Test("The official lists and the validation patients of 2021 give the 2021 split, class by class", .tags(.data))
  func chestXray14() throws {
    let folder = RealData.path("chestxray14-1000"), builtIn = try BuiltInTaskCatalog.named("DXC14")
    guard let source = builtIn.data.rooted(at: folder).as(ManifestSource.self) else { throw CancellationError() }
    // Only 1,000 images are there, so rows stand for images.
    let table = try ManifestTable(file: folder + "/Data_Entry_2017_v2020.csv.gz", part: nil, source: source, kind: builtIn.kind)
    let found = table.rows.map { ManifestTable.Found(row: $0, root: "/none", byteCount: 1) }
    let samples = try table.samples(found, root: SourceFolder(folder, key: "imageRoot")).map(\.sample)
    let listed = try #require(try source.splitLists.flatMap { try SplitListReader(lists: $0).read() })
    let parts = try listed.divide(samples)
    try DatasetSplits.checkPatients(parts)
    let order: [DatasetPart] = [.training, .validation, .test]
    #expect(order.map { parts[$0, default: []].count } == [75_312, 11_212, 25_596])
    #expect(order.map { Set(parts[$0, default: []].compactMap(\.patient)).count } == [24_342, 3666, 2797])
    // Wang et al. 2017 and the lists of the 2021 benchmark: positives in training, validation and test.
    let positives = [
      [7205, 1075, 3279], [1501, 206, 1069], [7649, 1010, 4658], [12036, 1746, 6112], [3574, 460, 1748], [4060, 648, 1623], [770, 106, 555],
      [2244, 393, 2665], [2480, 372, 1815], [1210, 168, 925], [1250, 173, 1093], [1083, 168, 435], [1927, 315, 1143], [126, 15, 86],
    ]
    for (index, counts) in positives.enumerated() {
      #expect(order.map { parts[$0, default: []].count { $0.labels[index] == 1 } } == counts, "\(source.labels[index])")
      #expect(counts.reduce(0, +) == builtIn.positives[source.labels[index]])
    }
    #expect(order.map { parts[$0, default: []].count { !$0.labels.contains(1) } } == [43_886, 6614, 9861])
  }

  @Test("The rule that carves validation patients keeps 13 % of the training list, whatever the lists of 2021 keep", .tags(.data))
  func carved() throws {
    let folder = RealData.path("chestxray14-1000")
    let names = try String(contentsOfFile: folder + "/train_val_list.txt", encoding: .utf8).split(separator: "\n").map(String.init)
    let samples = names.map { Sample(id: $0, image: ImageReference(URL(fileURLWithPath: "/" + $0)), labels: [], patient: String($0.prefix(8)), byteCount: 1) }
    let (parts, _) = SplitCarving(rule: SplitRule(validation: 0.13)).complete([.training: samples, .test: []])
    #expect(abs(parts[.validation, default: []].count - 11_248) < 50)
    try DatasetSplits.checkPatients(parts)
  }

  @Test("The 2021 lists of Shenzhen are whole: 463, 65 and 134 images, 336 with tuberculosis", .tags(.data))
  func shenzhen() throws {
    guard let source = try BuiltInTaskCatalog.named("TXC").data.rooted(at: RealData.path("labels")).as(NamedImageSource.self) else { throw CancellationError() }
    let listed = try #require(try source.splitLists.flatMap { try SplitListReader(lists: $0).read() })
    let order: [DatasetPart] = [.training, .validation, .test]
    #expect(order.map { part in listed.parts.values.count { $0 == part } } == [463, 65, 134])
    let labels = try PatientPattern(source.labelPattern).groups(of: listed.parts.keys.sorted())
    #expect(labels.count { $0 == "1" } == 336 && labels.count { $0 == nil } == 0)
    #expect(order.map { part in listed.parts.count { $0.value == part && $0.key.hasSuffix("_1.png") } } == [235, 33, 68])
  }
}
