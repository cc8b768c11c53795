import Datasets
import Foundations
import Studies

/// What the numbers of an archive's label maps are taken for. 255 beside other numbers mostly marks a border, or what nobody annotated.
struct MapNumberLook: DataLook {
  static let codes = [
    FindingCode(
      "masks.numbers", .refused, "numbers of an archive's label maps are taken for object, or for background, that may be neither; noted where every number above 0 is object")
  ]
  static let opensPictures = true
  /// What VOC and Cityscapes, and who follows them, draw where no class is meant.
  private static let border = 255

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard let source = subject.task.data.as(ArraySource.self), subject.task.kind.isSegmentation else { return [] }
    let met = source.mapNumbers().filter { $0.number > 0 && !(source.ignore ?? []).contains($0.number) }
    if met.count < 2 && source.objects == nil || met.isEmpty { return [] }
    let words = met.map { "\($0.number) (\(MaskLevelLook.grouped($0.pixels)) pixels in \(counted($0.maps, "map")))" },
      others = met.filter { $0.number != Self.border }.map(\.number)
    let all = "the maps of \(source.file.lastPathPart) have \(firstFew(words, atMost: 6))"
    let hasBorder = met.contains { $0.number == Self.border } && !others.isEmpty
    guard let objects = source.objects else {
      return [
        subject.finding(
          "masks.numbers", hasBorder ? .refused : .noted, count: met.count, examples: words,
          hasBorder ? "Nothing says whether \(Self.border) is object, a border, or what nobody annotated: \(all)." : "Object is every number above 0: \(all).",
          hasBorder
            ? "Say under \(subject.key): ignore: [\(Self.border)], which leaves these pixels out of loss and metric, or objects: \(others), which makes them background, or objects: \(others + [Self.border])."
            : "")
      ]
    }
    guard hasBorder, !objects.contains(Self.border) else { return [] }
    return [
      subject.finding(
        "masks.numbers", .warned, count: 1, examples: words,
        "\(Self.border), which often marks a border or what nobody annotated, counts as background: \(all).",
        "Where it does, say under \(subject.key): ignore: [\(Self.border)]; else accept it.")
    ]
  }
}
