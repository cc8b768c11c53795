internal import Foundation
internal import Foundations
internal import Imaging
internal import Weights

/// Images for a network, prepared as the card of its weights says.
///
/// As torchvision prepares ImageNet: the shorter side is resized to `resizeSize`, the longer one in proportion, and the
/// middle `cropSize` × `cropSize` is taken. Gray images fill all channels; color images become gray where the network takes
/// one channel.
public struct FeatureImages: Sendable {
  public struct Image: Sendable {
    /// Its path as it was found: below the folder that was named, or the path that was named.
    public let name: String
    let url: URL
  }

  public let images: [Image]

  /// - Parameter paths: image files, and folders that are searched through and through. Within a folder the order is that
  ///   of the names.
  /// - Throws: `ExecutionError` where there is no image, or a path is not there.
  public init(_ paths: [String]) throws {
    var found: [Image] = []
    for path in paths {
      let url = URL(fileURLWithPath: path)
      switch try PathContent(url.path) {
      case .nothing: throw ExecutionError.noImage(path)
      case .file, .other: found.append(Image(name: path, url: url))
      case .folder:
        found += try FolderListing.paths(below: url.path).map { Image(name: $0, url: url.appendingPathComponent($0)) }.filter { ImageFile.hasSupportedExtension($0.url) }
      }
    }
    guard !found.isEmpty else { throw ExecutionError.noImage(paths.joined(separator: ", ")) }
    images = found
  }
}

/// How an image becomes what a network takes.
struct FeaturePreparation {
  let card: PreprocessingCard
  let resizeSize: Int
  let cropSize: Int

  /// For a text beside the features.
  var description: String {
    "shorter side to \(resizeSize) (\(card.interpolation.rawValue)), center crop \(cropSize), mean \(card.mean), "
      + "standard deviation \(card.standardDeviation)"
  }

  /// `[channels, cropSize, cropSize]`, row-major.
  func prepare(_ image: FeatureImages.Image) throws -> [Float] {
    let whole = FloatImage(try ImageFile.read(image.url))
    let shorter = min(whole.width, whole.height)
    // Rounded down, as torchvision does.
    let filter: ResizeFilter = card.interpolation == .bicubic ? .bicubicAntialiased : .bilinearAntialiased
    let resized = try whole.resized(
      width: whole.width * resizeSize / shorter, height: whole.height * resizeSize / shorter, filter: filter)
    let cropped = try resized.centerCropped(width: cropSize, height: cropSize).replicated(toChannels: card.inputChannels)
    return try cropped.normalized(mean: card.mean.map(Float.init), standardDeviation: card.standardDeviation.map(Float.init)).values
  }
}
