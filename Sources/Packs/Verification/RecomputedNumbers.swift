internal import Foundation
internal import Foundations
internal import Reports
internal import RunStore

/// Numbers, tables and words computed again from a pack's predictions, beside those that it states.
struct RecomputedNumbers {
  let checks: [PackVerification.Check]

  init(_ pack: OpenedPack, _ plan: RebuiltPlan) {
    let name = PackFiles.numbers
    func failed(_ reason: String) -> [PackVerification.Check] {
      [.init("Numbers from predictions", count: 0, faults: [.init(name, reason)])]
    }
    guard let data = pack.files[name] else {
      checks = failed("is not in the pack")
      return
    }
    struct Format: Decodable { let format: String }
    let format = (try? JSONDecoder().decode(Format.self, from: data))?.format ?? ""
    guard format == StudyNumbers.currentFormat else {
      checks = failed(
        format.hasPrefix("medtransfer.numbers/")
          ? "is of the format \(format.prefix(40)), and this program computes \(StudyNumbers.currentFormat): verify it with the version that made the pack"
          : "is no file of numbers")
      return
    }
    guard let stated = try? JSONDecoder().decode(StudyNumbers.self, from: data) else {
      checks = failed("lacks what a file of numbers has")
      return
    }
    var faults: [PackVerification.Fault] = []
    // The study file says which runs count, not the file of numbers.
    let outline = plan.outline ?? stated.outline
    if outline != stated.outline { faults.append(.init(name, "counts other tasks, initializations or runs than study.yaml plans")) }
    do {
      let own = try StudyNumbers(outline, from: PackFiles.runs(pack.files, name: pack.name), settings: stated.settings)
      let derived = try PackFiles.derived(own)
      let difference = JSONDifference(stated: data, own: derived[name] ?? Data(), rounding: RunMetrics.rounding)
      faults += difference.faults.map { .init("\(name), \($0.path)", $0.words) }
      let rounded = difference.roundedCount
      let remark =
        rounded == 0
        ? "" : "\(rounded) differ in their last digits, by less than 1e-12 of their size, as other processors' functions do"
      var checks: [PackVerification.Check] = [
        .init("Numbers from predictions", count: difference.numberCount, faults: faults, remark: remark),
        .init("of them p-values", count: difference.pValueCount),
      ]
      let texts = derived.keys.filter { $0 != name }.sorted()
      checks.append(
        .init(
          "Tables, verdicts and methods from the numbers", count: texts.count,
          faults: texts.compactMap { path in
            guard let text = pack.files[path] else { return .init(path, "is not in the pack") }
            return text == derived[path] ? nil : Self.firstDifference(path, text, derived[path] ?? Data())
          }))
      self.checks = checks
    } catch {
      checks = failed("cannot be computed again: \(sentence(for: error))")
    }
  }

  private static func firstDifference(_ path: String, _ stated: Data, _ own: Data) -> PackVerification.Fault {
    let (first, second) = (lines(stated), lines(own))
    let index = zip(first, second).enumerated().first { $1.0 != $1.1 }?.offset ?? min(first.count, second.count)
    func line(_ lines: [Substring]) -> String { index < lines.count ? "“\(lines[index].prefix(100))”" : "nothing" }
    return .init(path, "line \(index + 1) is \(line(first)), and the predictions give \(line(second))")
  }

  private static func lines(_ data: Data) -> [Substring] {
    String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
  }
}
