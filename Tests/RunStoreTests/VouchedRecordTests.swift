import Foundation
import Foundations
import Metrics
import RunStore
import Studies
import Testing

@Suite("Files of a study that no seal is of")
struct VouchedRecordTests {
  private func put(_ value: some Encodable, _ path: String, _ folder: URL) throws {
    let url = folder.appendingPathComponent(path)
    try AtomicFile.makeFolder(url.deletingLastPathComponent())
    try AtomicFile.write(CanonicalJSON.encodePretty(value), to: url)
  }

  private func change(_ path: String, _ from: String, _ to: String, _ folder: URL) throws {
    let url = folder.appendingPathComponent(path), text = try String(contentsOf: url, encoding: .utf8)
    try #require(text.contains(from))
    try Data(text.replacingOccurrences(of: from, with: to).utf8).write(to: url)
  }

  private var split: SplitRecord {
    SplitRecord(
      task: "a", table: "a.csv", sha256: "s", data: "d", subsets: ["0.1": "e"], images: ["training": 70, "test": 20], seed: 1,
      parts: ["test": .init(images: 20, patients: 19, classes: [], sha256: "t")], origin: .init(file: nil, carved: ["test": 0.2], isByPatient: true),
      subsetImages: ["0.1": 7])
  }

  private var audit: AuditRecord {
    AuditRecord(
      task: "a", data: "d", images: ["test": 20], patients: 19, sharedPatients: 1, identicalAcross: 2, identicalWithin: 3, nearAcross: 4, nearWithin: 5,
      labelConflicts: 6, uniform: 7, unreadable: 8, leakingTestImages: ["x.png"], lineages: [])
  }

  @Test("A split and an audit with a changed value are refused; one without a checksum, as earlier programs wrote it, is read")
  func records() throws {
    let folder = try TemporaryFolder(), source = RunFolderSource(folder.url)
    try put(split, SplitRecord.path(of: "a"), folder.url)
    try put(audit, AuditRecord.path(of: "a"), folder.url)
    #expect(try StudyFiles.read(SplitRecord.self, at: SplitRecord.path(of: "a"), from: source) == split)
    #expect(try StudyFiles.read(AuditRecord.self, at: AuditRecord.path(of: "a"), from: source) == audit)
    #expect(audit.naming { "n" + $0 } != audit)
    try change(SplitRecord.path(of: "a"), "\"test\" : 20", "\"test\" : 21", folder.url)
    try change(AuditRecord.path(of: "a"), "\"x.png\"", "\"y.png\"", folder.url)
    #expect(failure { _ = try StudyFiles.read(SplitRecord.self, at: SplitRecord.path(of: "a"), from: source) }?.contains("its values do not fit its checksum") == true)
    #expect(throws: RunStoreError.self) { try StudyFiles.read(AuditRecord.self, at: AuditRecord.path(of: "a"), from: source) }
    for (path, checksum) in [(SplitRecord.path(of: "a"), split.checksum), (AuditRecord.path(of: "a"), audit.checksum)] {
      try change(path, "\"\(try #require(checksum))\"", "null", folder.url)
    }
    #expect(try StudyFiles.read(SplitRecord.self, at: SplitRecord.path(of: "a"), from: source)?.images["test"] == 21)
    #expect(try StudyFiles.read(AuditRecord.self, at: AuditRecord.path(of: "a"), from: source)?.leakingTestImages == ["y.png"])
  }

  @Test("A look at data, a comparison with a list of training images, pictures and a precision with a changed value are refused")
  func otherRecords() throws {
    let folder = try TemporaryFolder(), source = RunFolderSource(folder.url)
    let look = DataCheckRecord(
      task: "a", data: "d", key: "k", parts: [.init(part: "test", images: 20, patients: 19, classes: [])], filesUsed: 20, filesUnused: [:], isDecoded: true,
      pixels: "p", findings: [], pictureCodes: [])
    let list = TrainingListRecord(
      task: "a", data: "d", testImages: 20,
      findings: [.init(initializations: ["x"], list: "l.csv", sha256: "s", entries: 9, hasDigests: false, matches: [.init(image: "1.png", evidence: .name, entry: "1")])])
    let pictures = TaskPictures(
      task: "a", kind: .outlines, legend: "l", rule: "r", basis: "b", runCount: 2, subjects: [],
      rows: [.init(initialization: "x", seed: 1, run: "a/x/seed1", means: [0.25], pictures: [])])
    let precision = PrecisionRecord(precision: .float32, processor: "p", measured: [])
    func law<Record: Codable & Equatable>(_ record: Record, at path: String, _ from: String, _ to: String) throws {
      try put(record, path, folder.url)
      #expect(try StudyFiles.read(Record.self, at: path, from: source) == record)
      try change(path, from, to, folder.url)
      #expect(throws: RunStoreError.self, "\(path)") { try StudyFiles.read(Record.self, at: path, from: source) }
    }
    try law(look, at: DataCheckRecord.path(of: "a"), "\"filesUsed\" : 20", "\"filesUsed\" : 30")
    try law(list, at: TrainingListRecord.path(of: "a"), "\"image\" : \"1.png\"", "\"image\" : \"2.png\"")
    try law(pictures, at: TaskPictures.path(of: "a"), "0.25", "0.75")
    try law(precision, at: "\(StudyFiles.precisions)/a.json", "\"float32\"", "\"bfloat16\"")
  }

