import Foundation
import Foundations
import Synchronization
import Testing
import ThreadedProcesses

@testable import Torch

/// What each of several threads found.
private final class Found<Value: Sendable>: Sendable {
  private let values = Mutex<[Int: Result<Value, any Error>]>([:])

  func note(_ rank: Int, _ body: () throws -> sending Value) {
    let result = Result { try body() }
    values.withLock { $0[rank] = result }
  }

  func all() throws -> [Value] { try values.withLock { $0 }.sorted { $0.key < $1.key }.map { try $0.value.get() } }

  var sentences: [String] {
    values.withLock { $0 }.sorted { $0.key < $1.key }.map { if case .failure(let error) = $0.value { sentence(for: error) } else { "none" } }
  }
}

@Suite("Processes that meet at a store")
struct StoreTests {
  /// A port that nobody listens at.
  private func freePort() throws -> Int {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(listener) }
    var address = sockaddr_in(), length = socklen_t(MemoryLayout<sockaddr_in>.size)
    address.sin_family = sa_family_t(AF_INET)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, length) == 0 && getsockname(listener, $0, &length) == 0 }
    }
    try #require(bound)
    return Int(UInt16(bigEndian: address.sin_port))
  }

  @Test("Sums are those in the order of the processes, bit for bit and the same in all; what the first one has comes to all", arguments: [2, 3, 4])
  func exchanges(size: Int) throws {
    let port = try freePort(), found = Found<[[Double]]>()
    // More than one value of the store holds, in both widths.
    let count = 700_000
    eachInThread(size) { rank in
      found.note(rank) {
        let transport = try StoreTransport(.init(host: "127.0.0.1", port: port), rank: rank, size: size, patience: 30)
        let group = ProcessGroup(rank: rank, size: size, transport: transport)
        var all: [[Double]] = []
        for round in 0..<3 {
          let own: [Double] = [0.1 * Double(rank + 1), Double(round), -0.3]
          all.append(try group.sum(own))
        }
        let values: [Double] = (0..<count).map { 1 / Double($0 + rank + 1) }
        let wide = try Tensor(values), narrow = try wide.to(type: .float32)
        try group.sumInPlace([wide, narrow])
        all += [try wide.doubles(), try narrow.doubles()]
        let bytes: [UInt8] = (0..<5_000_000).map { UInt8($0 % 251) }
        let shared = try group.fromFirst(rank == 0 ? Data(bytes) : nil)
        let isTrue: Double = try group.any(rank == size - 1) ? 1 : 0
        all.append([Double(shared.count), Double(shared[4_999_999]), isTrue])
        group.leave()
        return all
      }
    }
    let all = try found.all()
    #expect(all.count == size && all.allSatisfy { $0 == all[0] })
    // One process after another, in the type of the values.
    func sum<Number: BinaryFloatingPoint>(_ value: (Int) -> Number) -> Double {
      var total = value(0)
      for rank in 1..<size { total += value(rank) }
      return Double(total)
    }
    let numbers: [Double] = [sum { 0.1 * Double($0 + 1) }, 0, sum { (_: Int) -> Double in -0.3 }]
    let wide: [Double] = (0..<count).map { index in sum { 1 / Double(index + $0 + 1) } }
    let narrow: [Double] = (0..<count).map { index in sum { Float(1 / Double(index + $0 + 1)) } }
    #expect(all[0][0] == numbers)
    #expect(all[0][3] == wide)
    #expect(all[0][4] == narrow)
    let last: [Double] = [5_000_000, Double(4_999_999 % 251), 1]
    #expect(all[0][5] == last)
  }

  @Test("A second start at the same store, and another one's end, do not mix with the first")
  func attempts() throws {
    let port = try freePort(), found = Found<[Double]>()
    eachInThread(2) { rank in
      found.note(rank) {
        let first = try StoreTransport(.init(host: "127.0.0.1", port: port, attempt: "0"), rank: rank, size: 2, patience: 30)
        let sums = try ProcessGroup(rank: rank, size: 2, transport: first).sum([1])
        let second = try StoreTransport(
          .init(host: "127.0.0.1", port: port, isServedElsewhere: true, attempt: "1"), rank: rank, size: 2, patience: 30)
        let others = try ProcessGroup(rank: rank, size: 2, transport: second).sum([10])
        second.leave()
        first.leave()
        return sums + others
      }
    }
    #expect(try found.all() == [[2, 20], [2, 20]])
  }

  @Test("One that ends all is heard by those that wait; where nobody serves, a sentence says where")
  func ends() throws {
    let port = try freePort(), found = Found<[Double]>()
    eachInThread(2) { rank in
      found.note(rank) {
        let transport = try StoreTransport(.init(host: "127.0.0.1", port: port), rank: rank, size: 2, patience: 30)
        let group = ProcessGroup(rank: rank, size: 2, transport: transport)
        if rank == 1 {
          group.endAll(status: 1)
          return []
        }
        defer { withExtendedLifetime(transport) {} }
        return try group.sum([1])
      }
    }
    #expect(
      found.sentences == [
        "The processes of the training lost each other: one of them has ended all. Run the same command again to go on from what was saved last.", "none",
      ])
    let error = #expect(throws: TorchError.self) {
      try StoreTransport(.init(host: "127.0.0.1", port: freePort(), isServedElsewhere: true), rank: 1, size: 2, patience: 1)
    }
    #expect(error?.problem.contains("cannot meet at 127.0.0.1:") == true && error?.problem.contains("where nobody answered") == true, "\(error?.problem ?? "")")
  }
}

