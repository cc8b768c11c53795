import Foundation
import Foundations
import Testing

@testable import Studies

@Suite("Kinds of data source")
struct DataSourceTests {
  /// One of each kind.
  static let all: [DataSource] = [
    .manifest(ManifestSource(file: "a.csv", imageRoot: "images")), .maskFolders(MaskFolderSource(training: FolderPair(images: ["i"], masks: ["m"]))),
    .classFolders(ClassFolderSource(training: "t")), .namedImages(NamedImageSource(images: "i", className: "c", labelPattern: "(.)", positive: "1")),
    .sliceTable(SliceTableSource(file: "a.csv", imageRoot: "r")), .arrays(ArraySource(file: "a.npz", classes: ["c"])),
    .coco(COCOSource(training: COCOSource.Part(annotations: "a.json", images: "i"))), .nnUNet(NNUNetSource(folder: "n")),
    .caseFolders(CaseFolderSource(training: "c")), .medIMeta(MedIMetaSource(folder: "m", task: "t", classes: ["c"])),
  ]

  @Test("Each kind is in the catalog once, under a key of its own")
  func catalog() {
    #expect(Self.all.map(\.key) == DataSource.keys)
    #expect(Set(DataSource.keys).count == DataSource.keys.count)
  }

  @Test("Each is written under its key as it always was, since identities are made of it, and read as itself", arguments: all)
  func coding(_ source: DataSource) throws {
    func own(_ description: some SourceDescription) throws -> String { String(decoding: try CanonicalJSON.encode(description), as: UTF8.self) }
    let text = String(decoding: try CanonicalJSON.encode(source), as: UTF8.self)
    #expect(text == "{\"\(source.key)\":{\"_0\":\(try own(source.description))}}")
    let read = try JSONDecoder().decode(DataSource.self, from: Data(text.utf8))
    #expect(read == source && read.hashValue == source.hashValue)
    #expect(Self.all.count { $0 == source } == 1)
  }

  @Test("What is none of the kinds, or two of them, is not read")
  func foreign() {
    for text in ["{}", "{\"other\":{\"_0\":{}}}", "{\"nnUNet\":{\"_0\":{}},\"coco\":{\"_0\":{}}}"] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(DataSource.self, from: Data(text.utf8)) }
    }
  }

  @Test("Every path of each goes below a root, and an absolute one stays", arguments: all)
  func paths(_ source: DataSource) {
    let rooted = source.rooted(at: "/root")
    #expect(rooted != source && rooted.rooted(at: "/elsewhere") == rooted)
    func split(_ description: some SourceDescription) -> DataSource { DataSource(description.changed { $0.split.file = "parts.csv" }) }
    #expect(split(source.description).rooted(at: "/root").split.file == "/root/parts.csv")
  }
}
