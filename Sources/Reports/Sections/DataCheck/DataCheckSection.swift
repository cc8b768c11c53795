internal import Figures
internal import Foundation
internal import Foundations
internal import RunStore
internal import Studies

/// What the look at the data before any training found, what of it the study takes as read, and whether the data are still what the
/// runs were made on.
struct DataCheckSection: StudySection {
  /// The pixels that runs were made on.
  struct Part: Sendable {
    let pixels: [String]
  }

  struct Task: Codable, Hashable, Sendable {
    let task: String
    let findings: [DataFinding]
    let filesUsed: Int
    let filesUnused: [String: Int]
    /// Whether images were decoded.
    let isDecoded: Bool
    /// Runs that were made on other pixels than those that were looked at last, of those that say on which.
    let runsOnOtherPixels: Int
    let runsWithPixels: Int
  }

  static let id = "dataCheck"

  let tasks: [Task]

  static func part(of group: GroupContents) -> Part? {
    Part(pixels: group.runs.flatMap(\.readers).compactMap { try? $0.read(RunPixels.self, from: RunPixels.fileName).pixels })
  }

  static func make(_ parts: [CellGroup.Key: Part], _ context: SectionContext) -> DataCheckSection? {
    let tasks = context.outline.tasks.compactMap { task -> Task? in
      guard let record = try? StudyFiles.read(DataCheckRecord.self, at: DataCheckRecord.path(of: task.name), from: context.source),
        let data = record.data, task.isAbout(data, in: context.source)
      else { return nil }
      let made = parts.filter { $0.key.task == task.name }.flatMap(\.value.pixels)
      return Task(
        task: task.name, findings: record.findings, filesUsed: record.filesUsed, filesUnused: record.filesUnused, isDecoded: record.isDecoded,
        runsOnOtherPixels: record.pixels.map { pixels in made.count { $0 != pixels } } ?? 0, runsWithPixels: made.count)
    }
    return tasks.isEmpty ? nil : DataCheckSection(tasks: tasks)
  }

  var title: String { "Data check" }

  var sentences: [String] {
    tasks.map { task in
      let unused = task.filesUnused.values.reduce(0, +)
      let files = task.filesUsed > 0 ? "\(grouped(task.filesUsed)) files of its folders are used and \(grouped(unused)) are not" : "its files lie in no folder of their own"
      let told = task.findings.count
      return "\(task.task): \(files); \(told == 0 ? "nothing was found." : "\(counted(told, "finding")).")"
        + (task.isDecoded ? "" : " No image was decoded for it.")
    }
  }

  var tables: [ReportTable] {
    let all = tasks.flatMap(\.findings)
    if all.isEmpty { return [] }
    var table = ReportTable(
      title: "Findings on the data",
      caption: "What “medtransfer check” found before any training. Accepted: the study says under data.accept that it was read.", label: "findings",
      columns: [.init("Task"), .init("Part"), .init("Finding"), .init("Severity"), .init("What was found")], headingColumns: 2)
    for finding in all {
      table.append([
        .init(finding.task), .init(finding.part ?? "all"), .init(finding.code),
        .init(finding.isAccepted ? "\(finding.severity.rawValue), accepted" : finding.severity.rawValue), .init(finding.sentence),
      ])
    }
    return [table]
  }

  var methods: String {
    "Before training, the files, labels, patients, masks, geometry and copies of each data set were checked"
      + (tasks.contains { !$0.isDecoded } ? "." : ", every image being decoded.")
  }

  var remarks: [String] {
    tasks.flatMap { task -> [String] in
      var found = task.findings.filter { $0.isAccepted }.map { "Taken as read by the study (data.accept), \($0.task) [\($0.code)]: \($0.sentence)" }
      if task.runsOnOtherPixels > 0 {
        found.append(
          "The data of \(task.task) changed since \(grouped(task.runsOnOtherPixels)) of \(counted(task.runsWithPixels, "run")) \(task.runsOnOtherPixels == 1 ? "was" : "were") made: their images have other pixels now, and their numbers are of those before."
        )
      }
      return found
    }
  }
}

private func counted(_ count: Int, _ noun: String) -> String { "\(grouped(count)) \(noun)\(count == 1 ? "" : "s")" }
