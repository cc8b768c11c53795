import CheckpointFixtures
import Containers
import Foundation
import Foundations
import Testing
import Vocabulary
import Weights

@Suite("Published weights are listed, inspected, certified and converted", .serialized)
struct WeightsCommandTests {
  private func fixture() throws -> StudyFixture {
    let fixture = try StudyFixture()
    try PublishedFile.writeCIFAR10(to: fixture.url("weights.th"))
    return fixture
  }

  private func json(_ result: Command.Result) throws -> Any {
    #expect(result.status == 0)
    return try JSONSerialization.jsonObject(with: Data(result.output.utf8))
  }

  /// Runs, expects failure and nothing on standard output, and gives what was said.
  private func failure(_ fixture: StudyFixture, _ arguments: String...) throws -> String {
    let result = try Command.run(["weights"] + arguments, in: fixture.folder)
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    return result.said(in: fixture)
  }

  // MARK: list and show

  @Test("The list has every entry and random, once, as a table and as JSON")
  func list() throws {
    let fixture = try StudyFixture(), table = try fixture.run("weights", "list")
    #expect(table.status == 0)
    let first = table.output.split(separator: "\n").dropFirst(2).prefix(WeightsCatalog.all.count + 1).map { $0.prefix { $0 != " " } }
    #expect(first.map(String.init) == ["random"] + WeightsCatalog.names)
    let entries = try #require(try json(try fixture.run("weights", "list", "--json")) as? [[String: Any]])
    #expect(entries.compactMap { $0["id"] as? String } == ["random"] + WeightsCatalog.names)
    let supervised = try #require(try json(try fixture.run("weights", "list", "--json", "--method", "supervised")) as? [[String: Any]])
    #expect(supervised.count > 3 && supervised.allSatisfy { $0["method"] as? String == "supervised" })
    let small = try #require(try json(try fixture.run("weights", "list", "--json", "--architecture", "resnet20")) as? [[String: Any]])
    #expect(small.compactMap { $0["id"] as? String } == ["random", "cifar10-resnet20"])
  }

