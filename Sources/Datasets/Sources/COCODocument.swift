import Foundation
import Foundations

/// A file of annotations.
struct COCODocument: Decodable {
  struct Image: Decodable {
    let id: Int
    let fileName: String
    /// In pixels.
    let width: Int
    /// In pixels.
    let height: Int
    enum CodingKeys: String, CodingKey { case id, width, height, fileName = "file_name" }
  }

  struct Category: Decodable {
    let id: Int
    let name: String
  }

  struct Annotation: Decodable {
    let id: Int
    let imageID: Int
    let categoryID: Int
    let segmentation: Segmentation?
    /// Left, top, width and height in pixels.
    let box: [Double]?
    enum CodingKeys: String, CodingKey { case id, segmentation, imageID = "image_id", categoryID = "category_id", box = "bbox" }
  }

  enum Segmentation: Decodable {
    case polygons([[Double]])
    case counts([Int], height: Int, width: Int)
    case letters(String, height: Int, width: Int)

    private enum Key: String, CodingKey { case size, counts }

    init(from decoder: any Decoder) throws {
      if let lines = try? decoder.singleValueContainer().decode([[Double]].self) {
        self = .polygons(lines)
        return
      }
      let container = try decoder.container(keyedBy: Key.self)
      let size = try container.decode([Int].self, forKey: .size)
      guard size.count == 2 else {
        throw DecodingError.dataCorruptedError(forKey: .size, in: container, debugDescription: "A size is a height and a width.")
      }
      if let letters = try? container.decode(String.self, forKey: .counts) {
        self = .letters(letters, height: size[0], width: size[1])
      } else {
        self = .counts(try container.decode([Int].self, forKey: .counts), height: size[0], width: size[1])
      }
    }
  }

  let images: [Image]
  let annotations: [Annotation]
  let categories: [Category]
  private(set) var name = ""

  private enum CodingKeys: String, CodingKey { case images, annotations, categories }

  init(_ file: URL, key: String) throws {
    guard try byteCount(ofFile: file.path) != nil else { throw DatasetsError.missingAnnotations(file.path, key: key) }
    let text = try TextFile.read(file)
    do {
      self = try JSONDecoder().decode(COCODocument.self, from: Data(text.utf8))
    } catch let error as DecodingError {
      throw DatasetsError.notAnnotations(file.path, reason: error.place)
    }
    name = file.lastPathComponent
  }

  func category(named name: String) throws -> Int {
    let found = categories.filter { $0.name == name }
    if found.count > 1 { throw DatasetsError.repeatedCategory(name, count: found.count, table: self.name) }
    if let found = found.first { return found.id }
    throw DatasetsError.noCategory(name, table: self.name, present: categories.map(\.name))
  }
}

extension COCODocument {
  /// Throws where an annotation is of a category that the file does not have: it would be an object without a name.
  func checkCategories() throws {
    let known = Set(categories.map(\.id)), wrong = annotations.filter { !known.contains($0.categoryID) }
    if let first = wrong.first { throw DatasetsError.unknownCategory(first.categoryID, annotation: first.id, count: wrong.count, table: name, known: known.sorted()) }
  }

  /// What is to be said of annotations whose image the file does not have; nil where there is none.
  var orphanRemark: SourceRemark? {
    let known = Set(images.map(\.id)), orphans = annotations.filter { !known.contains($0.imageID) }
    return orphans.first.map { first in
      SourceRemark(
        isWarning: true,
        words:
          "\(orphans.count) of \(counted(annotations.count, "annotation")) of \(name) \(orphans.count == 1 ? "is" : "are") of images that it does not list, such as annotation \(first.id) of image \(first.imageID).",
        remedy: "Correct the file, or remove what is not meant.")
    }
  }
}

extension DecodingError {
  /// Where the document is not what it should be: `annotations.3.image_id`.
  fileprivate var place: String {
    func path(_ context: Context, _ last: String? = nil) -> String {
      (context.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue } + (last.map { [$0] } ?? [])).joined(separator: ".")
    }
    switch self {
    case .keyNotFound(let key, let context): return "it has no \(path(context, key.stringValue))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context): return "its \(path(context)) is of another type"
    case .dataCorrupted(let context): return context.codingPath.isEmpty ? "it is no JSON" : "its \(path(context)) is damaged"
    @unknown default: return "it is of another shape"
    }
  }
}
