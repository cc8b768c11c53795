import Foundation
import Foundations
import Imaging
import PublishedCopies
import Testing

/// Copies of published data sets with their exact folders, names, encodings and depths, of a few small images each, run through
/// the command. Objects are columns of known width, so that the pixels of every test mask can be told beforehand.
@Suite("Segmentation tasks run from the files that their publishers give")
struct MaskTaskTests {
  private static let side = 64

  /// A row of predictions: what is object, and all that counts, at 32 × 32.
  private struct Truth: Hashable {
    let object: Int
    let counted: Int
  }

  private func truths(_ fixture: StudyFixture, task: String) throws -> [String: Truth] {
    let run = try #require(try fixture.runs().first { $0.hasPrefix(task + "/") })
    let table = try CSV.parse(fixture.text("runs/\(run)/predictions.csv"))
    let columns = try ["truePositives", "falsePositives", "falseNegatives", "trueNegatives"].map { try #require(table.header.firstIndex(of: $0)) }
    return Dictionary(
      uniqueKeysWithValues: try table.rows.map { row in
        let counts = try columns.map { try #require(Int(row[$0])) }
        return (row[0], Truth(object: counts[0] + counts[2], counted: counts.reduce(0, +)))
      })
  }

  private func run(_ fixture: StudyFixture, tasks: [String]) throws {
    try fixture.write(
      """
      device: cpu
      threads: 1
      seeds: 1
      recipe: {architecture: resnet18, inputSize: 32, batchSize: 2, evaluationBatchSize: 4, epochs: 1, maximumSteps: 1}
      initializations: {random: random}
      tasks:
      \(tasks.map { "  " + $0 }.joined(separator: "\n"))

      """, to: "study.yaml")
    let result = try fixture.run("run", "study.yaml")
    #expect(result.status == 0, "\(result.output)\(result.errors)")
  }

  private func gray(_ x: Int, _ y: Int) -> Int { (x * 3 + y * 5) % 250 }

  @Test("Montgomery (16-bit PNG, left and right masks) and BUSI (numbered masks beside the images)")
  func united() throws {
    let fixture = try StudyFixture(), side = Self.side
    try TaskCopies.montgomery(in: fixture.url("lxs"), sizes: [[side, side]])
    try TaskCopies.busi(in: fixture.url("busi"))
    try run(fixture, tasks: ["LXS: {builtIn: LXS, root: lxs}", "BUSI: {builtIn: BUSI, root: busi}"])
    let lungs = try truths(fixture, task: "LXS"), lesions = try truths(fixture, task: "BUSI")
    #expect(lungs.count == 2 && Set(lungs.values) == [Truth(object: 512, counted: 1024)])
    #expect(lesions.count == 3)
    for (id, truth) in lesions {
      #expect(truth.object == (id.contains("benign") ? 384 : id.contains("malignant") ? 256 : 0), "\(id)")
    }
  }

  @Test("DRIVE (TIFF, GIF) on the whole image, within the field of view, and against the second observer")
  func drive() throws {
    let fixture = try StudyFixture()
    try TaskCopies.drive(in: fixture.url("drive"), width: Self.side, height: Self.side)
    try run(
      fixture,
      tasks: [
        "VFS: {builtIn: VFS, root: drive}", "field: {builtIn: VFS, root: drive, data: {maskFolders: {evaluatedRegion: fieldOfView}}}",
        "second: {builtIn: VFS, root: drive, data: {maskFolders: {test: {masks: test/2nd_manual}}}}",
      ])
    let tests = (1...3).map { "test/0\($0)_test.tif" }
    #expect(try truths(fixture, task: "VFS") == Dictionary(uniqueKeysWithValues: tests.map { ($0, Truth(object: 256, counted: 1024)) }))
    #expect(try Set(truths(fixture, task: "field").values) == [Truth(object: 128, counted: 512)])
    #expect(try Set(truths(fixture, task: "second").values) == [Truth(object: 512, counted: 1024)])
    try checkObservers(fixture, tests: tests)
  }

  /// The first observer's vessels are columns 0–15 of 64, the second's 0–31.
  private func checkObservers(_ fixture: StudyFixture, tests: [String]) throws {
    let table = try CSV.parse(fixture.text("runs/observers/VFS.csv"))
    #expect(table.header.dropFirst(2).starts(with: ["truePositives", "falsePositives", "falseNegatives", "trueNegatives", "hd95:px", "nsd:2px", "centerlinePredicted"]))
    #expect(table.rows.map { Array($0[0..<6]) } == tests.map { [$0, "", "256", "256", "0", "512"] })
    #expect(try CSV.parse(fixture.text("runs/observers/field.csv")).rows.map { Array($0[2..<6]) } == tests.map { _ in ["128", "128", "0", "256"] })
    let before = try fixture.text("runs/observers/VFS.json"), identities = try fixture.runs()
    #expect(before.contains("\"images\" : 3") && before.contains("\"testImages\" : 3"))
    let report = try fixture.run("report", "study.yaml")
    #expect(report.status == 0, "\(report.errors)")
    // Written again only where masks changed; no run is another for it.
    #expect(try fixture.run("run", "study.yaml").status == 0)
    #expect(try fixture.text("runs/observers/VFS.json") == before)
    #expect(try fixture.runs().filter { !$0.hasPrefix("report/") } == identities)
    let page = try fixture.run("report", "study.yaml", "--to", "page")
    #expect(page.status == 0, "\(page.errors)")
    let numbers = try fixture.text("page/numbers.json")
    #expect(numbers.contains("\"observerAgreement\""))
    let agreement = try fixture.text("page/tables/observers-VFS.csv")
    #expect(agreement.contains("Dice (pooled), %") && agreement.contains("66.67") && agreement.contains("clDice, %"))
  }

  @Test("SIIM-ACR: DICOM files somewhere below a folder, several rows of run lengths an image, and -1")
  func pneumothorax() throws {
    let fixture = try StudyFixture()
    try TaskCopies.siimACR(in: fixture.url("siim"), side: Self.side)
    try run(fixture, tasks: ["PXS: {builtIn: PXS, root: siim}"])
    let found = try truths(fixture, task: "PXS")
    #expect(found.count == 2)
    for (id, truth) in found {
      let number = try #require(Int(id.split(separator: ".")[9]))
      #expect(truth == Truth(object: number % 3 == 0 ? 0 : 256, counted: 1024), "\(id)")
    }
  }

  @Test("JSRT: raw files and PNG copies of one set, GIF masks of half their size, clavicles united, folds as parts")
  func jsrt() throws {
    let fixture = try StudyFixture()
    try TaskCopies.scr(in: fixture.url("scr"), side: Self.side, raw: [2], count: 10)
    try run(fixture, tasks: ["HXS: {builtIn: HXS, root: scr}", "CXS: {builtIn: CXS, root: scr}"])
    let hearts = try truths(fixture, task: "HXS"), clavicles = try truths(fixture, task: "CXS")
    #expect(hearts.keys.sorted() == ["JPCLN002.IMG", "JPCLN004.IMG.png", "JPCLN006.IMG.png", "JPCLN008.IMG.png", "JPCLN010.IMG.png"].map { "test/" + $0 })
    #expect(Set(hearts.values) == [Truth(object: 256, counted: 1024)] && Set(clavicles.values) == [Truth(object: 384, counted: 1024)])
  }

  @Test("nnU-Net volumes, COCO polygons, and Kaggle's run lengths in a manifest")
  func generic() throws {
    let fixture = try StudyFixture(), side = Self.side
    try fixture.write(
      #"{"channel_names": {"0": "CT"}, "labels": {"background": 0, "liver": 1, "tumor": 2}, "numTraining": 5, "file_ending": ".nii"}"#,
      to: "nn/dataset.json")
    for number in 1...5 {
      try PublisherFiles.nifti(side, slices: 3) { x, y, z in UInt8(gray(x, y) / 2 + 40 * z) }.write(below: fixture.folder, "nn/imagesTr/case_\(number)_0000.nii")
      // The tumor is columns 0–15 of all slices but the lowest.
      try PublisherFiles.nifti(side, slices: 3) { x, _, z in x < 16 && z > 0 ? 2 : x > 40 ? 1 : 0 }.write(below: fixture.folder, "nn/labelsTr/case_\(number).nii")
    }
    var images = [String](), annotations = [String](), table = "image,runs\n"
    for number in 1...8 {
      try Drawing.ramp(number, side, side).png().write(below: fixture.folder, "coco/images/\(number).png")
      images.append(#"{"id": \#(number), "file_name": "\#(number).png", "width": 64, "height": 64}"#)
      annotations.append(
        #"{"id": \#(number), "image_id": \#(number), "category_id": 4, "bbox": [0, 0, 16, 64], "segmentation": [[0, 0, 16, 0, 16, 64, 0, 64]]}"#)
      table += "images/\(number).png,1 512 1025 512\n"
    }
    try fixture.write(
      #"{"images": [\#(images.joined(separator: ","))], "annotations": [\#(annotations.joined(separator: ","))], "categories": [{"id": 4, "name": "lesion"}]}"#,
      to: "coco/all.json")
    try fixture.write(table, to: "coco/runs.csv")
    try run(
      fixture,
      tasks: [
        "tumor: {kind: binarySegmentation, data: {nnUNet: {folder: nn, labels: [tumor]}}}",
        "lesion: {kind: binarySegmentation, data: {coco: {training: {annotations: coco/all.json, images: coco/images}, categories: [lesion]}}}",
        "kaggle: {kind: binarySegmentation, data: {manifest: {file: coco/runs.csv, pathColumn: image, rleColumn: runs, rleFormat: absolutePairs}}}",
      ])
    let tumors = try truths(fixture, task: "tumor")
    #expect(tumors.count == 3)
    for (id, truth) in tumors { #expect(truth.object == (id.hasSuffix("axial-000") ? 0 : 256), "\(id)") }
    #expect(try Set(truths(fixture, task: "lesion").values) == [Truth(object: 256, counted: 1024)])
    // Columns 0–7 and 16–23.
    #expect(try Set(truths(fixture, task: "kaggle").values) == [Truth(object: 256, counted: 1024)])
  }

  @Test(
    "What is wrong with masks is said before anything runs",
    arguments: [
      ("{kind: binarySegmentation, data: {maskFolders: {training: {images: a, masks: []}}}}", "The training part names no folder of masks. Name one."),
      (
        "{kind: binarySegmentation, data: {maskFolders: {training: {images: a, masks: b}, evaluatedRegion: fieldOfView}}}",
        "The task “x” is evaluated within the field of view, and its test part names none. Add fieldOfView to the test part, the folder of those masks, or set evaluatedRegion: wholeImage."
      ),
      (
        "{kind: binarySegmentation, data: {maskFolders: {training: {images: a, masks: b, secondObserver: c}, test: {images: d, masks: e}}}}",
        "The second observer's masks of the training part of “x” say nothing of its test images. Give secondObserver to the test part, which the test images are of."
      ),
      (
        "{kind: binarySegmentation, data: {maskFolders: {training: {images: a, masks: [b, c], secondObserver: d}}}}",
        "The task “x” names another number of folders for the second observer's masks (1) than for the first's (2). Name as many folders for both, in the same order."
      ),
      (
        "{kind: binaryClassification, metrics: [clDice], data: {classFolders: {training: a, positive: p}}}",
        "The metric clDice of “x” is of segmentations, and its kind is binaryClassification. Take it out of metrics."
      ),
      (
        "{kind: binarySegmentation, metrics: [clDyce], data: {maskFolders: {training: {images: a, masks: b}}}}",
        "tasks.x.metrics cannot be “clDyce”. Did you mean “clDice”?"
      ),
      (
        "{kind: binarySegmentation, data: {maskFolders: {training: {images: a, masks: b}, pairing: suffix, maskSuffix: ''}}}",
        "The maskSuffix is empty. Give the text between an image's name and its mask's ending, such as _mask."
      ),
      (
        "{kind: binarySegmentation, data: {maskFolders: {training: {images: a, masks: b}, rawImages: {width: 0, height: 5, bits: 17, byteOrder: bigEndian}}}}",
        "Raw images cannot have 0 × 5 samples of 17 bits behind 0 bytes. Give a width and a height of at least 1, 1 to 16 bits and an offset from 0."
      ),
      (
        "{kind: binarySegmentation, data: {maskFolders: {training: {images: a, masks: b}, threshold: 70000}}}",
        "tasks.x.data.maskFolders.threshold is “70000”, not a level from 0 to 65535. Give the highest level that is background, such as 127."
      ),
      (
        "{kind: binarySegmentation, data: {nnUNet: {folder: a, windowCenter: 5}}}",
        "A window has a center and a width, and one of them is not given. Give windowCenter and windowWidth, or neither."
      ),
      (
        "{kind: binarySegmentation, data: {manifest: {file: t.csv, rleColumn: r}}}",
        "The manifest names rleColumn without rleFormat. Add rleFormat: one of relativePairs, absolutePairs, counts, compressedCounts."
      ),
      (
        "{kind: multiLabelClassification, data: {coco: {training: {annotations: a, images: b}}}}",
        "The task “x” is a multiLabelClassification, but its data name no classes. Add categories, in the order of the network's outputs."
      ),
      (
        "{kind: binaryClassification, data: {nnUNet: {folder: a}}}",
        "The task “x” is a binaryClassification, but its data are label maps. Use classFolders or manifest, or set kind: binarySegmentation."
      ),
    ])
  func mistakes(task: String, sentence: String) throws {
    let fixture = try StudyFixture()
    try fixture.write("initializations: {random: random}\ntasks:\n  x: \(task)\n", to: "study.yaml")
    let result = try fixture.run("run", "study.yaml")
    #expect(result.status != 0)
    #expect((result.output + result.errors).contains(sentence), "\(result.output)\(result.errors)")
  }
}
