import Foundation
import Testing
import Weights

@Suite("A study starts from published weights by their catalog entry", .serialized)
struct CatalogStudyTests {
  private func fixture(_ cifar: String = "{entry: cifar10-resnet20, weights: cifar.th}") throws -> StudyFixture {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try PublishedFile.writeCIFAR10(to: fixture.url("cifar.th"))
    let text = SmallStudy.text(
      seeds: "1", initializations: ["random: random", "cifar: \(cifar)", "chest: {trainedOn: effusion, from: cifar}"])
    try fixture.write(text.replacingOccurrences(of: "resnet18", with: "resnet20"), to: "study.yaml")
    return fixture
  }

  @Test("The card is applied without being asked, follows the weights, and stands with the certificate in every run; reports show it")
  func cardAndCertificate() throws {
    let fixture = try fixture()
    let plan = try fixture.run("plan", "study.yaml", "--no-estimate")
    #expect(plan.status == 0, "\(plan.errors)")
    let line = try #require(plan.output.split(separator: "\n").first { $0.hasPrefix("cifar ") && $0.contains("cifar.th") })
    #expect(line.contains("CIFAR-10 (ResNet-20)") && line.contains("95/95") && line.contains("BSD-2-Clause"))

    let run = try fixture.run("run", "study.yaml")
    #expect(run.status == 0, "\(run.errors)")
    let runs = try fixture.runs()
    func file(_ start: String, _ name: String) throws -> String {
      try fixture.text("runs/\(try #require(runs.first { $0.hasPrefix(start) }))/\(name)")
    }
    // Segmentation's recipe leaves pixels at 0…1; the card of the weights does not.
    #expect(try file("lungs/random", "cell.json").contains("\"normalization\" : \"none\""))
    #expect(try file("lungs/cifar", "cell.json").contains("\"normalization\" : \"imagenet\""))
    #expect(try file("lungs/chest", "cell.json").contains("\"normalization\" : \"imagenet\""))
    let certificate = try JSONDecoder().decode(Certificate.self, from: Data(try file("lungs/cifar", "certificate.json").utf8))
    #expect(certificate.entry?.id == "cifar10-resnet20" && certificate.entry?.title == "CIFAR-10 (ResNet-20)")
    #expect(certificate.matchedCount == 95 && certificate.defaulted.count == 19)
    #expect(Set(certificate.dropped.map(\.rule)) == ["classifier head"] && certificate.dropped.count == 2)
    #expect(certificate.license == "BSD-2-Clause" && certificate.preprocessing == .imageNet)
    #expect(try #require(certificate.features).stages.map(\.name) == ["stem", "layer1", "layer2", "layer3", "pooled"])
    // The same weights compute the same whatever network is built over them.
    let other = try JSONDecoder().decode(Certificate.self, from: Data(try file("effusion/cifar", "certificate.json").utf8))
    #expect(other.features == certificate.features)
    #expect(try fixture.run("report", "study.yaml").output.contains("95/95"))
    #expect(try fixture.text("runs/report/report.md").contains("| cifar | CIFAR-10 (ResNet-20) | cifar.th |"))
  }

  @Test("Files that do not fit are refused together, before anything is run")
  func refusal() throws {
    let fixture = try fixture()
    try PublishedFile.writeCIFAR10(to: fixture.url("cifar.th"), without: "module.layer2.1.bn1.weight")
    let said = try fixture.run("run", "study.yaml")
    #expect(said.status == 1)
    #expect(said.said(in: fixture).contains("An initialization’s file does not fit, so nothing was run."))
    #expect(said.errors.contains("layer2.1.bn1.weight"))
    #expect(try fixture.run("plan", "study.yaml", "--no-estimate").status == 1)
    #expect(!FileManager.default.fileExists(atPath: fixture.url("runs/lungs").path))
    // What does not start from the file can be run.
    #expect(try fixture.run("run", "study.yaml", "--initialization", "random").status == 0)
  }

  @Test("A study says by prefix which network of a file is meant; without it none is taken, and each choice is a run of its own")
  func prefix() throws {
    let fixture = try fixture()
    try PublishedFile.writeStudentAndTeacher(to: fixture.url("both.safetensors"))
    func plan(_ setting: String) throws -> Command.Result {
      try fixture.run("plan", "study.yaml", "--no-estimate", "--json", "--task", "effusion", "--initialization", "cifar", "initializations.cifar=\(setting)")
    }
    let refused = try plan("{weights: both.safetensors}")
    #expect(refused.status == 1 && refused.errors.contains("set prefix: \"student.\", or set prefix: \"teacher.backbone.\""), "\(refused.errors)")
    var identities = Set<String>()
    for setting in ["prefix: student.", "prefix: teacher.backbone", "ignore: [teacher]"] {
      let planned = try plan("{weights: both.safetensors, \(setting)}")
      #expect(planned.status == 0, "\(planned.errors)")
      identities.formUnion(planned.output.matches(of: /"identity" : "([0-9a-f]+)"/).map { String($0.output.1) })
    }
    #expect(identities.count == 3)
    #expect(try plan("{weights: both.safetensors, prefix: student., arithmetic: keras}").errors.contains("The arithmetic “keras” is none of resnet20"))
  }

  @Test("preprocessing: recipe prepares images as for all others, and is another run")
  func recipePreprocessing() throws {
    let fixture = try fixture("{entry: cifar10-resnet20, weights: cifar.th, preprocessing: recipe}")
    #expect(try fixture.run("run", "study.yaml", "--task", "lungs", "--initialization", "cifar").status == 0)
    let run = try #require(try fixture.runs().first { $0.hasPrefix("lungs/cifar") })
    #expect(try fixture.text("runs/\(run)/cell.json").contains("\"normalization\" : \"none\""))
    let card = try fixture.run("status", "study.yaml", "initializations.cifar={entry: cifar10-resnet20, weights: cifar.th}")
    #expect(card.output.contains("0/1"))
  }
}
