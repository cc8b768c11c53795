package import Foundation
import Foundations
import Imaging
import Studies

extension NNUNetSource: SampleSource {
  func samples(for kind: TaskKind) throws -> FoundSamples {
    try require(kind.isSegmentation, for: kind, instead: "`manifest` or `classFolders`")
    return try NNUNetReader(source: self, kind: kind).read()
  }
}

/// Reads a folder in nnU-Net's raw layout; also that of the Medical Segmentation Decathlon, whose images have no channel number.
///
/// An id is the part's name and the case's, and of a volume the plane and the slice's number: `training/case_01/axial-007`. Every case
/// is a patient of its own unless a pattern says otherwise, so that its slices stay together.
struct NNUNetReader {
  let source: NNUNetSource
  let kind: TaskKind

  func read() throws -> FoundSamples {
    let folder = try SourceFolder(source.folder, key: "folder")
    let file = folder.url.appendingPathComponent("dataset.json")
    let description = try NNUNetDescription(file)
    let classes = try description.classes(of: source.labels)
    if kind.hasSeveralMasks { try check(classes, of: description) }
    var parts = [DatasetPart: [Sample]]()
    parts[.training] = try samples(.training, images: "imagesTr", labels: "labelsTr", description, classes)
    if try folder.subfolders().contains("labelsTs") {
      parts[.test] = try samples(.test, images: "imagesTs", labels: "labelsTs", description, classes)
    }
    return FoundSamples(parts: parts, classNames: [], maskClasses: kind.hasSeveralMasks ? classes.map(\.name) : [])
  }

  /// Several labels, each at pixels of its own where they are to exclude each other.
  private func check(_ classes: [NNUNetDescription.Label], of description: NNUNetDescription) throws {
    let coding = MaskCoding(kind)
    guard (2...coding.greatestCount).contains(classes.count) else {
      throw DatasetsError.unsuitableLabelCount(classes.count, kind: kind.rawValue, greatest: coding.greatestCount, file: description.file.path)
    }
    guard coding == .exclusive else { return }
    for (place, one) in classes.enumerated() {
      for other in classes[(place + 1)...] where !one.values.isDisjoint(with: other.values) {
        throw DatasetsError.overlappingLabels(one.name, other.name, file: description.file.path)
      }
    }
  }

  private func samples(
    _ part: DatasetPart, images: String, labels: String, _ description: NNUNetDescription, _ classes: [NNUNetDescription.Label]
  ) throws -> [Sample] {
    let images = try SourceFolder(source.folder + "/" + images, key: "folder")
    let labels = try SourceFolder(source.folder + "/" + labels, key: "folder")
    let ending = description.fileEnding
    let maps = try labels.files().filter { $0.name.hasSuffix(ending) }
    if maps.isEmpty { throw DatasetsError.noLabelMaps(folder: labels.url.path, ending: ending) }
    let cases = maps.map { String($0.name.dropLast(ending.count)) }
    let digits = String(source.channel)
    let number = String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    var missing = [String](), samples = [Sample](), volumes = [(image: String, count: Int)]()
    let patients = try source.patientPattern.map { try PatientPattern($0).patients(of: cases) } ?? cases
    let window = try source.windowCenter.flatMap { center in
      try source.windowWidth.map { try IntensityWindow(center: center, width: $0) }
    }
    for (index, name) in cases.enumerated() {
      let numbered = "\(name)_\(number)\(ending)", plain = name + ending
      let isNumbered = try byteCount(ofFile: images.url.path + "/" + numbered) != nil
      let image = isNumbered ? numbered : plain
      guard let size = try byteCount(ofFile: images.url.path + "/" + image) else {
        missing.append(numbered)
        continue
      }
      let url = images.url.appendingPathComponent(image), map = labels.url.appendingPathComponent(maps[index].name)
      if isVolume(ending) {
        try requireOneVolume(map)
        let count = try volumeCount(url, isNumbered: isNumbered, plain: plain, description)
        if !isNumbered { volumes.append((url.path, count)) }
      }
      for (suffix, selection, mapSelection) in try selections(url, map, volume: isNumbered ? 0 : source.channel, ending: ending) {
        samples.append(
          Sample(
            id: "\(part)/\(name)\(suffix)", image: ImageReference(url, selection, window: window),
            mask: reference(ImageReference.Plane(file: map, selection: mapSelection), classes, description),
            patient: patients[index], byteCount: size + maps[index].byteCount))
      }
    }
    if !missing.isEmpty { throw DatasetsError.missingCases(missing, total: cases.count, folder: images.url.path) }
    // A file of another count was made otherwise, and its volume of this number is another thing.
    if let first = volumes.first, let other = volumes.first(where: { $0.count != first.count }) { throw DatasetsError.unlikeCounts(first, other) }
    return samples
  }

