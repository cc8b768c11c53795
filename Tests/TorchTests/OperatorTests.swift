import Foundation
import Foundations
import Testing
import Torch

@Suite("Operators")
struct OperatorTests {
  @Test("Every operator that the sources name exists in this libtorch")
  func everyNameExists() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources/Torch")
    let files = try #require(FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil))
      .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" }
    let names = try files.flatMap { file in
      try String(contentsOf: file, encoding: .utf8).matches(of: /static let \w+ = Operator\("([^"]+)"\)/).map {
        String($0.output.1)
      }
    }
    #expect(names.count > 150)
    for name in names { #expect(throws: Never.self, "\(name)") { try Operator(name).schema() } }
  }

  @Test("A shape that does not fit is a TorchError with libtorch's own sentence")
  func shapeError() throws {
    let error = try #require(throws: TorchError.self) { try Tensor.ones([2, 3]).mm(Tensor.ones([4, 5])) }
    #expect(error.kind == .operatorFailed)
    #expect(error.code == "torch.operatorFailed")
    #expect(error.problem == "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5).")
    #expect(
      error.description
        == "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5). Check what was given to "
        + "aten::mm(float32[2, 3] on cpu, float32[4, 5] on cpu).")
  }

  @Test("An index outside its dimension has its own kind")
  func indexError() throws {
    let error = try #require(throws: TorchError.self) { try Tensor.ones([2]).select(along: 0, index: 5) }
    #expect(error.kind == .indexOutOfRange)
    #expect(error.problem == "select(): index 5 out of range for tensor of size [2] at dimension 0.")
  }

  @Test("More memory than there is has its own kind, and the process goes on")
  func outOfMemory() throws {
    let error = try #require(throws: TorchError.self) { try Tensor.empty([1 << 50]) }
    #expect(error.kind == .outOfMemory)
    #expect(error.problem.contains("you tried to allocate 4503599627370496 bytes"))
    #expect(try Tensor.ones([2]).sum().item() == 2)
  }

  @Test("A name that libtorch does not have throws at the call and says so")
  func unknownOperator() throws {
    let error = try #require(throws: TorchError.self) { try Operator("aten::frobnicate.Tensor")(.none) }
    #expect(error.kind == .unknownOperator)
    #expect(error.problem == "libtorch \(TorchRuntime.version) has no operator \"aten::frobnicate.Tensor\".")
  }

  @Test("Arguments that do not fit the schema are named before the call")
  func argumentErrors() throws {
    let x = try Tensor.ones([2])
    let kind = try #require(throws: TorchError.self) { try Operator("aten::relu")(.string("x")) }
    #expect(kind.problem == "The argument \"self\" takes Tensor but was given a string.")
    let missing = try #require(throws: TorchError.self) { try Operator("aten::mm")(.tensor(x)) }
    #expect(missing.problem == "The argument \"mat2\" (Tensor) was not given and has no default.")
    let many = try #require(throws: TorchError.self) { try Operator("aten::relu")(.tensor(x), .tensor(x)) }
    #expect(many.problem == "The operator takes 1 arguments but was given 2.")
    let real = try #require(throws: TorchError.self) { try Operator("aten::unsqueeze")(.tensor(x), .real(0.5)) }
    #expect(real.problem == "The argument \"dim\" takes int but was given a real number.")
    #expect([kind, missing, many, real].allSatisfy { $0.kind == .invalidArgument })
    #expect(kind.remedy == "Compare the call with the operator's schema: aten::relu(Tensor self) -> Tensor.")
  }

  @Test("A result that is not of the kind that was asked for is an error that shows the schema")
  func resultError() throws {
    let x = try Tensor([3, 1, 2] as [Float])
    let error = try #require(throws: TorchError.self) { try Operator("aten::sort")(.tensor(x)) }
    #expect(error.problem == "aten::sort did not give back one tensor.")
    #expect(error.remedy.contains("(Tensor values, Tensor indices)"))
  }

  @Test("Arguments that are left out, or .default, take the schema's default")
  func defaults() throws {
    let x = try Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    let softplus = Operator("aten::softplus")
    let expected = try x.softplus(beta: 1, threshold: 20).floats()
    #expect(try softplus(.tensor(x)).floats() == expected)
    #expect(try softplus(.tensor(x), .default, .real(20)).floats() == expected)
    #expect(try softplus(.tensor(x), .real(2)).floats() != expected)
  }

  @Test("Threads that fail at once each get their own sentence")
  func sentencesBelongToThreads() async {
    await withTaskGroup(of: Bool.self) { group in
      for size in 2..<34 {
        group.addTask {
          for _ in 0..<50 {
            do {
              _ = try Tensor.ones([1, size]).mm(Tensor.ones([1, 1]))
              return false
            } catch {
              guard "\(error)".hasPrefix("mat1 and mat2 shapes cannot be multiplied (1x\(size) and 1x1).") else {
                return false
              }
            }
          }
          return true
        }
      }
      for await right in group { #expect(right) }
    }
  }
}
