import Datasets
import Foundation
import Foundations
import Imaging
import RunStore
import Studies

/// What the masks of tasks mean, kept below the output so that they are opened for it once.
extension StudyData {
  /// The splits with masks read as all files of a role together say.
  func understood(_ splits: DatasetSplits, of task: TaskSpecification) throws -> DatasetSplits {
    try MaskRole.allCases.reduce(splits) { try understood($0, $1, of: task) }
  }

  private func understood(_ splits: DatasetSplits, _ role: MaskRole, of task: TaskSpecification) throws -> DatasetSplits {
    let files = splits.automaticMasks(role)
    if files.isEmpty { return splits }
    let name = role == .truth ? "masks" : "masks-\(role.rawValue)"
    let path = "\(StudyFiles.checks)/\(task.name).\(name).json", ignored = role.ignored(by: task.data)
    let key = (["\(MaskUnderstanding.revision)"] + ignored.sorted().map(String.init) + [Self.key(of: files)]).joined(separator: " ")
    if let kept = KeptAnswer<MaskUnderstanding>.read(path, key: key, in: study.outputDirectory) { return splits.reading(kept, as: role) }
    let masks = try DatasetSplits.understand(files, ignoring: ignored)
    masksByTask[task.name, default: [:]][role] = masks
    // What cannot be understood is asked again, with its levels, each time.
    if keepsChecks, masks.understanding != .unclear { KeptAnswer.keep(masks.understanding, key: key, at: path, in: study.outputDirectory) }
    return splits.reading(masks.understanding, as: role)
  }

  /// What a split keeps together beside the images of one patient; nil where the study asks for nothing. Kept as above.
  func copies(of task: TaskSpecification) throws -> CopyGroups? {
    guard task.data.split.keepTogether == .copies else { return nil }
    let path = "\(StudyFiles.checks)/\(task.name).copies.json"
    let key = Self.key(of: try CopyGroups.files(task.data, kind: task.kind, patients: task.patients))
    if let kept = KeptAnswer<CopyGroups>.read(path, key: key, in: study.outputDirectory) { return kept }
    let copies = try CopyGroups(task.data, kind: task.kind, pictures: task.pictures, patients: task.patients)
    if keepsChecks { KeptAnswer.keep(copies, key: key, at: path, in: study.outputDirectory) }
    return copies
  }

  /// Whether what is found is kept below the output: the folder of a built-in task's copy is no output,
  /// and what runs nothing makes no folder.
  var keepsChecks: Bool { study.fileURL != nil && FileManager.default.fileExists(atPath: study.outputDirectory.path) }

  private static func key(of files: [URL]) -> String {
    let hasher = Digest.Hasher()
    for file in files { hasher.update(Data("\(file.path) \(FileSignature(file)?.words ?? "none")\n".utf8)) }
    return hasher.finalizeHex()
  }
}
