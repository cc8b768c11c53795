import Datasets
import Foundation
import Foundations
import Models
public import Studies
import Torch
import Training
internal import Vocabulary
public import Weights

/// Whether the checkpoint files of a study fit the networks that start from them: asked before the first cell, not hours later.
public struct WeightsCheck {
  /// What was found in the file of an initialization.
  public struct Finding: Sendable {
    public let initialization: String
    public let certificate: Certificate
  }

  /// One an initialization that starts from a file, in the study's order.
  public let findings: [Finding]

  /// Loads each file that a cell of the plan starts from into a network of each kind that is to start from it.
  ///
  /// - Parameter wanted: the cells that count; those that are finished need no check.
  /// - Throws: `ExecutionError` that lists every file that does not fit, with its reason.
  public init(_ plan: Plan, data: StudyData, wanted: (Cell) -> Bool = { _ in true }) throws {
    var found: [Finding] = []
    var problems: [String] = []
    for initialization in plan.study.initializations {
      guard case .weights(let source) = initialization.source else { continue }
      var seen: Set<Setting> = []
      for cell in plan.cells where Self.start(of: cell, in: plan.study) == initialization.name && wanted(cell) {
        guard let configuration = plan.configurations[cell.identity] else { continue }
        let task = plan.study.task(named: cell.task), setting = Setting(task: task, configuration: configuration, source: source)
        guard seen.insert(setting).inserted else { continue }
        do {
          let certificate = try setting.load(source, task: task, data: data)
          if found.last?.initialization != initialization.name {
            found.append(Finding(initialization: initialization.name, certificate: certificate))
          }
        } catch {
          problems.append("\(initialization.name): \(sentence(for: error))")
          break
        }
      }
    }
    guard problems.isEmpty else { throw ExecutionError.weightsDoNotFit(problems) }
    findings = found
  }

  /// The initialization whose values a cell starts with.
  private static func start(of cell: Cell, in study: Study) -> String? {
    cell.isSelfSupervised ? study.pretraining(named: cell.initialization)?.initialization : cell.initialization
  }

  /// What decides whether a file fits.
  private struct Setting: Hashable {
    let architecture: String
    let inputChannels: Int
    let arithmetic: Arithmetic
    /// Nil where only the backbone is taken: then all tasks of an architecture ask for the same.
    let task: String?
    let kind: TaskKind
    let recipe: Recipe

    /// - Parameter task: nil for a pre-training without labels, which takes the backbone alone.
    init(task: TaskSpecification?, configuration: CellConfiguration, source: WeightsSource) {
      recipe = configuration.recipe
      architecture = recipe.architecture
      inputChannels = recipe.inputChannels
      arithmetic = configuration.arithmetic
      kind = configuration.kind
      self.task = source.state == .full ? task?.name : nil
    }

    static func == (left: Setting, right: Setting) -> Bool {
      (left.architecture, left.inputChannels, left.arithmetic, left.task)
        == (right.architecture, right.inputChannels, right.arithmetic, right.task)
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(architecture)
      hasher.combine(inputChannels)
      hasher.combine(arithmetic)
      hasher.combine(task)
    }

    func load(_ source: WeightsSource, task: TaskSpecification?, data: StudyData) throws -> Certificate {
      var outputs = 1
      if let task, self.task != nil, task.kind.answer != .mask {
        outputs = task.kind.outputCount(classes: try data.splits(of: task).answerNames.count, recipe: task.recipe)
      }
      let network = try recipe.makeNetwork(
        kind: kind, outputs: outputs, arithmetic: arithmetic, seed: SeedPath(0),
        numerics: NumericSetting(device: .cpu, precision: .float32))
      return try WeightLoading.load(source, into: network, digests: data.weightDigests.parts)
    }
  }
}
