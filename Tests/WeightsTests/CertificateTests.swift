import CheckpointFixtures
import Foundation
import Foundations
import Testing
import Vocabulary

@testable import Containers
@testable import Weights

@Suite("Certificates")
struct CertificateTests {
  static let expected: [(name: String, shape: [Int])] = [("conv.weight", [2]), ("bn.weight", [3]), ("bn.num_batches_tracked", [])]

  static func certify(_ url: URL, entry: WeightsEntry? = nil, features: FeatureFingerprint? = nil) throws -> Certificate {
    let file = try CheckpointFile.open(url)
    let match = try BackboneMatcher.match(file, expected: expected, mode: .backbone, entry: entry)
    return try Certificate(file: file, match: match, features: features)
  }

  static func write(_ url: URL) throws {
    try SafetensorsFile.write([ramp("conv.weight", [2]), ramp("bn.weight", [3]), ramp("fc.bias", [1])], to: url)
  }

  @Test("A certificate says which file, what was matched and what was left out, and is the same on every reading")
  func certificate() throws {
    let folder = try TemporaryFolder()
    let url = folder.file("w.safetensors")
    try Self.write(url)
    let certificate = try Self.certify(url)
    #expect(certificate == (try Self.certify(url)))
    #expect(certificate.file == "w.safetensors")
    #expect(certificate.sha256 == (try Digest.sha256Hex(ofFile: url)))
    let size = try Data(contentsOf: url).count
    #expect(certificate.parts == [Certificate.Part(file: "w.safetensors", sha256: certificate.sha256, byteCount: size)])
    #expect((certificate.expectedCount, certificate.matchedCount) == (3, 2))
    #expect(certificate.defaulted == ["bn.num_batches_tracked"])
    #expect(certificate.dropped == [BackboneMatcher.Dropped(key: "fc.bias", rule: "classifier head")])
    #expect((certificate.layout, certificate.prefix, certificate.folded) == (.torchvision, "", []))
    #expect(certificate.hasPublishedChecksum == nil)
    #expect(certificate.entry == nil && certificate.license == nil && certificate.preprocessing == nil && certificate.features == nil)
    let (low, step) = (0.25, 1.0 / 64)
    #expect(
      certificate.statistics.map(\.statistics) == [
        ArrayStatistics(minimum: low, maximum: low + step, mean: low + step / 2),
        ArrayStatistics(minimum: low, maximum: low + 2 * step, mean: low + step),
      ])
    #expect(certificate.overall == ArrayStatistics(minimum: low, maximum: low + 2 * step, mean: low + 4 * step / 5))
    let data = try CanonicalJSON.encode(certificate)
    #expect(try JSONDecoder().decode(Certificate.self, from: data) == certificate)
    #expect(!String(decoding: data, as: UTF8.self).contains(folder.url.lastPathComponent))
  }

  private func filled(_ name: String, _ shape: [Int], _ value: Float) throws -> NamedArray {
    let bytes = withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
    return try NamedArray(name: name, elementType: .float32, shape: shape, bytes: Data((0..<shape.reduce(1, *)).flatMap { _ in bytes }))
  }

  @Test("A convolution of one number alone is cautioned of, and a normalization of one is not")
  func constant() throws {
    let folder = try TemporaryFolder(), url = folder.file("w.safetensors")
    let shapes: [(name: String, shape: [Int])] = [("conv.weight", [2, 3, 3, 3]), ("bn.weight", [3])]
    func cautions(_ convolution: Float) throws -> [String] {
      try SafetensorsFile.write([filled("conv.weight", [2, 3, 3, 3], convolution), filled("bn.weight", [3], 1)], to: url)
      let file = try CheckpointFile.open(url)
      return try Certificate(file: file, match: BackboneMatcher.match(file, expected: shapes, mode: .backbone, entry: nil)).cautions ?? []
    }
    #expect(try cautions(0).contains("Every number of conv.weight is 0.0: no training leaves that, and nothing of an image passes through a convolution of 0."))
    try SafetensorsFile.write([ramp("conv.weight", [2, 3, 3, 3]), filled("bn.weight", [3], 1)], to: url)
    let file = try CheckpointFile.open(url)
    let plain = try Certificate(file: file, match: BackboneMatcher.match(file, expected: shapes, mode: .backbone, entry: nil))
    #expect(plain.cautions?.contains { $0.hasPrefix("Every number of") } == false)
  }

  @Test("Held to a catalog entry, it has the entry's name, license, paper, card and arithmetic")
  func entry() throws {
    let folder = try TemporaryFolder()
    try Self.write(folder.file("w.safetensors"))
    let entry = WeightsEntry(
      id: "own", title: "Own", method: "supervised", trainedOn: ["A"], file: .init("w.safetensors", address: nil),
      container: .safetensors, layout: .bare, preprocessing: PreprocessingCard(mean: [0.5], standardDeviation: [0.25]),
      arithmeticAsTrained: .same, license: "CC0", paper: "None 2000", verification: .fromCode, remark: "Small.")
    let certificate = try Self.certify(folder.file("w.safetensors"), entry: entry)
    #expect(certificate.entry == Certificate.Entry(id: "own", title: "Own"))
    #expect((certificate.license, certificate.paper, certificate.remark) == ("CC0", "None 2000", "Small."))
    #expect(certificate.preprocessing == entry.preprocessing)
    // Another file under the name of a published one shows.
    #expect(try Self.certify(folder.file("w.safetensors"), entry: .imageNetV1).hasPublishedChecksum == false)
    #expect(try Self.certify(folder.file("w.safetensors"), entry: .vicReg).hasPublishedChecksum == nil)
    #expect((certificate.arithmetic, certificate.arithmeticAsTrained) == (.torchvision, .same))
    let data = try CanonicalJSON.encode(certificate)
    #expect(try JSONDecoder().decode(Certificate.self, from: data) == certificate)
  }

  @Test("A fingerprint has the moments of float64, rounded to six digits, and the first features")
  func fingerprint() throws {
    let values: [Float] = [1, 2, 3, 4, -1_234_567]
    let stage = FeatureFingerprint.Stage(name: "layer1", shape: [1, 5], values: values, firstCount: 2)
    #expect(stage.first == [1, 2])
    #expect(stage.mean == -246_911)
    #expect(stage.norm == 1_234_570)
    // √(Σ(x − m)²/5) with m = −246911.4 is 493827.80…
    #expect(stage.standardDeviation == 493_828)
    let fingerprint = FeatureFingerprint(input: "a ramp", arithmetic: .same, stages: [stage])
    let data = try CanonicalJSON.encode(fingerprint)
    #expect(try JSONDecoder().decode(FeatureFingerprint.self, from: data) == fingerprint)
    #expect(FeatureFingerprint.Stage(name: "none", shape: [0], values: []).mean == 0)
  }
}
