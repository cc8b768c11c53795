import CheckpointFixtures
import Foundation
import Testing
import Vocabulary

@testable import Containers
@testable import Weights

@Suite("The catalog of weights")
struct CatalogTests {
  @Test("It has the initializations of the 2021 study, those of 2025, and the small ones")
  func complete() throws {
    let paper2021 = [
      "imagenet", "inat2021", "inat2021-mini", "insdis", "moco-v1", "pcl-v1", "pirl", "pcl-v2", "simclr-v1", "moco-v2",
      "simclr-v2", "sela-v2", "infomin", "byol", "deepcluster-v2", "swav", "barlow-twins", "chestxray14", "chexpert", "imagenet-chestxray14",
      "imagenet-chexpert",
    ]
    let paper2025 = [
      "imagenet-mimic", "imagenet-22k", "coco", "places365", "clsa", "pixpro", "densecl", "detco", "vicregl", "dino", "simsiam",
      "obow",
    ]
    let others = [
      "imagenet-tar", "imagenet-v2", "radimagenet", "radimagenet-keras", "lvm-med", "torchxrayvision", "vicreg", "moco-v3",
      "cifar10-resnet20", "cifar10-resnet32", "cifar10-resnet44", "cifar10-resnet56",
    ]
    let denseNets =
      ["imagenet-densenet121", "imagenet-densenet121-timm", "chexnet-densenet121", "jfhealthcare-densenet121"]
      + ["all", "rsna", "nih", "pc", "chex", "mimic-nb", "mimic-ch"].map { "torchxrayvision-densenet121-\($0)" }
    let transformers = [
      "augreg-vit-ti16", "augreg-vit-s16", "augreg-vit-b16", "dino-vit-s16", "dino-vit-b16", "mae-vit-b16", "moco-v3-vit-b16", "dinov2-vit-s14",
      "dinov2-vit-b14",
    ]
    #expect(Set(WeightsCatalog.names) == Set(paper2021 + paper2025 + others + denseNets + transformers))
    #expect(Set(WeightsCatalog.names).count == WeightsCatalog.all.count)
    #expect(!WeightsCatalog.names.contains("random"))
  }

  @Test("Every entry says what it is, where it is from and on which terms", arguments: WeightsCatalog.all.map(\.id))
  func fields(id: String) throws {
    let entry = try WeightsCatalog.named(id)
    #expect(id.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") })
    for text in [entry.title, entry.method, entry.architecture, entry.file.name, entry.license, entry.paper] {
      #expect(!text.isEmpty && text == text.trimmingCharacters(in: .whitespaces))
    }
    #expect(!entry.trainedOn.isEmpty)
    #expect(entry.paper.contains("arXiv ") || entry.paper.contains("doi "))
    let address = try #require(entry.file.address)
    #expect(URL(string: address)?.host != nil)
    #expect(entry.file.isDirect || entry.file.note != nil, "a page needs a word on what to do there")
    if let checksum = entry.file.checksum { #expect(throws: Never.self) { try PublishedChecksum(checksum) } }
    #expect(entry.verification == .fromCode || entry.layout.naming == .torchvision)
    if let accuracy = entry.linearAccuracy { #expect((50...85).contains(accuracy)) }
    #expect(!entry.layout.paths.isEmpty && !entry.layout.prefixes.isEmpty)
  }

  @Test("Every card can be applied: as many means as deviations, none of them 0", arguments: WeightsCatalog.all.map(\.id))
  func cards(id: String) throws {
    let card = try WeightsCatalog.named(id).preprocessing
    #expect(card.mean.count == card.standardDeviation.count)
    #expect([1, 3].contains(card.inputChannels))
    #expect(card.standardDeviation.allSatisfy { $0 > 0 && $0.isFinite } && card.mean.allSatisfy { (0...1).contains($0) })
  }

  @Test("The cards differ where the trainings did")
  func particularCards() throws {
    func card(_ id: String) throws -> PreprocessingCard { try WeightsCatalog.named(id).preprocessing }
    #expect(try card("imagenet") == .imageNet)
    for id in ["simclr-v1", "simclr-v2"] { #expect(try card(id).mean == [0, 0, 0] && card(id).standardDeviation == [1, 1, 1]) }
    for id in ["swav", "deepcluster-v2", "sela-v2"] { #expect(try card(id).standardDeviation == [0.228, 0.224, 0.225]) }
    // 0 and 1 become −1024 and 1024.
    for id in WeightsCatalog.names where id.hasPrefix("torchxrayvision") {
      let gray = try card(id)
      #expect((0 - gray.mean[0]) / gray.standardDeviation[0] == -1024)
      #expect((1 - gray.mean[0]) / gray.standardDeviation[0] == 1024)
      #expect(gray.inputChannels == 1)
    }
    // 0 and 255 become −2 and 127 / 64.
    let winner = try card("jfhealthcare-densenet121")
    #expect((0 - winner.mean[0]) / winner.standardDeviation[0] == -2)
    #expect(abs((1 - winner.mean[0]) / winner.standardDeviation[0] - 127.0 / 64) < 1e-12)
    for id in ["augreg-vit-s16", "augreg-vit-b16"] {
      #expect(try card(id).mean == [0.5, 0.5, 0.5] && card(id).standardDeviation == [0.5, 0.5, 0.5] && card(id).interpolation == .bicubic)
    }
    #expect(try card("moco-v3-vit-b16") == .imageNet && card("dino-vit-s16").interpolation == .bicubic)
  }

  @Test("Only SimCLR, BYOL, Keras's network and COCO's detector computed otherwise than torchvision; the last is not offered")
  func arithmetic() {
    let others = WeightsCatalog.all.filter { $0.arithmeticAsTrained != .torchvision }
    #expect(
      Dictionary(uniqueKeysWithValues: others.map { ($0.id, $0.arithmeticAsTrained) })
        == ["simclr-v1": .samePooling, "simclr-v2": .samePooling, "byol": .same, "radimagenet-keras": .keras, "coco": nil])
    #expect(others.allSatisfy { $0.arithmeticAsTrained != nil || $0.remark != nil })
  }

  @Test("A name that is not there is answered with the nearest")
  func unknown() throws {
    let error = try failure { _ = try WeightsCatalog.named("moco-v4") }
    #expect(error?.problem == "There is no catalog entry “moco-v4”.")
    #expect(error?.remedy.contains("moco-v") == true)
  }

  @Test(
    "The published CIFAR-10 files are what their entries say", .tags(.data),
    .enabled(if: sharedData() != nil, "the shared data folder is not there"))
  func cifar() throws {
    let folder = try #require(sharedData()).appendingPathComponent("checkpoints/cifar10-resnet")
    for depth in [20, 32, 44, 56] {
      let entry = try WeightsCatalog.named("cifar10-resnet\(depth)")
      let file = try CheckpointFile.open(folder.appendingPathComponent(entry.file.name))
      let match = try BackboneMatcher.match(
        file, expected: PublishedStates.backbone(entry.architecture), mode: .backbone, entry: entry)
      let certificate = try Certificate(file: file, match: match)
      #expect((certificate.matchedCount, certificate.container) == (5 * (depth - 1), entry.container))
      #expect(certificate.defaulted.count == depth - 1)
      #expect(certificate.dropped.map(\.key) == ["module.linear.weight", "module.linear.bias"])
      #expect(certificate.hasPublishedChecksum == true)
    }
  }
}
