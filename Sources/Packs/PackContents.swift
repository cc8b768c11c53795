internal import Containers
internal import Foundation
internal import Foundations
internal import RunStore
internal import Studies
internal import Weights

/// What of a study's output goes into a pack, read, with the machine's paths and, where asked, the patients' names taken out.
struct PackContents {
  /// By path within the pack, without manifest, numbers and tables, which follow from them.
  private(set) var files: [String: Data] = [:]
  private(set) var shortenedPaths: [String: Int] = [:]
  private(set) var leftOut: [String] = []
  private(set) var overrides: [String] = []
  /// Planned runs that do not count, with what they are and why, in the words of the other commands.
  private(set) var uncounted: [UncountedRun] = []
  /// Where the trained weights lie, which are not read into memory.
  private(set) var weights: [String: URL] = [:]

  private var shortening: PathShortening
  private let hiding: PatientHiding?

  /// Files of a run that are texts, and those that name images and patients in columns.
  static let texts = [
    "cell.json", "status.json", "environment.json", "certificate.json", "metrics.json", "timing.json", "history.jsonl", "pixels.json", "probe.json",
    "pretraining.json",
  ]
  static let tables = ["predictions.csv", "validation-predictions.csv"]
  static let status = "status.json"
  static let environment = "environment.json"
  static let quarantine = "quarantine.json"
  static let weightsFile = "best.safetensors"

  init(_ plan: Plan, studyText: String, overrides: [String], options: PackOptions, hiding: PatientHiding?) throws {
    shortening = PathShortening(known: plan.study.knownPaths)
    self.hiding = hiding
    addText("study.yaml", Data(studyText.utf8))
    for override in overrides { self.overrides.append(shortening.shortened(override).text) }
    files["fingerprints.json"] = try CanonicalJSON.encodePretty(PlanFingerprints(plan))
    let output = plan.study.outputDirectory
    for task in Set(plan.cells.map(\.task)).sorted() {
      try addStudyFiles(of: task, in: output)
      if plan.study.isGrouped(task) { try addGroups(of: task, in: output) }
    }
    for task in Set(plan.cells.map(\.task)).sorted() { try addObservers(of: task, in: output) }
    for cell in plan.cells { try add(cell, in: output, options) }
    if FileManager.default.fileExists(atPath: output.appendingPathComponent(StudyFiles.pictures).path) { leaveOut("pictures: pictures of patients") }
    try addOtherRuns(than: Set(plan.cells.map(\.relativePath)), in: output)
    guard files.keys.contains(where: { $0.hasSuffix("/predictions.csv") }) else {
      throw PacksError(
        .nothingToPack, "No run of \(plan.study.name) has ended: there are no predictions to pack.",
        remedy: "Run the study first; “medtransfer status” says how far it is.")
    }
  }

  private mutating func addStudyFiles(of task: String, in output: URL) throws {
    let source = RunFolderSource(output), folds = "\(StudyFiles.splits)/\(SplitRecord.foldPrefix(of: task))"
    let tables = try source.paths(in: StudyFiles.splits).filter { $0.hasPrefix(folds) && $0.hasSuffix(".csv") && Int($0.dropFirst(folds.count).dropLast(4)) != nil }
    for table in ["\(StudyFiles.splits)/\(task).csv"] + tables {
      if let data = try bytes(source.url(table), table) { try addTable(table, data) }
    }
    // Splits of an earlier state of the data lie there too; what they say of the test images tells whether earlier runs looked at these.
    for path in try source.paths(in: StudyFiles.splits)
    where path == SplitRecord.path(of: task) || ([folds, "\(StudyFiles.splits)/\(task)-"].contains(where: path.hasPrefix) && path.hasSuffix(".json")) {
      guard try isWhole(SplitRecord.self, path, source, maker: "run"), let data = try bytes(source.url(path), path) else { continue }
      addText(path, data)
    }
    guard try isWhole(AuditRecord.self, AuditRecord.path(of: task), source, maker: "tasks audit") else { return try addFurtherRecords(of: task, in: output) }
    try addRecord(AuditRecord.self, AuditRecord.path(of: task), output) { $0.naming($1) }
    try addFurtherRecords(of: task, in: output)
  }

