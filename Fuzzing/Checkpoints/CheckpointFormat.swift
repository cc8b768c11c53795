internal import Containers
internal import Foundation
internal import Foundations
internal import FuzzHarness

/// A real file that inputs are made from, with the files that belong to it.
struct Fixture {
  let container: ContainerKind
  /// The file itself first.
  let parts: [FuzzInput.File]

  /// Every file below a folder that opens. Files that are refused as they are have nothing to be mutated.
  static func all(below folder: URL) -> [Fixture] {
    guard let walker = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) else { return [] }
    let files = walker.compactMap { $0 as? URL }.filter { !$0.path.contains("/Crashes/") }.sorted { $0.path < $1.path }
    return files.compactMap { Fixture($0) }
  }

  /// nil for a file that does not open. A part of a checkpoint of several files opens as the whole, which is counted once,
  /// by its index.
  init?(_ url: URL) {
    guard let file = try? CheckpointFile.open(url), file.url.lastPathComponent == url.lastPathComponent else { return nil }
    container = file.container
    parts = file.parts.compactMap { part in
      (try? Data(contentsOf: part)).map { FuzzInput.File(name: part.lastPathComponent, bytes: [UInt8]($0)) }
    }
  }
}

/// The checkpoints of one container.
struct CheckpointFormat: FuzzedFormat {
  let container: ContainerKind
  let fixtures: [Fixture]

  /// Arrays of up to this many bytes are read and looked at.
  private static let arrayLimit = 1 << 16
  private static let arrayCountLimit = 64

  var name: String { container.rawValue }
  var fixtureCount: Int { fixtures.count }

  static func all(below folders: [URL]) -> [CheckpointFormat] {
    let found = Dictionary(grouping: folders.flatMap(Fixture.all), by: \.container)
    return ContainerKind.allCases.compactMap { kind in found[kind].map { CheckpointFormat(container: kind, fixtures: $0) } }
  }

  func whole(_ fixture: Int) -> FuzzInput { FuzzInput(files: fixtures[fixture].parts, fixture: fixture) }

  func input(with generator: inout SeededGenerator) -> FuzzInput {
    let chosen = generator.integer(below: fixtures.count), fixture = fixtures[chosen]
    let donor = fixtures[generator.integer(below: fixtures.count)]
    // Mostly the file that says what the others hold.
    let changed = generator.integer(below: 4) == 0 ? generator.integer(below: fixture.parts.count) : 0
    let original = fixture.parts[changed].bytes
    let donorBytes = donor.parts[min(changed, donor.parts.count - 1)].bytes
    var repaired: [UInt8]?
    if generator.integer(below: 2) == 0 {
      repaired = RepairedMutation.mutated(original, donor: donorBytes, with: &generator)
    }
    // Half of the time anywhere in the file, else where its structure starts.
    let structure = generator.integer(below: 2) == 0 ? 0..<original.count : nil
    var input = whole(chosen)
    input.files[changed].bytes =
      repaired ?? FileMutation.mutated(original, donor: donorBytes, structure: structure, with: &generator)
    return input
  }

  /// All that a program does with a checkpoint.
  func exercise(_ input: FuzzInput, in folder: URL) throws {
    let arrays = try CheckpointFile.open(folder.appendingPathComponent(input.files[0].name)).arrays()
    for array in arrays.prefix(Self.arrayCountLimit) where array.byteCount <= Self.arrayLimit {
      _ = try array.bytes()
      _ = try array.statistics()
    }
  }

  func isRefusal(_ error: any Error) -> Bool { error is ContainersError }
}
