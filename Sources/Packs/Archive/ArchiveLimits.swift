/// What an archive from elsewhere may ask of the machine that reads it.
public struct ArchiveLimits: Hashable, Sendable {
  /// Members, each at most so many bytes, and all of them together.
  public var members = 500_000
  public var memberBytes = 2 << 30
  public var bytes = 16 << 30
  /// Unpacked bytes for each byte of the file, beyond the first `freeBytes`: predictions take about a third of their size,
  /// a bomb a thousandth.
  public var ratio = 200
  public var freeBytes = 64 << 20
  /// Characters of a member's name, and folders that it lies in.
  public var nameLength = 512
  public var depth = 16

  public init() {}

  /// All bytes that a file of such a size may unfold to.
  func bytes(ofFile size: Int) -> Int {
    let (product, overflows) = size.multipliedReportingOverflow(by: ratio)
    return overflows ? bytes : min(bytes, product + freeBytes)
  }
}
