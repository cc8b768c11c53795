internal import Containers
internal import Foundation
internal import Foundations
internal import RunStore
public import Studies
public import Weights

/// What an initialization of a study is, with the proof of what was loaded where there is a file.
public struct WeightsOrigin: Codable, Hashable, Sendable {
  public let initialization: String
  /// `drawn at random`, `trained on children, from cifar10`, or the title of the catalog entry.
  public let words: String
  /// Of the file that its runs started from; nil for random values, and where no run has started.
  public let certificate: Certificate?

  public init(_ initialization: InitializationSpecification, certificate: Certificate?) {
    self.initialization = initialization.name
    self.certificate = certificate
    words =
      switch initialization.source {
      case .random: "drawn at random"
      case .training(let task, let start, let seed): "trained on \(task), from \(start)" + (seed.map { ", seed \($0)" } ?? "")
      case .pretraining(let made): "pre-trained by \(made.method) on images of \(made.images.map(\.name).joined(separator: ", ")), from \(made.initialization)"
      case .weights(let source): source.entry.map { (try? WeightsCatalog.named($0))?.title ?? $0 } ?? "weights of one's own"
      }
  }

  /// One an initialization of the study, with the certificate of its first run that has one.
  ///
  /// One is enough: the digest of the file is part of every run's identity, so all runs of a plan started from the same bytes.
  static func all(of plan: Plan) -> [WeightsOrigin] {
    plan.study.initializations.map { initialization in
      guard initialization.source != .random else { return WeightsOrigin(initialization, certificate: nil) }
      for cell in plan.cells where cell.initialization == initialization.name && !cell.isSelfSupervised {
        let directory = RunDirectory(of: cell, in: plan.study.outputDirectory)
        if let certificate = try? directory.read(Certificate.self, from: directory.certificateFile) {
          return WeightsOrigin(initialization, certificate: certificate)
        }
      }
      return WeightsOrigin(initialization, certificate: nil)
    }
  }

  /// What a reader must know of what was loaded: a sentence each, behind the initializations' names.
  static func cautions(_ origins: [WeightsOrigin]) -> [String] {
    origins.flatMap { origin in (origin.certificate?.cautions ?? []).map { "\(origin.initialization): \($0)" } }
  }

  /// The columns of certificates in a report: how many arrays were filled and left out, from which bytes, under which terms.
  static func table(_ origins: [WeightsOrigin]) -> Table {
    var table = Table(columns: [
      Table.Column("Initialization"), Table.Column("Started from"), Table.Column("File"), Table.Column("Container"),
      Table.Column("Filled", .right), Table.Column("Left out", .right), Table.Column("SHA-256"), Table.Column("License"),
    ])
    for origin in origins {
      guard let certificate = origin.certificate else {
        table.append([origin.initialization, origin.words])
        continue
      }
      table.append([
        origin.initialization, origin.words, certificate.file, certificate.container.rawValue,
        "\(certificate.matchedCount)/\(certificate.expectedCount - certificate.defaulted.count)", String(certificate.dropped.count),
        String(certificate.sha256.prefix(12)), certificate.license ?? "",
      ])
    }
    return table
  }
}
