import Foundation
import Imaging
import Studies

// What a study says in its own words, as the values that read images.

extension Mask.Threshold {
  init(_ threshold: MaskThreshold) {
    switch threshold {
    case .automatic: self = .automatic
    case .nonZero: self = .nonZero
    case .above(let level): self = .above(level)
    case .aboveNumber(let number): self = .aboveNumber(number)
    case .alpha: self = .opacity(above: nil)
    }
  }

  init(_ meaning: MaskMeaning) {
    if let color = meaning.color {
      self = .color(color)
    } else {
      self = meaning.labels.isEmpty ? Mask.Threshold(meaning.threshold) : .levels(meaning.objectLevels)
    }
  }
}

extension MaskCoding {
  /// How masks of a kind of task say which classes a pixel is of.
  init(_ kind: TaskKind) { self = kind.answer == .labelMap ? .exclusive : .overlapping }
}

extension MaskReference {
  /// The classes of files that number them: of each file a region for each class.
  init(_ files: [URL], classes: [(name: String, levels: [Int])], kind: TaskKind, sizeRule: SizeRule = .exact, ignored: Set<Int>) {
    self.init(
      regions: files.flatMap { file in classes.map { .file(file, threshold: .levels(Set($0.levels))) } }, sizeRule: sizeRule, ignored: ignored,
      classes: MaskClasses(
        names: classes.map(\.name), owners: files.flatMap { _ in Array(classes.indices) }, coding: MaskCoding(kind)))
  }
}

extension MaskReference.SizeRule {
  init(_ rule: MaskSizeRule) {
    switch rule {
    case .exact: self = .exact
    case .nearest: self = .nearest
    }
  }
}

extension RawImage {
  init(_ geometry: RawGeometry) {
    self.init(
      width: geometry.width, height: geometry.height, bitDepth: geometry.bits, isBigEndian: geometry.byteOrder == .bigEndian,
      offset: geometry.offset, isWhiteZero: geometry.zero == .white)
  }
}

extension AnatomicalPlane {
  init(_ plane: NNUNetSource.Plane) {
    switch plane {
    case .axial: self = .axial
    case .coronal: self = .coronal
    case .sagittal: self = .sagittal
    }
  }
}
