internal import Datasets
internal import Foundation
internal import Foundations
internal import FuzzHarness
internal import Studies

/// A small data set as its source ships it.
struct DatasetFixture {
  let kind: TaskKind
  /// Those that are damaged first, then those that belong to them.
  let files: [FuzzInput.File]
  let damagedCount: Int
  /// The source whose files lie below a folder, which ends in a slash.
  let source: (_ folder: String) -> DataSource
  /// How its images are read, and whose they are, where the source does not say it.
  var pictures: PictureChoices?
  var patients: (_ folder: String) -> PatientTable? = { _ in nil }

  /// - Parameters:
  ///   - damaged: names and contents of the files that inputs differ in.
  ///   - whole: those that stay as they are.
  init(
    _ kind: TaskKind, damaged: [(name: String, bytes: [UInt8])], whole: [(name: String, bytes: [UInt8])],
    source: @escaping (_ folder: String) -> DataSource
  ) {
    self.kind = kind
    files = (damaged + whole).map { FuzzInput.File(name: $0.name, bytes: $0.bytes) }
    damagedCount = damaged.count
    self.source = source
  }
}

/// The tables, annotations and archives of one kind of source.
struct DatasetFormat: FuzzedFormat {
  /// What damage is done to the first files.
  enum Damage {
    case text
    /// Half of the time below gzip.
    case table
    /// To one array of an archive, whose checksums are made right again, or to the archive.
    case arrays
    /// To a picture, whose checksums are right again half of the time.
    case pictures
  }

  let name: String
  let damage: Damage
  let fixtures: [DatasetFixture]

  /// So many images and masks of a data set are read.
  private static let sampleLimit = 6

  var fixtureCount: Int { fixtures.count }

  func whole(_ fixture: Int) -> FuzzInput { FuzzInput(files: fixtures[fixture].files, fixture: fixture) }

  func input(with generator: inout SeededGenerator) -> FuzzInput {
    let chosen = generator.integer(below: fixtures.count), fixture = fixtures[chosen]
    let changed = generator.integer(below: fixture.damagedCount)
    let donor = fixtures[generator.integer(below: fixtures.count)].files[0].bytes
    var input = whole(chosen)
    let original = input.files[changed].bytes
    switch damage {
    case .text, .table:
      let bytes = TextMutation.mutated(original, donor: donor, with: &generator)
      let isZipped = damage == .table && generator.integer(below: 8) == 0
      // Rarely in the archive itself, whose checksum finds it.
      let zipped = isZipped ? StoredArchives.gzip(bytes) : bytes
      input.files[changed].bytes =
        isZipped && generator.integer(below: 4) == 0 ? FileMutation.mutated(zipped, donor: donor, with: &generator) : zipped
    case .arrays:
      let repaired = generator.integer(below: 4) > 0
      input.files[changed].bytes =
        (repaired ? RepairedArrays.mutated(original, donor: donor, with: &generator) : nil)
        ?? FileMutation.mutated(original, donor: donor, structure: 0..<original.count, with: &generator)
    case .pictures:
      let repaired = generator.integer(below: 2) == 0 ? RepairedPNG.mutated(original, donor: donor, with: &generator) : nil
      input.files[changed].bytes = repaired ?? FileMutation.mutated(original, donor: donor, structure: 0..<original.count, with: &generator)
    }
    return input
  }

  /// What a run does before its first step: finds the samples of all parts, understands their masks, and reads images and masks.
  func exercise(_ input: FuzzInput, in folder: URL) throws {
    let fixture = fixtures[input.fixture]
    let place = folder.path + "/"
    var splits = try DatasetResolver.resolve(
      fixture.source(place), kind: fixture.kind, pictures: fixture.pictures, patients: fixture.patients(place))
    for role in MaskRole.allCases {
      let automatic = splits.automaticMasks(role)
      if !automatic.isEmpty { splits = splits.reading(try DatasetSplits.understand(automatic).understanding, as: role) }
    }
    let samples = DatasetPart.allCases.flatMap { splits[$0] }
    for sample in samples.prefix(Self.sampleLimit) {
      let image = try sample.image.read()
      _ = try sample.mask?.read(for: image, of: sample.id)
    }
  }

  func isRefusal(_ error: any Error) -> Bool { error is any RemediedError }
}
