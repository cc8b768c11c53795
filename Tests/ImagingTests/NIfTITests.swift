import Foundation
import Foundations
import Testing

@testable import Imaging

@Suite("NIfTI")
struct NIfTITests {
  @Test("Every fixture's stored samples, type, dimensions and scaled values equal nibabel's", arguments: MedicalGoldens.niftiNames)
  func samples(name: String) throws {
    let expected = try #require(try MedicalGoldens.made.get().nifti[name])
    try check(MedicalGoldens.file(name), against: expected)
  }

  @Test("Slices of all three planes hold the voxels where nibabel's as_closest_canonical has them", arguments: MedicalGoldens.niftiNames)
  func canonical(name: String) throws {
    let expected = try #require(try MedicalGoldens.made.get().nifti[name])
    guard expected.canonical != nil else { return }
    for plane in AnatomicalPlane.allCases { try checkCanonical(MedicalGoldens.file(name), plane: plane, against: expected) }
  }

  @Test("The directions of the axes are named")
  func directions() throws {
    for (name, letters) in [("ras", "RAS"), ("lps", "LPS"), ("coronal", "LIA"), ("oblique", "PRS"), ("quaternion", "ILA")] {
      let file = try NIfTIFile.open(MedicalGoldens.file("axes-\(name).nii"))
      #expect(file.axisDirections == letters, "\(name)")
      #expect(file.header.hasOrientation)
    }
    #expect(try !NIfTIFile.open(MedicalGoldens.file("axes-none.nii")).header.hasOrientation)
  }

  @Test("A pair is opened by either of its files, and needs both")
  func pairs() throws {
    let byHeader = try NIfTIFile.open(MedicalGoldens.file("pair.hdr"))
    #expect(try NIfTIFile.open(MedicalGoldens.file("pair.img")).storedSamples() == byHeader.storedSamples())
    let folder = try TemporaryFolder()
    let alone = folder.url.appendingPathComponent("alone.hdr")
    try FileManager.default.copyItem(at: MedicalGoldens.file("pair.hdr"), to: alone)
    let error = #expect(throws: ImagingError.self) { try NIfTIFile.open(alone) }
    #expect(
      error?.problem
        == "The image \(alone.path) is damaged: its voxels are in a file of the same name that ends in .img, which is not there.")
  }

  @Test("A flat file is an image as stored, the first axis along its rows; a volume is not")
  func flat() throws {
    let image = try ImageFile.read(MedicalGoldens.file("flat.nii"))
    #expect(image.shape == [6, 4, 1, 8])
    #expect((0..<24).map { image[$0 % 6, $0 / 6, 0] } == (0..<24).map { $0 * 7919 % 251 })
    let deep = try ImageFile.read(MedicalGoldens.file("flat-16.nii"))
    #expect(deep.shape == [6, 4, 1, 16])
    #expect((0..<24).map { deep[$0 % 6, $0 / 6, 0] } == (0..<24).map { $0 * 7919 % 251 * 257 })
    let colors = try ImageFile.read(MedicalGoldens.file("colors.nii"))
    #expect(colors.shape == [6, 4, 3, 8])
    #expect(colors[1, 0, 2] == 7919 % 251 * 3 % 256)
    let url = MedicalGoldens.file("axes-ras.nii")
    let error = #expect(throws: ImagingError.self) { try ImageFile.read(url) }
    #expect(
      error?.problem
        == "The image \(url.path) is of a kind that is not read: a NIfTI volume of 5 × 4 × 3 voxels, of which one slice has to be chosen.")
  }

  static let sentences: [(name: String, kind: ImagingError.Code, problem: String)] = [
    ("broken-cut.nii", .truncated, "is cut short: it has 119 bytes of voxels of 120."),
    ("broken-dimensions.nii", .tooLarge, "is too large: it has 30000 × 30000 × 30000 voxels, more than 4294967296 bytes."),
    ("broken-type.nii", .unsupported, "is of a kind that is not read: a NIfTI volume of data type 1536."),
    ("broken-negative.nii", .malformed, "is damaged: its NIfTI dimensions are 5 × -4 × 3."),
  ]

  @Test("Every broken fixture is refused with its own words", arguments: sentences.map(\.name))
  func words(name: String) throws {
    let row = try #require(Self.sentences.first { $0.name == name })
    let url = MedicalGoldens.file(name)
    for read in [{ _ = try NIfTIFile.open(url) }, { _ = try ImageFile.read(url) }] {
      let error = try #require(throws: ImagingError.self) { try read() }
      #expect(error.kind == row.kind)
      #expect(error.problem == "The image \(url.path) \(row.problem)")
    }
  }

  @Test("A slice that is not there is refused")
  func bounds() throws {
    let file = try NIfTIFile.open(MedicalGoldens.file("four-dimensions.nii"))
    #expect(file.volumeCount == 2 && file.sliceCount(.axial) == 3 && file.sliceCount(.coronal) == 4 && file.sliceCount(.sagittal) == 5)
    for (index, volume) in [(3, 0), (-1, 0), (0, 2)] {
      let error = #expect(throws: ImagingError.self) { try file.slice(index, plane: .axial, volume: volume) }
      #expect(error?.kind == .invalidGeometry)
    }
    #expect(try file.slice(0, plane: .axial, volume: 1) != file.slice(0, plane: .axial, volume: 0))
  }
}

