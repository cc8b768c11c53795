internal import Foundation
internal import FuzzHarness
internal import Studies

extension DatasetFormat {
  /// Data sets around pictures that lie below some folders; none where these are not there.
  static func all(below folders: [URL]) -> [DatasetFormat] {
    func bytes(_ name: String) -> [UInt8]? {
      folders.lazy.compactMap { try? Data(contentsOf: $0.appendingPathComponent(name)) }.first.map { [UInt8]($0) }
    }
    guard let picture = bytes("png-grey8.png"), let volume = bytes("axes-ras.nii"), let slice = bytes("explicit-little-16.dcm") else { return [] }
    let pictures = (0..<8).map { (name: "images/p\($0 / 2)-\($0).png", bytes: picture) }
    return [
      DatasetFormat(name: "tables", damage: .table, fixtures: tables(pictures)),
      DatasetFormat(name: "runLengthTables", damage: .table, fixtures: runLengthTables(pictures)),
      DatasetFormat(name: "splitLists", damage: .table, fixtures: splits(pictures)),
      DatasetFormat(name: "sliceTables", damage: .table, fixtures: [slices(slice)]),
      DatasetFormat(name: "coco", damage: .text, fixtures: annotations(pictures)),
      DatasetFormat(name: "nnUNet", damage: .text, fixtures: descriptions(volume)),
      DatasetFormat(name: "arrays", damage: .arrays, fixtures: archives()),
      DatasetFormat(name: "labelMaps", damage: .arrays, fixtures: [labelMaps()]),
      DatasetFormat(name: "medIMeta", damage: .table, fixtures: [medIMeta(picture)]),
      DatasetFormat(name: "patients", damage: .table, fixtures: patients(pictures)),
    ] + further(bytes)
  }

  /// Those whose pictures are damaged.
  private static func further(_ bytes: (String) -> [UInt8]?) -> [DatasetFormat] {
    guard let gray = bytes("png-grey8.png"), let mask = bytes("png-grey1.png"), let palette = bytes("png-palette1.png"), let deep = bytes("png-grey16.png"),
      let pages = bytes("tiff-pages.tif"), let turned = bytes("jpeg-orientation6.jpg")
    else { return [] }
    return [
      DatasetFormat(name: "caseFolders", damage: .pictures, fixtures: [caseFolders(gray, masks: [mask, palette, gray])]),
      DatasetFormat(
        name: "pictureChoices", damage: .pictures,
        fixtures: choices([("png", deep), ("jpg", turned)], PictureChoices(orientation: .asStored, range: [0, 4095]))
          + choices([("tif", pages)], PictureChoices(frame: 2, range: [-10, 300]))),
    ]
  }

  private typealias Files = [(name: String, bytes: [UInt8])]

  /// Few images, and no part may be empty.
  private static let shares = SplitRule(validation: 0.34, test: 0.25)

