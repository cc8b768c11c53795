/// A rectangle of pixels; `x` and `y` are its left column and top row.
public struct Region: Sendable, Hashable {
  public let x: Int
  public let y: Int
  public let width: Int
  public let height: Int

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// The rectangle of this size in the middle of an image. As in torchvision's `center_crop`, half a pixel is rounded to even
  /// within the image, and the odd pixel of a border around it lies right and below.
  static func centered(width: Int, height: Int, in size: (width: Int, height: Int)) -> Region {
    func start(_ whole: Int, _ part: Int) -> Int {
      part > whole ? -((part - whole) / 2) : Int((Double(whole - part) / 2).rounded(.toNearestOrEven))
    }
    return Region(x: start(size.width, width), y: start(size.height, height), width: width, height: height)
  }

  func isInside(width: Int, height: Int) -> Bool {
    x >= 0 && y >= 0 && self.width > 0 && self.height > 0 && x <= width - self.width && y <= height - self.height
  }

  func requireInside(width: Int, height: Int) throws {
    guard isInside(width: width, height: height) else {
      throw ImagingError.geometry(
        "A crop of \(self.width) × \(self.height) pixels at (\(x), \(y)) does not lie within an image of \(width) × \(height).",
        remedy: "Give a crop within the image, or resize the image first.")
    }
  }
}
