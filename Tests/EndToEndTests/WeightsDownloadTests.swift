import Foundation
import Foundations
import Testing
import Weights

@Suite("Published files are downloaded whole, right, and only once", .serialized)
struct WeightsDownloadTests {
  /// 300 kB that look drawn, served as `file.bin`.
  private static let content = Data((0..<300_000).map { UInt8(truncatingIfNeeded: ($0 &* 2_654_435_769) >> 13) })
  private static let name = "moco_v2_800ep_pretrain.pth.tar"

  private func fixture() throws -> (StudyFixture, FileServer) {
    let fixture = try StudyFixture(), folder = fixture.url("published")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.content.write(to: folder.appendingPathComponent("file.bin"))
    return (fixture, try FileServer(folder))
  }

  private var digest: String { Digest.sha256Hex(of: Self.content) }

  /// `weights get moco-v2` from a mirror, held to the content's SHA-256 instead of the published file's.
  private func get(
    _ fixture: StudyFixture, from address: String, sha256: String? = nil, id: String = "moco-v2"
  ) throws -> Command.Result {
    try Command.run(["weights", "get", id, "--from", address, "--sha256", sha256 ?? digest], in: fixture.folder)
  }

  private func failure(_ fixture: StudyFixture, _ result: Command.Result) -> String {
    #expect(result.status == 1)
    #expect(!FileManager.default.fileExists(atPath: fixture.url("weights/\(Self.name)").path))
    return result.said(in: fixture)
  }

  private func file(_ fixture: StudyFixture) throws -> Data { try Data(contentsOf: fixture.url("weights/\(Self.name)")) }

