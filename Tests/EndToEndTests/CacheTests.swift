import Foundation
import Testing

@Suite("A study with a cache of its images", .serialized)
struct CacheStudyTests {
  @Test("Runs, histories, predictions and weights are the same bytes with a cache as without; the cache is planned, built, verified and removed")
  func sameBytes() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    let text = SmallStudy.text(seeds: "1")
    try fixture.write(text, to: "plain.yaml")
    try fixture.write(text.replacingOccurrences(of: "output: runs", with: "output: cached-runs\ncache: cache"), to: "cached.yaml")
    #expect(try fixture.text("cached.yaml").contains("cache: cache"))
    #expect(try fixture.run("run", "plain.yaml").status == 0)

    let plan = try fixture.run("cache", "cached.yaml", "--plan")
    #expect(plan.status == 0 && plan.output.contains("Takes, about") && plan.output.contains("0 images and masks"), "\(plan.errors)")
    let run = try fixture.run("run", "cached.yaml")
    #expect(run.status == 0 && run.errors.contains(": caching "), "\(run.errors)")
    let runs = try fixture.runs()
    #expect(!runs.isEmpty)
    for name in runs {
      for file in ["cell.json", "history.jsonl", "predictions.csv", "metrics.json", "best.safetensors", "examples/examples.json"] {
        let plain = try Data(contentsOf: fixture.url("runs/\(name)/\(file)"))
        #expect(try plain == Data(contentsOf: fixture.url("cached-runs/\(name)/\(file)")), "\(name)/\(file)")
      }
    }
    // Pictures and external answers come from the cache too, and are the same.
    let drawn = try fixture.text("runs/\(try #require(runs.first))/examples/examples.json")
    #expect(drawn.contains(".png"))
    for name in runs {
      let pictures = try FileManager.default.contentsOfDirectory(atPath: fixture.url("runs/\(name)/examples").path).filter { $0.hasSuffix(".png") }
      #expect(!pictures.isEmpty)
      for file in pictures.map({ "\(name)/examples/\($0)" }) {
        #expect(try Data(contentsOf: fixture.url("runs/\(file)")) == Data(contentsOf: fixture.url("cached-runs/\(file)")), "\(file)")
      }
    }
    try fixture.write(SmallStudy.text(seeds: "1").replacingOccurrences(of: "effusion", with: "findings"), to: "other.yaml")
    let asked = ["--task", "effusion", "--on", "findings", "--from", "other.yaml"]
    let plainAnswer = try Command.run(["evaluate", "plain.yaml"] + asked, in: fixture.folder)
    let cachedAnswer = try Command.run(["evaluate", "cached.yaml"] + asked, in: fixture.folder)
    #expect(plainAnswer.status == 0 && !plainAnswer.errors.contains("caching"), "\(plainAnswer.errors)")
    #expect(cachedAnswer.status == 0 && cachedAnswer.errors.contains("findings: caching 8 of 8 images"), "\(cachedAnswer.errors)")
    #expect(cachedAnswer.output == plainAnswer.output)
    let answers = "\(try #require(runs.first { $0.hasPrefix("effusion") }))/external/findings/predictions.csv"
    #expect(try Data(contentsOf: fixture.url("runs/\(answers)")) == Data(contentsOf: fixture.url("cached-runs/\(answers)")))
    #expect(try fixture.run("cache", "cached.yaml", "--verify").output == "Every image of the cache fits its checksum.\n")
    let shard = try #require(try FileManager.default.contentsOfDirectory(atPath: fixture.url("cache").path).first { $0.hasSuffix(".shard") })
    var bytes = try Data(contentsOf: fixture.url("cache/\(shard)"))
    bytes[10] ^= 1
    try bytes.write(to: fixture.url("cache/\(shard)"))
    let damaged = try fixture.run("cache", "cached.yaml", "--verify")
    #expect(damaged.status == 1 && damaged.errors.contains("\(shard) of the cache is damaged: the pixels of image 1 do not fit their checksum."))
    #expect(try fixture.run("cache", "cached.yaml").status == 0)
    #expect(try fixture.run("cache", "cached.yaml", "--verify").status == 0)
    #expect(try fixture.run("cache", "cached.yaml", "--remove").output.hasPrefix("Removed "))
    #expect(!FileManager.default.fileExists(atPath: fixture.url("cache").path))
  }

  @Test("A study without a cache says how to get one")
  func none() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(SmallStudy.text(), to: "study.yaml")
    let result = try fixture.run("cache", "study.yaml")
    #expect(result.status == 1)
    #expect(result.errors == "medtransfer: The study has no cache of images. Name a folder for it with the key `cache`, as in `cache: cache`.\n")
  }
}
