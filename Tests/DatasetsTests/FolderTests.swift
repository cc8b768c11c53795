import DatasetFixtures
import Foundation
import Foundations
import Studies
import Testing

@testable import Datasets
@testable import Phantoms

@Suite("Folders become three parts")
struct FolderTests {
  private func failure(_ source: DataSource, _ kind: TaskKind) -> String {
    #expect(throws: DatasetsError.self) { try DatasetResolver.resolve(source, kind: kind) }.map(\.description) ?? ""
  }

  // MARK: Masks

  @Test("Images find their masks by equal stems whatever the extensions, hidden files aside")
  func sameStem() throws {
    let data = try TemporaryData()
    try data.touch(["i/a.png", "i/b.jpeg", "i/c.d.tif", "i/.DS_Store", "i/notes.txt", "i/._a.png"])
    try data.touch(["m/a.gif", "m/b.png", "m/c.d.png", "m/extra.png"])
    var source = MaskFolderSource(training: FolderPair(images: data.path("i"), masks: data.path("m")))
    source.split = SplitRule(validation: 0.34, test: 0.34)
    let splits = try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation)
    let pairs = Dictionary(uniqueKeysWithValues: splits.all.map { ($0.id, $0.mask?.files[0].lastPathComponent) })
    #expect(pairs == ["training/a.png": "a.gif", "training/b.jpeg": "b.png", "training/c.d.tif": "c.d.png"])
  }

  @Test("Images find their masks by the text before the first underscore, part by part")
  func upToUnderscore() throws {
    let data = try TemporaryData()
    let numbers = (1...4).map { "0\($0)" }
    try data.touch(numbers.flatMap { ["train/i/\($0)_training.tif", "train/m/\($0)_manual1.gif"] })
    try data.touch(numbers.flatMap { ["test/i/\($0)_test.tif", "test/m/\($0)_manual1.gif"] })
    let source = MaskFolderSource(
      training: FolderPair(images: data.path("train/i"), masks: data.path("train/m")),
      test: FolderPair(images: data.path("test/i"), masks: data.path("test/m")), pairing: .upToUnderscore)
    let splits = try DatasetResolver.resolve(.maskFolders(source), kind: .binarySegmentation)
    #expect(splits.test.map(\.id) == numbers.map { "test/\($0)_test.tif" })
    #expect(splits.test.map(\.mask?.files) == numbers.map { [data.url.appendingPathComponent("test/m/\($0)_manual1.gif")] })
    #expect(splits.training.count == 3 && splits.validation.count == 1)
    var wrong = source
    wrong.pairing = .sameStem
    #expect(
      failure(.maskFolders(wrong), .binarySegmentation)
        == "4 of 4 images have no mask in \(data.path)/train/m: 01_training.tif, 02_training.tif, 03_training.tif and 1 more. Add the masks, or correct the folder, the column or the pairing."
    )
    wrong = source
    wrong.test = source.training
    #expect(
      failure(.maskFolders(wrong), .binarySegmentation)
        == "The training part and the test part are the same folder, \(data.path)/train/i. Give each part its own folder, or leave one out to have it carved from the training images."
    )
  }

  @Test("Two masks for one image, or two images for one mask, are not chosen between")
  func ambiguity() throws {
    let data = try TemporaryData()
    try data.touch(["i/1_x.png", "i/2_x.png", "m/1_a.png", "m/1_b.png", "m/2_a.png", "n/1_a.png", "n/2_a.png"])
    var source = MaskFolderSource(
      training: FolderPair(images: data.path("i"), masks: data.path("m")), pairing: .upToUnderscore)
    #expect(
      failure(.maskFolders(source), .binarySegmentation)
        == "Both 1_a.png and 1_b.png could be the mask of “1”. Keep one of them in the folder, or choose the other `pairing`.")
    source.training.masks = [data.path("n")]
    try data.touch(["i/2_y.png"])
    #expect(
      failure(.maskFolders(source), .binarySegmentation)
        == "Both 2_x.png and 2_y.png would take the mask of “2”. Keep one of them in the folder, or choose the other `pairing`.")
  }

  @Test("A folder without images lists what would be one")
  func noImages() throws {
    let data = try TemporaryData()
    try data.touch(["i/readme.md", "m/1.png"])
    let source = MaskFolderSource(training: FolderPair(images: data.path("i"), masks: data.path("m")))
    let sentence = failure(.maskFolders(source), .binarySegmentation)
    #expect(sentence.hasPrefix("The folder \(data.path)/i holds no image. Point to a folder with files that end in one of: "))
    #expect(sentence.contains("png") && sentence.contains("tif"))
  }

  @Test("A folder that vanishes while it is read is told")
  func vanishedFolder() throws {
    let data = try TemporaryData()
    try data.touch(["i/1.png"])
    let folder = try SourceFolder(data.path("i"), key: "training")
    try FileManager.default.removeItem(atPath: data.path("i"))
    let failure = #expect(throws: FoundationsError.self) { try folder.images() }
    #expect(
      failure?.description
        == "The folder \(data.path)/i cannot be listed: No such file or directory. Check that it is a folder and that you may read it.")
  }

  // MARK: Classes

  private static let pattern = #"(person\d+_(?:bacteria|virus)|(?:NORMAL2-)?IM-\d+)"#

  private func xrays() throws -> (data: TemporaryData, source: ClassFolderSource) {
    let data = try TemporaryData()
    for number in 0..<20 {
      try data.touch(["train/NORMAL/IM-\(number)-0001.jpeg", "train/NORMAL/NORMAL2-IM-\(number)-0001.jpeg"])
      try data.touch((0..<3).map { "train/PNEUMONIA/person\(number)_virus_\($0).jpeg" })
    }
    try data.touch(["test/NORMAL/IM-0100-0001.jpeg", "test/PNEUMONIA/person0_bacteria_9.jpeg", "test/.DS_Store", "train/.DS_Store"])
    let source = ClassFolderSource(
      training: data.path("train"), test: data.path("test"), positive: "PNEUMONIA", patientPattern: Self.pattern)
    return (data, source)
  }

  @Test("Subfolders become labels, and validation is carved by patient and stratified by label")
  func classFolders() throws {
    let (data, source) = try xrays()
    _ = data
    let splits = try DatasetResolver.resolve(.classFolders(source), kind: .binaryClassification)
    #expect(splits.classNames == ["PNEUMONIA"])
    #expect(splits.test.map(\.id) == ["test/NORMAL/IM-0100-0001.jpeg", "test/PNEUMONIA/person0_bacteria_9.jpeg"])
    #expect(splits.test.map(\.labels) == [[0], [1]])
    #expect(splits.test.map(\.patient) == ["IM-0100", "person0_bacteria"])
    #expect(splits.training.count + splits.validation.count == 100)
    // 15 % of 40 normal and of 60 others in groups of three.
    #expect(splits.validation.filter { $0.labels == [0] }.count == 6)
    #expect(splits.validation.filter { $0.labels == [1] }.count == 9)
  }

  @Test("Of one of several classes, every subfolder is a class in the order that is given, else in that of the names")
  func severalClasses() throws {
    let data = try TemporaryData()
    for name in ["Normal", "COVID", "Viral Pneumonia"] {
      try data.touch((0..<10).map { "root/\(name)/images/\(name)-\($0).png" } + ["root/\(name)/masks/\(name)-0.png", "root/\(name).metadata.xlsx"])
    }
    var source = ClassFolderSource(training: data.path("root"), imageFolder: "images")
    let all = try DatasetResolver.resolve(.classFolders(source), kind: .multiclassClassification)
    #expect(all.classNames == ["COVID", "Normal", "Viral Pneumonia"] && all.all.count == 30)
    source.classes = ["Viral Pneumonia", "COVID"]
    let two = try DatasetResolver.resolve(.classFolders(source), kind: .multiclassClassification)
    #expect(two.classNames == source.classes && two.all.count == 20, "a subfolder that is no class is left out")
    for sample in two.all { #expect(sample.labels == (sample.id.contains("/COVID/") ? [0, 1] : [1, 0])) }
    #expect(two.all.allSatisfy { FileManager.default.fileExists(atPath: $0.image.files[0].path) })
    source.classes = ["Covid", "Normal"]
    #expect(
      failure(.classFolders(source), .multiclassClassification)
        == "The folder \(data.path)/root has no subfolder “Covid”. Did you mean “COVID”?")
    #expect(
      failure(.classFolders(ClassFolderSource(training: data.path("root/COVID/images"))), .multiclassClassification)
        == "The folder \(data.path)/root/COVID/images has no subfolder. Give a folder with one subfolder a class.")
  }

  @Test("Patterns that are none, have no group, or miss file names are told")
  func patterns() throws {
    var (data, source) = try xrays()
    source.patientPattern = #"person(\d+)_"#
    #expect(
      failure(.classFolders(source), .binaryClassification)
        == #"40 of 40 file names do not match “person(\d+)_”: IM-0-0001.jpeg, IM-1-0001.jpeg, IM-10-0001.jpeg and 37 more. Extend `patientPattern`, for example with an alternative after a vertical bar."#
    )
    source.patientPattern = #"person\d+_|IM"#
    #expect(
      failure(.classFolders(source), .binaryClassification)
        == #"The pattern “person\d+_|IM” has no group. Put the part of `patientPattern` that is the patient in parentheses, as in person(\d+)_."#
    )
    source.patientPattern = "(person"
    #expect(
      failure(.classFolders(source), .binaryClassification)
        == #"The pattern “(person” is not a regular expression. Correct `patientPattern`; its first group is the patient, as in person(\d+)_."#
    )
    source.patientPattern = #"person(\d+)_|IM-(\d+)"#
    #expect(
      failure(.classFolders(source), .binaryClassification)
        == "1 patient has images both in the training part and in the test part: 0. Move all images of a patient to one part, or correct how patients are recognized."
    )
    _ = data
  }

  @Test("A class folder that is not there is named, with the nearest")
  func missingClasses() throws {
    var (data, source) = try xrays()
    source.positive = "PNEUMONA"
    #expect(
      failure(.classFolders(source), .binaryClassification)
        == "The folder \(data.path)/train has no subfolder “PNEUMONA”. Did you mean “PNEUMONIA”?")
    source.positive = "PNEUMONIA"
    try FileManager.default.removeItem(atPath: data.path("test/NORMAL"))
    #expect(
      failure(.classFolders(source), .binaryClassification)
        == "The folder \(data.path)/test has no subfolder besides “PNEUMONIA”. Add a subfolder with the images that are labeled 0."
    )
    source.test = data.path("tests")
    #expect(
      failure(.classFolders(source), .binaryClassification)
        == "There is no folder at \(data.path)/tests. Correct `test`; a path in a study is relative to the study's own file.")
  }

  @Test("Moving the data changes neither the split nor the fingerprint, and files made in another order do not either")
  func location() throws {
    let (first, source) = try xrays()
    let expected = try DatasetResolver.resolve(.classFolders(source), kind: .binaryClassification)
    let second = try TemporaryData()
    // The same files written backward: a directory lists them in another order.
    for sample in expected.all.reversed() {
      let relative = String(sample.image.files[0].path.dropFirst(first.path.count + 1))
      try second.write(relative, to: relative)
    }
    let moved = ClassFolderSource(
      training: second.path("train"), test: second.path("test"), positive: "PNEUMONIA", patientPattern: Self.pattern)
    let splits = try DatasetResolver.resolve(.classFolders(moved), kind: .binaryClassification)
    #expect(splits.fingerprint == expected.fingerprint)
    #expect(splits.all.map(\.id) == expected.all.map(\.id))
    #expect(splits.all.map(\.image) != expected.all.map(\.image))
  }
}
