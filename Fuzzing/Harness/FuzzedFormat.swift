public import Foundation
public import Foundations

/// Files that were damaged on purpose, for a reader to read or to refuse.
public struct FuzzInput: Sendable {
  public struct File: Sendable {
    /// Its path below the input's folder.
    public var name: String
    public var bytes: [UInt8]

    public init(name: String, bytes: [UInt8]) {
      self.name = name
      self.bytes = bytes
    }
  }

  /// The one to open first, then those that belong to it.
  public var files: [File]
  /// Which of the format's fixtures it was made from.
  public var fixture: Int

  public init(files: [File], fixture: Int) {
    self.files = files
    self.fixture = fixture
  }
}

/// A format whose reader promises a value or a typed error of every input, in little time and memory.
public protocol FuzzedFormat {
  var name: String { get }
  /// How many files, or groups of files, inputs are made from.
  var fixtureCount: Int { get }
  /// A fixture as it is, before any damage.
  func whole(_ fixture: Int) -> FuzzInput
  /// The same generator gives the same input.
  func input(with generator: inout SeededGenerator) -> FuzzInput
  /// All that a program does with such files, which lie below `folder`.
  func exercise(_ input: FuzzInput, in folder: URL) throws
  /// Whether an error is one that the reader promises.
  func isRefusal(_ error: any Error) -> Bool
}

extension FuzzedFormat {
  /// An input is a function of the seed, the format and its number.
  func input(_ number: Int, seed: Int) -> FuzzInput {
    var generator = (SeedPath(seed) / "fuzzing" / name / number).generator()
    return input(with: &generator)
  }
}
