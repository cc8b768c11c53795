internal import Foundations

/// A figure as a plain value: what is drawn, in words and numbers. `plotlyPanels` and `pgfplots` are its two renderings, and both
/// show the same.
public struct Figure: Sendable, Equatable {
  public enum Content: Sendable, Equatable {
    /// Panels, at most so many side by side.
    case panels([Panel], columns: Int)
    case images(ImageGrid)
  }

  public let kind: FigureKind
  /// Letters, digits and hyphens; names its files and its place in a page.
  public let id: String
  public var title: String
  public var caption: String
  /// What is to be seen, for those who do not see it.
  public var altText: String
  public var content: Content
  public var legend: [LegendEntry]
  /// What a reader must know to read it right: what the marks mean, where an axis does not begin at zero.
  public var notes: [String]
  /// Every number behind it.
  public var data: ReportTable

  public init(
    kind: FigureKind, labels: FigureLabels, altText: String, content: Content, legend: [LegendEntry] = [], notes: [String] = [],
    data: ReportTable
  ) {
    self.kind = kind
    id = identifier(labels.id)
    title = labels.title
    caption = labels.caption
    self.altText = labels.altText ?? altText
    self.content = content
    self.legend = legend
    self.notes = notes + labels.notes
    self.data = data
  }

  /// The panels; none for images.
  public var panels: [Panel] {
    if case .panels(let panels, _) = content { return panels }
    return []
  }
}

/// What a figure is called and how it is explained.
public struct FigureLabels: Sendable, Equatable {
  public var id: String
  public var title: String
  public var caption: String
  /// Nil for a description made from the numbers.
  public var altText: String?
  public var notes: [String]
  /// Names in the order whose looks they have, so that one initialization looks alike in every figure; others follow.
  public var order: [String]

  public init(
    id: String, title: String, caption: String = "", altText: String? = nil, notes: [String] = [], order: [String] = []
  ) {
    self.id = id
    self.title = title
    self.caption = caption
    self.altText = altText
    self.notes = notes
    self.order = order
  }

  /// The look of each of some names.
  func styles(_ names: [String], _ look: (Int) -> Style) -> [String: Style] {
    Dictionary(uniqueKeysWithValues: distinct(order + names).enumerated().map { ($1, look($0)) })
  }
}

/// Axes and what is drawn between them.
public struct Panel: Sendable, Equatable {
  public var title: String
  public var x: Axis
  public var y: Axis
  /// Names at the right edge, by their places on the vertical axis.
  public var rightTicks: [Axis.Tick]
  public var layers: [Layer]
  /// The height in a page and the width below which panels go below each other, in CSS pixels.
  public var height: Int
  public var minimumWidth: Int
  /// Nil where it may be as wide as there is room.
  public var maximumWidth: Int?

  public init(
    title: String = "", x: Axis, y: Axis, rightTicks: [Axis.Tick] = [], layers: [Layer], height: Int = 280,
    minimumWidth: Int = 300,
    maximumWidth: Int? = nil
  ) {
    self.title = title
    self.x = x
    self.y = y
    self.rightTicks = rightTicks
    self.layers = layers
    self.height = height
    self.minimumWidth = minimumWidth
    self.maximumWidth = maximumWidth.map { max($0, minimumWidth) }
  }
}

/// A line of the legend.
public struct LegendEntry: Sendable, Equatable {
  public enum Symbol: Sendable, Equatable {
    case bar, line, marker, lineAndMarker
    /// A line within its band.
    case band
    /// A number or word that stands for it on an axis.
    case key(String)
  }

  public let label: String
  public let symbol: Symbol
  public let style: Style
  /// The series that it switches; nil for one that explains only.
  public let series: String?

  public init(_ label: String, _ symbol: Symbol, _ style: Style = Style(.ink), series: String? = nil) {
    self.label = label
    self.symbol = symbol
    self.style = style
    self.series = series
  }
}

/// A kind of figure with its own input, made into the one value that is rendered.
public protocol FigureDescription: Sendable {
  var labels: FigureLabels { get }
  func figure() -> Figure
}

/// A text as an identifier: ASCII letters, digits and single hyphens.
func identifier(_ text: String) -> String {
  var result = ""
  for character in text.unicodeScalars {
    if character.isASCII, character.properties.isAlphabetic || ("0"..."9").contains(character) {
      result.unicodeScalars.append(character)
    } else if !result.isEmpty, !result.hasSuffix("-") {
      result += "-"
    }
  }
  while result.hasSuffix("-") { result.removeLast() }
  return result.isEmpty ? "figure" : result
}
