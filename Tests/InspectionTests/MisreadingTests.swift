import Foundation
import Imaging
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Inspection

@Suite("What may be taken for something else is said before training")
struct MisreadingTests {
  private static let split = SplitRule(validation: 0.2, test: 0.2)
  private static let goldens = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("ImagingTests/Goldens")

  /// Ten float TIFFs whose numbers go from 0 to a height of each.
  private func floats(_ data: InspectedFolder, height: (Int) -> Double) throws -> DataSource {
    var rows = "path,L\n"
    for number in 0..<10 {
      let values = (0..<48 * 48).map { place in Double((place * (number + 7)) % 911) / 910 * height(number) }
      try data.write(NumberTIFF.file(values, width: 48, .float32), to: "\(number).tif")
      rows += "\(number).tif,\(number % 2)\n"
    }
    try data.write(rows, to: "t.csv")
    return .manifest(ManifestSource(file: data.path("t.csv"), imageRoot: data.url.path, labelColumns: ["L"], split: Self.split))
  }

  @Test("Float TIFFs that are each stretched to their own range are warned of once, with counts and the key; not where all have one range, or where the study says it")
  func ownScale() throws {
    let data = try InspectedFolder(), source = try floats(data) { Double($0 + 1) }
    func found(_ source: DataSource, _ data: InspectedFolder, _ pictures: PictureChoices? = nil) -> [DataFinding] {
      data.check(source, kind: .binaryClassification, pictures: pictures).filter { $0.code == "images.ownScale" }
    }
    let told = found(source, data)
    #expect(told.count == 1 && told[0].severity == .warned && told[0].count == 10)
    #expect(told[0].sentence.hasPrefix("10 of 10 images are drawn on a scale of their own each, so that one brightness is not one value in all images: "), "\(told[0].sentence)")
    #expect(told[0].sentence.contains("(its own least number, 0, is black and its greatest, "))
    #expect(
      told[0].remedy
        == "Say what is black and what is white in all of them, tasks.a.data.pictures: {range: [black, white]}, or accept it where each image's own scale is meant.")
    #expect(found(source, data, PictureChoices(range: [0, 10])).isEmpty)
    let alike = try InspectedFolder(), one = try floats(alike) { _ in 1 }
    #expect(found(one, alike).isEmpty)
  }

  @Test("DICOM images in units without a window are warned of, those of no unit noted; those with one and 8-bit ones as stored are not")
  func withoutWindow() throws {
    let data = try InspectedFolder()
    var rows = "path,L\n"
    let names = ["rescale-only", "rescale-window", "rescale-only", "padding-8"]
    #expect(try ImageFile.statedRemarks(Self.goldens.appendingPathComponent("medical/explicit-little-16.dcm")) == [.withoutWindowOrUnit])
    for (number, name) in names.enumerated() {
      try data.write(Data(contentsOf: Self.goldens.appendingPathComponent("medical/\(name).dcm")), to: "d\(number).dcm")
      rows += "d\(number).dcm,\(number % 2)\n"
    }
    for number in 0..<8 {
      try data.image("\(number).png", number)
      rows += "\(number).png,\(number % 2)\n"
    }
    try data.write(rows, to: "t.csv")
    let source = DataSource.manifest(ManifestSource(file: data.path("t.csv"), imageRoot: data.url.path, labelColumns: ["L"], split: Self.split))
    let told = try #require(data.check(source, kind: .binaryClassification).first { $0.code == "images.ownScale" })
    #expect(told.severity == .warned && told.count == 2)
    #expect(Set(told.examples) == Set([0, 2].map { "d\($0).dcm (it has no window, so that its own least value is black and its greatest white)" }), "\(told.examples)")
  }

  @Test("Volumes that are each drawn in their own range are noted, and warned of where dataset.json states CT; a window settles it")
  func volumes() throws {
    for (modality, severity) in [("CT", DataFinding.Severity.warned), ("T2", .noted)] {
      let data = try InspectedFolder()
      for number in 0..<6 {
        try data.write(PublisherFiles.nifti(8, slices: 2) { x, y, z in UInt8((x * 7 + y * (number + 3) + z) % 100) }, to: "imagesTr/c\(number)_0000.nii")
        try data.write(PublisherFiles.nifti(8, slices: 2) { x, _, _ in x < 3 ? 1 : 0 }, to: "labelsTr/c\(number).nii")
      }
      try data.write(#"{"channel_names": {"0": "\#(modality)"}, "labels": {"background": 0, "lung": 1}, "file_ending": ".nii", "numTraining": 6}"#, to: "dataset.json")
      var source = NNUNetSource(folder: data.url.path, split: Self.split)
      let told = data.check(.nnUNet(source), kind: .binarySegmentation).filter { $0.code == "images.ownScale" }
      #expect(told.map(\.severity) == [severity] && told.first?.count == 6, "\(told)")
      #expect(told.first?.sentence.hasPrefix(modality == "CT" ? "dataset.json states CT, and each of 6 volumes is drawn " : "Each of 6 volumes is drawn ") == true)
      (source.windowCenter, source.windowWidth) = (50, 100)
      #expect(!data.check(.nnUNet(source), kind: .binarySegmentation).contains { $0.code == "images.ownScale" })
    }
  }

  @Test("A third label in the names of images is warned of with its images; two labels, however they are called, are not")
  func thirdLabel() throws {
    func found(_ label: (Int) -> String) throws -> DataFinding? {
      let data = try InspectedFolder()
      for number in 0..<20 { try data.image("c\(number)_\(label(number)).png", number) }
      let source = NamedImageSource(images: data.url.path, className: "L", labelPattern: "_([a-z0-9]+)[.]png$", positive: "1", split: Self.split)
      return data.check(.namedImages(source), kind: .binaryClassification, opensPictures: false).first { $0.code == "labels.names" }
    }
    let told = try #require(try found { $0 < 8 ? "1" : $0 < 17 ? "0" : "2" })
    #expect(told.severity == .warned)
    #expect(told.sentence == "Not “1” are the images of 2 labels in their names, which all count as negative: “0” (9 images), “2” (3 images).")
    #expect(told.remedy == "Move the images of a label that means neither out of the folder, correct labelPattern, or accept it where each of them means negative.")
    #expect(try found { $0 < 8 ? "1" : "normal" } == nil)
  }

  /// An archive of label maps of 6 × 6 pixels.
  private func maps(_ data: InspectedFolder, _ number: (Int) -> UInt8) throws -> ArraySource {
    var arrays = [(String, NumPyArchive.Array)]()
    for (name, count) in [("train", 6), ("val", 3), ("test", 3)] {
      let pixels: [UInt8] = (0..<count * 36).map { (place: Int) -> UInt8 in UInt8((place * 37 + place / 36 * 11) % 256) }
      let numbers: [UInt8] = (0..<count * 36).map { number($0 % 6) }
      arrays.append(("\(name)_images", NumPyArchive.Array(shape: [count, 6, 6], bytes: pixels)))
      arrays.append(("\(name)_label", NumPyArchive.Array(shape: [count, 6, 6], bytes: numbers)))
    }
    try NumPyArchive.write(arrays, to: data.url.appendingPathComponent("a.npz"))
    return ArraySource(file: data.path("a.npz"), classes: [])
  }

  @Test("255 beside other numbers in an archive's maps is refused until the study says what it is, and ignored pixels are in no metric; 255 alone is object")
  func borders() throws {
    let data = try InspectedFolder()
    var source = try maps(data) { [0, 0, 0, 1, 2, 255][$0] }
    func found() -> DataFinding? { data.check(.arrays(source), kind: .binarySegmentation).first { $0.code == "masks.numbers" } }
    func counts() throws -> (object: Int, ignored: Int) {
      let sample = try #require(try DatasetResolver.resolve(.arrays(source), kind: .binarySegmentation).training.first), mask = try #require(sample.mask)
      return (try mask.read(for: sample.image.read(), of: sample.id).foregroundCount, try mask.readIgnored()?.foregroundCount ?? 0)
    }
    let asked = try #require(found())
    #expect(asked.isRefusal)
    #expect(
      asked.sentence
        == "Nothing says whether 255 is object, a border, or what nobody annotated: the maps of a.npz have 1 (72 pixels in 12 maps), 2 (72 pixels in 12 maps), 255 (72 pixels in 12 maps)."
    )
    #expect(
      asked.remedy
        == "Say under tasks.a.data.arrays: ignore: [255], which leaves these pixels out of loss and metric, or objects: [1, 2], which makes them background, or objects: [1, 2, 255]."
    )
    source.objects = [1]
    #expect(found()?.severity == .warned && found()?.sentence.hasPrefix("255, which often marks a border or what nobody annotated, counts as background: ") == true)
    #expect(try counts() == (6, 0))
    source.objects = [1, 2, 255]
    #expect(found() == nil)
    #expect(try counts() == (18, 0))
    (source.objects, source.ignore) = (nil, [255])
    #expect(found()?.severity == .noted && found()?.sentence.hasPrefix("Object is every number above 0: ") == true)
    #expect(try counts() == (12, 6))
    source = try maps(data) { $0 < 3 ? 0 : 255 }
    #expect(found() == nil)
    #expect(try counts() == (18, 0))
  }

  @Test("keep takes a cell of the same number for the same value, and says which rows look like a value and do not count")
  func keptRows() throws {
    let data = try InspectedFolder()
    let cells = ["1", "1.0", "1.00", "0", "0.0", "10", "-1", "", "1,0", "01"]
    for number in 0..<20 { try data.image("\(number).png", number) }
    func source(_ cells: [String], _ values: [String]) throws -> ManifestSource {
      try data.write("path,L,view\n" + (0..<20).map { "\($0).png,\($0 / 2 % 2),\"\(cells[$0 % cells.count])\"\n" }.joined(), to: "t.csv")
      return ManifestSource(file: data.path("t.csv"), imageRoot: data.url.path, keep: [RowFilter("view", values)], labelColumns: ["L"], split: Self.split)
    }
    func kept(_ cells: [String], _ values: [String]) throws -> Set<Int> {
      let splits = try DatasetResolver.resolve(.manifest(source(cells, values)), kind: .binaryClassification)
      let samples = DatasetPart.allCases.flatMap { splits[$0] }
      return Set(samples.compactMap { Int($0.id.dropLast(4)) }.map { $0 % cells.count })
    }
    #expect(try kept(cells, ["1"]) == [0, 1, 2, 8, 9])
    #expect(try kept(cells, ["0", "-1.0"]) == [3, 4, 6])
    let views = ["PA", "pa", "AP", "P A", "AP_horizontal"]
    #expect(try kept(views, ["PA"]) == [0])
    let told = try #require(data.check(.manifest(source(views, ["PA", "AP"])), kind: .binaryClassification, opensPictures: false).first { $0.code == "source.partly" })
    #expect(told.severity == .warned)
    #expect(
      told.sentence
        == "8 rows of t.csv do not count because the column “view” says what is not kept and looks like it, such as “P A” for “PA”: “P A” (4 rows), “pa” (4 rows).")
    #expect(told.remedy == "Name them under `keep` too, or spell each value one way.")
  }
}
