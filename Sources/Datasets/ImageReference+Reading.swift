public import Imaging

extension ImageReference {
  /// The pixels. Throws `ImagingError`, which names the file, or `DatasetsError` for a reference that fits no reader.
  public func read() throws -> PixelBuffer {
    guard planes.count == 1, let plane = planes.first else { throw DatasetsError.unreadReference("\(planes.count) pictures") }
    return try read(plane)
  }

  private func read(_ plane: Plane) throws -> PixelBuffer {
    if let rawGeometry { return try rawGeometry.read(plane.file) }
    if case .item = plane.selection { throw DatasetsError.unreadReference("a named array") }
    return try ImageFile.read(plane.file, plane.selection, window: window)
  }
}

extension DatasetsError {
  static func unreadReference(_ what: String) -> DatasetsError {
    DatasetsError(
      kind: .unsuitableSource, problem: "An image made of \(what) cannot be read.", remedy: "Give one picture of a file.")
  }
}