/// No GPU is needed for the calls themselves: a library of ours answers to NCCL's names and sums in the main memory. One after another, since a process
/// has one such library, and each test brings its own.
@Suite("Sums by NCCL, with a library of ours in its place", .serialized)
struct DeviceSumTests {
  private static let standIn = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("StandIn/nccl.c")

  /// Compiles the library into a folder of its own.
  private func library(_ defines: String...) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nccl-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let made = folder.appendingPathComponent("libnccl.so.2"), compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    compiler.arguments = ["clang", "-shared", "-fPIC", "-o", made.path, Self.standIn.path, "-lpthread"] + defines.map { "-D\($0)" }
    try compiler.run()
    compiler.waitUntilExit()
    try #require(compiler.terminationStatus == 0)
    return made.path
  }

  @Test("Tensors are summed by it and gradients pass, while numbers of the host go through the processes' own transport", arguments: [2, 3])
  func sums(size: Int) throws {
    let path = try library(), found = Found<[[Double]]>()
    inThreads(size, deviceSums: { DeviceSums(library: path, coverMainMemory: true) }) { group in
      found.note(group.rank) {
        let values: [Double] = [1, 2, 3]
        let own = try Tensor(values) * Double(group.rank + 1), narrow = try own.to(type: .float32)
        // A part of a larger memory is summed by way of a copy.
        let four: [Double] = [1, 2, 3, 4]
        let part = try Tensor(four, shape: [2, 2]).transpose(0, 1)
        try group.sumInPlace([own, narrow, part])
        let leaf = try Tensor([Double(group.rank), 1]).setRequiresGradient(true)
        let scaled = try sumOverProcesses(leaf, group) * Double(group.rank + 1)
        try scaled.sum().backward()
        let gradient = try #require(leaf.gradient).doubles(), asked = try group.sum([Double(group.rank)])
        group.leave()
        return [try own.doubles(), try narrow.doubles(), try part.doubles(), gradient, asked]
      }
    }
    let factor = Double(size * (size + 1) / 2), many = Double(size)
    let once: [Double] = [factor, 2 * factor, 3 * factor], part: [Double] = [many, 3 * many, 2 * many, 4 * many]
    let expected: [[Double]] = [once, once, part, [factor, factor], [factor - many]]
    for one in try found.all() { #expect(one == expected) }
  }

  @Test("Its errors, a library without a function and none at all are sentences")
  func failures() throws {
    func said(_ path: String) -> [String] {
      let found = Found<Int>()
      inThreads(2, deviceSums: { DeviceSums(library: path, coverMainMemory: true) }) { group in
        found.note(group.rank) {
          // The library of the tests fails sums of 13 values.
          try group.sumInPlace([Tensor.zeros([13])])
          return 0
        }
      }
      return found.sentences
    }
    let again = "Run the same command again to go on from what was saved last."
    #expect(try said(library()) == Array(repeating: "The processes of the training lost each other: NCCL says: thirteen values. \(again)", count: 2))
    let remedy = "Name its file in MEDTRANSFER_NCCL, or say MEDTRANSFER_NCCL=off, which sends the sums of GPUs through the main memory."
    #expect(
      try said(library("WITHOUT_ABORT")) == Array(repeating: "No NCCL library can be used: it has no ncclCommAbort. \(remedy)", count: 2))
    let missing = said("/nowhere/libnccl.so.2")
    #expect(missing.allSatisfy { $0.hasPrefix("No NCCL library can be used: /nowhere/libnccl.so.2: ") && $0.hasSuffix(remedy) }, "\(missing)")
  }
}
