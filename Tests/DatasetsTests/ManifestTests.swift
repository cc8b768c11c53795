import DatasetFixtures
import Foundation
import Foundations
import Loading
import Studies
import Testing

@testable import Datasets

@Suite("A manifest becomes three parts")
struct ManifestTests {
  /// Twelve images of six patients, two each.
  private func table(_ change: (inout [[String]]) -> Void = { _ in }) throws -> (data: TemporaryData, source: ManifestSource) {
    let data = try TemporaryData()
    var rows = [["path", "Effusion", "Nodule", "patient", "split"]]
    for number in 0..<12 {
      let part = ["train", "val", "test"][number / 2 % 3]
      rows.append(["images/\(number).png", "\(number % 2)", number == 3 ? "" : "1.0", "p\(number / 2)", part])
    }
    change(&rows)
    try data.touch((0..<12).map { "images/\($0).png" })
    try data.write(rows.map { $0.joined(separator: ",") + "\n" }.joined(), to: "labels.csv")
    let source = ManifestSource(
      file: data.path("labels.csv"), imageRoot: data.path, labelColumns: ["Nodule", "Effusion"], patientColumn: "patient",
      splitColumn: "split")
    return (data, source)
  }

  private func resolve(_ source: ManifestSource, kind: TaskKind = .multiLabelClassification) throws -> DatasetSplits {
    try DatasetResolver.resolve(.manifest(source), kind: kind)
  }

  private func failure(_ source: ManifestSource, kind: TaskKind = .multiLabelClassification) -> String {
    #expect(throws: DatasetsError.self) { try resolve(source, kind: kind) }.map(\.description) ?? ""
  }

  @Test("Labels come in the order of the study's columns, and nothing written means not known")
  func labels() throws {
    let (data, source) = try table()
    let splits = try resolve(source)
    #expect(splits.classNames == ["Nodule", "Effusion"])
    let byID = Dictionary(uniqueKeysWithValues: splits.all.map { ($0.id, $0) })
    #expect(byID["images/4.png"]?.labels == [1, 0])
    let unknown = try #require(byID["images/3.png"])
    #expect(unknown.labels[0].isNaN && unknown.labels[1] == 1)
    #expect(unknown.image == ImageReference(data.url.appendingPathComponent("images/3.png")))
    #expect(unknown.byteCount == "images/3.png".utf8.count)
    #expect(unknown.patient == "p1")
  }

  @Test("Numbers are read in their own unit, an empty cell is not known, and each of them, its column and its unit are in the fingerprint")
  func numbers() throws {
    func made(_ third: String = "-1", unit: String? = "months") throws -> DatasetSplits {
      let (data, manifest) = try table { rows in
        rows[0] += ["age"]
        for row in 1...12 { rows[row] += [row == 3 ? third : row == 5 ? "" : "\(Double(row) / 10)"] }
      }
      var source = manifest
      (source.labelColumns, source.numberColumns, source.unit) = ([], ["age"], unit)
      let splits = try resolve(source, kind: .regression)
      _ = data
      return splits
    }
    let splits = try made(), byID = Dictionary(uniqueKeysWithValues: splits.all.map { ($0.id, $0) })
    #expect(splits.classNames.isEmpty && splits.answerNames == ["age"] && splits.numbers == NamedNumbers(names: ["age"], unit: "months"))
    // −1 is a number like any other, and no label.
    #expect(byID["images/2.png"]?.numbers == [-1] && byID["images/2.png"]?.labels == [])
    #expect(byID["images/4.png"]?.numbers.first?.isNaN == true)
    // Of training images 0.1, 0.2, 0.7 and 0.8 are known.
    let scale = try #require(try splits.numberScale())
    #expect(abs(scale.means[0] - 0.45) < 1e-6 && abs(scale.standardDeviations[0] - (0.37 / 3).squareRoot()) < 1e-6)
    let prints = try [made(), made("-1.5"), made(""), made("0"), made(unit: "years"), made(unit: nil)].map(\.fingerprint)
    #expect(Set(prints).count == 6 && prints[0] == splits.fingerprint)
    let text = #expect(throws: DatasetsError.self) { try made("none") }.map(\.description) ?? ""
    #expect(text.contains("The column age of labels.csv has 1 cell that is no number; the first, in line 4, is “none”."), "\(text)")
    #expect(Sample(id: "a", image: ImageReference(URL(fileURLWithPath: "/a")), numbers: [.nan, 2], byteCount: 1).numbers.count == 2)
  }

