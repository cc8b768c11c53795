import Foundation
import Foundations
import Synchronization
import Testing

@testable import Datasets
@testable import Loading

@Suite("The loader gives the same batches whoever makes them", .timeLimit(.minutes(5)))
struct LoaderTests {
  private struct Unreadable: Error, CustomStringConvertible { var description: String { "It is torn." } }

  private func samples(_ count: Int) -> [Sample] {
    (0..<count).map {
      Sample(id: "s\($0)", image: ImageReference(URL(fileURLWithPath: "/none/\($0)")), labels: [Float($0 % 2), .nan], byteCount: 1)
    }
  }

  /// Takes a time that has nothing to do with the order, and gives numbers that depend on the seed path alone.
  private static func prepare(_ sample: Sample, _ path: SeedPath) throws -> PreparedSample {
    var random = path.generator()
    usleep(UInt32.random(in: 0..<1500))
    if sample.id == "s7" || sample.id == "s8" { throw Unreadable() }
    return PreparedSample(image: (0..<8).map { _ in Float(random.uniform()) }, imageShape: [2, 1, 2, 2])
  }

  private func batches(workers: Int, prefetch: Int, order: BatchOrder, seed: SeedPath = SeedPath(1) / "epoch" / 0) throws -> [Batch] {
    let loader = try BatchLoader(
      samples: samples(53), batches: order.batches, seed: seed, workers: workers, prefetch: prefetch, prepare: Self.prepare)
    var batches = [Batch]()
    while let batch = try loader.next() { batches.append(batch) }
    #expect(try loader.next() == nil)
    return batches
  }

  private func bits(_ batches: [Batch]) -> [[UInt32]] {
    batches.flatMap { [$0.images.map(\.bitPattern), $0.targets.map(\.bitPattern), $0.indices.map(UInt32.init)] }
  }

  @Test("Batches are equal bit for bit with 1, 2, 5 and 9 workers and any prefetch")
  func workersDoNotMatter() throws {
    let order = BatchOrder(sampleCount: 53, batchSize: 8, shuffledBy: SeedPath(1) / "epoch" / 0)
    let expected = bits(try batches(workers: 1, prefetch: 1, order: order))
    for (workers, prefetch) in [(2, 1), (2, 2), (5, 3), (9, 20)] {
      #expect(bits(try batches(workers: workers, prefetch: prefetch, order: order)) == expected)
    }
    #expect(bits(try batches(workers: 2, prefetch: 2, order: order, seed: SeedPath(1) / "epoch" / 1)) != expected)
  }

  @Test("A file that the system does not give is asked for again and left out of nothing: a fault that passes changes no batch, one that stays ends them")
  func systemFaults() throws {
    let order = BatchOrder(sampleCount: 53, batchSize: 8, shuffledBy: SeedPath(1) / "epoch" / 0), seed = SeedPath(1) / "epoch" / 0
    let expected = bits(try batches(workers: 1, prefetch: 1, order: order))
    func loaded(_ number: Int32, failures limit: Int) throws -> [Batch] {
      let failures = Mutex(0)
      let loader = try BatchLoader(samples: samples(53), batches: order.batches, seed: seed, workers: 3, prefetch: 2) { sample, path in
        let fails =
          sample.id == "s20"
          && failures.withLock { count in
            count += 1
            return count <= limit
          }
        if fails { throw FoundationsError.unreadable(URL(fileURLWithPath: "/none/20"), errno: number) }
        return try Self.prepare(sample, path)
      }
      var batches = [Batch]()
      while let batch = try loader.next() { batches.append(batch) }
      return batches
    }
    #expect(bits(try loaded(EIO, failures: 2)) == expected)
    for number in [EIO, EACCES] {
      let error = #expect(throws: FoundationsError.self) { try loaded(number, failures: .max) }
      #expect(error?.problem.contains(systemMessage(number)) == true)
    }
    // A file that is missing is a fault of the data set.
    #expect(try loaded(ENOENT, failures: .max).flatMap(\.broken).map(\.id).sorted() == ["s20", "s7", "s8"])
  }

