internal import Containers
public import Foundation
internal import Foundations

/// What must be downloaded for an entry of the catalog.
public enum EntryDownload {
  /// - Parameters:
  ///   - mirror: another address of the entry's file; what belongs beside the file is beside it there too.
  ///   - checksum: what the entry's file must have; nil takes the catalog's.
  /// - Throws: `WeightsError` for an unknown id, and for an entry whose file cannot be had by an address alone.
  public static func make(
    id: String, folder: URL, mirror: String? = nil, checksum: String? = nil, limits: Download.Limits = .init()
  ) throws -> [Download] {
    guard id != "random" else { throw WeightsError.nothingToGet(id) }
    let entry = try WeightsCatalog.named(id)
    let target = folder.appendingPathComponent(entry.file.name)
    guard let text = mirror ?? (entry.file.isDirect ? entry.file.address : nil) else {
      throw WeightsError.notDirect(entry, target: target)
    }
    guard let address = URL(string: text) else { throw WeightsError.noAddress(text) }
    let published = try (checksum ?? entry.file.checksum).map { try PublishedChecksum($0) }
    let first = Download(from: address, to: target, checksum: published, limits: limits)
    // A TensorFlow bundle is an index and, beside it, the data that it points into.
    guard entry.container == .tensorFlowBundle, let data = dataName(ofIndex: target.lastPathComponent),
      let dataAddress = dataName(ofIndex: address.lastPathComponent)
    else { return [first] }
    let beside = address.deletingLastPathComponent().appendingPathComponent(dataAddress)
    return [first, Download(from: beside, to: folder.appendingPathComponent(data), limits: limits)]
  }

  private static func dataName(ofIndex name: String) -> String? {
    name.hasSuffix(".index") ? name.dropLast("index".count) + "data-00000-of-00001" : nil
  }
}

extension WeightsError {
  fileprivate static func nothingToGet(_ id: String) -> WeightsError {
    WeightsError(
      .download, "“\(id)” has no file: its weights are drawn from the seed of each run.",
      remedy: "Write `\(id): \(id)` under initializations.")
  }

  fileprivate static func notDirect(_ entry: WeightsEntry, target: URL) -> WeightsError {
    let note = entry.file.note.map { " \($0.hasSuffix(".") ? $0 : $0 + ".")" } ?? ""
    guard let address = entry.file.address else {
      return WeightsError(
        .download, "\(entry.title) is not published at an address of its own.\(note)",
        remedy: "Get \(entry.file.name) from its authors (\(entry.paper)) and put it at \(target.path).")
    }
    return WeightsError(
      .download, "\(entry.title) cannot be had without a person.\(note)",
      remedy: "Open \(address) in a browser, get \(entry.file.name), and put it at \(target.path).")
  }
}
