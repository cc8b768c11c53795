public import Foundation

/// The names and shapes of the networks that are offered, as PyTorch's implementations have them: the golden of ModelsTests.
public enum PublishedStates {
  public struct Missing: Error { let architecture: String }

  /// The backbone's tensors in their order, without the classifier.
  public static func backbone(_ architecture: String, inputChannels: Int = 3) throws -> [(name: String, shape: [Int])] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("ModelsTests/Goldens/states.json")
    let states = try JSONDecoder().decode([String: [String]].self, from: Data(contentsOf: file))
    guard let lines = states[architecture] else { throw Missing(architecture: architecture) }
    var isFirst = true
    return lines.compactMap { line in
      let parts = line.split(separator: " ", maxSplits: 1)
      guard !["fc.", "linear.", "classifier.", "head."].contains(where: parts[0].hasPrefix) else { return nil }
      var shape = parts[1].split { !$0.isNumber }.compactMap { Int($0) }
      if shape.count == 4, isFirst { (shape[1], isFirst) = (inputChannels, false) }
      return (String(parts[0]), shape)
    }
  }
}
