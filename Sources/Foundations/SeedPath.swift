internal import Foundation

/// Where a random number is used, from which its seed follows: study seed → cell → epoch → sample → purpose.
///
/// Randomness is a value derived from a path, never a state that workers share, so order and augmentation depend neither
/// on the number of workers nor on the wall clock. The seed is the first eight bytes (little-endian) of the SHA-256 of the
/// path's components, each preceded by its length so that no two paths write the same bytes.
///
///     let sampleSeed = SeedPath(study.seed) / "training" / epoch / sample.id
public struct SeedPath: Hashable, Sendable {
  public let components: [String]

  public init(_ studySeed: Int) { components = [String(studySeed)] }

  private init(components: [String]) { self.components = components }

  public func appending(_ component: String) -> SeedPath { SeedPath(components: components + [component]) }

  public func appending(_ number: Int) -> SeedPath { appending(String(number)) }

  public static func / (path: SeedPath, component: String) -> SeedPath { path.appending(component) }

  public static func / (path: SeedPath, number: Int) -> SeedPath { path.appending(number) }

  /// The 64-bit seed of this path.
  public var seed: UInt64 {
    let hasher = Digest.Hasher()
    for component in components {
      let bytes = Data(component.utf8)
      withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { hasher.update($0) }
      hasher.update(bytes)
    }
    return hasher.finalize().prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A generator that starts at this path's seed.
  public func generator() -> SeededGenerator { SeededGenerator(seed: seed) }
}
