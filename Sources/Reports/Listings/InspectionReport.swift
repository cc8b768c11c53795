public import Containers
public import Foundations

/// What a checkpoint holds, as it is shown on a terminal.
public struct InspectionReport: Sendable {
  let inspection: CheckpointInspection

  public init(_ inspection: CheckpointInspection) { self.inspection = inspection }

  /// One line an array.
  public var table: Table {
    var table = Table(columns: [
      .init("Name"), .init("Shape"), .init("Type"), .init("Sum", .right), .init("Sum of absolute values", .right),
    ])
    for tensor in inspection.tensors {
      let remark = tensor.notFiniteCount > 0 ? "\(grouped(tensor.notFiniteCount)) not finite" : "–"
      let shape = tensor.shape.isEmpty ? "1 number" : tensor.shape.map(String.init).joined(separator: " × ")
      table.append([
        tensor.name, shape, tensor.elementType.rawValue,
        tensor.sum.map { significant($0, 8) } ?? remark, tensor.sumOfAbsoluteValues.map { significant($0, 8) } ?? remark,
      ])
    }
    return table
  }

  public var terminalText: String {
    let arrays = "\(grouped(inspection.tensors.count)) array\(inspection.tensors.count == 1 ? "" : "s")"
    var text =
      "\(inspection.file): \(inspection.container.description), \(spoken(bytes: inspection.byteCount)), "
      + "\(arrays), \(grouped(inspection.elementCount)) numbers\n"
    let values = inspection.values.map { ($0.name, $0.value) } + inspection.metadata.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    if !values.isEmpty { text += "\n" + labeled(values.map { (Self.cut($0.0, to: 40), Self.cut($0.1, to: 300)) }) }
    return inspection.tensors.isEmpty ? text : text + "\n" + table.rendered()
  }

  /// One line of a text that may have any length and hold anything.
  private static func cut(_ text: String, to length: Int) -> String {
    let shown = String(text.prefix(length).map { $0.isNewline || $0.unicodeScalars.contains { $0.value < 32 } ? " " : $0 })
    return text.count > length ? "\(shown)… (\(grouped(text.count)) characters)" : shown
  }
}
