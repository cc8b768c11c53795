import Foundation
import Foundations
import Probes
import Studies
import Testing

@testable import Execution

@Suite("A store of features")
struct FeatureStoreTests {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("features-\(UUID().uuidString)", isDirectory: true)

  private func source(_ change: (inout Recipe) -> Void = { _ in }, data: String = "d", seed: Int = 1, start: CellConfiguration.Start = .random) -> FeatureSource {
    var recipe = Recipe.standard(for: .multiLabelClassification)
    change(&recipe)
    return FeatureSource(CellConfiguration(kind: .multiLabelClassification, recipe: recipe, data: data, start: start, seed: seed))
  }

  @Test("What was added is there when it is opened again, in any order, and what is missing is named once; a further layer is missing everywhere")
  func reopened() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try FeatureStore(source(), in: folder)
    #expect(store.missing(of: ["a", "b", "a"], layers: ["pooled"]) == [0, 1])
    try store.add(["a", "b"], ["pooled": [1, 2, 3, 4, 5, 6]])
    try store.add(["c"], ["pooled": [7, 8, 9]])
    try store.note(unusable: ["d": "cut short"])
    for opened in [store, try FeatureStore(source(), in: folder)] {
      #expect(try opened.matrix(of: ["c", "a", "c"], layer: "pooled") == FeatureMatrix([7, 8, 9, 1, 2, 3, 7, 8, 9], width: 3))
      #expect(opened.missing(of: ["a", "b", "c", "d", "e"], layers: ["pooled"]) == [4] && opened.unusable == ["d": "cut short"])
      #expect(opened.missing(of: ["a", "d"], layers: ["pooled", "layer2"]) == [0])
      #expect(try opened.matrix(of: ["a", "e"], layer: "pooled") == nil && opened.takeDamages().isEmpty)
    }
    // What another process has added is found.
    try FeatureStore(source(), in: folder).add(["e"], ["pooled": [0, 0, 1]])
    try store.openShards()
    #expect(store.missing(of: ["e"], layers: ["pooled"]).isEmpty)
  }

  @Test("A shard with one other bit, one that is cut short and one that is no shard are taken away and named; the others stay")
  func damaged() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try FeatureStore(source(), in: folder)
    for (index, name) in ["a", "b", "c"].enumerated() { try store.add([name], ["pooled": [Float(index), 1]]) }
    let shards = try FileManager.default.contentsOfDirectory(atPath: store.folder.path).filter { $0.hasPrefix("shard-") }.sorted()
    let url = { (name: String) in store.folder.appendingPathComponent(name) }
    var bytes = try Data(contentsOf: url(shards[0]))
    bytes[bytes.count - 2] ^= 1
    try bytes.write(to: url(shards[0]))
    try Data(contentsOf: url(shards[1])).dropLast(3).write(to: url(shards[1]))
    try Data("no shard".utf8).write(to: url("shard-0.safetensors"))
    let opened = try FeatureStore(source(), in: folder)
    #expect(opened.missing(of: ["a", "b", "c"], layers: ["pooled"]).count == 2)
    let damages = opened.takeDamages()
    #expect(damages.count == 3 && damages.allSatisfy { $0.hasSuffix("of features is damaged, or of another network. It was taken away, and its images are asked about again.") })
    #expect(opened.takeDamages().isEmpty)
    #expect(try FileManager.default.contentsOfDirectory(atPath: store.folder.path).filter { $0.hasPrefix("shard-") } == [shards[2]])
  }

  @Test("What says which images cannot be used vouches for itself, is of this network alone, and is asked once more by every process")
  func unusable() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    struct Torn: Error {}
    let fault = FoundationsError.unreadable(folder, errno: EIO)
    let store = try FeatureStore(source(), in: folder)
    try store.note(unusable: ["a": "cut short", "b": "cut short"])
    // Who noted it has asked.
    try store.confirmUnusable(of: ["a"]) { _ in throw fault }
    let second = try FeatureStore(source(), in: folder)
    #expect(throws: FoundationsError.self) { try second.confirmUnusable(of: ["a", "b"]) { _ in throw fault } }
    try second.confirmUnusable(of: ["c", "a", "b"]) { if $0 == 1 { throw Torn() } }
    #expect(second.unusable == ["a": "cut short"] && second.missing(of: ["a", "b"], layers: ["pooled"]) == [1])
    #expect(try FeatureStore(source(), in: folder).unusable == ["a": "cut short"])
    let file = store.folder.appendingPathComponent("unusable.json"), text = try String(contentsOf: file, encoding: .utf8)
    for changed in [text.replacingOccurrences(of: "cut short", with: "cut shorn"), text.replacingOccurrences(of: "\"a\"", with: "\"e\""), "{\"a\": \"Input/output error\"}"] {
      try Data(changed.utf8).write(to: file)
      #expect(try FeatureStore(source(), in: folder).unusable.isEmpty)
    }
    let other = try FeatureStore(source(seed: 2), in: folder)
    try Data(text.utf8).write(to: other.folder.appendingPathComponent("unusable.json"))
    #expect(try FeatureStore(source(seed: 2), in: folder).unusable.isEmpty)
  }

  @Test("A store beside one that is only read has what that has, and writes to itself alone")
  func beside() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let shared = folder.appendingPathComponent("shared", isDirectory: true), own = folder.appendingPathComponent("own", isDirectory: true)
    let first = try FeatureStore(source(), in: shared)
    try first.add(["a"], ["pooled": [1, 2]])
    try first.note(unusable: ["d": "cut short"])
    let before = try FileManager.default.contentsOfDirectory(atPath: first.folder.path).sorted()
    let store = try FeatureStore(source(), in: own, beside: shared)
    #expect(store.missing(of: ["a", "b", "d"], layers: ["pooled"]) == [1])
    try store.add(["b"], ["pooled": [3, 4]])
    #expect(try store.matrix(of: ["a", "b"], layer: "pooled") == FeatureMatrix([1, 2, 3, 4], width: 2))
    #expect(try FileManager.default.contentsOfDirectory(atPath: first.folder.path).sorted() == before)
    #expect(try FeatureStore(source(), in: own, beside: shared).missing(of: ["a", "b"], layers: ["pooled"]).isEmpty)
  }

  @Test("A shard of another network is none of this one's, whatever folder it lies in")
  func otherNetwork() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let store = try FeatureStore(source(), in: folder), other = try FeatureStore(source(seed: 2), in: folder)
    try store.add(["a"], ["pooled": [1, 2]])
    try other.add(["a"], ["pooled": [3, 4]])
    let shard = { (store: FeatureStore) in
      store.folder.appendingPathComponent(try #require(try FileManager.default.contentsOfDirectory(atPath: store.folder.path).first { $0.hasPrefix("shard-") }))
    }
    let foreign = try shard(other), own = try shard(store)
    #expect(foreign.lastPathComponent != own.lastPathComponent)
    try FileManager.default.removeItem(at: own)
    try FileManager.default.copyItem(at: foreign, to: store.folder.appendingPathComponent(foreign.lastPathComponent))
    let opened = try FeatureStore(source(), in: folder)
    #expect(opened.missing(of: ["a"], layers: ["pooled"]) == [0] && opened.takeDamages().count == 1)
  }

  @Test("Features follow from the network and from how images are prepared, and from no seed, label or training")
  func sources() throws {
    let given = CellConfiguration.Start.weights(fingerprint: "f", state: .backbone, entry: nil), before = try source(start: given).digest()
    #expect(try source(data: "other", start: given).digest() == before && source(seed: 2, start: given).digest() == before)
    #expect(try source({ $0.epochs = 3 }, start: given).digest() == before && source({ $0.mode = .kNN }, start: given).digest() == before)
    #expect(try source(seed: 2).digest() != source().digest(), "random weights are drawn from the seed")
    let changes: [(inout Recipe) -> Void] = [
      { $0.architecture = "resnet18" }, { $0.inputSize = 96 }, { $0.resizeSize = 300 }, { $0.reducedSize = 512 }, { $0.inputChannels = 1 },
      { $0.normalization = .none }, { $0.interpolation = .bicubic }, { $0.precision = .bfloat16 },
    ]
    let others = try changes.map { try source($0, start: given).digest() }
    #expect(Set(others + [before]).count == changes.count + 1)
    let configuration = CellConfiguration(kind: .binaryClassification, recipe: .standard(for: .binaryClassification), data: "d", start: .cell(identity: "i"), seed: 1)
    #expect(try FeatureSource(configuration, startWeights: "w").digest() != FeatureSource(configuration, startWeights: "v").digest())
  }

  @Test("Every mode that is a head on features has its head in the catalog, and no other mode has one")
  func catalog() {
    for mode in FineTuningMode.allCases { #expect((FeatureHeadCatalog.head(of: mode) != nil) == mode.isHeadOnFeatures, "\(mode)") }
  }
}
