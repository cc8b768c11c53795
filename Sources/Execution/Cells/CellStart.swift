import Models
import RunStore
import Studies
import Training
import Weights

/// What a cell's network starts from.
struct CellStart {
  let cell: Cell
  let plan: Plan
  /// Its name; a pre-training starts from another than the one it makes.
  let initialization: String

  init(cell: Cell, plan: Plan, initialization: String? = nil) {
    (self.cell, self.plan, self.initialization) = (cell, plan, initialization ?? cell.initialization)
  }

  /// What a network was filled with.
  struct Proof: Codable {
    /// Nil for random weights.
    let certificate: Certificate?
    /// Whether the weights are those of another run.
    let isOfRun: Bool

    /// The SHA-256 of the weights of another run; nil for others.
    var sourceWeights: String? { isOfRun ? certificate?.sha256 : nil }

    /// Writes the certificate of what was loaded.
    func write(to directory: RunDirectory) throws {
      if let certificate {
        try directory.write(certificate, to: directory.certificateFile)
      } else {
        try directory.write(["initialization": "random"], to: directory.certificateFile)
      }
    }
  }

  /// The run whose weights the cell starts from; nil for others.
  var sourceDirectory: RunDirectory? {
    cell.source.flatMap(plan.cell(identity:)).map { RunDirectory(of: $0, in: plan.study.outputDirectory) }
  }

  /// Fills the network as the cell's initialization says.
  func load(into network: any Network) throws -> Proof {
    guard let initialization = plan.study.initialization(named: initialization) else { throw ExecutionError.notInPlan(cell) }
    switch initialization.source {
    case .random: return Proof(certificate: nil, isOfRun: false)
    case .weights(let source):
      let certificate = try WeightLoading.load(source, into: network)
      // The identity was made of the file as it was when the study was planned.
      if case .weights(let planned, _, _)? = plan.configurations[cell.identity]?.start, planned != certificate.fingerprint {
        throw ExecutionError.weightsChanged(source.path)
      }
      return Proof(certificate: certificate, isOfRun: false)
    case .training, .pretraining:
      guard let sourceDirectory else { throw ExecutionError.notInPlan(cell) }
      let certificate = try WeightLoading.load(sourceDirectory.weightsFile, state: .backbone, into: network)
      try sourceDirectory.requireSealedWeights(certificate.sha256)
      return Proof(certificate: certificate, isOfRun: true)
    }
  }
}
