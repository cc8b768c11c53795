import Containers
import Foundations
import Models
import NeuralNetworks
import Torch
import Weights

/// Taking the state of a training out, and putting it back.
extension FineTuning {
  /// Everything the next step depends on.
  func snapshot() throws -> Snapshot {
    var tensors = try network.store.state.map { try $0.tensor.namedArray("model.\($0.name)") }
    tensors += try optimizer.state.map { try $0.tensor.namedArray("optimizer.\($0.name)") }
    for (entry, tensor) in zip(network.store.state, best ?? []) { tensors.append(try tensor.namedArray("best.\(entry.name)")) }
    return Snapshot(progress: progress, tensors: tensors)
  }

  /// Puts a snapshot back: the next step computes what it would have computed then.
  func restore(_ snapshot: Snapshot) throws {
    var parts: [String: [String: Tensor]] = [:]
    for array in snapshot.tensors {
      let words = array.name.split(separator: ".", maxSplits: 1)
      guard words.count == 2, ["model", "optimizer", "best"].contains(words[0]) else {
        throw TrainingError.snapshotMismatch("\(array.name) has no place in this run")
      }
      parts[String(words[0]), default: [:]][String(words[1])] = try Tensor.copy(of: array)
    }
    do {
      if let saved = parts["best"] {
        // The store holds the best weights for a moment, so that they too are checked and laid out as its own.
        try network.store.load(saved)
        best = try withoutGradient { try network.store.state.map { try $0.tensor.clone() } }
      }
      try network.store.load(parts["model", default: [:]])
      try optimizer.restore(parts["optimizer", default: [:]])
    } catch let error as NeuralNetworksError {
      throw TrainingError.snapshotMismatch(error.problem)
    }
    progress = snapshot.progress
    optimizer.learningRate = progress.schedule.learningRate
  }

  /// Copies a state, in the order of the network's own, into the network.
  func load(_ state: [Tensor]) throws {
    try withoutGradient {
      for (entry, tensor) in zip(network.store.state, state) { try entry.tensor.copy(from: tensor) }
    }
  }
}