  private static func text(_ lines: [String]) -> [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

  private static func names(_ pictures: Files) -> [String] { pictures.map { String($0.name.dropFirst("images/".count)) } }

  // MARK: Tables with a row an image

  private static func tables(_ pictures: Files) -> [DatasetFixture] {
    let names = names(pictures), parts = ["train", "valid", "test"]
    let columns = text(["path,patient,A,B"] + names.enumerated().map { "\($1),\($0 / 2),\($0 % 2),\($0 % 3 == 0 ? "1.0" : "")" })
    let listed = text(
      ["Image Index,Finding Labels,Patient ID,split"] + names.enumerated().map { "\($1),\(["A", "A|B", "B", "\"No, none\""][$0 % 4]),\($0 / 2),\(parts[$0 / 2 % 3])" })
    let python = text(["path,found"] + names.enumerated().map { "\($1),\"['A', \"\"B \"\"\(["]", ", 'C']"][$0 % 2])\"" })
    let words = text(names.enumerated().map { "\($0 / 2)\t\($1) \($0 % 2)" })
    let key = text(["key,label"] + (0..<8).map { "\($0),\($0 % 2)" })
    let keyed = text(["path,key"] + names.enumerated().map { "\($1),\($0)" })
    return [
      DatasetFixture(.multiLabelClassification, damaged: [("t.csv", columns)], whole: pictures) {
        .manifest(
          ManifestSource(
            file: $0 + "t.csv", imageRoot: $0 + "images", repeatedRows: .majority, labelColumns: ["A", "B"], uncertainLabel: -1,
            patientColumn: "patient", split: shares))
      },
      DatasetFixture(.multiLabelClassification, damaged: [("t.csv", listed)], whole: pictures) {
        .manifest(
          ManifestSource(
            file: $0 + "t.csv", imageRoot: $0 + "images", pathColumn: "Image Index", labelListColumn: "Finding Labels", labels: ["A", "B"],
            patientColumn: "Patient ID", splitColumn: "split", rows: .present))
      },
      DatasetFixture(.multiLabelClassification, damaged: [("t.csv", python)], whole: pictures) {
        .manifest(
          ManifestSource(
            file: $0 + "t.csv", imageRoot: $0 + "images", labelListColumn: "found", labelSyntax: .python, labels: ["A", "B"],
            patientPattern: "p([0-9]+)-", split: shares))
      },
      DatasetFixture(.binaryClassification, damaged: [("t.csv", words)], whole: pictures) {
        .manifest(
          ManifestSource(
            file: $0 + "t.csv", imageRoot: $0 + "images", columns: ["patient", "path", "A"], columnSeparator: .space, labelColumns: ["A"],
            patientColumn: "patient", split: shares))
      },
      DatasetFixture(.binaryClassification, damaged: [("t.csv", keyed), ("j.csv", key)], whole: pictures) {
        .manifest(
          ManifestSource(
            file: $0 + "t.csv", imageRoot: $0 + "images", joins: [TableJoin(file: $0 + "j.csv", on: ["key"], unmatched: .leaveOut)],
            keep: [RowFilter("label", ["0", "1"])], labelColumns: ["label"], split: shares))
      },
    ]
  }

  private static func runLengthTables(_ pictures: Files) -> [DatasetFixture] {
    let names = names(pictures)
    let texts: [(ManifestSource.RunLengthFormat, [String])] = [
      (.relativePairs, [" -1", "3 4 2 1", "0 2"]), (.absolutePairs, ["", "1 4 9 2", "5 1"]), (.counts, ["", "40 20 57", "0 117"]), (.compressedCounts, ["", "X1d0i1"]),
    ]
    return texts.map { format, masks in
      let table = text(["ImageId, EncodedPixels"] + (0..<12).map { "\(names[$0 % 8]),\(masks[$0 % masks.count])" })
      return DatasetFixture(.binarySegmentation, damaged: [("t.csv", table)], whole: pictures) {
        .manifest(
          ManifestSource(
            file: $0 + "t.csv", imageRoot: $0 + "images", pathColumn: "ImageId", rleColumn: "EncodedPixels", rleFormat: format, split: shares))
      }
    }
  }

  private static func slices(_ slice: [UInt8]) -> DatasetFixture {
    let rows = (0..<8).map { (study: "s\($0 / 2)", series: "e\($0 % 2)", instance: "i\($0)") }
    let table = text(["StudyInstanceUID,SeriesInstanceUID,SOPInstanceUID,pe"] + rows.enumerated().map { "\($1.study),\($1.series),\($1.instance),\($0 % 2)" })
    let files = rows.map { (name: "tree/\($0.study)/\($0.series)/\($0.instance).dcm", bytes: slice) }
    return DatasetFixture(.binaryClassification, damaged: [("t.csv", table)], whole: files) {
      .sliceTable(
        SliceTableSource(
          file: $0 + "t.csv", imageRoot: $0 + "tree", labelColumns: ["pe"], windowCenter: 100, windowWidth: 700, rows: .present, split: shares))
    }
  }

  // MARK: Splits

  private static func splits(_ pictures: Files) -> [DatasetFixture] {
    let names = names(pictures)
    let table = text(["path,A,patient"] + names.enumerated().map { "\($1),\($0 % 2),\($0 / 2)" })
    let lists: Files = [("train.txt", text(names[..<4].map { "\($0) 0" })), ("valid.txt", text(Array(names[4..<6]))), ("test.txt", text(Array(names[6...])))]
    let split = text(["path,split"] + names.enumerated().map { "\($1),\(["training", "validation", "test"][min($0 / 3, 2)])" })
    return [
      DatasetFixture(.binaryClassification, damaged: lists, whole: [("t.csv", table)] + pictures) {
        .manifest(
          ManifestSource(
            file: $0 + "t.csv", imageRoot: $0 + "images", labelColumns: ["A"],
            splitLists: SplitLists([
              SplitLists.Lists("official", training: $0 + "train.txt", validation: $0 + "valid.txt", test: $0 + "test.txt")
            ])))
      },
      DatasetFixture(.binaryClassification, damaged: [("split.csv", split)], whole: [("t.csv", table)] + pictures) {
        .manifest(
          ManifestSource(file: $0 + "t.csv", imageRoot: $0 + "images", labelColumns: ["A"], split: SplitRule(file: $0 + "split.csv")))
      },
    ]
  }

  // MARK: Annotations

  private static func annotations(_ pictures: Files) -> [DatasetFixture] {
    let images = names(pictures).enumerated().map { #"{"id":\#($0),"file_name":"\#($1)","width":13,"height":9}"# }
    let shapes = [
      #""segmentation":[[1,1,6.5,1,6.5,7,1,7]]"#, #""segmentation":[[0,0,12,0,12,8],[2.5,3,4,8,1,1,0,0]]"#,
      #""segmentation":{"size":[9,13],"counts":[40,20,57]}"#, #""segmentation":{"size":[9,13],"counts":"X1d0i1"},"iscrowd":1"#,
      #""segmentation":{"size":[9,13],"counts":[0,117]}"#,
    ]
    let objects = (0..<10).map { #"{"id":\#($0),"image_id":\#($0 % 8),"category_id":\#($0 % 2),"bbox":[1.5,2,3,4],\#(shapes[$0 % 5])}"# }
    let document = text([
      #"{"info":{},"images":["# + images.joined(separator: ",\n"), #"],"categories":[{"id":0,"name":"A"},{"id":1,"name":"B"}],"annotations":["#,
      objects.joined(separator: ",\n"), "]}",
    ])
    return [(COCOSource.Shape.segmentation, MaskSizeRule.exact), (.segmentation, .nearest), (.box, .exact)].map { shape, size in
      DatasetFixture(.binarySegmentation, damaged: [("a.json", document)], whole: pictures) {
        .coco(
          COCOSource(
            training: COCOSource.Part(annotations: $0 + "a.json", images: $0 + "images"), shape: shape, maskSize: size,
            patientPattern: "p([0-9]+)-", split: shares))
      }
    } + [
      DatasetFixture(.multiLabelClassification, damaged: [("a.json", document)], whole: pictures) {
        .coco(COCOSource(training: COCOSource.Part(annotations: $0 + "a.json", images: $0 + "images"), categories: ["A", "B"], split: shares))
      }
    ]
  }

  private static func descriptions(_ volume: [UInt8]) -> [DatasetFixture] {
    let second = #"{"channel_names":{"0":"CT"},"labels":{"background":0,"organ":1,"parts":[2,3],"ignore":4},"numTraining":4,"file_ending":".nii"}"#
    let first = #"{"name":"x","modality":{"0":"CT"},"labels":{"0":"background","1":"organ","2":"lesion"},"file_ending":".nii"}"#
    let images = (0..<4).flatMap { [(name: "imagesTr/c\($0)_0000.nii", bytes: volume), (name: "labelsTr/c\($0).nii", bytes: volume)] }
    return [second, first].map { description in
      DatasetFixture(.binarySegmentation, damaged: [("dataset.json", text([description]))], whole: images) {
        .nnUNet(NNUNetSource(folder: String($0.dropLast()), windowCenter: 0, windowWidth: 100, split: shares))
      }
    }
  }

  // MARK: Archives

  private static func array(_ type: String, _ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    let header = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(shape.map { "\($0)," }.joined(separator: " "))), }"
    let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(padded.utf8) + bytes
  }

  /// Images with label maps, as MedSegBench's.
  private static func labelMaps() -> DatasetFixture {
    let members = [("train", 6), ("val", 3), ("test", 3)].flatMap { name, count -> [(name: String, data: [UInt8])] in
      [
        ("\(name)_images.npy", array("|u1", [count, 5, 4, 3], (0..<count * 60).map { UInt8(truncatingIfNeeded: $0 * 7) })),
        ("\(name)_label.npy", array("|u1", [count, 5, 4], (0..<count * 20).map { UInt8($0 % 3) })),
      ]
    }
    return DatasetFixture(.binarySegmentation, damaged: [("a.npz", StoredArchives.zip(members, isDeflated: false))], whole: []) {
      .arrays(ArraySource(file: $0 + "a.npz", classes: [], objects: [1]))
    }
  }

  /// The lists and the labels of a task of MedIMeta.
  private static func medIMeta(_ picture: [UInt8]) -> DatasetFixture {
    let names = (0..<9).map { "images/00000\($0).tiff" }
    let lists: Files = [("train", 0..<5), ("val", 5..<7), ("test", 7..<9)].map { ("splits/\($0).txt", text(Array(names[$1]))) }
    let labels = array("|u1", [9], (0..<9).map { UInt8($0 % 2) })
    return DatasetFixture(
      .binaryClassification, damaged: lists + [("task_labels/disease.npy", labels)], whole: names.map { ($0, picture) }
    ) {
      .medIMeta(MedIMetaSource(folder: String($0.dropLast()), task: "disease", classes: ["A"]))
    }
  }

  // MARK: Pictures

  /// A folder an image, as of nuclei: one of several masks each, of several kinds.
  private static func caseFolders(_ picture: [UInt8], masks: [[UInt8]]) -> DatasetFixture {
    let drawn = (0..<8).flatMap { number in
      masks.enumerated().filter { ($0.offset + number) % 3 > 0 }.map { (name: "cases/c\(number)/masks/m\($0.offset).png", bytes: $0.element) }
    }
    let images = (0..<8).map { (name: "cases/c\($0)/images/c\($0).png", bytes: picture) }
    return DatasetFixture(.binarySegmentation, damaged: drawn + [images[0], images[5]], whole: Array(images[1...4]) + Array(images[6...])) {
      .caseFolders(CaseFolderSource(training: $0 + "cases", maskSize: .nearest, split: shares))
    }
  }

  private static func choices(_ kinds: Files, _ choices: PictureChoices) -> [DatasetFixture] {
    let images = (0..<8).map { (name: "images/p\($0).\(kinds[$0 % kinds.count].name)", bytes: kinds[$0 % kinds.count].bytes) }
    let table = text(["path,A"] + images.enumerated().map { "\($1.name.dropFirst(7)),\($0 / 2 % 2)" })
    var fixture = DatasetFixture(.binaryClassification, damaged: images, whole: [("t.csv", table)]) {
      .manifest(ManifestSource(file: $0 + "t.csv", imageRoot: $0 + "images", labelColumns: ["A"], split: shares))
    }
    fixture.pictures = choices
    return [fixture]
  }

  /// A table of patients beside folders whose names tell none.
  private static func patients(_ pictures: Files) -> [DatasetFixture] {
    let names = names(pictures)
    let tables = [
      text(["image,patient"] + names.enumerated().map { "\($1),\($0 / 2)" }),
      text(["image;patient"] + names.enumerated().map { "\($1.dropLast(4));\($0 / 2).0" }),
    ]
    return tables.map { table in
      var fixture = DatasetFixture(
        .binarySegmentation, damaged: [("p.csv", table)], whole: pictures + pictures.map { ("masks/" + $0.name.dropFirst(7), $0.bytes) }
      ) {
        .maskFolders(MaskFolderSource(training: FolderPair(images: [$0 + "images"], masks: [$0 + "masks"]), split: shares))
      }
      fixture.patients = { PatientTable(file: $0 + "p.csv") }
      return fixture
    }
  }

  private static func archives() -> [DatasetFixture] {
    func archive(_ channels: Int, labels: (Int) -> [UInt8], width: Int, _ type: String) -> [UInt8] {
      let parts = [("train", 6), ("val", 3), ("test", 3)]
      return StoredArchives.zip(
        parts.flatMap { name, count -> [(name: String, data: [UInt8])] in
          let shape = [count, 5, 4] + (channels == 1 ? [] : [channels])
          let pixels = (0..<shape.reduce(1, *)).map { UInt8(truncatingIfNeeded: $0 * 7) }
          return [
            ("\(name)_images.npy", array("|u1", shape, pixels)),
            ("\(name)_labels.npy", array(type, [count, width], (0..<count * width).flatMap(labels))),
          ]
        }, isDeflated: false)
    }
    let gray = archive(1, labels: { [UInt8($0 % 2)] }, width: 1, "|u1")
    let color = archive(3, labels: { [UInt8($0 % 3), 0, 0, 0, 0, 0, 0, 0] }, width: 1, "<i8")
    let several = archive(1, labels: { [UInt8($0 % 2), 0] }, width: 2, "<u2")
    let sets: [([UInt8], TaskKind, [String])] = [
      (gray, .binaryClassification, ["A"]), (color, .multiclassClassification, ["A", "B", "C"]), (several, .multiLabelClassification, ["A", "B"]),
    ]
    return sets.map { bytes, kind, classes in
      DatasetFixture(kind, damaged: [("a.npz", bytes)], whole: []) { .arrays(ArraySource(file: $0 + "a.npz", classes: classes)) }
    }
  }
}
