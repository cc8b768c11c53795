extension DataSourceReader {
  /// The key beside a source that names a table of patients.
  static let patientsKey = "patients"

  /// `{file: patients.csv, imageColumn: image, patientColumn: patient}` of a task's data; nil where there is none.
  func patients(_ data: NodeReader) -> PatientTable? {
    guard case .group(let entries) = data.node.content, let entry = entries.first(where: { $0.key == Self.patientsKey }) else { return nil }
    let reader = NodeReader(node: entry.value, path: "\(data.path).\(Self.patientsKey)", diagnostics: data.diagnostics)
    guard let group = reader.group(known: ["file", "imageColumn", "patientColumn"]), let file = group.required("file").flatMap(path) else { return nil }
    var table = PatientTable(file: file)
    group.read("imageColumn", into: &table.imageColumn) { $0.string() }
    group.read("patientColumn", into: &table.patientColumn) { $0.string() }
    return table
  }
}
