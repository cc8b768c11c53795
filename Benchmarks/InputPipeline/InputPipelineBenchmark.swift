import Datasets
import Foundation
import Foundations
import Loading
import Studies

/// The MedTransfer side of `make benchmark-input`: answers lines of "setting passes" with the seconds of every pass over the images
/// of a folder, each pass making the training batches of one epoch with one reading thread.
///
/// Settings: `files` decodes the files; `full` and a number take them from a cache that was filled before, as originals or reduced to
/// that side.
@main
struct InputPipelineBenchmark {
  static let batchSize = 16

  static func main() throws {
    let folder = URL(fileURLWithPath: CommandLine.arguments[1])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".png") }.sorted()
    let samples = names.map { Sample(id: $0, image: ImageReference(folder.appendingPathComponent($0)), labels: [0], byteCount: 0) }
    let batches = BatchOrder(sampleCount: samples.count, batchSize: batchSize, shuffledBy: nil).batches
    let cacheFolder = FileManager.default.temporaryDirectory.appendingPathComponent("input-pipeline-\(getpid())")
    defer { try? FileManager.default.removeItem(at: cacheFolder) }
    var epoch = 0
    while let line = readLine() {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 2, let passes = Int(words[1]) else { continue }
      let pipeline = try pipeline(words[0], samples, cacheFolder: cacheFolder)
      var seconds: [Double] = []
      var sum: Float = 0
      for _ in 0..<passes {
        epoch += 1
        let start = DispatchTime.now().uptimeNanoseconds
        let loader = try BatchLoader(
          samples: samples, batches: batches, pipeline: pipeline, seed: SeedPath(1) / "epoch" / epoch, workers: 1, prefetch: 1)
        while let batch = try loader.next() {
          guard batch.broken.isEmpty else { throw CocoaError(.fileReadCorruptFile) }
          sum += batch.images[0]
        }
        seconds.append(Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9)
      }
      let list = seconds.map { "\($0)" }.joined(separator: ", ")
      FileHandle.standardOutput.write(Data("{\"seconds\": [\(list)], \"images\": \(samples.count), \"first\": \(sum)}\n".utf8))
    }
  }

  private static func pipeline(_ setting: String, _ samples: [Sample], cacheFolder: URL) throws -> SamplePipeline {
    var recipe = Recipe.standard(for: .binaryClassification)
    recipe.reducedSize = Int(setting)
    let cache =
      setting == "files" ? nil : try ImageCache(folder: cacheFolder).prepare(samples, recipe: recipe, threads: 1)
    return try SamplePipeline(recipe: recipe, kind: .binaryClassification, stage: .training, cache: cache)
  }
}
