import Foundation
import PublishedCopies
import Studies
import Testing

@testable import Datasets
@testable import Inspection

extension FaultyCopy {
  /// Images that are missing, surplus, cut short, or of another size or depth than the layout states.
  func imageFaults() throws -> [PlantedFault] {
    let sample = try #require(samples.first { !($0.mask?.files.isEmpty ?? false) } ?? samples.first)
    let file = try #require(sample.image.files.first), path = editor.path(of: file), name = (path as NSString).lastPathComponent
    let folder = (path as NSString).deletingLastPathComponent
    var faults = [
      PlantedFault(name: "an image is missing") { editor in
        try editor.remove(path)
        if task.data.listsImages { return [sample.id, "is not in"] }
        if let mask = sample.mask?.files.first { return [mask.lastPathComponent, "no image of the task"] }
        return ["file", "and the published copy has"]
      },
      PlantedFault(name: "an image nobody asked for") { editor in
        let other = "surplus." + file.pathExtension
        try editor.write(editor.data(path), to: "\(folder)/\(other)")
        if task.data.as(ClassFolderSource.self) != nil { return ["files, and the published copy has"] }
        return [other]
      },
      PlantedFault(name: "an empty image") { editor in
        try editor.write(Data(), to: path)
        return ["cannot be read", sample.id, "empty"]
      },
      PlantedFault(name: "a truncated image", needsDecoding: true) { editor in
        let data = try editor.data(path)
        try editor.write(data.prefix(data.count / 2), to: path)
        return ["cannot be read", sample.id]
      },
      PlantedFault(name: "an image of another format", needsDecoding: true) { editor in
        try editor.write(Data("<html>Not found</html>".utf8), to: path)
        return ["cannot be read", sample.id]
      },
    ]
    guard let item = item(of: file) else { return faults }
    if let size = item.imageSizes.first {
      faults.append(
        PlantedFault(name: "an image of another size", needsDecoding: true) { editor in
          try editor.write(picture(like: name, size[0] + 8, size[1] + 8, bitDepth: item.bitDepths.first ?? 8), to: path)
          return ["\(size[0] + 8) × \(size[1] + 8)", sample.id]
        })
    }
    if let depth = item.bitDepths.first, ["png", "dcm"].contains(file.pathExtension) {
      faults.append(
        PlantedFault(name: "an image of another depth", needsDecoding: true) { editor in
          let size = item.imageSizes.first ?? [64, 60]
          try editor.write(picture(like: name, size[0], size[1], bitDepth: 24 - depth), to: path)
          return ["has not \(depth) bits a sample, such as \(sample.id) with \(24 - depth)"]
        })
    }
    return faults
  }

  /// Masks that are missing, empty or of another size.
  func maskFaults() throws -> [PlantedFault] {
    let sample = try #require(samples.first { $0.mask?.files.count == ($0.mask?.regions.count ?? 0) && !$0.id.contains("benign") } ?? samples.first)
    let mask = try #require(sample.mask?.files.first), path = editor.path(of: mask)
    let stem = ImageName.stem(of: try #require(sample.image.files.first).lastPathComponent)
    return [
      PlantedFault(name: "a mask is missing") { editor in
        try editor.remove(path)
        return [stem]
      },
      PlantedFault(name: "a mask nobody asked for") { editor in
        let other = "surplus_mask." + mask.pathExtension
        try editor.write(editor.data(path), to: (path as NSString).deletingLastPathComponent + "/" + other)
        return [other, "is no image of the task"]
      },
      PlantedFault(name: "a truncated mask", needsDecoding: true) { editor in
        let data = try editor.data(path)
        try editor.write(data.prefix(data.count / 2), to: path)
        return ["cannot be read", sample.id]
      },
      PlantedFault(name: "a mask of another size") { editor in
        try editor.write(picture(like: mask.lastPathComponent, 72, 80, bitDepth: 8), to: path)
        return ["72 × 80"]
      },
    ]
  }

  /// Labels that names of files or folders tell.
  func folderLabelFaults() throws -> [PlantedFault] {
    let sample = try #require(samples.first), file = try #require(sample.image.files.first), path = editor.path(of: file)
    switch task.data.description {
    case let source as ClassFolderSource:
      let place = try #require(sample.labels.firstIndex(of: 1)), other = source.classes[(place + 1) % source.classes.count]
      return [
        PlantedFault(name: "an image in the folder of another class") { editor in
          try editor.move(path, to: path.replacingOccurrences(of: source.classes[place] + "/", with: other + "/"))
          return ["another number of images than published", source.classes[place], other]
        }
      ]
    case is NamedImageSource:
      return [
        PlantedFault(name: "a name without a label") { editor in
          let name = "un" + file.lastPathComponent
          try editor.move(path, to: (path as NSString).deletingLastPathComponent + "/" + name)
          return ["1 of \(samples.count) file names does not match", name]
        }
      ]
    default: return []
    }
  }

  /// A picture in the format that a name says.
  private func picture(like name: String, _ width: Int, _ height: Int, bitDepth: Int) throws -> Data {
    switch (name as NSString).pathExtension.lowercased() {
    case "gif": return try Drawing.columns(0..<0.5, width, height).gif()
    case "tif": return try Drawing.ramp(1, width, height, channels: 3).tiff()
    case "dcm" where bitDepth == 8 && width == height: return Drawing.ramp(1, width, height).dicom(instance: "1.2.3")
    case "dcm": return GeneratedSlice(size: width, place: 0, instanceNumber: 1, values: (0..<width * width).map { $0 % 500 }).data()
    default: return try Drawing.ramp(1, width, height, bitDepth: bitDepth).png()
    }
  }
}
