import Foundation
import Foundations
import Studies
import Testing

@testable import Datasets
@testable import Inspection

@Suite("Published lists of training images")
final class TrainingListTests {
  /// A data set of files that have their name as content, `count` for training and as many for the test.
  private func splits(_ test: [String], training: [String] = ["train/other_0001.png"]) throws -> DatasetSplits {
    func samples(_ names: [String]) throws -> [Sample] {
      try names.map { name in
        let url = folder.appendingPathComponent("images/\(name)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data("bytes of \(name)".utf8).write(to: url)
        return Sample(id: name, image: ImageReference(url), labels: [1], byteCount: 1)
      }
    }
    return try DatasetSplits(
      parts: [.training: samples(training), .validation: samples(["validation_0001.png"]), .test: samples(test)], classNames: ["a"])
  }

  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lists-\(UUID().uuidString)")

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func list(_ name: String, _ text: String) throws -> TrainingImageList {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let url = folder.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    return TrainingImageList(url)
  }

  private let names = (1...100).map { String(format: "%08d_000.png", $0) }

  @Test("Seven of a hundred test images that stand on a list among a thousand others are found, by name, and no other")
  func planted() throws {
    let splits = try splits(names), planted = Set([3, 10, 11, 42, 77, 99, 100])
    let others = (200..<1200).map { String(format: "%08d_001.png", $0) }
    let rows = (planted.map { names[$0 - 1] } + others).sorted().map { "NIH,images_002/\($0),train\n" }
    let table = try list("training_images.csv", "dataset,path,split\n" + rows.joined())
    let found = try table.finding(splits)
    #expect(found.matches.map(\.image) == planted.sorted().map { names[$0 - 1] })
    #expect(found.matches.allSatisfy { $0.evidence == .name } && found.entries == 1007 && !found.hasDigests)
    #expect(try found.sha256 == Digest.sha256Hex(ofFile: table.file))
    // One a line, without a header, with Windows line ends, another ending and labels behind: the same images.
    let text = try list("train_val_list.txt", planted.sorted().map { names[$0 - 1].replacingOccurrences(of: ".png", with: ".JPG") + " 1 0\r\n" }.joined())
    #expect(try text.finding(splits).matches.map(\.image) == found.matches.map(\.image))
    // A table without a header begins with an image.
    #expect(try list("bare.csv", "00000003_000.png,1\n00009999_000.png,0\n").finding(splits).matches.map(\.image) == ["00000003_000.png"])
  }

  @Test("Images that folders alone tell apart are found by their folders, and not by the name that all have")
  func paths() throws {
    let test = ["valid/patient64541/study1/view1_frontal.jpg", "valid/patient64542/study1/view1_frontal.jpg", "valid/patient64542/study1/view2_lateral.jpg"]
    let splits = try splits(test, training: ["train/patient00001/study1/view1_frontal.jpg"])
    let table = try list(
      "train.csv",
      """
      Path,Sex
      CheXpert-v1.0-small/train/patient00001/study1/view1_frontal.jpg,F
      CheXpert-v1.0-small/train/patient64542/study1/view1_frontal.jpg,M
      CheXpert-v1.0-small/train/patient64542/study9/view2_lateral.jpg,M

      """)
    let found = try table.finding(splits).matches
    #expect(found.map(\.image) == [test[1], test[2]])
    #expect(found.map(\.evidence) == [.path, .name])
    // Without folders it may be any of the two; with other folders it is another patient's.
    let short = try list("short.txt", "view1_frontal.jpg\n").finding(splits)
    #expect(short.matches.isEmpty && short.unprovenCount == 2)
    #expect(try list("others.txt", "train/patient00007/study1/view1_frontal.jpg\n").finding(splits).unprovenCount == 0)
  }

  @Test("A name that is short is no evidence without its folder; in its folder it is")
  func shortNames() throws {
    let splits = try splits(["drive/01_test.tif", "drive/02_test.tif"])
    let other = try list("other.txt", "01_test.tif\nelsewhere/02_test.tif\n").finding(splits)
    #expect(other.matches.isEmpty && other.unprovenCount == 2)
    // Numbers in a table are no names, and what is found is proven.
    #expect(try list("numbers.csv", "image,age\nx.png,01_test\n").finding(splits).unprovenCount == 0)
    #expect(try list("both.txt", "01_test.tif\nDRIVE/01_test.tif\n").finding(splits).unprovenCount == 0)
    #expect(try list("drive.txt", "DRIVE/01_test.gif\n").finding(splits).matches.map(\.image) == ["drive/01_test.tif"])
  }

  @Test("A file under another name is found by its SHA-256, or its MD5 where a column is called so; bytes are read only where they are asked for")
  func digests() throws {
    let splits = try splits(["first.png", "second.png", "third.png"])
    func digest(_ name: String, _ algorithm: Digest.Algorithm) throws -> String {
      try Digest.hex(ofFile: folder.appendingPathComponent("images/\(name)"), algorithm)
    }
    let sha = try digest("second.png", .sha256), md5 = try digest("third.png", .md5)
    let table = try list("list.csv", "name,sha256\na.png,\(String(repeating: "0", count: 64))\nb.png,\(sha.uppercased())\n")
    #expect(try table.finding(splits).matches == [.init(image: "second.png", evidence: .digest, entry: sha.uppercased())])
    #expect(try table.finding(splits, comparesBytes: false).matches.isEmpty)
    #expect(try list("md5.csv", "name,MD5\nb.png,\(md5)\n").finding(splits).matches.map(\.image) == ["third.png"])
    // Thirty-two digits without that word are a name.
    #expect(try !list("names.csv", "image\n\(md5)\n").finding(splits).hasDigests)
  }

  @Test("A list that is not there, and one that is empty, are refused in a sentence")
  func refused() throws {
    let splits = try splits(["first.png"]), missing = folder.appendingPathComponent("none.csv")
    do {
      _ = try TrainingImageList(missing).finding(splits)
      Issue.record("found")
    } catch {
      #expect(
        sentence(for: error)
          == "There is no list of training images at \(missing.path). Correct `trainingImages`, or remove it; a path in a study is relative to the study's own file.")
    }
    let empty = try list("empty.csv", "path\n")
    do {
      _ = try empty.finding(splits)
      Issue.record("found")
    } catch {
      #expect(
        sentence(for: error)
          == "The list of training images \(empty.file.path) names no image. Give a table with one row an image, or a text with one image a line.")
    }
  }
}
