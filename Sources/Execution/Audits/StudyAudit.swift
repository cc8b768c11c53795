public import Datasets
import Foundations
public import Inspection
public import RunStore
public import Studies
import Weights

/// What a study's results could owe to images that were seen before they were tested on.
///
/// For each task: patients in two parts, images that are there twice, labels that contradict each other. For each initialization that
/// is trained in the study: test images of its targets among those it was trained on. For weights with a list of their training
/// images: test images on that list.
public struct StudyAudit: Codable, Sendable {
  public struct Task: Codable, Sendable {
    public let task: String
    public let audit: DatasetAudit
  }

  /// A set that initializations were trained on, against the test part of a target.
  public struct Lineage: Codable, Sendable {
    /// Those trained on it, directly or through what they start from.
    public let initializations: [String]
    public let trainedOn: String
    public let target: String
    public let overlap: TrainingTestOverlap
  }

  public let tasks: [Task]
  public let lineages: [Lineage]
  /// One a target whose weights name a list of their training images.
  public let lists: [TrainingListRecord]
  /// Pairs that the study does not run, because the initialization was trained on the task's data.
  public let notApplicable: [Plan.NotApplicable]
  /// What could not be looked at, a sentence each.
  public let remarks: [String]

  /// Whether test images are known from training, within a task or through an initialization.
  public var hasLeakage: Bool {
    tasks.contains(where: \.audit.hasLeakage) || lineages.contains { $0.overlap.sharedCount > 0 }
      || lists.contains { $0.findings.contains { !$0.matches.isEmpty } }
  }

  /// Opens every image of the wanted tasks, and of the tasks that initializations were trained on for them.
  ///
  /// - Parameters:
  ///   - data: of the same study.
  ///   - tasks: their names; empty for all.
  ///   - progress: is told the task, what is done with it, how many images are done and of how many; from any thread.
  /// - Throws: `StudiesError` for a task the study does not have, `DatasetsError` for data that cannot be listed.
  public init(
    _ study: Study, data: StudyData, tasks wanted: [String] = [], progress: @escaping @Sendable (String, ImageInventory.Stage, Int, Int) -> Void
  ) throws {
    for name in wanted where study.task(named: name) == nil {
      throw ExecutionError.unknownTask(name, known: study.tasks.map(\.name))
    }
    let chosen = study.tasks.filter { wanted.isEmpty || wanted.contains($0.name) }
    var inventories = [String: ImageInventory]()
    func inventory(_ task: TaskSpecification) throws -> ImageInventory {
      if let known = inventories[task.name] { return known }
      let made = try ImageInventory(
        task.data, kind: task.kind, pictures: task.pictures, patients: task.patients, copies: data.copies(of: task)
      ) { progress(task.name, $0, $1, $2) }
      inventories[task.name] = made
      return made
    }
    tasks = try chosen.map { task in
      Task(task: task.name, audit: DatasetAudit(try inventory(task)) { progress(task.name, $0, $1, $2) })
    }
    notApplicable = study.notApplicable.filter { pair in chosen.contains { $0.name == pair.task } }
    var lineages = [Lineage]()
    for target in chosen where target.isTarget {
      var seen = [String: [String]](), order = [String]()
      for initialization in study.initializations
      where !notApplicable.contains(Plan.NotApplicable(task: target.name, initialization: initialization.name)) {
        for source in study.pretrainingTasks(of: initialization.name) {
          if seen[source] == nil { order.append(source) }
          seen[source, default: []].append(initialization.name)
        }
      }
      for name in order {
        guard let source = study.task(named: name) else { continue }
        let overlap = TrainingTestOverlap(training: try inventory(source), test: try inventory(target)) {
          progress("\(name) → \(target.name)", $0, $1, $2)
        }
        lineages.append(
          Lineage(initializations: seen[name, default: []], trainedOn: name, target: target.name, overlap: overlap))
      }
    }
    self.lineages = lineages
    let check = TrainingListCheck(study, data: data, comparesBytes: true)
    lists = try chosen.filter(\.isTarget).compactMap { try check.record(of: $0) }
    remarks = Self.remarks(study, chosen)
  }

  private static func remarks(_ study: Study, _ tasks: [TaskSpecification]) -> [String] {
    let files = study.initializations.filter { study.weights(behind: $0.name) != nil }
    var found = files.filter { study.entry(behind: $0.name) == nil }.map {
      "What \($0.name) was trained on before is not known: give its weights an entry of the catalog, where they have one."
    }
    let published = files.filter { study.entry(behind: $0.name) != nil }
    if !published.isEmpty {
      found += tasks.filter { $0.isTarget && $0.dataset == nil }.map {
        "\($0.name) names no dataset, so it is not known whether published weights were trained on it: add dataset:, such as ChestX-ray14."
      }
    }
    found += published.compactMap { initialization in
      guard let entry = study.entry(behind: initialization.name), let list = entry.trainingImages,
        study.weights(behind: initialization.name)?.trainingImages == nil
      else { return nil }
      return "A list of the training images behind \(initialization.name) is published: \(list.words). Give it as trainingImages: to look for test images on it."
    }
    return found
  }
}
