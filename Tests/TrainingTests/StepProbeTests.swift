import Foundations
import Studies
import Testing
import Torch

@testable import Training

@Suite("What a step costs", .serialized)
struct StepProbeTests {
  private func task(_ kind: TaskKind, batchSize: Int) -> TaskSpecification {
    var recipe = Recipe.standard(for: kind)
    (recipe.architecture, recipe.inputSize, recipe.resizeSize) = ("resnet18", 32, 32)
    (recipe.batchSize, recipe.evaluationBatchSize, recipe.testTimeAugmentation) = (batchSize, batchSize, .none)
    return TaskSpecification(name: "task", kind: kind, data: .classFolders(ClassFolderSource(training: "", positive: "positive")), recipe: recipe)
  }

  @Test("Memory that is drawn out from few images is that of a whole batch", arguments: [TaskKind.multiLabelClassification, .binarySegmentation])
  func memory(kind: TaskKind) throws {
    try TorchRuntime.setThreadCount(1)
    let task = task(kind, batchSize: 24)
    let whole = try StepProbe.measure(task, outputs: kind.isSegmentation ? 1 : 5, device: .cpu, seconds: nil)
    // So little time that it stays with two images, or comes to four.
    let drawn = try StepProbe.measure(task, outputs: kind.isSegmentation ? 1 : 5, device: .cpu, seconds: 0.001)
    #expect(whole.trainingImagesPerSecond > 0 && drawn.trainingImagesPerSecond > 0 && drawn.evaluationImagesPerSecond > 0)
    let parameters = 11_000_000 * 4
    #expect(whole.tensorBytes > 3 * parameters)
    #expect(abs(Double(drawn.tensorBytes) / Double(whole.tensorBytes) - 1) < 0.15)
  }
}
