import Datasets
import Foundation
import Foundations
import Imaging
import Studies

/// What the levels of mask files mean, over all of them together.
struct MaskLevelLook: DataLook {
  static let codes = [
    FindingCode("masks.levels", .refused, "what object is in the masks cannot be told by their levels"),
    FindingCode("masks.read", .noted, "the masks are read by a rule that one file alone would not tell"),
    FindingCode("masks.unexpected", .refused, "masks have values that nothing names"),
  ]
  static let opensPictures = true

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard subject.task.kind.isSegmentation else { return [] }
    return MaskRole.allCases.flatMap { understanding($0, subject) } + unexpected(subject)
  }

  private func understanding(_ role: MaskRole, _ subject: DataSubject) -> [DataFinding] {
    guard let masks = subject.masks[role] else { return [] }
    let survey = masks.survey
    switch masks.understanding {
    case .asEach: return []
    case .all(let threshold):
      return [
        subject.finding(
          "masks.read", .noted, count: survey.fileCount, "\(role.subject) of all \(counted(survey.fileCount, "file")) are read by one rule: object is \(threshold.inWords).", "")
      ]
    case .unclear:
      let levels = survey.counts.sorted { $0.key < $1.key }.map { level, count in
        "\(level) (\(Self.grouped(count)) pixels in \(survey.files[level] ?? 0) of \(counted(survey.fileCount, "mask")))"
      }
      return [
        subject.finding(
          "masks.levels", .refused, count: survey.counts.count, examples: levels,
          "\(role.subject) have \(counted(survey.counts.count, "level")), and which of them are object cannot be told: \(firstFew(levels, atMost: 6)).\(colors(survey))",
          role == .fieldOfView ? "Draw them in two levels, or take evaluatedRegion away." : remedy(survey, subject))
      ]
    }
  }

  private func colors(_ survey: MaskSurvey) -> String {
    guard let colors = survey.colors, colors.count > 2 else { return "" }
    let most = colors.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(4).map { Self.hexadecimal($0.key) }
    return " Their colors are \(most.joined(separator: ", "))\(colors.count > 4 ? " and others" : "")."
  }

  /// The keys that settle it, spelled with the levels that are there.
  private func remedy(_ survey: MaskSurvey, _ subject: DataSubject) -> String {
    let levels = survey.counts.keys.sorted(), key = subject.key, labels = subject.task.data.maskLabelsKey
    var ways = [String]()
    if levels.count <= 12 {
      let object = levels.filter { $0 > 0 }
      ways.append("\(labels): {object: [\(object.map(String.init).joined(separator: ", "))]} with a name and the levels of each class, and ignore: for levels that do not count")
    }
    if let colors = survey.colors, colors.count > 1, let color = colors.keys.filter({ $0 != 0 }).max(by: { colors[$0, default: 0] < colors[$1, default: 0] }) {
      ways.append("color: '\(Self.hexadecimal(color))' for the object's color")
    }
    ways.append("threshold: nonZero, or the highest level that is background")
    return "Say it under \(key): \(ways.joined(separator: "; or "))."
  }

  private func unexpected(_ subject: DataSubject) -> [DataFinding] {
    guard let pictures = subject.pictures else { return [] }
    var counts = [Int?: (pixels: Int, first: String, images: Int)]()
    for (_, sample) in subject.samples {
      for (level, count) in pictures.facts[sample.id]?.mask?.unexpected ?? [:] {
        let old = counts[level] ?? (0, sample.id, 0)
        counts[level] = (old.pixels + count, old.first, old.images + 1)
      }
    }
    if counts.isEmpty { return [] }
    let words = counts.sorted { ($0.key ?? .max) < ($1.key ?? .max) }.map { level, found in
      "\(level.map(String.init) ?? "numbers that are not whole") (\(Self.grouped(found.pixels)) pixels in \(counted(found.images, "mask")), such as \(found.first))"
    }
    let isNNUNet = subject.task.data.maskMeaning == nil
    return [
      subject.finding(
        "masks.unexpected", .refused, count: counts.count, examples: words,
        "The masks have values that \(isNNUNet ? "dataset.json" : subject.task.data.maskLabelsKey) does not name: \(firstFew(words)).",
        isNNUNet
          ? "Name them under labels of dataset.json (\"ignore\" for pixels that do not count), or correct the label maps."
          : "Name them under \(subject.key).\(subject.task.data.maskLabelsKey), or under ignore where they do not count.")
    ]
  }

  private static func hexadecimal(_ color: Int) -> String {
    let digits = String(color, radix: 16)
    return "#" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  private static func grouped(_ number: Int) -> String {
    let digits = String(number)
    return digits.enumerated().map { ($0 > 0 && (digits.count - $0) % 3 == 0 ? "," : "") + String($1) }.joined()
  }
}

extension MaskRole {
  fileprivate var subject: String {
    switch self {
    case .truth: "The masks"
    case .secondObserver: "The masks by the second observer"
    case .fieldOfView: "The masks of the field of view"
    }
  }
}

extension Mask.Threshold {
  fileprivate var inWords: String {
    switch self {
    case .automatic: "told by each file"
    case .nonZero: "every level above 0"
    case .above(let level): "every level above \(level)"
    case .levels(let levels): "the levels \(levels.sorted().map(String.init).joined(separator: ", "))"
    case .opacity(let level): "every opacity above \(level.map(String.init) ?? "half of the range")"
    case .color: "one color"
    }
  }
}
