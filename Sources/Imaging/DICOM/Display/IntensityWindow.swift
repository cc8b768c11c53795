internal import Foundation

/// Which values are shown between black and white (PS3.3 section C.11.2.1.2).
public struct IntensityWindow: Sendable, Hashable, Codable {
  /// How values lie between the two ends.
  public enum Function: String, Sendable, Hashable, Codable, CaseIterable {
    /// (x - (c - 0.5)) / (w - 1) + 0.5, within 0...1: DICOM's default.
    case linear
    /// (x - c) / w + 0.5, within 0...1.
    case linearExact
    /// 1 / (1 + exp(-4 (x - c) / w)).
    case sigmoid
  }

  /// c, in modality units (Hounsfield units in CT).
  public let center: Double
  /// w, in modality units.
  public let width: Double
  public let function: Function

  /// Throws `ImagingError.invalidGeometry` for a width that the function does not allow: at least 1 for `linear`, above 0 else.
  public init(center: Double, width: Double, function: Function = .linear) throws {
    guard center.isFinite, width.isFinite, function == .linear ? width >= 1 : width > 0 else {
      throw ImagingError.geometry(
        "A window cannot have the center \(center) and the width \(width).",
        remedy: "Give finite numbers and a width of at least 1.")
    }
    self.center = center
    self.width = width
    self.function = function
  }

  /// Level and width of the lung window that is usual in chest CT.
  public static let lung = IntensityWindow(trusted: -600, 1500)
  /// The window in which pulmonary embolism is usually read (CT angiography).
  public static let pulmonaryEmbolism = IntensityWindow(trusted: 100, 700)
  /// The soft-tissue window of the chest.
  public static let mediastinum = IntensityWindow(trusted: 40, 400)

  private init(trusted center: Double, _ width: Double) {
    self.center = center
    self.width = width
    function = .linear
  }

  /// The window that shows `lower` as black and `upper` as white, and what lies between in proportion.
  ///
  /// Throws `ImagingError.invalidGeometry` where `upper` is not above `lower`.
  public init(from lower: Double, to upper: Double) throws {
    try self.init(center: (lower + upper) / 2, width: upper - lower, function: .linearExact)
  }

  /// For people.
  var words: String { "window \(function.rawValue), center \(center), width \(width)" }

  /// 0 black ... 1 white; what is no number is black.
  public func brightness(_ value: Double) -> Double {
    guard !value.isNaN else { return 0 }
    switch function {
    case .linear:
      // A width of 1 is a threshold.
      if width <= 1 { return value <= center - 0.5 ? 0 : 1 }
      return min(max((value - (center - 0.5)) / (width - 1) + 0.5, 0), 1)
    case .linearExact: return min(max((value - center) / width + 0.5, 0), 1)
    case .sigmoid: return 1 / (1 + exp(-4 * (value - center) / width))
    }
  }
}
