import Foundation
import Foundations
import Studies
import Testing

@Suite("Seeds as needed")
struct SeedingTests {
  private func plan(_ overrides: [String]) throws -> Plan {
    try Plan(try StudyText.decode(StudyText.chest, overrides), fingerprints: namedFingerprints)
  }

  @Test("`auto` and `{atMost: n}` are at most 20 and n seeds, with the cells and identities that as many seeds have")
  func forms() throws {
    let auto = try StudyText.decode(StudyText.chest, ["seeds=auto"]), most = try plan(["seeds={atMost: 5}"]), full = try plan(["seeds=5"])
    #expect(auto.seeding == .sequential)
    #expect(auto.seeds == Array(1...20))
    #expect(most.study.seeding == .sequential)
    #expect(full.study.seeding == .full)
    #expect(most.cells == full.cells)
    #expect(try StudyText.decode(StudyText.chest, ["seeds=[1, 2]"]).seeding == .full)
  }

  @Test(
    "What is no greatest number is said in one sentence",
    arguments: [
      ("seeds={atMost: 2}", "seeds.atMost is “2”, not a greatest number of seeds between 3 and 10000. Write the most runs that each cell may have, such as {atMost: 20}."),
      ("seeds={atMost: many}", "seeds.atMost is “many”, not a whole number. Write it in digits, such as 3."),
      ("seeds={most: 9}", "There is no key “most” in seeds. Did you mean “atMost”?"),
    ])
  func mistakes(_ override: String, _ sentence: String) throws {
    #expect(StudyText.violations(StudyText.chest, [override]).contains { $0.contains(sentence) }, "\(StudyText.violations(StudyText.chest, [override]))")
  }

  @Test("A plan leaves out what is not needed, and keeps what needed cells start from and what is no target")
  func leavingOut() throws {
    let plan = try plan(["seeds={atMost: 3}"])
    // Everything but one initialization, which starts from a cell that is a target itself.
    let narrowed = plan.leavingOut { $0.initialization != "adapted" }
    #expect(narrowed.cells.filter { $0.role == .target && $0.initialization != "adapted" }.map(\.description) == ["findings from imagenet, seed 1"])
    #expect(narrowed.cells.contains { $0.role == .pretraining })
    #expect(narrowed.cells.count + narrowed.notNeeded.count == plan.cells.count)
    #expect(plan.leavingOut { _ in false } == plan)
  }
}
