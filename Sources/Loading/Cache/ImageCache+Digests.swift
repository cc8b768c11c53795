public import Datasets
public import Foundation
import Foundations

extension ImageCache {
  /// The SHA-256 of a source file, read only where it is not as it was when its digest was taken last.
  public func digest(of file: URL) throws -> String { try sources.digest(of: file) }

  /// Keeps what was read for `digest`. It saves time and no more.
  public func keepDigests() { try? sources.save() }
}
