import Dispatch
import Foundation
import RunStore
import Synchronization
import Testing

@Suite struct HistoryTests {
  private struct Step: Encodable {
    let step: Int
    let loss: Double
    let epoch: Int
  }

  private func text(_ url: URL) throws -> String { try String(contentsOf: url, encoding: .utf8) }

  @Test("A history has one object a line, its keys sorted and its numbers in their shortest round trip")
  func lines() throws {
    let folder = try TemporaryFolder(), url = folder.url.appendingPathComponent("history.jsonl")
    let history = try HistoryWriter(url: url, resumingAt: 0)
    try history.append(Step(step: 1, loss: 0.1, epoch: 1))
    try history.append(Step(step: 2, loss: 0.1 + 0.2, epoch: 1))
    try history.synchronize()
    let expected = "{\"epoch\":1,\"loss\":0.1,\"step\":1}\n{\"epoch\":1,\"loss\":0.30000000000000004,\"step\":2}\n"
    #expect(try text(url) == expected)
    #expect(history.length == expected.utf8.count)
  }

  @Test("A resumed history is the same bytes as one that was not stopped, wherever the kill cut it")
  func resume() throws {
    let folder = try TemporaryFolder(), whole = folder.url.appendingPathComponent("whole.jsonl")
    let history = try HistoryWriter(url: whole, resumingAt: 0)
    var lengths = [0]
    for step in 1...4 {
      try history.append(Step(step: step, loss: 1 / Double(step), epoch: 1))
      lengths.append(history.length)
    }
    let bytes = try Data(contentsOf: whole)
    for checkpoint in 0...4 {
      for cut in lengths[checkpoint]...bytes.count {
        let url = folder.url.appendingPathComponent("cut.jsonl")
        try bytes.prefix(cut).write(to: url)
        let resumed = try HistoryWriter(url: url, resumingAt: lengths[checkpoint])
        for step in (checkpoint + 1)..<5 { try resumed.append(Step(step: step, loss: 1 / Double(step), epoch: 1)) }
        #expect(try Data(contentsOf: url) == bytes)
        #expect(resumed.length == bytes.count)
      }
    }
  }

  @Test("A refused history closes its own file once, and no other that was opened meanwhile")
  func refusedBesideOthers() throws {
    let folder = try TemporaryFolder(), root = folder.url
    let short = root.appendingPathComponent("short.jsonl")
    let failures = Mutex([String]())
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      let url = root.appendingPathComponent("\(thread).jsonl")
      for round in 0..<500 {
        if thread % 2 == 0 {
          _ = try? HistoryWriter(url: short, resumingAt: 1)
          continue
        }
        do {
          let history = try HistoryWriter(url: url, resumingAt: 0)
          try history.append(["round": round])
        } catch {
          failures.withLock { $0.append("\(error)") }
        }
      }
    }
    withExtendedLifetime(folder) {}
    #expect(failures.withLock { $0 } == [])
  }

  @Test("A history that is shorter than its checkpoint says is refused")
  func short() throws {
    let folder = try TemporaryFolder(), url = folder.url.appendingPathComponent("history.jsonl")
    try Data("{}\n".utf8).write(to: url)
    #expect(
      failure { _ = try HistoryWriter(url: url, resumingAt: 4) }
        == "The history \(url.path) has 3 bytes, but the checkpoint was made after 4. Run the study again, which makes this run anew.")
  }
}
