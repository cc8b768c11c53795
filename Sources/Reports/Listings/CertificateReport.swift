internal import Containers
internal import Foundations
internal import Vocabulary
public import Weights

/// A certificate as it is shown on a terminal: what was loaded from where, what was left out and why.
public struct CertificateReport: Sendable {
  let certificate: Certificate
  let architecture: String

  /// - Parameter architecture: what people call it, such as `ResNet-50`.
  public init(_ certificate: Certificate, architecture: String) {
    self.certificate = certificate
    self.architecture = architecture
  }

  public var terminalText: String {
    let what = certificate.entry.map { "fits the catalog’s \($0.id), \($0.title)" } ?? "fits as weights of one’s own"
    let title = "\(certificate.file) \(what): every tensor of a \(architecture) is filled exactly once."
    var text = wrapped(title, width: 100).joined(separator: "\n") + "\n\n" + labeled(lines)
    if let features = certificate.features {
      text += "\nWhat it computes from a fixed input (float64, arithmetic \(features.arithmetic.rawValue); --json has its formula):\n\n" + table(features).rendered()
    }
    return text
  }

  private func table(_ features: FeatureFingerprint) -> Table {
    var table = Table(columns: [
      .init("Stage"), .init("Shape"), .init("Mean", .right), .init("Deviation", .right), .init("Norm", .right),
    ])
    for stage in features.stages {
      table.append([
        stage.name, stage.shape.map(String.init).joined(separator: " × "), significant(stage.mean, 6),
        significant(stage.standardDeviation, 6), significant(stage.norm, 6),
      ])
    }
    return table
  }

  private var lines: [(label: String, text: String)] {
    var lines: [(label: String, text: String)] = [
      ("Container", "\(certificate.container.description), \(spoken(bytes: certificate.parts.reduce(0) { $0 + $1.byteCount }))")
    ]
    for part in certificate.parts {
      lines.append((lines.count == 1 ? "SHA-256" : "", certificate.parts.count == 1 ? part.sha256 : "\(part.sha256) \(part.file)"))
    }
    lines += [
      ("Found", place),
      ("Matched", "\(certificate.matchedCount) of \(certificate.expectedCount) tensors"),
    ]
    if !certificate.defaulted.isEmpty {
      lines.append(("Set to 0", "\(certificate.defaulted.count) batch counters, which the file lacks and no arithmetic uses"))
    }
    for (index, group) in droppedByRule.enumerated() {
      let names = group.keys.count <= 3 ? firstFew(group.keys) : "\(grouped(group.keys.count)) (\(firstFew(group.keys)))"
      lines.append((index == 0 ? "Left out" : "", "\(group.rule): \(names)"))
    }
    if droppedByRule.isEmpty { lines.append(("Left out", "nothing")) }
    if let overall = certificate.overall {
      lines.append(
        (
          "Checked",
          "every number finite, every variance positive; all from \(significant(overall.minimum, 4)) to "
            + "\(significant(overall.maximum, 4)), mean \(significant(overall.mean, 4))"
        ))
    }
    if !certificate.folded.isEmpty {
      let count = "\(certificate.folded.count) biases of convolutions"
      lines.append(("Folded", "\(count), into the running means behind them, which computes the same"))
    }
    if let card = certificate.preprocessing { lines.append(("Images", card.terminalText)) }
    if let arithmetic = certificate.arithmeticAsTrained { lines.append(("Arithmetic", arithmetic.terminalText)) }
    for (index, caution) in (certificate.cautions ?? []).enumerated() { lines.append((index == 0 ? "Beware" : "", caution)) }
    if let remark = certificate.remark { lines.append(("Remark", remark)) }
    if let license = certificate.license { lines.append(("License", license)) }
    if let paper = certificate.paper { lines.append(("Paper", paper)) }
    return lines
  }

  private var place: String {
    let path = certificate.dictionaryPath.isEmpty ? "at the root" : "under \(certificate.dictionaryPath.joined(separator: "."))"
    let names = certificate.prefix.isEmpty ? path : "\(path), each name behind \(certificate.prefix)"
    return "\(names); \(certificate.layout.description)"
  }

  /// In the order in which the rules first dropped something.
  private var droppedByRule: [(rule: String, keys: [String])] {
    var groups: [(rule: String, keys: [String])] = []
    for dropped in certificate.dropped {
      if let index = groups.firstIndex(where: { $0.rule == dropped.rule }) {
        groups[index].keys.append(dropped.key)
      } else {
        groups.append((dropped.rule, [dropped.key]))
      }
    }
    return groups
  }
}
