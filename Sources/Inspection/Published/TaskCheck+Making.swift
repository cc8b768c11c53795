public import Datasets
public import Foundation
import Foundations
public import Studies

extension TaskCheck {
  /// Checks a copy whole: everything that is wrong is found at once.
  ///
  /// - Parameters:
  ///   - root: The folder of the copy.
  ///   - isDecoding: Whether every image and mask is decoded, or only its first and last bytes are read.
  ///   - progress: told how many files were read, of how many; from any thread, one at a time.
  /// - Throws: The error of a file or a folder that the system does not give: that says nothing of the copy.
  public init(
    _ task: BuiltInTask, root: URL, isDecoding: Bool, progress: @escaping @Sendable (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    let path = root.standardizedFileURL.path
    self.init(task: task.name, root: path)
    guard try SourceFolder(ifThere: path) != nil else {
      add(.problem, "There is no folder at \(path).", "Correct --root, or get the data: \(task.access.url). \(task.access.steps)")
      return
    }
    var folders = [CheckedFolder]()
    for item in task.layout.items { folders += try inspect(item, root: path, access: task.access) }
    let samples = try resolve(task, root: path)
    guard !samples.isEmpty else { return }
    checkExtras(folders, samples: samples, source: task.data.rooted(at: path), root: path)
    let files = FileInspection(samples: samples, isDecoding: isDecoding)
    report(try files.run(progress: progress), task: task, sampleCount: samples.count, root: path)
    filesRead = files.count
    areDecoded = isDecoding
  }

  // MARK: Samples

  /// The samples of the copy, and what is wrong with labels, split and patients.
  private mutating func resolve(_ task: BuiltInTask, root: String) throws -> [Sample] {
    let source = task.data.rooted(at: root)
    var isComplete = true, found: FoundSamples?
    do {
      found = try DatasetResolver.find(source, kind: task.kind)
    } catch let error as DatasetsError where error.kind == .missingImages {
      // The rest is checked on what is there.
      isComplete = false
      add(
        .problem, error.problem,
        "Complete the copy as `medtransfer tasks show \(task.name)` says, or set rows: present under data.\(source.key) to use only what is there.")
      found = try? DatasetResolver.find(source.keepingPresent, kind: task.kind)
    } catch let error where !SystemFault.isFault(error) {
      addError(error)
    }
    guard let found else { return [] }
    checkLists(source, found: found)
    do { try DatasetSplits.checkPatients(found.parts) } catch { addError(error) }
    let (divided, carved) = SplitCarving(rule: source.split).complete(found.parts)
    for part in DatasetPart.allCases where divided[part, default: []].isEmpty {
      addError(DatasetsError.emptyPart(part, carvedFrom: carved[part] ?? carved.values.max()))
    }
    parts = DatasetPart.allCases.map { Part($0, divided[$0, default: []], classNames: found.classNames) }
    let samples = DatasetPart.allCases.flatMap { divided[$0, default: []] }
    if isComplete {
      let published = PublishedCounts(task, parts: divided, classNames: found.classNames)
      split = published.split
      for difference in published.differences { add(.difference, difference.sentence, difference.remedy) }
    }
    return samples
  }

  /// Images that a list names and the table does not, so that they would be passed over in silence.
  private mutating func checkLists(_ source: DataSource, found: FoundSamples) {
    guard let manifest = source.as(ManifestSource.self), let lists = manifest.splitLists, let listed = try? SplitListReader(lists: lists).read()
    else { return }
    let absent = listed.absent(from: Set(found.parts.values.joined().map(\.id)))
    guard !absent.isEmpty else { return }
    let names = listed.files.joined(separator: ", ")
    add(
      .difference,
      "\(absent.count) of \(counted(listed.parts.count, "image")) that \(names) name \(absent.count == 1 ? "is" : "are") in no row of the table with an image that is there: \(firstFew(absent)).",
      "Get lists, table and images of one version.", files: absent)
  }

  private mutating func addError(_ error: any Error) {
    if let error = error as? any RemediedError {
      // What was said of a table of the layout need not be said again.
      if findings.contains(where: { $0.problem.hasSuffix(error.problem) }) { return }
      add(.problem, error.problem, error.remedy)
    } else {
      add(.problem, "\(error)", "Correct the file.")
    }
  }
}

extension TaskCheck.Part {
  init(_ part: DatasetPart, _ samples: [Sample], classNames: [String]) {
    self.init(
      part: part, images: samples.count,
      patients: samples.contains { $0.patient != nil } ? Set(samples.compactMap(\.patient)).count : nil,
      positives: Dictionary(
        uniqueKeysWithValues: classNames.enumerated().map { index, name in (name, samples.count { $0.labels[index] == 1 }) }))
  }
}
