public import Foundation
import Foundations
public import Studies

/// What a pre-training without labels learns from: images of several sources, each once, without those that it must not see.
public struct UnlabeledImages: Sendable {
  /// In the order of their ids, which begin with the name of their source.
  public let samples: [Sample]
  public let leftOut: LeftOutImages
  /// Of the samples' ids, sizes, patients and selections, as that of a data set's parts.
  public let fingerprint: String

  /// Patients that are known by name.
  public var patientCount: Int { Set(samples.compactMap(\.patient)).count }
  /// Images of which it is not known whose they are.
  public var strangerCount: Int { samples.count { $0.patient == nil } }

  /// A task of the study, whole.
  public struct Task {
    let name: String
    /// Whose data it is made of, where that is said: patients of two known data sets of other names are no namesakes.
    let dataset: String?
    let splits: DatasetSplits

    public init(name: String, dataset: String?, splits: DatasetSplits) { (self.name, self.dataset, self.splits) = (name, dataset, splits) }
  }

  /// - Parameters:
  ///   - task: a task by its name.
  ///   - targets: the tasks whose validation and test images must not be seen, nor others of their patients; empty leaves nothing out.
  ///   - seeksCopies: whether every image is opened, on both sides, to leave out what nearly is an image that must not be seen.
  ///   - digest: the SHA-256 of a file. Only files are asked for whose size occurs on both sides.
  public init(
    _ sources: [UnlabeledSource], task: (String) throws -> Task, targets: [Task], seeksCopies: Bool = false, digest: (URL) throws -> String
  ) throws {
    var listed = [Candidate](), names = [String: Int](), seen = Set<[ImageReference.Plane]>(), repeated = 0
    for source in sources {
      names[source.name, default: 0] += 1
      let prefix = names[source.name, default: 1] == 1 ? source.name : "\(source.name)-\(names[source.name, default: 1])"
      var dataset: String?, isTask = false
      let samples = try UnlabeledReader.read(source) { name in
        let found = try task(name)
        (dataset, isTask) = (found.dataset, true)
        return DatasetPart.allCases.flatMap { found.splits[$0] }
      }
      for sample in samples {
        if seen.insert(sample.image.planes).inserted {
          listed.append(Candidate(id: "\(prefix)/\(sample.id)", sample: sample, dataset: dataset, isOfTask: isTask))
        } else {
          repeated += 1
        }
      }
    }
    var rule = HeldOutRule(targets, seeksCopies: seeksCopies)
    let kept = try rule.apply(to: listed, digest: digest)
    leftOut = LeftOutImages(
      targets: targets.map(\.name), sameFile: rule.sameFile, sameName: rule.sameName, sameBytes: rule.sameBytes, samePatient: rule.samePatient,
      listedTwice: repeated, nearCopies: rule.nearCopies)
    if kept.isEmpty { throw DatasetsError.nothingToLearnFrom(listed: listed.count, leftOut: leftOut) }
    samples = kept.map { candidate in
      Sample(id: candidate.id, image: candidate.sample.image, patient: candidate.sample.patient, byteCount: candidate.sample.byteCount)
    }.sorted { $0.id < $1.id }
    fingerprint = Self.fingerprint(of: samples)
  }

  private static func fingerprint(of samples: [Sample]) -> String {
    let hasher = Digest.Hasher()
    func add(_ field: String) { hasher.update(Data("\(field.utf8.count):\(field)".utf8)) }
    for sample in samples {
      add(sample.id)
      add(String(sample.byteCount))
      add(sample.patient.map { "=" + $0 } ?? "")
      add(sample.imageFingerprint ?? "")
    }
    return hasher.finalizeHex()
  }
}

/// How many images a pre-training does not see, and why.
public struct LeftOutImages: Codable, Hashable, Sendable {
  /// The tasks whose validation and test images were looked for.
  public let targets: [String]
  /// Images that are validated or tested on: the very file, a file of the same name, a file of the same bytes.
  public let sameFile: Int
  public let sameName: Int
  public let sameBytes: Int
  /// Others of the patients of such images.
  public let samePatient: Int
  /// Images that a second source names once more.
  public let listedTwice: Int
  /// Images that nearly are one of those; nil where nobody looked for them.
  public let nearCopies: Int?

  public init(targets: [String], sameFile: Int, sameName: Int, sameBytes: Int, samePatient: Int, listedTwice: Int, nearCopies: Int? = nil) {
    self.nearCopies = nearCopies
    (self.targets, self.sameFile, self.sameName, self.sameBytes) = (targets, sameFile, sameName, sameBytes)
    (self.samePatient, self.listedTwice) = (samePatient, listedTwice)
  }

  /// Images that are validated or tested on.
  public var heldOut: Int { sameFile + sameName + sameBytes + (nearCopies ?? 0) }

  /// What a reader must know, in sentences.
  public var sentence: String {
    var text: String
    if targets.isEmpty {
      text = "Nothing is left out: images that a study validates or tests on are learned from where they are among these, without their labels."
    } else if heldOut + samePatient == 0 {
      text = "None of the images is validated or tested on by \(listed(targets)), nor of a patient of such images."
    } else {
      let ways = [(sameFile, "by their file"), (sameName, "by their name"), (sameBytes, "by their bytes"), (nearCopies ?? 0, "by their look, as near copies")].filter { $0.0 > 0 }
        .map { "\($0.0) \($0.1)" }
      text =
        "Left out: \(heldOut) image\(heldOut == 1 ? "" : "s") that \(listed(targets)) validate\(targets.count == 1 ? "s" : "") or test\(targets.count == 1 ? "s" : "") on"
        + (ways.isEmpty ? "" : " (\(ways.joined(separator: ", ")))")
        + ", and \(samePatient) other\(samePatient == 1 ? "" : "s") of their patients."
    }
    if nearCopies == 0 { text += " Near copies of such images were looked for, and none was found." }
    if listedTwice > 0 { text += " \(listedTwice) image\(listedTwice == 1 ? " is" : "s are") named by two sources and counted once." }
    return text
  }
}

extension DatasetsError {
  static func nothingToLearnFrom(listed: Int, leftOut: LeftOutImages) -> DatasetsError {
    DatasetsError(
      kind: .noImages, problem: "Not one of \(listed) images is left to learn from. \(leftOut.sentence)",
      remedy: "Add folders with other images, or set heldOutImages: keep and bear that results are of images that were seen.")
  }
}