  @Test("The split column decides where it is given")
  func splitColumn() throws {
    let (data, source) = try table()
    let splits = try resolve(source)
    _ = data
    #expect(splits.training.map(\.id) == ["images/0.png", "images/1.png", "images/6.png", "images/7.png"])
    #expect(splits.validation.map(\.patient) == ["p1", "p1", "p4", "p4"])
    #expect(splits.test.count == 4)
  }

  @Test("A list column becomes one label a name, others being absent")
  func listColumn() throws {
    let data = try TemporaryData()
    try data.touch((0..<6).map { "\($0).png" })
    let findings = ["Edema|Effusion", "No Finding", "Effusion", "Edema | Mass", "", "Mass"]
    let parts = ["train", "train", "val", "val", "test", "test"]
    let lines = (0..<6).map { "\($0).png,\(findings[$0]),\(parts[$0])" }
    try data.write("path,findings,split\n" + lines.joined(separator: "\n"), to: "t.csv")
    var source = ManifestSource(
      file: data.path("t.csv"), imageRoot: data.path, labelListColumn: "findings", labels: ["Effusion", "Edema"],
      splitColumn: "split")
    #expect(try resolve(source).all.map(\.labels) == [[1, 1], [0, 0], [1, 0], [0, 1], [0, 0], [0, 0]])
    source.labels = ["Effusion", "Edma"]
    #expect(failure(source) == "No row of t.csv lists “Edma” in its column “findings”. Did you mean “Edema”?")
  }

