import Foundation
import Foundations
import Imaging
import Studies

extension COCOSource: SampleSource {
  func samples(for kind: TaskKind) throws -> FoundSamples {
    try COCOReader(source: self, kind: kind).read()
  }
}

/// Reads images with annotations in COCO's layout. An id is the part's name and `file_name`: `training/tb/tb0005.png`.
///
/// An image without annotations of the chosen categories holds no object.
struct COCOReader {
  let source: COCOSource
  let kind: TaskKind

  func read() throws -> FoundSamples {
    if kind.isClassification {
      if source.categories.isEmpty { throw DatasetsError.noCategories() }
      if kind.hasOneClass, source.categories.count != 1 {
        throw DatasetsError.notOneLabel(count: source.categories.count, table: source.training.annotations.lastPathPart)
      }
    }
    let pattern = try source.patientPattern.map { try PatientPattern($0) }
    var parts = [DatasetPart: [Sample]](), remarks = [SourceRemark]()
    for (part, files) in [(DatasetPart.training, source.training), (.validation, source.validation), (.test, source.test)] {
      guard let files else { continue }
      let document = try COCODocument(URL(fileURLWithPath: files.annotations), key: "\(part).annotations")
      try document.checkCategories()
      parts[part] = try samples(document, files, part: part, pattern: pattern)
      if let remark = document.orphanRemark, !remarks.contains(remark) { remarks.append(remark) }
    }
    return FoundSamples(
      parts: parts, classNames: kind.isSegmentation ? [] : source.categories, maskClasses: kind.hasSeveralMasks ? source.categories : [],
      remarks: remarks)
  }

  private func samples(_ document: COCODocument, _ files: COCOSource.Part, part: DatasetPart, pattern: PatientPattern?) throws -> [Sample] {
    let root = try SourceFolder(files.images, key: "\(part).images")
    let categories = try source.categories.map { name in
      try document.category(named: name)
    }
    let chosen = Set(categories)
    let annotations = Dictionary(grouping: document.annotations, by: \.imageID)
    let names = document.images.map(\.fileName)
    if Set(names).count != names.count || Set(document.images.map(\.id)).count != names.count {
      let repeated = Dictionary(grouping: names, by: { $0 }).filter { $1.count > 1 }.keys.sorted()
      throw DatasetsError.duplicateImages(repeated, table: document.name)
    }
    let sizes = try names.map { try byteCount(ofFile: root.url.path + "/" + $0) }
    let missing = zip(names, sizes).filter { $1 == nil }.map(\.0)
    if !missing.isEmpty, source.rows != .present || missing.count == names.count {
      throw DatasetsError.missingAnnotatedImages(missing, total: names.count, root: root.url.path)
    }
    let present = document.images.indices.filter { sizes[$0] != nil }
    let patients = try pattern?.patients(of: present.map { names[$0] })
    return try present.enumerated().map { place, index in
      let image = document.images[index]
      let all = annotations[image.id] ?? []
      let own = all.filter { source.categories.isEmpty || chosen.contains($0.categoryID) }
      return Sample(
        id: "\(part)/\(image.fileName)", image: ImageReference(root.url.appendingPathComponent(image.fileName)),
        mask: kind.isSegmentation
          ? MaskReference(
            regions: try own.map { try region(of: $0, in: image, document) }, sizeRule: MaskReference.SizeRule(source.maskSize),
            classes: kind.hasSeveralMasks
              ? MaskClasses(
                names: source.categories, owners: own.map { categories.firstIndex(of: $0.categoryID) ?? 0 }, coding: MaskCoding(kind)) : nil) : nil,
        labels: kind.isSegmentation ? [] : categories.map { category in all.contains { $0.categoryID == category } ? 1 : 0 },
        patient: patients?[place], byteCount: sizes[index] ?? 0)
    }
  }