  private mutating func addFurtherRecords(of task: String, in output: URL) throws {
    try addRecord(DataCheckRecord.self, DataCheckRecord.path(of: task), output) { record, _ in record.withoutNames() }
    try addRecord(TrainingListRecord.self, TrainingListRecord.path(of: task), output) { $0.naming($1) }
  }

  /// Whether a record of the study is as it was written; one that is not is left out, and said.
  private mutating func isWhole<Record: Decodable>(_: Record.Type, _ path: String, _ source: RunFolderSource, maker: String) throws -> Bool {
    do {
      _ = try StudyFiles.read(Record.self, at: path, from: source)
      return true
    } catch {
      if SystemFault.isFault(error) { throw error }
      leaveOut("\(path): it cannot be read, or is not as it was written; “medtransfer \(maker)” writes it anew")
      return false
    }
  }

  /// The strata of images, with a record that vouches for the table as it is packed.
  private mutating func addGroups(of task: String, in output: URL) throws {
    let path = GroupTable.path(of: task), source = RunFolderSource(output)
    do {
      guard try GroupTable.read(task, from: source) != nil, let data = try source.bytes(path) else { return }
      try addTable(path, data)
    } catch {
      if SystemFault.isFault(error) { throw error }
      return leaveOut("\(path): \((error as? RunStoreError)?.problem ?? sentence(for: error)) “medtransfer plan” writes it anew with no training")
    }
    if let table = files[path] { files[GroupRecord.path(of: task)] = try CanonicalJSON.encodePretty(GroupRecord(task: task, table: table)) }
  }

  /// The bytes of a file; nil where there is none that can be read: a run's seal says what is wrong with it then.
  private mutating func bytes(_ url: URL, _ name: String) throws -> Data? {
    do {
      return try FileBytes.read(url.path)
    } catch {
      if SystemFault.isFault(error) { throw error }
      leaveOut("\(name) where it cannot be read")
      return nil
    }
  }

  /// A file that names images, with other names where patients are hidden.
  private mutating func addRecord<Record: Codable>(
    _: Record.Type, _ path: String, _ output: URL, naming: (Record, (String) -> String) -> Record
  ) throws {
    guard let data = try bytes(output.appendingPathComponent(path), path) else { return }
    guard let hiding else { return addText(path, data) }
    let record = try JSONDecoder().decode(Record.self, from: data)
    addText(path, try CanonicalJSON.encodePretty(naming(record) { hiding.hiddenImage($0) }))
  }

  /// What tells that finished runs which are not planned looked at the test images: their configurations, and when they were made.
  private mutating func addOtherRuns(than planned: Set<String>, in output: URL) throws {
    let source = RunFolderSource(output)
    for run in try source.runs() where !planned.contains(run) {
      guard let status = try? RunReader(source, run: run).read(RunStatus.self, from: Self.status), status.state == .finished else { continue }
      for name in ["cell.json", Self.status, "timing.json"] {
        if let data = try source.bytes("\(run)/\(name)") { addText("\(PackFiles.otherRuns)/\(run)/\(name)", data) }
      }
      // What they were asked about other test sets is a look at these.
      for set in try source.folders(in: "\(run)/\(ExternalAnswers.folderName)") {
        let path = "\(run)/\(ExternalAnswers.folderName)/\(set)/\(ExternalAnswers.recordFileName)", place = "\(PackFiles.otherRuns)/\(path)"
        guard let data = try source.bytes(path), let record = try? JSONDecoder().decode(ExternalEvaluation.self, from: data) else { continue }
        if let hiding {
          files[place] = try CanonicalJSON.encodePretty(hiding.hidden(record, predictions: record.predictions))
        } else {
          addText(place, data)
        }
      }
    }
  }

