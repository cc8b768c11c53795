public import Datasets
public import Foundation
public import Foundations
import Imaging
public import Studies
import Synchronization

/// Writes made-up data sets as files, so that they take the same way as real ones.
public enum PhantomWriter {
  /// Writes a made-up data set: `images/00001.png` …, for segmentation `masks/00001.png` …, and `manifest.csv` with the
  /// columns `path`, the classes or `mask`, `patient` and `split`.
  ///
  /// The manifest is written last, so a folder that has one is whole. The same arguments write the same bytes. A patient has
  /// one to three images, all in one part.
  ///
  /// - Parameters:
  ///   - size: Width and height of the images in pixels.
  ///   - seed: Sets of different kinds differ under one seed.
  ///   - folder: Is made where it is missing; files of these names in it are replaced.
  /// - Returns: The source to put into a task.
  /// - Throws: `FoundationsError` where the folder cannot be written.
  @discardableResult
  public static func write(
    kind: PhantomKind, counts: PhantomCounts, size: Int, seed: SeedPath, to folder: URL
  ) throws -> ManifestSource {
    let images = folder.appendingPathComponent("images"), masks = folder.appendingPathComponent("masks")
    try AtomicFile.makeFolder(images)
    if kind.task.isSegmentation { try AtomicFile.makeFolder(masks) }
    let seed = seed / "phantoms" / kind.rawValue
    let subjects = subjects(counts: counts, seed: seed)
    let rows = try drawn(subjects) { subject in
      let drawing = try PhantomDrawing(kind: kind, size: size, subject: subject, seed: seed)
      try ImageFile.writePNG(drawing.image, to: folder.appendingPathComponent(subject.path("images")))
      if let mask = drawing.mask { try ImageFile.writePNG(mask, to: folder.appendingPathComponent(subject.path("masks"))) }
      let labels = drawing.labels.map { $0 == 1 ? "1" : "0" }
      return [subject.path("images")] + (drawing.mask == nil ? labels : [subject.path("masks")])
        + [subject.patient, subject.part.rawValue]
    }
    let answers = kind.task.isSegmentation ? ["mask"] : kind.classNames
    let manifest = folder.appendingPathComponent("manifest.csv")
    try AtomicFile.write(CSV.encode([["path"] + answers + ["patient", "split"]] + rows), to: manifest)
    return source(kind: kind, folder: folder)
  }

  /// As above, with 70, 10 and 20 % of `count` images for training, validation and test.
  @discardableResult
  public static func write(
    kind: PhantomKind, count: Int, size: Int, seed: SeedPath, to folder: URL
  ) throws -> ManifestSource {
    try write(kind: kind, counts: PhantomCounts(total: count), size: size, seed: seed, to: folder)
  }

  /// The source that reads what `write` wrote to this folder.
  public static func source(kind: PhantomKind, folder: URL) -> ManifestSource {
    ManifestSource(
      file: folder.appendingPathComponent("manifest.csv").path, imageRoot: folder.path, labelColumns: kind.classNames,
      maskColumn: kind.task.isSegmentation ? "mask" : nil, patientColumn: "patient", splitColumn: "split")
  }

  /// Who is in which part: patients with one to three images, none across a border between parts.
  private static func subjects(counts: PhantomCounts, seed: SeedPath) -> [PhantomSubject] {
    var random = (seed / "patients").generator()
    var subjects = [PhantomSubject](), patient = 0
    for part in DatasetPart.allCases {
      let end = subjects.count + counts.count(of: part)
      while subjects.count < end {
        patient += 1
        for _ in 0...min(random.integer(below: 3), end - subjects.count - 1) {
          subjects.append(PhantomSubject(number: subjects.count + 1, patientNumber: patient, part: part))
        }
      }
    }
    return subjects
  }

