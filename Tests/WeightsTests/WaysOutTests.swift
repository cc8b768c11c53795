import CheckpointFixtures
import Foundation
import Testing

@testable import Containers
@testable import Weights

/// The law that no advice leads in a circle: what a refusal says to do makes the file fit.
@Suite("Every way out that a refusal names leads out")
struct WaysOutTests {
  typealias State = [(name: String, shape: [Int])]

  struct Situation: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let file: @Sendable () throws -> CheckpointFile
    let expected: State
    var entry: String?
    var mode = BackboneMatcher.Mode.backbone
    var keys = KeySelection()
    /// Whether there is a way out but giving another file.
    var hasWays = true

    func matching() throws -> Matching {
      Matching(
        file: try file(), expected: expected, mode: mode, entry: try entry.map { try WeightsCatalog.named($0) }, keys: keys,
        offered: PublishedStates.offered)
    }
  }

  static let gray = ResNet.backbone(depths: [3, 4, 6, 3], isBottleneck: true, inputChannels: 1)
  static let four = ResNet.backbone(depths: [3, 4, 6, 3], isBottleneck: true, inputChannels: 4)

  static func file(_ state: State, under path: [String] = []) -> @Sendable () throws -> CheckpointFile {
    { try KeyDiscoveryTests.wrapped(state, under: path) }
  }

  static func pair(_ state: State) -> @Sendable () throws -> CheckpointFile {
    {
      ResNet.file(
        .dictionary([
          ("student", try KeyDiscoveryTests.numbers(state, 0.5)), ("teacher", try KeyDiscoveryTests.numbers(state, 0.25)),
        ]))
    }
  }

  static let situations: [Situation] = [
    Situation(testDescription: "ResNet-50 for resnet18", file: file(ResNet.resNet50), expected: ResNet.resNet18),
    Situation(testDescription: "ResNet-18 for resnet50", file: file(prefixed("module.", ResNet.resNet18)), expected: ResNet.resNet50),
    Situation(testDescription: "gray for color", file: file(gray), expected: ResNet.resNet50),
    Situation(testDescription: "color for gray", file: file(ResNet.resNet50), expected: gray),
    Situation(testDescription: "four channels, which no network takes", file: file(four), expected: ResNet.resNet50, hasWays: false),
    Situation(testDescription: "gray ResNet-50 for resnet18", file: file(gray), expected: ResNet.resNet18),
    Situation(testDescription: "ResNet-18 as chexpert", file: file(prefixed("module.", ResNet.resNet18), under: ["state_dict"]), expected: ResNet.resNet50, entry: "chexpert"),
    Situation(testDescription: "bare ResNet-50 as moco-v2", file: file(ResNet.resNet50), expected: ResNet.resNet50, entry: "moco-v2"),
    Situation(
      testDescription: "MoCo's keys cut short, as moco-v2", file: file(prefixed("encoder_q.", ResNet.resNet50), under: ["state_dict"]), expected: ResNet.resNet50, entry: "moco-v2"),
    Situation(testDescription: "SwAV as moco-v2", file: file(prefixed("module.", ResNet.resNet50)), expected: ResNet.resNet50, entry: "moco-v2"),
    Situation(testDescription: "one tensor missing, as imagenet", file: file(Array(ResNet.resNet50.dropLast(7))), expected: ResNet.resNet50, entry: "imagenet", hasWays: false),
    Situation(testDescription: "one tensor missing", file: file(Array(ResNet.resNet50.dropLast(7))), expected: ResNet.resNet50, hasWays: false),
    Situation(testDescription: "student and teacher", file: pair(ResNet.small), expected: ResNet.small),
    Situation(testDescription: "student and teacher of another network", file: pair(ResNet.resNet18), expected: ResNet.resNet50),
    Situation(testDescription: "a part no rule drops", file: file(ResNet.small + [("adapter.weight", [2]), ("gate.bias", [1])]), expected: ResNet.small),
    Situation(testDescription: "the same as an entry", file: file(ResNet.small + [("adapter.weight", [2])]), expected: ResNet.small, entry: "imagenet"),
    Situation(testDescription: "squeeze and excitation, another network", file: file(ResNet.small + [("layer1.0.se.fc1.weight", [2])]), expected: ResNet.small, hasWays: false),
    Situation(testDescription: "a head on a whole network", file: file(ResNet.small + [("fc.bias", [2])]), expected: ResNet.small, mode: .full),
    Situation(testDescription: "a wrong prefix", file: file(prefixed("student.", ResNet.small)), expected: ResNet.small, keys: KeySelection(prefix: "teacher.")),
    Situation(testDescription: "a wrong place", file: file(ResNet.small, under: ["model"]), expected: ResNet.small, keys: KeySelection(path: "ema"), hasWays: false),
    Situation(
      testDescription: "two prefixes", file: file(prefixed("module.", Array(ResNet.small.prefix(30))) + ResNet.small.dropFirst(30)), expected: ResNet.small, hasWays: false),
    Situation(testDescription: "no network", file: file([("cls_token", [1, 1, 8])]), expected: ResNet.small, hasWays: false),
    Situation(testDescription: "no network, as an entry", file: file([("cls_token", [1, 1, 8])]), expected: ResNet.small, entry: "dino", hasWays: false),
  ]

  @Test("Followed, each makes the file fit; a refusal without one says what to give", arguments: situations)
  func law(situation: Situation) throws {
    let matching = try situation.matching()
    let error = try #require(try failure { _ = try matching.match() })
    #expect(!error.ways.isEmpty == situation.hasWays, "\(error)")
    for way in error.ways {
      let other = try #require(try matching.following(way), "\(error)")
      #expect(throws: Never.self, "\(error)") {
        // The numbers of large networks are read by other tests.
        if other.expected.count < 100 { _ = try other.match() }
        let reading = try other.choose(in: KeyPool(other.root, keys: other.keys))
        #expect(try other.assign(reading).difference.isEmpty)
      }
      // What is advised is not what was asked already, and is said in both places.
      #expect(!way.text(in: .study).isEmpty && !way.text(in: .command).isEmpty)
      #expect(error.remedy.localizedCaseInsensitiveContains(way.text(in: .study)))
      #expect(error.forCommand.remedy.localizedCaseInsensitiveContains(way.text(in: .command)))
    }
    #expect(!error.remedy.isEmpty && error.remedy.hasSuffix("."))
  }

  @Test("Ways out are said as a study's keys and as a command's options")
  func words() {
    let way = WayOut(architecture: "resnet18", entry: .leaveOut, keys: KeySelection(path: "ema", prefix: "net.", ignore: ["a", "b"]))
    #expect(way.text(in: .study) == "leave the entry out and set architecture: resnet18 and path: ema and prefix: \"net.\" and ignore: [a, b]")
    #expect(way.text(in: .command) == "leave --as out and say --architecture resnet18 --path ema --prefix \"net.\" --ignore a --ignore b")
  }
}
