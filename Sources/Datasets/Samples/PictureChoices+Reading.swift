import Foundation
import Imaging
import Studies

extension PictureChoices {
  /// The same samples, each image read as the choices say.
  package func apply(to parts: [DatasetPart: [Sample]]) throws -> [DatasetPart: [Sample]] {
    let window = try range.map { try IntensityWindow(from: $0.first ?? 0, to: $0.last ?? 0) }
    return parts.mapValues { samples in samples.map { $0.showing(image(of: $0.image, window: window)) } }
  }

  private func image(of image: ImageReference, window: IntensityWindow?) -> ImageReference {
    var image = image
    if let frame {
      image.planes = image.planes.map { $0.selection == .whole ? ImageReference.Plane(file: $0.file, selection: .frame(frame - 1)) : $0 }
    }
    if orientation == .asStored { image.orientation = .asStored }
    if let window { image.window = window }
    return image
  }
}