  /// Draws on all processors; the rows come in the order of the subjects.
  private static func drawn(
    _ subjects: [PhantomSubject], draw: @Sendable (PhantomSubject) throws -> [String]
  ) throws -> [[String]] {
    let results = Mutex<(rows: [Int: [String]], failure: (any Error)?)>(([:], nil))
    concurrentPerform(subjects.count) { index in
      if results.withLock({ $0.failure != nil }) { return }
      do {
        let row = try draw(subjects[index])
        results.withLock { $0.rows[index] = row }
      } catch {
        results.withLock { $0.failure = $0.failure ?? error }
      }
    }
    return try results.withLock { results in
      if let failure = results.failure { throw failure }
      return subjects.indices.compactMap { results.rows[$0] }
    }
  }
}

/// One image to draw: its number from 1, whose it is, and where it belongs.
struct PhantomSubject: Sendable {
  var number: Int
  var patientNumber: Int
  var part: DatasetPart

  var patient: String { "patient-\(patientNumber)" }

  func path(_ folder: String) -> String {
    let digits = String(number)
    return folder + "/" + String(repeating: "0", count: max(5 - digits.count, 0)) + digits + ".png"
  }
}

/// One drawn image with its answers.
struct PhantomDrawing: Sendable {
  let image: PixelBuffer
  let mask: PixelBuffer?
  let labels: [Float]

  init(kind: PhantomKind, size: Int, subject: PhantomSubject, seed: SeedPath) throws {
    let patient = seed / "patient" / subject.patientNumber, path = seed / "image" / subject.number
    switch kind {
    case .findings, .effusion, .nodule:
      let chest = ChestPhantom(size: size, patient: patient, image: path, findings: Self.findings(kind, subject, path))
      image = try Self.buffer(chest.pixels, size: size, channels: kind.channels)
      mask = nil
      labels = zip(ChestFindings.names, chest.findings.labels).filter { kind.classNames.contains($0.0) }.map(\.1)
    case .lungs, .pneumothorax:
      let chest = ChestPhantom(size: size, patient: patient, image: path, findings: Self.findings(kind, subject, path))
      image = try Self.buffer(chest.pixels, size: size, channels: kind.channels)
      mask = try Self.buffer(kind == .lungs ? chest.lungMask : chest.airMask, size: size, channels: 1)
      labels = []
    case .vessels:
      let fundus = FundusPhantom(size: size, patient: patient, image: path)
      image = try Self.buffer(fundus.pixels, size: size, channels: kind.channels)
      mask = try Self.buffer(fundus.vesselMask, size: size, channels: 1)
      labels = []
    case .objects, .objectKinds:
      // Every shape comes as often as any other, and every kind of thing.
      let shapes = ObjectPhantom.Shape.allCases, patterns = ObjectPhantom.Pattern.allCases
      let shape = (subject.number - 1) % shapes.count, pattern = (subject.number - 1) / shapes.count % patterns.count
      let object = ObjectPhantom(size: size, shape: shapes[shape], pattern: patterns[pattern], image: path)
      image = try Self.buffer(object.pixels, size: size, channels: kind.channels)
      mask = nil
      let label = kind == .objects ? shape : shape * patterns.count + pattern
      labels = kind.classNames.indices.map { $0 == label ? 1 : 0 }
    }
  }

  /// What a radiograph shows: as it comes (nil), or for a yes/no set the finding in every other image, whatever else it shows.
  private static func findings(_ kind: PhantomKind, _ subject: PhantomSubject, _ path: SeedPath) -> ChestFindings? {
    guard kind != .findings, kind != .lungs else { return nil }
    var random = (path / "findings").generator()
    var findings = ChestFindings.drawn(using: &random)
    if kind == .effusion { findings.effusion = subject.number.isMultiple(of: 2) }
    if kind == .nodule { findings.nodule = subject.number.isMultiple(of: 2) }
    if kind == .pneumothorax { findings.pneumothorax = true }
    return findings
  }

  private static func buffer(_ pixels: [UInt8], size: Int, channels: Int) throws -> PixelBuffer {
    try PixelBuffer(width: size, height: size, channels: channels, bitDepth: 8, samples: .bytes(pixels))
  }
}
