public import Foundation
internal import Foundations

/// What `submit` asks of a Slurm cluster for every task of its job arrays. Nothing of it alters a cell's identity.
///
/// Each text goes to Slurm as it is written; what is not given is left to the cluster's defaults.
public struct ClusterOptions: Codable, Hashable, Sendable {
  public var partition: String?
  public var account: String?
  public var qos: String?
  public var constraint: String?
  public var exclude: String?
  /// The time limit of a task, as `HH:MM:SS`, `D-HH` or minutes.
  public var time: String?
  /// Of a task, such as `16G`.
  public var memory: String?
  /// Processor cores of a task.
  public var cores: Int?
  /// Devices of a task: their number, or `kind:number`.
  public var gpus: String?
  /// Seconds before the time limit at which a task is asked to save its state and stop.
  public var warning: Int?
  /// Lines of the script before the command, such as `module load …`.
  public var setup: [String]?
  /// An Apptainer image that the command is run in.
  public var container: String?

  public init() {}

  /// As submitit and others do.
  public static let standardWarning = 120

  /// These, and those of a site where these say nothing.
  public func over(_ site: ClusterOptions) -> ClusterOptions {
    var merged = self
    func fill<Value>(_ key: WritableKeyPath<ClusterOptions, Value?>) { if merged[keyPath: key] == nil { merged[keyPath: key] = site[keyPath: key] } }
    for key in [\ClusterOptions.partition, \.account, \.qos, \.constraint, \.exclude, \.time, \.memory, \.gpus, \.container] { fill(key) }
    for key in [\ClusterOptions.cores, \.warning] { fill(key) }
    fill(\.setup)
    return merged
  }

  /// Reads a site's file: the same keys as below `cluster` in a study.
  ///
  /// - Throws: `StudiesError` with everything that is wrong, each with its line.
  public static func read(site file: URL) throws -> ClusterOptions {
    let root = try StudyNode.parse(try TextFile.read(file), file: file.lastPathComponent), diagnostics = Diagnostics()
    diagnostics.locations = root.locations()
    let options = ClusterReader.options(NodeReader(node: root, path: "", diagnostics: diagnostics)) ?? ClusterOptions()
    diagnostics.add(fromRules: ClusterIsPossible.violations(in: options, path: ""))
    let violations = diagnostics.sorted()
    if violations.isEmpty { return options }
    throw StudiesError.invalidStudy(violations, source: file.lastPathComponent)
  }
}
