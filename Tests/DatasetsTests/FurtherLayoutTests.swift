import DatasetFixtures
import Foundation
import Foundations
import FuzzHarness
import Imaging
import Studies
import Testing

@testable import Datasets

@Suite("Further layouts")
struct FurtherLayoutTests {
  private func gray(_ values: [UInt8], width: Int, to url: URL) throws {
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try ImageFile.writePNG(PixelBuffer(width: width, height: values.count / width, channels: 1, bitDepth: 8, samples: .bytes(values)), to: url)
  }

  // MARK: A folder an image

  /// Ten cases of a picture of 4 × 2 pixels; the first case has two masks, the second none.
  private func cases() throws -> TemporaryData {
    let data = try TemporaryData()
    for number in 0..<10 {
      try gray((0..<8).map { UInt8($0 * 30) }, width: 4, to: data.url.appendingPathComponent("c\(number)/images/c\(number).png"))
      if number == 1 { continue }
      for mask in 0..<(number == 0 ? 2 : 1) {
        try gray((0..<8).map { $0 == mask ? 255 : 0 }, width: 4, to: data.url.appendingPathComponent("c\(number)/masks/m\(mask).png"))
      }
    }
    return data
  }

  @Test("Each subfolder is an image whose masks are united; a case without masks holds no object")
  func caseFolders() throws {
    let data = try cases()
    let splits = try DatasetResolver.resolve(.caseFolders(CaseFolderSource(training: data.path, patientPattern: "^(c[0-9])")), kind: .binarySegmentation)
    #expect(splits.all.count == 10 && splits.carvedParts == [.validation, .test])
    func sample(_ name: String) throws -> Sample { try #require(splits.all.first { $0.id == "training/\(name)/images/\(name).png" }) }
    func mask(_ name: String) throws -> [UInt8] { try #require(try sample(name).mask).read(for: try sample(name).image.read(), of: name).values }
    #expect(try mask("c0") == [1, 1, 0, 0, 0, 0, 0, 0])
    #expect(try mask("c1") == [0, 0, 0, 0, 0, 0, 0, 0])
    #expect(try mask("c2") == [1, 0, 0, 0, 0, 0, 0, 0])
    #expect(try sample("c3").patient == "c3")
    try gray([0, 0], width: 2, to: data.url.appendingPathComponent("c4/images/second.png"))
    let error = #expect(throws: DatasetsError.self) { try DatasetResolver.resolve(.caseFolders(CaseFolderSource(training: data.path)), kind: .binarySegmentation) }
    #expect(error?.problem == "The subfolder c4 of \(data.path) holds 2 pictures where it has its image: c4.png and second.png.")
    #expect(throws: DatasetsError.self) { try DatasetResolver.resolve(.caseFolders(CaseFolderSource(training: data.path)), kind: .binaryClassification) }
  }

  // MARK: Archives

  private func array(_ type: String, _ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape.map { "\($0)," }.joined(separator: " "))), }"
    let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8) + bytes
  }

  private func archive(_ data: TemporaryData, label: String = "label", height: Int = 2) throws {
    var members: [(name: String, data: [UInt8])] = []
    for (name, count) in [("train", 4), ("val", 2), ("test", 2)] {
      let pixels: [UInt8] = (0..<count * 18).map { UInt8($0 % 251) }, numbers: [UInt8] = (0..<count * height * 3).map { UInt8($0 % 3) }
      members.append((name: name + "_images.npy", data: array("|u1", [count, 2, 3, 3], pixels)))
      members.append((name: name + "_" + label + ".npy", data: array("|u1", [count, height, 3], numbers)))
    }
    try Data(StoredArchives.zip(members, isDeflated: false)).write(to: data.url.appendingPathComponent("a.npz"))
  }

  @Test("MedSegBench's archives are images with label maps: all but 0 is object, or the numbers that are named")
  func labelMaps() throws {
    let data = try TemporaryData()
    try archive(data)
    func masks(_ objects: [Int]?) throws -> [UInt8] {
      let source = ArraySource(file: data.path("a.npz"), classes: [], objects: objects)
      let splits = try DatasetResolver.resolve(.arrays(source), kind: .binarySegmentation)
      let ids: [String] = (0..<4).map { "train_images/00000\($0)" }
      #expect(splits.training.map(\.id) == ids && splits.carvedParts.isEmpty)
      let sample = splits.training[1]
      return try #require(sample.mask).read(for: sample.image.read(), of: sample.id).values
    }
    #expect(try masks(nil) == [0, 1, 1, 0, 1, 1])
    #expect(try masks([2]) == [0, 0, 1, 0, 0, 1])
    try archive(data, height: 1)
    #expect(throws: DatasetsError.self) { try masks(nil) }
  }

  /// `images/000007.tiff`.
  private func numbered(_ number: Int) -> String {
    let digits = "\(number)"
    return "images/" + String(repeating: "0", count: 6 - digits.count) + digits + ".tiff"
  }

  private func medIMeta(labels: [UInt8], shape: [Int]) throws -> TemporaryData {
    let data = try TemporaryData()
    try data.touch((0..<12).map(numbered))
    try FileManager.default.createDirectory(at: data.url.appendingPathComponent("task_labels"), withIntermediateDirectories: true)
    try Data(array("|u1", shape, labels)).write(to: data.url.appendingPathComponent("task_labels/disease.npy"))
    func list(_ numbers: Range<Int>) -> String { numbers.map { numbered($0) + "\n" }.joined() }
    for (name, numbers) in [("train", 0..<6), ("val", 6..<8), ("test", 8..<11)] { try data.write(list(numbers), to: "splits/\(name).txt") }
    return data
  }

  @Test("A task of MedIMeta has its labels by number and its parts by lists; what no list names is left out")
  func medIMeta() throws {
    let binary = try medIMeta(labels: (0..<12).map { UInt8($0 % 2) }, shape: [12])
    let splits = try DatasetResolver.resolve(.medIMeta(MedIMetaSource(folder: binary.path, task: "disease", classes: ["pneumonia"])), kind: .binaryClassification)
    #expect(splits.training.count == 6 && splits.validation.count == 2 && splits.test.count == 3)
    let labels: [[Float]] = [[0], [1], [0], [1], [0], [1]]
    #expect(splits.training.map(\.labels) == labels && splits.training[5].id == "images/000005.tiff")
    let many = try medIMeta(labels: (0..<12).map { UInt8($0 % 3) }, shape: [12])
    let classes = try DatasetResolver.resolve(.medIMeta(MedIMetaSource(folder: many.path, task: "disease", classes: ["a", "b", "c"])), kind: .multiclassClassification)
    let first: [[Float]] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    #expect(Array(classes.training.map(\.labels).prefix(3)) == first)
    let error = #expect(throws: DatasetsError.self) {
      try DatasetResolver.resolve(.medIMeta(MedIMetaSource(folder: binary.path, task: "diseases", classes: ["p"])), kind: .binaryClassification)
    }
    #expect(error?.remedy.contains("disease") == true)
    let unlisted = #expect(throws: DatasetsError.self) {
      try DatasetResolver.resolve(.medIMeta(MedIMetaSource(folder: binary.path, task: "disease", classes: ["p"], lists: .originalSplits)), kind: .binaryClassification)
    }
    #expect(unlisted?.problem == "There is no list of a part at \(binary.path)/original_splits/train.txt.")
    #expect(unlisted?.remedy == "Set `lists: splits`, which are in splits, or unpack the data set whole.")
    // A label that is not known is no third class.
    let unknown = try medIMeta(labels: (0..<12).map { $0 == 4 ? 255 : UInt8($0 % 2) }, shape: [12])
    let typed = Data(array("|i1", [12], (0..<12).map { $0 == 4 ? 255 : UInt8($0 % 2) }))
    try typed.write(to: unknown.url.appendingPathComponent("task_labels/disease.npy"))
    let neither = #expect(throws: DatasetsError.self) {
      try DatasetResolver.resolve(.medIMeta(MedIMetaSource(folder: unknown.path, task: "disease", classes: ["p"])), kind: .binaryClassification)
    }
    #expect(
      neither?.problem == "1 of 12 labels in the array “array” of \(unknown.path)/task_labels/disease.npy is neither 0 nor 1, such as -1.", "\(neither?.problem ?? "")")
    try FileManager.default.removeItem(at: binary.url.appendingPathComponent("images/000003.tiff"))
    #expect(throws: DatasetsError.self) {
      try DatasetResolver.resolve(.medIMeta(MedIMetaSource(folder: binary.path, task: "disease", classes: ["p"])), kind: .binaryClassification)
    }
  }

  // MARK: Patients from a table

  @Test("A table of patients names images by id, name or stem, keeps a patient in one part, and has to name every image")
  func patientTable() throws {
    let data = try TemporaryData()
    for name in ["A", "B"] { try data.touch((0..<20).map { "img/\(name)/\(name)\($0).png" }) }
    let source = DataSource.classFolders(ClassFolderSource(training: data.path("img"), positive: "B"))
    // Images of one number are one patient's.
    let rows = (0..<20).flatMap { ["A\($0).png;p\($0)", "B\($0);p\($0)"] }
    try data.write((["image;patient"] + rows + ["unknown.png;p1"]).joined(separator: "\n"), to: "patients.csv")
    func resolve() throws -> DatasetSplits {
      try DatasetResolver.resolve(source, kind: .binaryClassification, patients: PatientTable(file: data.path("patients.csv")))
    }
    let splits = try resolve()
    let expected = splits.all.map { sample -> String in
      let name = (sample.id as NSString).lastPathComponent
      return "p" + name.dropFirst().dropLast(4)
    }
    #expect(splits.all.map(\.patient) == expected)
    try data.write((["image;patient"] + rows.dropLast()).joined(separator: "\n"), to: "patients.csv")
    let missing = #expect(throws: DatasetsError.self) { try resolve() }
    #expect(missing?.problem == "1 of 40 images has no row in patients.csv: training/B/B19.png.")
    try data.write((["image;patient"] + rows + ["training/A/A0.png;p7"]).joined(separator: "\n"), to: "patients.csv")
    let differing = #expect(throws: DatasetsError.self) { try resolve() }
    #expect(differing?.problem == "The rows of 1 image in patients.csv name different patients: training/A/A0.png.")
  }

  @Test("COCO with rows: present keeps the images that are there")
  func coco() throws {
    let data = try TemporaryData()
    try data.touch((0..<8).map { "img/\($0).png" })
    let images = (0..<10).map { #"{"id":\#($0),"file_name":"\#($0).png","width":4,"height":2}"# }.joined(separator: ",")
    let objects = (0..<10).map { #"{"id":\#($0),"image_id":\#($0),"category_id":\#($0 % 2),"bbox":[0,0,2,1]}"# }.joined(separator: ",")
    try data.write(#"{"images":[\#(images)],"categories":[{"id":0,"name":"a"},{"id":1,"name":"b"}],"annotations":[\#(objects)]}"#, to: "a.json")
    func resolve(_ rows: ManifestSource.Rows?) throws -> DatasetSplits {
      let part = COCOSource.Part(annotations: data.path("a.json"), images: data.path("img"))
      return try DatasetResolver.resolve(.coco(COCOSource(training: part, categories: ["a"], shape: .box, rows: rows)), kind: .binaryClassification)
    }
    #expect(try resolve(.present).all.count == 8)
    let error = #expect(throws: DatasetsError.self) { try resolve(nil) }
    #expect(
      error?.description == "2 of 10 images are not in \(data.path("img")): 8.png and 9.png. Correct `images`, or set `rows: present` to keep only the images that are there.")
  }
}
