import Foundation
import Foundations
import Testing
import Weights

@Suite("Downloads: Fault suite. Files that change, servers that trickle or send elsewhere", .serialized)
struct DownloadFaultTests {
  private static let content = Data((0..<200_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_769) >> 13) })
  private static let changed = Data(content.map { 255 - $0 })
  private static let name = "swav_800ep_pretrain.pth.tar"

  private func fixture() throws -> (StudyFixture, FileServer) {
    let fixture = try StudyFixture(), folder = fixture.url("published")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.content.write(to: folder.appendingPathComponent("file.bin"))
    return (fixture, try FileServer(folder))
  }

  /// `weights get swav`, whose publisher states no checksum.
  private func get(_ fixture: StudyFixture, _ address: String, _ more: String...) throws -> Command.Result {
    try #require(WeightsCatalog.named("swav").file.checksum == nil)
    return try Command.run(["weights", "get", "swav", "--from", address] + more, in: fixture.folder)
  }

  private func file(_ fixture: StudyFixture) -> Data? { try? Data(contentsOf: fixture.url("weights/\(Self.name)")) }

  @Test("A file that changes half-way is never mixed with its successor, whatever the server says of it", arguments: ["weak", "none", "date"])
  func changing(kind: String) throws {
    let (fixture, server) = try fixture()
    let result = try get(fixture, server.address("changing/\(kind)/80000/file.bin"))
    #expect(result.status == 0, "\(result.errors)")
    // The whole second file: without a strong validator and without a checksum, nothing was gone on with.
    #expect(file(fixture) == Self.changed)
    #expect(server.requests().allSatisfy { $0.contains(" None ") })
  }

  @Test("With a checksum a connection is taken up where it broke, and what does not fit is got anew")
  func checked() throws {
    let (fixture, server) = try fixture()
    let same = try get(fixture, server.address("changing/same/80000/file.bin"), "--sha256", Digest.sha256Hex(of: Self.content))
    #expect(same.status == 0 && file(fixture) == Self.content)
    #expect(server.requests().last?.contains("bytes=80000-") == true)
    for kind in ["weak", "none"] {
      let (fixture, server) = try self.fixture()
      let other = try get(fixture, server.address("changing/\(kind)/80000/file.bin"), "--sha256", Digest.sha256Hex(of: Self.changed))
      #expect(other.status == 0 && file(fixture) == Self.changed, "\(kind): \(other.errors)")
    }
  }

  @Test("What the server itself says of the file's MD5 is held to")
  func sworn() throws {
    let (fixture, server) = try fixture()
    #expect(try get(fixture, server.address("sworn/file.bin")).status == 0)
    #expect(file(fixture) == Self.content)
    let (second, other) = try self.fixture()
    let wrong = try get(second, other.address("sworn/AAAAAAAAAAAAAAAAAAAAAA==/file.bin"))
    #expect(wrong.status == 1 && wrong.errors.contains("and 00000000000000000000000000000000 was expected. It was removed."), "\(wrong.errors)")
    #expect(file(second) == nil)
  }

  @Test("An answer without a file is refused: empty, 204, and others of its hundred")
  func empty() throws {
    let (fixture, server) = try fixture()
    let address = server.address("empty/file.bin"), empty = try get(fixture, address)
    #expect(
      empty.status == 1
        && empty.said(in: fixture)
          == "medtransfer: \(address) gives an empty file. Look for it on its publisher's page, and give its new address with --from.\n"
    )
    for status in [202, 204] {
      let address = server.address("status/\(status)/file.bin"), result = try get(fixture, address)
      #expect(
        result.status == 1
          && result.said(in: fixture)
            == "medtransfer: The server answers \(address) with HTTP \(status), which holds no file. Give another address of the file with --from.\n",
        "\(result.errors)")
    }
    #expect(file(fixture) == nil)
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.url("weights").path).isEmpty)
  }

  @Test("A redirect away from the web, or in a circle, is refused at once", arguments: ["away/file", "away/ftp", "away/data", "loop/file.bin"])
  func redirects(path: String) throws {
    let (fixture, server) = try fixture(), start = Date()
    let result = try get(fixture, server.address(path))
    #expect(result.status == 1)
    #expect(result.errors.contains(" sends on to ") && result.errors.contains(", which is not followed: "), "\(result.errors)")
    #expect(Date().timeIntervalSince(start) < 20)
    #expect(file(fixture) == nil)
  }

  @Test("A server that trickles is given up, and a download that takes too long")
  func slow() throws {
    let (fixture, server) = try fixture(), folder = fixture.url("direct")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let address = try #require(URL(string: server.address("trickle/file.bin")))
    var limits = Download.Limits()
    (limits.window, limits.leastBytesPerSecond) = (1, 1000)
    let trickle = #expect(throws: WeightsError.self) {
      try Download(from: address, to: folder.appendingPathComponent("a"), pause: 0.01, limits: limits).run()
    }
    #expect(trickle?.problem.contains("less than 1.00 kB a second came for 1 s") == true, "\(String(describing: trickle))")
    (limits.window, limits.leastBytesPerSecond, limits.seconds) = (60, 0, 2)
    let start = Date()
    let long = #expect(throws: WeightsError.self) {
      try Download(from: address, to: folder.appendingPathComponent("b"), pause: 0.01, limits: limits).run()
    }
    #expect(long?.problem.contains("was not there whole after 2 s: ") == true, "\(String(describing: long))")
    #expect(Date().timeIntervalSince(start) < 20)
  }
}
