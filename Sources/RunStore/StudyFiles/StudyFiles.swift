public import Foundation
internal import Foundations

/// The files of a study's output that belong to no run, beside the folders of the tasks.
public enum StudyFiles {
  /// Which image is in which part.
  public static let splits = "splits"
  /// What the last look at every image found.
  public static let audits = "audits"
  /// What the look at the data before any training found.
  public static let checks = "checks"
  /// Which test images are on the list of the images that weights were trained on.
  public static let trainingLists = "training-lists"
  /// How far a second observer agrees with the first on the test images.
  public static let observers = "observers"
  /// A few test images of each task, the same for every initialization.
  public static let pictures = "pictures"
  /// What each task that leaves it to the machine computes in.
  public static let precisions = "precisions"
  /// The features of networks, where the study has no cache that they are kept in; they can be computed again.
  public static let features = "features"
  /// The folders of such files.
  public static let folders = [splits, audits, checks, trainingLists, GroupTable.folder, observers, pictures, precisions]

  /// Makes place for these folders and the files in them, whatever has their names now: what stands in the way goes aside.
  ///
  /// - Returns: what is to be said.
  public static func makePlaces(in output: URL) throws -> [String] {
    var said = [try AtomicFile.makePlace(for: .file, at: output.appendingPathComponent(KeptPlan.path))]
    for folder in folders + [features] {
      let place = output.appendingPathComponent(folder)
      said.append(try AtomicFile.makePlace(for: .folder, at: place))
      for name in (try FolderListing.namesIfAny(in: place.path) ?? []).sorted()
      where !name.hasPrefix(".") && ["json", "csv", "png"].contains((name as NSString).pathExtension) {
        said.append(try AtomicFile.makePlace(for: .file, at: place.appendingPathComponent(name)).map { "\(folder)/\($0)" })
      }
    }
    return said.compactMap(\.self)
  }

  /// Reads one of them.
  ///
  /// - Returns: nil where it is not there.
  /// - Throws: `RunStoreError` for a file that cannot be understood.
  public static func read<Value: Decodable>(_: Value.Type, at path: String, from source: any RunSource) throws -> Value? {
    guard let bytes = try source.bytes(path) else { return nil }
    let value: Value
    do {
      value = try JSONDecoder().decode(Value.self, from: bytes)
    } catch {
      throw RunStoreError.malformedStudyFile(source.url(path), reason: RunDirectory.words(for: error))
    }
    guard (value as? any VouchedRecord)?.isIntact != false else {
      throw RunStoreError.malformedStudyFile(source.url(path), reason: "its values do not fit its checksum")
    }
    return value
  }
}
