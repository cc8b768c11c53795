internal import Foundation
internal import Foundations
internal import FuzzHarness
internal import Imaging

/// What is done with every input of a format of images.
enum ImageExercise: String, CaseIterable {
  case png, jpeg, tiff, gif, webp, jpeg2000, bmp, netpbm, dicom, nifti, niftiGzip, niftiMembers, raw

  private static let pixelLimit = 1 << 22

  /// The endings of the files that inputs are made from.
  var endings: [String] {
    switch self {
    case .png: ["png"]
    case .jpeg: ["jpg", "jpeg"]
    case .tiff: ["tif", "tiff"]
    case .gif: ["gif"]
    case .webp: ["webp"]
    case .jpeg2000: ["jp2", "j2k"]
    case .bmp: ["bmp"]
    case .netpbm: ["pgm", "ppm", "pbm"]
    case .dicom: ["dcm"]
    case .nifti: ["nii", "gz"]
    case .niftiGzip, .niftiMembers: ["nii"]
    // A raw image has no header: any bytes are one.
    case .raw: ["nii"]
    }
  }

  /// What the input's file is called.
  var fileName: String {
    switch self {
    case .niftiGzip, .niftiMembers: "input.nii.gz"
    case .raw: "input.IMG"
    default: "input.\(endings[0])"
    }
  }

  /// All that a program does with an image.
  func callAsFunction(_ file: URL, _ bytes: [UInt8]) throws {
    if self == .raw {
      _ = try Self.geometry(bytes).read(file)
      return
    }
    if [.nifti, .niftiGzip, .niftiMembers].contains(self) {
      try Self.readVolume(file)
      return
    }
    // Of formats that hold several pictures, the second too: it is refused where there is none.
    if [.tiff, .gif, .webp].contains(self) {
      do { _ = try ImageFile.read(file, .frame(1), pixelLimit: Self.pixelLimit) } catch is ImagingError {}
    }
    // As of a mask file: how many pictures, which way up, with or without loss.
    do { _ = try FileStatement(file) } catch is ImagingError {}
    // As a study may ask for them: through a range of stored values, and with the rows as they lie in the file.
    let range = try IntensityWindow(from: 10, to: 4095)
    _ = try ImageFile.read(file, .whole, window: range, orientation: .asStored, pixelLimit: Self.pixelLimit).contentRemarks
    let buffer = try ImageFile.read(file, pixelLimit: Self.pixelLimit)
    _ = try buffer.withView { try FloatImage($0, resizedTo: (32, 32)) }
    _ = Mask(buffer).foregroundCount
    if self == .dicom {
      let opened = try DICOMFile.open(file, pixelLimit: Self.pixelLimit)
      for index in 0..<min(opened.header.frames, 3) { _ = try opened.rescaled(index) }
    }
  }

  /// A volume has no picture of its own: its slices are read, as images and as label maps.
  static func readVolume(_ file: URL) throws {
    let opened = try NIfTIFile.open(file)
    for plane in AnatomicalPlane.allCases {
      let middle = try NIfTIFile.sliceCount(of: file, plane: plane) / 2
      _ = try opened.slice(middle, plane: plane)
      _ = try ImageFile.read(file, .slice(middle, plane: plane))
      _ = try Mask.read(file, .slice(middle, plane: plane), labels: [1, 2])
    }
  }

  /// The geometry that the first bytes say; half of the time one that fits.
  private static func geometry(_ input: [UInt8]) -> RawImage {
    func byte(_ index: Int) -> Int { index < input.count ? Int(input[index]) : 0 }
    switch byte(7) % 4 {
    case 0: return RawImage(width: 1, height: input.count, bitDepth: 8, isBigEndian: false, isWhiteZero: byte(5) % 2 == 0)
    // As JSRT's files: twelve bits in two bytes, the higher first.
    case 2: return RawImage(width: 4, height: input.count / 8, bitDepth: 12, isBigEndian: true, isWhiteZero: byte(5) % 2 == 0)
    default:
      return RawImage(
        width: byte(0) * (byte(6) % 3 == 0 ? 1 << 40 : 1), height: byte(1), bitDepth: byte(2) % 20, isBigEndian: byte(3) % 2 == 0,
        offset: byte(4) % 2 == 0 ? 0 : byte(4) - 100, isWhiteZero: byte(5) % 2 == 0)
    }
  }
}

/// The files of one format of images. Files that the reader refuses are among them: damage upon damage is damage too.
struct ImageFormat: FuzzedFormat {
  let exercise: ImageExercise
  let files: [[UInt8]]

  static func all(below folders: [URL]) -> [ImageFormat] {
    let files = folders.flatMap { folder in
      (FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []).sorted { $0.path < $1.path }
    }
    return ImageExercise.allCases.compactMap { exercise in
      let own = files.filter { exercise.endings.contains($0.pathExtension.lowercased()) }.compactMap { try? Data(contentsOf: $0) }
        .filter { !$0.isEmpty && $0.count < 4 << 20 }
      return own.isEmpty ? nil : ImageFormat(exercise: exercise, files: own.map { [UInt8]($0) })
    }
  }

  var name: String { exercise.rawValue }
  var fixtureCount: Int { files.count }

  func whole(_ fixture: Int) -> FuzzInput { input(files[fixture], of: fixture) }

  private func input(_ bytes: [UInt8], of fixture: Int) -> FuzzInput {
    let bytes =
      switch exercise {
      case .niftiGzip: StoredArchives.gzip(bytes)
      // Compressed in pieces, as by bgzip and pigz: the first ends in the header, the second in the voxels.
      case .niftiMembers:
        [bytes.prefix(100), bytes.dropFirst(100).prefix(bytes.count / 2), bytes.dropFirst(100 + bytes.count / 2)].flatMap { StoredArchives.gzip(Array($0)) }
      default: bytes
      }
    return FuzzInput(files: [FuzzInput.File(name: exercise.fileName, bytes: bytes)], fixture: fixture)
  }

  func input(with generator: inout SeededGenerator) -> FuzzInput {
    let chosen = generator.integer(below: files.count), file = files[chosen], donor = files[generator.integer(below: files.count)]
    // Chunks of PNG carry checksums: half of the damage is hidden behind right ones.
    if exercise == .png, generator.integer(below: 2) == 0, let repaired = RepairedPNG.mutated(file, donor: donor, with: &generator) {
      return input(repaired, of: chosen)
    }
    // Half of the damage to members of gzip is to the archive, whose checksums then find it.
    if exercise == .niftiMembers, generator.integer(below: 2) == 0 {
      var whole = input(file, of: chosen)
      whole.files[0].bytes = FileMutation.mutated(whole.files[0].bytes, donor: donor, structure: 0..<whole.files[0].bytes.count, with: &generator)
      return whole
    }
    let structure = generator.integer(below: 2) == 0 ? 0..<file.count : nil
    return input(FileMutation.mutated(file, donor: donor, structure: structure, with: &generator), of: chosen)
  }

  func exercise(_ input: FuzzInput, in folder: URL) throws {
    try exercise(folder.appendingPathComponent(exercise.fileName), input.files[0].bytes)
  }

  func isRefusal(_ error: any Error) -> Bool { error is ImagingError }
}
