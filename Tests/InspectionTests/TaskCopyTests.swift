import DatasetFixtures
import Foundation
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Inspection

@Suite("Every built-in task against a generated copy of its data")
struct TaskCopyTests {
  @Test("Every built-in task has a generated copy, and every copy is of a task")
  func complete() {
    #expect(TaskCopy.all.map(\.task) == BuiltInTaskCatalog.names)
  }

  @Test("A whole copy of the published sizes differs from the published data in counts alone", arguments: TaskCopy.all)
  func whole(_ copy: TaskCopy) throws {
    let data = try TemporaryData(), task = try BuiltInTaskCatalog.named(copy.task)
    try copy.write(to: data.url, isReduced: false)
    let check = try TaskCheck(task, root: data.url, isDecoding: false)
    #expect(check.isUsable, "\(check.terminalText)")
    #expect(check.parts.map(\.images).reduce(0, +) == copy.images)
    for finding in check.findings {
      let isOfCounts = ["and the published copy has", "those of the published split", "another number of images than published", "is published with"]
      #expect(isOfCounts.contains { finding.problem.contains($0) }, "\(copy.task): \(finding.problem)")
    }
    let counted = try TaskCheck(task.counted(as: check), root: data.url, isDecoding: false)
    #expect(counted.findings.isEmpty && counted.terminalText.hasSuffix("\nThe copy is whole.\n"), "\(counted.terminalText)")
  }

  @Test("Each fault planted in a copy is named with what to do", arguments: TaskCopy.all)
  func faults(_ copy: TaskCopy) throws {
    let data = try TemporaryData(), published = try BuiltInTaskCatalog.named(copy.task)
    try copy.write(to: data.url, isReduced: true)
    // Counts and sizes of the copy stand in for the published ones, so that a file too few is told as it would be of a whole copy.
    let task = try published.counted(as: try TaskCheck(published, root: data.url, isDecoding: false)).sized(by: data.url)
    let whole = try TaskCheck(task, root: data.url, isDecoding: true)
    #expect(whole.findings.isEmpty && whole.areDecoded, "\(whole.terminalText)")
    let faulty = try FaultyCopy(task, root: data.url), faults = try faulty.faults()
    #expect(faults.count >= 8)
    for fault in faults {
      let words = try fault.plant(faulty.editor)
      let check = try TaskCheck(task, root: data.url, isDecoding: fault.needsDecoding)
      let told = check.findings.filter { finding in words.allSatisfy { finding.problem.contains($0) } }
      #expect(!told.isEmpty && told.allSatisfy { !$0.remedy.isEmpty }, "\(copy.task), \(fault.name): \(words) in \(check.findings.map(\.problem))")
      try faulty.editor.restore()
    }
    let restored = try TaskCheck(task, root: data.url, isDecoding: false)
    #expect(restored.findings.isEmpty, "\(restored.terminalText)")
  }
}

extension BuiltInTask {
  /// The task as if what a check counted in a copy were what the publisher counts.
  func counted(as check: TaskCheck) -> BuiltInTask {
    var layout = layout
    for (index, item) in check.items.enumerated() where item.count != nil {
      for form in layout.items[index].forms.indices { layout.items[index].forms[form].count = item.count }
    }
    var sizes = [DatasetPart: Int](), positives = [String: Int]()
    for part in check.parts {
      sizes[part.part] = part.images
      for (name, count) in part.positives { positives[name, default: 0] += count }
    }
    let split = ExpectedSplit("copy", training: sizes[.training], validation: sizes[.validation], test: sizes[.test])
    return replacing(layout: layout, splits: [split], positives: self.positives.isEmpty ? [:] : positives)
  }

  /// The task as if the sizes of a copy's pictures were the published ones, where those are stated.
  func sized(by root: URL) throws -> BuiltInTask {
    let found = try DatasetResolver.find(data.rooted(at: root.path), kind: kind)
    let seen = try FileInspection(samples: found.parts.values.flatMap { $0 }, isDecoding: true).run { _, _ in }.flatMap(\.outcome.pictures)
    var layout = layout
    for index in layout.items.indices where !layout.items[index].imageSizes.isEmpty {
      let paths = layout.items[index].forms.flatMap(\.paths).map { root.appendingPathComponent($0).standardizedFileURL.path }
      layout.items[index].imageSizes = Set(
        seen.filter { picture in
          paths.contains { picture.file.standardizedFileURL.path == $0 || picture.file.standardizedFileURL.path.hasPrefix($0 + "/") }
        }.compactMap(\.size)
      ).sorted { $0[0] < $1[0] }
    }
    return replacing(layout: layout, splits: splits, positives: positives)
  }

  private func replacing(layout: TaskLayout, splits: [ExpectedSplit], positives: [String: Int]) -> BuiltInTask {
    BuiltInTask(
      name: name, title: title, kind: kind, dataset: dataset, modality: modality, data: data, layout: layout, recipe: recipe, metric: metric,
      scoredClasses: scoredClasses, splits: splits, positives: positives, citation: citation, access: access)
  }
}