  @Test("Every sample is in its place, and broken ones are named and left out")
  func contents() throws {
    let order = BatchOrder(sampleCount: 53, batchSize: 8, shuffledBy: nil)
    let batches = try batches(workers: 3, prefetch: 2, order: order)
    #expect(batches.map(\.indices.count) == [7, 7, 8, 8, 8, 8, 5])
    #expect(batches.flatMap(\.indices) == (0..<53).filter { $0 != 7 && $0 != 8 })
    #expect(batches.flatMap(\.broken) == ["s7", "s8"].map { BrokenFile(id: $0, reason: "It is torn.") })
    #expect(batches[0].imageShape == [14, 1, 2, 2] && batches[0].cropCount == 2 && batches[0].images.count == 56)
    #expect(batches[0].targetShape == [7, 2] && batches[0].targets[2] == 1 && batches[0].targets[3].isNaN)
    var random = (SeedPath(1) / "epoch" / 0 / "s9").generator()
    let first = Float(random.uniform())
    #expect(batches[1].images[0] == first)
  }

  @Test("A batch of nothing but broken files is there, empty")
  func allBroken() throws {
    let loader = try BatchLoader(
      samples: samples(9), batches: [[7, 8]], seed: SeedPath(1), workers: 2, prefetch: 2, prepare: Self.prepare)
    let batch = try #require(try loader.next())
    #expect(batch.indices.isEmpty && batch.images.isEmpty && batch.broken.count == 2 && batch.imageShape == [0, 0, 0, 0])
    #expect(try loader.next() == nil)
  }

  @Test("No more batches are made ahead than allowed")
  func boundedPrefetch() throws {
    let started = Mutex(0)
    let loader = try BatchLoader(
      samples: samples(100), batches: BatchOrder(sampleCount: 100, batchSize: 5, shuffledBy: nil).batches,
      seed: SeedPath(1), workers: 4, prefetch: 3
    ) { _, _ in
      started.withLock { $0 += 1 }
      return PreparedSample(image: [0], imageShape: [1, 1, 1, 1])
    }
    func expectStarted(_ count: Int) {
      let deadline = Date(timeIntervalSinceNow: 60)
      while started.withLock({ $0 }) < count, Date() < deadline { usleep(1000) }
      // Time for one more to start, were that allowed.
      usleep(50_000)
      #expect(started.withLock { $0 } == count)
    }
    expectStarted(15)
    #expect(loader.activity.batches == 3)
    _ = try loader.next()
    expectStarted(20)
  }

  @Test("A loader that goes away half-way has waited for its threads")
  func shutdown() throws {
    var loader: BatchLoader? = try BatchLoader(
      samples: samples(1000), batches: BatchOrder(sampleCount: 1000, batchSize: 10, shuffledBy: nil).batches,
      seed: SeedPath(1), workers: 4, prefetch: 2
    ) { _, _ in
      usleep(500)
      return PreparedSample(image: [0], imageShape: [1, 1, 1, 1])
    }
    let threads = try #require(loader?.threadCounter())
    _ = try loader?.next()
    #expect(threads() == 4)
    loader = nil
    #expect(threads() == 0)
  }

  @Test("Canceling wakes a caller that waits, with an error")
  func cancel() throws {
    let gate = DispatchSemaphore(value: 0)
    let loader = try BatchLoader(samples: samples(2), batches: [[0, 1]], seed: SeedPath(1), workers: 1, prefetch: 1) { _, _ in
      gate.wait()
      return PreparedSample(image: [0], imageShape: [1, 1, 1, 1])
    }
    defer { for _ in 0..<2 { gate.signal() } }
    Thread.detachNewThread {
      usleep(50_000)
      loader.cancel()
    }
    #expect(throws: CancellationError.self) { try loader.next() }
    #expect(throws: CancellationError.self) { try loader.next() }
  }

  @Test("Each epoch's order holds every sample once, the last batch being what is left")
  func order() {
    let order = BatchOrder(sampleCount: 53, batchSize: 8, shuffledBy: SeedPath(5) / "epoch" / 2)
    #expect(order.batches.map(\.count) == [8, 8, 8, 8, 8, 8, 5])
    #expect(order.batches.joined().sorted() == Array(0..<53))
    #expect(order == BatchOrder(sampleCount: 53, batchSize: 8, shuffledBy: SeedPath(5) / "epoch" / 2))
    #expect(order != BatchOrder(sampleCount: 53, batchSize: 8, shuffledBy: SeedPath(5) / "epoch" / 3))
    #expect(BatchOrder(sampleCount: 53, batchSize: 8, shuffledBy: nil).batches.joined().elementsEqual(0..<53))
    #expect(BatchOrder(sampleCount: 0, batchSize: 8, shuffledBy: nil).batches.isEmpty)
  }
}
