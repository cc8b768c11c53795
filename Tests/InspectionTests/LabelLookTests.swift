import Foundation
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Inspection

@Suite("What a task can learn and be measured by is known before anything is trained")
struct LabelLookTests {
  private func check(_ data: InspectedFolder, _ rows: [(part: String, labels: [String])]) throws -> [DataFinding] {
    let names = ["L", "M"].prefix(rows[0].labels.count)
    for number in rows.indices { try data.image("\(number).png", number) }
    try data.write("path,split,\(names.joined(separator: ","))\n" + rows.enumerated().map { "\($0).png,\($1.part),\($1.labels.joined(separator: ","))\n" }.joined(), to: "t.csv")
    return data.check(
      .manifest(ManifestSource(file: data.path("t.csv"), imageRoot: data.url.path, labelColumns: Array(names), splitColumn: "split")),
      kind: names.count == 1 ? .binaryClassification : .multiLabelClassification)
  }

  private func rows(_ part: String, _ labels: [String]...) -> [(part: String, labels: [String])] { labels.map { (part, $0) } }

  @Test("A training part with one label alone is refused, a test or validation part of which no metric can exist is warned of")
  func oneSided() throws {
    let both = [["0"], ["1"], ["0"], ["1"]], none = [["0"], ["0"], ["0"]]
    func check(_ training: [[String]], _ validation: [[String]], _ test: [[String]]) throws -> [DataFinding] {
      try self.check(InspectedFolder(), training.map { ("train", $0) } + validation.map { ("val", $0) } + test.map { ("test", $0) })
    }
    let training = try check(none, both, both)
    #expect(training.filter(\.isRefusal).map(\.code) == ["labels.oneSided"])
    #expect(training.first { $0.isRefusal }?.sentence == "No class has both labels in the training part: L 0 present, 3 absent.")
    let test = try check(both, both, none)
    #expect(test.filter(\.isRefusal).isEmpty)
    #expect(test.first { $0.code == "labels.partLacks" }?.sentence == "In the test part 1 class has only one label: L 0 present, 3 absent.")
    let validation = try check(both, none, both)
    #expect(validation.first { $0.code == "labels.partLacks" }?.part == "validation")
    #expect(try check(both, both, both).allSatisfy { $0.severity == .noted })
    let unknown = try check(both + [[""], [""]], both, both)
    #expect(unknown.filter(\.isRefusal).isEmpty)
  }

  @Test("A number that stands for none is told: one beyond all others, and a negative one alone; ends of a row of numbers are not")
  func placeholderNumbers() throws {
    func told(_ number: (Int) -> String) throws -> [String] {
      let data = try InspectedFolder()
      for index in 0..<20 { try data.image("\(index).png", index) }
      try data.write("path,age\n" + (0..<20).map { "\($0).png,\(number($0))\n" }.joined(), to: "t.csv")
      var source = ManifestSource(file: data.path("t.csv"), imageRoot: data.url.path, split: SplitRule(validation: 0.2, test: 0.2))
      source.numberColumns = ["age"]
      return data.check(.manifest(source), kind: .regression, opensPictures: false).filter { $0.code == "numbers.placeholder" && $0.severity == .warned }.map(\.sentence)
    }
    func age(_ index: Int) -> Int { 20 + index * 7 % 60 }
    #expect(try told { $0 % 9 == 0 ? "999" : "\(age($0))" }.first?.hasPrefix("3 images have 999.0 as age, and the next number is ") == true)
    #expect(try told { $0 == 4 ? "-1" : "\($0)" } == ["1 image has -1.0 as age, and the next number is 0.0: 4.png."])
    #expect(try told { $0 == 3 ? "412.5" : "\(age($0))" }.count == 1)
    #expect(try told { "\(age($0))" }.isEmpty && told { "\($0 - 9)" }.isEmpty && told { $0 == 3 ? "" : "\(age($0))" }.isEmpty)
  }

  @Test("A class that no image has is told once, and others are not blamed for it")
  func absent() throws {
    let rows = ["train", "val", "test"].flatMap { part in (0..<4).map { (part: part, labels: ["\($0 % 2)", "0"]) } }
    let found = try check(InspectedFolder(), rows)
    #expect(found.filter { $0.code == "labels.absent" }.map(\.examples) == [["M"]])
    #expect(!found.contains { $0.code == "labels.partLacks" || $0.isRefusal })
  }

  @Test("Images that cannot be read are found in every part, and refused where they are more than the recipe bears")
  func unreadable() throws {
    let data = try InspectedFolder()
    for number in 0..<12 { try data.image("\(number).png", number) }
    try data.write(Data(contentsOf: data.url.appendingPathComponent("11.png")).prefix(300), to: "11.png")
    try data.write("path,split,L\n" + (0..<12).map { "\($0).png,\($0 < 6 ? "train" : $0 < 9 ? "val" : "test"),\($0 % 2)\n" }.joined(), to: "t.csv")
    let source = DataSource.manifest(ManifestSource(file: data.path("t.csv"), imageRoot: data.url.path, labelColumns: ["L"], splitColumn: "split"))
    let finding = try #require(data.check(source, kind: .binaryClassification).first { $0.code == "images.unreadable" })
    #expect(finding.isRefusal && finding.part == "test" && finding.examples == ["11.png"])
    #expect(finding.sentence.hasPrefix("1 of 3 test images cannot be used, more than the 1.0 % that are allowed: 11.png ("), "\(finding.sentence)")
  }

  @Test("Images of one brightness and images that use little of their range are told; copies across parts are too")
  func pictures() throws {
    let data = try InspectedFolder()
    for number in 0..<12 { try data.image("\(number).png", number, side: 64) }
    try data.write(StoredPNG.gray([UInt8](repeating: 90, count: 64 * 64), width: 64), to: "2.png")
    try data.write(StoredPNG.gray((0..<64 * 64).map { UInt8($0 % 17) }, width: 64), to: "3.png")
    try data.write(Data(contentsOf: data.url.appendingPathComponent("0.png")), to: "10.png")
    try data.write("path,split,L\n" + (0..<12).map { "\($0).png,\($0 < 6 ? "train" : $0 < 9 ? "val" : "test"),\($0 % 2)\n" }.joined(), to: "t.csv")
    let source = DataSource.manifest(ManifestSource(file: data.path("t.csv"), imageRoot: data.url.path, labelColumns: ["L"], splitColumn: "split"))
    let found = data.check(source, kind: .binaryClassification)
    #expect(found.first { $0.code == "images.uniform" }?.examples == ["2.png (all its pixels have the brightness 90 of 255)"])
    #expect(found.first { $0.code == "images.dark" }?.examples == ["3.png (it uses 6.3 % of the range from black to white: 0 to 16 of 255)"])
    let copies = try #require(found.first { $0.code == "copies.acrossParts" })
    #expect(copies.examples.contains("0.png (training) = 10.png (test)") && copies.sentence.contains("1 test image is known from training"), "\(copies)")
  }

  @Test("Every look has codes of its own, each with its meaning, and every finding that looks can make is among them")
  func codes() {
    let codes = DataLooks.codes
    #expect(Set(codes.map(\.code)).count == codes.count)
    #expect(codes.allSatisfy { $0.code.split(separator: ".").count == 2 && !$0.meaning.isEmpty })
  }
}