  @Test("What was found out of files is given again for these files alone, and not where it was changed")
  func keptAnswers() throws {
    let folder = try TemporaryFolder(), path = "checks/a.masks.json"
    #expect(KeptAnswer<[Int]>.read(path, key: "k", in: folder.url) == nil)
    KeptAnswer.keep([7, 8], key: "k", at: path, in: folder.url)
    #expect(KeptAnswer<[Int]>.read(path, key: "k", in: folder.url) == [7, 8])
    #expect(KeptAnswer<[Int]>.read(path, key: "other", in: folder.url) == nil)
    try change(path, "8", "9", folder.url)
    #expect(KeptAnswer<[Int]>.read(path, key: "k", in: folder.url) == nil)
  }

  @Test("A table of groups is held to the record beside it; without one, as earlier programs left it, it is read")
  func groups() throws {
    let folder = try TemporaryFolder(), source = RunFolderSource(folder.url)
    let table = GroupTable(names: ["Sex"], rows: [.init(id: "1.png", split: "test", strata: ["f"]), .init(id: "2.png", split: "test", strata: ["m"])])
    try AtomicFile.makeFolder(folder.url.appendingPathComponent(GroupTable.folder))
    try Data(table.text.utf8).write(to: folder.url.appendingPathComponent(GroupTable.path(of: "a")))
    #expect(try GroupTable.read("a", from: source) == table)
    try put(GroupRecord(task: "a", table: Data(table.text.utf8)), GroupRecord.path(of: "a"), folder.url)
    #expect(try GroupTable.read("a", from: source) == table)
    try change(GroupTable.path(of: "a"), "2.png,test,m", "2.png,test,f", folder.url)
    #expect(failure { _ = try GroupTable.read("a", from: source) }?.contains("The table groups/a.csv cannot be used: it is not as it was written.") == true)
  }

  @Test("A second observer's table is held to its record, and the record to itself")
  func observers() throws {
    let folder = try TemporaryFolder(), source = RunFolderSource(folder.url), table = folder.url.appendingPathComponent(ObserverRecord.tablePath(of: "a"))
    #expect(ObserverRecord.table(of: "a", from: source) == nil)
    try AtomicFile.makeFolder(table.deletingLastPathComponent())
    try PredictionsFile.write(
      .classification(ClassificationPredictions(classNames: ["c"], scoredClasses: nil, rows: [.init(id: "1", patient: nil, targets: [1], probabilities: [0.5])])), to: table)
    let whole = try Data(contentsOf: table)
    func record(_ bytes: Data) -> ObserverRecord {
      ObserverRecord(task: "a", sha256: Digest.sha256Hex(of: bytes), masks: "m", inputSize: 64, reducedSize: nil, metrics: [], images: 1, testImages: 2)
    }
    try put(record(whole), ObserverRecord.path(of: "a"), folder.url)
    #expect(ObserverRecord.table(of: "a", from: source)?.known?.record == record(whole))
    try Data(String(decoding: whole, as: UTF8.self).replacingOccurrences(of: "0.5", with: "0.6").utf8).write(to: table)
    let reason = ObserverRecord.table(of: "a", from: source)?.reason
    #expect(reason == "observers/a.csv is not as it was written; “medtransfer run” writes it anew, and makes no finished run anew")
    try whole.write(to: table)
    try change(ObserverRecord.path(of: "a"), "\"testImages\" : 2", "\"testImages\" : 3", folder.url)
    #expect(ObserverRecord.table(of: "a", from: source)?.reason != nil)
  }
}
