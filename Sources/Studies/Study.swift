public import Foundation

/// A whole study: every task is fine-tuned from every initialization with every seed.
public struct Study: Hashable, Sendable {
  public var name: String
  /// The folder of all runs.
  public var outputDirectory: URL
  /// One run each; what the ± of the tables is over.
  public var seeds: [Int]
  /// Whether all of them are run, or as many as settle the verdicts.
  public var seeding = Seeding.full
  /// In the order of the file, which is the order of the table's rows.
  public var tasks: [TaskSpecification]
  /// In the order of the file, which is the order of the table's columns.
  public var initializations: [InitializationSpecification]
  public var execution: ExecutionOptions
  /// What `submit` asks of a cluster.
  public var cluster: ClusterOptions
  /// The file it was read from.
  public var fileURL: URL?

  public init(
    name: String, outputDirectory: URL, seeds: [Int], tasks: [TaskSpecification],
    initializations: [InitializationSpecification], execution: ExecutionOptions = ExecutionOptions(),
    cluster: ClusterOptions = ClusterOptions(), fileURL: URL? = nil
  ) {
    self.name = name
    self.outputDirectory = outputDirectory
    self.seeds = seeds
    self.tasks = tasks
    self.initializations = initializations
    self.execution = execution
    self.cluster = cluster
    self.fileURL = fileURL
  }

  public func task(named name: String) -> TaskSpecification? { tasks.first { $0.name == name } }

  public func initialization(named name: String) -> InitializationSpecification? {
    initializations.first { $0.name == name }
  }
}
