import Datasets
import Foundation
import Foundations
import Imaging
import Studies

/// What the levels of mask files mean, over all of them together.
struct MaskLevelLook: DataLook {
  static let codes = [
    FindingCode("masks.levels", .refused, "what object is in the masks cannot be told by their levels"),
    FindingCode("masks.read", .warned, "the masks are read by a rule that one file alone would not tell; noted where it is 0 or half of the range"),
    FindingCode("masks.unexpected", .refused, "masks have values that nothing names"),
  ]
  static let opensPictures = true
  /// Levels below this one number something where 255 is among them too.
  private static let leastWhite = 64
  /// More levels are told by where most pixels lie.
  private static let fewLevels = 16

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
      // A limit of the files' own making may lie anywhere among what they number.
      let isUsual = [0, 127, 32767].contains(threshold.limit ?? 0)
      return [
        subject.finding(
          "masks.read", isUsual ? .noted : .warned, count: survey.fileCount,
          "\(role.subject) of all \(counted(survey.fileCount, "file")) are read by one rule: object is \(threshold.inWords).",
          isUsual ? "" : "Check that it is so, and say it under \(subject.key): threshold: \(threshold.limit ?? 0), or another.")
      ]
    case .unclear:
      let levels = survey.counts.sorted { $0.key < $1.key }.map { level, count in
        "\(level) (\(Self.grouped(count)) pixels in \(survey.files[level] ?? 0) of \(counted(survey.fileCount, "mask")))"
      }
      let told =
        survey.counts.count > Self.fewLevels
        ? "most pixels lie around " + survey.peaks.map { "\($0.level) (\(Self.grouped($0.pixels)) pixels)" }.joined(separator: ", ") + (survey.hasManyPeaks ? " and others" : "")
        : firstFew(levels, atMost: 6)
      return [
        subject.finding(
          "masks.levels", .refused, count: survey.counts.count, examples: levels,
          "\(role.subject) have \(counted(survey.counts.count, "level")), and which of them are object cannot be told: \(told).\(colors(survey))",
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
      // White over small numbers as a rule marks what does not count.
      if let highest = object.last, object.count > 1, highest == 255, object.dropLast().allSatisfy({ $0 < Self.leastWhite }) {
        let others = object.dropLast().map(String.init).joined(separator: ", ")
        ways.append("\(labels): {object: \(object.count == 2 ? others : "[\(others)]")}, ignore: 255 where 255 marks pixels that do not count")
      }
      ways.append("\(labels): {object: [\(object.map(String.init).joined(separator: ", "))]} with a name and the levels of each class, and ignore: for levels that do not count")
    }
    if let colors = survey.colors, let color = Self.objectColor(colors) {
      ways.append("color: '\(Self.hexadecimal(color))' for the object's color")
    }
    if levels.count > Self.fewLevels {
      let steps = survey.hasManyPeaks ? [] : zip(survey.peaks, survey.peaks.dropFirst()).map { "\(($0.level + $1.level) / 2)" }
      let between = steps.count < 2 ? steps : Array(Set([steps[0], steps[steps.count - 1]])).sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }
      if !survey.isLossy { ways.append("threshold: nonZero, where they number objects of one kind") }
      if !between.isEmpty {
        ways.append(
          "threshold: \(between.joined(separator: " or ")), the highest level that is background, where they are classes that \(survey.isLossy ? "JPEG or the like" : "resizing") changed"
        )
      }
      ways.append("give such masks as they were before, with \(labels)")
    } else {
      ways.append("threshold: nonZero, or the highest level that is background")
    }
    return "Say it under \(key): \(ways.joined(separator: "; or "))."
  }

  /// The commonest color that is no shade of the commonest of all.
  private static func objectColor(_ colors: [Int: Int]) -> Int? {
    func commonest(_ found: [Int: Int]) -> Int? { found.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key }
    guard let ground = commonest(colors) else { return nil }
    return commonest(colors.filter { color, _ in [16, 8, 0].contains { abs((color >> $0 & 0xFF) - (ground >> $0 & 0xFF)) >= 64 } })
  }

  private func unexpected(_ subject: DataSubject) -> [DataFinding] {
    guard let pictures = subject.pictures else { return [] }
    var counts = [Int?: (pixels: Int, first: String, images: Int)](), isColored = false, isLossy = false
    for (_, sample) in subject.samples {
      if let mask = pictures.facts[sample.id]?.mask, !mask.unexpected.isEmpty {
        isColored = isColored || mask.isColored
        isLossy = isLossy || mask.isLossy
      }
      for (level, count) in pictures.facts[sample.id]?.mask?.unexpected ?? [:] {
        let old = counts[level] ?? (0, sample.id, 0)
        counts[level] = (old.pixels + count, old.first, old.images + 1)
      }
    }
    if counts.isEmpty { return [] }
    let words = counts.sorted { ($0.key ?? .max) < ($1.key ?? .max) }.map { level, found in
      "\(level.map(String.init) ?? "numbers that are not whole") (\(Self.grouped(found.pixels)) pixels in \(counted(found.images, "mask")), such as \(found.first))"
    }
    let isNNUNet = subject.task.data.maskMeaning == nil, labels = subject.task.data.maskLabelsKey
    if isLossy, !isNNUNet {
      return [
        subject.finding(
          "masks.unexpected", .refused, count: counts.count, examples: words,
          "The masks have \(counted(counts.count, "value")) that \(labels) does not name, since JPEG and the like change numbers: \(firstFew(words)).",
          "Give the masks as they were before, such as in PNG; or, where one class is brighter than all else, threshold: with the highest level of the others in place of \(labels)."
        )
      ]
    }
    // Whole levels of a palette's colors are told by their luma alone.
    let colored = isColored ? " They are pictures of colors or of a palette, and these are the luma of the colors, not a palette's numbers." : ""
    return [
      subject.finding(
        "masks.unexpected", .refused, count: counts.count, examples: words,
        "The masks have values that \(isNNUNet ? "dataset.json" : labels) does not name: \(firstFew(words)).\(colored)",
        isNNUNet
          ? "Name them under labels of dataset.json (\"ignore\" for pixels that do not count), or correct the label maps."
          : isColored
            ? "Name these under \(subject.key).\(labels), such as \(Self.example(counts.keys.compactMap(\.self), named: subject.task.data.maskMeaning?.labels ?? [:])), or write the palette's numbers as gray levels."
            : "Name them under \(subject.key).\(labels), or under ignore where they do not count.")
    ]
  }

  /// The labels of a study with the values that are there, in their order.
  private static func example(_ values: [Int], named labels: [String: [Int]]) -> String {
    let names = labels.sorted { ($0.value.first ?? 0, $0.key) < ($1.value.first ?? 0, $1.key) }.map(\.key)
    let pairs = zip(names + Array(repeating: "other", count: max(0, values.count - names.count)), values.sorted()).map { "\($0): \($1)" }
    return "{\(pairs.joined(separator: ", "))}"
  }

  private static func hexadecimal(_ color: Int) -> String {
    let digits = String(color, radix: 16)
    return "#" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  static func grouped(_ number: Int) -> String {
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
  /// The highest level that is background.
  fileprivate var limit: Int? {
    if case .above(let level) = self { return level }
    return nil
  }

  fileprivate var inWords: String {
    switch self {
    case .automatic: "told by each file"
    case .nonZero: "every level above 0"
    case .above(let level): "every level above \(level)"
    case .aboveNumber(let number): "every number above \(number)"
    case .levels(let levels): "the levels \(levels.sorted().map(String.init).joined(separator: ", "))"
    case .opacity(let level): "every opacity above \(level.map(String.init) ?? "half of the range")"
    case .color: "one color"
    }
  }
}
