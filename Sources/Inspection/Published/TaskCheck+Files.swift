public import Datasets
import Foundation
import Foundations
import Studies

extension TaskCheck {
  /// Turns what was seen of the files into findings.
  mutating func report(
    _ outcomes: [(sample: Sample, outcome: FileInspection.Outcome)], task: BuiltInTask, sampleCount: Int, root: String
  ) {
    let broken = outcomes.filter { $0.outcome.failure != nil }
    if let first = broken.first {
      let share = Double(broken.count) / Double(sampleCount), limit = task.recipe.brokenFileLimit
      add(
        share > limit ? .problem : .difference,
        "\(broken.count) of \(counted(sampleCount, "image")) cannot be read: \(firstFew(broken.map(\.sample.id))). The first: \(first.outcome.failure ?? "")",
        share > limit
          ? "Download these files again; a run bears \(spelledPercent(limit)) of broken images."
          : "Download these files again; until then runs leave them out and name them in quarantine.json.",
        files: broken.map(\.sample.id))
    }
    for item in task.layout.items where !item.imageSizes.isEmpty || !item.bitDepths.isEmpty {
      let places = Set(item.forms.flatMap(\.paths)).map { URL(fileURLWithPath: root + "/" + $0).standardizedFileURL.path }
      let seen = outcomes.flatMap { sample, outcome in
        outcome.pictures.filter { picture in
          let path = picture.file.standardizedFileURL.path
          return places.contains { path == $0 || path.hasPrefix($0 + "/") }
        }.map { (name: $0.isMask ? $0.file.lastPathComponent : sample.id, picture: $0) }
      }
      compareSizes(of: seen, with: item.imageSizes)
      compareBitDepths(of: seen, with: item.bitDepths)
    }
  }

  private mutating func compareSizes(of seen: [(name: String, picture: FileInspection.Picture)], with expected: [[Int]]) {
    let others = seen.filter { _, picture in picture.size.map { !expected.contains($0) } ?? false }
    guard !expected.isEmpty, let first = others.first, let size = first.picture.size else { return }
    add(
      .difference,
      "\(others.count) of \(counted(seen.count, first.picture.noun)) \(others.count == 1 ? "is" : "are") not \(expected.map { "\($0[0]) × \($0[1])" }.joined(separator: " or ")) pixels, such as \(first.name) with \(size[0]) × \(size[1]).",
      "Use the publisher's own \(first.picture.noun)s to compare with published numbers; resized copies give other results.", files: others.map(\.name))
  }

  private mutating func compareBitDepths(of seen: [(name: String, picture: FileInspection.Picture)], with expected: [Int]) {
    let others = seen.filter { _, picture in picture.bitDepth.map { !expected.contains($0) } ?? false }
    guard !expected.isEmpty, let first = others.first, let depth = first.picture.bitDepth else { return }
    add(
      .difference,
      "\(others.count) of \(counted(seen.count, first.picture.noun)) \(others.count == 1 ? "has" : "have") not \(expected.map(String.init).joined(separator: " or ")) bits a sample, such as \(first.name) with \(depth).",
      "Use the publisher's own \(first.picture.noun)s to compare with published numbers; copies of another depth give other results.",
      files: others.map(\.name))
  }
}

extension FileInspection.Picture {
  fileprivate var noun: String { isMask ? "mask" : "image" }
}

private func spelledPercent(_ fraction: Double) -> String {
  let percent = fraction * 100
  return percent == percent.rounded() ? "\(Int(percent)) %" : "\(percent) %"
}