  @Test("Only rows whose image is there count when the study says so")
  func presentRows() throws {
    var (data, source) = try table()
    for number in [1, 5, 8, 9] { try FileManager.default.removeItem(atPath: data.path("images/\(number).png")) }
    #expect(
      failure(source)
        == "4 of 12 images are not in \(data.path): images/1.png, images/5.png, images/8.png and 1 more. Correct `imageRoot`, or set `rows: present` to keep only the rows whose image is there."
    )
    source.rows = .present
    #expect(try resolve(source).all.count == 8)
    source.imageRoot = data.path("images")
    #expect(
      failure(source)
        == "12 of 12 images are not in \(data.path)/images: images/0.png, images/1.png, images/2.png and 9 more. Correct `imageRoot` or `pathColumn`."
    )
  }

  @Test("Masks are counted whole before the first few are named")
  func missingMasks() throws {
    let data = try TemporaryData()
    try data.touch((0..<5).map { "i\($0).png" } + ["m0.png"])
    try data.write("path,mask\n" + (0..<5).map { "i\($0).png,m\($0).png\n" }.joined(), to: "t.csv")
    var source = ManifestSource(file: data.path("t.csv"), imageRoot: data.path, maskColumn: "mask")
    #expect(
      failure(source, kind: .binarySegmentation)
        == "4 of 5 images have no mask in \(data.path): i1.png, i2.png, i3.png and 1 more. Add the masks, or correct the folder, the column or the pairing."
    )
    try data.touch((1..<5).map { "m\($0).png" })
    let splits = try resolve(source, kind: .binarySegmentation)
    #expect(splits.all.allSatisfy { $0.mask?.files[0].lastPathComponent == $0.id.replacingOccurrences(of: "i", with: "m") })
    #expect(splits.all.allSatisfy { $0.labels.isEmpty && $0.byteCount == 12 } && splits.classNames.isEmpty)
    source.maskColumn = nil
    #expect(failure(source, kind: .binarySegmentation) == "Nothing says which column of t.csv holds the masks. Give `maskColumn`.")
  }

  @Test("A column of a second observer's masks: an empty cell was seen once, a mask that is not there is an error, and no fingerprint changes")
  func secondMasks() throws {
    let data = try TemporaryData()
    try data.touch((0..<5).map { "i\($0).png" } + (0..<5).map { "m\($0).png" } + ["s0.png"])
    try data.write("path,mask,second\n" + (0..<5).map { "i\($0).png,m\($0).png,\($0 < 2 ? "s\($0).png" : " ")\n" }.joined(), to: "t.csv")
    var source = ManifestSource(file: data.path("t.csv"), imageRoot: data.path, maskColumn: "mask")
    let alone = try resolve(source, kind: .binarySegmentation)
    source.secondMaskColumn = "second"
    #expect(
      failure(source, kind: .binarySegmentation)
        == "1 of 2 images has no mask of the second observer in \(data.path): i1.png. Add the masks, or correct the folder, the column or the pairing.")
    try data.touch(["s1.png"])
    let both = try resolve(source, kind: .binarySegmentation)
    let seen = both.all.filter { $0.secondMask != nil }
    #expect(Set(seen.map(\.id)) == ["i0.png", "i1.png"] && seen.allSatisfy { $0.secondMask?.files[0].lastPathComponent == $0.id.replacingOccurrences(of: "i", with: "s") })
    #expect(both.fingerprint == alone.fingerprint && alone.seenTwice.isEmpty)
    source.secondMaskColumn = "secnd"
    #expect(failure(source, kind: .binarySegmentation) == "The table t.csv has no column “secnd”. Did you mean “second”?")
  }

  @Test("A table that does not fit says what is wrong and what to do")
  func sentences() throws {
    var (data, source) = try table()
    source.labelColumns = ["Nodul"]
    #expect(failure(source) == "The table labels.csv has no column “Nodul”. Did you mean “Nodule”?")
    source.labelColumns = []
    #expect(
      failure(source)
        == "Nothing says which columns of labels.csv are labels. Give `labelColumns`, or `labelListColumn` with `labels`.")
    source.labelColumns = ["Nodule", "Effusion"]
    #expect(
      failure(source, kind: .binaryClassification)
        == "A binary classification has one label and labels.csv is read with 2. Name one label, or set `kind: multiLabelClassification`."
    )
    source.file = data.path("label.csv")
    #expect(
      failure(source)
        == "There is no table at \(data.path)/label.csv. Correct `file`; a path in a study is relative to the study's own file.")
    source.file = data.path("labels.csv")
    source.imageRoot = data.path("nowhere")
    #expect(
      failure(source)
        == "There is no folder at \(data.path)/nowhere. Correct `imageRoot`; a path in a study is relative to the study's own file."
    )
  }

  @Test("A cell that does not fit is named with its line")
  func cells() throws {
    var (data, source) = try table {
      $0[3][1] = "maybe"
      $0[5][2] = "-1"
    }
    _ = data
    #expect(
      failure(source)
        == "2 labels of labels.csv are not 0, 1 or empty; the first is “maybe” in column “Effusion” of line 4. Write 1 for present, 0 for absent and nothing for not known."
    )
    (data, source) = try table { $0[2][4] = "tst" }
    #expect(failure(source) == "Line 3 of labels.csv belongs to a part “tst”, which is none. Did you mean “test”?")
    (data, source) = try table { $0[2][3] = "" }
    #expect(
      failure(source)
        == "1 row of labels.csv names no patient, first line 3. Fill the column in, or leave `patientColumn` out if every image is of another patient."
    )
    (data, source) = try table { $0[2][0] = "images/5.png" }
    #expect(failure(source) == "1 image is in labels.csv more than once: images/5.png. Keep one row an image.")
  }

  @Test("A patient in two parts is an error that names the patient")
  func patientOverlap() throws {
    let (data, source) = try table {
      $0[2][4] = "test"
      $0[7][4] = "test"
    }
    _ = data
    #expect(
      failure(source)
        == "2 patients have images both in the training part and in the test part: p0 and p3. Move all images of a patient to one part, or correct how patients are recognized."
    )
  }

  @Test("A part without images is an error that tells whether it was given or carved")
  func emptyParts() throws {
    var (data, source) = try table { rows in rows = rows.map { $0[4] == "val" ? Array($0[..<4]) + ["test"] : $0 } }
    source.split.validation = 0.01
    #expect(
      failure(source)
        == "The validation part holds no image after it was carved from 4 images. Change its fraction under `split`, give it a source of its own, or add images of more patients."
    )
    (data, source) = try table { rows in rows = rows.map { $0[4] == "train" ? Array($0[..<4]) + ["test"] : $0 } }
    #expect(
      failure(source)
        == "The training part holds no image. Add images to it, or name another source for it."
    )
    _ = data
  }

  @Test("Kinds and sources that do not go together are told apart")
  func unsuitableSources() {
    let masks = MaskFolderSource(training: FolderPair(images: "a", masks: "b"))
    let failure = #expect(throws: DatasetsError.self) {
      try DatasetResolver.resolve(.maskFolders(masks), kind: .binaryClassification)
    }
    #expect(
      failure?.description
        == "A task of kind binaryClassification cannot be read from `maskFolders`. Use `manifest` or `classFolders`, or another kind."
    )
    #expect(throws: DatasetsError.self) {
      try DatasetResolver.resolve(
        .classFolders(ClassFolderSource(training: "a", positive: "b")), kind: .multiLabelClassification)
    }
  }
}