  private func reference(_ plane: ImageReference.Plane, _ classes: [NNUNetDescription.Label], _ description: NNUNetDescription) -> MaskReference {
    guard kind.hasSeveralMasks else {
      let values = classes.reduce(into: Set<Int>()) { $0.formUnion($1.values) }
      return MaskReference(regions: [.labels(plane, values: values)], ignored: description.ignored)
    }
    return MaskReference(
      regions: classes.map { .labels(plane, values: $0.values) }, ignored: description.ignored,
      classes: MaskClasses(names: classes.map(\.name), owners: Array(classes.indices), coding: MaskCoding(kind)))
  }

  /// How many volumes an image holds; where they are several, the study says which is meant. A name with the number of a channel means one.
  private func volumeCount(_ image: URL, isNumbered: Bool, plain: String, _ description: NNUNetDescription) throws -> Int {
    let header = try NIfTIFile.header(of: image), count = header.volumeCount
    if isNumbered {
      if count > 1 { throw DatasetsError.severalVolumes(image.path, header.dimensions, count, plain: plain) }
    } else if count > 1, !source.isChannelStated {
      throw DatasetsError.unstatedChannel(image.path, header.dimensions, count, names: description.channelNames)
    } else if source.channel >= count {
      throw DatasetsError.noSuchChannel(source.channel, image: image.path, count: count)
    }
    return count
  }

  /// One label a voxel: of several, such as one a class, nothing says which is meant.
  private func requireOneVolume(_ map: URL) throws {
    let header = try NIfTIFile.header(of: map)
    if header.volumeCount > 1 { throw DatasetsError.severalLabelVolumes(map.path, header.dimensions, header.volumeCount) }
  }

  private func isVolume(_ ending: String) -> Bool { ending.hasSuffix(".nii") || ending.hasSuffix(".nii.gz") }

  /// The pictures of a case: one, or the slices of a volume, which are counted in its header.
  private func selections(
    _ image: URL, _ map: URL, volume: Int, ending: String
  ) throws -> [(suffix: String, image: ImageSelection, map: ImageSelection)] {
    guard isVolume(ending) else { return [("", .whole, .whole)] }
    let plane = AnatomicalPlane(source.plane)
    let count = try NIfTIFile.sliceCount(of: image, plane: plane), other = try NIfTIFile.sliceCount(of: map, plane: plane)
    guard count == other else { throw DatasetsError.unlikeVolumes(image.path, count, map.path, other) }
    return (0..<count).map { index in
      let digits = String(index)
      return (
        "/\(plane.rawValue)-" + String(repeating: "0", count: max(3 - digits.count, 0)) + digits,
        .slice(index, plane: plane, volume: volume), .slice(index, plane: plane)
      )
    }
  }
}

/// What `dataset.json` says.
package struct NNUNetDescription {
  let file: URL
  /// The ending of every image and label map, such as `.nii.gz`.
  let fileEnding: String
  /// The values of each label but the background.
  private let labels: [String: Set<Int>]
  /// The values of pixels that have no part in loss or metric.
  let ignored: Set<Int>
  /// How many cases it says there are; nil where it does not.
  package let statedCount: Int?
  /// What it calls the channels, by their numbers.
  let channelNames: [String]

  package init(_ file: URL) throws {
    self.file = file
    guard try byteCount(ofFile: file.path) != nil else { throw DatasetsError.missingDescription(file.path) }
    let text = try TextFile.read(file)
    guard let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
      let named = object["labels"] as? [String: Any]
    else { throw DatasetsError.badDescription(file.path, "holds no object with labels") }
    fileEnding = object["file_ending"] as? String ?? ".nii.gz"
    let channels = (object["channel_names"] ?? object["modality"]) as? [String: Any] ?? [:]
    channelNames = channels.compactMap { key, value in Int(key).map { (number: $0, name: "\(value)") } }.sorted { $0.number < $1.number }.map(\.name)
    var labels = [String: Set<Int>]()
    // Some writers make a text of it.
    let stated = object["numTraining"]
    statedCount = stated as? Int ?? (stated as? String).flatMap { Int($0.trimmingCharacters(in: .whitespaces)) }
    for (key, value) in named {
      // Version 2 goes from a name to its value or values; version 1 and the Decathlon from a value to its name.
      if let number = Int(key), let name = value as? String {
        labels[name] = [number]
      } else if let number = value as? Int {
        labels[key] = [number]
      } else if let numbers = value as? [Int] {
        labels[key] = Set(numbers)
      } else {
        throw DatasetsError.badDescription(file.path, "has a label “\(key)” without a number")
      }
    }
    ignored = labels["ignore"] ?? []
    labels["ignore"] = nil
    self.labels = labels.filter { $0.value != [0] }
    if self.labels.isEmpty { throw DatasetsError.badDescription(file.path, "names no label but the background") }
  }

  /// Every value that a label map may have.
  package var knownValues: Set<Int> { labels.values.reduce(into: ignored.union([0])) { $0.formUnion($1) } }

  /// A label with its values.
  struct Label {
    let name: String
    let values: Set<Int>
  }

  /// The labels of these names, in their order, or all but the background by their lowest value.
  func classes(of names: [String]) throws -> [Label] {
    if names.isEmpty {
      return labels.map { Label(name: $0, values: $1.subtracting([0])) }
        .sorted { ($0.values.min() ?? 0, $0.name) < ($1.values.min() ?? 0, $1.name) }
    }
    return try names.map { name in
      guard let found = labels[name] else { throw DatasetsError.noSuchLabel(name, file: file.path, present: labels.keys.sorted()) }
      return Label(name: name, values: found)
    }
  }
}