  private func region(
    of annotation: COCODocument.Annotation, in image: COCODocument.Image, _ document: COCODocument
  ) throws -> MaskReference.Region {
    switch source.shape {
    case .box:
      guard let box = annotation.box, box.count == 4 else { throw DatasetsError.noShape(annotation.id, "box of four numbers", "shape: segmentation", document.name) }
      let (left, top, right, bottom) = (box[0], box[1], box[0] + box[2], box[1] + box[3])
      let corners = [(left, top), (right, top), (right, bottom), (left, bottom)].map { PolygonPoint(x: $0.0, y: $0.1) }
      return .polygons([corners], width: image.width, height: image.height)
    case .segmentation:
      switch annotation.segmentation {
      // Written where only boxes were drawn; the object would be lost.
      case .polygons(let lines) where lines.isEmpty: throw DatasetsError.noShape(annotation.id, "corner in its segmentation", "shape: box", document.name)
      case .polygons(let lines):
        guard lines.allSatisfy({ $0.count.isMultiple(of: 2) && $0.count >= 6 }) else {
          throw DatasetsError.noShape(annotation.id, "polygon of three corners or more", "shape: box", document.name)
        }
        let polygons = lines.map { line in
          stride(from: 0, to: line.count, by: 2).map { PolygonPoint(x: line[$0], y: line[$0 + 1]) }
        }
        return .polygons(polygons, width: image.width, height: image.height)
      case .counts(let counts, let height, let width):
        return .runLengths(counts.map(String.init).joined(separator: " "), format: .counts, width: width, height: height)
      case .letters(let letters, let height, let width):
        return .runLengths(letters, format: .compressedCounts, width: width, height: height)
      case nil: throw DatasetsError.noShape(annotation.id, "segmentation", "shape: box", document.name)
      }
    }
  }
}

extension DatasetsError {
  static func missingAnnotations(_ path: String, key: String) -> DatasetsError {
    DatasetsError(
      kind: .missingTable, problem: "There is no file of annotations at \(path).",
      remedy: "Correct `\(key)`; a path in a study is relative to the study's own file.")
  }

  static func notAnnotations(_ path: String, reason: String) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSource, problem: "The file \(path) holds no annotations in COCO's layout: \(reason).",
      remedy: "Give a file with images, annotations and categories.")
  }

  static func noCategories() -> DatasetsError {
    DatasetsError(
      kind: .missingLabels, problem: "Nothing says which categories are the classes.", remedy: "Give `categories`, in the order of the network's outputs.")
  }

  static func noCategory(_ name: String, table: String, present: [String]) -> DatasetsError {
    DatasetsError(kind: .missingLabels, problem: "The file \(table) has no category “\(name)”.", remedy: suggestion(for: name, in: present))
  }

  static func repeatedCategory(_ name: String, count: Int, table: String) -> DatasetsError {
    DatasetsError(
      kind: .missingLabels, problem: "The file \(table) has \(count) categories “\(name)”, and nothing says which is meant.",
      remedy: "Give each category a name of its own, or make them one.")
  }

  static func unknownCategory(_ category: Int, annotation: Int, count: Int, table: String, known: [Int]) -> DatasetsError {
    DatasetsError(
      kind: .missingLabels,
      problem:
        "\(counted(count, "annotation")) of \(table) \(count == 1 ? "is" : "are") of a category that it does not list, such as annotation \(annotation) of category \(category); it has \(listed(known.map(String.init))).",
      remedy: "Add the category, or correct the annotations.")
  }

  static func missingAnnotatedImages(_ names: [String], total: Int, root: String) -> DatasetsError {
    DatasetsError(
      kind: .missingImages,
      problem: "\(names.count) of \(counted(total, "image")) \(names.count == 1 ? "is" : "are") not in \(root): \(listed(names)).",
      remedy: "Correct `images`, or set `rows: present` to keep only the images that are there.")
  }

  static func noShape(_ id: Int, _ what: String, _ instead: String, _ table: String) -> DatasetsError {
    DatasetsError(
      kind: .missingMasks, problem: "The annotation \(id) of \(table) has no \(what).", remedy: "Correct it, or set `\(instead)`.")
  }
}