func check(_ url: URL, against expected: MedicalGoldens.NIfTI) throws {
  let file = try NIfTIFile.open(url)
  let samples = file.storedSamples()
  #expect(samples.typeName == expected.type, "\(url.lastPathComponent)")
  #expect(file.header.dimensions == expected.shape, "\(url.lastPathComponent)")
  #expect(samples.sha256Hex == expected.sha256, "\(url.lastPathComponent)")
  guard let scaled = expected.scaled else { return }
  let values = MedicalGoldens.probes(samples).map { $0 * file.header.slope + file.header.intercept }
  #expect(agree(values, scaled), "\(url.lastPathComponent)")
}

/// Looks up voxels of the first volume, turned right, anterior and superior as nibabel turns it, in slices of a plane.
func checkCanonical(_ url: URL, plane: AnatomicalPlane, against expected: MedicalGoldens.NIfTI) throws {
  let file = try NIfTIFile.open(url)
  let shape = AnatomicalPlane.allCases.map(file.sliceCount)
  let (superior, anterior, right) = (shape[0], shape[1], shape[2])
  #expect([right, anterior, superior] == expected.canonicalShape, "\(url.lastPathComponent)")
  var slices: [Int: ScalarImage] = [:]
  func slice(_ index: Int) throws -> ScalarImage {
    if let known = slices[index] { return known }
    let read = try file.slice(index, plane: plane)
    slices[index] = read
    return read
  }
  let places = MedicalGoldens.probes(0..<right * anterior * superior)
  let values = try places.map { place in
    let (r, a, s) = (place % right, place / right % anterior, place / right / anterior)
    switch plane {
    case .axial: return try Double(slice(s).values[(anterior - 1 - a) * right + right - 1 - r])
    case .coronal: return try Double(slice(a).values[(superior - 1 - s) * right + right - 1 - r])
    case .sagittal: return try Double(slice(r).values[(superior - 1 - s) * anterior + anterior - 1 - a])
    }
  }
  #expect(agree(values, expected.canonical ?? []), "\(url.lastPathComponent) \(plane)")
  let found = try #require(file.header.pixelSpacing(plane))
  let zooms = try #require(expected.zooms)
  let spacing = plane == .axial ? [zooms[0], zooms[1]] : plane == .coronal ? [zooms[0], zooms[2]] : [zooms[1], zooms[2]]
  #expect(largestDifference([found.x, found.y], spacing) < 1e-6)
  #expect(try ImageFile.pixelSpacing(url, .slice(0, plane: plane)) == found)
}

/// Equal within single precision; nil stands for what is no number.
private func agree(_ values: [Double], _ expected: [Double?]) -> Bool {
  values.count == expected.count
    && zip(values, expected).allSatisfy { value, golden in
      guard let golden else { return value.isNaN }
      return abs(value - golden) <= 1e-6 * max(abs(golden), 1)
    }
}