extension NNUNetSource {
  /// Whether its description says that the channel which is read is computed tomography, whose values have a unit.
  package var isStatedCT: Bool {
    let names = (try? NNUNetDescription(URL(fileURLWithPath: folder + "/dataset.json")))?.channelNames ?? []
    return names.indices.contains(channel) && names[channel].uppercased() == "CT"
  }
}

extension DatasetsError {
  static func missingDescription(_ path: String) -> DatasetsError {
    DatasetsError(
      kind: .missingTable, problem: "There is no description at \(path).",
      remedy: "Correct `folder`: it holds dataset.json, imagesTr and labelsTr.")
  }

  static func badDescription(_ path: String, _ reason: String) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSource, problem: "The description \(path) \(reason).",
      remedy: "Write it as nnU-Net documents it, with \"labels\": {\"background\": 0, …} and \"file_ending\".")
  }

  static func noSuchLabel(_ name: String, file: String, present: [String]) -> DatasetsError {
    DatasetsError(
      kind: .missingLabels, problem: "The description \(file) names no label “\(name)”.", remedy: suggestion(for: name, in: present))
  }

  static func unsuitableLabelCount(_ count: Int, kind: String, greatest: Int, file: String) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSource, problem: "A \(kind) has 2 to \(greatest) classes, and \(file) gives \(count).",
      remedy: count < 2 ? "Name several under `labels`, or set `kind: binarySegmentation`." : "Name the ones that are asked for under `labels`.")
  }

  static func overlappingLabels(_ first: String, _ second: String, file: String) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSource, problem: "In \(file) the labels “\(first)” and “\(second)” share values, and a multiclassSegmentation has one class at most in a pixel.",
      remedy: "Set `kind: multiLabelSegmentation`, which asks for a mask of each class by itself, or name others under `labels`.")
  }

  static func noLabelMaps(folder: String, ending: String) -> DatasetsError {
    DatasetsError(
      kind: .noImages, problem: "The folder \(folder) holds no file that ends in “\(ending)”.",
      remedy: "Put the label maps there, or correct \"file_ending\" in dataset.json.")
  }

  static func missingCases(_ names: [String], total: Int, folder: String) -> DatasetsError {
    DatasetsError(
      kind: .missingImages,
      problem: "\(names.count) of \(counted(total, "image")) \(names.count == 1 ? "is" : "are") not in \(folder): \(listed(names)).",
      remedy: "Add them, take their label maps away, or correct `channel`.")
  }

  static func severalVolumes(_ path: String, _ dimensions: [Int], _ count: Int, plain: String) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSource,
      problem: "The image \(path) has a channel's number in its name and \(count) volumes in it (\(shape(dimensions))), so that nothing says which is meant.",
      remedy: "Write each channel as a file of its own, as nnU-Net asks for, or call the file \(plain) and choose with `channel`.")
  }

  static func unstatedChannel(_ path: String, _ dimensions: [Int], _ count: Int, names: [String]) -> DatasetsError {
    let called = names.count == count ? ", which dataset.json calls \(names.joined(separator: ", "))" : ""
    return DatasetsError(
      kind: .unsuitableSource,
      problem: "The image \(path) holds \(count) volumes (\(shape(dimensions)))\(called), and nothing says which is meant.",
      remedy: "Say `channel`, counted from 0.")
  }

  static func noSuchChannel(_ channel: Int, image: String, count: Int) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSource, problem: "The image \(image) has no channel \(channel): it holds \(counted(count, "volume")), counted from 0.",
      remedy: "Correct `channel`.")
  }

  static func unlikeCounts(_ first: (image: String, count: Int), _ other: (image: String, count: Int)) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSource,
      problem: "The image \(first.image) holds \(counted(first.count, "volume")) and \(other.image) holds \(other.count), so that one `channel` does not mean one thing.",
      remedy: "Give images of as many volumes each.")
  }

  static func severalLabelVolumes(_ path: String, _ dimensions: [Int], _ count: Int) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSource,
      problem: "The label map \(path) holds \(count) volumes (\(shape(dimensions))), and nothing says which is meant.",
      remedy: "Write one volume that numbers the classes.")
  }

  private static func shape(_ dimensions: [Int]) -> String { dimensions.map(String.init).joined(separator: " × ") }

  static func unlikeVolumes(_ image: String, _ count: Int, _ map: String, _ other: Int) -> DatasetsError {
    DatasetsError(
      kind: .sizeMismatch, problem: "The volume \(image) has \(counted(count, "slice")) and its label map \(map) has \(other).",
      remedy: "Give the label map that belongs to the volume.")
  }
}
