/// The colors of figures by what they are for; how each looks in light, in dark and in print is in `Palette`.
///
/// The first eight hues are those of Okabe and Ito (2008), made to be told apart with every kind of color vision; the others, for
/// studies of more initializations, follow Tol's muted scheme (2021). In gray some of them are alike, so a series always differs from
/// its neighbors by pattern, marker or dash too.
public enum Color: String, CaseIterable, Sendable {
  case neutral, orange, purple, skyBlue, green, yellow, vermillion, blue
  case wine, olive, indigo, teal, rose, forest, brown, magenta
  /// Text and outlines; secondary text; lines behind the data; the page.
  case ink, muted, grid, paper
}

/// How the colors look: `#rrggbb` by color.
public struct Palette: Sendable, Equatable {
  private let codes: [Color: String]

  /// How much of its color a bar or box is filled with; the rest is the page's.
  private let fillShare: Double

  public func code(_ color: Color) -> String { codes[color] ?? "#000000" }

  /// The color as bars and boxes are filled with it: in dark it is dimmed, so that outlines, patterns and error bars, which are
  /// light there, stand out from it.
  public func fillCode(_ color: Color) -> String {
    func parts(_ color: Color) -> [Double] {
      let number = Int(code(color).dropFirst(), radix: 16) ?? 0
      return [16, 8, 0].map { Double((number >> $0) & 255) }
    }
    let mixed = zip(parts(color), parts(.paper)).map { UInt8((fillShare * $0 + (1 - fillShare) * $1).rounded()) }
    return "#" + mixed.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// On white, for screens and print.
  public static let light = Palette(
    codes: [
      .neutral: "#8a8a8a", .orange: "#e69f00", .purple: "#cc79a7", .skyBlue: "#56b4e9", .green: "#009e73", .yellow: "#f0e442",
      .vermillion: "#d55e00", .blue: "#0072b2", .wine: "#882255", .olive: "#999933", .indigo: "#332288", .teal: "#44aa99",
      .rose: "#cc6677", .forest: "#117733", .brown: "#8c510a", .magenta: "#aa4499", .ink: "#1a1a1a", .muted: "#555555", .grid: "#dcdcdc", .paper: "#ffffff",
    ], fillShare: 1)

  /// On near-black: the dark hues lifted until they have a contrast of 4.5 and more.
  public static let dark = Palette(
    codes: [
      .neutral: "#8f959d", .orange: "#f0ae2e", .purple: "#de93bc", .skyBlue: "#8acdf5", .green: "#2bbf94", .yellow: "#f0e442",
      .vermillion: "#f4843a", .blue: "#4aa3df", .wine: "#d9679b", .olive: "#bcbc5a", .indigo: "#9a8ce6", .teal: "#6fd0c0",
      .rose: "#e58f9c", .forest: "#57b573", .brown: "#c98f4e", .magenta: "#d984ca", .ink: "#ececec", .muted: "#b4b8be", .grid: "#3a4048", .paper: "#15181c",
    ], fillShare: 0.6)
}

/// How one series looks. Bars use color and pattern; lines color, dash and marker; dots color and marker.
public struct Style: Sendable, Equatable {
  public enum Pattern: String, CaseIterable, Sendable {
    case solid, rising, falling, crossed, dotted, horizontal, vertical
  }

  public enum Marker: String, CaseIterable, Sendable {
    case circle, square, diamond, triangle, invertedTriangle, pentagon, plus, cross, openCircle, openSquare, openDiamond
  }

  public enum Dash: String, CaseIterable, Sendable { case solid, dashed, dotted, dashDotted }

  public var color: Color
  public var pattern: Pattern
  public var marker: Marker
  public var dash: Dash

  public init(_ color: Color, pattern: Pattern = .solid, marker: Marker = .circle, dash: Dash = .solid) {
    self.color = color
    self.pattern = pattern
    self.marker = marker
    self.dash = dash
  }

  /// The look of bar series number `index`, from 0: gray first, as a start from random weights is usually the first. A line of that
  /// number has the same color, so that one initialization is known by it in every figure.
  public static func bar(_ index: Int) -> Style {
    Style(
      pick(colors, index), pattern: pick(Pattern.allCases, index + index / colors.count),
      marker: pick(Marker.allCases, index))
  }

  /// The look of line or dot series number `index`, from 0. The palest of the first eight hues comes last.
  public static func line(_ index: Int) -> Style {
    Style(
      pick(colors, index), marker: pick(Marker.allCases, index + index / colors.count),
      dash: pick(Dash.allCases, index + index / colors.count))
  }

  private static let colors: [Color] = [
    .neutral, .orange, .blue, .purple, .green, .skyBlue, .vermillion, .yellow, .wine, .teal, .indigo, .olive, .magenta, .forest, .rose, .brown,
  ]

  private static func pick<Element>(_ choices: [Element], _ index: Int) -> Element { choices[abs(index) % choices.count] }
}
