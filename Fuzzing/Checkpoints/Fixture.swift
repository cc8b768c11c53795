internal import Checkpoints
internal import Foundation
internal import Foundations
internal import Mutations

/// A real file that inputs are made from, with the files that belong to it.
struct Fixture {
  let url: URL
  let container: ContainerKind
  /// The file itself first.
  let parts: [(name: String, bytes: [UInt8])]

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
    self.url = url
    container = file.container
    parts = file.parts.compactMap { part in (try? Data(contentsOf: part)).map { (part.lastPathComponent, [UInt8]($0)) } }
  }
}

/// The inputs of one container, each a function of the seed and its number.
struct InputMaker {
  let fixtures: [Fixture]
  let seed: UInt64

  struct Input {
    /// The file to open first, and what lies beside it.
    var parts: [(name: String, bytes: [UInt8])]
    var changedPart: Int
  }

  func input(_ number: Int) -> Input {
    var generator = SeededGenerator(seed: seed &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(number))
    let fixture = fixtures[generator.integer(below: fixtures.count)]
    let donor = fixtures[generator.integer(below: fixtures.count)]
    // Mostly the file that says what the others hold.
    let changed = generator.integer(below: 4) == 0 ? generator.integer(below: fixture.parts.count) : 0
    let original = fixture.parts[changed].bytes
    let donorBytes = donor.parts[min(changed, donor.parts.count - 1)].bytes
    var repaired: [UInt8]?
    if generator.integer(below: 2) == 0 {
      repaired = RepairedMutation.mutated(original, donor: donorBytes, with: &generator)
    }
    var parts = fixture.parts
    // Half of the time anywhere in the file, else where its structure starts.
    let structure = generator.integer(below: 2) == 0 ? 0..<original.count : nil
    parts[changed].bytes =
      repaired ?? FileMutation.mutated(original, donor: donorBytes, structure: structure, with: &generator)
    return Input(parts: parts, changedPart: changed)
  }
}
