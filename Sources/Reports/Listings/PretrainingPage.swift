internal import Foundation
public import Foundations
public import RunStore

/// What a pre-training learns from and by which values, for a terminal.
extension RunPretraining {
  /// - Parameter name: of the initialization that it makes.
  public func terminalText(named name: String) -> String {
    var text = "\(name): \(method) (\(paper))\n"
    if let remark { text += wrapped(remark, width: 100).joined(separator: "\n") + "\n" }
    text += extent + "\n"
    for statement in statements { text += wrapped(statement, width: 100).joined(separator: "\n") + "\n" }
    return text + "\n" + table.rendered()
  }

  /// Images, patients, steps.
  public var extent: String {
    var words = "\(grouped(images)) image\(images == 1 ? "" : "s")"
    if patients > 0 { words += " of \(grouped(patients)) patient\(patients == 1 ? "" : "s")" }
    if imagesOfUnknownPatients > 0 {
      words += patients == 0 ? ", whose patients are not known" : " and \(grouped(imagesOfUnknownPatients)) of patients that are not known"
    }
    let epoch = imagesPerEpoch == images ? "" : ", \(grouped(imagesPerEpoch)) in an epoch"
    return "\(words)\(epoch); \(grouped(steps)) steps of \(batchSize), \(grouped(stepsPerEpoch)) an epoch."
  }

  /// Each published value beside the one used here.
  public var table: Table {
    var table = Table(columns: [.init("Setting"), .init("Published", .right), .init("Here", .right), .init("Because"), .init("Published in")])
    for row in settings { table.append([row.key, Self.number(row.published), Self.number(row.used), row.reason ?? "", row.source]) }
    return table
  }

  static func number(_ value: Double) -> String {
    if value == value.rounded(), abs(value) < 1e15 { return grouped(Int(value)) }
    return value.significant(4)
  }
}
