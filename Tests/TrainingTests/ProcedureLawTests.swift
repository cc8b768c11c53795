import Foundation
import Testing

@testable import Training

@Suite("Every procedure under the loop", .serialized)
struct ProcedureLawTests {
  /// An undisturbed training, and what it leaves.
  private struct Whole {
    let trainer: any Trainer
    let recorder = MemoryRecorder()
    let end: (state: [String: Data], progress: Data)

    init(_ subject: LawSubject) throws {
      trainer = try subject.make()
      end = try trainer.train(recorder)
    }

    /// Expects another training's end, and the history behind it, to be this one's.
    func expectEqual(_ other: (state: [String: Data], progress: Data), _ history: MemoryRecorder, _ remark: String) {
      #expect(history.steps == recorder.steps, "\(remark)")
      #expect(history.epochs == recorder.epochs, "\(remark)")
      #expect(Set(other.state.keys) == Set(end.state.keys), "\(remark)")
      let different = end.state.keys.sorted().filter { other.state[$0] != end.state[$0] }
      #expect(different.isEmpty, "\(remark): \(different.count) tensors, such as \(different.first ?? "")")
      #expect(other.progress == end.progress, "\(remark)")
    }
  }

  @Test("Killed at any write and started again, a training ends in the same bytes", arguments: LawSubject.allCases)
  func killed(subject: LawSubject) throws {
    let whole = try Whole(subject)
    // Between two writes nothing changes that outlives a process, so a kill before each write is a kill at every moment.
    var writes = 0, resumed = 0
    while true {
      let recorder = MemoryRecorder()
      (recorder.savesAlways, recorder.writesLeft) = (true, writes)
      do {
        whole.expectEqual(try whole.trainer.train(recorder), recorder, "not killed")
        break
      } catch is MemoryRecorder.Killed {
        let next = recorder.successor()
        // What a training that goes on was made with does not matter.
        let end = try whole.trainer.train(next, seed: next.start == nil ? 1 : 99)
        whole.expectEqual(end, next, "killed before write \(writes + 1)")
        resumed += next.start == nil ? 0 : 1
      }
      writes += 1
    }
    // Each step and each epoch is recorded and saved.
    #expect(writes == 2 * (whole.recorder.steps.count + whole.recorder.epochs.count))
    #expect(resumed == writes - 2)
  }

  @Test("From a copy of any snapshot on, a training ends in the same bytes", arguments: LawSubject.allCases)
  func copied(subject: LawSubject) throws {
    let whole = try Whole(subject), saving = MemoryRecorder()
    saving.savesAlways = true
    whole.expectEqual(try whole.trainer.train(saving), saving, "snapshots change what is computed")
    #expect(whole.recorder.snapshots.isEmpty)
    #expect(saving.snapshots.count == whole.recorder.steps.count + whole.recorder.epochs.count)
    for (number, snapshot) in saving.snapshots.enumerated() {
      let again = MemoryRecorder()
      (again.start, again.steps, again.epochs) = (snapshot, saving.steps, saving.epochs)
      whole.expectEqual(try whole.trainer.train(again, seed: 99), again, "from snapshot \(number + 1)")
    }
  }

  @Test("Asked to stop after any step or part of an evaluation, a training saves the state, says so, and goes on to the same bytes", arguments: LawSubject.allCases)
  func stopped(subject: LawSubject) throws {
    let whole = try Whole(subject)
    var asked = 1, steps = Set<Int>()
    while true {
      let recorder = MemoryRecorder()
      recorder.stopAfter = asked
      do {
        whole.expectEqual(try whole.trainer.train(recorder), recorder, "asked only later")
        break
      } catch let error as TrainingError {
        let step = recorder.steps.count
        #expect(error == .interrupted(afterStep: step))
        #expect(try recorder.snapshots.map { try $0.loop.step } == [step])
        #expect(recorder.steps == Array(whole.recorder.steps.prefix(step)))
        let next = recorder.successor()
        whole.expectEqual(try whole.trainer.train(next, seed: 99), next, "stopped at question \(asked)")
        steps.insert(step)
      }
      asked += 1
    }
    #expect(steps == Set(1...whole.recorder.steps.count))
    // It is asked in the evaluation of each epoch too, where there is one.
    let evaluated = subject == .rotation ? 0 : whole.recorder.epochs.count
    #expect(asked - 1 >= whole.recorder.steps.count + evaluated)
  }

  @Test("A finished training that is started again makes no step, and stands where it stood", arguments: LawSubject.allCases)
  func finished(subject: LawSubject) throws {
    let whole = try Whole(subject), saving = MemoryRecorder()
    saving.savesAlways = true
    _ = try whole.trainer.train(saving)
    let again = saving.successor()
    whole.expectEqual(try whole.trainer.train(again, seed: 99), again, "finished")
    #expect(again.news.isEmpty)
  }

  @Test("A procedure's progress shares no key with the loop's", arguments: LawSubject.allCases)
  func keys(subject: LawSubject) throws {
    let own = try subject.make().progressKeys()
    let loops = try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(LoopProgress())) as? [String: Any])
    #expect(!own.isEmpty && own.isDisjoint(with: loops.keys))
  }
}