  /// What two observers agree in; the record beside it names no image.
  private mutating func addObservers(of task: String, in output: URL) throws {
    let path = ObserverRecord.tablePath(of: task), source = RunFolderSource(output)
    guard let found = ObserverRecord.table(of: task, from: source) else { return }
    guard case .value((let record, _)) = found, let data = try source.bytes(path) else { return leaveOut(found.reason ?? path) }
    try addTable(path, data)
    // With hidden names the table has other bytes.
    guard let table = files[path], let record else { return }
    files[ObserverRecord.path(of: task)] = try CanonicalJSON.encodePretty(record.vouching(for: table))
  }

  private mutating func add(_ cell: Cell, in output: URL, _ options: PackOptions) throws {
    let folder = RunDirectory(of: cell, in: output).url, place = "runs/\(cell.relativePath)"
    for name in try Self.names(in: folder) {
      let url = folder.appendingPathComponent(name), path = "\(place)/\(name)"
      switch name {
      case Self.status where hiding != nil: if let data = try bytes(url, name) { try addStatus(path, data) }
      case Self.environment: if let data = try bytes(url, name) { addText(path, Self.withoutHosts(data)) }
      case _ where Self.texts.contains(name): if let data = try bytes(url, name) { addText(path, data) }
      case _ where Self.tables.contains(name):
        // A table that was damaged may have lost the columns that are hidden.
        guard let data = try bytes(url, name) else { break }
        do { try addTable(path, data) } catch { leaveOut("\(name) of runs in which it is damaged") }
      case Self.quarantine:
        if hiding != nil { leaveOut("quarantine.json: it names images") } else if let data = try bytes(url, name) { addText(path, data) }
      case Self.weightsFile:
        if !options.includesWeights {
          leaveOut("best.safetensors: trained weights")
        } else if Self.isFile(url) {
          weights[path] = url
        } else {
          leaveOut("\(name) where it cannot be read")
        }
      case "external": try addExternal(path, url)
      case "examples": leaveOut("examples: pictures of patients")
      default: break
      }
    }
    try addSeal(of: cell, in: output, place)
  }

  /// A seal of the files as they are packed, and a status that names it. One that is broken stays so, for the same reason.
  private mutating func addSeal(of cell: Cell, in output: URL, _ place: String) throws {
    let condition = RunDirectory(of: cell, in: output).condition(of: cell, check: weights["\(place)/\(Self.weightsFile)"] == nil ? .results : .whole)
    if case .unreadable(let reason) = condition.state { throw PacksError.notNow(cell.relativePath, reason) }
    if let run = UncountedRun(cell, condition.state) { uncounted.append(run) }
    guard let data = files["\(place)/\(Self.status)"], let status = try? JSONDecoder().decode(RunStatus.self, from: data), status.seal != nil else { return }
    let prefix = "\(place)/"
    let sealed = (Self.texts + Self.tables + [Self.quarantine]).filter { $0 != Self.status }.compactMap { name in
      files[prefix + name].map { RunSeal.File(path: name, byteCount: $0.count, sha256: Digest.sha256Hex(of: $0)) }
    }
    let was = try bytes(RunDirectory(of: cell, in: output).sealFile, RunSeal.fileName).flatMap { try? JSONDecoder().decode(RunSeal.self, from: $0) }
    let seal = RunSeal(
      identity: cell.identity, source: was?.source, files: sealed,
      broken: condition.state.word == .broken ? condition.state.reason.map { shortening.shortened($0).text } : nil)
    let text = try CanonicalJSON.encodePretty(seal)
    files[prefix + RunSeal.fileName] = text
    files[prefix + Self.status] = try CanonicalJSON.encodePretty(RunStatus.finished(seal: Digest.sha256Hex(of: text)))
  }

  /// Names of machines are nobody's business; that two sessions were on one is kept.
  private static func withoutHosts(_ data: Data) -> Data {
    guard let known = try? JSONDecoder().decode(RunSessions.self, from: data), !known.sessions.isEmpty else { return data }
    let hidden = known.sessions.map { RunSession($0.environment, host: "host-\(Digest.sha256Hex(of: $0.host).prefix(8))", afterStep: $0.afterStep) }
    return (try? CanonicalJSON.encodePretty(RunSessions(hidden, last: known.last))) ?? data
  }

