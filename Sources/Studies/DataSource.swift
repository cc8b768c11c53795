/// Where a task's images and their labels or masks are. All paths are absolute.
public enum DataSource: Codable, Hashable, Sendable {
  /// A table with one row an image.
  case manifest(ManifestSource)
  /// Folders of images beside folders of masks.
  case maskFolders(MaskFolderSource)
  /// Folders with one subfolder a class.
  case classFolders(ClassFolderSource)

  /// How the parts that the source does not give are carved out.
  public var split: SplitRule {
    switch self {
    case .manifest(let source): source.split
    case .maskFolders(let source): source.split
    case .classFolders(let source): source.split
    }
  }
}
