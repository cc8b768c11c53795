public import Foundation
internal import Foundations
public import Reports
internal import RunStore
public import Studies

/// What goes into a pack beside what always does.
public struct PackOptions: Hashable, Sendable {
  /// The trained weights too: 90 MB a run of a ResNet-50.
  public var includesWeights = false
  /// Other names for images and patients.
  public var hidesPatients = false

  public init() {}
}

/// One archive with everything that a study's numbers follow from, and the numbers: predictions, splits, configurations,
/// certificates, environments, histories, metrics, tables. `PackVerification` computes them again from it.
///
/// The same study gives the same bytes: members are sorted and have no time or owner.
public enum ReviewerPack {
  /// What was written.
  public struct Receipt: Codable, Hashable, Sendable {
    public let sha256: String
    public let byteCount: Int
    public let fileCount: Int
    public let runCount: Int
    /// Files with shortened paths, and paths in all.
    public let shortenedFileCount: Int
    public let shortenedPathCount: Int
    public let leftOut: [String]
    /// Names of this machine or its user that are still in a text, with the place: `study.yaml, line 3: ann`.
    public let namesLeft: [String]
    public let hidesPatients: Bool
    /// Planned runs that do not count.
    public let uncounted: [UncountedRun]
  }

  /// Writes the pack of a study's plan. One that its own verification would refuse is not written.
  ///
  /// - Parameters:
  ///   - studyText: the study file's text, and the changes to it that the plan was made with.
  ///   - settings: how numbers are computed.
  ///   - maker: the program with its version.
  ///   - machineNames: of the user and the machine, which are looked for in the texts.
  public static func write(
    _ plan: Plan, studyText: String, overrides: [String], options: PackOptions, settings: StudySettings = StudySettings(),
    maker: String, machineNames: [String] = [], to url: URL
  ) throws -> Receipt {
    let plan = plan.asNeeded().plan
    let hiding = options.hidesPatients ? try PatientHiding(in: plan.study.outputDirectory) : nil
    let contents = try PackContents(plan, studyText: studyText, overrides: overrides, options: options, hiding: hiding)
    var files = contents.files
    // From the files as they are packed, so that whoever has the pack computes the same.
    let numbers = try StudyNumbers(StudyOutline(plan), from: PackFiles.runs(files, name: url.lastPathComponent), settings: settings)
    for (path, data) in try PackFiles.derived(numbers) { files[path] = data }
    files["README.txt"] = Data(PackFiles.readme(plan.study.name, maker).utf8)

    var listed = files.map { PackManifest.File(path: $0, byteCount: $1.count, sha256: Digest.sha256Hex(of: $1)) }
    for (path, weights) in contents.weights {
      let size = try FileManager.default.attributesOfItem(atPath: weights.path)[.size] as? Int ?? 0
      listed.append(.init(path: path, byteCount: size, sha256: try Digest.sha256Hex(ofFile: weights)))
    }
    listed.sort { $0.path < $1.path }
    let manifest = PackManifest(
      format: PackManifest.currentFormat, maker: maker, study: plan.study.name, overrides: contents.overrides,
      hasWeights: options.includesWeights, hidesPatients: options.hidesPatients, shortenedPaths: contents.shortenedPaths,
      leftOut: contents.leftOut, files: listed)

    let opened = OpenedPack(
      files, digests: Dictionary(listed.map { ($0.path, $0.sha256) }, uniquingKeysWith: { first, _ in first }), manifest: manifest, name: url.lastPathComponent)
    let contradictions = PackVerification.contradictions(in: opened)
    if !contradictions.isEmpty { throw PacksError.contradictory(contradictions) }

    var sha256 = ""
    try AtomicFile.write(to: url) { writer in
      let archive = try ArchiveWriter(writer)
      try archive.add(PackManifest.path, CanonicalJSON.encodePretty(manifest))
      for file in listed {
        if let data = files[file.path] {
          try archive.add(file.path, data)
        } else if let weights = contents.weights[file.path] {
          try archive.add(file, from: weights)
        }
      }
      sha256 = try archive.finish()
    }
    let size = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int ?? 0
    return Receipt(
      sha256: sha256, byteCount: size, fileCount: listed.count + 1, runCount: numbers.runs.count,
      shortenedFileCount: manifest.shortenedPaths.count, shortenedPathCount: manifest.shortenedPaths.values.reduce(0, +),
      leftOut: manifest.leftOut, namesLeft: PackFiles.places(of: machineNames, in: contents.files), hidesPatients: options.hidesPatients, uncounted: contents.uncounted)
  }
}

extension ArchiveWriter {
  /// Adds a file by pieces, and checks that it is still what was listed.
  fileprivate func add(_ file: PackManifest.File, from url: URL) throws {
    let handle = try FileHandle(forReadingFrom: url), hasher = Digest.Hasher()
    defer { try? handle.close() }
    try add(file.path, count: file.byteCount) { write in
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
        hasher.update(piece)
        try write(piece)
      }
    }
    guard hasher.finalizeHex() == file.sha256 else { throw ArchiveWriter.changed(file.path) }
  }
}
