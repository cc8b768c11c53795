internal import Foundation
internal import Foundations

/// The content behind a study's paths, as a plan found it: with it the study is planned again where neither data nor weights are.
public struct PlanFingerprints: Codable, Hashable, Sendable {
  /// By task, and by task and fraction (`DXC14@0.1`).
  public var data: [String: String]
  /// By initialization: two files may have the same name.
  public var weights: [String: String]
  /// Of the images without labels, by the initialization that is pre-trained on them; nil where there is none.
  public var images: [String: String]?

  public init(data: [String: String] = [:], weights: [String: String] = [:], images: [String: String]? = nil) {
    (self.data, self.weights, self.images) = (data, weights, images)
  }

  /// What the cells of a plan were identified by.
  public init(_ plan: Plan) {
    self.init()
    for cell in plan.cells {
      guard let configuration = plan.configurations[cell.identity] else { continue }
      var start = cell.initialization
      if cell.isSelfSupervised {
        images = (images ?? [:]).merging([cell.initialization: configuration.data]) { $1 }
        start = plan.study.pretraining(named: cell.initialization)?.initialization ?? start
        // The data that its probe judges on, which need not be those of a cell.
        for (task, fingerprint) in zip(plan.study.pretraining(named: cell.initialization)?.probe?.tasks ?? [], configuration.pretraining?.probe?.data ?? []) {
          data[task] = fingerprint
        }
      } else {
        data[Self.key(cell.task, cell.fraction, fold: cell.fold)] = configuration.data
      }
      if case .weights(let fingerprint, _, _) = configuration.start { weights[start] = fingerprint }
    }
  }

  public static func key(_ task: String, _ fraction: TrainingFraction, fold: Int? = nil) -> String {
    task + (fold.map { "/fold-\($0)" } ?? "") + (fraction.isWhole ? "" : "@\(fraction.value)")
  }

  /// The same as what a plan asks; what is not here is asked of `missing`, which throws where there is nothing to ask.
  public func answering(for study: Study, missing: Fingerprints) -> Fingerprints {
    let byPath = Dictionary(
      study.initializations.compactMap { initialization -> (String, String)? in
        guard case .weights(let source) = initialization.source, let known = weights[initialization.name] else { return nil }
        return (source.path, known)
      }, uniquingKeysWith: { first, _ in first })
    let data = data, images = images ?? [:]
    return Fingerprints(
      data: { try data[Self.key($0.name, .whole, fold: $0.data.split.fold)] ?? missing.data($0) },
      subset: { try data[Self.key($0.name, $1, fold: $0.data.split.fold)] ?? missing.subset($0, $1) },
      weights: { try byPath[$0] ?? missing.weights($0) },
      images: { made in
        let own = study.initializations.first { $0.source == .pretraining(made) }.flatMap { images[$0.name] }
        return try own ?? missing.images(made)
      })
  }
}
