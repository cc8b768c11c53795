internal import Foundation
internal import Foundations

/// What a study file says of the data of a task or of the weights of an initialization, as two digests.
///
/// A study that was moved with its runs says the same in the paths as they are seen from its own folder; one whose file was moved alone
/// says the same in whole paths. Either makes it the same description.
public struct ContentDescription: Codable, Hashable, Sendable {
  public let asSeenFromStudy: String
  public let inWholePaths: String

  /// Everything that the fingerprint of a task's data follows from, beside the files themselves.
  public init(_ task: TaskSpecification, in study: Study) throws {
    struct Content: Encodable {
      let kind: TaskKind
      let data: DataSource
      let pictures: PictureChoices?
      let patients: PatientTable?
    }
    try self.init(Content(kind: task.kind, data: task.data, pictures: task.pictures, patients: task.patients), in: study)
  }

  /// Everything that the fingerprint of a pre-training's images follows from, beside the files themselves: what is listed, and the tasks
  /// whose validation and test images are left out.
  public init(_ pretraining: PretrainingSpecification, in study: Study) throws {
    struct Content: Encodable {
      let images: [UnlabeledSource]
      let heldOut: HeldOutImages
      /// Nil where nobody looks for them, as it was before one could.
      let nearCopies: NearCopies?
    }
    let copies = pretraining.nearCopies == .unsought ? nil : pretraining.nearCopies
    let own = try ContentDescription(Content(images: pretraining.images, heldOut: pretraining.heldOutImages, nearCopies: copies), in: study)
    let tasks = try study.tasks.map { try ContentDescription($0, in: study) }
    asSeenFromStudy = Digest.sha256Hex(of: ([own] + tasks).map(\.asSeenFromStudy).joined(separator: " "))
    inWholePaths = Digest.sha256Hex(of: ([own] + tasks).map(\.inWholePaths).joined(separator: " "))
  }

  /// The file of an initialization.
  public init(weights path: String, in study: Study) throws { try self.init([path], in: study) }

  private init(_ value: some Encodable, in study: Study) throws {
    let folder = study.fileURL?.deletingLastPathComponent().standardizedFileURL.path ?? "/"
    let text = try CanonicalJSON.encode(value)
    inWholePaths = Digest.sha256Hex(of: text)
    let object = Self.replacingPaths(in: try JSONSerialization.jsonObject(with: text), seenFrom: folder)
    asSeenFromStudy = Digest.sha256Hex(
      of: try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys, .withoutEscapingSlashes, .fragmentsAllowed]))
  }

  public func isSame(as other: ContentDescription) -> Bool {
    asSeenFromStudy == other.asSeenFromStudy || inWholePaths == other.inWholePaths
  }

  private static func replacingPaths(in value: Any, seenFrom folder: String) -> Any {
    switch value {
    case let text as String: text.hasPrefix("/") ? relative(text, to: folder) : text
    case let list as [Any]: list.map { replacingPaths(in: $0, seenFrom: folder) }
    case let keyed as [String: Any]: keyed.mapValues { replacingPaths(in: $0, seenFrom: folder) }
    default: value
    }
  }

  /// `/a/b/data` seen from `/a/c` is `../b/data`.
  static func relative(_ path: String, to folder: String) -> String {
    let target = path.split(separator: "/"), base = folder.split(separator: "/")
    let shared = zip(target, base).prefix { $0 == $1 }.count
    return (Array(repeating: "..", count: base.count - shared) + target.dropFirst(shared).map(String.init)).joined(separator: "/")
  }
}
