import Studies

/// Makes one sample of several rows of an image, as several readers give them.
struct RowMerging {
  let rule: ManifestSource.RepeatedRows
  let table: String

  func merge(_ all: [(sample: Sample, part: DatasetPart)]) throws -> [(sample: Sample, part: DatasetPart)] {
    var order = [String](), groups = [String: [Int]]()
    for (index, entry) in all.enumerated() {
      if groups[entry.sample.id] == nil { order.append(entry.sample.id) }
      groups[entry.sample.id, default: []].append(index)
    }
    return try order.map { id in
      let members = groups[id, default: []].map { all[$0] }
      if members.contains(where: { $0.part != members[0].part || $0.sample.patient != members[0].sample.patient }) {
        throw DatasetsError.disagreeingRows(id, table: table)
      }
      let labels = members[0].sample.labels.indices.map { index in merged(members.map { $0.sample.labels[index] }) }
      return (members[0].sample.labeled(labels), members[0].part)
    }
  }

  /// 1 or 0 by the rows that know it; else uncertain where one is, else NaN.
  private func merged(_ labels: [Float]) -> Float {
    let present = labels.count { $0 == 1 }, absent = labels.count { $0 == 0 }
    if present + absent == 0 { return labels.contains(Sample.uncertain) ? Sample.uncertain : .nan }
    return (rule == .any ? present > 0 : present > absent) ? 1 : 0
  }
}

extension DatasetsError {
  static func disagreeingRows(_ id: String, table: String) -> DatasetsError {
    DatasetsError(
      kind: .duplicateImage, problem: "The rows of \(id) in \(table) name different patients or parts.",
      remedy: "Give all rows of an image the same patient and part.")
  }
}
