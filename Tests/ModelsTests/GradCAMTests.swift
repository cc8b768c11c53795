import Foundations
import Models
import NeuralNetworks
import Testing
import Torch

@Suite("Grad-CAM")
struct GradCAMTests {
  struct Expected: Decodable {
    let `class`: Int
    let map, logits: [Double]
  }

  private func images(_ type: ScalarType) throws -> Tensor {
    try Formula.uniform("images", [4, 3, 64, 64]).narrow(along: 0, start: 0, count: 2).to(type: type)
  }

  @Test("Maps equal those of PyTorch with hooks on the last stage, to 1e-9 in float64 and 1e-5 in float32", arguments: ["resnet18", "resnet50", "resnet20", "densenet121"])
  func agreesWithHooks(name: String) throws {
    let golden = try #require(Golden.decode([String: Expected].self, "grad-cam")[name])
    for (type, tolerance) in [(ScalarType.float64, 1e-9), (.float32, 1e-5)] {
      let network = try #require(NetworkFixture(name: name).makeFilled(type: type) as? ClassifierNetwork)
      let (map, logits) = try network.gradCAM(images(type), classIndex: golden.class)
      #expect(map.shape.count == 3 && map.shape[0] == 2)
      #expect(try relativeDistance(NetworkFixture.values(map), golden.map) < tolerance)
      #expect(try relativeDistance(NetworkFixture.values(logits), golden.logits) < tolerance)
      #expect(golden.map.contains { $0 > 0 })
    }
  }

  @Test("It leaves no gradient behind and changes no state, also inside a scope without gradients")
  func leavesNothing() throws {
    let network = try #require(NetworkFixture(name: "resnet20").makeFilled(type: .float32) as? ClassifierNetwork)
    let before = try network.store.state.map { try $0.tensor.bytes() }
    _ = try withoutGradient { try network.gradCAM(images(.float32), classIndex: 0) }
    #expect(network.store.parameters.allSatisfy { $0.tensor.gradient == nil })
    #expect(try network.store.state.map { try $0.tensor.bytes() } == before)
    let error = #expect(throws: ModelsError.self) { try network.gradCAM(images(.float32), classIndex: 5) }
    #expect(error?.description == "The network has no class 5; it has 5. Choose one from 0 to 4.")
  }
}
