import Foundation
import Testing

@Suite("Injections: Fault suite. Failing writes, syncs and renames, and kills at them", .serialized)
struct InjectionFaultTests {
  private struct Verdict: Decodable {
    struct Line: Decodable {
      struct Fault: Decodable { let operation: String, effect: String }
      let fault: Fault
      let calls: Int, tried: Int, unharmed: Int, repaired: Int
      let defects: [String]
    }
    let lines: [Line]
  }

  @Test("After every fault the same bytes come out, at once or when it is run again; nothing crashes, hangs or is stuck")
  func faults() throws {
    let fixture = try StudyFixture()
    let count = FaultCount.of("INJECTIONS", quick: 6, full: 250)
    let arguments = ["verify", "faults", "--json", "--injections", "\(count)"] + (FaultCount.isFull ? ["--every"] : [])
    let result = try Command.run(arguments, in: fixture.folder)
    let verdict = try JSONDecoder().decode(Verdict.self, from: Data(result.output.utf8))
    #expect(result.status == 0)
    for line in verdict.lines {
      #expect(line.defects.isEmpty, "\(line.defects)")
      #expect(line.unharmed + line.repaired == line.tried)
      #expect(line.calls > 5)
      // An interrupted call is made again, and half a write is followed by the other half.
      if ["EINTR", "short"].contains(line.fault.effect) { #expect(line.repaired == 0, "\(line.fault)") }
    }
    #expect(verdict.lines.reduce(0) { $0 + $1.tried } >= count)
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.folder.path).filter { !$0.hasPrefix(".") }.isEmpty)
  }
}
