/// Something drawn in a panel, in the panel's own numbers. The kinds of figures are made of these, and each rendering draws these
/// and nothing else, so that a new kind needs no line in a rendering.
public struct Layer: Sendable, Equatable {
  public enum Shape: Sendable, Equatable {
    /// Bars from zero, `width` wide, cut by the axis; lying where `isHorizontal`.
    case bars([Datum], width: Double, isHorizontal: Bool)
    /// Markers with error bars.
    case points([Datum], size: Double)
    /// Error bars alone, lying where `isHorizontal`.
    case errors([Datum], isHorizontal: Bool)
    /// Lines through their points, with markers where `hasMarkers`.
    case lines([[Datum]], width: Double, hasMarkers: Bool)
    /// A filled outline.
    case area([Place], opacity: Double)
    case boxes([Box], width: Double)
    case texts([Label])
    /// Filled squares, one unit wide, with text in them.
    case cells([Cell])
  }

  public struct Place: Sendable, Equatable {
    public let x: Double
    public let y: Double

    public init(_ x: Double, _ y: Double) {
      self.x = x
      self.y = y
    }
  }

  /// A place with the lengths of its error bar and what a pointer over it shows.
  public struct Datum: Sendable, Equatable {
    public let x: Double
    public let y: Double
    public let below: Double?
    public let above: Double?
    public let hover: String

    public init(_ x: Double, _ y: Double, below: Double? = nil, above: Double? = nil, hover: String = "") {
      self.x = x
      self.y = y
      self.below = below
      self.above = above
      self.hover = hover
    }
  }

  /// A box with whiskers at a place of the horizontal axis.
  public struct Box: Sendable, Equatable {
    public let x: Double
    public let numbers: FiveNumbers
    public let hover: String
  }

  public enum Side: String, Sendable { case left, right, above, below, center }

  /// A text beside its place.
  public struct Label: Sendable, Equatable {
    public var place: Place
    public var text: String
    public var side: Side = .center
    /// In points; 10 is a small text of a figure.
    public var size = 10.0
    public var isBold = false
    public var color = Color.ink
    /// Whether the page shows through behind it.
    public var hasBackground = false
    /// Whether it is written upward.
    public var isUpright = false
  }

  public struct Cell: Sendable, Equatable {
    public let column: Int
    public let row: Int
    public let text: String
    /// How strong the fill is, in 0…1; nil for an empty cell.
    public let strength: Double?
    public let hover: String
  }

  /// The series it belongs to; the legend switches a series off and on.
  public var series: String?
  public var shape: Shape
  public var style: Style

  public init(_ shape: Shape, style: Style = Style(.ink), series: String? = nil) {
    self.shape = shape
    self.style = style
    self.series = series
  }

  static func text(_ labels: [Label], series: String? = nil) -> Layer { Layer(.texts(labels), series: series) }

  static func lines(_ segments: [[Place]], style: Style = Style(.ink), width: Double = 1, series: String? = nil) -> Layer {
    Layer(.lines(segments.map { $0.map { Datum($0.x, $0.y) } }, width: width, hasMarkers: false), style: style, series: series)
  }
}

/// The numbers of a box plot.
public struct FiveNumbers: Sendable, Equatable {
  public let lowerWhisker: Double
  public let lowerQuartile: Double
  public let median: Double
  public let upperQuartile: Double
  public let upperWhisker: Double

  /// Quartiles by linear interpolation (numpy's default); whiskers to the farthest value within 1.5 interquartile ranges (Tukey).
  /// Nil for no finite value.
  public init?(_ values: [Double]) {
    let sorted = values.filter(\.isFinite).sorted()
    guard let first = sorted.first, let last = sorted.last else { return nil }
    func quantile(_ fraction: Double) -> Double {
      let place = fraction * Double(sorted.count - 1)
      let index = Int(place)
      let next = min(index + 1, sorted.count - 1)
      return sorted[index] + (place - Double(index)) * (sorted[next] - sorted[index])
    }
    let lower = quantile(0.25)
    let upper = quantile(0.75)
    let reach = 1.5 * (upper - lower)
    lowerQuartile = lower
    median = quantile(0.5)
    upperQuartile = upper
    lowerWhisker = min(lower, sorted.first { $0 >= lower - reach } ?? first)
    upperWhisker = max(upper, sorted.last { $0 <= upper + reach } ?? last)
  }
}
