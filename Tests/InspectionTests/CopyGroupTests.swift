import Foundation
import Studies
import Testing

@testable import Datasets
@testable import Inspection

@Suite("Copies may be kept on one side of a split from the start")
struct CopyGroupTests {
  @Test("No group of copies is parted, everything else stays where it was, and the check finds nothing across parts")
  func together() throws {
    let data = try InspectedFolder()
    // Each image of the second dozen is one of the first once more, under another name.
    for number in 0..<48 { try data.image("i\(number).png", number, side: 64) }
    for number in 0..<12 { try FileManager.default.copyItem(atPath: data.path("i\(number).png"), toPath: data.path("copy\(number).png")) }
    let names = (0..<48).map { "i\($0).png" } + (0..<12).map { "copy\($0).png" }
    try data.write("path,L\n" + names.enumerated().map { "\($1),\($0 % 2)\n" }.joined(), to: "t.csv")
    var manifest = ManifestSource(file: data.path("t.csv"), imageRoot: data.url.path, labelColumns: ["L"], split: SplitRule(validation: 0.2, test: 0.3))
    let parted = data.check(.manifest(manifest), kind: .binaryClassification).first { $0.code == "copies.acrossParts" }
    #expect((parted?.count ?? 0) > 0)
    manifest.split.keepTogether = .copies
    let source = DataSource.manifest(manifest), copies = try CopyGroups(source, kind: .binaryClassification)
    #expect(copies.groups.count >= 12 && (0..<12).allSatisfy { n in copies.groups.contains { $0.contains("copy\(n).png") && $0.contains("i\(n).png") } })
    let splits = try DatasetResolver.resolve(source, kind: .binaryClassification, copies: copies)
    var partOf = [String: DatasetPart]()
    for part in DatasetPart.allCases { for sample in splits[part] { partOf[sample.id] = part } }
    for group in copies.groups { #expect(Set(group.compactMap { partOf[$0] }).count == 1, "\(group)") }
    #expect(DatasetPart.allCases.allSatisfy { !splits[$0].isEmpty } && partOf.count == 60)
    // Without copies to keep, a split is what it was.
    #expect(try DatasetResolver.resolve(source, kind: .binaryClassification, copies: CopyGroups([])) == DatasetResolver.resolve(source, kind: .binaryClassification))
  }

  @Test("Of many copies of one image a few are named, one of each part among them, and how many more there are")
  func many() throws {
    let data = try InspectedFolder()
    var rows = "path,L,split\n"
    for number in 0..<30 {
      try data.image("i\(number).png", number < 20 ? 0 : number, side: 64)
      rows += "i\(number).png,\(number % 2),\(number < 18 || number > 24 ? "train" : number < 20 ? "test" : "val")\n"
    }
    try data.write(rows, to: "t.csv")
    let source = ManifestSource(file: data.path("t.csv"), imageRoot: data.url.path, labelColumns: ["L"], splitColumn: "split")
    let found = data.check(.manifest(source), kind: .binaryClassification)
    let across = try #require(found.first { $0.code == "copies.acrossParts" }), conflict = try #require(found.first { $0.code == "copies.conflict" })
    #expect(
      across.sentence
        == "1 group of copies or near copies is in more than one part: i0.png (training) = i1.png (training) = i10.png (training) = i18.png (test) and 16 more. 2 test images are known from training or validation; the report tells the metric without them.",
      "\(across.sentence)")
    #expect(conflict.sentence.hasSuffix(" and 16 more (L)."), "\(conflict.sentence)")
  }

  @Test("With a table of patients neither a patient nor a group of copies is parted, and what one joins the other does not part")
  func withPatients() throws {
    let data = try InspectedFolder()
    for number in 0..<48 { try data.image("masked/i\(number).png", number, side: 64) }
    for number in 0..<12 { try FileManager.default.copyItem(atPath: data.path("masked/i\(number).png"), toPath: data.path("masked/copy\(number).png")) }
    let names = (0..<48).map { "i\($0)" } + (0..<12).map { "copy\($0)" }
    for name in names { try data.mask("masks/\(name).png", side: 64) { x, _ in x < 20 ? 255 : 0 } }
    // Two images a patient; a copy is of another patient than what it copies.
    try data.write("image,patient\n" + names.enumerated().map { "\($1),p\($0 / 2)\n" }.joined(), to: "patients.csv")
    let table = PatientTable(file: data.path("patients.csv"))
    var folders = MaskFolderSource(training: FolderPair(images: data.path("masked"), masks: data.path("masks")), split: SplitRule(validation: 0.2, test: 0.3))
    folders.split.keepTogether = .copies
    let source = DataSource.maskFolders(folders)
    let copies = try CopyGroups(source, kind: .binarySegmentation, patients: table)
    #expect(copies.groups.count >= 12)
    #expect(try CopyGroups.files(source, kind: .binarySegmentation, patients: table).contains(URL(fileURLWithPath: table.file)))
    let splits = try DatasetResolver.resolve(source, kind: .binarySegmentation, patients: table, copies: copies)
    var partOf = [String: DatasetPart](), partsOf = [String: Set<DatasetPart>]()
    for part in DatasetPart.allCases {
      for sample in splits[part] {
        partOf[sample.id] = part
        partsOf[try #require(sample.patient), default: []].insert(part)
      }
    }
    #expect(partsOf.count == 30 && partsOf.values.allSatisfy { $0.count == 1 })
    for group in copies.groups { #expect(Set(group.compactMap { partOf[$0] }).count == 1, "\(group)") }
    #expect(DatasetPart.allCases.allSatisfy { !splits[$0].isEmpty } && partOf.count == 60)
  }
}
