import Foundation
import Testing

@Suite("medtransfer pack and verify pack")
struct PackCommandTests {
  @Test("A study is packed without its paths, verified without its data, and its numbers stand beside the published ones")
  func packed() throws {
    let fixture = try StudyFixture()
    try SmallStudy.draw(into: fixture)
    try fixture.write(
      SmallStudy.text(initializations: ["random: random", "adapted: {trainedOn: effusion, from: random}"]), to: "study.yaml")
    let run = try fixture.run("run", "study.yaml")
    #expect(run.status == 0, "\(run.errors)")

    let first = try fixture.run("pack", "study.yaml", "--to", "pack.tar.gz")
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("SHA-256 ") && first.output.contains("Check it: medtransfer verify pack"))
    let refused = try fixture.run("pack", "study.yaml", "--to", "pack.tar.gz")
    #expect(refused.status == 1 && refused.output.isEmpty && refused.errors.contains("Give --force to replace it"))
    #expect(try fixture.run("pack", "study.yaml", "--to", "pack.tar.gz", "--force").status == 0)
    let second = try fixture.run("pack", "study.yaml", "--to", "again.tar.gz")
    #expect(second.status == 0)
    let other = try fixture.run("pack", "study.yaml", "--to", "other.tar.gz", "--test", "welch", "--margin", "3", "--bootstrap", "never")
    #expect(other.status == 0, "\(other.errors)")
    #expect(try Data(contentsOf: fixture.url("pack.tar.gz")) != Data(contentsOf: fixture.url("other.tar.gz")))
    let unknown = try fixture.run("pack", "study.yaml", "--to", "no.tar.gz", "--bootstrap", "allways")
    #expect(unknown.status == 1 && unknown.errors.contains("always"), "\(unknown.errors)")
    #expect(try fixture.run("verify", "pack", "other.tar.gz").status == 0)
    #expect(try Data(contentsOf: fixture.url("pack.tar.gz")) == Data(contentsOf: fixture.url("again.tar.gz")))

    // Neither the images nor the runs are there when it is verified.
    for name in ["effusion", "lungs", "runs", "study.yaml"] { try FileManager.default.removeItem(at: fixture.url(name)) }
    let verified = try fixture.run("verify", "pack", "pack.tar.gz")
    #expect(verified.status == 0, "\(verified.output)\(verified.errors)")
    #expect(verified.output.contains("The pack holds: every number follows from its predictions."))
    let json = try fixture.run("verify", "pack", "pack.tar.gz", "--json")
    let value = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect((value["checks"] as? [[String: Any]])?.allSatisfy { ($0["faults"] as? [Any])?.isEmpty == true } == true)

    var bytes = try Data(contentsOf: fixture.url("pack.tar.gz"))
    bytes[bytes.count / 2] ^= 1
    try bytes.write(to: fixture.url("damaged.tar.gz"))
    let damaged = try fixture.run("verify", "pack", "damaged.tar.gz")
    // Where the byte lies decides whether the archive is damaged or a member is another.
    #expect(damaged.status == 1 && !damaged.output.contains("The pack holds") && damaged.output.isEmpty != damaged.errors.isEmpty)
  }

  @Test("What is no pack ends in one sentence and status 1")
  func refused() throws {
    let fixture = try StudyFixture()
    try fixture.write("no pack", to: "x.tar.gz")
    let result = try fixture.run("verify", "pack", "x.tar.gz")
    #expect(result.status == 1 && result.output.isEmpty)
    #expect(result.errors.hasPrefix("medtransfer: x.tar.gz is no pack: ") && result.errors.hasSuffix("Give a file that “medtransfer pack” has written.\n"), "\(result.errors)")
  }
}
