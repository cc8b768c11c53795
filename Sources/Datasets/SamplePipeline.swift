public import Foundations
public import Studies
public struct SamplePipeline: Sendable {
  public enum Stage: Sendable { case training, validation, test }
  public init(recipe: Recipe, kind: TaskKind, stage: Stage) throws {}
  public func load(_ sample: Sample, seed: SeedPath) throws -> PreparedSample { PreparedSample(image: [], imageShape: []) }
}