  /// Answers on other test sets: one folder each, with predictions and what is known of them.
  private mutating func addExternal(_ path: String, _ url: URL) throws {
    for set in try Self.names(in: url) {
      let folder = url.appendingPathComponent(set), place = "\(path)/\(set)"
      for name in try Self.names(in: folder) where name.hasSuffix(".csv") {
        if let data = try bytes(folder.appendingPathComponent(name), "external/…/\(name)") { try addTable("\(place)/\(name)", data) }
      }
      let name = ExternalAnswers.recordFileName
      guard let data = try bytes(folder.appendingPathComponent(name), "external/…/\(name)") else { continue }
      guard let hiding else {
        addText("\(place)/\(name)", data)
        continue
      }
      guard let known = try? JSONDecoder().decode(ExternalEvaluation.self, from: data) else {
        leaveOut("external/…/\(name): it cannot be read, and may name images")
        continue
      }
      // It vouches for the hidden predictions where it did for the open ones, and else for nothing here either.
      let open = folder.appendingPathComponent(ExternalAnswers.predictionsFileName)
      let isWhole = (try? Digest.sha256Hex(ofFile: open)) == known.predictions
      let hidden = files["\(place)/\(ExternalAnswers.predictionsFileName)"].map { Digest.sha256Hex(of: $0) }
      files["\(place)/\(name)"] = try CanonicalJSON.encodePretty(hiding.hidden(known, predictions: isWhole ? hidden ?? known.predictions : known.predictions))
    }
  }

  /// A status with hidden names: why a run failed may be said with the name of an image.
  private mutating func addStatus(_ path: String, _ data: Data) throws {
    guard let status = try? JSONDecoder().decode(RunStatus.self, from: data) else { return leaveOut("status.json where it is damaged, and may name images") }
    guard let failure = status.failure else { return addText(path, data) }
    leaveOut("messages of failed runs: they may name images")
    files[path] = try CanonicalJSON.encodePretty(RunStatus.failed(code: failure.code, message: "Left out, since it may name images."))
  }

  private mutating func addText(_ path: String, _ data: Data) {
    let (text, count) = shortening.shortened(String(decoding: data, as: UTF8.self))
    files[path] = count == 0 ? data : Data(text.utf8)
    if count > 0 { shortenedPaths[path] = count }
  }

  private mutating func addTable(_ path: String, _ data: Data) throws {
    files[path] = try hiding?.hidden(table: data) ?? data
  }

  private mutating func leaveOut(_ what: String) { if !leftOut.contains(what) { leftOut.append(what) } }

  private static func isFile(_ url: URL) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) && !isFolder.boolValue
  }

  /// The names in a folder, sorted, without hidden ones; none where there is no such folder.
  private static func names(in url: URL) throws -> [String] {
    (try FolderListing.namesIfAny(in: url.path) ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }
}

extension Study {
  /// Whether a task's images are grouped; a table of groups that the study no longer names lies there for nothing.
  fileprivate func isGrouped(_ task: String) -> Bool { self.task(named: task)?.data.groupColumns.isEmpty == false }

  /// The absolute paths that a study's files may quote.
  var knownPaths: [String] {
    let own = [outputDirectory.path, fileURL?.path, fileURL?.deletingLastPathComponent().path].compactMap(\.self)
    let weights = initializations.compactMap { initialization -> String? in
      if case .weights(let source) = initialization.source { return source.path }
      return nil
    }
    return own + weights + tasks.flatMap(\.data.paths) + [FileManager.default.homeDirectoryForCurrentUser.path]
  }
}

extension DataSource {
  /// Every absolute path of it, as its own encoding spells them.
  var paths: [String] {
    func strings(_ value: Any) -> [String] {
      switch value {
      case let text as String: [text]
      case let list as [Any]: list.flatMap(strings)
      case let keyed as [String: Any]: keyed.values.flatMap(strings)
      default: []
      }
    }
    guard let data = try? CanonicalJSON.encode(self), let value = try? JSONSerialization.jsonObject(with: data) else { return [] }
    return strings(value).filter { $0.hasPrefix("/") }
  }
}
