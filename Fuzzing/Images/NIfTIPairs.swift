internal import Foundation
internal import Foundations
internal import FuzzHarness
internal import Imaging

/// Volumes in two files, a header and its voxels, made from volumes in one.
struct NIfTIPairs: FuzzedFormat {
  let name = "niftiPair"
  private let fixtures: [(header: [UInt8], voxels: [UInt8])]

  /// nil where no volume is of NIfTI-1 in little-endian order with its voxels right behind its header.
  init?(below folders: [URL]) {
    let files: [URL] = folders.flatMap { folder -> [URL] in
      (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
    }
    let named: [URL] = files.filter { $0.pathExtension == "nii" }.sorted { $0.path < $1.path }
    let volumes = named.compactMap { try? Data(contentsOf: $0) }
    fixtures = volumes.compactMap { volume in
      guard volume.count > 352, volume.prefix(4).elementsEqual([0x5C, 1, 0, 0]), volume.count < 1 << 20 else { return nil }
      var header = [UInt8](volume.prefix(348))
      // vox_offset counts from the beginning of the second file.
      header.replaceSubrange(108..<112, with: [0, 0, 0, 0])
      header.replaceSubrange(344..<348, with: Array("ni1".utf8) + [0])
      return (header, [UInt8](volume.dropFirst(352)))
    }
    if fixtures.isEmpty { return nil }
  }

  var fixtureCount: Int { fixtures.count }

  func whole(_ fixture: Int) -> FuzzInput { input(fixtures[fixture], of: fixture) }

  private func input(_ pair: (header: [UInt8], voxels: [UInt8]), of fixture: Int) -> FuzzInput {
    FuzzInput(files: [.init(name: "input.img", bytes: pair.voxels), .init(name: "input.hdr", bytes: pair.header)], fixture: fixture)
  }

  func input(with generator: inout SeededGenerator) -> FuzzInput {
    let chosen = generator.integer(below: fixtures.count), donor = fixtures[generator.integer(below: fixtures.count)]
    var pair = fixtures[chosen]
    // The header says nearly everything.
    if generator.integer(below: 4) > 0 {
      pair.header = FileMutation.mutated(pair.header, donor: donor.header, structure: 0..<pair.header.count, with: &generator)
    } else {
      pair.voxels = FileMutation.mutated(pair.voxels, donor: donor.voxels, structure: 0..<pair.voxels.count, with: &generator)
    }
    return input(pair, of: chosen)
  }

  /// By the file of voxels, as a study names it.
  func exercise(_ input: FuzzInput, in folder: URL) throws {
    let (voxels, header) = (folder.appendingPathComponent("input.img"), folder.appendingPathComponent("input.hdr"))
    do { _ = try ImageFile.read(voxels) } catch is ImagingError {}
    try ImageExercise.readVolume(header)
  }

  func isRefusal(_ error: any Error) -> Bool { error is ImagingError }
}