  private func names(_ fixture: StudyFixture) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: fixture.url("weights").path)) ?? []).sorted()
  }

  @Test("A file lands under its published name, with its digest; a second time nothing is fetched")
  func whole() throws {
    let (fixture, server) = try fixture()
    let result = try get(fixture, from: server.address("plain/file.bin"))
    #expect(result.status == 0)
    #expect(result.output.replacingOccurrences(of: fixture.folder.path + "/", with: "") == "weights/\(Self.name): 300 kB, SHA-256 \(digest) as published\nSHA-256 \(digest)\n")
    #expect(try file(fixture) == Self.content)
    #expect(names(fixture) == [Self.name])
    let again = try get(fixture, from: server.address("plain/file.bin"))
    #expect(again.status == 0 && again.output.hasPrefix("There already, with the right checksum: "))
    #expect(server.requests().count == 1)
  }

  @Test("A connection that breaks is taken up where it broke, and only if the file is still the same")
  func resume() throws {
    let (fixture, server) = try fixture()
    #expect(try get(fixture, from: server.address("cut/100000/file.bin")).status == 0)
    #expect(try file(fixture) == Self.content)
    let tag = "\"\(try md5(Self.content))\""
    #expect(server.requests() == ["/cut/100000/file.bin None None", "/cut/100000/file.bin bytes=100000- \(tag)"])
  }

  @Test("What a stopped command left is gone on with by the next")
  func resumeLater() throws {
    let (fixture, server) = try fixture()
    try leave(120_000, of: Self.content, from: server.address("plain/file.bin"), in: fixture)
    let result = try get(fixture, from: server.address("plain/file.bin"))
    #expect(result.status == 0)
    #expect(result.output.contains("300 kB, of which 120 kB were there before"))
    #expect(server.requests().count == 1 && server.requests()[0].contains("bytes=120000-"))
    #expect(try file(fixture) == Self.content)
    #expect(names(fixture) == [Self.name])
  }

  @Test("The beginning of another file is dropped, with and without a server that says so")
  func changedFile() throws {
    for habit in ["plain", "careless", "stubborn"] {
      let (fixture, server) = try fixture()
      try leave(120_000, of: Data(repeating: 1, count: 299_000), from: server.address("\(habit)/file.bin"), in: fixture)
      #expect(try get(fixture, from: server.address("\(habit)/file.bin")).status == 0)
      #expect(try file(fixture) == Self.content, "\(habit)")
    }
  }

  @Test("A part that is whole already is only checked and put in place")
  func wholePart() throws {
    let (fixture, server) = try fixture()
    try leave(300_000, of: Self.content, from: server.address("plain/file.bin"), in: fixture)
    #expect(try get(fixture, from: server.address("plain/file.bin")).status == 0)
    #expect(try file(fixture) == Self.content)
  }

  @Test("An address that moved is followed")
  func moved() throws {
    let (fixture, server) = try fixture()
    #expect(try get(fixture, from: server.address("moved/file.bin")).status == 0)
    #expect(try file(fixture) == Self.content)
  }

  @Test("A wrong checksum removes what came; digits are checked as far as they are given, MD5 too")
  func checksum() throws {
    let (fixture, server) = try fixture(), address = server.address("plain/file.bin")
    let wrong = String(repeating: "0", count: 64)
    #expect(
      failure(fixture, try get(fixture, from: address, sha256: wrong))
        == "medtransfer: What \(address) gave is not the published file: its SHA-256 is \(digest), and \(wrong) was expected. It was removed. Check the address and the checksum, then run the same command again.\n"
    )
    #expect(names(fixture).isEmpty)
    // The catalog has the first digits of this entry's MD5, which these bytes do not have.
    let catalog = try Command.run(["weights", "get", "moco-v2", "--from", address], in: fixture.folder)
    #expect(failure(fixture, catalog).contains("its MD5 is \(try md5(Self.content)), and a04e12f8… was expected"))
    #expect(
      failure(fixture, try get(fixture, from: address, sha256: "xyz"))
        == "medtransfer: “xyz” is no checksum. Give the 64 hexadecimal digits of a SHA-256, or md5: and the 32 of an MD5.\n")
    #expect(try get(fixture, from: address, sha256: "md5:\(try md5(Self.content))").status == 0)
    let another = try get(fixture, from: address, sha256: wrong)
    #expect(another.status == 1)
    #expect(
      another.said(in: fixture)
        == "medtransfer: The file weights/\(Self.name) is there already, but it is another one: its SHA-256 is \(digest), and \(wrong) was expected. Remove it, then run the same command again.\n"
    )
    #expect(try file(fixture) == Self.content)
  }

  @Test("A web page in place of a file is told from a file, whatever the server calls it", arguments: ["page", "sly"])
  func page(habit: String) throws {
    let (fixture, server) = try fixture(), address = server.address("\(habit)/file.bin")
    #expect(
      failure(fixture, try get(fixture, from: address))
        == "medtransfer: \(address) gives a web page, not a file. Open it in a browser, get the file there, and put it at weights/\(Self.name).\n")
    #expect(names(fixture).isEmpty)
  }

  @Test(
    "What a store of files says of an error, with the status of success, is no file",
    arguments: [
      ("JSON", #"{"error": "NoSuchKey"}"#), ("XML", #"<?xml version="1.0"?><Error><Code>NoSuchKey</Code></Error>"#),
    ])
  func errorBody(format: String, body: String) throws {
    let (fixture, server) = try fixture(), address = server.address("plain/error.bin")
    try Data(body.utf8).write(to: server.folder.appendingPathComponent("error.bin"))
    #expect(failure(fixture, try get(fixture, from: address)).hasPrefix("medtransfer: \(address) gives an answer in \(format), not a file. "))
    #expect(names(fixture).isEmpty)
  }

  @Test("Every refusal of a server is its own sentence")
  func statuses() throws {
    let (fixture, server) = try fixture()
    func said(_ status: Int) throws -> String { failure(fixture, try get(fixture, from: server.address("status/\(status)/file.bin"))) }
    let address = { (status: Int) in server.address("status/\(status)/file.bin") }
    #expect(
      try said(404)
        == "medtransfer: There is no file at \(address(404)) (HTTP 404). Look for it on its publisher's page, and give its new address with --from.\n")
    #expect(
      try said(403)
        == "medtransfer: The server does not give \(address(403)) to everyone (HTTP 403). Get it with a browser, where you can log in, and put it at weights/\(Self.name).\n")
    #expect(try said(503) == "medtransfer: The server cannot give \(address(503)) now (HTTP 503). Run the same command again later.\n")
  }

  @Test("A server that does not answer is named, with another way")
  func noServer() throws {
    let fixture = try StudyFixture(), address = "http://127.0.0.1:9/file.bin"
    #expect(
      failure(fixture, try get(fixture, from: address))
        == "medtransfer: The server 127.0.0.1 cannot be reached: it does not answer. Check the network and run the same command again, or get \(address) on another machine and put it at weights/\(Self.name).\n"
    )
    #expect(
      failure(fixture, try get(fixture, from: "weights.pth"))
        == "medtransfer: “weights.pth” is no address of a file. Give one that begins with https:// or http://.\n")
  }

  @Test("A bundle of TensorFlow comes with the file beside its index")
  func bundle() throws {
    let (fixture, server) = try fixture()
    let data = Data("data".utf8), index = Data("index".utf8)
    try index.write(to: fixture.url("published/copy.index"))
    try data.write(to: fixture.url("published/copy.data-00000-of-00001"))
    let result = try Command.run(["weights", "get", "simclr-v2", "--from", server.address("plain/copy.index")], in: fixture.folder)
    #expect(result.status == 0)
    #expect(try Data(contentsOf: fixture.url("weights/model.ckpt-250228.index")) == index)
    #expect(try Data(contentsOf: fixture.url("weights/model.ckpt-250228.data-00000-of-00001")) == data)
  }

  @Test("An entry that needs a person says where to go; random has nothing to get; a file that cannot be checked is not replaced")
  func notDirect() throws {
    let fixture = try StudyFixture()
    let entry = try WeightsCatalog.named("radimagenet-keras")
    let person = try fixture.run("weights", "get", entry.id)
    #expect(person.status == 1)
    #expect(
      person.said(in: fixture)
        == "medtransfer: \(entry.title) cannot be had without a person. \(entry.file.note ?? "") Open \(entry.file.address ?? "") in a browser, get \(entry.file.name), and put it at weights/\(entry.file.name).\n"
    )
    let random = try fixture.run("weights", "get", "random")
    #expect(random.status == 1)
    #expect(
      random.said(in: fixture)
        == "medtransfer: “random” has no file: its weights are drawn from the seed of each run. Write `random: random` under initializations.\n")
    let unchecked = try WeightsCatalog.named("swav")
    try #require(unchecked.file.checksum == nil)
    try fixture.write("mine", to: "weights/\(unchecked.file.name)")
    let there = try fixture.run("weights", "get", "swav")
    #expect(
      there.said(in: fixture)
        == "medtransfer: The file weights/\(unchecked.file.name) is there already, and no checksum tells whether it is the right one. Remove it to get it again, or give --sha256 to have it checked.\n"
    )
  }

  @Test("Two processes do not write one file")
  func twoProcesses() throws {
    let (fixture, server) = try fixture()
    try fixture.write("", to: "weights/\(Self.name).partial")
    let held = open(fixture.url("weights/\(Self.name).partial").path, O_RDWR)
    defer { close(held) }
    try #require(flock(held, LOCK_EX) == 0)
    #expect(
      failure(fixture, try get(fixture, from: server.address("plain/file.bin")))
        == "medtransfer: Another process is getting this file: it holds weights/\(Self.name).partial. Wait for it to end.\n")
  }

  @Test("A disk that is full leaves the part, and says so")
  func noRoom() throws {
    let (fixture, server) = try fixture()
    // A limit on the size of a file stands for a disk that is full.
    let process = Process(), pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = [
      "-c", "ulimit -f 100; exec \"$0\" weights get moco-v2 --from \"$1\" --sha256 \"$2\"", Command.executable.path,
      server.address("plain/file.bin"), digest,
    ]
    process.currentDirectoryURL = fixture.folder
    process.standardError = pipe
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 1 && process.terminationReason == .exit)
    #expect(said.contains("weights/\(Self.name).partial cannot be written: File too large."))
    #expect(try get(fixture, from: server.address("plain/file.bin")).status == 0)
    #expect(try file(fixture) == Self.content)
  }

  /// A part of a download, as a process that was killed leaves it.
  private func leave(_ count: Int, of content: Data, from address: String, in fixture: StudyFixture) throws {
    let validator = address.contains("/plain/") ? "\"\(try md5(content))\"" : nil
    var origin: [String: Any] = ["address": address, "byteCount": content.count]
    origin["validator"] = validator
    let json = try JSONSerialization.data(withJSONObject: origin)
    try fixture.write(String(decoding: json, as: UTF8.self), to: "weights/\(Self.name).partial.json")
    try content.prefix(count).write(to: fixture.url("weights/\(Self.name).partial"))
  }

  private func md5(_ data: Data) throws -> String {
    let hasher = Digest.Hasher(.md5)
    hasher.update(data)
    return hasher.finalizeHex()
  }
}
