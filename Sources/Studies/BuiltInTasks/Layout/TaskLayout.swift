/// The files that a copy of a data set has below its root. `medtransfer tasks check` reads nothing else to judge a copy.
public struct TaskLayout: Codable, Hashable, Sendable {
  public var items: [LayoutItem]

  public init(_ items: [LayoutItem]) { self.items = items }
}

/// One thing that must or may be there: a table, a list, or a collection of images.
public struct LayoutItem: Codable, Hashable, Sendable {
  public enum Content: Codable, Hashable, Sendable {
    /// A CSV table with a header, plain or gzipped, that has at least these columns. `Form.count` is its rows.
    ///
    /// No two rows agree in all columns of `key`; empty where rows may repeat, or where reading the table says so anyway.
    case table(columns: [String], key: [String] = [])
    /// A text file with one entry a line. `Form.count` is its lines.
    case list
    /// Files with these extensions (lowercase, without the dot; `""` for none) in the folders and everything below them.
    /// `Form.count` is the files of all its folders together.
    case files(extensions: [String])
  }

  /// One way in which the thing may be there; the first of an item's forms whose paths are all there is the copy's.
  public struct Form: Codable, Hashable, Sendable {
    /// Files or folders, relative to the root.
    public var paths: [String]
    /// What the publisher calls this version; nil where there is but one.
    public var version: String?
    /// What a whole copy counts; nil where that is not fixed.
    public var count: Int?

    public init(_ paths: [String], version: String? = nil, count: Int? = nil) {
      self.paths = paths
      self.version = version
      self.count = count
    }
  }

  public var content: Content
  /// What it is, as a noun with its article: “the table of labels”.
  public var role: String
  public var forms: [Form]
  public var isRequired: Bool
  /// Widths and heights that its pictures may have, pixels; empty where they differ from picture to picture or are not known.
  public var imageSizes: [[Int]]
  /// Bits a sample that its pictures may have; empty where that is not known.
  public var bitDepths: [Int]

  public init(
    _ role: String, _ content: Content, forms: [Form], isRequired: Bool = true, imageSizes: [[Int]] = [], bitDepths: [Int] = []
  ) {
    self.role = role
    self.content = content
    self.forms = forms
    self.isRequired = isRequired
    self.imageSizes = imageSizes
    self.bitDepths = bitDepths
  }
}