  @Test("Every entry can be shown, with its address, paper, license and its lines in a study", arguments: ["moco-v2", "byol", "torchxrayvision"])
  func show(id: String) throws {
    let fixture = try StudyFixture(), entry = try WeightsCatalog.named(id)
    let shown = try fixture.run("weights", "show", id)
    #expect(shown.status == 0)
    #expect(shown.output.contains("\(id): {entry: \(id), weights: weights/\(entry.file.name)}"))
    #expect(shown.output.contains("arithmetic: asTrained") == (entry.arithmeticAsTrained != .torchvision))
    let flat = shown.output.split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " ")
    for fact in [entry.paper, entry.license, entry.file.name, entry.file.address ?? "", entry.preprocessing.interpolation.rawValue] {
      #expect(flat.contains(fact), "\(fact) is missing")
    }
    #expect(try fixture.run("weights", "list", id).output == shown.output)
  }

  @Test("Every entry's lines in a study are a study's")
  func linesInAStudy() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    for id in ["clsa", "simclr-v2"] {
      let shown = try fixture.run("weights", "show", id).output
      let start = try #require(shown.range(of: "initializations:\n"))
      let lines = shown[start.upperBound...].split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
      try #require(!lines.isEmpty)
      try fixture.write(SmallStudy.text(initializations: lines, tasks: [SmallStudy.effusion]), to: "study.yaml")
      // The study is read and its file looked for; it is the file that is not there.
      let said = try fixture.run("plan", "study.yaml", "recipe.architecture=resnet50")
      let name = try WeightsCatalog.named(id).file.name
      #expect(said.status == 1 && said.errors.contains("weights/\(name)"), "\(said.errors)")
      #expect(said.errors.contains("No such file") || said.errors.contains("There is no"), "\(said.errors)")
    }
  }

  @Test("An unknown entry, method or architecture names the nearest")
  func unknown() throws {
    let fixture = try StudyFixture()
    #expect(try failure(fixture, "show", "moco-v9") == "medtransfer: There is no catalog entry “moco-v9”. Did you mean “moco-v1”?\n")
    #expect(
      try failure(fixture, "list", "--method", "supervisd")
        == "medtransfer: No catalog entry has the method “supervisd”. Did you mean “supervised”?\n")
    #expect(
      try failure(fixture, "list", "--architecture", "resnet5")
        == "medtransfer: No catalog entry has the architecture “resnet5”. Did you mean “resnet50”?\n")
  }

  // MARK: inspect

  @Test("An inspection has every array with its sums in float64, and says which numbers are not finite")
  func inspect() throws {
    let fixture = try StudyFixture()
    let values: [Float] = [1.5, -2.25, 0x1p-10, 4], broken: [Float] = [1, .nan, .infinity]
    try SafetensorsFile.write(
      [
        NamedArray(name: "a.weight", elementType: .float32, shape: [2, 2], bytes: values.withUnsafeBytes { Data($0) }),
        NamedArray(name: "broken", elementType: .float32, shape: [3], bytes: broken.withUnsafeBytes { Data($0) }),
        NamedArray(name: "count", elementType: .int64, shape: [], bytes: Data([9, 0, 0, 0, 0, 0, 0, 0])),
        NamedArray(name: "half", elementType: .float16, shape: [2], bytes: Data([0x00, 0x3C, 0x00, 0xC0])),
      ], metadata: ["note": "hello"], to: fixture.url("a.safetensors"))
    let all = try #require(try json(try fixture.run("weights", "inspect", "a.safetensors", "--json")) as? [String: Any])
    #expect(all["container"] as? String == "safetensors" && all["elementCount"] as? Int == 10)
    #expect(all["metadata"] as? [String: String] == ["note": "hello"])
    let tensors = try #require(all["tensors"] as? [[String: Any]])
    #expect(tensors.map { $0["name"] as? String } == ["a.weight", "broken", "count", "half"])
    #expect(tensors.map { $0["shape"] as? [Int] } == [[2, 2], [3], [], [2]])
    #expect(tensors.map { $0["elementType"] as? String } == ["F32", "F32", "I64", "F16"])
    #expect(tensors[0]["sum"] as? Double == 1.5 - 2.25 + Double(Float(0x1p-10)) + 4)
    #expect(tensors[0]["sumOfAbsoluteValues"] as? Double == 1.5 + 2.25 + Double(Float(0x1p-10)) + 4)
    #expect(tensors[1]["sum"] is NSNull && tensors[1]["notFiniteCount"] as? Int == 2)
    #expect(tensors[2]["sum"] as? Double == 9 && tensors[3]["sum"] as? Double == -1 && tensors[3]["sumOfAbsoluteValues"] as? Double == 3)
    let text = try fixture.run("weights", "inspect", "a.safetensors").output
    #expect(text.hasPrefix("a.safetensors: a safetensors file, "))
    #expect(text.contains("4 arrays, 10 numbers") && text.contains("note  hello") && text.contains("2 not finite"))
  }

  @Test("What is no checkpoint, and what is not there, is said in a sentence")
  func notACheckpoint() throws {
    let fixture = try StudyFixture()
    try fixture.write("<!doctype html><html>", to: "page.pth")
    #expect(
      try failure(fixture, "inspect", "page.pth")
        == "medtransfer: page.pth: The file is no checkpoint that is read: it is an HTML page, as a server sends for a login or an error. Download the file again, signed in where its source asks for it.\n"
    )
    #expect(
      try failure(fixture, "inspect", "absent.pth")
        == "medtransfer: The checkpoint absent.pth cannot be read: No such file or directory. Check the path.\n")
  }

  // MARK: certify

  @Test("A certificate says what was matched and dropped, from which bytes, under which terms, and what it computes")
  func certify() throws {
    let fixture = try fixture()
    let digest = try Digest.sha256Hex(ofFile: fixture.url("weights.th"))
    let result = try fixture.run("weights", "certify", "weights.th", "--as", "cifar10-resnet20")
    #expect(result.status == 0)
    #expect(result.output.hasPrefix("weights.th fits the catalog’s cifar10-resnet20, CIFAR-10 (ResNet-20): every tensor of a ResNet-20 is\nfilled exactly once.\n"))
    for fact in [
      digest, "95 of 114 tensors", "19 batch counters", "classifier head: module.linear.weight, module.linear.bias",
      "under state_dict, each name behind module.", "BSD-2-Clause", "layer3  1 × 64 × 16 × 16", "pooled  1 × 64",
    ] { #expect(result.output.contains(fact), "\(fact) is missing") }
    #expect(result.output.split(separator: "\n").allSatisfy { $0.count <= 100 })
    let all = try #require(try json(try fixture.run("weights", "certify", "weights.th", "--as", "cifar10-resnet20", "--json")) as? [String: Any])
    #expect(all["sha256"] as? String == digest && all["matchedCount"] as? Int == 95)
    #expect((all["features"] as? [String: Any])?["stages"] is [Any])
    // Without an entry the usual layouts are tried.
    #expect(try fixture.run("weights", "certify", "weights.th", "--architecture", "resnet20").status == 0)
  }

  @Test("Anything short of a bijection is refused: another entry, a missing tensor")
  func refused() throws {
    let fixture = try fixture()
    let other = try failure(fixture, "certify", "weights.th", "--as", "moco-v2")
    #expect(other.contains("weights.th: ") && other.contains("moco-v2") && other.contains("ResNet-20"))
    try PublishedFile.writeCIFAR10(to: fixture.url("short.th"), without: "module.layer2.0.conv1.weight")
    let missing = try failure(fixture, "certify", "short.th", "--as", "cifar10-resnet20")
    #expect(missing.contains("1 missing") && missing.contains("layer2.0.conv1.weight"))
  }

  @Test("A student and a teacher in one file are both named; each option that is printed, given, certifies other numbers")
  func studentAndTeacher() throws {
    let fixture = try StudyFixture()
    try PublishedFile.writeStudentAndTeacher(to: fixture.url("both.safetensors"))
    let said = try failure(fixture, "certify", "both.safetensors", "--architecture", "resnet20")
    #expect(
      said == "medtransfer: both.safetensors: The file has 2 complete networks with different numbers: with the prefix “student.”; with the prefix "
        + "“teacher.backbone.”. Say which is meant: say --prefix \"student.\", or say --prefix \"teacher.backbone.\".\n")
    let prefixes = said.matches(of: /--prefix "([^"]+)"/).map { String($0.output.1) }
    #expect(prefixes.count == 2)
    let certificates = try prefixes.map { prefix in
      try #require(try json(try fixture.run("weights", "certify", "both.safetensors", "--architecture", "resnet20", "--prefix", prefix, "--json")) as? [String: Any])
    }
    #expect(certificates.map { $0["prefix"] as? String } == prefixes)
    #expect((certificates[0]["features"] as? NSDictionary) != (certificates[1]["features"] as? NSDictionary))
    #expect(try fixture.run("weights", "certify", "both.safetensors", "--architecture", "resnet20", "--ignore", "teacher").status == 0)
  }

  @Test("A file that is no checkpoint, and an entry of another architecture, are said to be that")
  func named() throws {
    let fixture = try fixture()
    try fixture.write("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", to: "pointer.pth")
    #expect(
      try failure(fixture, "certify", "pointer.pth")
        == "medtransfer: pointer.pth: The file is no checkpoint that is read: it is a Git LFS pointer, not the file itself. Fetch the file with `git lfs pull` in its repository.\n"
    )
    #expect(
      try failure(fixture, "certify", "weights.th", "--as", "moco-v2", "--architecture", "resnet20")
        == "medtransfer: “moco-v2” are weights of resnet50, and --architecture says resnet20. Leave --architecture out, or leave --as out for weights of your own.\n")
  }

  // MARK: convert

  @Test("A conversion holds the backbone under torchvision's names, element for element, and says where it came from", arguments: ["torch", "safetensors"])
  func convert(format: String) throws {
    let fixture = try fixture()
    let result = try fixture.run("weights", "convert", "weights.th", "--as", "cifar10-resnet20", "--to", format, "--output", "out")
    #expect(result.status == 0)
    let file = try CheckpointFile.open(fixture.url("out"))
    let arrays = try (format == "torch" ? try #require(file.root["state_dict"]) : file.root).arrays()
    let expected = try PublishedFile.resNet20()
    #expect(arrays.map(\.name) == (try PublishedStates.backbone("resnet20").map(\.name)))
    let byName = Dictionary(uniqueKeysWithValues: arrays.map { ($0.name, $0) })
    for array in expected { #expect(try byName[array.name]?.bytes() == array.bytes()) }
    var metadata = file.metadata
    if case .dictionary(let items)? = file.root["meta"] {
      for (key, value) in items { if case .scalar(.text(let text)) = value { metadata[key] = text } }
    }
    #expect(
      metadata == [
        "format": "pt", "architecture": "resnet20", "entry": "cifar10-resnet20", "license": "BSD-2-Clause", "source": "weights.th",
        "sourceSHA256": try Digest.sha256Hex(ofFile: fixture.url("weights.th")),
      ])
    // What was written is weights of one's own, and computes the same.
    func stages(_ arguments: String...) throws -> NSArray? {
      let all = try json(try Command.run(["weights", "certify"] + arguments + ["--json"], in: fixture.folder)) as? [String: Any]
      return (all?["features"] as? [String: Any])?["stages"] as? NSArray
    }
    let own = try #require(try stages("out", "--architecture", "resnet20"))
    #expect(try own == stages("weights.th", "--as", "cifar10-resnet20"))
  }

  @Test("A file that is there is not replaced unless that is asked for")
  func exists() throws {
    let fixture = try fixture()
    try fixture.write("mine", to: "out")
    let arguments = ["convert", "weights.th", "--as", "cifar10-resnet20", "--to", "torch", "--output", "out"]
    let refused = try Command.run(["weights"] + arguments, in: fixture.folder)
    #expect(refused.status == 1)
    #expect(refused.said(in: fixture) == "medtransfer: The file out is there already. Give --force to replace it, or another name.\n")
    #expect(try fixture.text("out") == "mine")
    #expect(try Command.run(["weights"] + arguments + ["--force"], in: fixture.folder).status == 0)
    #expect(try CheckpointFile.open(fixture.url("out")).container == .torchArchive)
  }
}
