import DatasetFixtures
import Foundation
import Foundations
import Imaging
import Studies
import Testing

@testable import Datasets

@Suite("Annotations in COCO's layout")
struct AnnotationTests {
  private static let categories = #"[{"id": 3, "name": "ActiveTuberculosis"}, {"id": 7, "name": "Obsolete"}]"#

  /// Six images of 4 × 3 pixels; the first three are annotated in the three ways.
  private func dataset(annotations: String? = nil) throws -> (TemporaryData, COCOSource) {
    let data = try TemporaryData()
    let images = (1...6).map { #"{"id": \#($0), "file_name": "tb/\#($0).png", "width": 4, "height": 3}"# }.joined(separator: ",")
    let all =
      annotations ?? #"""
        {"id": 1, "image_id": 1, "category_id": 3, "bbox": [1, 0, 2, 2], "segmentation": [[0, 0, 2, 0, 2, 3, 0, 3]]},
        {"id": 2, "image_id": 1, "category_id": 7, "bbox": [3, 2, 1, 1], "segmentation": {"size": [3, 4], "counts": [11, 1]}},
        {"id": 3, "image_id": 2, "category_id": 3, "bbox": [0, 0, 4, 3], "segmentation": {"size": [3, 4], "counts": "0<"}},
        {"id": 4, "image_id": 3, "category_id": 7, "bbox": [0, 0, 1, 1], "segmentation": {"size": [3, 4], "counts": [0, 1, 11]}}
        """#
    try data.write(#"{"images": [\#(images)], "annotations": [\#(all)], "categories": \#(Self.categories)}"#, to: "a.json")
    for number in 1...6 {
      let url = data.url.appendingPathComponent("imgs/tb/\(number).png")
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try ImageFile.writePNG(PixelBuffer(width: 4, height: 3, channels: 1, bitDepth: 8, samples: .bytes([UInt8](repeating: 7, count: 12))), to: url)
    }
    let source = COCOSource(
      training: COCOSource.Part(annotations: data.path("a.json"), images: data.path("imgs")), split: SplitRule(validation: 0.2, test: 0.2))
    return (data, source)
  }

  private func masks(_ source: COCOSource) throws -> [String: [UInt8]] {
    let splits = try DatasetResolver.resolve(.coco(source), kind: .binarySegmentation)
    return try Dictionary(
      uniqueKeysWithValues: splits.all.map { sample in
        (sample.id, try #require(sample.mask).read(for: sample.image.read(), of: sample.id).values)
      })
  }

  private func failure(_ source: COCOSource, kind: TaskKind = .binarySegmentation) -> String {
    do {
      _ = try DatasetResolver.resolve(.coco(source), kind: kind)
      return "no failure"
    } catch { return "\(error)" }
  }

  @Test("Polygons, counts and letters of all categories unite; an image without any holds no object")
  func union() throws {
    let (data, source) = try dataset()
    let masks = try masks(source)
    #expect(masks["training/tb/1.png"] == [1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 1])
    #expect(masks["training/tb/2.png"] == [UInt8](repeating: 1, count: 12))
    #expect(masks["training/tb/3.png"] == [1] + [UInt8](repeating: 0, count: 11))
    #expect(masks["training/tb/4.png"] == [UInt8](repeating: 0, count: 12))
    _ = data
  }

  @Test("An annotation without a corner, of a category that is not listed, or of two of one name is refused; one of an image that is not listed is remarked")
  func lostObjects() throws {
    func annotation(_ image: Int, category: Int = 3, _ polygons: String = "[[0, 0, 2, 0, 2, 3]]") -> String {
      #"{"id": \#(image), "image_id": \#(image), "category_id": \#(category), "bbox": [0, 0, 2, 2], "segmentation": \#(polygons)}"#
    }
    // As programs write it where only boxes were drawn.
    let (empty, boxes) = try dataset(annotations: [annotation(1), annotation(2, "[]")].joined(separator: ","))
    #expect(failure(boxes) == "The annotation 2 of a.json has no corner in its segmentation. Correct it, or set `shape: box`.")
    var drawn = boxes
    drawn.shape = .box
    #expect(failure(drawn) == "no failure")
    let (unlisted, other) = try dataset(annotations: [annotation(1), annotation(2, category: 4), annotation(3, category: 4)].joined(separator: ","))
    #expect(
      failure(other)
        == "2 annotations of a.json are of a category that it does not list, such as annotation 2 of category 4; it has 3 and 7. Add the category, or correct the annotations.")
    let (orphaned, orphan) = try dataset(annotations: [annotation(1), annotation(99)].joined(separator: ","))
    let remarks = try DatasetResolver.resolve(.coco(orphan), kind: .binarySegmentation).remarks.map(\.words)
    #expect(remarks == ["1 of 2 annotations of a.json is of images that it does not list, such as annotation 99 of image 99."])
    let text = try String(contentsOfFile: orphaned.path("a.json"), encoding: .utf8).replacingOccurrences(of: "Obsolete", with: "ActiveTuberculosis")
    try orphaned.write(text, to: "a.json")
    var named = orphan
    named.categories = ["ActiveTuberculosis"]
    #expect(failure(named) == "The file a.json has 2 categories “ActiveTuberculosis”, and nothing says which is meant. Give each category a name of its own, or make them one.")
    _ = (empty, unlisted)
  }

  @Test("One category alone, and boxes instead of outlines")
  func choices() throws {
    var (data, source) = try dataset()
    source.categories = ["Obsolete"]
    #expect(try masks(source)["training/tb/1.png"] == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1])
    source.categories = ["ActiveTuberculosis"]
    source.shape = .box
    #expect(try masks(source)["training/tb/1.png"] == [0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0])
    source.categories = ["Obsolet"]
    #expect(failure(source) == "The file a.json has no category “Obsolet”. Did you mean “Obsolete”?")
    _ = data
  }

  @Test("Categories are the labels of a classification")
  func labels() throws {
    var (data, source) = try dataset()
    #expect(failure(source, kind: .multiLabelClassification) == "Nothing says which categories are the classes. Give `categories`, in the order of the network's outputs.")
    source.categories = ["Obsolete", "ActiveTuberculosis"]
    let splits = try DatasetResolver.resolve(.coco(source), kind: .multiLabelClassification)
    let labels = Dictionary(uniqueKeysWithValues: splits.all.map { ($0.id, $0.labels) })
    #expect(splits.classNames == source.categories)
    #expect(labels["training/tb/1.png"] == [1, 1] && labels["training/tb/2.png"] == [0, 1] && labels["training/tb/6.png"] == [0, 0])
    _ = data
  }

  @Test(
    "A file that is no such layout says where",
    arguments: [
      (#"{"id": 1, "category_id": 3}"#, "holds no annotations in COCO's layout: it has no annotations.0.image_id. Give a file with images, annotations and categories."),
      (
        #"{"id": "x", "image_id": 1, "category_id": 3}"#,
        "holds no annotations in COCO's layout: its annotations.0.id is of another type. Give a file with images, annotations and categories."
      ),
      (#"{"id": 1, "image_id": 1"#, "holds no annotations in COCO's layout: it is no JSON. Give a file with images, annotations and categories."),
      (#"{"id": 1, "image_id": 1, "category_id": 3}"#, "The annotation 1 of a.json has no segmentation. Correct it, or set `shape: box`."),
      (
        #"{"id": 1, "image_id": 1, "category_id": 3, "segmentation": [[1, 2, 3, 4]]}"#,
        "The annotation 1 of a.json has no polygon of three corners or more. Correct it, or set `shape: box`."
      ),
    ])
  func broken(annotations: String, sentence: String) throws {
    let (data, source) = try dataset(annotations: annotations)
    #expect(failure(source).hasSuffix(sentence))
    _ = data
  }

  @Test("An annotation of another size than its image is refused before a mask of that size is made")
  func hugeSize() throws {
    let (data, source) = try dataset(
      annotations: #"{"id": 1, "image_id": 1, "category_id": 3, "segmentation": {"size": [10000, 10000], "counts": [100000000]}}"#)
    let sample = try #require(try DatasetResolver.resolve(.coco(source), kind: .binarySegmentation).all.first { $0.id == "training/tb/1.png" })
    let start = ContinuousClock.now
    let error = #expect(throws: DatasetsError.self) { try sample.mask?.read(for: sample.image.read(), of: sample.id) }
    #expect(
      error?.description
        == "The image training/tb/1.png has 4 × 3 pixels and its mask has 10000 × 10000. Give the mask that belongs to the image, in the same size.")
    #expect(ContinuousClock.now - start < .seconds(1))
    _ = data
  }

  @Test("The real sample of TBX11K is read: boxes as masks, categories as labels", .tags(.data), .realImages)
  func tuberculosis() throws {
    let part = COCOSource.Part(
      annotations: RealData.path("tbx11k-sample/annotations/json/TBX11K_train.json"), images: RealData.path("tbx11k-sample/imgs"))
    let found = try COCOReader(source: COCOSource(training: part, shape: .box), kind: .binarySegmentation).read()
    let samples = try #require(found.parts[.training])
    let areas = try samples.map { sample in
      try #require(sample.mask).read(for: sample.image.read(), of: sample.id).foregroundCount
    }
    #expect(samples.map(\.id) == ["training/tb/tb0005.png", "training/tb/tb0007.png", "training/health/h0001.png"])
    // Boxes of 40.2 × 44.6 pixels; of 135.5 × 146.6 and 126.2 × 116.2, which do not touch; none.
    #expect(abs(Double(areas[0]) - 40.237 * 44.566) < 90 && abs(Double(areas[1]) - (135.504 * 146.611 + 126.179 * 116.225)) < 600 && areas[2] == 0)
  }
}

@Suite("Folders in nnU-Net's layout")
struct NNUNetTests {
  private func failure(_ source: NNUNetSource) -> String {
    do {
      _ = try DatasetResolver.resolve(.nnUNet(source), kind: .binarySegmentation)
      return "no failure"
    } catch { return "\(error)" }
  }

  private func description(_ labels: String, ending: String) -> String {
    #"{"channel_names": {"0": "X-ray"}, "labels": \#(labels), "numTraining": 5, "file_ending": "\#(ending)"}"#
  }

  @Test("Pictures are paired with their label maps by case and channel, and labels choose values")
  func pictures() throws {
    let data = try TemporaryData()
    try data.write(description(#"{"background": 0, "heart": 1, "lungs": [2, 3]}"#, ending: ".png"), to: "dataset.json")
    for number in 1...6 {
      for (folder, name) in [("imagesTr", "case_0\(number)_0000.png"), ("labelsTr", "case_0\(number).png")] {
        let url = data.url.appendingPathComponent("\(folder)/\(name)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try ImageFile.writePNG(PixelBuffer(width: 4, height: 1, channels: 1, bitDepth: 8, samples: .bytes([0, 1, 2, 3])), to: url)
      }
    }
    func values(_ labels: [String]) throws -> [UInt8] {
      let source = NNUNetSource(folder: data.path, labels: labels, split: SplitRule(validation: 0.2, test: 0.2))
      let splits = try DatasetResolver.resolve(.nnUNet(source), kind: .binarySegmentation)
      #expect(splits.all.map(\.id).sorted() == (1...6).map { "training/case_0\($0)" })
      let sample = splits.training[0]
      return try #require(sample.mask).read(for: sample.image.read(), of: sample.id).values
    }
    #expect(try values([]) == [0, 1, 1, 1])
    #expect(try values(["heart"]) == [0, 1, 0, 0])
    #expect(try values(["lungs"]) == [0, 0, 1, 1])
    var source = NNUNetSource(folder: data.path, labels: ["hart"])
    #expect(failure(source) == "The description \(data.path)/dataset.json names no label “hart”. Did you mean “heart”?")
    source.labels = []
    source.channel = 1
    #expect(
      failure(source)
        == "6 of 6 images are not in \(data.path)/imagesTr: case_01_0001.png, case_02_0001.png, case_03_0001.png and 3 more. Add them, take their label maps away, or correct `channel`."
    )
    try FileManager.default.removeItem(atPath: data.path("dataset.json"))
    #expect(failure(source) == "There is no description at \(data.path)/dataset.json. Correct `folder`: it holds dataset.json, imagesTr and labelsTr.")
    for (text, reason) in [
      ("[]", "holds no object with labels"), (#"{"labels": {"background": 0}}"#, "names no label but the background"),
      (#"{"labels": {"heart": "one"}}"#, "has a label “heart” without a number"),
    ] {
      try data.write(text, to: "dataset.json")
      #expect(
        failure(source)
          == "The description \(data.path)/dataset.json \(reason). Write it as nnU-Net documents it, with \"labels\": {\"background\": 0, …} and \"file_ending\".")
    }
  }

  @Test(
    "A real volume becomes its axial slices, all of a case in one part, image and label map in one place",
    .tags(.data), .realImages)
  func volumes() throws {
    let data = try TemporaryData()
    try data.write(description(#"{"background": 0, "bright": 200}"#, ending: ".nii.gz"), to: "dataset.json")
    let volume = URL(fileURLWithPath: RealData.path("nifti/avg152T1_LR_nifti.nii.gz"))
    for name in ["a", "b", "c"] {
      for path in ["imagesTr/\(name)_0000.nii.gz", "labelsTr/\(name).nii.gz"] {
        let url = data.url.appendingPathComponent(path)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(at: url, withDestinationURL: volume)
      }
    }
    var source = NNUNetSource(folder: data.path, split: SplitRule(validation: 0.5, test: 0.34))
    let splits = try DatasetResolver.resolve(.nnUNet(source), kind: .binarySegmentation)
    #expect(splits.all.count == 3 * 91 && splits.test.count == 91)
    #expect(Set(splits.test.compactMap(\.patient)).count == 1)
    let sample = try #require(splits.all.first { $0.id == "training/b/axial-045" })
    let file = try NIfTIFile.open(volume)
    let slice = try file.slice(45, plane: .axial)
    let image = try sample.image.read(), mask = try #require(sample.mask).read(for: image, of: sample.id)
    #expect(image.width == slice.width && image.height == slice.height && image.bitDepth == 16)
    #expect(mask.values == slice.values.map { $0 == 200 ? 1 : 0 } && mask.foregroundCount > 0)
    // All slices share the volume's scale: the brightest of this one is not white unless it is the volume's.
    let greatest = try (0..<91).map { try file.slice($0, plane: .axial).values.max() ?? 0 }.max() ?? 0
    let expected = slice.values.map { UInt16(($0 / greatest * 65535).rounded()) }
    guard case .words(let words) = image.samples else { throw CancellationError() }
    #expect(zip(words, expected).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    source.plane = .sagittal
    source.windowCenter = 100
    source.windowWidth = 100
    let sagittal = try DatasetResolver.resolve(.nnUNet(source), kind: .binarySegmentation)
    #expect(sagittal.all.count == 3 * file.sliceCount(.sagittal))
    #expect(sagittal.fingerprint != splits.fingerprint)
  }
}
