public import Foundation

/// Images in rows and columns, such as segmentations of best, median and worst cases by initialization, or Grad-CAM maps.
public struct ImageGrid: Sendable, Equatable, FigureDescription {
  public struct Image: Sendable, Equatable {
    /// The bytes of a PNG file.
    public let png: Data
    /// What is to be seen.
    public let altText: String
    /// Written under it.
    public let label: String

    public init(png: Data, altText: String, label: String = "") {
      self.png = png
      self.altText = altText
      self.label = label
    }
  }

  public struct Row: Sendable, Equatable {
    public let name: String
    /// One for each column; nil where there is none.
    public let images: [Image?]

    public init(_ name: String, images: [Image?]) {
      self.name = name
      self.images = images
    }
  }

  public let labels: FigureLabels
  public let columns: [String]
  public let rows: [Row]

  public init(labels: FigureLabels, columns: [String], rows: [Row]) {
    self.labels = labels
    self.columns = columns
    self.rows = rows.map { row in Row(row.name, images: columns.indices.map { $0 < row.images.count ? row.images[$0] : nil }) }
  }

  public func figure() -> Figure {
    var table = ReportTable(columns: [.init("")] + columns.map { .init($0) })
    for row in rows {
      table.append([.init(row.name)] + row.images.map { .init($0?.label ?? ReportTable.notApplicable) })
    }
    return Figure(
      kind: .images, labels: labels,
      altText:
        "Images in \(rows.count) rows (\(rows.map(\.name).joined(separator: ", "))) and \(columns.count) columns "
        + "(\(columns.joined(separator: ", "))).",
      content: .images(self), data: table)
  }

  /// The files that `pgfplots` includes, by name.
  func files(for id: String) -> [(name: String, bytes: Data)] {
    rows.enumerated().flatMap { row, value in
      value.images.enumerated().compactMap { column, image in image.map { (Self.fileName(id, row, column), $0.png) } }
    }
  }

  static func fileName(_ id: String, _ row: Int, _ column: Int) -> String { "\(id)-\(row + 1)-\(column + 1).png" }
}
