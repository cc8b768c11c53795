import Foundation
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Inspection

@Suite("Every file of a source's folders is used, or is not for a reason")
struct FileLookTests {
  /// Sources of every kind, each with files that are used and one for every reason that it can have.
  private func sources(_ data: InspectedFolder) throws -> [(source: DataSource, kind: TaskKind, unused: [String: FileUse.Reason])] {
    for number in 0..<10 {
      try data.image("classes/\(number % 2 == 0 ? "A" : "B")/c\(number).png", number)
      try data.image("named/c\(number)_\(number % 2).png", number)
      try data.image("images/c\(number).png", number)
      try data.mask("masks/c\(number).png") { x, _ in x < 9 ? 255 : 0 }
      try data.image("table/x/c\(number).png", number)
      try data.image("coco/c\(number).png", number)
      try data.image("nn/imagesTr/c\(number)_0000.png", number)
      try data.mask("nn/labelsTr/c\(number).png") { x, _ in x < 9 ? 1 : 0 }
    }
    try data.write(#"{"labels": {"background": 0, "lung": 1}, "file_ending": ".png", "numTraining": 10}"#, to: "nn/dataset.json")
    try data.write("path,L\n" + (0..<10).map { "x/c\($0).png,\($0 % 2)\n" }.joined(), to: "table.csv")
    let images = (0..<10).map { #"{"id": \#($0), "file_name": "c\#($0).png", "width": 24, "height": 24}"# }.joined(separator: ",")
    let annotations = (0..<5).map { #"{"id": \#($0), "image_id": \#($0), "category_id": 1, "bbox": [1, 1, 5, 5]}"# }.joined(separator: ",")
    try data.write(#"{"images": [\#(images)], "annotations": [\#(annotations)], "categories": [{"id": 1, "name": "tb"}]}"#, to: "coco.json")
    for folder in ["classes/A", "named", "images", "masks", "table/x", "coco", "nn/imagesTr"] {
      try data.write("x", to: "\(folder)/odd.bmp1")
      try data.write("x", to: "\(folder)/.hidden")
      try FileManager.default.createSymbolicLink(atPath: data.path("\(folder)/gone.png"), withDestinationPath: "nothing-there.png")
    }
    try data.image("classes/loose.png", 20)
    try data.image("classes/A/below/deep.png", 21)
    try data.image("masks/more/m.png", 22)
    try data.image("masks/lonely.png", 23)
    try data.image("table/x/unnamed.png", 24)
    try data.image("coco/unnamed.png", 25)
    try data.image("nn/imagesTr/c77_0000.png", 26)
    try data.image("nn/imagesTr/c3_0001.png", 27)
    try data.image("nn/imagesTs/c90_0000.png", 28)
    let split = SplitRule(validation: 0.2, test: 0.2)
    func common(_ folder: String) -> [String: FileUse.Reason] {
      ["\(folder)/odd.bmp1": .ending, "\(folder)/.hidden": .hidden, "\(folder)/gone.png": .brokenLink]
    }
    return [
      (
        .classFolders(ClassFolderSource(training: data.path("classes"), positive: "B", split: split)), .binaryClassification,
        common("classes/A").merging(["classes/loose.png": .outsideClasses, "classes/A/below/deep.png": .subfolder]) { $1 }
      ),
      (
        .namedImages(NamedImageSource(images: data.path("named"), className: "L", labelPattern: "_([01])[.]png$", positive: "1", split: split)), .binaryClassification,
        common("named")
      ),
      (
        .maskFolders(MaskFolderSource(training: FolderPair(images: data.path("images"), masks: data.path("masks")), split: split)), .binarySegmentation,
        common("images").merging(common("masks")) { $1 }.merging(["masks/more/m.png": .subfolder, "masks/lonely.png": .noImage]) { $1 }
      ),
      (
        .manifest(ManifestSource(file: data.path("table.csv"), imageRoot: data.path("table"), labelColumns: ["L"], split: split)), .binaryClassification,
        common("table/x").merging(["table/x/unnamed.png": .noRow]) { $1 }
      ),
      // A folder of images that lies below the root.
      (
        .manifest(ManifestSource(file: data.path("table.csv"), imageRoot: data.path("table"), imageFolders: [data.path("table/x")], labelColumns: ["L"], split: split)),
        .binaryClassification,
        common("table/x").merging(["table/x/unnamed.png": .noRow]) { $1 }
      ),
      (
        .coco(COCOSource(training: .init(annotations: data.path("coco.json"), images: data.path("coco")), categories: ["tb"], split: split)), .binaryClassification,
        common("coco").merging(["coco/unnamed.png": .noRow]) { $1 }
      ),
      (
        .nnUNet(NNUNetSource(folder: data.path("nn"), split: split)), .binarySegmentation,
        common("nn/imagesTr").merging(["nn/imagesTr/c77_0000.png": .noLabelMap, "nn/imagesTr/c3_0001.png": .otherChannel, "nn/imagesTs/c90_0000.png": .noTruth]) { $1 }
      ),
    ] + (try furtherSources(data, split: split, common)) + (try sourcesOfSeveralClasses(data, split: split, common))
  }

  /// The same layouts with masks of several classes, tables with masks, and an archive of label maps.
  private func sourcesOfSeveralClasses(
    _ data: InspectedFolder, split: SplitRule, _ common: (String) -> [String: FileUse.Reason]
  ) throws -> [(source: DataSource, kind: TaskKind, unused: [String: FileUse.Reason])] {
    var rows = "path,mask,other\n"
    for number in 0..<10 {
      try data.image("several/images/c\(number).png", number)
      for (folder, end) in [("left", 5), ("right", 9), ("heart", 12)] { try data.mask("several/\(folder)/c\(number).png") { x, _ in x < end ? 255 : 0 } }
      try data.mask("several/numbers/c\(number).png") { x, _ in x < 5 ? 1 : x < 9 ? 2 : 0 }
      rows += "images/c\(number).png,left/c\(number).png,\(number < 5 ? "right/c\(number).png" : "")\n"
    }
    try data.write(rows, to: "several.csv")
    for folder in ["several/images", "several/left", "several/right", "several/heart", "several/numbers"] {
      try data.write("x", to: "\(folder)/odd.bmp1")
      try data.write("x", to: "\(folder)/.hidden")
      try FileManager.default.createSymbolicLink(atPath: data.path("\(folder)/gone.png"), withDestinationPath: "nothing-there.png")
    }
    try data.mask("several/heart/lonely.png") { x, _ in x }
    var arrays = [("val_labels", NumPyArchive.Array(shape: [2, 1], bytes: [1, 2]))]
    for (name, count) in [("train", 4), ("val", 2), ("test", 3)] {
      let pixels: [UInt8] = (0..<count * 9).map { (place: Int) -> UInt8 in UInt8(place * 5 % 256) }
      arrays.append(("\(name)_images", NumPyArchive.Array(shape: [count, 3, 3], bytes: pixels)))
      arrays.append(("\(name)_label", NumPyArchive.Array(shape: [count, 3, 3], bytes: pixels.map { $0 % 2 })))
    }
    try NumPyArchive.write(arrays, to: data.url.appendingPathComponent("maps.npz"))
    func all(_ folders: [String]) -> [String: FileUse.Reason] { folders.reduce(into: [:]) { $0.merge(common("several/" + $1)) { $1 } } }
    let classes = FolderPair(
      images: [data.path("several/images")], masks: ["left", "right", "heart"].map { data.path("several/" + $0) }, maskClasses: ["lungs", "lungs", "heart"])
    var numbers = MaskFolderSource(training: FolderPair(images: data.path("several/images"), masks: data.path("several/numbers")), split: split)
    numbers.meaning = MaskMeaning(labels: ["lung": [1], "heart": [2]])
    var twice = ManifestSource(file: data.path("several.csv"), imageRoot: data.path("several"), maskColumn: "mask", split: split)
    twice.secondMaskColumn = "other"
    let folders = all(["images", "left", "right", "heart"]).merging(["several/heart/lonely.png": .noImage]) { $1 }
    for number in 0..<10 {
      try data.image("two/imagesTr/c\(number)_0000.png", number)
      try data.mask("two/labelsTr/c\(number).png") { x, _ in x < 5 ? 1 : x < 9 ? 2 : 0 }
    }
    try data.image("two/imagesTr/c77_0000.png", 26)
    try data.write(#"{"labels": {"background": 0, "lung": 1, "heart": 2}, "file_ending": ".png", "numTraining": 10}"#, to: "two/dataset.json")
    let cases = ["two/imagesTr/c77_0000.png": FileUse.Reason.noLabelMap]
    // A second observer has masks of half of the images.
    let rest = Dictionary(uniqueKeysWithValues: (5..<10).map { ("several/right/c\($0).png", FileUse.Reason.noRow) })
    let table = all(["images", "left", "right"]).merging(rest) { $1 }
    let listed = (0..<10).map { #"{"id": \#($0), "file_name": "c\#($0).png", "width": 24, "height": 24}"# }.joined(separator: ",")
    let outlines = (0..<8).map { #"{"id": \#($0), "image_id": \#($0), "category_id": \#(1 + $0 % 2), "segmentation": [[1, 1, 9, 1, 9, 9]], "iscrowd": 0}"# }.joined(separator: ",")
    try data.write(#"{"images": [\#(listed)], "annotations": [\#(outlines)], "categories": [{"id": 1, "name": "tb"}, {"id": 2, "name": "tb2"}]}"#, to: "coco2.json")
    let annotated = COCOSource(training: .init(annotations: data.path("coco2.json"), images: data.path("coco")), categories: ["tb", "tb2"], split: split)
    var found: [(source: DataSource, kind: TaskKind, unused: [String: FileUse.Reason])] = []
    found.append((.maskFolders(MaskFolderSource(training: classes, split: split)), .multiLabelSegmentation, folders))
    found.append((.maskFolders(numbers), .multiclassSegmentation, all(["images", "numbers"])))
    found.append((.nnUNet(NNUNetSource(folder: data.path("two"), split: split)), .multiclassSegmentation, cases))
    found.append((.coco(annotated), .multiLabelSegmentation, common("coco").merging(["coco/unnamed.png": .noRow]) { $1 }))
    found.append((.manifest(twice), .binarySegmentation, table))
    found.append((.arrays(ArraySource(file: data.path("maps.npz"), classes: [])), .binarySegmentation, ["maps.npz/val_labels": .notRead]))
    return found
  }

  /// Series, cases, numbered images and archives.
  private func furtherSources(
    _ data: InspectedFolder, split: SplitRule, _ common: (String) -> [String: FileUse.Reason]
  ) throws -> [(source: DataSource, kind: TaskKind, unused: [String: FileUse.Reason])] {
    var rows = "StudyInstanceUID,SeriesInstanceUID,SOPInstanceUID,pe\n"
    for number in 0..<10 {
      let series = "s\(number / 2)/e\(number % 2)"
      for slice in 0..<2 {
        try data.write("slice \(number) \(slice)", to: "series/\(series)/i\(slice).dcm")
        rows += "s\(number / 2),e\(number % 2),i\(slice),\(slice)\n"
      }
      try data.image("cases/c\(number)/images/i.png", number)
      for mask in 0..<number % 3 { try data.mask("cases/c\(number)/masks/m\(mask).png") { x, _ in x < 4 ? 255 : 0 } }
      try data.image("numbered/images/00000\(number).png", number)
    }
    try data.write(rows, to: "series.csv")
    // A slice that no row names, a series of which none is named, and what is no slice at all.
    try data.write("x", to: "series/s0/e0/extra.dcm")
    try data.write("x", to: "series/s0/other/i0.dcm")
    try data.write("x", to: "series/readme.txt")
    for (name, numbers) in [("train", 0..<4), ("val", 4..<6), ("test", 6..<9)] {
      try data.write(numbers.map { "images/00000\($0).png\n" }.joined(), to: "numbered/splits/\(name).txt")
    }
    try data.write(NumPyArchive.Array(shape: [10], bytes: (0..<10).map { UInt8($0 % 2) }).file, to: "numbered/task_labels/disease.npy")
    for folder in ["series/s0/e0", "cases/c1/images", "cases/c4/masks", "numbered/images"] {
      try data.write("x", to: "\(folder)/odd.bmp1")
      try data.write("x", to: "\(folder)/.hidden")
      try FileManager.default.createSymbolicLink(atPath: data.path("\(folder)/gone.png"), withDestinationPath: "nothing-there.png")
    }
    try data.image("cases/loose.png", 30)
    try data.image("cases/c2/preview.png", 31)
    try data.image("cases/c2/thumbs/t.png", 32)
    let parts = [("train", 4), ("val", 2), ("test", 3)]
    try NumPyArchive.write(
      parts.flatMap { name, count in
        [
          ("\(name)_images", NumPyArchive.Array(shape: [count, 3, 3], bytes: (0..<count * 9).map { UInt8($0 * 5 % 256) })),
          ("\(name)_labels", NumPyArchive.Array(shape: [count, 1], bytes: (0..<count).map { UInt8($0 % 2) })),
        ]
      } + [("extra_images", NumPyArchive.Array(shape: [1, 2, 2], bytes: [1, 2, 3, 4]))], to: data.url.appendingPathComponent("archive.npz"))
    return [
      (
        .sliceTable(SliceTableSource(file: data.path("series.csv"), imageRoot: data.path("series"), labelColumns: ["pe"], split: split)), .binaryClassification,
        common("series/s0/e0").merging(["series/s0/e0/extra.dcm": .noRow, "series/s0/other/i0.dcm": .noRow, "series/readme.txt": .ending]) { $1 }
      ),
      (
        .caseFolders(CaseFolderSource(training: data.path("cases"), split: split)), .binarySegmentation,
        common("cases/c1/images").merging(common("cases/c4/masks")) { $1 }.merging([
          "cases/loose.png": .outsideCases, "cases/c2/preview.png": .outsideCases, "cases/c2/thumbs/t.png": .outsideCases,
        ]) { $1 }
      ),
      (
        .medIMeta(MedIMetaSource(folder: data.path("numbered"), task: "disease", classes: ["A"])), .binaryClassification,
        common("numbered/images").merging(["numbered/images/000009.png": .noRow]) { $1 }
      ),
      (.arrays(ArraySource(file: data.path("archive.npz"), classes: ["A"])), .binaryClassification, ["archive.npz/extra_images": .notRead]),
    ]
  }

  @Test("Every kind of source is under the law below")
  func everyKind() throws {
    let kinds = Set(try sources(InspectedFolder()).map(\.source.key))
    #expect(kinds == Set(DataSource.keys), "\(kinds.symmetricDifference(DataSource.keys))")
  }

  @Test("A law over the sources: used and unused files together are all files of the folders, and each reason is the right one")
  func law() throws {
    let data = try InspectedFolder()
    for (source, kind, unused) in try sources(data) {
      let splits = try DatasetResolver.resolve(source, kind: kind), samples = DatasetPart.allCases.flatMap { splits[$0] }
      let use = try FileUse(source, samples: samples)
      let told = Dictionary(use.unused.map { (String($0.path.dropFirst(data.url.standardizedFileURL.path.count + 1)), $0.reason) }) { first, _ in first }
      #expect(told == unused, "\(source.key)")
      #expect(Set(use.used).isDisjoint(with: use.unused.map(\.path)) && use.missing.isEmpty)
      #expect(Set(use.used).count == use.used.count && told.count == use.unused.count, "\(source.key): a file is told once")
      #expect(Set(use.used) == Set(samples.flatMap(\.files).map { $0.standardizedFileURL.path }), "\(source.key)")
    }
  }

  @Test("A broken link is refused; pictures that are passed over are warned of with their endings' reason, other files are noted")
  func severities() throws {
    let data = try InspectedFolder()
    for number in 0..<10 { try data.image("c/\(number % 2 == 0 ? "A" : "B")/\(number).png", number) }
    try data.write("x", to: "c/A/one.webp1")
    try data.write("x", to: "c/A/two.heic")
    try data.write("x", to: "c/A/Thumbs.db")
    let source = DataSource.classFolders(ClassFolderSource(training: data.path("c"), positive: "B", split: SplitRule(validation: 0.2, test: 0.2)))
    let findings = data.check(source, kind: .binaryClassification, opensPictures: false)
    let unused = try #require(findings.first { $0.code == "files.unused" })
    #expect(
      unused.severity == .warned && unused.examples == ["A/two.heic"] && unused.sentence == "1 file of the folders is not used (not an ending of images that are read): A/two.heic."
    )
    #expect(findings.first { $0.code == "files.other" }?.count == 2)
    try FileManager.default.createSymbolicLink(atPath: data.path("c/B/gone.png"), withDestinationPath: "nowhere.png")
    #expect(data.check(source, kind: .binaryClassification, opensPictures: false).first { $0.code == "files.brokenLink" }?.isRefusal == true)
  }

  @Test("Other channels of nnU-Net's cases and a test part without label maps are noted, no warning; a count that is a text counts")
  func channels() throws {
    let data = try InspectedFolder()
    for number in 0..<6 {
      for channel in 0..<2 { try data.image("imagesTr/c\(number)_000\(channel).png", number * 2 + channel) }
      try data.mask("labelsTr/c\(number).png") { x, _ in x < 9 ? 1 : 0 }
    }
    try data.image("imagesTs/t_0000.png", 40)
    try data.write(#"{"labels": {"background": 0, "x": 1}, "file_ending": ".png", "numTraining": "60"}"#, to: "dataset.json")
    let found = data.check(.nnUNet(NNUNetSource(folder: data.url.path, split: SplitRule(validation: 0.2, test: 0.2))), kind: .binarySegmentation, opensPictures: false)
    let left = found.filter { $0.code == "files.leftOut" }
    #expect(
      left.map(\.sentence).sorted() == [
        "1 image of the folders is not used (of a test part without label maps): imagesTs/t_0000.png.",
        "6 images of the folders are not used (another channel of a case): imagesTr/c0_0001.png, imagesTr/c1_0001.png, imagesTr/c2_0001.png and 3 more.",
      ], "\(left.map(\.sentence))")
    #expect(left.allSatisfy { $0.severity == .noted } && !found.contains { $0.code == "files.noLabelMap" })
    #expect(found.first { $0.code == "cases.stated" }?.sentence.contains("60 training cases") == true, "\(found)")
  }

  @Test("A volume of several with a channel's number in its name is refused, and read by its channel under a plain name")
  func severalVolumes() throws {
    let data = try InspectedFolder()
    for number in 0..<5 {
      var image = PublisherFiles.nifti(24, slices: 4) { x, y, z in UInt8((x * 3 + y * 5 + z * 7 + number * 11) % 250) }
      // Two volumes of two slices.
      image.replaceSubrange(40..<56, with: [4, 0, 24, 0, 24, 0, 2, 0, 2, 0, 1, 0, 1, 0, 1, 0])
      try data.write(image, to: "imagesTr/c\(number)_0000.nii")
      try data.write(PublisherFiles.nifti(24, slices: 2) { x, _, _ in x < 9 ? 1 : 0 }, to: "labelsTr/c\(number).nii")
    }
    try data.write(#"{"labels": {"background": 0, "x": 1}, "file_ending": ".nii", "numTraining": 5}"#, to: "dataset.json")
    let source = DataSource.nnUNet(NNUNetSource(folder: data.url.path, split: SplitRule(validation: 0.2, test: 0.2)))
    let refused = try #require(data.check(source, kind: .binarySegmentation).first { $0.code == "source.unusable" })
    #expect(refused.sentence.contains("c0_0000.nii has a channel's number in its name and 2 volumes in it (24 × 24 × 2 × 2)"), "\(refused.sentence)")
    #expect(refused.remedy.contains("call the file c0.nii and choose with `channel`"))
    for number in 0..<5 { try FileManager.default.moveItem(atPath: data.path("imagesTr/c\(number)_0000.nii"), toPath: data.path("imagesTr/c\(number).nii")) }
    func check(channel: Int?) -> [DataFinding] {
      data.check(.nnUNet(NNUNetSource(folder: data.url.path, channel: channel, split: SplitRule(validation: 0.2, test: 0.2))), kind: .binarySegmentation).filter(\.isRefusal)
    }
    #expect(check(channel: 0).isEmpty && check(channel: 1).isEmpty)
    // Without a word the first would be taken, whatever it is.
    #expect(
      check(channel: nil).first?.sentence == "The image \(data.url.standardizedFileURL.path)/imagesTr/c0.nii holds 2 volumes (24 × 24 × 2 × 2), and nothing says which is meant.",
      "\(check(channel: nil))")
    #expect(check(channel: nil).first?.remedy == "Say `channel`, counted from 0.")
    #expect(check(channel: 2).first?.sentence.hasSuffix("c0.nii has no channel 2: it holds 2 volumes, counted from 0.") == true)
    try data.write(#"{"labels": {"background": 0, "x": 1}, "file_ending": ".nii", "modality": {"0": "FLAIR", "1": "T1"}}"#, to: "dataset.json")
    #expect(check(channel: nil).first?.sentence.contains("which dataset.json calls FLAIR, T1, and nothing says") == true)
    // One file of one volume: its first is another thing than theirs.
    try data.write(PublisherFiles.nifti(24, slices: 2) { x, y, _ in UInt8(x + y) }, to: "imagesTr/c3.nii")
    #expect(check(channel: 0).first?.sentence.hasSuffix("c3.nii holds 1, so that one `channel` does not mean one thing.") == true, "\(check(channel: 0))")
  }

  @Test("A label map of several volumes is refused, and one with a fourth axis of one is read")
  func severalLabels() throws {
    for (axes, isRefused) in [([4, 24, 2, 2, 1, 1, 1], true), ([4, 24, 2, 1, 1, 1, 1], false)] {
      let data = try InspectedFolder()
      for number in 0..<5 {
        try data.write(PublisherFiles.nifti(24, slices: 2) { x, y, z in UInt8((x * 3 + y * 5 + z * 7 + number * 11) % 250) }, to: "imagesTr/c\(number)_0000.nii")
        var map = PublisherFiles.nifti(24, slices: isRefused ? 4 : 2) { x, _, _ in x < 9 ? 1 : 0 }
        let dimensions = [axes[0], 24] + axes[1...]
        map.replaceSubrange(40..<56, with: dimensions.flatMap { [UInt8($0), 0] })
        try data.write(map, to: "labelsTr/c\(number).nii")
      }
      try data.write(#"{"labels": {"background": 0, "x": 1}, "file_ending": ".nii", "numTraining": 5}"#, to: "dataset.json")
      let refused = data.check(.nnUNet(NNUNetSource(folder: data.url.path, split: SplitRule(validation: 0.2, test: 0.2))), kind: .binarySegmentation).filter(\.isRefusal)
      #expect(refused.isEmpty != isRefused, "\(refused)")
      if isRefused { #expect(refused.first?.sentence.hasSuffix("labelsTr/c0.nii holds 2 volumes (24 × 24 × 2 × 2), and nothing says which is meant.") == true, "\(refused)") }
    }
  }

  @Test("A folder of images that is not there is refused also where only present rows count")
  func missingFolder() throws {
    let data = try InspectedFolder()
    for number in 0..<10 { try data.image("a/\(number).png", number) }
    try data.write("path,L\n" + (0..<14).map { "\($0).png,\($0 % 2)\n" }.joined(), to: "t.csv")
    let source = ManifestSource(
      file: data.path("t.csv"), imageRoot: data.path("a"), imageFolders: [data.path("bb")], labelColumns: ["L"], rows: .present, split: SplitRule(validation: 0.2, test: 0.2))
    let finding = try #require(data.check(.manifest(source), kind: .binaryClassification, opensPictures: false).first { $0.code == "files.missingFolder" })
    #expect(finding.isRefusal && finding.sentence == "There is no folder at \(data.url.standardizedFileURL.path)/bb, which `imageFolders` names.")
  }

  @Test("One file under two spellings or through a link is refused where it is in two parts or has two labels")
  func sameFile() throws {
    let data = try InspectedFolder()
    for number in 0..<12 { try data.image("\(number).png", number) }
    try FileManager.default.createSymbolicLink(atPath: data.path("link.png"), withDestinationPath: "3.png")
    let rows = (0..<12).map { "\($0).png,\($0 % 2)" } + ["./1.png,0", "link.png,1"]
    try data.write("path,L\n" + rows.joined(separator: "\n") + "\n", to: "t.csv")
    let source = ManifestSource(file: data.path("t.csv"), imageRoot: data.url.path, labelColumns: ["L"], split: SplitRule(validation: 0.2, test: 0.2))
    let found = data.check(.manifest(source), kind: .binaryClassification, opensPictures: false)
    let twice = found.first { $0.code == "files.twice" }, repeated = found.first { $0.code == "files.repeated" }
    #expect(twice?.isRefusal == true && (twice?.count ?? 0) + (repeated?.count ?? 0) == 2)
    #expect(twice?.sentence.contains("./1.png") == true)
  }

  @Test("A patient of another spelling is told; a word for an unknown one is no patient, and spaces are no part of one")
  func patients() throws {
    let data = try InspectedFolder()
    for number in 0..<12 { try data.image("\(number).png", number) }
    func check(_ patient: (Int) -> String) throws -> [DataFinding] {
      try data.write("path,L,p\n" + (0..<12).map { "\($0).png,\($0 % 2),\(patient($0))\n" }.joined(), to: "t.csv")
      return data.check(
        .manifest(ManifestSource(file: data.path("t.csv"), imageRoot: data.url.path, labelColumns: ["L"], patientColumn: "p", split: SplitRule(validation: 0.2, test: 0.2))),
        kind: .binaryClassification, opensPictures: false)
    }
    #expect(try check { "\($0 < 6 ? "00" : "")\($0 % 6)" }.first { $0.code == "patients.alike" }?.count == 6)
    #expect(try !check { "p\($0 % 6)\($0 < 6 ? " " : "")" }.contains { $0.code == "patients.alike" })
    // Zeros within a name, and marks that nobody sees.
    #expect(try check { "P\($0 < 6 ? "00" : "")\($0 % 6)" }.first { $0.code == "patients.alike" }?.count == 6)
    #expect(try check { "p\($0 % 6)\($0 < 6 ? "\u{2060}" : "")" }.first { $0.code == "patients.alike" }?.count == 6)
    #expect(try !check { "P10\($0 / 2)" }.contains { $0.code == "patients.alike" })
    func placeholder(_ patient: (Int) -> String) throws -> [DataFinding] { try check(patient).filter { $0.code == "patients.placeholder" } }
    #expect(try placeholder { $0 < 4 ? "-1" : "p\($0)" }.first?.sentence == "4 images are of the patient “-1”.")
    #expect(try placeholder { $0 < 3 ? "999" : "\($0)" }.first?.count == 3)
    let rounded = try #require(try placeholder { $0 < 5 ? "1.23E+12" : "12300000000\($0)" }.first)
    #expect(rounded.severity == .warned && rounded.remedy.contains("export the column as text"), "\(rounded)")
    #expect(try placeholder { $0 < 4 ? "ANONYMOUS" : "p\($0)" }.first?.sentence == "4 images are of the patient “ANONYMOUS”.")
    let dated = try #require(try placeholder { $0 < 5 ? "1-Jan" : "1-\($0)" }.first)
    #expect(dated.count == 5 && dated.remedy.hasPrefix("A spreadsheet makes dates such as “1-Jan”"), "\(dated)")
    // Numbers in a row with as many images each are patients, and one image makes no group.
    #expect(try placeholder { "\($0 / 2)" }.isEmpty && placeholder { "\(96 + $0 / 2)" }.isEmpty)
    #expect(try placeholder { $0 == 0 ? "-1" : "\($0)" }.isEmpty)
    let unknown = try check { $0 < 3 ? "nan" : "p\($0)" }.first { $0.code == "source.unusable" }
    #expect(unknown?.sentence == "3 rows of t.csv name no patient, first line 2, which says “nan”.")
  }
}
