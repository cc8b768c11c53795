import Datasets
import Foundations
import Imaging
import Studies

/// Images that are each drawn from their own least to their own greatest value: one brightness is another value in each of them.
struct ScaleLook: DataLook {
  static let codes = [
    FindingCode("images.ownScale", .warned, "images are drawn from their own least to their own greatest value each, so that one brightness is another value in each")
  ]
  static let opensPictures = true

  func findings(in subject: DataSubject) -> [DataFinding] {
    guard let pictures = subject.pictures, pictures.isDecoded else { return [] }
    let all = subject.samples,
      scaled = all.compactMap { _, sample in
        pictures.facts[sample.id]?.remarks.first { $0.kind == .ownScale }.map { (id: sample.id, words: $0.words) }
      }
    let remedy = "Say what is black and what is white in all of them, \(remedyKey(subject)), or accept it where each image's own scale is meant."
    guard let first = scaled.first else { return volumes(subject, remedy) }
    // Numbers that go from 0 to 1 in every file are on one scale; DICOM's remarks name none.
    if scaled.count == all.count, first.words.contains("number"), scaled.allSatisfy({ $0.words == first.words }) { return [] }
    let isInUnits = scaled.contains { $0.words != ImageRemark.withoutWindowOrUnit.words }
    let second = scaled.dropFirst().first { $0.words != first.words }.map { ", \($0.id) (\($0.words))" } ?? ""
    return [
      subject.finding(
        "images.ownScale", isInUnits ? .warned : .noted, count: scaled.count, examples: scaled.map { "\($0.id) (\($0.words))" },
        "\(scaled.count) of \(counted(all.count, "image")) \(verb(scaled.count)) drawn on \(scaled.count == 1 ? "a scale of its own" : "a scale of their own each"), so that one brightness is not one value in all images: \(first.id) (\(first.words))\(second).",
        isInUnits ? remedy : "")
    ]
  }

  /// Volumes have one scale for all their slices. That of magnetic resonance has no unit; that of CT has.
  private func volumes(_ subject: DataSubject, _ remedy: String) -> [DataFinding] {
    let files = Set(
      subject.samples.flatMap { _, sample in sample.image.window == nil ? sample.image.planes.filter(\.isSlice).map(\.file) : [] })
    guard files.count > 1 else { return [] }
    let isCT = subject.task.data.as(NNUNetSource.self)?.isStatedCT ?? false
    return [
      subject.finding(
        "images.ownScale", isCT ? .warned : .noted, count: files.count,
        "\(isCT ? "dataset.json states CT, and each" : "Each") of \(counted(files.count, "volume")) is drawn from its own least value to its own greatest, so that one brightness is not one value in all of them.",
        isCT ? remedy : "")
    ]
  }

  private func remedyKey(_ subject: DataSubject) -> String { "tasks.\(subject.task.name).data.pictures: {range: [black, white]}" }
}

extension ImageReference.Plane {
  fileprivate var isSlice: Bool { if case .slice = selection { true } else { false } }
}
