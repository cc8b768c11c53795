import Datasets
import Foundation
import Foundations
import Studies

/// A folder that a source names, and what of it the source reads.
struct NamedFolder {
  enum Content {
    /// Every image right in it; what is none is passed over.
    case flat
    /// Its subfolders are classes, of which only these count (all where nil), with their images in this subfolder of theirs.
    case classes(Set<String>?, inside: String?)
    /// What a table, a list or a description names, wherever below it. Of folders that hold none of it nothing is asked: roots often hold
    /// other things.
    case named
    /// Every file below it, which a table names or not.
    case tree
    /// Its subfolders are cases, each with its image and its masks in subfolders of these names.
    case cases(image: String, masks: String)
    /// No folder but a file of several arrays, of which these are not read.
    case archive(unread: [String])
  }

  let path: String
  /// The key of the study that names it.
  let key: String
  let content: Content
  /// Why an image in it is not used.
  let unmatched: FileUse.Reason
  /// Whether the study does without where it is not there.
  var mayBeMissing = false
  /// Why an image of this name is not used, where it is for another reason than the folder's others.
  var exception: @Sendable (_ name: String) -> FileUse.Reason? = { _ in nil }
}

/// A source whose folders can be listed. Every kind of `DataSource.kinds` is one.
protocol FolderSource: SourceDescription {
  var namedFolders: [NamedFolder] { get }
}

extension DataSource {
  /// The folders that it names, each once.
  var namedFolders: [NamedFolder] {
    // A law holds every kind to it.
    let named = (description as? any FolderSource)?.namedFolders ?? []
    var seen = Set<String>()
    return named.filter { seen.insert(URL(fileURLWithPath: $0.path).standardizedFileURL.path).inserted }
  }
}

extension ManifestSource: FolderSource {
  var namedFolders: [NamedFolder] {
    [NamedFolder(path: imageRoot, key: "imageRoot", content: .named, unmatched: .noRow)]
      // Where every row has its image, one of several folders that a copy may have is not missed.
      + imageFolders.map { NamedFolder(path: $0, key: "imageFolders", content: .named, unmatched: .noRow, mayBeMissing: rows != .present) }
  }
}

extension MaskFolderSource: FolderSource {
  var namedFolders: [NamedFolder] {
    pairs.flatMap { part, pair in
      let reason: FileUse.Reason = pairing == .suffix ? .noPartner : .noImage
      let images = pair.images.map { NamedFolder(path: $0, key: "\(part).images", content: .flat, unmatched: pairing == .suffix ? .noPartner : .noMask) }
      let masks = pair.masks.map { NamedFolder(path: $0, key: "\(part).masks", content: .flat, unmatched: reason) }
      let view = evaluatedRegion == .fieldOfView && part == (test == nil ? "training" : "test") ? pair.fieldOfView.map { [$0] } ?? [] : []
      let second = (pair.secondObserver ?? []).map {
        NamedFolder(path: $0, key: "\(part).secondObserver", content: .flat, unmatched: reason, mayBeMissing: !requiresSecondObserver)
      }
      let views: [NamedFolder] = view.map { NamedFolder(path: $0, key: "\(part).fieldOfView", content: .flat, unmatched: reason) }
      return images + masks + views + second
    }
  }
}

extension ClassFolderSource: FolderSource {
  var namedFolders: [NamedFolder] {
    // Without a list of classes every subfolder is one.
    let chosen = classes.isEmpty || positive != nil ? nil : Set(classes)
    let parts: [(key: String, path: String?)] = [("training", training), ("validation", validation), ("test", test)]
    return parts.compactMap { key, path in
      path.map { NamedFolder(path: $0, key: key, content: .classes(chosen, inside: imageFolder), unmatched: .outsideClasses) }
    }
  }
}

extension COCOSource: FolderSource {
  var namedFolders: [NamedFolder] {
    [("training", Optional(training)), ("validation", validation), ("test", test)].compactMap { key, part in
      part.map { NamedFolder(path: $0.images, key: "\(key).images", content: .named, unmatched: .noRow) }
    }
  }
}

extension NNUNetSource: FolderSource {
  var namedFolders: [NamedFolder] {
    func below(_ name: String, _ unmatched: FileUse.Reason, maps: String? = nil, mayBeMissing: Bool = false) -> NamedFolder {
      // `case_0001` of a case that has its label map is another channel of it.
      let mapped = maps.map { Set(((try? FolderListing.names(in: "\(folder)/\($0)")) ?? []).map(Self.stem)) } ?? []
      return NamedFolder(
        path: "\(folder)/\(name)", key: "folder", content: .flat, unmatched: unmatched, mayBeMissing: mayBeMissing,
        exception: { name in
          let parts = Self.stem(name).split(separator: "_", omittingEmptySubsequences: false)
          guard parts.count > 1, let number = parts.last, number.count == 4, number.allSatisfy(\.isWholeNumber) else { return nil }
          return mapped.contains(parts.dropLast().joined(separator: "_")) ? .otherChannel : nil
        })
    }
    let hasTest = FileManager.default.fileExists(atPath: "\(folder)/labelsTs")
    return [below("imagesTr", .noLabelMap, maps: "labelsTr"), below("labelsTr", .noImage)]
      + (hasTest
        ? [below("imagesTs", .noLabelMap, maps: "labelsTs"), below("labelsTs", .noImage)]
        // What nnU-Net predicts, and no part of a data set here.
        : [below("imagesTs", .noTruth, mayBeMissing: true)])
  }
}

extension NNUNetSource {
  private static func stem(_ name: String) -> String {
    let plain = name.lowercased().hasSuffix(".gz") ? String(name.dropLast(3)) : name
    return plain.lastIndex(of: ".").map { String(plain[..<$0]) } ?? plain
  }
}

extension CaseFolderSource: FolderSource {
  var namedFolders: [NamedFolder] {
    let parts: [(key: String, path: String?)] = [("training", training), ("validation", validation), ("test", test)]
    return parts.compactMap { key, path in
      path.map { NamedFolder(path: $0, key: key, content: .cases(image: imageFolder, masks: maskFolder), unmatched: .outsideCases) }
    }
  }
}

extension NamedImageSource: FolderSource {
  var namedFolders: [NamedFolder] {
    // The first of them that is there is read.
    let path = ([images] + otherFolders).first { FileManager.default.fileExists(atPath: $0) } ?? images
    return [NamedFolder(path: path, key: "images", content: .flat, unmatched: .noRow)]
  }
}

extension SliceTableSource: FolderSource {
  // Its root is of the series alone, so that what lies there and is in no row is missed.
  var namedFolders: [NamedFolder] { [NamedFolder(path: imageRoot, key: "imageRoot", content: .tree, unmatched: .noRow)] }
}

extension ArraySource: FolderSource {
  var namedFolders: [NamedFolder] { [NamedFolder(path: file, key: "file", content: .archive(unread: unreadArrays()), unmatched: .notRead)] }
}

extension MedIMetaSource: FolderSource {
  var namedFolders: [NamedFolder] { [NamedFolder(path: folder + "/images", key: "folder", content: .flat, unmatched: .noRow)] }
}
